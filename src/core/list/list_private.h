/* Inside of lists: a page on its way to SQL. */
#pragma once

#include "base/text.h"
#include "core/condition/condition_fields.h"
#include "core/list/condition.h"
#include "core/list/list.h"
#include "core/pii/pii.h"
#include "core/record/narrowing.h"

enum { MOST_HITS = 500 };

/* Places of what row scope asks for; 0: not among the values yet. */
struct actor_values {
	size_t tenant, user, team, region;
};

/* A condition in two parts: what an index may serve, and the rest; root NULL: nothing. */
struct divided {
	struct expr fast, slow;
};

struct builder {
	struct ctx *c;
	const struct record_model *m;
	struct text sql;
	struct db_value *values;        /* their number is bounded by the limits of filter, condition and words */
	size_t count, room;
	struct actor_values actor;
	struct condition conditions[MOST_CONDITIONS];
	size_t condition_count;
	struct divided where;           /* the condition */
	struct divided *rules;          /* row conditions of the actor's role about this record; NULL: not read, or none */
	size_t rule_count;
	bool driving;                   /* what is being written may be what finds the rows */
	bool rules_hide;                /* one of them cannot be read: no row */
	struct expr_env env;
	const struct member *sort;
	bool descending, backwards, archived;
	const int64_t *hits;            /* ids that the words gave; NULL when no words */
	size_t hit_count;
	struct slot position;           /* sort value and id to go on from */
	int64_t position_id;            /* 0: from the start */
	struct cell *cell;              /* of a promise; NULL: none */
	int64_t unheld;                 /* rule whose rows are left out, or 0 */
	bool alive;                     /* without demo rows and without an untouched past */
};

/* sql.c: text and bound values. */
void restart(struct builder *b);
int run_rows(struct builder *b, const struct shape *shape, void **rows, size_t *n) MUST_CHECK;      /* list.c */
int run_number(struct builder *b, int64_t *out) MUST_CHECK;     /* one number, 0 when there is no row */
void bind_one(struct builder *b, struct db_value v);
void bind_int(struct builder *b, int64_t i);
void bind_value(struct builder *b, const struct member *column, const struct slot *s);        /* as the column holds it */
void bind_bytes(struct builder *b, struct bytes bytes);
int add_condition(struct builder *b, const struct condition *k, const char *alias) MUST_CHECK;
/* How values of a sealed field are looked up. */
struct lookup_way {
	enum lookup_kind kind;
	const char *name;
};
const struct lookup_way *lookup_way(enum field_kind kind);
/* id IN (the rows of `m` whose look-up hash is that of one of the texts) */
void add_lookup(struct builder *b, const struct record_model *m, enum field_kind kind, const char *alias, const char *const *texts, size_t n);
void add_scope(struct builder *b, const struct record_model *m, const char *alias);  /* the actor's, as record_get() judges one row */
/* Everything that an index may serve, in sort order, from the position on. */
int add_page(struct builder *b, const char *columns, int64_t limit) MUST_CHECK;
bool has_slow(const struct builder *b);                         /* conditions without an index */
int add_slow(struct builder *b) MUST_CHECK;                     /* on alias p */
void add_order(struct builder *b, const char *alias, int64_t limit);

/* where.c: the condition in the language of engine/expr. */
int read_where(struct builder *b, const char *text) MUST_CHECK;
void add_where(struct builder *b, const struct expr *part, const char *alias);
/* Row conditions of the actor's role about a record. read_rules() comes before any scope is added, and divides those of the list's
 * own record: then add_rules() adds each part where it belongs, else add_narrowing() adds them whole. */
int read_rules(struct builder *b) MUST_CHECK;
enum rule_part { RULES_FAST, RULES_SLOW };
void add_rules(struct builder *b, enum rule_part part, const char *alias);
void add_narrowing(struct builder *b, const struct record_model *m, const char *alias);

/* cell.c: the rows behind a figure of a promise. They are found by their cases, of which there are as many as the figure says. */
int read_cell(struct builder *b, const char *text) MUST_CHECK;
void add_cell_from(struct builder *b);          /* beside the record's table */
void add_cell(struct builder *b, const char *alias);

/* cursor.c: the sort value and the id of a page's last row. It gives no rights: conditions and scope still hold. */
const char *cursor_write(struct builder *b, const void *row);
int cursor_read(struct builder *b, const char *cursor) MUST_CHECK;
