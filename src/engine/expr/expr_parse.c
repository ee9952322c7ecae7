/* Text to tree, by recursive descent: one function a line of the grammar. Brackets that hold one thing vanish, groups stay as they
 * were bracketed. The first fault ends it. */
#include <string.h>

#include "engine/expr/expr_private.h"

/* `not (…)` of a tree at its deepest takes two levels here for one there. */
enum { MOST_NESTING = 2 * EXPR_MOST_DEPTH + 2 };

struct parser {
	struct lexer x;
	struct expr *out;
	unsigned nesting;
	size_t nodes, values;
};

static struct expr_node *parse_or(struct parser *p);

/* What a function that gives a node returns when it has failed. */
static struct expr_node *failed(int code)
{
	return NULL;
}

static struct expr_node *new_node(struct parser *p, enum expr_kind kind, uint32_t at)
{
	if (++p->nodes > EXPR_MOST_NODES)
		return failed(lexer_fail(&p->x, ERR_EXPR_LIMIT, at, "200"));
	struct expr_node *n = ARENA_NEW(p->x.arena, struct expr_node);
	n->kind = kind;
	n->at = at;
	return n;
}

/* ---- operands ---- */

int parse_path(struct lexer *x, const char **out)
{
	struct text t = text_in(x->arena);
	uint32_t at = x->token.at;
	if (x->token.kind != TOKEN_NAME || is_keyword(x->token.text))
		return lexer_refuse(x);
	text_append(&t, x->token.text);
	lexer_next(x);
	while (lexer_takes(x, ".")) {
		if (x->token.kind != TOKEN_NAME)
			return lexer_refuse(x);
		text_format(&t, ".%s", x->token.text);
		lexer_next(x);
	}
	*out = text_end(&t);
	if (t.n > EXPR_MOST_TEXT && !x->failed)
		return lexer_fail(x, ERR_EXPR_LIMIT, at, "200");
	return x->failed;
}

bool may_shift(const struct expr_operand *o)
{
	return o->kind == OPERAND_NAME || (o->kind == OPERAND_WORD && o->word <= WORD_TOMORROW);
}

static int parse_name(struct lexer *x, struct expr_operand *out)
{
	if (lexer_takes(x, "true") || lexer_takes(x, "false")) {
		out->kind = OPERAND_FLAG;
		out->i = x->text[out->at] == 't';
		return x->failed;
	}
	out->kind = OPERAND_NAME;
	TRY(parse_path(x, &out->text));
	if (word_named(out->text, &out->word)) {
		out->kind = OPERAND_WORD;
		out->text = NULL;
	}
	return 0;
}

/* One operand without a shift. */
int parse_operand(struct lexer *x, struct expr_operand *out)
{
	static const enum expr_operand_kind kinds[] = {
		[TOKEN_NUMBER] = OPERAND_NUMBER, [TOKEN_DURATION] = OPERAND_DURATION, [TOKEN_TEXT] = OPERAND_TEXT,
		[TOKEN_DAY] = OPERAND_DAY, [TOKEN_INSTANT] = OPERAND_INSTANT,
	};
	*out = (struct expr_operand){ .at = x->token.at };
	if (x->token.kind == TOKEN_NAME)
		return parse_name(x, out);
	bool minus = lexer_takes(x, "-");
	const struct token *k = &x->token;
	if (k->kind == TOKEN_END || k->kind == TOKEN_SIGN || k->kind == TOKEN_NAME || (minus && k->kind != TOKEN_NUMBER))
		return lexer_refuse(x);
	out->kind = kinds[k->kind];
	out->i = minus ? -k->i : k->i;
	out->scale = k->scale;
	out->unit = k->unit;
	out->text = k->kind == TOKEN_TEXT ? k->text : NULL;
	lexer_next(x);
	return x->failed;
}

static int parse_shift(struct lexer *x, struct expr_operand *o)
{
	bool minus = lexer_takes(x, "-");
	if (!minus && !lexer_takes(x, "+"))
		return 0;
	if (x->token.kind != TOKEN_DURATION || !may_shift(o) || x->token.i == 0)
		return lexer_refuse(x);
	o->shift = minus ? -x->token.i : x->token.i;
	o->unit = x->token.unit;
	lexer_next(x);
	return x->failed;
}

