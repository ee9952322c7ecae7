/* record: a thing we know, described once (room.md §2).
 *
 * A domain writes a table in schema/, a field list and a `struct record`; lists, forms, pages, import, export, history,
 * API, OpenAPI and TypeScript come from that. Values travel between row, JSON, spreadsheet cell and history as slots:
 * one slot a field, sealed values opened. What one case needs beyond this is a function in `before` or `after`. */
#pragma once

#include <stdbool.h>

#include "base/text.h"
#include "db/db.h"

enum field_kind {
	FIELD_CODE,      /* short plain text, one line */
	FIELD_TEXT,      /* long plain text */
	FIELD_CHOICE,    /* one word of `of` */
	FIELD_REF,       /* id of another record, 0 for none; without .to the column about[1], whose record about[0] names */
	FIELD_DAY,       /* calendar day, 0 for unknown */
	FIELD_TIME,      /* UTC ms, 0 or FAR_FUTURE_MS for none */
	FIELD_MONEY,     /* fen */
	FIELD_COUNT,     /* ≥ 0 */
	FIELD_INT,
	FIELD_REAL,
	FIELD_FLAG,
	FIELD_JSON,
	FIELD_BYTES,     /* base64 */
	FIELD_CUSTOM,    /* what companies define (core/custom): members x_… outside, one JSON object in the row */
	FIELD_TAGS,      /* names of tags (core/tag): ["VIP"] outside, ids in the row */
	FIELD_NAME,      /* a person's name: sealed, masked, exact look-up */
	FIELD_PHONE,     /* sealed, masked, exact look-up, also by the last four digits */
	FIELD_EMAIL,     /* sealed, masked, exact look-up */
	FIELD_PLACE,     /* street and house: sealed, masked */
	FIELD_SEALED,    /* free text: sealed, shown to whoever may read the record */
};

struct label {
	const char *zh, *en;
};

struct record;
struct bringing;
struct file_ready;
struct slot;
struct search_texts;

/* One line a field. Everything not said is off. */
struct field {
	const char *name;               /* column = JSON member = import target */
	enum field_kind kind;
	uint32_t offset;                /* of the column in the row */
	struct label label;
	const struct choice *of;        /* FIELD_CHOICE */
	const struct record *to;        /* FIELD_REF */
	int64_t least, most;            /* numbers: range (most 0: none); text: characters (most 0: 100, long text 4,000); bytes */
	const char *series;             /* the record numbers itself: "SC" gives SC20261122001 */
	const char *heads;              /* other spreadsheet heads, separated by "|" */
	const char *initial;            /* value at creation when nothing is given */
	bool required;
	bool search;                    /* its words are indexed (sealed: exact look-up only) */
	bool sort;                      /* has an index (tenant, column, id) */
	bool index;                     /* may be filtered through an index */
	bool split;                     /* "in" on it is cut into one index range a value (few values, index leads with it) */
	bool fixed;                     /* set at creation, never changed */
	bool system;                    /* set by the server only */
	bool unique;                    /* import finds the row by it */
	bool hidden;                    /* not in lists unless chosen */
	bool quiet;                     /* follows other changes by itself, so the history does not tell it */
	bool personal;                  /* a text or JSON in clear that may tell of a person: emptied when she is erased, in the history too */
	/* Writes {"value","label","of"}, …: what a code may say that this company can choose from; `of`: the value of "object" that it goes with, or null. May be NULL. */
	int (*offers)(struct ctx *c, struct text *out);
	bool beside;                    /* a reference to somebody else than whom the row is about: erased and handed out by itself */
};

