/* From Markdown (CommonMark, by cmark) to HTML that any page may hold: headings, paragraphs, lists, emphasis, links, pictures, videos, files, code, quotes.
 *
 * HTML in the text is shown as it is written, never run. Links go to http, https, mailto, tel and pages of the same site only; others
 * are plain words. Pictures, videos and files to take along are those that the caller knows by the name behind "file:", and are written alike:
 * "![words](file:12)"; of others the words stay. A video may name its first picture: "![words](file:12 "file:13")". A line that ends is a line
 * that ends. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum markdown_as { MARKDOWN_PICTURE, MARKDOWN_VIDEO, MARKDOWN_FILE };

struct markdown_file {
	enum markdown_as as;
	const char *url;
	const char *name;               /* of a file to take along, as it was uploaded */
	int64_t size;                   /* bytes */
};

struct markdown_options {
	int heading;                    /* the level of "#": 2 gives h2 */
	/* What a file is and where it lies; false: there is none of that name. May be NULL itself. */
	bool (*file)(void *arg, const char *name, struct markdown_file *out);
	void *arg;
};
const char *markdown_html(struct arena *a, const char *text, const struct markdown_options *o);

/* Text inside of an element or a quoted attribute. */
void html_text(struct text *t, const char *s);