static int parse_value(struct parser *p, struct expr_node *n)
{
	if (++p->values > EXPR_MOST_VALUES || n->value_count == EXPR_MOST_IN_LIST)
		return lexer_fail(&p->x, ERR_EXPR_LIMIT, p->x.token.at, n->value_count == EXPR_MOST_IN_LIST ? "50" : "500");
	struct expr_operand *o = &n->values[n->value_count++];
	TRY(parse_operand(&p->x, o));
	return parse_shift(&p->x, o);
}

/* "(" values ")", or one word alone: in this_week. */
static int parse_list(struct parser *p, struct expr_node *n)
{
	struct expr_operand list[EXPR_MOST_IN_LIST];
	n->values = list;
	if (!lexer_takes(&p->x, "(")) {
		if (p->x.token.kind != TOKEN_NAME)
			return lexer_refuse(&p->x);
		TRY(parse_value(p, n));
	} else {
		do
			TRY(parse_value(p, n));
		while (lexer_takes(&p->x, ","));
		if (!lexer_takes(&p->x, ")"))
			return lexer_refuse(&p->x);
	}
	n->values = arena_copy(p->x.arena, list, n->value_count * sizeof(*list));
	return p->x.failed;
}

/* ---- atoms ---- */

/* The operator: one token, or two that belong together. */
static int parse_op(struct parser *p, struct expr_node *n)
{
	struct lexer *x = &p->x;
	const struct token first = x->token;
	const char *word = first.kind == TOKEN_SIGN ? first.sign : first.kind == TOKEN_NAME ? first.text : "";
	lexer_next(x);
	if (!strcmp(word, "is"))
		word = lexer_takes(x, "not") ? "is not none" : "is none";
	else if ((!strcmp(word, "not") || !strcmp(word, "has")) && x->token.kind == TOKEN_NAME)
		word = arena_format(x->arena, "%s %s", word, x->token.text);
	for (size_t i = 0; i < OP_WORD_COUNT; i++) {
		if (strcmp(op_words[i].word, word) != 0)
			continue;
		n->op = op_words[i].op;
		n->negated = op_words[i].negated;
		if (n->op == ATOM_PRESENT && (x->token.kind != TOKEN_NAME || strcmp(x->token.text, "none") != 0))
			return lexer_refuse(x);
		if (strchr(word, ' '))
			lexer_next(x);
		return x->failed;
	}
	if (x->failed)
		return x->failed;
	x->token = first;
	return lexer_refuse(x);
}

static int parse_term(struct parser *p, struct expr_node *n)
{
	struct lexer *x = &p->x;
	TRY(parse_path(x, &n->path));
	bool age = !strcmp(n->path, "age");
	if ((!age && strcmp(n->path, "until") != 0) || !lexer_takes(x, "("))
		return 0;
	n->function = age ? FUNCTION_AGE : FUNCTION_UNTIL;
	TRY(parse_path(x, &n->path));
	return lexer_takes(x, ")") ? x->failed : lexer_refuse(x);
}

static bool takes_list(enum expr_op op)
{
	return op == ATOM_IN || op == ATOM_HAS_ANY || op == ATOM_HAS_ALL;
}

static struct expr_node *parse_atom(struct parser *p)
{
	uint32_t at = p->x.token.at;
	struct expr_node *n = new_node(p, EXPR_ATOM, at);
	if (!n)
		return NULL;
	if (lexer_takes(&p->x, "true") || lexer_takes(&p->x, "false")) {
		n->kind = p->x.text[at] == 't' ? EXPR_TRUE : EXPR_FALSE;
		return n;
	}
	if (parse_term(p, n) < 0 || parse_op(p, n) < 0)
		return NULL;
	if (n->op == ATOM_PRESENT)
		return n;
	if (takes_list(n->op))
		return parse_list(p, n) < 0 ? NULL : n;
	n->values = ARENA_NEW(p->x.arena, struct expr_operand);
	return parse_value(p, n) < 0 ? NULL : n;
}

