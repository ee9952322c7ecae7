/* From a row of company_flow to a flow like the built-in one: its moves with what the company says of them, behind them its own. */
#include <string.h>
#include <yyjson.h>

#include "base/id.h"
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/flow/flow_set.h"
#include "core/services.h"
#include "gen/schema.h"

struct flow_text {
	struct ctx *c;
	struct arena *a;
	const struct record_model *model;
	const struct flow *base;
	struct flow *out;
	struct move *moves;
	struct flow_stage *stages;
	struct customs custom;
};

static int bad(struct flow_text *r, const char *list, size_t i, const char *member, int code, const char *arg)
{
	return fail_field(r->c, arena_format(r->c->arena, "%s[%zu]%s%s", list, i, *member ? "." : "", member), code, arg);
}

static const char *said(struct flow_text *r, struct label label)
{
	return r->c->lang == LANG_EN ? label.en : label.zh;
}

static bool is_code(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return *s >= 'a' && *s <= 'z' && !s[n] && n <= FLOW_CODE_MOST;
}

static bool is_words(const char *s)
{
	return utf8_is_text(s, strlen(s)) && utf8_count(s) <= FLOW_WORDS_MOST;
}

static const char *text_of(struct flow_text *r, yyjson_val *v, const char *name)
{
	const char *s = yyjson_get_str(yyjson_obj_get(v, name));
	return s ? arena_string(r->a, s) : "";
}

static bool is_true(yyjson_val *v, const char *name)
{
	return yyjson_is_true(yyjson_obj_get(v, name));
}

/* Chinese or English or both; the one stands for the other where it is missing. */
static struct label label_of(struct flow_text *r, yyjson_val *v)
{
	const char *zh = text_of(r, v, "zh"), *en = text_of(r, v, "en");
	return (struct label){ *zh ? zh : en, *en ? en : zh };
}

/* Own states ----------------------------------------------------------------------------------------------------------- */

static void read_stage(struct flow_text *r, yyjson_val *v, size_t i)
{
	struct flow_stage *s = &r->stages[i];
	*s = (struct flow_stage){ .code = text_of(r, v, "code"), .label = label_of(r, v), .shown = is_true(v, "shown") };
	s->state = flow_state_named(r->base, text_of(r, v, "state"));
	if (!is_code(s->code))
		bad(r, "states", i, "code", ERR_FIELD_INVALID, "：a–z 0–9 _");
	else if (flow_state_named(r->base, s->code) >= 0 || flow_stage_named(r->out, s->code) >= 0)
		bad(r, "states", i, "code", ERR_FIELD_TAKEN, s->code);
	if (!*s->label.zh)
		bad(r, "states", i, "zh", ERR_FIELD_REQUIRED, NULL);
	else if (!is_words(s->label.zh) || !is_words(s->label.en))
		bad(r, "states", i, is_words(s->label.zh) ? "en" : "zh", ERR_FIELD_TOO_LONG, arena_format(r->c->arena, "%d", FLOW_WORDS_MOST));
	if (s->state < 0) {
		bad(r, "states", i, "state", ERR_FIELD_REQUIRED, NULL);
		s->state = 0;
	} else if (flow_is_final(r->base, s->state)) {
		bad(r, "states", i, "state", ERR_FLOW_FINAL, said(r, (struct label){ r->base->states[s->state].zh, r->base->states[s->state].en }));
	}
	r->out->stage_count = i + 1;
}

static int read_stages(struct flow_text *r, const char *json)
{
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	yyjson_val *list = yyjson_doc_get_root(doc), *v;
	size_t i, n = yyjson_arr_size(list);
	bool good = yyjson_is_arr(list) && n <= (r->base->stage ? FLOW_MOST_STAGES : 0);
	r->stages = ARENA_ARRAY(r->a, struct flow_stage, FLOW_MOST_STAGES + 1);
	r->out->stages = r->stages;
	yyjson_arr_foreach(good ? list : NULL, i, n, v)
		read_stage(r, v, i);
	yyjson_doc_free(doc);
	return good ? 0 : fail_field(r->c, "states", ERR_FIELD_TYPE, "[{\"code\":\"parts\",\"zh\":\"待备件\",\"en\":\"Waiting for parts\",\"state\":\"working\"}]");
}

