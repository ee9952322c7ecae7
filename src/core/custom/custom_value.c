/* Values of a row: in, out, and what is kept beside them. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "core/custom/custom.h"
#include "core/custom/custom_private.h"
#include "core/demo/demo.h"
#include "gen/custom_sql.h"
#include "gen/schema.h"

static const char *value_in(struct arena *a, yyjson_doc *doc, const char *name)
{
	return json_value(a, yyjson_obj_get(yyjson_doc_get_root(doc), name));
}

static const char *column_of(const struct record_model *m, const void *row)
{
	return *member_text(m->column[m->custom_field], (void *)row);
}

/* ---- in ---- */

static int refuse_custom(struct ctx *c, yyjson_val *root)
{
	return yyjson_obj_get(root, "custom") ? fail_field(c, "custom", ERR_FIELD_UNKNOWN, NULL) : 0;
}

int custom_split(struct ctx *c, struct bytes body, struct bytes *rest, const char **patch)
{
	yyjson_doc *doc = yyjson_read((const char *)body.p, body.n, 0);
	yyjson_val *root = yyjson_doc_get_root(doc), *name, *value;
	struct text own = text_in(c->arena), others = text_in(c->arena);
	size_t i, n;
	*rest = body;
	*patch = NULL;
	if (refuse_custom(c, root) < 0) {
		yyjson_doc_free(doc);
		return c->error->code;
	}
	yyjson_obj_foreach(root, i, n, name, value)
		custom_add(custom_is_name(yyjson_get_str(name)) ? &own : &others, yyjson_get_str(name), json_value(c->arena, value));
	bool is_object = yyjson_is_obj(root);
	yyjson_doc_free(doc);
	if (!is_object || !own.n)
		return 0;       /* whatever it is, whoever reads it next says so */
	const char *text = custom_end(&others);
	*rest = (struct bytes){ (const uint8_t *)text, strlen(text) };
	*patch = custom_end(&own);
	return 0;
}

/* The new value of one field; as it was where nothing is said of it. */
static int patched(struct ctx *c, const struct custom *k, const char *given, const char *was, const char **out)
{
	*out = was;
	if (!given || text_equal(given, was))
		return 0;
	if (k->archived && strcmp(given, "null"))
		return fail_field(c, k->field.name, ERR_FIELD_READ_ONLY, NULL);
	int r = custom_check(c, k, given, out);
	if (r == 0 && !*out && was && k->field.required)
		r = fail_field(c, k->field.name, ERR_FIELD_REQUIRED, NULL);
	return r;
}

static void refuse_unknown(struct ctx *c, const struct customs *all, yyjson_doc *doc)
{
	size_t i, n;
	yyjson_val *name, *value;
	yyjson_obj_foreach(yyjson_doc_get_root(doc), i, n, name, value) {
		const struct custom *k = custom_named(all, yyjson_get_str(name));
		if (!k || !custom_may_read(c, k))
			fail_field(c, arena_string(c->arena, yyjson_get_str(name)), ERR_FIELD_UNKNOWN, NULL);
	}
}

int custom_fill(struct ctx *c, const struct record_model *m, const char *patch, const char *was, const char **out)
{
	struct customs all;
	struct text t = text_in(c->arena);
	TRY(customs_of(c, m, &all));
	yyjson_doc *doc = custom_doc(patch), *old = custom_doc(was);
	refuse_unknown(c, &all, doc);
	for (size_t i = 0; i < all.n; i++) {
		const char *name = all.at[i].field.name, *value;
		bool seen = custom_may_read(c, &all.at[i]);
		if (patched(c, &all.at[i], seen ? value_in(c->arena, doc, name) : NULL, value_in(c->arena, old, name), &value) == 0 && value)
			custom_add(&t, name, value);
	}
	yyjson_doc_free(doc);
	yyjson_doc_free(old);
	*out = custom_end(&t);
	return 0;
}

static bool names_scene(const char *scenes, const char *scene)
{
	yyjson_doc *doc = custom_doc(scenes);
	yyjson_val *v;
	size_t i, n;
	bool any = false, found = false;
	yyjson_arr_foreach(yyjson_doc_get_root(doc), i, n, v) {
		any = true;
		found = found || yyjson_equals_str(v, scene);
	}
	yyjson_doc_free(doc);
	return found || !any;
}