struct record {
	const char *name;               /* "customer": path, object of events, first half of permissions */
	struct label label;
	const char *plural;             /* English, above a list of them; NULL: as the label */
	const struct table *table;
	const struct field *fields;
	size_t field_count;
	const char *title[3];           /* fields that name a row to people, NULL-ended */
	const char *default_sort;       /* "-created_at" when NULL */
	const char *const *sheet;       /* columns of an export, "device_id.model_id" for a field of what device_id names; NULL: all not hidden */
	const char *key_of;             /* REF field whose record's key seals this row; NULL: a key of its own */
	const char *owner, *team, *region;      /* columns that row scope looks at (scope.h); NULL: the scope does not bite */
	const char *within;             /* REF field to the record that a row is part of: who may not see that sees no part of it */
	const char *about[2];           /* columns that name a record and a row of it: the same for those that are within nothing */
	const char *audience;           /* CHOICE field "mine", "team" or "company": who sees a row beside its owner, whatever the scope */
	const struct flow *flow;
	bool read_only;                 /* no generic create, change, archive: its own handlers do that */
	bool no_create;                 /* no generic create: a handler of its own */
	bool no_import;

	/* Completes and checks a row before it is written; old is NULL at creation. Faults by fail_field(). */
	int (*before)(struct ctx *c, const void *old, void *row);
	/* Writes what hangs on the row, in the same transaction. */
	int (*after)(struct ctx *c, const void *old, const void *row);
	/* Further words that find each of the rows, such as its comments: more[i] belongs to rows[i]. */
	int (*search_more)(struct ctx *c, const void *const *rows, size_t n, struct search_texts *more);
	/* Whether an event of this kind leaves what finds the row as it is, so that it need not be looked at again. NULL: none does. */
	bool (*unworded)(const char *kind);
	const struct measure *measures; /* promises with a deadline; needs a field next_due_at and next_due */
	const struct event_word *events;        /* for rules; NULL: none */
	/* Sets next_due_at alone: no version, no history. */
	int (*next_due)(struct ctx *c, int64_t id, int64_t at);
	/* Whether somebody has added what is no record to a row that nobody else has touched. May be NULL. */
	int (*used)(struct ctx *c, int64_t id, bool *used);
	/* Takes away what hangs on a row and is no record, before the row goes for good. May be NULL. */
	int (*gone)(struct ctx *c, const void *row);
	/* Empties what hangs on a row and is no record, when the row is emptied and the key that sealed it stays: it is somebody's who stays. May be NULL. */
	int (*emptied)(struct ctx *c, int64_t id);
	/* What hangs on a row beyond its fields, opened, for the person whom it is about: ,"comments":[…]. May be NULL. */
	int (*handout)(struct ctx *c, const void *row, struct text *out);
	/* A column of sheets that is not in the row, and its cells for a page of rows. NULL: none. */
	struct label more_cells_label;
	int (*more_cells)(struct ctx *c, const void *rows, size_t n, const char **cells);
	/* Takes from a copy of the row what its reader may not see, before it becomes JSON. */
	int (*show)(struct ctx *c, void *row);
	/* Only of what an import brings and nothing else knows (services.targets): its table is in memory, this makes of the cells what is to be
	 * made. *made: something is new. Faults by field. */
	int (*bring)(struct ctx *c, const struct bringing *b, const struct slot *slots, uint64_t present, bool *made);
	/* Writer: takes away what it brought and what is no row of a record, unless something hangs on it; tries: only says so. May be NULL. */
	int (*take_back)(struct ctx *c, int64_t id, bool tries, bool *used);
	/* CODE field of such a record that names a file beside the sheet, which comes with the row; NULL: none. */
	const char *file_of;
	/* Column of what it was called in another system, "" where it was not there. A row that has such a name and that nobody has touched since
	 * it was brought is nobody's business: rules of time pass it over. May be NULL. */
	const char *past;
};

/* Whether a sheet may bring rows of it. */
static inline bool record_is_imported(const struct record *r) { return r->bring || (!r->read_only && !r->no_create && !r->no_import); }

struct bringing {
	const char *source;             /* the other system */
	bool tries;                     /* nothing is written */
	int64_t *told;                  /* the object that an event of this chunk was last about: rows that follow tell nothing more of it */
	int64_t file_id;                /* an upload that is to be finished; 0: none was made ready, as in a dry run */
	const struct file_ready *file;
};

/* A promise that rows of a record can be held to: its clock runs, stands or is cancelled by what the row says (core/clock). */
struct measure {
	const char *code;               /* NULL ends the list */
	struct label label;
	const char *run_when, *pause_when, *cancel_when;        /* conditions; NULL or "": never */
	const char *since;              /* the column that says since when it runs, for a promise that comes later than that; NULL: from then on */
};

