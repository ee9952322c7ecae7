/* From Markdown (CommonMark, by cmark) to HTML that any page may hold: headings, paragraphs, lists, emphasis, links, pictures, code, quotes.
 *
 * HTML in the text is shown as it is written, never run. Links go to http, https, mailto, tel and pages of the same site only; others
 * are plain words. Pictures are those that the caller knows by the name behind "file:"; of others the words instead of them stay. A line
 * that ends is a line that ends. Pure. */
#pragma once

#include "base/text.h"

struct markdown_options {
	int heading;                    /* the level of "#": 2 gives h2 */
	/* Where a picture lies, or NULL: there is none of that name. May be NULL itself. */
	const char *(*picture)(void *arg, const char *name);
	void *arg;
};
const char *markdown_html(struct arena *a, const char *text, const struct markdown_options *o);

/* Text inside of an element or a quoted attribute. */
void html_text(struct text *t, const char *s);
