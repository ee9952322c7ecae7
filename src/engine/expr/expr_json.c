/* The tree as editors use it. Words inside of it (paths, operands) are read by the same code as those of a text, so there is no
 * tree that a text could not say. */
#include <string.h>

#include "engine/expr/expr_private.h"

struct value_form {
	const char *text, *value, *unit;        /* one of text and value */
	int64_t shift;
};

struct node_form {
	const char *op, *field, *function;
	struct list items, values;
};

static const struct shape node_shape;

static const struct member value_members[] = {
	MEMBER(struct value_form, text, text, .most = EXPR_MOST_TEXT, .flags = MEMBER_NULLABLE),
	MEMBER(struct value_form, value, code, .most = EXPR_MOST_TEXT, .flags = MEMBER_NULLABLE),
	MEMBER(struct value_form, shift, i64, .least = -1000000, .most = 1000000),
	MEMBER(struct value_form, unit, code, .most = 8, .flags = MEMBER_NULLABLE),
};
static const struct shape value_shape = SHAPE("expr_value", struct value_form, value_members);

static const struct member node_members[] = {
	MEMBER(struct node_form, op, code, .flags = MEMBER_REQUIRED, .most = 20),
	MEMBER(struct node_form, function, code, .most = 8, .flags = MEMBER_NULLABLE),
	MEMBER(struct node_form, field, code, .most = EXPR_MOST_TEXT, .flags = MEMBER_NULLABLE),
	MEMBER(struct node_form, values, list, .shape = &value_shape, .most = EXPR_MOST_IN_LIST),
	MEMBER(struct node_form, items, list, .shape = &node_shape, .most = EXPR_MOST_NODES),
};
static const struct shape node_shape = SHAPE("expr_node", struct node_form, node_members);

/* ---- in ---- */

struct reader {
	struct arena *arena;
	struct error *error;
};

static int refuse(struct reader *r, const char *at, const char *member, int code, const char *arg)
{
	return error_field(r->error, r->arena, arena_format(r->arena, "%s%s%s", at, *at ? "." : "", member), code, arg);
}

/* A whole text of the language: `read` must leave nothing. */
static int read_words(struct reader *r, const char *text, int (*read)(struct lexer *x, void *out), void *out, struct expr_faults *faults)
{
	struct lexer x;
	lexer_start(&x, r->arena, text, strlen(text), faults);
	TRY(x.failed);
	TRY(read(&x, out));
	return x.token.kind == TOKEN_END ? 0 : lexer_refuse(&x);
}

static int path_words(struct lexer *x, void *out)
{
	return parse_path(x, out);
}

static int operand_words(struct lexer *x, void *out)
{
	return parse_operand(x, out);
}

static int read_value(struct reader *r, const char *at, const struct value_form *v, struct expr_operand *out)
{
	struct expr_faults faults = { 0 };
	*out = (struct expr_operand){ .kind = OPERAND_TEXT, .text = v->text };
	if (!v->text == !v->value)
		return refuse(r, at, "value", ERR_FIELD_REQUIRED, NULL);
	if (v->value && read_words(r, v->value, operand_words, out, &faults) < 0)
		return refuse(r, at, "value", faults.list[0].code, faults.list[0].arg);
	out->at = 0;
	if (v->value && out->kind == OPERAND_TEXT)
		return refuse(r, at, "value", ERR_EXPR_SYNTAX, v->value);       /* a text goes in `text` */
	if (!v->shift)
		return 0;
	out->unit = v->unit ? unit_named(v->unit, strlen(v->unit)) : EXPR_NO_UNIT;
	out->shift = v->shift;
	if (!out->unit || !may_shift(out) || (out->unit >= EXPR_MONTHS && (v->shift > 1200 || v->shift < -1200)))
		return refuse(r, at, "shift", ERR_EXPR_NUMBER, v->unit);
	return 0;
}

static int read_function(struct reader *r, const char *at, const char *name, enum expr_function *out)
{
	*out = FUNCTION_NONE;
	if (text_empty(name))
		return 0;
	*out = !strcmp(name, "age") ? FUNCTION_AGE : FUNCTION_UNTIL;
	return *out == FUNCTION_AGE || !strcmp(name, "until") ? 0 : refuse(r, at, "function", ERR_FIELD_CHOICE, "age, until");
}

