/* What the readers of src/engine/sheet share: the sheet itself, the row under construction, the two formats. */
#pragma once

#include "base/text.h"
#include "engine/sheet/sheet.h"

/* A format: yields rows until 0. `close` gives back what libraries hold and is called once. */
struct sheet_reader {
	int (*next)(struct sheet *s, struct sheet_row *row);
	void (*close)(struct sheet *s);
};

struct sheet {
	struct arena *arena;
	struct sheet_source source;
	struct sheet_limits limits;
	struct sheet_fault *fault;
	struct sheet_info info;
	const struct sheet_reader *reader;
	void *state;                   /* of the reader */
	struct sheet_row *held;        /* rows that sheet_header read too far */
	size_t held_count, held_next;
};

/* Notes the place and returns `code`. */
static inline MUST_CHECK int sheet_fail(struct sheet *s, int code, uint32_t row, uint32_t column, const char *arg)
{
	*s->fault = (struct sheet_fault){ .code = code, .row = row, .column = column, .arg = arg };
	return code;
}

/* ERR_SHEET_LIMIT with the limit spelled out: "columns ≤ 256". */
int sheet_over(struct sheet *s, uint32_t row, uint32_t column, const char *what, uint64_t most) MUST_CHECK;

/* Exactly n bytes from `offset`, or fewer at the end of the file. */
int64_t sheet_read(struct sheet *s, uint64_t offset, void *buffer, size_t n);

/* ---- the row under construction: memory is kept from row to row ---- */

struct row_buffer {
	struct arena *arena;
	struct text text;              /* bytes of cells that are not kept elsewhere */
	struct cell *cells;
	size_t *starts;                /* of each cell in `text`; SIZE_MAX: cell.text is final */
	size_t room, count;
};

void row_buffer_init(struct row_buffer *b, struct arena *a);
void row_clear(struct row_buffer *b);
/* Copies the text. Cells may come in any order of columns. */
struct cell *row_put(struct row_buffer *b, size_t column, enum cell_kind kind, const char *p, size_t n);
/* Keeps the pointer: p is NUL-ended and lives as long as the sheet. */
struct cell *row_put_kept(struct row_buffer *b, size_t column, enum cell_kind kind, const char *p, size_t n);
void row_finish(struct row_buffer *b, uint32_t number, struct sheet_row *row);

/* ---- encodings ---- */

struct decoder;

/* Detects the encoding (sets s->info.encoding) and starts decoding; ERR_SHEET_FORMAT when it is no text. */
int decoder_open(struct sheet *s, struct decoder **out) MUST_CHECK;
/* The next piece of UTF-8, valid but for NUL bytes; *n is 0 at the end. Valid until the next call. */
int decoder_read(struct decoder *d, const char **p, size_t *n) MUST_CHECK;
/* Whether anything has been replaced by U+FFFD so far. */
bool decoder_broken(const struct decoder *d);
void decoder_close(struct decoder *d);

/* ---- formats ---- */

int csv_open(struct sheet *s) MUST_CHECK;
int xlsx_open(struct sheet *s) MUST_CHECK;
