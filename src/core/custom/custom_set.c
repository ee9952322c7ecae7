/* From rows of custom_field to what requests ask at every row. */
#include "core/custom/custom_set.h"

#include <string.h>
#include <yyjson.h>

#include "base/id.h"
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "gen/custom_sql.h"
#include "gen/schema.h"

static const char *const kind_words[] = { "text", "number", "day", "flag", "choice" };
static const enum field_kind field_kinds[] = { FIELD_CODE, FIELD_INT, FIELD_DAY, FIELD_FLAG, FIELD_CHOICE };

/* ---- one definition ---- */

static bool is_plain(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n && n <= 40 && !s[n];
}

static const char *member_of(struct arena *a, yyjson_val *v, const char *name)
{
	const char *s = yyjson_get_str(yyjson_obj_get(v, name));
	return s ? arena_string(a, s) : "";
}

static bool is_word(const char *s)
{
	return utf8_is_text(s, strlen(s)) && utf8_count(s) <= 60;
}

/* [{"value":"left","zh":"左开门","en":"Left","retired":true}] */
static int read_choices(struct ctx *c, struct arena *a, const char *json, struct custom *out)
{
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	yyjson_val *list = yyjson_doc_get_root(doc), *v;
	size_t i, n = yyjson_arr_size(list);
	bool good = yyjson_is_arr(list) && n > 0 && n <= CUSTOM_MOST_CHOICES;
	struct choice *all = ARENA_ARRAY(a, struct choice, CUSTOM_MOST_CHOICES + 1);
	bool *retired = ARENA_ARRAY(a, bool, CUSTOM_MOST_CHOICES + 1);
	yyjson_arr_foreach(good ? list : NULL, i, n, v) {
		all[i] = (struct choice){ .value = member_of(a, v, "value"), .zh = member_of(a, v, "zh"), .en = member_of(a, v, "en") };
		all[i].en = *all[i].en ? all[i].en : all[i].zh;
		retired[i] = yyjson_is_true(yyjson_obj_get(v, "retired"));
		good = good && is_plain(all[i].value) && *all[i].zh && is_word(all[i].zh) && is_word(all[i].en) && choice_find(all, all[i].value) == &all[i];
	}
	yyjson_doc_free(doc);
	out->field.of = all;
	out->retired = retired;
	return good ? 0 : fail_field(c, "choices", ERR_FIELD_TYPE, "[{\"value\":\"left\",\"zh\":\"左开门\",\"en\":\"Left\"}]");
}

static int read_roles(struct ctx *c, struct arena *a, const char *json, struct custom *out)
{
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	yyjson_val *list = yyjson_doc_get_root(doc), *v;
	size_t i, n = yyjson_arr_size(list);
	bool good = yyjson_is_arr(list) && n <= CUSTOM_MOST_ROLES;
	int64_t *ids = ARENA_ARRAY(a, int64_t, n + 1);
	yyjson_arr_foreach(good ? list : NULL, i, n, v) {
		good = good && yyjson_is_str(v) && id_parse(yyjson_get_str(v), &ids[i]) == 0;
		out->reader_count++;
	}
	yyjson_doc_free(doc);
	out->readers = ids;
	return good ? 0 : fail_field(c, "readers", ERR_FIELD_TYPE, "[\"12\"]");
}

static int check_scenes(struct ctx *c, const char *json)
{
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	yyjson_val *list = yyjson_doc_get_root(doc), *v;
	size_t i, n;
	bool good = yyjson_is_arr(list) && yyjson_arr_size(list) <= CUSTOM_MOST_CHOICES;
	yyjson_arr_foreach(good ? list : NULL, i, n, v)
		good = good && yyjson_is_str(v) && is_plain(yyjson_get_str(v));
	yyjson_doc_free(doc);
	return good ? 0 : fail_field(c, "scenes", ERR_FIELD_TYPE, "[\"installation\"]");
}

