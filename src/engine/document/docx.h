/* Reads a Word document (docx) as the Markdown of an article.
 *
 * Kept: headings by outline or the name of their style, paragraphs, bold and italic, numbered and bulleted lists with their numbers, tables (a row a
 * line, as engine/markdown knows no tables), links to http, https, mailto and tel, line breaks, pictures inside of the file, text boxes, and what
 * tracked changes put in. Left out and counted: what tracked changes take out, comments, hidden text, notes at the foot, formulas, charts and other
 * objects, pictures that lie elsewhere. A table of contents is left out. Marks of Markdown in the text stay what they are, so nothing of a
 * document becomes a link or a picture that was none.
 *
 * Hostile files are stopped by the limits of engine/sheet/package.h, by refusing every DTD, and by those here. Nothing is fetched. Pure. */
#pragma once

#include "engine/sheet/sheet.h"

struct docx;

struct docx_limits {                    /* zero: the default */
	uint64_t text;                  /* bytes of Markdown */
	uint64_t uncompressed;          /* all entries that are read, pictures too */
	uint32_t pictures;              /* further ones are left out */
	uint64_t picture;               /* bytes of one; larger ones are left out */
};

/* What did not come along, and how often. */
struct docx_left {
	size_t pictures, objects, notes, comments, deleted, hidden, links;
};

struct docx_text {
	const char *title;              /* of the style "Title", else the first heading of level 1; NULL: it has none. Plain text */
	const char *body;               /* "![words](picture:0)": a picture by its number */
	size_t pictures;
	struct docx_left left;
};

/* All memory comes from `a`; close before it goes. On failure *out is NULL and `fault` tells: ERR_DOCUMENT_…, ERR_SHEET_DAMAGED. */
int docx_open(struct arena *a, const struct sheet_source *source, const struct docx_limits *limits, struct sheet_fault *fault, struct docx **out) MUST_CHECK;
/* Once. ERR_DOCUMENT_EMPTY: neither text nor picture. */
int docx_read(struct docx *d, struct docx_text *out) MUST_CHECK;
/* The bytes of a picture, in `a`, as they are: nobody has judged them. *out of no bytes: it is not there, or too large. */
int docx_picture(struct docx *d, size_t number, struct arena *a, struct bytes *out) MUST_CHECK;
void docx_close(struct docx *d);                /* accepts NULL */
void docx_close_pointer(struct docx **d);
#define DOCX_SCOPED __attribute__((cleanup(docx_close_pointer))) struct docx *
