/* Inside of conditions: tokens, the vocabulary that reading and printing share, and spans. */
#pragma once

#include "engine/expr/expr.h"
#include "engine/expr/expr_run.h"

/* ---- tokens ---- */

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_DURATION, TOKEN_TEXT, TOKEN_DAY, TOKEN_INSTANT, TOKEN_SIGN };

struct token {
	enum token_kind kind;
	uint32_t at, n;         /* where it stands */
	char sign[3];           /* TOKEN_SIGN: "=", "!=", "(" … */
	int64_t i;              /* number, amount, day, instant */
	unsigned scale;
	enum expr_unit unit;
	const char *text;       /* name, or what the quotes hold */
};

struct lexer {
	struct arena *arena;
	const char *text;
	size_t n;
	size_t at;
	struct token token;     /* the one to be looked at */
	struct expr_faults *faults;
	int failed;             /* the first code; then every token is TOKEN_END */
};

void lexer_start(struct lexer *x, struct arena *a, const char *text, size_t n, struct expr_faults *faults);
void lexer_next(struct lexer *x);
int lexer_fail(struct lexer *x, int code, uint32_t at, const char *arg) MUST_CHECK;
int lexer_refuse(struct lexer *x) MUST_CHECK;            /* the token does not belong here */
bool lexer_takes(struct lexer *x, const char *word);     /* a sign or a name: steps over it */
bool is_keyword(const char *name);

/* Notes a fault while there is room; returns the code. */
void expr_note(struct arena *a, struct expr_faults *f, int code, uint32_t at, const char *arg);
static inline int expr_fault(struct arena *a, struct expr_faults *f, int code, uint32_t at, const char *arg)
{
	expr_note(a, f, code, at, arg);
	return code;    /* here for the same reason as in error_set() */
}

/* ---- vocabulary ---- */

struct op_word {
	const char *word;
	enum expr_op op;
	bool negated;
};
extern const struct op_word op_words[];
enum { OP_WORD_COUNT = 17 };
const struct op_word *op_word_of(enum expr_op op, bool negated);

const char *unit_text(enum expr_unit unit);              /* "min" */
enum expr_unit unit_named(const char *s, size_t n);      /* EXPR_NO_UNIT when it is none */
const char *word_text(enum expr_word word);              /* "last_week" */
bool word_named(const char *s, enum expr_word *word);

/* ---- parts of reading that JSON shares ---- */

int parse_operand(struct lexer *x, struct expr_operand *out) MUST_CHECK;       /* without a shift */
int parse_path(struct lexer *x, const char **out) MUST_CHECK;
bool may_shift(const struct expr_operand *o);                            /* a word of time or a field may have a duration added */
/* A tree within its limits: levels, nodes, values, and the length of its own text. */
int expr_fits(struct arena *a, const struct expr *e, struct expr_faults *faults) MUST_CHECK;
void print_operand(struct text *t, const struct expr_operand *o);        /* with its shift */
void print_operand_bare(struct text *t, const struct expr_operand *o);   /* without */

static inline bool is_group(const struct expr_node *n) { return n->kind == EXPR_AND || n->kind == EXPR_OR || n->kind == EXPR_NOT; }

/* ---- spans: what an operand stands for among the integers ---- */

/* Both ends count; empty when first > last. INT64_MIN, which is NULL_INT, is in none. */
struct span {
	int64_t first, last;
};

#define SPAN_FROM (INT64_MIN + 1)
#define SPAN_TO INT64_MAX

/* The values of a field of this type that pass "op operand" at the time of env; the function is turned away from the field. */
struct span span_of(enum expr_type type, enum expr_function function, enum expr_op op, const struct expr_operand *o, const struct expr_env *env);
/* Of a comparison of two fields x, y: the differences x - y that pass. The operand is the shift of y. */
struct span span_between(enum expr_type type, enum expr_op op, const struct expr_operand *o);
int64_t unit_ms(enum expr_unit unit);                    /* 0 for those of the calendar */
static inline bool is_span_type(enum expr_type t) { return t <= EXPR_ID && t != EXPR_REAL; }

/* A text as it is compared: without the case of ASCII letters for EXPR_TEXT. In the arena when it changes. */
const char *expr_folded(struct arena *a, enum expr_type type, const char *text);
const char *expr_compared(struct arena *a, const struct expr_field *f, const char *text);        /* folded as the field says */
double expr_real(const struct expr_operand *o);
