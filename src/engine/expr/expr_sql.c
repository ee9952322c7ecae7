/* Tree to SQL, pushed down to the atoms: "not" turns and/or into one another and asks each atom for its opposite. A positive atom may
 * come out unknown where SQL has NULL, which is as good as false there; a negated one never does. Columns stand bare on their side of
 * the operator, so an index on them serves. */
#include <string.h>

#include "engine/expr/expr_private.h"

struct writer {
	struct arena *arena;
	const struct expr *e;
	const struct expr_env *env;
	struct expr_sql *s;
};

/* ---- small parts ---- */

static void put(struct writer *w, const char *text)
{
	text_append(w->s->sql, text);
}

static void put_int(struct writer *w, int64_t i)
{
	w->s->bind(w->s, &(struct expr_value){ .kind = KIND_INT, .i = i });
}

static void put_text(struct writer *w, const char *text)
{
	w->s->bind(w->s, &(struct expr_value){ .kind = KIND_TEXT, .text = text });
}

static const char *alias_of(struct writer *w, unsigned row)
{
	return row ? arena_format(w->arena, "e%u", row) : w->s->alias;
}

static const char *column_of(struct writer *w, const struct expr_place *p)
{
	return arena_format(w->arena, "%s.%s", p->field->apart ? "v" : alias_of(w, p->row), p->field->column ? p->field->column : p->field->name);
}

/* ---- integers ---- */

/* Values of the column that mean "none" and lie in the span. */
static void cut_out_none(struct writer *w, const struct expr_field *f, const char *column, struct span s)
{
	if ((f->none & EXPR_NONE_ZERO) && s.first <= 0 && s.last >= 0)
		text_format(w->s->sql, " AND %s <> 0", column);
	if ((f->none & EXPR_NONE_FAR) && s.first <= FAR_FUTURE_MS && s.last >= FAR_FUTURE_MS)
		text_format(w->s->sql, " AND %s <> %lld", column, (long long)FAR_FUTURE_MS);
}

static bool is_none(const struct expr_field *f, int64_t i)
{
	return (i == 0 && (f->none & EXPR_NONE_ZERO)) || (i == FAR_FUTURE_MS && (f->none & EXPR_NONE_FAR));
}

static void put_span(struct writer *w, const struct expr_field *f, const char *column, struct span s)
{
	put(w, column);
	if (s.first == SPAN_FROM && s.last == SPAN_TO) {
		put(w, " IS NOT NULL");
	} else if (s.first == SPAN_FROM || s.last == SPAN_TO) {
		put(w, s.first == SPAN_FROM ? " <= " : " >= ");
		put_int(w, s.first == SPAN_FROM ? s.last : s.first);
	} else {
		put(w, " BETWEEN ");
		put_int(w, s.first);
		put(w, " AND ");
		put_int(w, s.last);
	}
	cut_out_none(w, f, column, s);
}

static void put_points(struct writer *w, const char *column, const struct span *points, size_t n)
{
	text_format(w->s->sql, n == 1 ? "%s = " : "%s IN (", column);
	for (size_t i = 0; i < n; i++) {
		put(w, i ? ", " : "");
		put_int(w, points[i].first);
	}
	put(w, n == 1 ? "" : ")");
}

/* Points in one IN, which an index can serve, spans beside it. */
static void put_spans(struct writer *w, const struct expr_node *n)
{
	const struct expr_field *f = n->place.field;
	const char *column = column_of(w, &n->place);
	struct span points[EXPR_MOST_IN_LIST], spans[EXPR_MOST_IN_LIST];
	size_t count = n->value_count ? n->value_count : 1, point_count = 0, span_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct span s = span_of(f->type, n->function, n->op, n->value_count ? &n->values[i] : NULL, w->env);
		if (s.first == s.last && !is_none(f, s.first))
			points[point_count++] = s;
		else if (s.first < s.last)
			spans[span_count++] = s;
	}
	put(w, point_count || span_count ? "(" : "(1 = 0");
	if (point_count)
		put_points(w, column, points, point_count);
	for (size_t i = 0; i < span_count; i++) {
		put(w, point_count || i ? " OR " : "");
		put_span(w, f, column, spans[i]);
	}
	put(w, ")");
}

static const char *const signs[] = { [ATOM_EQUAL] = "=", [ATOM_LESS] = "<", [ATOM_AT_MOST] = "<=", [ATOM_MORE] = ">", [ATOM_AT_LEAST] = ">=" };

/* Two fields. A difference is taken of instants and days only, which cannot overflow. */
static void put_between(struct writer *w, const struct expr_node *n)
{
	const char *x = column_of(w, &n->place), *y = column_of(w, &n->other);
	int64_t shift = span_between(n->place.field->type, ATOM_EQUAL, &n->values[0]).first;
	struct span all = { SPAN_FROM, SPAN_TO };
	if (shift) {
		text_format(w->s->sql, "(%s - %s %s ", x, y, signs[n->op]);
		put_int(w, shift);
	} else {
		text_format(w->s->sql, "(%s %s %s", x, signs[n->op], y);
	}
	cut_out_none(w, n->place.field, x, all);
	cut_out_none(w, n->other.field, y, all);
	put(w, ")");
}

