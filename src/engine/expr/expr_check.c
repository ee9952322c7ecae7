/* Names and types: each atom is held against the fields that may be named. Bare words become what the field makes of them (a choice,
 * a text, another field), and texts take the form in which they are stored. Every atom at fault is noted. */
#include <string.h>

#include "engine/expr/expr_private.h"

struct checker {
	struct arena *arena;
	struct expr *e;
	const struct expr_record *record;
	struct expr_faults *faults;
};

/* ---- names ---- */

static bool is_step(const struct expr_field *f, const char *step, size_t n)
{
	size_t m = strlen(f->name);
	if (m == n + 3 && !strcmp(f->name + n, "_id"))
		return !memcmp(f->name, step, n);
	return m == n && !memcmp(f->name, step, n) && (n < 3 || strcmp(f->name + n - 3, "_id") != 0);
}

static const struct expr_field *find_reference(const struct expr_record *r, const char *step, size_t n)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->fields[i].type == EXPR_ID && r->fields[i].to && is_step(&r->fields[i], step, n))
			return &r->fields[i];
	return NULL;
}

static const struct expr_field *find_field(const struct expr_record *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (!strcmp(r->fields[i].name, name))
			return &r->fields[i];
	return NULL;
}

/* The row that a reference leads to, made known when it is new; 0 when there are too many. */
static unsigned row_behind(struct expr *e, unsigned from, const struct expr_field *f)
{
	for (unsigned i = 1; i < e->row_count; i++)
		if (e->rows[i].from == from && e->rows[i].field == f)
			return i;
	if (e->row_count == EXPR_MOST_ROWS)
		return 0;
	e->rows[e->row_count] = (struct expr_row){ .field = f, .from = from };
	return (unsigned)e->row_count++;
}

static int find_place(struct checker *c, const char *path, uint32_t at, struct expr_place *out)
{
	const struct expr_record *r = c->record;
	const char *name = path, *dot;
	*out = (struct expr_place){ 0 };
	for (unsigned steps = 1; (dot = strchr(name, '.')); name = dot + 1, steps++) {
		const struct expr_field *f = find_reference(r, name, (size_t)(dot - name));
		if (!f)
			return expr_fault(c->arena, c->faults, ERR_EXPR_FIELD, at, path);
		out->row = row_behind(c->e, out->row, f);
		if (!out->row || steps == EXPR_MOST_STEPS)
			return expr_fault(c->arena, c->faults, ERR_EXPR_LIMIT, at, out->row ? "4" : "8");
		r = f->to;
	}
	out->field = find_field(r, name);
	return out->field ? 0 : expr_fault(c->arena, c->faults, ERR_EXPR_FIELD, at, path);
}

static int add_set(struct checker *c, struct expr_node *n)
{
	struct expr *e = c->e;
	for (n->set = 0; n->set < e->set_count; n->set++)
		if (e->sets[n->set].field == n->place.field && e->sets[n->set].row == n->place.row)
			return 0;
	if (e->set_count == EXPR_MOST_SETS)
		return expr_fault(c->arena, c->faults, ERR_EXPR_LIMIT, n->at, "16");
	e->sets[e->set_count++] = n->place;
	return 0;
}

/* ---- which operators a type has ---- */

#define BIT(op) (1u << (op))
#define ORDER (BIT(ATOM_LESS) | BIT(ATOM_AT_MOST) | BIT(ATOM_MORE) | BIT(ATOM_AT_LEAST))
#define IS (BIT(ATOM_EQUAL) | BIT(ATOM_PRESENT))

static unsigned ops_of(enum expr_type type)
{
	static const unsigned ops[] = {
		[EXPR_NUMBER] = IS | ORDER | BIT(ATOM_IN), [EXPR_REAL] = IS | ORDER, [EXPR_FLAG] = IS,
		[EXPR_TIME] = IS | ORDER | BIT(ATOM_IN), [EXPR_DAY] = IS | ORDER | BIT(ATOM_IN), [EXPR_ID] = IS | BIT(ATOM_IN),
		[EXPR_CHOICE] = IS | BIT(ATOM_IN), [EXPR_CODE] = IS | BIT(ATOM_IN) | BIT(ATOM_CONTAINS) | BIT(ATOM_STARTS),
		[EXPR_TEXT] = IS | BIT(ATOM_IN) | BIT(ATOM_CONTAINS) | BIT(ATOM_STARTS), [EXPR_SEALED] = BIT(ATOM_EQUAL) | BIT(ATOM_IN),
		[EXPR_SET] = BIT(ATOM_HAS_ANY) | BIT(ATOM_HAS_ALL) | BIT(ATOM_PRESENT),
	};
	return ops[type];
}

static bool may_ask(const struct expr_node *n)
{
	enum expr_type type = n->place.field->type;
	if (n->function != FUNCTION_NONE)
		return (type == EXPR_TIME || type == EXPR_DAY) && (ORDER & BIT(n->op));
	return ops_of(type) & BIT(n->op);
}

/* ---- operands ---- */

static bool is_calendar_unit(enum expr_unit unit)
{
	return unit >= EXPR_DAYS;
}

static bool is_of_person(enum expr_word w)
{
	return w >= WORD_ME;
}

/* A word of time fits: instants take all; days know no `now` and move by days. */
static bool word_fits(enum expr_type type, const struct expr_operand *o)
{
	if (type == EXPR_ID)
		return is_of_person(o->word);
	if (is_of_person(o->word) || (type != EXPR_TIME && type != EXPR_DAY))
		return false;
	if (o->word == WORD_NOW)
		return type == EXPR_TIME;
	return !o->shift || is_calendar_unit(o->unit);
}

