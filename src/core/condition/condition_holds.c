/* From a row to the rows that a condition walks to, and its sealed values in the form in which they are compared. */
#include "core/condition/condition_holds.h"

#include "core/auth/auth.h"
#include "core/services.h"
#include "core/tag/tag.h"

/* Columns of the row alone: no other record, no sealed value, tag or custom field. */
static bool is_own(const struct expr_node *n)
{
	for (size_t i = 0; i < n->item_count; i++)
		if (!is_own(n->items[i]))
			return false;
	if (n->kind != EXPR_ATOM)
		return true;
	const struct expr_place *places[] = { &n->place, &n->other };
	for (size_t i = 0; i < 2; i++) {
		const struct expr_field *f = places[i]->field;
		if (f && (places[i]->row || f->type == EXPR_SEALED || f->type == EXPR_SET || condition_source(f)->custom))
			return false;
	}
	return true;
}

/* Of what is joined by "and", the parts that the row itself answers. */
static const struct expr_program *compile_own(struct arena *a, const struct expr *e)
{
	struct expr own = *e;
	struct expr_node all = *e->root;
	if (all.kind != EXPR_AND)
		return NULL;
	all.items = ARENA_ARRAY(a, struct expr_node *, e->root->item_count);
	all.item_count = 0;
	for (size_t i = 0; i < e->root->item_count; i++)
		if (is_own(e->root->items[i]))
			all.items[all.item_count++] = e->root->items[i];
	if (!all.item_count || all.item_count == e->root->item_count)
		return NULL;
	own.root = all.item_count == 1 ? all.items[0] : &all;
	return expr_compile(a, &own);
}

int condition_compile(struct ctx *c, struct arena *a, const struct record_model *m, const char *text, struct condition *out)
{
	*out = (struct condition){ .model = m };
	if (text_empty(text))
		return 0;
	struct ctx all = ctx_as_system(c);
	all.arena = a;
	TRY(condition_read(&all, m, "condition", arena_string(a, text), &out->tree));
	out->program = expr_compile(a, &out->tree);
	out->own = compile_own(a, &out->tree);
	return 0;
}

int subject_of(struct ctx *c, const struct record_model *m, const void *row, struct subject *out)
{
	*out = (struct subject){ .model = m, .row = row };
	return condition_env(c, &out->env);
}

/* Row `id` of a record, whoever asks: NULL when there is none. */
static int other_row(struct ctx *c, struct subject *s, const struct record_model *m, int64_t id, const void **row)
{
	*row = NULL;
	if (id <= 0)
		return 0;
	for (size_t i = 0; i < s->other_count; i++)
		if (s->others[i].model == m && s->others[i].id == id) {
			*row = s->others[i].row;
			return 0;
		}
	struct ctx all = ctx_as_system(c);
	void *found = arena_alloc(c->arena, m->record->table->row->size);
	bool there;
	TRY(record_look(&all, m->record, id, found, &there));
	*row = there ? found : NULL;
	if (s->other_count < SUBJECT_MOST_ROWS)
		s->others[s->other_count++] = (struct subject_row){ m, id, *row };
	return 0;
}

/* rows[i] is what rows[from]'s reference leads to; definitions of fields say which record that is. */
static int walk(struct ctx *c, const struct condition *k, struct subject *s, const void **rows, const struct record_model **models)
{
	rows[0] = s->row;
	models[0] = s->model;
	for (size_t i = 1; i < k->tree.row_count; i++) {
		const struct expr_row *step = &k->tree.rows[i];
		const struct condition_source *source = condition_source(step->field);
		models[i] = model_of(c, source->field->to);
		rows[i] = NULL;
		if (!rows[step->from])
			continue;
		const struct member *column = source->model->column[field_index(source->model, source->field->name)];
		TRY(other_row(c, s, models[i], *member_int(column, (void *)rows[step->from]), &rows[i]));
	}
	return 0;
}

static int fill_tags(struct ctx *c, const char *column, struct expr_set *set)
{
	struct tag_names words;
	TRY(tags_words(c, column, &words));
	*set = (struct expr_set){ words.at, words.n };
	return 0;
}

static int fill_set(struct ctx *c, const struct expr_place *place, const struct record_model *m, const void *row, struct expr_set *set)
{
	*set = (struct expr_set){ 0 };
	if (!row)
		return 0;
	if (condition_source(place->field)->field->kind == FIELD_TAGS)
		return fill_tags(c, *member_text(m->column[m->tags_field], (void *)row), set);
	struct slot slots[MOST_FIELDS_OF_RECORD];
	struct ctx all = ctx_as_system(c);
	TRY(record_slots(&all, m, row, OPENED, slots));
	const char *text = slots[field_index(m, place->field->name)].text, **one = ARENA_NEW(c->arena, const char *);
	if (text_empty(text))
		return 0;
	if (!place->field->normalise || place->field->normalise(c->arena, text, one) < 0)
		*one = text;
	*set = (struct expr_set){ one, 1 };
	return 0;
}

int condition_holds(struct ctx *c, const struct condition *k, struct subject *s, bool *holds)
{
	const void *rows[EXPR_MOST_ROWS];
	const struct record_model *models[EXPR_MOST_ROWS];
	struct expr_set sets[EXPR_MOST_SETS];
	*holds = true;
	if (!k->program)
		return 0;
	rows[0] = s->row;
	if (k->own && !expr_holds(expr_bind(c->arena, k->own, &s->env), rows, sets)) {
		*holds = false;
		return 0;
	}
	TRY(walk(c, k, s, rows, models));
	condition_cells(c->arena, &k->tree, rows);
	for (size_t i = 0; i < k->tree.set_count; i++) {
		const struct expr_place *place = &k->tree.sets[i];
		TRY(fill_set(c, place, models[place->row], rows[place->row], &sets[i]));
	}
	*holds = expr_holds(expr_bind(c->arena, k->program, &s->env), rows, sets);
	return 0;
}

int condition_store(struct ctx *c, const char *field, const char *record, const char **text)
{
	const struct record_model *m = registry_find(&c->services->registry, record ? record : "");
	struct expr e;
	if (text_empty(*text) || !m)
		return 0;
	TRY(condition_read(c, m, field, *text, &e));
	*text = expr_print(c->arena, &e);
	return 0;
}
