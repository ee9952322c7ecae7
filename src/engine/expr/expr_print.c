/* Tree to its canonical text, and whether two trees are the same. One blank between words, groups inside of groups in brackets,
 * quotes only around texts. */
#include <string.h>

#include "engine/expr/expr_private.h"

static void print_text(struct text *t, const char *s)
{
	text_char(t, '"');
	for (; *s; s++) {
		if (*s == '\n' || *s == '\t') {
			text_append(t, *s == '\n' ? "\\n" : "\\t");
			continue;
		}
		if (*s == '"' || *s == '\\')
			text_char(t, '\\');
		text_char(t, *s);
	}
	text_char(t, '"');
}

static void print_number(struct text *t, int64_t i, unsigned scale)
{
	uint64_t rest = i < 0 ? 0 - (uint64_t)i : (uint64_t)i, unit = 1;
	for (unsigned k = 0; k < scale; k++)
		unit *= 10;
	text_format(t, "%s%llu", i < 0 ? "-" : "", (unsigned long long)(rest / unit));
	if (scale)
		text_format(t, ".%0*llu", (int)scale, (unsigned long long)(rest % unit));
}

static void print_day(struct text *t, int64_t day)
{
	char s[16];
	day_format(day, s);
	text_append(t, s);
}

static void print_instant(struct text *t, time_ms at)
{
	char s[32];
	time_format(at, s);
	text_append(t, s);
}

void print_operand_bare(struct text *t, const struct expr_operand *o)
{
	switch (o->kind) {
	case OPERAND_NUMBER:   print_number(t, o->i, o->scale); break;
	case OPERAND_DURATION: text_format(t, "%lld%s", (long long)o->i, unit_text(o->unit)); break;
	case OPERAND_TEXT:     print_text(t, o->text); break;
	case OPERAND_NAME:     text_append(t, o->text); break;
	case OPERAND_WORD:     text_append(t, word_text(o->word)); break;
	case OPERAND_DAY:      print_day(t, o->i); break;
	case OPERAND_INSTANT:  print_instant(t, o->i); break;
	case OPERAND_FLAG:     text_append(t, o->i ? "true" : "false"); break;
	}
}

void print_operand(struct text *t, const struct expr_operand *o)
{
	print_operand_bare(t, o);
	if (may_shift(o) && o->shift)
		text_format(t, " %c %lld%s", o->shift < 0 ? '-' : '+', (long long)(o->shift < 0 ? -o->shift : o->shift), unit_text(o->unit));
}

static void print_values(struct text *t, const struct expr_node *n)
{
	bool list = n->op == ATOM_IN || n->op == ATOM_HAS_ANY || n->op == ATOM_HAS_ALL;
	text_append(t, list ? " (" : " ");
	for (size_t i = 0; i < n->value_count; i++) {
		text_append(t, i ? ", " : "");
		print_operand(t, &n->values[i]);
	}
	if (list)
		text_char(t, ')');
}

static void print_atom(struct text *t, const struct expr_node *n)
{
	static const char *const functions[] = { [FUNCTION_NONE] = "", [FUNCTION_AGE] = "age(", [FUNCTION_UNTIL] = "until(" };
	text_append(t, functions[n->function]);
	text_append(t, n->path);
	text_append(t, n->function == FUNCTION_NONE ? " " : ") ");
	text_append(t, op_word_of(n->op, n->negated)->word);
	if (n->op != ATOM_PRESENT)
		print_values(t, n);
}

static void print_node(struct text *t, const struct expr_node *n)
{
	switch (n->kind) {
	case EXPR_TRUE:
	case EXPR_FALSE:
		text_append(t, n->kind == EXPR_TRUE ? "true" : "false");
		return;
	case EXPR_ATOM:
		print_atom(t, n);
		return;
	case EXPR_NOT:
		text_append(t, "not (");
		print_node(t, n->items[0]);
		text_char(t, ')');
		return;
	case EXPR_AND:
	case EXPR_OR:
		break;
	}
	for (size_t i = 0; i < n->item_count; i++) {
		bool bracket = n->items[i]->kind == EXPR_AND || n->items[i]->kind == EXPR_OR;
		text_append(t, i == 0 ? "" : n->kind == EXPR_AND ? " and " : " or ");
		text_append(t, bracket ? "(" : "");
		print_node(t, n->items[i]);
		text_append(t, bracket ? ")" : "");
	}
}

const char *expr_print(struct arena *a, const struct expr *e)
{
	struct text t = text_in(a);
	print_node(&t, e->root);
	return text_end(&t);
}

/* ---- the same ---- */

static bool same_operand(const struct expr_operand *a, const struct expr_operand *b)
{
	bool shifted = may_shift(a) && a->shift;
	if (a->kind != b->kind || a->i != b->i || a->scale != b->scale || a->shift != b->shift || !text_equal(a->text, b->text))
		return false;
	if ((shifted || a->kind == OPERAND_DURATION) && a->unit != b->unit)
		return false;
	return a->kind != OPERAND_WORD || a->word == b->word;
}

static bool same_node(const struct expr_node *a, const struct expr_node *b)
{
	if (a->kind != b->kind || a->item_count != b->item_count)
		return false;
	for (size_t i = 0; i < a->item_count; i++)
		if (!same_node(a->items[i], b->items[i]))
			return false;
	if (a->kind != EXPR_ATOM)
		return true;
	if (!text_equal(a->path, b->path) || a->function != b->function || a->op != b->op || a->negated != b->negated)
		return false;
	if (a->value_count != b->value_count)
		return false;
	for (size_t i = 0; i < a->value_count; i++)
		if (!same_operand(&a->values[i], &b->values[i]))
			return false;
	return true;
}

bool expr_equal(const struct expr *a, const struct expr *b)
{
	return same_node(a->root, b->root);
}
