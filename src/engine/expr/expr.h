/* Conditions: the one language in which views, rules, policies, routing and promises say "when".
 *
 *   grade = urgent and device.product.code in ("fridge", "washer") and age(created_at) > 2h
 *
 * A text becomes a tree (expr_parse), the tree is held against the fields that its author may name (expr_check) and is written
 * back in its one canonical form (expr_print). What can be done with a checked tree is in expr_run.h: memory and SQL. Grammar,
 * meaning and why: docs/adr/0015-conditions.md. Pure; knows no table, only what the caller describes. */
#pragma once

#include <stdbool.h>

#include "base/clock.h"
#include "base/json.h"
#include "engine/expr/expr_fields.h"

/* Stored beside every kept condition. Words are only ever added; should one change its meaning, this counts up and a migration
 * prints the old texts anew. */
enum { EXPR_VERSION = 1 };

/* Hostile input ends here: bytes of a text, nodes and values of a tree, levels, steps of a path, records it walks through. */
enum {
	EXPR_MOST_BYTES = 8000, EXPR_MOST_NODES = 200, EXPR_MOST_VALUES = 500, EXPR_MOST_IN_LIST = 50, EXPR_MOST_DEPTH = 12,
	EXPR_MOST_STEPS = 4, EXPR_MOST_ROWS = 8, EXPR_MOST_SETS = 16, EXPR_MOST_TEXT = 200, EXPR_MOST_FAULTS = 8,
};

/* ---- the tree ---- */

enum expr_unit { EXPR_NO_UNIT, EXPR_SECONDS, EXPR_MINUTES, EXPR_HOURS, EXPR_DAYS, EXPR_WEEKS, EXPR_MONTHS, EXPR_YEARS };

enum expr_word {
	WORD_NOW, WORD_TODAY, WORD_YESTERDAY, WORD_TOMORROW, WORD_LAST_WEEK, WORD_THIS_WEEK, WORD_NEXT_WEEK, WORD_LAST_MONTH, WORD_THIS_MONTH,
	WORD_NEXT_MONTH, WORD_LAST_YEAR, WORD_THIS_YEAR, WORD_NEXT_YEAR, WORD_ME, WORD_MY_TEAM, WORD_MY_REGION,
};

enum expr_operand_kind {
	OPERAND_NUMBER,         /* i ÷ 10^scale */
	OPERAND_DURATION,       /* i units */
	OPERAND_TEXT,           /* text */
	OPERAND_NAME,           /* text: a bare word or a path, a choice or a field until the check decides; fields may be shifted */
	OPERAND_WORD,           /* word, shifted */
	OPERAND_DAY,            /* i */
	OPERAND_INSTANT,        /* i */
	OPERAND_FLAG,           /* i */
};

struct expr_operand {
	enum expr_operand_kind kind;
	uint32_t at;            /* byte of the text */
	int64_t i;
	unsigned scale;
	enum expr_unit unit;    /* of a duration, or of the shift */
	int64_t shift;          /* added: 0 none */
	enum expr_word word;
	const char *text;
};

enum expr_kind { EXPR_TRUE, EXPR_FALSE, EXPR_AND, EXPR_OR, EXPR_NOT, EXPR_ATOM };
enum expr_op {
	ATOM_EQUAL, ATOM_LESS, ATOM_AT_MOST, ATOM_MORE, ATOM_AT_LEAST, ATOM_IN, ATOM_CONTAINS, ATOM_STARTS, ATOM_HAS_ANY, ATOM_HAS_ALL, ATOM_PRESENT,
};
enum expr_function { FUNCTION_NONE, FUNCTION_AGE, FUNCTION_UNTIL };

/* Filled by expr_check(): the field, and in which row it lies (0: the record itself, others: expr.rows). */
struct expr_place {
	const struct expr_field *field;
	unsigned row;
};

struct expr_node {
	enum expr_kind kind;
	uint32_t at;                    /* byte of the text */
	struct expr_node **items;       /* EXPR_AND, EXPR_OR: two or more; EXPR_NOT: one */
	size_t item_count;

	const char *path;               /* EXPR_ATOM: "device.serial" */
	enum expr_function function;
	enum expr_op op;
	bool negated;                   /* != · not in · not contains · not starts · has none · is none */
	struct expr_operand *values;
	size_t value_count;
	struct expr_place place, other; /* other: the field it is compared with */
	unsigned set;                   /* EXPR_SEALED, EXPR_SET: index in expr.sets */
};

/* A record that paths walk through: row `from`'s reference `field` leads to it. */
struct expr_row {
	const struct expr_field *field; /* NULL for row 0 */
	unsigned from;
};

struct expr {
	struct expr_node *root;
	struct expr_row rows[EXPR_MOST_ROWS];
	size_t row_count;                               /* ≥ 1 once checked */
	struct expr_place sets[EXPR_MOST_SETS];
	size_t set_count;
};

/* ---- text, tree, JSON ---- */

/* What is wrong and where: an ERR_EXPR_… or ERR_FIELD_… code with its texts in errors.def. */
struct expr_fault {
	int code;
	uint32_t at;            /* byte of the text */
	const char *arg;        /* fills %s, or NULL */
};
struct expr_faults {
	struct expr_fault list[EXPR_MOST_FAULTS];
	size_t n;
};

/* The tree lives in the arena. On a fault its code is returned and noted. The text need not be anything in particular. */
int expr_parse(struct arena *a, const char *text, size_t n, struct expr *out, struct expr_faults *faults) MUST_CHECK;

/* Resolves names and types against `record`, and puts operands into their canonical kinds. Every atom at fault is noted; the
 * first code is returned. A tree may be checked again, against another record. */
int expr_check(struct arena *a, struct expr *e, const struct expr_record *record, struct expr_faults *faults) MUST_CHECK;

/* The canonical text: expr_parse() of it gives an equal tree. Of a tree that was checked it is what is stored. */
const char *expr_print(struct arena *a, const struct expr *e);

/* The tree as editors use it:
 *   {"op":"and","items":[…]} · {"op":"not","items":[…]} · {"op":"true"}
 *   {"op":"in","field":"device.serial","values":[{"text":"A1"}]} · {"op":">","function":"age","field":"created_at","values":[{"value":"2h"}]}
 * A value is a text or a word of the language: {"value":"today","shift":-7,"unit":"d"}. Groups may hold one item; it stands for itself. */
int expr_json_read(struct arena *a, const char *json, size_t n, struct expr *out, struct error *e) MUST_CHECK;
void expr_json_write(struct text *t, const struct expr *e);

bool expr_equal(const struct expr *a, const struct expr *b);    /* the same tree, wherever it stood in its text */
