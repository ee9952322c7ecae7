/* export: any record's list as a spreadsheet, the way its reader sees it: rights, scope, masks, words instead of codes.
 *
 * One snapshot, page by page in small memory, into a temporary file. More rows than sheet.export_rows are refused, never cut
 * silently. A text that a spreadsheet would run as a formula gets an apostrophe in CSV; in XLSX a text is a text. */
#pragma once

#include "core/list/list.h"

enum export_format { EXPORT_CSV, EXPORT_XLSX };

struct export_query {
	const char *format;             /* csv, xlsx */
	struct list_query list;         /* filter, sort, q, archived */
};
extern const struct shape export_query_shape;

struct export_file {
	const char *path;               /* the caller unlinks it */
	int64_t rows;
};

/* Pool or command line, c with a snapshot (readers_run). ERR_REPORT_BUDGET: too many rows. */
int export_run(struct ctx *c, const struct record *record, const struct export_query *query, struct export_file *out) MUST_CHECK;

/* A sheet that somebody else fills, from left to right and from top to bottom; heads are texts in a row that is not counted. */
struct export_out {
	struct export_sheet *sheet;
	int64_t zone_minutes;           /* the company's own time */
	int64_t rows;
};
int export_begin(struct ctx *c, const char *format, const char *name, struct export_file *file, struct export_out *out) MUST_CHECK;
void export_text(struct export_out *x, const char *text);
void export_number(struct export_out *x, int64_t value);
void export_time(struct export_out *x, int64_t at);
void export_end_row(struct export_out *x);
int export_end(struct export_out *x, int result, struct export_file *file) MUST_CHECK;  /* result: of the filling; unlinks after a failure */

/* What the two formats take; private to core/io. One cell a call, from left to right. */
struct export_sheet {
	const struct export_sheet_ops *ops;
};
struct export_sheet_ops {
	void (*text)(struct export_sheet *s, const char *text);         /* NULL and "" leave the cell empty */
	void (*number)(struct export_sheet *s, double value, const char *text);
	void (*moment)(struct export_sheet *s, int64_t day, int second, const char *text);      /* second < 0: a day alone */
	void (*end_row)(struct export_sheet *s);
	int (*close)(struct export_sheet *s);   /* ERR_INTERNAL: not all could be written */
};
struct export_sheet *export_csv(struct arena *a, int fd);
struct export_sheet *export_xlsx(struct arena *a, const char *path, const char *name);