static bool fits(enum expr_type type, const struct expr_node *n, const struct expr_operand *o)
{
	if (n->function != FUNCTION_NONE)
		return o->kind == OPERAND_DURATION && (type == EXPR_TIME || is_calendar_unit(o->unit));
	switch (o->kind) {
	case OPERAND_NUMBER:
		return (type == EXPR_NUMBER && !o->scale) || type == EXPR_REAL || (type == EXPR_ID && !o->scale && o->i > 0);
	case OPERAND_WORD:    return word_fits(type, o);
	case OPERAND_DAY:     return type == EXPR_DAY || type == EXPR_TIME;
	case OPERAND_INSTANT: return type == EXPR_TIME;
	case OPERAND_FLAG:    return type == EXPR_FLAG;
	default:              return false;
	}
}

/* Another field, in the row itself: of the same type, of the same record if it is a reference; moved by what is exact there. */
static int check_other(struct checker *c, struct expr_node *n, const struct expr_operand *o)
{
	enum expr_type type = n->place.field->type;
	TRY(find_place(c, o->text, o->at, &n->other));
	const struct expr_field *other = n->other.field;
	bool right = other->type == type && n->op != ATOM_IN && n->function == FUNCTION_NONE && is_span_type(type) && type != EXPR_FLAG && !other->apart && !n->place.field->apart;
	if (type == EXPR_ID)
		right = right && other->to == n->place.field->to;
	if (o->shift && type == EXPR_TIME)
		right = right && o->unit < EXPR_MONTHS;
	else if (o->shift)
		right = right && type == EXPR_DAY && (o->unit == EXPR_DAYS || o->unit == EXPR_WEEKS);
	return right ? 0 : expr_fault(c->arena, c->faults, ERR_EXPR_VALUE, o->at, n->path);
}

static const char *choices_of(struct arena *a, const struct choice *of)
{
	struct text t = text_in(a);
	for (const struct choice *k = of; k->value; k++)
		text_format(&t, "%s%s", k == of ? "" : ", ", k->value);
	return text_end(&t);
}

static bool is_bare(const char *s)
{
	enum expr_word word;
	bool letter = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || *s == '_';
	static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	return letter && strspn(s, name) == strlen(s) && !is_keyword(s) && !word_named(s, &word);
}

/* Texts: bare or quoted as they came, a choice goes on bare if it can be, everything else quoted and as it is stored. */
static int check_text(struct checker *c, struct expr_node *n, struct expr_operand *o)
{
	const struct expr_field *f = n->place.field;
	if ((o->kind != OPERAND_NAME && o->kind != OPERAND_TEXT) || o->shift || text_empty(o->text))
		return expr_fault(c->arena, c->faults, ERR_EXPR_VALUE, o->at, n->path);
	if (f->type == EXPR_CHOICE) {
		if (!choice_find(f->of, o->text))
			return expr_fault(c->arena, c->faults, ERR_FIELD_CHOICE, o->at, choices_of(c->arena, f->of));
		o->kind = is_bare(o->text) ? OPERAND_NAME : OPERAND_TEXT;
		return 0;
	}
	o->kind = OPERAND_TEXT;
	bool part = n->op == ATOM_CONTAINS || n->op == ATOM_STARTS;
	int r = f->normalise && !part ? f->normalise(c->arena, o->text, &o->text) : 0;
	if (r == 0 && (text_empty(o->text) || utf8_count(o->text) > EXPR_MOST_TEXT))
		r = ERR_EXPR_VALUE;
	return r < 0 ? expr_fault(c->arena, c->faults, r, o->at, n->path) : 0;
}

static int check_values(struct checker *c, struct expr_node *n)
{
	enum expr_type type = n->place.field->type;
	for (size_t i = 0; i < n->value_count; i++) {
		struct expr_operand *o = &n->values[i];
		if (type >= EXPR_CHOICE)
			TRY(check_text(c, n, o));
		else if (o->kind == OPERAND_NAME)
			TRY(check_other(c, n, o));
		else if (!fits(type, n, o))
			return expr_fault(c->arena, c->faults, ERR_EXPR_VALUE, o->at, n->path);
	}
	return 0;
}

static int check_atom(struct checker *c, struct expr_node *n)
{
	n->other = (struct expr_place){ 0 };
	TRY(find_place(c, n->path, n->at, &n->place));
	if (!may_ask(n))
		return expr_fault(c->arena, c->faults, ERR_EXPR_OPERATOR, n->at, n->path);
	TRY(check_values(c, n));
	return n->place.field->type >= EXPR_SEALED ? add_set(c, n) : 0;
}

static int check_node(struct checker *c, struct expr_node *n)
{
	int first = n->kind == EXPR_ATOM ? check_atom(c, n) : 0;
	for (size_t i = 0; i < n->item_count; i++) {
		int r = check_node(c, n->items[i]);
		first = first < 0 ? first : r;
	}
	return first;
}

int expr_check(struct arena *a, struct expr *e, const struct expr_record *record, struct expr_faults *faults)
{
	struct checker c = { a, e, record, faults };
	*faults = (struct expr_faults){ 0 };
	e->row_count = 1;
	e->set_count = 0;
	int r = check_node(&c, e->root);
	return r < 0 ? r : expr_fits(a, e, faults);
}
