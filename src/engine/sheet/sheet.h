/* Reads spreadsheets row by row: CSV in UTF-8, UTF-16 and GB18030, and XLSX.
 *
 * Pull reader: the caller asks for the next row and owns the pace. Bytes come from a callback, so that a file of any size
 * is read in small memory; only the shared strings of a workbook are held. What comes out is text, half-decoded nothing:
 * numbers in plain decimal notation, dates as 2025-03-08 or 2025-03-08 14:30:05, merged cells filled from their first one.
 * Hostile files are stopped by limits and by refusing every DTD. It cleans nothing: see engine/clean. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_NUMBER, CELL_DATE, CELL_LOGICAL, CELL_ERROR };

struct cell {
	enum cell_kind kind;
	bool filled;           /* repeats the first cell of a merged range */
	bool broken;           /* held bytes that its encoding does not allow; each is shown as U+FFFD */
	const char *text;      /* valid UTF-8, NUL-ended, never NULL */
	size_t n;
};

/* One row as people see it: `number` counts from 1 and includes blank rows. Valid until the next call. */
struct sheet_row {
	uint32_t number;
	size_t count;          /* cells up to the last one that holds something */
	const struct cell *cells;
};

/* Random access to the file. read_at returns bytes read (0 only at the end) or a negative error code. */
struct sheet_source {
	uint64_t size;
	int64_t (*read_at)(void *self, uint64_t offset, void *buffer, size_t n);
	void *self;
};

/* What is refused with ERR_SHEET_LIMIT. Zero means the default of sheet_limits_default. */
struct sheet_limits {
	uint32_t rows, columns, cell_bytes;
	uint32_t entries;               /* files inside the workbook */
	uint32_t ratio;                 /* uncompressed : compressed, for entries over 1 MB */
	uint64_t uncompressed;          /* all entries that are read */
	uint64_t strings, string_bytes; /* shared strings */
	uint32_t merges;
};
extern const struct sheet_limits sheet_limits_default;

enum sheet_format { SHEET_CSV, SHEET_XLSX };

struct sheet_info {
	enum sheet_format format;
	const char *encoding;  /* "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE" */
	char delimiter;        /* CSV */
	const char *name;      /* XLSX: of the sheet that is read, the first visible one */
	uint32_t sheets;       /* XLSX: visible sheets in the workbook */
};

/* Where reading failed. row and column count from 1; 0: the file as a whole. */
struct sheet_fault {
	int code;
	uint32_t row, column;
	const char *arg;       /* fills %s of the error text */
};

struct sheet;

struct sheet_source sheet_from_bytes(const struct bytes *bytes);   /* `bytes` outlives the sheet */

/* Opens and detects. All memory comes from `a`; close before the arena goes. `limits` may be NULL. On failure *out is NULL. */
int sheet_open(struct arena *a, const struct sheet_source *source, const struct sheet_limits *limits,
	       struct sheet_fault *fault, struct sheet **out) MUST_CHECK;

/* 1 and a row, 0 at the end, or an error with *fault filled; after an error only close. */
int sheet_next(struct sheet *s, struct sheet_row *row) MUST_CHECK;

void sheet_info(const struct sheet *s, struct sheet_info *info);
void sheet_close(struct sheet *s);                     /* accepts NULL */
void sheet_close_pointer(struct sheet **s);
#define SHEET_SCOPED __attribute__((cleanup(sheet_close_pointer))) struct sheet *

/* Finds the header among the first 30 rows, past titles and notes: the row whose cells look like names of columns.
 * `words` (may be NULL) are column names the caller knows; they count most. Call it before the first sheet_next, which
 * then goes on with the row after the header. The header's text lives in the arena. ERR_SHEET_EMPTY when there is none. */
int sheet_header(struct sheet *s, const char *const *words, size_t word_count, struct sheet_row *header) MUST_CHECK;

enum row_shape {
	ROW_BLANK,     /* nothing in it */
	ROW_BANNER,    /* one text across the row: a title or a note */
	ROW_TOTAL,     /* 合计, 总计, Total … in its first cell */
	ROW_DATA,
};
enum row_shape sheet_row_shape(const struct sheet_row *row);
bool sheet_row_counts(const struct sheet_row *row);      /* something that an import takes: neither blank nor a total */
