/* What was once asked: questions, choices and symptoms of the company's own that were ever in force. Tickets hold answers to them. */
#include <string.h>

#include "base/json_private.h"
#include "core/form/form_set.h"
#include "gen/schema.h"

static bool is_own(yyjson_val *v, const char *key)
{
	const char *name = yyjson_get_str(yyjson_obj_get(v, key));
	return name && !strncmp(name, FORM_OWN, strlen(FORM_OWN));
}

static bool has_own(yyjson_val *field)
{
	yyjson_val *v;
	size_t i, n;
	bool any = is_own(field, "name");
	yyjson_arr_foreach(yyjson_obj_get(field, "choices"), i, n, v)
		any |= is_own(v, "value");
	return any;
}

static yyjson_val *read(struct arena *a, const char *json)
{
	yyjson_alc memory = json_memory_of(a);
	return yyjson_doc_get_root(yyjson_read_opts((char *)(uintptr_t)json, strlen(json), 0, &memory, NULL));
}

/* The entry as it is now, with the choices that it had before. */
static void remember(yyjson_mut_doc *doc, yyjson_mut_val *list, const char *key, yyjson_val *now)
{
	yyjson_mut_val *old, *copy = yyjson_val_mut_copy(doc, now), *choices = yyjson_mut_obj_get(copy, "choices"), *one;
	size_t i, n, k, m;
	yyjson_mut_obj_remove_key(copy, "off");
	yyjson_mut_arr_foreach(list, i, n, old) {
		if (!yyjson_mut_equals(yyjson_mut_obj_get(old, key), yyjson_mut_obj_get(copy, key)))
			continue;
		yyjson_mut_arr_foreach(yyjson_mut_obj_get(old, "choices"), k, m, one)
			if (!form_mut_part(choices, "value", yyjson_mut_get_str(yyjson_mut_obj_get(one, "value"))))
				yyjson_mut_arr_append(choices, yyjson_mut_val_mut_copy(doc, one));
		yyjson_mut_arr_replace(list, i, copy);
		return;
	}
	yyjson_mut_arr_append(list, copy);
}

static yyjson_mut_val *part_of(yyjson_mut_doc *doc, yyjson_mut_val *in, const char *name, yyjson_mut_val *fresh)
{
	yyjson_mut_val *v = yyjson_mut_obj_get(in, name);
	if (v)
		return v;
	yyjson_mut_obj_add(in, yyjson_mut_strcpy(doc, name), fresh);
	return fresh;
}

static yyjson_mut_val *fields_of(yyjson_mut_doc *doc, yyjson_mut_val *scenes, const char *name)
{
	yyjson_mut_val *scene = form_mut_part(scenes, "name", name);
	if (!scene) {
		scene = yyjson_mut_arr_add_obj(doc, scenes);
		yyjson_mut_obj_add_strcpy(doc, scene, "name", name);
	}
	return part_of(doc, scene, "fields", yyjson_mut_arr(doc));
}

const char *form_remember(struct ctx *c, const struct form *f, const char *known)
{
	yyjson_alc memory = json_memory_of(c->arena);
	yyjson_mut_doc *doc = yyjson_mut_doc_new(&memory);
	yyjson_val *old = read(c->arena, known), *key, *v, *one;
	yyjson_mut_val *root = yyjson_is_obj(old) ? yyjson_val_mut_copy(doc, old) : yyjson_mut_obj(doc);
	yyjson_mut_val *scenes = part_of(doc, root, "scenes", yyjson_mut_arr(doc)), *symptoms = part_of(doc, root, "symptoms", yyjson_mut_obj(doc));
	size_t i, n, k, m;
	yyjson_arr_foreach(f->scenes, i, n, v)
		yyjson_arr_foreach(yyjson_obj_get(v, "fields"), k, m, one)
			if (has_own(one))
				remember(doc, fields_of(doc, scenes, yyjson_get_str(yyjson_obj_get(v, "name"))), "name", one);
	yyjson_obj_foreach(f->symptoms, i, n, key, v)
		yyjson_arr_foreach(v, k, m, one)
			if (is_own(one, "code"))
				remember(doc, part_of(doc, symptoms, yyjson_get_str(key), yyjson_mut_arr(doc)), "code", one);
	return yyjson_mut_val_write_opts(root, 0, &memory, NULL, NULL);
}

void form_add_known(struct arena *a, struct form *f, const struct report_form *rows, size_t n)
{
	yyjson_alc memory = json_memory_of(a);
	yyjson_mut_doc *doc = yyjson_mut_doc_new(&memory);
	yyjson_mut_val *root = yyjson_mut_obj(doc), *scenes = yyjson_val_mut_copy(doc, f->scenes), *symptoms = yyjson_val_mut_copy(doc, f->symptoms);
	for (size_t i = 0; i < n; i++) {
		yyjson_val *known = read(a, rows[i].known), *key, *v;
		size_t k, m;
		form_add_off(doc, scenes, yyjson_obj_get(known, "scenes"), "name");
		yyjson_obj_foreach(yyjson_obj_get(known, "symptoms"), k, m, key, v)
			form_add_off(doc, part_of(doc, symptoms, yyjson_get_str(key), yyjson_mut_arr(doc)), v, "code");
	}
	yyjson_mut_obj_add_val(doc, root, "scenes", scenes);
	yyjson_mut_obj_add_val(doc, root, "symptoms", symptoms);
	yyjson_mut_doc_set_root(doc, root);
	yyjson_val *all = yyjson_doc_get_root(yyjson_mut_doc_imut_copy(doc, &memory));
	f->scenes = yyjson_obj_get(all, "scenes");
	f->symptoms = yyjson_obj_get(all, "symptoms");
}

int form_check_known(struct ctx *c, const struct report_form *row, const char *known)
{
	yyjson_val *scene, *field, *asked = yyjson_obj_get(read(c->arena, known), "scenes");
	size_t i, n, k, m;
	yyjson_arr_foreach(read(c->arena, row->scenes), i, n, scene) {
		yyjson_val *before = yyjson_obj_get(form_part(asked, "name", yyjson_get_str(yyjson_obj_get(scene, "name"))), "fields");
		yyjson_arr_foreach(yyjson_obj_get(scene, "fields"), k, m, field) {
			yyjson_val *was = is_own(field, "name") ? form_part(before, "name", yyjson_get_str(yyjson_obj_get(field, "name"))) : NULL;
			if (!was)
				continue;
			const char *path = arena_format(c->arena, "scenes[%zu].fields[%zu]", i, k), *type = yyjson_get_str(yyjson_obj_get(was, "type"));
			if (!yyjson_equals_str(yyjson_obj_get(field, "type"), type ? type : ""))
				fail_field(c, arena_format(c->arena, "%s.type", path), ERR_FORM_KEPT, type);
			if (yyjson_is_true(yyjson_obj_get(field, "sealed")) != yyjson_is_true(yyjson_obj_get(was, "sealed")))
				fail_field(c, arena_format(c->arena, "%s.sealed", path), ERR_FORM_KEPT, type);
		}
	}
	return c->error->code;
}