int custom_ready(struct ctx *c, struct arena *a, const struct custom_field *row, struct custom *out)
{
	size_t kind = 0;
	while (kind < CUSTOM_CHOICE && strcmp(kind_words[kind], row->kind) != 0)
		kind++;
	*out = (struct custom){
		.id = row->id, .kind = (enum custom_kind)kind, .model = registry_find(&c->services->registry, row->object),
		.archived = row->archived_at != 0, .scenes = arena_string(a, row->scenes),
		.hint = { arena_string(a, row->hint), arena_string(a, *row->hint_en ? row->hint_en : row->hint) },
		.field = {
			.name = arena_format(a, CUSTOM_PREFIX "%s", row->code), .kind = field_kinds[kind], .required = row->required, .index = true, .hidden = true,
			.label = { arena_string(a, row->name), arena_string(a, *row->name_en ? row->name_en : row->name) },
			.least = kind == CUSTOM_NUMBER ? -CUSTOM_NUMBER_MOST : 0,
			.most = kind == CUSTOM_NUMBER ? CUSTOM_NUMBER_MOST : kind == CUSTOM_TEXT ? CUSTOM_TEXT_MOST : 0,
		},
	};
	if (!out->model || out->model->custom_field == SIZE_MAX)
		return fail_field(c, "object", ERR_FIELD_CHOICE, row->object);
	TRY(read_roles(c, a, row->readers, out));
	TRY(check_scenes(c, row->scenes));
	return kind == CUSTOM_CHOICE ? read_choices(c, a, row->choices, out) : 0;
}

/* ---- all of a company ---- */

/* Those of one record together, in their order: each record begins with its first field. */
static void group(struct custom_set *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = i; s->fields[i].place == 0 && k < s->count; k++)
			if (s->fields[k].model == s->fields[i].model)
				s->by_record[n++] = s->fields[k];
}

static int compile(struct ctx *c, struct definition_set *set)
{
	struct custom_set *s = (struct custom_set *)set;
	struct custom_field *rows;
	size_t n;
	if (!set->stamp)
		return 0;
	TRY(custom_fields_all(c, &rows, &n));
	s->fields = ARENA_ARRAY(set->arena, struct custom, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct error error = { 0 };
		struct ctx own = *c;
		own.error = &error;
		struct custom *k = &s->fields[s->count];
		if (custom_ready(&own, set->arena, &rows[i], k) < 0) {
			log_write(c->log, LOG_ERROR, "a custom field does not hold any more", "field", rows[i].code, NULL);
			continue;
		}
		for (size_t j = 0; j < s->count; j++)
			k->place += s->fields[j].model == k->model;
		s->count += k->place < CUSTOM_MOST_FIELDS;
	}
	s->by_record = ARENA_ARRAY(set->arena, struct custom, s->count + 1);
	group(s);
	return 0;
}

static struct customs of_record(const struct custom_set *s, const struct record_model *m)
{
	struct customs own = { s->by_record, 0 };
	while (own.at < s->by_record + s->count && own.at->model != m)
		own.at++;
	while (own.at + own.n < s->by_record + s->count && own.at[own.n].model == m)
		own.n++;
	return own;
}

int customs_of(struct ctx *c, const struct record_model *m, struct customs *out)
{
	struct definition_set *base;
	*out = (struct customs){ 0 };
	if (m && m->custom_field == SIZE_MAX)
		return 0;
	TRY(definition_take(c, DEFINITION_CUSTOM, sizeof(struct custom_set), compile, &base));
	const struct custom_set *set = (const struct custom_set *)base;
	if (set->count)
		*out = m ? of_record(set, m) : (struct customs){ set->fields, set->count };
	definition_give_at_end(c, base);
	return 0;
}

const struct custom *custom_named(const struct customs *all, const char *name)
{
	for (size_t i = 0; name && i < all->n; i++)
		if (!strcmp(all->at[i].field.name, name))
			return &all->at[i];
	return NULL;
}

bool custom_may_read(const struct ctx *c, const struct custom *k)
{
	if (c->actor_kind == ACTOR_CUSTOMER && !strcmp(k->scenes, "[]"))
		return false;
	for (size_t i = 0; c->auth && i < k->reader_count; i++)
		if (c->auth->role_id == k->readers[i])
			return true;
	return !c->auth || !k->reader_count || may(c, "custom_field.change");
}