/* ---- groups ---- */

static struct expr_node *parse_not(struct parser *p)
{
	uint32_t at = p->x.token.at;
	bool negates = lexer_takes(&p->x, "not");
	if (!negates && !lexer_takes(&p->x, "("))
		return parse_atom(p);
	if (++p->nesting > MOST_NESTING)
		return failed(lexer_fail(&p->x, ERR_EXPR_LIMIT, at, "12"));
	struct expr_node *n = negates ? new_node(p, EXPR_NOT, at) : NULL;
	struct expr_node *inner = negates ? parse_not(p) : parse_or(p);
	p->nesting--;
	if (!inner || (negates && !n))
		return NULL;
	if (!negates)
		return lexer_takes(&p->x, ")") ? inner : failed(lexer_refuse(&p->x));
	n->items = arena_copy(p->x.arena, &inner, sizeof(struct expr_node *));
	n->item_count = 1;
	return n;
}

/* One item, or a group of those that `word` joins. */
static struct expr_node *parse_group(struct parser *p, enum expr_kind kind, const char *word, struct expr_node *(*item)(struct parser *))
{
	uint32_t at = p->x.token.at;
	struct expr_node *first = item(p), *list[EXPR_MOST_NODES];
	if (!first || !lexer_takes(&p->x, word))
		return p->x.failed ? NULL : first;
	struct expr_node *n = new_node(p, kind, at);
	size_t count = 0;
	list[count++] = first;
	do {
		struct expr_node *next = n && count < EXPR_MOST_NODES ? item(p) : NULL;
		if (!next)
			return NULL;
		list[count++] = next;
	} while (lexer_takes(&p->x, word));
	n->items = arena_copy(p->x.arena, list, count * sizeof(*list));
	n->item_count = count;
	return p->x.failed ? NULL : n;
}

static struct expr_node *parse_and(struct parser *p)
{
	return parse_group(p, EXPR_AND, "and", parse_not);
}

static struct expr_node *parse_or(struct parser *p)
{
	return parse_group(p, EXPR_OR, "or", parse_and);
}

int expr_parse(struct arena *a, const char *text, size_t n, struct expr *out, struct expr_faults *faults)
{
	struct parser p = { .out = out };
	*out = (struct expr){ 0 };
	*faults = (struct expr_faults){ 0 };
	if (n > EXPR_MOST_BYTES)
		return expr_fault(a, faults, ERR_EXPR_LIMIT, 0, "8000");
	lexer_start(&p.x, a, text, n, faults);
	out->root = parse_or(&p);
	if (p.x.failed)
		return p.x.failed;
	if (p.x.token.kind != TOKEN_END)
		return lexer_refuse(&p.x);
	return expr_fits(a, out, faults);
}

/* ---- limits of a whole tree ---- */

struct size {
	size_t nodes, values;
};

static unsigned depth_of(const struct expr_node *n, struct size *size)
{
	unsigned deepest = 0;
	size->nodes++;
	size->values += n->value_count;
	for (size_t i = 0; i < n->item_count; i++) {
		unsigned depth = depth_of(n->items[i], size);
		deepest = depth > deepest ? depth : deepest;
	}
	return is_group(n) ? deepest + 1 : 0;
}

int expr_fits(struct arena *a, const struct expr *e, struct expr_faults *faults)
{
	struct size size = { 0 };
	unsigned depth = depth_of(e->root, &size);
	if (depth > EXPR_MOST_DEPTH)
		return expr_fault(a, faults, ERR_EXPR_LIMIT, 0, "12");
	if (size.nodes > EXPR_MOST_NODES || size.values > EXPR_MOST_VALUES)
		return expr_fault(a, faults, ERR_EXPR_LIMIT, 0, size.nodes > EXPR_MOST_NODES ? "200" : "500");
	struct arena_mark mark = arena_mark(a);
	bool long_text = strlen(expr_print(a, e)) > EXPR_MOST_BYTES;
	arena_rewind(a, mark);
	return long_text ? expr_fault(a, faults, ERR_EXPR_LIMIT, 0, "8000") : 0;
}
