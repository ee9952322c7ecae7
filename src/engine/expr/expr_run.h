/* Conditions at work: a checked tree as a program over rows in memory, and as SQL. Both are made from the same spans and folded
 * texts, so they agree; a property test holds SQLite, PostgreSQL and memory to it. */
#pragma once

#include "base/zone.h"
#include "engine/expr/expr.h"

/* What the words of time and person stand for. */
struct expr_env {
	time_ms now;
	const struct zone *zone;                /* of the company */
	int64_t me, my_team, my_region;         /* 0: nobody, equal to nothing */
};

/* ---- in memory ---- */

/* A program never changes and may be run by many threads. It keeps pointers into tree and fields. */
struct expr_program *expr_compile(struct arena *a, const struct expr *e) __attribute__((returns_nonnull));

/* The program at one instant, for one person: what is done once per event or list, not per row. */
struct expr_bound *expr_bind(struct arena *a, const struct expr_program *p, const struct expr_env *env) __attribute__((returns_nonnull));

/* The texts of one field of a row that is EXPR_SET or EXPR_SEALED: in the form of its `normalise`, sorted by strcmp(). */
struct expr_set {
	const char *const *texts;
	size_t n;
};

/* rows[i] belongs to e->rows[i], NULL where its reference leads nowhere or that row's own does; sets[i] to e->sets[i]. Takes no
 * memory and looks at each atom at most once. */
bool expr_holds(const struct expr_bound *b, const void *const *rows, const struct expr_set *sets);

/* ---- as SQL ---- */

enum expr_dialect { EXPR_SQLITE, EXPR_POSTGRESQL };

struct expr_value {
	enum kind kind;         /* KIND_INT, KIND_REAL, KIND_TEXT */
	int64_t i;
	double real;
	const char *text;
};

/* Where the condition is written to. The engine writes operators, columns and parentheses; whatever needs a table is the caller's. */
struct expr_sql {
	enum expr_dialect dialect;
	struct text *sql;
	const char *alias;      /* of the record's own table; the rows that paths walk to are called e1, e2, … */
	void *self;
	/* Keeps a value and writes its parameter. */
	void (*bind)(struct expr_sql *s, const struct expr_value *value);
	/* Writes EXISTS (SELECT … FROM the table that `reference` leads to AS `inner` WHERE it is the one that `outer` refers to. What it
	 * must fulfil follows after AND, and the closing bracket. */
	void (*open)(struct expr_sql *s, const struct expr_field *reference, const char *outer, const char *inner);
	/* Writes EXISTS (SELECT … FROM the table in which the values of a field that lies apart are AS v WHERE it is that of `alias`, or as much
	 * as that. What its column must fulfil follows after AND, and the closing bracket. NULL when the record has no such fields. */
	void (*apart)(struct expr_sql *s, const struct expr_field *field, const char *alias);
	/* Writes that a set or sealed field has one (ATOM_HAS_ANY), all (ATOM_HAS_ALL) or at least something (ATOM_PRESENT, no texts): true or
	 * false, never NULL. NULL when the record has no such fields. */
	void (*has)(struct expr_sql *s, const struct expr_field *field, const char *alias, enum expr_op op, const char *const *texts, size_t n);
};

/* Appends the condition, in brackets where needed: what follows WHERE or AND. */
void expr_sql(struct arena *a, const struct expr *e, const struct expr_env *env, struct expr_sql *s);
