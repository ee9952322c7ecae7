/* Tree to program: one step an atom, each with the step to go to when it is true and when it is false. `and`, `or` and `not` are
 * nothing but those two arrows, so nothing is looked at twice. Steps are made from the last to the first. */
#include <string.h>

#include "engine/expr/expr_program.h"

struct compiler {
	struct arena *arena;
	struct expr_program *p;
};

/* ---- room ---- */

static void count_atoms(const struct expr_node *n, size_t *atoms, size_t *values)
{
	*atoms += n->kind == EXPR_ATOM;
	*values += n->value_count + 1;
	for (size_t i = 0; i < n->item_count; i++)
		count_atoms(n->items[i], atoms, values);
}

/* ---- atoms ---- */

static enum step_code text_code(enum expr_type type, enum expr_op op)
{
	bool fold = type == EXPR_TEXT;
	switch (op) {
	case ATOM_PRESENT:  return STEP_TEXT_PRESENT;
	case ATOM_CONTAINS: return fold ? STEP_FOLD_CONTAINS : STEP_CODE_CONTAINS;
	case ATOM_STARTS:   return fold ? STEP_FOLD_STARTS : STEP_CODE_STARTS;
	default:            return fold ? STEP_FOLD : STEP_CODE;
	}
}

static enum step_code set_code(enum expr_op op)
{
	return op == ATOM_PRESENT ? STEP_SET_PRESENT : op == ATOM_HAS_ALL ? STEP_SET_ALL : STEP_SET_ANY;
}

static void use_texts(struct compiler *c, const struct expr_node *n, struct step *s)
{
	s->first = (uint32_t)c->p->text_count;
	s->count = (uint16_t)n->value_count;
	for (size_t i = 0; i < n->value_count; i++)
		c->p->texts[c->p->text_count++] = expr_compared(c->arena, n->place.field, n->values[i].text);
}

static void use_spans(struct compiler *c, const struct expr_node *n, struct step *s)
{
	s->first = (uint32_t)c->p->span_count;
	s->count = (uint16_t)(n->value_count ? n->value_count : 1);     /* `is none` has no value and one span */
	c->p->span_count += s->count;
}

static void use_real(struct compiler *c, const struct expr_node *n, struct step *s)
{
	s->code = n->op == ATOM_PRESENT ? STEP_REAL_PRESENT : STEP_REAL;
	s->op = (uint8_t)n->op;
	s->first = (uint32_t)c->p->real_count;
	if (n->value_count)
		c->p->reals[c->p->real_count++] = expr_real(&n->values[0]);
}

static uint16_t compile_atom(struct compiler *c, const struct expr_node *n, uint16_t yes, uint16_t no)
{
	const struct expr_field *f = n->place.field;
	uint16_t at = (uint16_t)c->p->step_count++;
	struct step *s = &c->p->steps[at];
	c->p->nodes[at] = n;
	*s = (struct step){ .none = (uint8_t)f->none, .row = (uint8_t)n->place.row, .offset = f->offset };
	s->yes = n->negated ? no : yes;
	s->no = n->negated ? yes : no;
	if (f->type >= EXPR_SEALED) {
		s->code = (uint8_t)set_code(n->op);
		s->row = (uint8_t)n->set;
		use_texts(c, n, s);
	} else if (f->type >= EXPR_CHOICE) {
		s->code = (uint8_t)text_code(f->type, n->op);
		use_texts(c, n, s);
	} else if (f->type == EXPR_REAL) {
		use_real(c, n, s);
	} else {
		s->code = n->other.field ? STEP_BETWEEN : STEP_SPAN;
		use_spans(c, n, s);
	}
	if (n->other.field) {
		s->other_row = (uint8_t)n->other.row;
		s->other_none = (uint8_t)n->other.field->none;
		s->other_offset = n->other.field->offset;
	}
	return at;
}

/* ---- groups ---- */

/* The step to begin with, so that `yes` is reached when the node is true, and `no` when it is false. */
static uint16_t compile(struct compiler *c, const struct expr_node *n, uint16_t yes, uint16_t no)
{
	switch (n->kind) {
	case EXPR_TRUE:  return yes;
	case EXPR_FALSE: return no;
	case EXPR_ATOM:  return compile_atom(c, n, yes, no);
	case EXPR_NOT:   return compile(c, n->items[0], no, yes);
	case EXPR_AND:
		for (size_t i = n->item_count; i-- > 0;)
			yes = compile(c, n->items[i], yes, no);
		return yes;
	case EXPR_OR:
		for (size_t i = n->item_count; i-- > 0;)
			no = compile(c, n->items[i], yes, no);
		return no;
	}
	return no;
}

struct expr_program *expr_compile(struct arena *a, const struct expr *e)
{
	size_t atoms = 0, values = 0;
	struct compiler c = { a, ARENA_NEW(a, struct expr_program) };
	count_atoms(e->root, &atoms, &values);
	c.p->steps = ARENA_ARRAY(a, struct step, atoms + 1);
	c.p->nodes = ARENA_ARRAY(a, const struct expr_node *, atoms + 1);
	c.p->texts = ARENA_ARRAY(a, const char *, values + 1);
	c.p->reals = ARENA_ARRAY(a, double, values + 1);
	c.p->start = compile(&c, e->root, STEP_HOLDS, STEP_FAILS);
	return c.p;
}

struct expr_bound *expr_bind(struct arena *a, const struct expr_program *p, const struct expr_env *env)
{
	struct expr_bound *b = arena_alloc(a, sizeof(*b) + p->span_count * sizeof(b->spans[0]));
	b->program = p;
	for (size_t i = 0; i < p->step_count; i++) {
		const struct step *s = &p->steps[i];
		const struct expr_node *n = p->nodes[i];
		for (size_t k = 0; k < s->count && (s->code == STEP_SPAN || s->code == STEP_BETWEEN); k++) {
			const struct expr_operand *o = n->value_count ? &n->values[k] : NULL;
			b->spans[s->first + k] = s->code == STEP_BETWEEN ? span_between(n->place.field->type, n->op, o)
			                                                 : span_of(n->place.field->type, n->function, n->op, o, env);
		}
	}
	return b;
}
