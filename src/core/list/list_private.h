/* Inside of lists: a page on its way to SQL. */
#pragma once

#include "base/text.h"
#include "core/list/condition.h"
#include "core/list/list.h"
#include "core/pii/pii.h"

/* Values bound at most: those of all conditions (a look-up binds the company too), ids that words gave, position, scope. */
enum { MOST_HITS = 500, MOST_VALUES = MOST_CONDITIONS * (MOST_CONDITION_VALUES + 1) + MOST_HITS + 16 };

/* Places of what row scope asks for; 0: not among the values yet. */
struct actor_values {
	size_t tenant, user, team, region;
};

struct builder {
	struct ctx *c;
	const struct record_model *m;
	struct text sql;
	struct db_value values[MOST_VALUES];
	size_t count;
	struct actor_values actor;
	struct condition conditions[MOST_CONDITIONS];
	size_t condition_count;
	const struct member *sort;
	bool descending, backwards, archived;
	const int64_t *hits;            /* ids that the words gave; NULL when no words */
	size_t hit_count;
	struct slot position;           /* sort value and id to go on from */
	int64_t position_id;            /* 0: from the start */
};

/* sql.c: text and bound values. */
void restart(struct builder *b);
int run(struct builder *b, const struct shape *shape, void **rows, size_t *n) MUST_CHECK;      /* list.c */
void bind_int(struct builder *b, int64_t i);
void bind_value(struct builder *b, const struct member *column, const struct slot *s);        /* as the column holds it */
void bind_bytes(struct builder *b, struct bytes bytes);
int add_condition(struct builder *b, const struct condition *k, const char *alias) MUST_CHECK;
void add_scope(struct builder *b);                              /* the actor's, as record_get() judges one row */
/* How values of a sealed field are looked up. */
struct lookup_way {
	enum lookup_kind kind;
	const char *name;
};
const struct lookup_way *lookup_way(enum field_kind kind);
/* Everything that an index may serve, in sort order, from the position on. */
int add_page(struct builder *b, const char *columns, int64_t limit) MUST_CHECK;
bool has_slow(const struct builder *b);                         /* conditions without an index */
int add_slow(struct builder *b) MUST_CHECK;                     /* on alias p */
void add_order(struct builder *b, const char *alias, int64_t limit);

/* cursor.c: the sort value and the id of a page's last row. It gives no rights: conditions and scope still hold. */
const char *cursor_write(struct builder *b, const void *row);
int cursor_read(struct builder *b, const char *cursor) MUST_CHECK;
