/* Values of a row on their way out: to readers, who may not see all of them, and into its history and back. */
#include <string.h>

#include "base/json.h"
#include "core/custom/custom.h"
#include "core/custom/custom_private.h"

void custom_members(struct ctx *c, const struct customs *all, const char *object, struct text *out)
{
	yyjson_doc *doc = custom_doc(object);
	for (size_t i = 0; i < all->n; i++) {
		const char *value = json_value(c->arena, yyjson_obj_get(yyjson_doc_get_root(doc), all->at[i].field.name));
		if (value && custom_may_read(c, &all->at[i]))
			text_format(out, ",\"%s\":%s", all->at[i].field.name, value);
	}
	yyjson_doc_free(doc);
}

/* ---- history ---- */

static void add_difference(struct arena *a, const char *name, yyjson_val *was, yyjson_val *is, struct text *names, struct text *fields)
{
	if (was && is && yyjson_equals(was, is))
		return;
	text_format(names, "%s\"%s\"", names->n ? "," : "", name);
	text_format(fields, "%s\"%s\":[%s,%s]", fields->n ? "," : "", name, was ? json_value(a, was) : "null", is ? json_value(a, is) : "null");
}

void custom_differences(struct arena *a, const char *old, const char *now, struct text *names, struct text *fields)
{
	yyjson_doc *was = custom_doc(old), *is = custom_doc(now);
	yyjson_val *before = yyjson_doc_get_root(was), *after = yyjson_doc_get_root(is), *name, *value;
	size_t i, n;
	yyjson_obj_foreach(before, i, n, name, value)
		add_difference(a, yyjson_get_str(name), value, yyjson_obj_get(after, yyjson_get_str(name)), names, fields);
	yyjson_obj_foreach(after, i, n, name, value)
		if (!yyjson_obj_get(before, yyjson_get_str(name)))
			add_difference(a, yyjson_get_str(name), NULL, value, names, fields);
	yyjson_doc_free(was);
	yyjson_doc_free(is);
}

const char *custom_put_back(struct arena *a, const char *name, const char *json, const char *object)
{
	struct text t = text_in(a);
	yyjson_doc *doc = custom_doc(object);
	yyjson_val *key, *value;
	size_t i, n;
	yyjson_obj_foreach(yyjson_doc_get_root(doc), i, n, key, value)
		if (strcmp(yyjson_get_str(key), name))
			custom_add(&t, yyjson_get_str(key), json_value(a, value));
	if (strcmp(json, "null"))
		custom_add(&t, name, json);
	yyjson_doc_free(doc);
	return custom_end(&t);
}

const char *custom_history(struct ctx *c, const struct customs *all, const char *fields)
{
	struct text t = text_in(c->arena);
	yyjson_doc *doc = strstr(fields, "\"" CUSTOM_PREFIX) ? custom_doc(fields) : NULL;
	yyjson_val *key, *value;
	size_t i, n;
	if (!doc)
		return fields;
	yyjson_obj_foreach(yyjson_doc_get_root(doc), i, n, key, value) {
		const struct custom *k = custom_named(all, yyjson_get_str(key));
		if (!custom_is_name(yyjson_get_str(key)) || (k && custom_may_read(c, k)))
			custom_add(&t, yyjson_get_str(key), json_value(c->arena, value));
	}
	yyjson_doc_free(doc);
	return custom_end(&t);
}
