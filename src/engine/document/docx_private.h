/* The pieces of the reader: styles and numberings first, then the walk over the text, which fills paragraphs that are written as Markdown. */
#pragma once

#include "base/text.h"
#include "engine/document/docx.h"
#include "engine/sheet/relations.h"

/* ---- styles ---- */

enum docx_role { ROLE_TEXT, ROLE_TITLE, ROLE_CONTENTS, ROLE_PLACEHOLDER };
enum { UNSET = -1, LEVELS = 9 };

/* UNSET: nothing is said of it here. Based on another: what that one says, once styles_read() is through. */
struct docx_style {
	const char *id, *based_on;
	enum docx_role role;
	int heading;                    /* 1 … 9; 0: body text */
	int numbering, level;           /* of a list */
	int bold, italic, hidden;
};
struct docx_styles {
	struct docx_style *at;          /* by id */
	size_t n;
};
int styles_read(struct sheet *s, struct package *p, const char *path, struct docx_styles *out) MUST_CHECK;
/* What an id that no style has tells by itself. Never NULL. */
const struct docx_style *style_of(const struct docx_styles *all, const char *id);

/* ---- lists ---- */

struct docx_level {
	bool bullet, plain;             /* plain: neither mark nor number */
	unsigned start;
};
struct docx_abstract {
	int id;
	struct docx_level levels[LEVELS];
	unsigned counters[LEVELS];
};
struct docx_numbering {
	int id, abstract_id;
	struct docx_abstract *abstract;
	unsigned *counters;             /* those of the abstract one, unless it begins anew */
	bool anew;
};
struct docx_lists {
	struct docx_abstract *abstracts;
	struct docx_numbering *numberings;
	size_t abstract_count, count;
};
int lists_read(struct sheet *s, struct package *p, const char *path, struct docx_lists *out) MUST_CHECK;
/* The mark of the next item, "- " or "3. "; "" where there is none. `mark`: room for it. */
enum { MARK_ROOM = 16 };
void list_mark(struct docx_lists *all, int numbering, int level, char mark[MARK_ROOM]);

/* ---- paragraphs ---- */

enum { SPAN_BOLD = 1, SPAN_ITALIC = 2 };

/* Words of one look. A picture: its number, the words instead of it. */
struct docx_span {
	size_t at, n;
	unsigned look;
	int picture;                    /* UNSET: text */
	const char *link;
};
struct docx_paragraph {
	struct text words;
	struct docx_span *spans;
	size_t n, room;
	enum docx_role role;
	int heading, numbering, level;  /* numbering 0: no list */
	bool hidden, bold, italic;      /* by its style */
};

/* Where blocks go: the body, a cell of a table, a box in the middle of a paragraph, which comes behind it. */
enum flow_kind { FLOW_BODY, FLOW_CELL, FLOW_BOX };
struct docx_run {
	int bold, italic, hidden;
	const struct docx_style *style;
};
enum { INTO_NOTHING, INTO_WORDS, INTO_INSTRUCTION };
struct docx_flow {
	enum flow_kind kind;
	struct docx_paragraph paragraph;
	struct docx_run run;
	const char *link;
	int into;                       /* where characters go */
	struct text out, late;          /* late: boxes, until their paragraph is over */
	bool in_list;                   /* the last block was an item */
	int item_levels[LEVELS];        /* of the items above the next one, the outermost first, and how wide their marks are */
	size_t widths[LEVELS], depth;
};

/* ---- tables ---- */

enum { COLUMNS = 63, NESTED = 32 };
struct docx_table {
	struct text rows, row;
	const char *above[COLUMNS];     /* what stands in the row before, for cells that go on */
	size_t column, span, cells;
	bool goes_on, in_row_format, row_deleted;
	const char *only;               /* the words of a table of one cell, as blocks */
};

/* ---- the walk ---- */

enum { FIELDS = 8, INSTRUCTION = 2000 };
struct docx_field {
	bool in_instruction;
	const char *link;
};

struct docx {
	struct sheet sheet;             /* stands for the file, its limits and what is wrong with it */
	struct docx_limits limits;
	struct package *package;
	const char *path;               /* of the document itself */
	struct relations relations;
	struct docx_styles styles;
	struct docx_lists lists;
	struct docx_left left;
	const struct relation **pictures;
	size_t picture_count;
	const char *title;

	const char *prefix;             /* of the names of the text's own elements, with its colon or empty */
	uint32_t skip;                  /* depth of what is left out with all that it holds; 0: nothing is */
	struct docx_flow flows[NESTED];
	size_t flow;
	struct docx_table tables[NESTED];
	size_t table_count;
	bool in_paragraph_format;
	const char *picture_words;      /* instead of the picture that comes */
	struct docx_field fields[FIELDS];
	size_t field_count;
	struct text instruction;
};

static inline struct docx_flow *flow_of(struct docx *d) { return &d->flows[d->flow]; }

/* Runs over the document's text. */
int docx_walk(struct docx *d) MUST_CHECK;
/* https://…, http://…, mailto:… or tel:… as Markdown may hold it between < and >; NULL: nothing of the kind. */
const char *docx_link(struct arena *a, const char *url);
bool docx_word_is(const char *value);                   /* of a switch: absent, "1", "true", "on" are on */
int docx_number(const char *value);                     /* UNSET: none, or none that fits */

/* An empty text that keeps its room. */
void docx_again(struct docx *d, struct text *t);
/* Over the limit: as sheet_over says. */
int docx_fits(struct docx *d, const struct text *t) MUST_CHECK;

void paragraph_begin(struct docx *d);
void paragraph_words(struct docx *d, const char *p, size_t n, unsigned look);
void paragraph_picture(struct docx *d, int number, const char *words);
/* Writes it into its flow; fails as docx_fits() does, and so do the others here. */
int paragraph_end(struct docx *d) MUST_CHECK;
int flow_append(struct docx *d, struct docx_flow *f, const char *block) MUST_CHECK;
int flow_push(struct docx *d, enum flow_kind kind) MUST_CHECK;
void flow_pop(struct docx *d);

int table_begin(struct docx *d) MUST_CHECK;
void table_row(struct docx *d);
int table_row_end(struct docx *d) MUST_CHECK;
int table_cell(struct docx *d) MUST_CHECK;
int table_cell_end(struct docx *d) MUST_CHECK;
int table_end(struct docx *d) MUST_CHECK;