static int read_atom(struct reader *r, const char *at, const struct node_form *form, struct expr_node *n)
{
	struct expr_faults faults = { 0 };
	size_t i = 0;
	while (i < OP_WORD_COUNT && strcmp(op_words[i].word, form->op) != 0)
		i++;
	if (i == OP_WORD_COUNT)
		return refuse(r, at, "op", ERR_EXPR_SYNTAX, form->op);
	n->kind = EXPR_ATOM;
	n->op = op_words[i].op;
	n->negated = op_words[i].negated;
	bool many = n->op == ATOM_IN || n->op == ATOM_HAS_ANY || n->op == ATOM_HAS_ALL;
	if (form->items.n || (many ? form->values.n == 0 : form->values.n != (n->op != ATOM_PRESENT)))
		return refuse(r, at, "values", ERR_FIELD_REQUIRED, NULL);
	TRY(read_function(r, at, form->function, &n->function));
	if (!form->field || read_words(r, form->field, path_words, &n->path, &faults) < 0)
		return refuse(r, at, "field", form->field ? faults.list[0].code : ERR_FIELD_REQUIRED, faults.list[0].arg);
	n->value_count = form->values.n;
	n->values = ARENA_ARRAY(r->arena, struct expr_operand, n->value_count + 1);
	for (i = 0; i < n->value_count; i++) {
		const char *here = arena_format(r->arena, "%s%svalues[%zu]", at, *at ? "." : "", i);
		TRY(read_value(r, here, (const struct value_form *)form->values.at + i, &n->values[i]));
	}
	return 0;
}

static int read_node(struct reader *r, const char *at, const struct node_form *form, struct expr_node **out)
{
	static const struct { const char *word; enum expr_kind kind; } kinds[] = {
		{ "and", EXPR_AND }, { "or", EXPR_OR }, { "not", EXPR_NOT }, { "true", EXPR_TRUE }, { "false", EXPR_FALSE },
	};
	struct expr_node *n = *out = ARENA_NEW(r->arena, struct expr_node);
	size_t k = 0, count = form->items.n;
	while (k < 5 && strcmp(kinds[k].word, form->op) != 0)
		k++;
	if (k == 5)
		return read_atom(r, at, form, n);
	n->kind = kinds[k].kind;
	if (form->field || form->function || form->values.n || (is_group(n) ? count == 0 : count > 0) || (n->kind == EXPR_NOT && count != 1))
		return refuse(r, at, "items", ERR_FIELD_REQUIRED, NULL);
	n->item_count = count;
	n->items = ARENA_ARRAY(r->arena, struct expr_node *, count + 1);
	for (size_t i = 0; i < count; i++) {
		const char *here = arena_format(r->arena, "%s%sitems[%zu]", at, *at ? "." : "", i);
		TRY(read_node(r, here, (const struct node_form *)form->items.at + i, &n->items[i]));
	}
	if (count == 1 && n->kind != EXPR_NOT)
		*out = n->items[0];
	return 0;
}

int expr_json_read(struct arena *a, const char *json, size_t n, struct expr *out, struct error *e)
{
	struct reader r = { a, e };
	struct node_form form;
	struct expr_faults faults = { 0 };
	*out = (struct expr){ 0 };
	TRY(json_read(a, &node_shape, json, n, &form, NULL, e));
	TRY(read_node(&r, "", &form, &out->root));
	int fits = expr_fits(a, out, &faults);
	return fits < 0 ? error_set(e, a, fits, faults.list[0].arg) : 0;
}

/* ---- out ---- */

static void write_value(struct text *t, const struct expr_operand *o)
{
	if (o->kind == OPERAND_TEXT) {
		text_append(t, "{\"text\":");
		json_text(t, o->text);
	} else {
		struct text words = text_in(t->arena);
		print_operand_bare(&words, o);
		text_append(t, "{\"value\":");
		json_text(t, text_end(&words));
	}
	if (may_shift(o) && o->shift)
		text_format(t, ",\"shift\":%lld,\"unit\":\"%s\"", (long long)o->shift, unit_text(o->unit));
	text_char(t, '}');
}

static void write_atom(struct text *t, const struct expr_node *n)
{
	text_format(t, "{\"op\":\"%s\",", op_word_of(n->op, n->negated)->word);
	if (n->function != FUNCTION_NONE)
		text_format(t, "\"function\":\"%s\",", n->function == FUNCTION_AGE ? "age" : "until");
	text_append(t, "\"field\":");
	json_text(t, n->path);
	for (size_t i = 0; i < n->value_count; i++) {
		text_append(t, i ? "," : ",\"values\":[");
		write_value(t, &n->values[i]);
	}
	text_append(t, n->value_count ? "]}" : "}");
}

static void write_node(struct text *t, const struct expr_node *n)
{
	static const char *const words[] = { [EXPR_TRUE] = "true", [EXPR_FALSE] = "false", [EXPR_AND] = "and", [EXPR_OR] = "or", [EXPR_NOT] = "not" };
	if (n->kind == EXPR_ATOM) {
		write_atom(t, n);
		return;
	}
	text_format(t, "{\"op\":\"%s\"", words[n->kind]);
	for (size_t i = 0; i < n->item_count; i++) {
		text_append(t, i ? "," : ",\"items\":[");
		write_node(t, n->items[i]);
	}
	text_append(t, n->item_count ? "]}" : "}");
}

void expr_json_write(struct text *t, const struct expr *e)
{
	write_node(t, e->root);
}