/* A report that does not ask for a field has no place to fill it. */
static bool is_asked(const struct ctx *c, const struct record_model *m, const void *row, const struct custom *k)
{
	size_t i = field_index(m, "scene");
	const char *scene = i == SIZE_MAX ? "" : *member_text(m->column[i], (void *)row);
	return custom_may_read(c, k) && names_scene(k->scenes, scene);
}

int custom_complete(struct ctx *c, const struct record_model *m, const void *row)
{
	struct customs all;
	if (m->custom_field == SIZE_MAX || demo_makes(c) || (c->actor_kind != ACTOR_USER && c->actor_kind != ACTOR_CUSTOMER))
		return 0;
	TRY(customs_of(c, m, &all));
	yyjson_doc *doc = custom_doc(column_of(m, row));
	for (size_t i = 0; i < all.n; i++) {
		const struct custom *k = &all.at[i];
		if (k->field.required && !k->archived && is_asked(c, m, row, k) && !value_in(c->arena, doc, k->field.name))
			fail_field(c, k->field.name, ERR_FIELD_REQUIRED, NULL);
	}
	yyjson_doc_free(doc);
	return 0;
}

/* ---- beside the row ---- */

const char *custom_folded(struct arena *a, const char *text)
{
	char *s = arena_string(a, text);
	for (char *p = s; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + ('a' - 'A'));
	return s;
}

static void slot_of(struct arena *a, const struct custom *k, yyjson_val *v, struct slot *out)
{
	const char *s = yyjson_get_str(v);
	*out = (struct slot){ .i = NULL_INT, .real = NAN };
	if (k->kind == CUSTOM_FLAG)
		out->i = yyjson_is_bool(v) ? yyjson_get_bool(v) : NULL_INT;
	else if (k->kind == CUSTOM_NUMBER)
		out->i = yyjson_is_int(v) ? yyjson_get_sint(v) : NULL_INT;
	else if (k->kind == CUSTOM_DAY)
		out->i = s && day_parse(s, &out->i) == 0 ? out->i : NULL_INT;
	else
		out->text = s ? arena_string(a, s) : NULL;
}

void custom_slots(struct arena *a, const struct customs *all, const char *object, struct slot *slots)
{
	yyjson_doc *doc = custom_doc(object);
	for (size_t i = 0; i < all->n; i++)
		slot_of(a, &all->at[i], yyjson_obj_get(yyjson_doc_get_root(doc), all->at[i].field.name), &slots[i]);
	yyjson_doc_free(doc);
}

static bool same_slot(const struct slot *a, const struct slot *b)
{
	return a->i == b->i && text_equal(a->text, b->text);
}

static int keep_value(struct ctx *c, const struct custom *k, int64_t id, const struct slot *value, bool had)
{
	if (!strcmp(custom_table(k->kind), "custom_word")) {
		struct custom_word row = { .tenant = c->tenant, .object_id = id, .field_id = k->id };
		if (had)
			TRY(custom_word_drop(c, id, k->id, NULL));
		row.value = text_empty(value->text) ? NULL : custom_folded(c->arena, value->text);
		return row.value ? custom_word_row_insert(c, &row) : 0;
	}
	struct custom_number row = { .tenant = c->tenant, .object_id = id, .field_id = k->id, .value = value->i };
	if (had)
		TRY(custom_number_drop(c, id, k->id, NULL));
	return row.value == NULL_INT ? 0 : custom_number_row_insert(c, &row);
}

int custom_follow(struct ctx *c, const struct record_model *m, const void *old, const void *row)
{
	const char *was = m->custom_field == SIZE_MAX || !old ? NULL : column_of(m, old);
	if (m->custom_field == SIZE_MAX || text_equal(was ? was : "{}", column_of(m, row) ? column_of(m, row) : "{}"))
		return 0;
	struct customs all;
	TRY(customs_of(c, m, &all));
	struct slot *before = ARENA_ARRAY(c->arena, struct slot, all.n + 1), *now = ARENA_ARRAY(c->arena, struct slot, all.n + 1);
	custom_slots(c->arena, &all, was, before);
	custom_slots(c->arena, &all, column_of(m, row), now);
	for (size_t i = 0; i < all.n; i++)
		if (!same_slot(&before[i], &now[i]))
			TRY(keep_value(c, &all.at[i], *member_int(m->id, (void *)row), &now[i], before[i].i != NULL_INT || before[i].text));
	return 0;
}

int custom_forget(struct ctx *c, const struct record_model *m, int64_t id)
{
	if (m->custom_field == SIZE_MAX)
		return 0;
	TRY(custom_numbers_forget(c, id, NULL));
	return custom_words_forget(c, id, NULL);
}
