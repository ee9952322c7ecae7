/* From rows to what is asked at every event. A rule that no longer compiles is left out and told in the log. */
#include "core/rule/rule_set.h"

#include <string.h>
#include <yyjson.h>

#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/services.h"
#include "gen/rule_sql.h"

int rule_words_read(struct ctx *c, const char *field, const char *json, struct rule_words *out)
{
	yyjson_doc *doc = yyjson_read(json ? json : "", json ? strlen(json) : 0, 0);
	yyjson_val *list = yyjson_doc_get_root(doc), *v;
	size_t i, n;
	bool fits = yyjson_is_arr(list) && yyjson_arr_size(list) <= RULE_MOST_WORDS;
	*out = (struct rule_words){ 0 };
	yyjson_arr_foreach(fits ? list : NULL, i, n, v) {
		fits &= yyjson_is_str(v);
		out->at[out->n++] = arena_string(c->arena, yyjson_is_str(v) ? yyjson_get_str(v) : "");
	}
	yyjson_doc_free(doc);
	return fits ? 0 : fail_field(c, field, ERR_FIELD_TYPE, "[\"created\"]");
}

static int read_data(struct ctx *c, const char *json, struct ready_rule *out)
{
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	yyjson_val *all = yyjson_doc_get_root(doc), *name, *value;
	size_t i, n;
	bool fits = yyjson_is_obj(all) && yyjson_obj_size(all) <= RULE_MOST_WORDS;
	yyjson_obj_foreach(fits ? all : NULL, i, n, name, value) {
		fits &= yyjson_is_str(value);
		out->data[out->data_count++] = (struct rule_datum){ arena_string(c->arena, yyjson_get_str(name)),
			                                            arena_string(c->arena, yyjson_is_str(value) ? yyjson_get_str(value) : "") };
	}
	yyjson_doc_free(doc);
	return fits ? 0 : fail_field(c, "event_data", ERR_FIELD_TYPE, "{\"measure\":\"solution\"}");
}

static int check_changed(struct ctx *c, const struct ready_rule *r)
{
	struct customs custom;
	TRY(customs_of(c, r->model, &custom));
	for (size_t i = 0; i < r->changed.n; i++)
		if (field_index(r->model, r->changed.at[i]) == SIZE_MAX && !custom_named(&custom, r->changed.at[i]))
			return fail_field(c, "changed", ERR_FIELD_UNKNOWN, NULL);
	return 0;
}

int rule_ready(struct ctx *c, struct arena *a, const struct rule *row, struct ready_rule *out)
{
	struct ctx all = ctx_as_system(c);
	all.arena = a;
	struct rule *own = ARENA_NEW(a, struct rule);
	*own = *row;
	own->object = arena_string(a, row->object);
	own->name = arena_string(a, row->name);
	own->cause = arena_string(a, row->cause);
	own->condition = arena_string(a, row->condition);
	*out = (struct ready_rule){ .row = own, .model = registry_find(&c->services->registry, row->object) };
	if (!out->model)
		return fail_field(c, "object", ERR_FIELD_INVALID, "");
	TRY(rule_words_read(&all, "events", row->events, &out->events));
	for (size_t i = 0; i < out->events.n; i++)
		out->events.at[i] = arena_format(a, "%s.%s", own->object, out->events.at[i]);
	TRY(rule_words_read(&all, "changed", row->changed, &out->changed));
	TRY(check_changed(&all, out));
	TRY(read_data(&all, row->event_data, out));
	TRY(condition_compile(&all, a, out->model, own->condition, &out->when));
	out->actions = (struct actions){ 0 };
	return text_equal(row->actions, "[]") ? 0 : actions_read(&all, out->model, "actions", arena_string(a, row->actions), &out->actions);
}

static int compile(struct ctx *c, struct definition_set *set)
{
	struct rule_set *s = (struct rule_set *)set;
	struct rule *rows;
	size_t n;
	if (!set->stamp)
		return 0;
	TRY(rules_on(c, &rows, &n));
	s->rules = ARENA_ARRAY(set->arena, struct ready_rule, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct error error = { 0 };
		struct ctx own = *c;
		own.error = &error;
		if (rule_ready(&own, set->arena, &rows[i], &s->rules[s->count]) < 0) {
			log_write(c->log, LOG_ERROR, "a rule does not hold any more", "rule", rows[i].name, "code", error_name(error.code), NULL);
			continue;
		}
		s->by_time += text_equal(rows[i].cause, "time");
		s->count++;
	}
	return 0;
}

int rule_set_take(struct ctx *c, struct rule_set **out)
{
	struct definition_set *set = NULL;
	int r = definition_take(c, DEFINITION_RULE, sizeof(**out), compile, &set);
	*out = (struct rule_set *)set;
	return r;
}

const struct ready_rule *rule_set_find(const struct rule_set *s, int64_t id)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->rules[i].row->id == id)
			return &s->rules[i];
	return NULL;
}

/* Whether an event happened ------------------------------------------------------------------------------------------- */

static bool has(const struct rule_words *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (text_equal(words->at[i], word))
			return true;
	return false;
}

static bool says(const struct ready_rule *r, yyjson_val *data)
{
	for (size_t i = 0; i < r->data_count; i++) {
		const char *value = yyjson_get_str(yyjson_obj_get(data, r->data[i].name));
		if (!value || strcmp(value, r->data[i].value))
			return false;
	}
	return true;
}

/* {"fields":["region_id"]}: what a write of a record says of itself. A new row has changed everything. */
static bool changes(const struct ready_rule *r, const char *kind, yyjson_val *data)
{
	yyjson_val *fields = yyjson_obj_get(data, "fields"), *v;
	size_t i, n;
	if (!r->changed.n)
		return true;
	yyjson_arr_foreach(fields, i, n, v)
		if (yyjson_is_str(v) && has(&r->changed, yyjson_get_str(v)))
			return true;
	size_t length = strlen(kind);
	return length > 8 && !strcmp(kind + length - 8, ".created");
}

/* A move of the company's own is carried by another, or by none ("ticket.moved"): its event says which it was. */
static bool is_own_move(const struct ready_rule *r, yyjson_val *data)
{
	const char *move = yyjson_get_str(yyjson_obj_get(data, "move"));
	size_t before = strlen(r->row->object) + 1;
	for (size_t i = 0; move && i < r->events.n; i++)
		if (!strcmp(r->events.at[i] + before, move))
			return true;
	return false;
}

bool rule_wants(const struct ready_rule *r, const char *kind, const char *data)
{
	bool named = has(&r->events, kind), moved = data && strstr(data, "\"move\"");
	if (!named && !moved)
		return false;
	if (named && !r->data_count && !r->changed.n)
		return true;
	yyjson_doc *doc = yyjson_read(data ? data : "{}", data ? strlen(data) : 2, 0);
	yyjson_val *root = yyjson_doc_get_root(doc);
	bool wants = (named || is_own_move(r, root)) && says(r, root) && changes(r, kind, root);
	yyjson_doc_free(doc);
	return wants;
}
