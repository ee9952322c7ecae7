/* A company's forms, one for each pack, compiled once. A request that has asked for one holds the set until its memory goes. */
#include "core/form/form_set.h"

#include <string.h>

#include "base/json_private.h"
#include "core/services.h"
#include "gen/form_sql.h"
#include "gen/schema.h"

struct form_set {
	struct definition_set base;
	struct form *at;                /* NULL: the company has never said anything */
	size_t count;
};

static bool is_on(const struct report_form *row, const struct pack *pack)
{
	return text_equal(row->pack, pack->name) && text_equal(row->state, "on") && !row->archived_at;
}

/* What does not hold any more, for the pack has changed under it, counts as nothing said. */
static void lay(struct ctx *c, struct arena *a, const struct report_form *row, struct form *out)
{
	struct error error = { 0 };
	struct ctx own = *c;
	own.error = &error;
	if (form_read(&own, a, row, out) < 0)
		log_write(c->log, LOG_ERROR, "a report form does not hold any more", "form", row->name, "code", error_name(error.code), NULL);
}

static int compile(struct ctx *c, struct definition_set *set)
{
	struct form_set *s = (struct form_set *)set;
	struct report_form *rows;
	size_t n;
	if (!set->stamp)
		return 0;
	TRY(report_forms_used(c, &rows, &n));
	while (packs[s->count].name)
		s->count++;
	s->at = ARENA_ARRAY(set->arena, struct form, s->count);
	for (size_t k = 0; k < s->count; k++) {
		s->at[k] = *form_base(&packs[k]);
		for (size_t i = 0; i < n; i++)
			if (is_on(&rows[i], &packs[k]))
				lay(c, set->arena, &rows[i], &s->at[k]);
		form_add_known(set->arena, &s->at[k], rows, n);
	}
	return 0;
}

int form_of_pack(struct ctx *c, const struct pack *pack, struct form *out)
{
	struct definition_set *base;
	TRY(definition_take(c, DEFINITION_FORM, sizeof(struct form_set), compile, &base));
	const struct form_set *set = (const struct form_set *)base;
	*out = set->at ? set->at[pack - packs] : *form_base(pack);
	definition_give_at_end(c, base);
	return 0;
}

int form_of(struct ctx *c, struct form *out)
{
	const struct pack *pack;
	TRY(pack_of(c, &pack));
	return form_of_pack(c, pack, out);
}

yyjson_val *form_part(yyjson_val *list, const char *key, const char *name)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v)
		if (name && yyjson_equals_str(yyjson_obj_get(v, key), name))
			return v;
	return NULL;
}

yyjson_val *form_scene(const struct form *f, const char *name)
{
	return form_part(f->scenes, "name", name);
}

static void drop_off(yyjson_mut_val *list)
{
	for (size_t i = yyjson_mut_arr_size(list); i-- > 0;) {
		yyjson_mut_val *v = yyjson_mut_arr_get(list, i);
		drop_off(yyjson_mut_obj_get(v, "fields"));
		drop_off(yyjson_mut_obj_get(v, "choices"));
		if (yyjson_mut_is_true(yyjson_mut_obj_get(v, "off")))
			yyjson_mut_arr_remove(list, i);
	}
}

yyjson_mut_val *form_asked(yyjson_mut_doc *doc, yyjson_val *list)
{
	yyjson_mut_val *out = yyjson_val_mut_copy(doc, list);
	drop_off(out);
	return out;
}

int form_check_scene(struct ctx *c, const struct form *f, const char *scene)
{
	struct text names = text_in(c->arena);
	yyjson_val *v;
	size_t i, n;
	if (form_asks(form_scene(f, scene)))
		return 0;
	yyjson_arr_foreach(f->scenes, i, n, v)
		if (form_asks(v))
			text_format(&names, "%s%s", names.n ? ", " : "", yyjson_get_str(yyjson_obj_get(v, "name")));
	return fail_field(c, "scene", ERR_FIELD_CHOICE, text_end(&names));
}

const char *form_symptom_grade(const struct form *f, const char *code)
{
	yyjson_val *key, *list;
	size_t i, n;
	if (strncmp(code, FORM_OWN, strlen(FORM_OWN)) != 0)
		return NULL;
	yyjson_obj_foreach(f->symptoms, i, n, key, list) {
		const char *grade = yyjson_get_str(yyjson_obj_get(form_part(list, "code", code), "grade"));
		if (grade)
			return grade;
	}
	return NULL;
}

struct label form_scene_label(const struct form *f, const char *name)
{
	const struct form *base = form_base(f->pack);
	yyjson_val *now = yyjson_obj_get(form_scene(f, name), "label");
	if (!now || yyjson_equals(now, yyjson_obj_get(form_scene(base, name), "label")))
		return (struct label){ NULL, NULL };
	return (struct label){ yyjson_get_str(yyjson_obj_get(now, "zh")), yyjson_get_str(yyjson_obj_get(now, "en")) };
}

const char *form_words(struct ctx *c, const struct form *f)
{
	yyjson_alc memory = json_memory_of(c->arena);
	yyjson_mut_doc *doc = yyjson_mut_doc_new(&memory);
	yyjson_mut_val *words = yyjson_val_mut_copy(doc, pack_json(f->pack, PACK_WORDS)), *labels = yyjson_mut_obj_get(words, "labels");
	yyjson_val *scene;
	size_t i, n;
	yyjson_arr_foreach(f->scenes, i, n, scene) {
		const char *name = yyjson_get_str(yyjson_obj_get(scene, "name"));
		if (!form_scene_label(f, name).zh)
			continue;
		const char *path = arena_format(c->arena, FORM_SCENE_PATH "%s", name);
		yyjson_mut_obj_remove_key(labels, path);
		yyjson_mut_obj_add(labels, yyjson_mut_strcpy(doc, path), yyjson_val_mut_copy(doc, yyjson_obj_get(scene, "label")));
	}
	return yyjson_mut_val_write_opts(words, 0, &memory, NULL, NULL);
}
