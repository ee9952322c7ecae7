/* A list's condition in the language of engine/expr, as SQL. What an index may serve stands with the conditions of the filter, the
 * rest looks through a bounded number of rows. A record that the reader may not see leads nowhere, as one that is not there. */
#include <string.h>

#include "core/auth/auth.h"
#include "core/list/list_private.h"

/* ---- what an index may serve ---- */

static bool has_index(const struct expr_field *f)
{
	const struct field *field = condition_source(f)->field;
	return !field || field->index || field->sort || field->unique || field_has_lookup(field);
}

static bool is_fast(const struct expr_node *n)
{
	if (n->kind != EXPR_ATOM || n->negated || n->place.row || n->other.field)
		return false;
	return n->op != ATOM_CONTAINS && n->op != ATOM_STARTS && n->op != ATOM_PRESENT && has_index(n->place.field);
}

static struct expr_node *joined(struct arena *a, struct expr_node **items, size_t n)
{
	if (n < 2)
		return n ? items[0] : NULL;
	struct expr_node *all = ARENA_NEW(a, struct expr_node);
	*all = (struct expr_node){ .kind = EXPR_AND, .items = items, .item_count = n };
	return all;
}

/* "One of" over a few values of a `split` field goes the way of the filter, one index range a value. */
static bool is_split(struct builder *b, const struct expr_node *n)
{
	const struct field *f = condition_source(n->place.field)->field;
	if (!f || !f->split || n->place.field->type != EXPR_CHOICE || b->condition_count == MOST_CONDITIONS)
		return false;
	struct condition *k = &b->conditions[b->condition_count++];
	size_t i = field_index(b->m, f->name);
	*k = (struct condition){ .field = i, .column = b->m->column[i], .operator = OP_IN, .count = n->value_count, .indexed = true };
	k->values = ARENA_ARRAY(b->c->arena, struct slot, n->value_count);
	for (i = 0; i < n->value_count; i++)
		k->values[i].text = n->values[i].text;
	return true;
}

/* Divides what must hold at once. */
static void divide(struct builder *b, const struct expr *e, struct divided *out)
{
	struct expr_node *root = e->root, **items = root->kind == EXPR_AND ? root->items : &root;
	size_t n = root->kind == EXPR_AND ? root->item_count : 1, fast = 0, slow = 0;
	struct expr_node **of_index = ARENA_ARRAY(b->c->arena, struct expr_node *, n), **others = ARENA_ARRAY(b->c->arena, struct expr_node *, n);
	for (size_t i = 0; i < n; i++)
		if (!is_fast(items[i]))
			others[slow++] = items[i];
		else if (!is_split(b, items[i]))
			of_index[fast++] = items[i];
	out->fast = out->slow = *e;
	out->fast.root = joined(b->c->arena, of_index, fast);
	out->slow.root = joined(b->c->arena, others, slow);
}

int read_where(struct builder *b, const char *text)
{
	struct expr e;
	if (text_empty(text))
		return 0;
	TRY(condition_read(b->c, b->m, "condition", text, &e));
	TRY(condition_env(b->c, &b->env));
	divide(b, &e, &b->where);
	return 0;
}

/* ---- SQL ---- */

static void put_value(struct expr_sql *s, const struct expr_value *v)
{
	struct db_value value = { .kind = v->kind, .i = v->i, .real = v->real };
	if (v->kind == KIND_TEXT)
		value.b = (struct bytes){ (const uint8_t *)v->text, strlen(v->text) };
	bind_one(s->self, value);
}

static void open_reference(struct expr_sql *s, const struct expr_field *reference, const char *outer, const char *inner)
{
	struct builder *b = s->self;
	const struct record_model *m = model_of(b->c, condition_source(reference)->field->to);
	text_format(s->sql, "EXISTS (SELECT 1 FROM %s %s WHERE %s.tenant = ", m->record->table->name, inner, inner);
	bind_int(b, b->c->tenant);
	text_format(s->sql, " AND %s.id = %s.%s", inner, outer, reference->name);
	add_scope(b, m, inner);
}

/* Where it may find the rows, all of a value are asked for at once, by its index; elsewhere the value of each row that is looked at. */
static void open_apart(struct expr_sql *s, const struct expr_field *f, const char *alias)
{
	struct builder *b = s->self;
	const struct custom *k = condition_source(f)->custom;
	if (b->driving)
		text_format(s->sql, "%s.id IN (SELECT v.object_id FROM %s v WHERE v.tenant = ", alias, custom_table(k->kind));
	else
		text_format(s->sql, "EXISTS (SELECT 1 FROM %s v WHERE v.object_id = %s.id AND v.tenant = ", custom_table(k->kind), alias);
	bind_int(b, b->c->tenant);
	text_append(s->sql, " AND v.field_id = ");
	bind_int(b, k->id);
}

/* The tags that these names stand for, under whatever name a row has them. */
static void put_tags(struct builder *b, const char *const *texts, size_t n)
{
	text_append(&b->sql, "(SELECT g.id FROM tag w JOIN tag g ON g.tenant = w.tenant AND g.stands_for = w.stands_for WHERE w.tenant = ");
	bind_int(b, b->c->tenant);
	text_append(&b->sql, " AND w.folded IN (");
	for (size_t i = 0; i < n; i++) {
		text_append(&b->sql, i ? ", " : "");
		bind_one(b, (struct db_value){ .kind = KIND_TEXT, .b = { (const uint8_t *)texts[i], strlen(texts[i]) } });
	}
	text_append(&b->sql, "))");
}

