/* Names of tags: what one is, and the forms in which several travel. */
#include <string.h>
#include <yyjson.h>

#include "base/json.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "engine/clean/clean.h"

/* What separates names in a cell and where people type; so no name holds one. */
static const char *const separators[] = { ",", "，", "、", ";", "；", "\n", "\t" };
enum { SEPARATORS = sizeof(separators) / sizeof(separators[0]) };

/* The first separator in s, and its length; NULL when there is none. */
static const char *find_separator(const char *s, size_t *n)
{
	const char *first = NULL;
	for (size_t i = 0; i < SEPARATORS; i++) {
		const char *p = strstr(s, separators[i]);
		if (!p || (first && p >= first))
			continue;
		first = p;
		*n = strlen(separators[i]);
	}
	return first;
}

int tag_clean(struct arena *a, const char *text, const char **out)
{
	size_t n;
	*out = clean_text(a, text);
	if (!**out)
		return ERR_FIELD_REQUIRED;
	if (utf8_count(*out) > TAG_NAME_MOST)
		return ERR_FIELD_TOO_LONG;
	return find_separator(*out, &n) || !*tag_fold(a, *out) ? ERR_TAG_NAME : 0;
}

const char *tag_fold(struct arena *a, const char *name)
{
	struct text t = text_in(a);
	for (const char *p = text_fold(a, name); *p; p++)
		if (*p != ' ')
			text_char(&t, *p);
	return text_end(&t);
}

static bool is_named(struct arena *a, const struct tag_names *names, const char *folded)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(tag_fold(a, names->at[i]), folded))
			return true;
	return false;
}

static int add_name(struct ctx *c, const char *field, yyjson_val *v, size_t most, const char **names, struct tag_names *out)
{
	const char *s = yyjson_get_str(v), *name;
	if (!s || strlen(s) != yyjson_get_len(v) || !utf8_is_text(s, strlen(s)))
		return fail_field(c, field, ERR_FIELD_TYPE, "[\"VIP\"]");
	int r = tag_clean(c->arena, s, &name);
	if (r < 0)
		return fail_field(c, field, r, r == ERR_FIELD_TOO_LONG ? arena_format(c->arena, "%d", TAG_NAME_MOST) : name);
	if (is_named(c->arena, out, tag_fold(c->arena, name)))
		return 0;
	if (out->n == most)
		return fail_field(c, field, ERR_TAG_ROW, arena_format(c->arena, "%zu", most));
	names[out->n++] = name;
	return 0;
}

int tags_read(struct ctx *c, const char *field, const char *json, size_t most, struct tag_names *out)
{
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	yyjson_val *list = yyjson_doc_get_root(doc), *v;
	size_t i, n = yyjson_arr_size(list);
	const char **names = ARENA_ARRAY(c->arena, const char *, n + 1);
	int r = yyjson_is_arr(list) ? 0 : fail_field(c, field, ERR_FIELD_TYPE, "[\"VIP\"]");
	*out = (struct tag_names){ names, 0 };
	yyjson_arr_foreach(list, i, n, v) {
		r = add_name(c, field, v, most, names, out);
		if (r < 0)
			break;
	}
	yyjson_doc_free(doc);
	return r;
}

const char *tags_json(struct arena *a, const struct tag_names *names)
{
	struct text t = text_in(a);
	text_char(&t, '[');
	for (size_t i = 0; i < names->n; i++) {
		text_append(&t, i ? "," : "");
		json_text(&t, names->at[i]);
	}
	text_char(&t, ']');
	return text_end(&t);
}

int tags_listed(struct ctx *c, const char *member, const struct list *list, struct tag_names *out)
{
	struct tag_names given = { list->at, list->n };
	return tags_read(c, member, tags_json(c->arena, &given), TAGS_MOST, out);
}

const char *tags_cell(struct arena *a, const char *json)
{
	struct text t = text_in(a);
	yyjson_doc *doc = yyjson_read(json ? json : "[]", json ? strlen(json) : 2, 0);
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(yyjson_doc_get_root(doc), i, n, v) {
		text_append(&t, i ? "," : "");
		text_append(&t, yyjson_get_str(v) ? yyjson_get_str(v) : "");
	}
	yyjson_doc_free(doc);
	return text_end(&t);
}

const char *tags_of_cell(struct arena *a, const char *cell)
{
	struct text t = text_in(a);
	text_char(&t, '[');
	for (const char *p = cell, *next; p; p = next) {
		size_t n = 0;
		const char *end = find_separator(p, &n);
		next = end ? end + n : NULL;
		const char *name = clean_text(a, end ? arena_string_n(a, p, (size_t)(end - p)) : p);
		if (!*name)
			continue;
		text_append(&t, t.n > 1 ? "," : "");
		json_text(&t, name);
	}
	text_char(&t, ']');
	return text_end(&t);
}