/* What is said of any move ------------------------------------------------------------------------------------------------ */

static bool may_be_asked(struct flow_text *r, const char *name)
{
	size_t i = field_index(r->model, name);
	if (i == SIZE_MAX)
		return custom_named(&r->custom, name) != NULL;
	const struct field *f = &r->model->record->fields[i];
	return i != r->model->custom_field && f->kind != FIELD_JSON && f->kind != FIELD_FLAG && !text_equal(name, r->base->state) && !text_equal(name, r->base->stage);
}

static void read_fields(struct flow_text *r, yyjson_val *v, size_t at, struct move_terms *t)
{
	yyjson_val *list = yyjson_obj_get(v, "fields"), *one;
	size_t i, n = yyjson_arr_size(list);
	const char **names = ARENA_ARRAY(r->a, const char *, FLOW_MOST_FIELDS + 1);
	if (list && (!yyjson_is_arr(list) || n > FLOW_MOST_FIELDS))
		bad(r, "moves", at, "fields", ERR_FIELD_TYPE, "[\"product_id\"]");
	yyjson_arr_foreach(n <= FLOW_MOST_FIELDS ? list : NULL, i, n, one) {
		const char *name = yyjson_get_str(one);
		if (!name || !may_be_asked(r, name))
			bad(r, "moves", at, "fields", ERR_FIELD_UNKNOWN, NULL);
		else
			names[t->field_count++] = arena_string(r->a, name);
	}
	t->fields = names;
}

static void read_roles(struct flow_text *r, yyjson_val *v, size_t at, struct move_terms *t)
{
	yyjson_val *list = yyjson_obj_get(v, "roles"), *one;
	size_t i, n = yyjson_arr_size(list);
	int64_t *ids = ARENA_ARRAY(r->a, int64_t, FLOW_MOST_ROLES + 1);
	bool good = !list || (yyjson_is_arr(list) && n <= FLOW_MOST_ROLES);
	yyjson_arr_foreach(good ? list : NULL, i, n, one) {
		good = good && yyjson_is_str(one) && id_parse(yyjson_get_str(one), &ids[i]) == 0;
		t->role_count += good;
	}
	if (!good)
		bad(r, "moves", at, "roles", ERR_FIELD_TYPE, "[\"12\"]");
	t->roles = ids;
}

static enum reason reason_of(struct flow_text *r, yyjson_val *v, size_t at)
{
	const char *word = text_of(r, v, "reason");
	for (int i = 0; flow_reasons[i]; i++)
		if (!strcmp(word, flow_reasons[i]))
			return (enum reason)i;
	if (*word)
		bad(r, "moves", at, "reason", ERR_FIELD_CHOICE, "none, optional, required");
	return REASON_NONE;
}

/* Faults of a condition name the definition's member. */
static void read_condition(struct flow_text *r, yyjson_val *v, size_t at, struct move_terms *t)
{
	struct error inner = { 0 };
	struct ctx own = *r->c;
	own.error = &inner;
	t->when_text = text_of(r, v, "condition");
	if (!*t->when_text || condition_compile(&own, r->a, r->model, t->when_text, &t->when) == 0)
		return;
	const struct field_error *f = inner.fields;
	bad(r, "moves", at, "condition", f ? f->code : inner.code, f ? f->arg : inner.arg);
}