/* As with values that lie apart: by the index of the tag where that may find the rows, else by the row. */
static void has_tag(struct builder *b, const struct record_model *m, const char *alias, const char *const *texts, size_t n)
{
	if (b->driving)
		text_format(&b->sql, "%s.id IN (SELECT u.object_id FROM tag_use u WHERE u.object = '%s' AND u.tenant = ", alias, m->record->name);
	else
		text_format(&b->sql, "EXISTS (SELECT 1 FROM tag_use u WHERE u.object_id = %s.id AND u.tenant = ", alias);
	bind_int(b, b->c->tenant);
	text_append(&b->sql, " AND u.tag_id IN ");
	put_tags(b, texts, n);
	text_char(&b->sql, ')');
}

static void has_tags(struct builder *b, const struct condition_source *source, const char *alias, enum expr_op op, const char *const *texts, size_t n)
{
	if (op == ATOM_PRESENT) {
		text_format(&b->sql, "(%s.%s <> '')", alias, source->field->name);
		return;
	}
	if (op == ATOM_HAS_ANY) {
		has_tag(b, source->model, alias, texts, n);
		return;
	}
	text_char(&b->sql, '(');
	for (size_t i = 0; i < n; i++) {
		text_append(&b->sql, i ? " AND " : "");
		has_tag(b, source->model, alias, &texts[i], 1);
	}
	text_char(&b->sql, ')');
}

static void has_text(struct expr_sql *s, const struct expr_field *f, const char *alias, enum expr_op op, const char *const *texts, size_t n)
{
	const struct condition_source *source = condition_source(f);
	if (source->field->kind == FIELD_TAGS) {
		has_tags(s->self, source, alias, op, texts, n);
		return;
	}
	add_lookup(s->self, source->model, source->field->kind, alias, texts, n);
}

void add_where(struct builder *b, const struct expr *part, const char *alias)
{
	if (!part->root)
		return;
	struct expr_sql s = {
		.dialect = db_engine_of(b->c->db) == DB_SQLITE ? EXPR_SQLITE : EXPR_POSTGRESQL, .sql = &b->sql, .alias = alias, .self = b,
		.bind = put_value, .open = open_reference, .apart = open_apart, .has = has_text,
	};
	text_append(&b->sql, " AND ");
	b->driving = part == &b->where.fast;
	expr_sql(b->c->arena, part, &b->env, &s);
	b->driving = false;
}

/* ---- row conditions of the role ---- */

/* What they refer to is asked for nothing further. */
static void open_anything(struct expr_sql *s, const struct expr_field *reference, const char *outer, const char *inner)
{
	struct builder *b = s->self;
	text_format(s->sql, "EXISTS (SELECT 1 FROM %s %s WHERE %s.tenant = ", condition_source(reference)->field->to->table->name, inner, inner);
	bind_int(b, b->c->tenant);
	text_format(s->sql, " AND %s.id = %s.%s", inner, outer, reference->name);
}

static void add_rule(struct builder *b, const struct expr *e, const char *alias)
{
	struct expr_sql s = {
		.dialect = db_engine_of(b->c->db) == DB_SQLITE ? EXPR_SQLITE : EXPR_POSTGRESQL, .sql = &b->sql, .alias = alias, .self = b,
		.bind = put_value, .open = open_anything, .apart = open_apart,
	};
	text_append(&b->sql, " AND ");
	expr_sql(b->c->arena, e, &b->env, &s);
}

/* Inside of a condition's own e1, e2, … the rule would open rows of the same names: there it is asked of the row by its id. */
static void add_whole_rule(struct builder *b, const struct narrowing_rule *r, const char *alias)
{
	if (!r->e.root) {
		text_append(&b->sql, " AND 1 = 0");
	} else if (*alias != 'e') {
		add_rule(b, &r->e, alias);
	} else {
		text_format(&b->sql, " AND EXISTS (SELECT 1 FROM %s n WHERE n.tenant = ", r->m->record->table->name);
		bind_int(b, b->c->tenant);
		text_format(&b->sql, " AND n.id = %s.id", alias);
		add_rule(b, &r->e, "n");
		text_char(&b->sql, ')');
	}
}

void add_narrowing(struct builder *b, const struct record_model *m, const char *alias)
{
	size_t at = 0;
	if (b->rules && m == b->m && *alias == 't')
		return;         /* add_rules() has them in two parts */
	for (const struct narrowing_rule *r; (r = narrowing_next(b->c, m, &at));)
		add_whole_rule(b, r, alias);
}

int read_rules(struct builder *b)
{
	const struct narrowing *all = b->c->auth ? b->c->auth->narrowing : NULL;
	size_t at = 0;
	if (!all)
		return 0;
	TRY(condition_env(b->c, &b->env));
	b->rules = ARENA_ARRAY(b->c->arena, struct divided, all->n + 1);
	for (const struct narrowing_rule *r; (r = narrowing_next(b->c, b->m, &at));) {
		b->rules_hide = b->rules_hide || !r->e.root;
		if (r->e.root)
			divide(b, &r->e, &b->rules[b->rule_count++]);
	}
	return 0;
}

void add_rules(struct builder *b, enum rule_part part, const char *alias)
{
	if (b->rules_hide && part == RULES_FAST)
		text_append(&b->sql, " AND 1 = 0");
	for (size_t i = 0; i < b->rule_count; i++) {
		const struct expr *e = part == RULES_FAST ? &b->rules[i].fast : &b->rules[i].slow;
		if (e->root)
			add_rule(b, e, alias);
	}
}
