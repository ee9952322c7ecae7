/* The same trees in memory as in SQL; a property test over the API holds both together. */
#include "core/record/narrowing.h"

#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/condition/condition_fields.h"
#include "core/services.h"

struct rule_in {
	const char *record, *where;
};
static const struct member rule_members[] = {
	MEMBER(struct rule_in, record, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct rule_in, where, text, .flags = MEMBER_REQUIRED, .most = 2000),
};
static const struct shape rule_shape = SHAPE("row_condition", struct rule_in, rule_members);

struct rules_in {
	struct list rules;
};
static const struct member rules_members[] = { MEMBER(struct rules_in, rules, list, .shape = &rule_shape, .most = 20) };
static const struct shape rules_shape = SHAPE("row_conditions", struct rules_in, rules_members);

static int read_list(struct ctx *c, const char *json, struct rules_in *in)
{
	struct error unused = { 0 };
	const char *wrapped = arena_format(c->arena, "{\"rules\":%s}", json);
	return json_read(c->arena, &rules_shape, wrapped, strlen(wrapped), in, NULL, &unused);
}

int narrowing_read(struct ctx *c, const char *json, const struct narrowing **out)
{
	struct rules_in in;
	*out = NULL;
	if (!strcmp(json, "[]"))
		return 0;       /* nearly always, with every request */
	TRY(read_list(c, json, &in));
	if (in.rules.n == 0)
		return 0;
	struct ctx company = ctx_as_system(c);        /* nobody's sight decides what a condition means */
	struct narrowing *made = ARENA_NEW(c->arena, struct narrowing);
	made->rules = ARENA_ARRAY(c->arena, struct narrowing_rule, in.rules.n);
	for (size_t i = 0; i < in.rules.n; i++) {
		const struct rule_in *rule = (const struct rule_in *)in.rules.at + i;
		const struct record_model *m = registry_find(&c->services->registry, rule->record);
		struct expr_faults faults;
		if (!m)
			continue;
		struct narrowing_rule *r = &made->rules[made->n++];
		r->m = m;
		if (condition_look(&company, m, rule->where, &r->e, &faults) < 0 || r->e.set_count)
			r->e.root = NULL;
	}
	*out = made;
	return 0;
}

static void add_rule(struct text *t, const struct rule_in *rule, const char *where)
{
	text_append(t, t->n ? ",{\"record\":" : "[{\"record\":");
	json_text(t, rule->record);
	text_append(t, ",\"where\":");
	json_text(t, where);
	text_char(t, '}');
}

int narrowing_check(struct ctx *c, const char **json)
{
	struct rules_in in;
	if (text_empty(*json))
		*json = "[]";
	if (read_list(c, *json, &in) < 0) {
		fail_field(c, "conditions", ERR_FIELD_TYPE, "[{\"record\":\"ticket\",\"where\":\"grade != critical\"}]");
		return c->error->code;
	}
	struct ctx company = ctx_as_system(c);        /* nobody's sight decides what a condition means */
	struct text t = text_in(c->arena);
	for (size_t i = 0; i < in.rules.n; i++) {
		const struct rule_in *rule = (const struct rule_in *)in.rules.at + i;
		const struct record_model *m = registry_find(&c->services->registry, rule->record);
		const char *member = arena_format(c->arena, "conditions[%zu].where", i);
		struct expr e;
		if (!m || m->audience)
			fail_field(c, arena_format(c->arena, "conditions[%zu].record", i), ERR_FIELD_CHOICE, rule->record);
		else if (condition_read(&company, m, member, rule->where, &e) == 0 && e.set_count)
			fail_field(c, member, ERR_EXPR_OPERATOR, "");   /* equality with a sealed value would be one person's rows */
		else if (!c->error->code)
			add_rule(&t, rule, expr_print(c->arena, &e));
	}
	text_append(&t, t.n ? "]" : "[]");
	*json = text_end(&t);
	return c->error->code;
}

bool narrowing_same(struct ctx *c, const char *a, const char *b)
{
	struct rules_in x, y;
	if (read_list(c, a, &x) < 0 || read_list(c, b, &y) < 0 || x.rules.n != y.rules.n)
		return false;
	for (size_t i = 0; i < x.rules.n; i++) {
		const struct rule_in *p = (const struct rule_in *)x.rules.at + i, *q = (const struct rule_in *)y.rules.at + i;
		if (!text_equal(p->record, q->record) || !text_equal(p->where, q->where))
			return false;
	}
	return true;
}

const struct narrowing_rule *narrowing_next(const struct ctx *c, const struct record_model *m, size_t *at)
{
	const struct narrowing *all = c->auth ? c->auth->narrowing : NULL;
	while (all && *at < all->n) {
		const struct narrowing_rule *r = &all->rules[(*at)++];
		if (r->m == m)
			return r;
	}
	return NULL;
}

bool narrowing_bites(const struct ctx *c, const struct record_model *m)
{
	size_t at = 0;
	return narrowing_next(c, m, &at) != NULL;
}

/* The rows that paths walk through; NULL where a reference leads nowhere. */
static int read_references(struct ctx *c, const struct expr *e, const void *row, const void **rows)
{
	rows[0] = row;
	for (size_t i = 1; i < e->row_count; i++) {
		const void *from = rows[e->rows[i].from];
		const struct expr_field *reference = e->rows[i].field;
		int64_t id = from ? *(const int64_t *)((const char *)from + reference->offset) : 0;
		rows[i] = NULL;
		if (id <= 0)
			continue;
		const struct table *table = condition_source(reference)->field->to->table;
		struct { int64_t tenant, id; } key = { c->tenant, id };
		void *found = arena_alloc(c->arena, table->row->size);
		int r = db_one(c->db, c->arena, table->get, &key, found);
		if (r < 0 && r != ERR_NOT_FOUND)
			return r;
		if (r == 0)
			rows[i] = found;
	}
	return 0;
}

int narrowing_holds(struct ctx *c, const struct record_model *m, const void *row, bool *holds)
{
	size_t at = 0;
	struct expr_env env;
	*holds = true;
	for (const struct narrowing_rule *r; *holds && (r = narrowing_next(c, m, &at));) {
		const void *rows[EXPR_MOST_ROWS];
		*holds = r->e.root != NULL;
		if (!*holds)
			break;
		TRY(condition_env(c, &env));
		TRY(read_references(c, &r->e, row, rows));
		condition_cells(c->arena, &r->e, rows);
		*holds = expr_holds(expr_bind(c->arena, expr_compile(c->arena, &r->e), &env), rows, NULL);
	}
	return 0;
}