static void read_terms(struct flow_text *r, yyjson_val *v, size_t at, struct move *m, struct move_terms *t)
{
	struct label label = label_of(r, v);
	t->named = *label.zh != 0;
	t->confirm = is_true(v, "confirm");
	m->label = t->named ? label : m->label;
	if (!is_words(label.zh) || !is_words(label.en))
		bad(r, "moves", at, is_words(label.zh) ? "en" : "zh", ERR_FIELD_TOO_LONG, arena_format(r->c->arena, "%d", FLOW_WORDS_MOST));
	read_fields(r, v, at, t);
	read_roles(r, v, at, t);
	read_condition(r, v, at, t);
	enum reason reason = reason_of(r, v, at);
	m->reason = reason > m->reason ? reason : m->reason;
	m->terms = t;
}

/* Which own states a list of places names, and which built-in ones. */
static void read_places(struct flow_text *r, yyjson_val *list, size_t at, const char *member, uint32_t *stages, uint32_t *plain)
{
	yyjson_val *one;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, one) {
		const char *name = yyjson_get_str(one);
		int stage = name ? flow_stage_named(r->out, name) : -1, state = name ? flow_state_named(r->base, name) : -1;
		if (stage >= 0)
			*stages |= UINT32_C(1) << stage;
		else if (state >= 0 && plain)
			*plain |= UINT32_C(1) << state;
		else
			bad(r, "moves", at, member, ERR_FIELD_REFERENCE, NULL);
	}
}

/* Moves of the product --------------------------------------------------------------------------------------------------- */

static void check_kept(struct flow_text *r, size_t at, const struct move *m, const struct move_terms *t, bool reason)
{
	bool narrowed = t->field_count || t->role_count || *t->when_text || t->stages || t->confirm || reason;
	if (m->kept && (t->off || narrowed))
		bad(r, "moves", at, t->off ? "off" : "", ERR_FLOW_KEPT, said(r, m->label));
	else if ((m->who == MOVER_CUSTOMER || m->who == MOVER_BOTH) && narrowed)
		bad(r, "moves", at, "", ERR_FLOW_CUSTOMER, said(r, m->label));
}

static void read_built_in(struct flow_text *r, yyjson_val *v, size_t at, const char *name)
{
	struct move *m = NULL;
	for (size_t i = 0; i < r->base->move_count; i++)
		if (!strcmp(r->moves[i].action, name))
			m = &r->moves[i];
	if (!m || m->terms) {
		bad(r, "moves", at, "move", m ? ERR_FIELD_TAKEN : ERR_FIELD_UNKNOWN, name);
		return;
	}
	struct move_terms *t = ARENA_NEW(r->a, struct move_terms);
	enum reason before = m->reason;
	read_terms(r, v, at, m, t);
	t->off = is_true(v, "off");
	read_places(r, yyjson_obj_get(v, "not_from"), at, "not_from", &t->stages, NULL);
	check_kept(r, at, m, t, m->reason != before);
}

/* Moves of the company --------------------------------------------------------------------------------------------------- */

static const struct move *way_between(const struct flow *base, int from, int to)
{
	for (size_t i = 0; i < base->move_count; i++) {
		const struct move *m = &base->moves[i];
		if ((m->from >> from & 1) && m->to == to && (m->who == MOVER_USER || m->who == MOVER_BOTH))
			return m;
	}
	return NULL;
}

static void no_way(struct flow_text *r, size_t at, int from, int to)
{
	const struct choice *a = &r->base->states[from], *b = &r->base->states[to];
	bad(r, "moves", at, "to", ERR_FLOW_NO_WAY, r->c->lang == LANG_EN ? arena_format(r->c->arena, "from “%s” to “%s”", a->en, b->en)
	                                                                : arena_format(r->c->arena, "从“%s”到“%s”", a->zh, b->zh));
}

/* By each state that it leaves: what carries it out. All of them ask for the same. */
static void find_carriers(struct flow_text *r, size_t at, struct move *m, struct move_terms *t)
{
	bool first = true;
	for (int s = 0; r->base->states[s].value; s++) {
		if (!(m->from >> s & 1))
			continue;
		const struct move *way = s == m->to ? NULL : way_between(r->base, s, m->to);
		if (s != m->to && !way) {
			no_way(r, at, s, m->to);
			return;
		}
		const struct shape *fields = way ? way->fields : NULL;
		if (!first && fields != m->fields)
			bad(r, "moves", at, "from", ERR_FLOW_MIXED, NULL);
		first = false;
		m->fields = fields;
		m->reason = way && way->reason > m->reason ? way->reason : m->reason;
		m->undoable &= !way || way->undoable;
		m->primary |= way && way->primary;
		t->carrier[s] = way;
	}
}