/* Something that happens to rows of a record besides being written and moved: "commented" of "ticket.commented". */
struct event_word {
	const char *name;               /* NULL ends the list */
	struct label label;
};

/* Who has a say in every write of a record, before the row is written: old NULL at creation. May change system fields of it. */
struct observer {
	int (*writing)(struct ctx *c, const struct record *record, const void *old, void *row);
};

#define L(zh_text, en_text) { zh_text, en_text }
#define FIELD(table, column, field_kind, label_text, ...)                                          \
	{ .name = #column, .kind = FIELD_##field_kind, .offset = offsetof(struct table, column), .label = label_text, __VA_ARGS__ }
#define CODE(table, column, label, ...)   FIELD(table, column, CODE, label, __VA_ARGS__)
#define TEXT(table, column, label, ...)   FIELD(table, column, TEXT, label, __VA_ARGS__)
#define CHOICE(table, column, label, ...) FIELD(table, column, CHOICE, label, __VA_ARGS__)
#define REF(table, column, label, ...)    FIELD(table, column, REF, label, __VA_ARGS__)
#define DAY(table, column, label, ...)    FIELD(table, column, DAY, label, __VA_ARGS__)
#define TIME(table, column, label, ...)   FIELD(table, column, TIME, label, __VA_ARGS__)
#define MONEY(table, column, label, ...)  FIELD(table, column, MONEY, label, __VA_ARGS__)
#define COUNT(table, column, label, ...)  FIELD(table, column, COUNT, label, __VA_ARGS__)
#define INT(table, column, label, ...)    FIELD(table, column, INT, label, __VA_ARGS__)
#define REAL(table, column, label, ...)   FIELD(table, column, REAL, label, __VA_ARGS__)
#define FLAG(table, column, label, ...)   FIELD(table, column, FLAG, label, __VA_ARGS__)
#define JSON(table, column, label, ...)   FIELD(table, column, JSON, label, __VA_ARGS__)
#define BYTES(table, column, label, ...)  FIELD(table, column, BYTES, label, __VA_ARGS__)
#define CUSTOM(table) FIELD(table, custom, CUSTOM, L("自定义字段", "Custom fields"), .personal = true, .hidden = true)
#define TAGS(table) FIELD(table, tags, TAGS, L("标签", "Tags"), .personal = true, .index = true, .heads = "标记|客户标签|Tag")
#define NAME(table, column, label, ...)   FIELD(table, column, NAME, label, __VA_ARGS__)
#define PHONE(table, column, label, ...)  FIELD(table, column, PHONE, label, __VA_ARGS__)
#define EMAIL(table, column, label, ...)  FIELD(table, column, EMAIL, label, __VA_ARGS__)
#define PLACE(table, column, label, ...)  FIELD(table, column, PLACE, label, __VA_ARGS__)
#define SEALED(table, column, label, ...) FIELD(table, column, SEALED, label, __VA_ARGS__)
#define FIELDS(list) .fields = list, .field_count = sizeof(list) / sizeof((list)[0])

enum { MOST_FIELDS_OF_RECORD = 64 };

/* One value of a field between its many forms; which member counts follows from the kind. */
struct slot {
	int64_t i;              /* NULL_INT: none */
	double real;
	const char *text;       /* NULL: none */
	struct bytes bytes;
};

/* Text made at start-up that answers are put together from. */
struct piece {
	const char *text;
	size_t n;
};

/* A record made ready at start-up: column members by field and the shape that JSON uses. */
struct record_model {
	const struct record *record;
	const struct member *column[MOST_FIELDS_OF_RECORD];
	struct shape wire;                      /* over an array of slots, field order */
	struct shape input;                     /* the same with "version" and "reason" behind: what PATCH sends */
	const struct member *id, *version, *key, *archived_at, *created_at, *updated_at;   /* columns or NULL */
	const struct member *owner, *team, *region, *within, *about, *about_id, *audience, *state, *stage; /* of scope and flow, or NULL */
	const struct member *past;                              /* column of the record's past, or NULL */
	size_t within_field;                    /* index of the field within, or SIZE_MAX */
	size_t key_field;                       /* index of key_of, or SIZE_MAX */
	size_t custom_field;                    /* index of the field CUSTOM, or SIZE_MAX */
	size_t tags_field;                      /* index of the field TAGS, or SIZE_MAX */
	size_t title[3], title_count;
	uint64_t title_fields, sealed_fields;                   /* bit i: field i */
	bool has_title;                                         /* a field of its own is called "title" */
	struct shape title_row;                                 /* of id, key and title fields, in a row of the table */
	const char *title_sql, *titles_sql;                     /* core/list's: one row, and the beginning for several */
	const char *read_right;                                 /* "ticket.read" */
	const char *context[MOST_FIELDS_OF_RECORD];             /* "ticket.description": what a sealed value is bound to; else NULL */
	struct piece head[MOST_FIELDS_OF_RECORD];               /* ,"description": */
	const struct piece *moves;                              /* two a move of the flow, plain and primary; NULL without flow */
};

#define AUDIENCE_TEAM "team"
#define AUDIENCE_COMPANY "company"

struct registry {
	const struct record_model *models;
	size_t count;
};

/* Builds all models in `a`; aborts on a definition that does not fit its table (a bug found at every start and test). */
struct registry registry_build(struct arena *a, const struct record *const *records, size_t count);
const struct record_model *registry_find(const struct registry *r, const char *name);       /* or NULL */
const struct record_model *model_of(struct ctx *c, const struct record *record);
/* What an import may fill beyond the records there are (bring), or NULL. */
const struct record_model *target_of(struct ctx *c, const char *name);

/* Its sealed values are sealed with the key of somebody whom it names. */
static inline bool record_borrows_key(const struct record_model *m)
{
	return m->key_field != SIZE_MAX;
}

bool field_is_sealed(const struct field *f);
/* Sealed, and shown masked to the actor: what tells who somebody is to everybody, a free text where the role says so. */
bool field_masked_for(const struct ctx *c, const char *record, const struct field *f);
bool field_has_lookup(const struct field *f);          /* sealed and found by exact value */
bool field_has_none(const struct field *f);            /* 0 in its column means that there is none: references, days, times */
bool field_is_empty(const struct record_model *m, size_t field, const void *row);      /* nothing is said there, in the row as it is stored */
size_t field_index(const struct record_model *m, const char *name);                         /* SIZE_MAX when there is none */

/* A field, or a field of the record that a reference names. */
struct field_path {
	size_t field;                   /* of the record */
	const struct record *of;        /* whose field `inner` is meant; NULL: the field itself */
	size_t inner;
	const struct field *end;
};
bool field_path_read(const struct record *r, const char *name, struct field_path *out);     /* false: there is none of that name */

/* Values ------------------------------------------------------------------------------------------------------- */

enum opened { MASKED, OPENED };

/* Row → slots. Sealed fields are opened with the row's key and, if MASKED, masked (FIELD_SEALED never is). A row whose key
 * was destroyed gives NULL texts. `slots` holds record->field_count elements. */
int record_slots(struct ctx *c, const struct record_model *m, const void *row, enum opened opened, struct slot *slots) MUST_CHECK;
/* The same for n rows lying one after the other: n × field_count slots, all keys fetched at once. */
int record_slots_many(struct ctx *c, const struct record_model *m, const void *rows, size_t n, enum opened opened, struct slot *slots) MUST_CHECK;
/* Answers that show several records open all their sealed values together. record_slots_begin() fills
 * the slots of the fields in `wanted`; their sealed values and the names of tags follow in record_slots_end(). */
struct opening {
	struct opening_value *first;
	size_t n;
	struct tag_wish *tags;
};
enum { ALL_FIELDS = -1 };
void record_slots_begin(struct ctx *c, const struct record_model *m, const void *rows, size_t n, uint64_t wanted, struct slot *slots, struct opening *o);
int record_slots_end(struct ctx *c, struct opening *o, enum opened opened) MUST_CHECK;
/* Slots → row, for the fields whose bit is set in `present`; checks each value, notes faults by field. */
int record_fill(struct ctx *c, const struct record_model *m, const struct slot *slots, uint64_t present, void *row) MUST_CHECK;
/* What people call a row, from its title fields, masked. */
const char *record_title(struct ctx *c, const struct record_model *m, const struct slot *slots);

/* Rows --------------------------------------------------------------------------------------------------------- */

/* scope.c: reads a row that the actor may see (tenant, scope), or ERR_NOT_FOUND. The one object check of the server. */
int record_get(struct ctx *c, const struct record *record, int64_t id, void *row) MUST_CHECK;
/* The same for whoever goes on without it: says whether there is such a row that the actor may see. */
int record_look(struct ctx *c, const struct record *record, int64_t id, void *row, bool *there) MUST_CHECK;
/* The same of a row that something names: else a fault of that field. */
int record_named(struct ctx *c, const struct record *record, const char *field, int64_t id, void *row) MUST_CHECK;
/* Creates from slots; row (all columns) is filled. Writes history, look-ups and the event "<name>.created". */
int record_create(struct ctx *c, const struct record *record, const struct slot *slots, uint64_t present, void *row) MUST_CHECK;
/* All checks of creating (id 0) or changing a row, nothing written: for dry runs. Faults by field. */
int record_try(struct ctx *c, const struct record *record, const struct slot *slots, uint64_t present, int64_t id) MUST_CHECK;
/* Inserts a row that the caller has filled (sealed columns too): same checks of scope, history and event. */
int record_insert(struct ctx *c, const struct record *record, void *row) MUST_CHECK;
/* The same for what happened elsewhere, before: its times stay, no observer sees it, and the event is "<name>.brought", which no rule waits for. */
int record_insert_past(struct ctx *c, const struct record *record, void *row) MUST_CHECK;
int record_create_past(struct ctx *c, const struct record *record, const struct slot *slots, uint64_t present, void *row) MUST_CHECK;
/* Fails with ERR_VERSION_CONFLICT and shows the row as it is now to whoever worked on an older one. */
int record_conflict(struct ctx *c, const struct record *record, const void *row) MUST_CHECK;
/* Changes the present fields of row `id` when its version is `version`; else ERR_VERSION_CONFLICT. */
int record_change(struct ctx *c, const struct record *record, int64_t id, int64_t version, const struct slot *slots,
                  uint64_t present, const char *reason, void *row) MUST_CHECK;
/* Writes a row changed by the caller (flow, handlers): history of what differs, event `kind`, version + 1. */
int record_update(struct ctx *c, const struct record *record, const void *old, void *row, const char *kind,
                  const char *reason, const char *data) MUST_CHECK;
enum archive { ARCHIVE, RESTORE };
int record_archive(struct ctx *c, const struct record *record, int64_t id, int64_t version, enum archive what, void *row) MUST_CHECK;

/* {"id":…, fields…, "version":…, "title":…, "titles":{"customer_id":"…"}, "actions":[…]} for one row of any record. */
int record_json(struct ctx *c, const struct record *record, const void *row, struct text *out) MUST_CHECK;
/* The same for many, with titles of references fetched at once. Rows lie one after the other. */
int record_json_list(struct ctx *c, const struct record *record, const void *rows, size_t n, struct text *out) MUST_CHECK;

/* Copies of the rows without what their reader may not see, where the record has such things. */
int record_shown(struct ctx *c, const struct record *record, const void **rows, size_t n) MUST_CHECK;

/* What rows are called, by id: for whoever refers to them. */
struct title {
	int64_t id;
	const char *text;
};
struct titles {
	struct title *at;               /* sorted by id */
	size_t n;
};
/* ids (sorted here, repeats and zeros allowed). Empty when the actor may not know the record at all. */
int record_titles(struct ctx *c, const struct record *record, int64_t *ids, size_t n, struct titles *out) MUST_CHECK;
const char *titles_find(const struct titles *titles, int64_t id);       /* or NULL */