static void put_real(struct writer *w, const struct expr_node *n)
{
	const char *column = column_of(w, &n->place);
	if (n->op == ATOM_PRESENT) {
		text_format(w->s->sql, "(%s IS NOT NULL)", column);
		return;
	}
	text_format(w->s->sql, "(%s %s ", column, signs[n->op]);
	w->s->bind(w->s, &(struct expr_value){ .kind = KIND_REAL, .real = expr_real(&n->values[0]) });
	put(w, ")");
}

/* ---- texts ---- */

static void put_part(struct writer *w, const struct expr_node *n, const char *column)
{
	const char *text = expr_folded(w->arena, n->place.field->type, n->values[0].text);
	if (n->op == ATOM_CONTAINS) {
		text_format(w->s->sql, "(%s(%s, ", w->s->dialect == EXPR_SQLITE ? "instr" : "strpos", column);
		put_text(w, text);
		put(w, ") > 0)");
		return;
	}
	text_format(w->s->sql, "(substr(%s, 1, %zu) = ", column, utf8_count(text));
	put_text(w, text);
	put(w, ")");
}

static void put_texts(struct writer *w, const struct expr_node *n)
{
	const struct expr_field *f = n->place.field;
	const char *column = column_of(w, &n->place);
	if (n->op == ATOM_PRESENT) {
		text_format(w->s->sql, "(%s <> '')", column);
		return;
	}
	if (f->type == EXPR_TEXT && !f->apart)
		column = arena_format(w->arena, "lower(%s)", column);
	if (n->op == ATOM_CONTAINS || n->op == ATOM_STARTS) {
		put_part(w, n, column);
		return;
	}
	bool one = n->value_count == 1;
	text_format(w->s->sql, one ? "(%s = " : "(%s IN (", column);
	for (size_t i = 0; i < n->value_count; i++) {
		put(w, i ? ", " : "");
		put_text(w, expr_folded(w->arena, f->type, n->values[i].text));
	}
	put(w, one ? ")" : "))");
}

static void put_set(struct writer *w, const struct expr_node *n)
{
	const char *texts[EXPR_MOST_IN_LIST];
	enum expr_op op = n->op == ATOM_EQUAL || n->op == ATOM_IN ? ATOM_HAS_ANY : n->op;
	for (size_t i = 0; i < n->value_count; i++)
		texts[i] = expr_compared(w->arena, n->place.field, n->values[i].text);
	w->s->has(w->s, n->place.field, alias_of(w, n->place.row), op, texts, n->value_count);
}

/* ---- atoms ---- */

static void put_positive(struct writer *w, const struct expr_node *n)
{
	enum expr_type type = n->place.field->type;
	if (type >= EXPR_SEALED)
		put_set(w, n);
	else if (type >= EXPR_CHOICE)
		put_texts(w, n);
	else if (type == EXPR_REAL)
		put_real(w, n);
	else if (n->other.field)
		put_between(w, n);
	else
		put_spans(w, n);
}

/* Opens the row and those on the way to it that are not open yet; returns how many brackets are to be closed. */
static size_t open_rows(struct writer *w, unsigned row, unsigned *open)
{
	if (row == 0 || (*open >> row & 1))
		return 0;
	const struct expr_row *r = &w->e->rows[row];
	size_t brackets = open_rows(w, r->from, open);
	w->s->open(w->s, r->field, alias_of(w, r->from), alias_of(w, row));
	put(w, " AND ");
	*open |= 1u << row;
	return brackets + 1;
}

static bool may_be_null(const struct expr_node *n)
{
	return n->place.field->type < EXPR_SEALED && (n->place.field->nullable || (n->other.field && n->other.field->nullable));
}

static void put_null_guard(struct writer *w, const struct expr_place *p)
{
	if (p->field && p->field->nullable)
		text_format(w->s->sql, "%s IS NULL OR ", column_of(w, p));
}

static void put_atom(struct writer *w, const struct expr_node *n, bool positive)
{
	unsigned open = 0;
	bool far = n->place.row || n->other.row, guarded = !positive && !far && may_be_null(n);
	put(w, guarded ? "(" : "");
	if (guarded) {
		put_null_guard(w, &n->place);
		put_null_guard(w, &n->other);
	}
	put(w, positive ? "" : "NOT ");
	size_t brackets = open_rows(w, n->place.row, &open);
	brackets += open_rows(w, n->other.row, &open);
	if (n->place.field->apart) {
		w->s->apart(w->s, n->place.field, alias_of(w, n->place.row));
		put(w, " AND ");
		brackets++;
	}
	put_positive(w, n);
	while (brackets--)
		put(w, ")");
	put(w, guarded ? ")" : "");
}

static void put_node(struct writer *w, const struct expr_node *n, bool positive)
{
	switch (n->kind) {
	case EXPR_TRUE:
	case EXPR_FALSE:
		put(w, (n->kind == EXPR_TRUE) == positive ? "(1 = 1)" : "(1 = 0)");
		return;
	case EXPR_ATOM:
		put_atom(w, n, positive != n->negated);
		return;
	case EXPR_NOT:
		put_node(w, n->items[0], !positive);
		return;
	case EXPR_AND:
	case EXPR_OR:
		break;
	}
	put(w, "(");
	for (size_t i = 0; i < n->item_count; i++) {
		put(w, i == 0 ? "" : (n->kind == EXPR_AND) == positive ? " AND " : " OR ");
		put_node(w, n->items[i], positive);
	}
	put(w, ")");
}

void expr_sql(struct arena *a, const struct expr *e, const struct expr_env *env, struct expr_sql *s)
{
	struct writer w = { a, e, env, s };
	put_node(&w, e->root, true);
}
