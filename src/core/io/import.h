/* import: a company's spreadsheet into any record, tried first, then written in chunks that a restart resumes.
 *
 * Columns are proposed by the heads a field knows. Trying and writing take the same way: cell → slot → the record's own
 * checks; trying stops before anything is written. A row that names an existing one by a unique field changes it. Faults are
 * kept one a cell, values shortened and masked. */
#pragma once

#include "core/file/file.h"
#include "core/custom/custom.h"
#include "core/record/record.h"
#include "engine/sheet/sheet.h"
#include "gen/schema.h"
#include "net/route.h"

struct export_file;
extern const struct record import_record;

enum { IMPORT_COLUMNS = 100, IMPORT_CHUNK = 40, IMPORT_MEMO = 1024, IMPORT_MEMO_TEXT = 48 };

/* One column of the sheet and the field it fills. */
struct import_column {
	const char *head;
	size_t field;                   /* SIZE_MAX: left out */
	const struct custom *custom;    /* which of those that the company defines; NULL: none of them */
};

/* References that earlier rows named by the same words: a sheet repeats few models and owners, mostly one after the other. */
struct import_memo;
struct import_memo *import_memo_new(struct arena *a);

/* What a word of the other system means: {"state": {"Pending": "working"}}. */
struct import_word {
	size_t field;
	const char *word, *value;       /* word folded */
};

struct import_map {
	const struct record_model *model;
	struct import_memo *memo;       /* NULL: every reference is looked for */
	struct import_column columns[IMPORT_COLUMNS];
	size_t count;
	const struct import_word *words;
	size_t word_count;
};

/* What may be imported under this name: a record, or what only comes by imports. NULL: nothing. */
const struct record_model *import_target(struct ctx *c, const char *name);
/* The right to do that. */
const char *import_right(struct ctx *c, const char *name);
/* Reads the words of the other system into the map. ERR_INVALID names "words". */
int import_words_read(struct ctx *c, const char *json, struct import_map *map) MUST_CHECK;

/* The name of the field whose name, label or further heads equal this head (folded), or NULL. */
const char *import_field_of(struct ctx *c, const struct record_model *m, const struct customs *custom, const char *head);
/* The field that a column fills; NULL: none. */
const struct field *import_field(const struct import_map *map, const struct import_column *column);
size_t import_column_of(const struct import_map *map, const char *field);      /* the column that fills the field of this name; SIZE_MAX: none */
/* Reads {"手机":"phone"} over the heads found. ERR_INVALID names "mapping". */
int import_map_read(struct ctx *c, const struct record_model *m, const char *columns, const char *mapping, struct import_map *out) MUST_CHECK;

/* Cells of one row → slots. Faults by field. */
int import_slots(struct ctx *c, const struct import_map *map, const struct sheet_row *row, struct slot *slots, uint64_t *present) MUST_CHECK;
/* Whether this field names a row of its record in another one's sheet: a unique number, a phone, a plain title. */
bool import_names_its_row(const struct record_model *m, size_t field);
/* The row that the unique fields name, 0: none. Two different ones are a fault. */
int import_find(struct ctx *c, const struct import_map *map, const struct slot *slots, uint64_t present, int64_t *id) MUST_CHECK;

/* All checks of a row of a record, nothing written; *present loses what may not be changed. *id: the row that it changes, 0: a new one. */
int import_try(struct ctx *c, const struct import_map *map, const struct slot *slots, uint64_t *present, int64_t *id) MUST_CHECK;

/* One row of a chunk. */
struct import_row {
	uint32_t number;                /* in the sheet */
	struct sheet_row row;
	struct slot *slots;             /* what import_slots() made of it, with its result and faults */
	uint64_t present;
	int result;
	struct error error;
	int file_fault;                 /* of the file that it names, and what fills that error's text */
	const char *file_arg;
	bool wants_file;                /* it is new and nothing else is wrong with it */
	int64_t file_id;                /* uploaded and ready; 0: none */
	struct file_ready file;
};
/* What import_slots() is going to ask for these rows (at most LIST_AHEAD_MOST), asked at once; then what finding, trying and writing them is. */
int import_ask_for_names(struct ctx *c, const struct import_map *map, const struct import_row *rows, size_t n) MUST_CHECK;
int import_ask_for_rows(struct ctx *c, const struct import_map *map, const struct import_row *rows, size_t n) MUST_CHECK;

/* A sheet in a file, open at the row behind its heads. Close it also when opening failed. */
struct import_sheet {
	struct sheet *sheet;
	int fd;
};
int import_sheet_open(struct arena *a, const char *path, const char *const *words, size_t n, struct import_sheet *out, struct sheet_row *header,
                      struct sheet_fault *fault) MUST_CHECK;
void import_sheet_close(struct import_sheet *s);

/* Files beside the sheet (import_file.c) --------------------------------------------------------------------------------- */

struct bundle;
struct write_request;
/* Opens the zip or folder at `path` under the company's limits. */
int import_bundle_open(struct ctx *c, struct arena *a, const char *path, struct bundle **out) MUST_CHECK;
/* What is to be said of the file that a row names, without taking it: file_fault, file_arg. */
void import_file_look(struct ctx *c, struct bundle *b, const char *path, struct import_row *row);
/* Takes it: announced by the writer as `as` says, copied, judged, sealed; file_id and file, or file_fault. */
int import_file_take(struct write_request *as, struct bundle *b, const char *path, struct import_row *row) MUST_CHECK;

/* Pool, without a database: columns, proposed mapping and number of rows of the sheet in `path`; custom: of the record. ERR_SHEET_EMPTY and
 * those of engine/sheet. */
int import_inspect(struct ctx *c, const struct record_model *m, const struct customs *custom, const char *path, struct import_job *job) MUST_CHECK;
/* Writer: keeps an inspected job, state new; its file is held by it. */
int import_keep(struct ctx *c, struct import_job *job) MUST_CHECK;
/* Writer: state checking or running, once the actor holds RECORD.import; the worker starts after COMMIT. */
int import_move(struct ctx *c, int64_t id, int64_t version, const char *state, struct import_job *job) MUST_CHECK;

/* The first rows as they would be taken: {"rows":[{"row","cells":[…],"faults":[{"column","field","code","message"}]}]}. */
int import_preview(struct ctx *c, const struct import_job *job, struct text *out) MUST_CHECK;
/* Some of its rows, as they came: those that were refused, with what is wrong behind them; those that stayed when it was taken back, with why. */
enum import_rows { ROWS_REFUSED, ROWS_THAT_STAY };
int import_sheet_of(struct ctx *c, const struct import_job *job, enum import_rows which, struct export_file *out) MUST_CHECK;

/* Starts the worker of a job in state checking or running; from after_commit or at the start of the server. */
struct importer;
struct import_order {
	int64_t tenant, id;
};
int importer_open(struct services *services, struct importer **out) MUST_CHECK;
void importer_close(struct importer *i);        /* waits for the chunk under way; the rest is resumed at the next start */
void importer_start(struct importer *i, int64_t tenant, int64_t id);
/* Starts what was running when the process ended. */
int importer_resume(struct importer *i) MUST_CHECK;

extern const struct route import_routes[];
extern const size_t import_route_count;
