/* What could be asked: the form of the company's pack, and behind it, off, what other packs ask. */
#include <pthread.h>
#include <string.h>

#include "base/json_private.h"
#include "core/form/form_set.h"

enum { MOST_PACKS = 16 };

static struct form bases[MOST_PACKS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

yyjson_mut_val *form_mut_part(yyjson_mut_val *list, const char *key, const char *name)
{
	yyjson_mut_val *v;
	size_t i, n;
	yyjson_mut_arr_foreach(list, i, n, v)
		if (name && yyjson_mut_equals_str(yyjson_mut_obj_get(v, key), name))
			return v;
	return NULL;
}

/* Two ways to ask the same: choices go together where both are chosen from. */
static void add_inside(yyjson_mut_doc *doc, yyjson_mut_val *there, yyjson_val *more)
{
	form_add_off(doc, yyjson_mut_obj_get(there, "fields"), yyjson_obj_get(more, "fields"), "name");
	const char *type = yyjson_get_str(yyjson_obj_get(more, "type"));
	if (type && yyjson_mut_equals_str(yyjson_mut_obj_get(there, "type"), type))
		form_add_off(doc, yyjson_mut_obj_get(there, "choices"), yyjson_obj_get(more, "choices"), "value");
}

void form_add_off(yyjson_mut_doc *doc, yyjson_mut_val *list, yyjson_val *more, const char *key)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list ? more : NULL, i, n, v) {
		yyjson_mut_val *there = form_mut_part(list, key, yyjson_get_str(yyjson_obj_get(v, key)));
		if (there) {
			add_inside(doc, there, v);
			continue;
		}
		there = yyjson_val_mut_copy(doc, v);
		yyjson_mut_obj_remove_key(there, "off");
		yyjson_mut_obj_add_true(doc, there, "off");
		yyjson_mut_arr_append(list, there);
	}
}

static void make(const struct pack *pack, struct form *out)
{
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *root = yyjson_mut_obj(doc), *scenes = yyjson_val_mut_copy(doc, yyjson_obj_get(pack_json(pack, PACK_FORM), "scenes")), *scene;
	size_t i, n;
	for (const struct pack *p = packs; p->name; p++)
		if (p != pack)
			form_add_off(doc, scenes, yyjson_obj_get(pack_json(p, PACK_FORM), "scenes"), "name");
	yyjson_mut_arr_foreach(scenes, i, n, scene)
		yyjson_mut_obj_add_arr(doc, scene, "required");
	yyjson_mut_obj_add_val(doc, root, "scenes", scenes);
	yyjson_mut_obj_add_val(doc, root, "symptoms", yyjson_val_mut_copy(doc, yyjson_obj_get(pack_json(pack, PACK_FORM), "symptoms")));
	yyjson_mut_doc_set_root(doc, root);
	yyjson_val *all = yyjson_doc_get_root(yyjson_mut_doc_imut_copy(doc, NULL));     /* for the life of the process, like the packs */
	yyjson_mut_doc_free(doc);
	*out = (struct form){ pack, yyjson_obj_get(all, "scenes"), yyjson_obj_get(all, "symptoms") };
}

static void make_all(void)
{
	for (size_t i = 0; packs[i].name && i < MOST_PACKS; i++)
		make(&packs[i], &bases[i]);
}

const struct form *form_base(const struct pack *pack)
{
	pthread_once(&once, make_all);
	return &bases[pack - packs];
}