static int place_to(struct flow_text *r, const char *name, int *stage)
{
	*stage = flow_stage_named(r->out, name);
	return *stage >= 0 ? r->stages[*stage].state : flow_state_named(r->base, name);
}

static void read_own(struct flow_text *r, yyjson_val *v, size_t at, const char *name)
{
	struct move *m = &r->moves[r->out->move_count];
	struct move_terms *t = ARENA_NEW(r->a, struct move_terms);
	t->own = true;
	*m = (struct move){ .action = name, .who = MOVER_USER, .permission = r->base->permission, .undoable = true };
	if (!is_code(name) || strncmp(name, FLOW_OWN, strlen(FLOW_OWN)) != 0)
		bad(r, "moves", at, "move", ERR_FIELD_INVALID, "：o_ a–z 0–9 _");
	else if (flow_find(r->out, name))
		bad(r, "moves", at, "move", ERR_FIELD_TAKEN, name);
	r->out->move_count++;
	read_terms(r, v, at, m, t);
	if (!t->named)
		bad(r, "moves", at, "zh", ERR_FIELD_REQUIRED, NULL);
	read_places(r, yyjson_obj_get(v, "from"), at, "from", &t->stages, &t->plain);
	m->from = t->plain;
	for (size_t i = 0; i < r->out->stage_count; i++)
		m->from |= t->stages >> i & 1 ? UINT32_C(1) << r->stages[i].state : 0;
	m->to = place_to(r, text_of(r, v, "to"), &t->to_stage);
	if (!m->from)
		bad(r, "moves", at, "from", ERR_FIELD_REQUIRED, NULL);
	if (m->to < 0)
		bad(r, "moves", at, "to", ERR_FIELD_REQUIRED, NULL);
	else
		find_carriers(r, at, m, t);
}

static int read_moves(struct flow_text *r, const char *json)
{
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	yyjson_val *list = yyjson_doc_get_root(doc), *v;
	size_t i, n = yyjson_arr_size(list);
	bool good = yyjson_is_arr(list) && n <= r->base->move_count + FLOW_MOST_OWN;
	yyjson_arr_foreach(good ? list : NULL, i, n, v) {
		const char *name = text_of(r, v, "move");
		if (is_true(v, "own") && r->base->stage)
			read_own(r, v, i, name);
		else
			read_built_in(r, v, i, name);
	}
	yyjson_doc_free(doc);
	return good ? 0 : fail_field(r->c, "moves", ERR_FIELD_TYPE, "[{\"move\":\"wait\",\"reason\":\"required\"}]");
}

int flow_read(struct ctx *c, struct arena *a, const struct company_flow *row, const struct flow **out)
{
	struct ctx all = ctx_as_system(c);
	struct flow_text r = { .c = &all, .a = a, .base = flow_built_in(c, row->object) };
	*out = NULL;
	if (!r.base)
		return fail_field(c, "object", ERR_FIELD_CHOICE, row->object);
	r.model = model_of(c, r.base->record);
	r.moves = ARENA_ARRAY(a, struct move, r.base->move_count + FLOW_MOST_OWN + 1);
	memcpy(r.moves, r.base->moves, r.base->move_count * sizeof(*r.moves));
	r.out = arena_copy(a, r.base, sizeof(*r.base));
	r.out->moves = r.moves;
	TRY(customs_of(&all, r.model, &r.custom));
	TRY(read_stages(&r, row->states));
	TRY(read_moves(&r, row->moves));
	r.out->pieces = flow_pieces(a, r.out);
	*out = r.out;
	return c->error->code;
}
