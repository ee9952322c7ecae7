/* What customers would see otherwise if one form gave way to another. */
#include <string.h>

#include "base/json.h"
#include "core/form/form_set.h"

/* A list of a form, by what stands in it, and what of an entry customers see. */
struct level {
	const char *part, *key;
	const char *const *members;
	const char *list;               /* inside of it, by the next level */
	const struct level *next;
};

static const char *const choice_members[] = { "label", NULL };
static const char *const field_members[] = { "label", "hint", "required", "most", NULL };
static const char *const scene_members[] = { "label", "hint", "device", "safety", "symptoms", "text", "text_label", "times", "proof", "submit", NULL };
static const struct level choices = { "choice", "value", choice_members, NULL, NULL };
static const struct level questions = { "question", "name", field_members, "choices", &choices };
static const struct level scenes = { "scene", "name", scene_members, "fields", &questions };
static const struct level symptoms = { "symptom", "code", choice_members, NULL, NULL };

struct telling {
	struct ctx *c;
	struct text *out;
	size_t n;
};

static void write_value(struct telling *t, const char *name, const char *json)
{
	text_format(t->out, ",\"%s\":%s", name, json ? json : "null");
}

static void tell(struct telling *t, const struct level *at, const char *in, yyjson_val *entry, const char *what, const char *was, const char *now)
{
	text_format(t->out, "%s{\"part\":\"%s\",\"what\":\"%s\",\"in\":[%s]", t->n++ ? "," : "", at->part, what, in);
	write_value(t, "label", entry ? json_value(t->c->arena, yyjson_obj_get(entry, "label")) : NULL);
	write_value(t, "was", was);
	write_value(t, "now", now);
	text_char(t->out, '}');
}

/* A part that is a flag, for phones have always read it so, and perhaps has to be filled in. */
static const char *value_of(struct ctx *c, yyjson_val *entry, const char *member)
{
	yyjson_val *v, *must = yyjson_obj_get(entry, "required");
	size_t i, n;
	yyjson_arr_foreach(yyjson_is_arr(must) ? must : NULL, i, n, v)
		if (yyjson_equals_str(v, member))
			return "\"required\"";
	return json_value(c->arena, yyjson_obj_get(entry, member));
}

static bool is_reordered(const struct level *at, yyjson_val *was, yyjson_val *now)
{
	yyjson_val *v;
	size_t i, n, last = 0, place;
	yyjson_arr_foreach(now, i, n, v) {
		yyjson_val *old = form_part(was, at->key, yyjson_get_str(yyjson_obj_get(v, at->key)));
		if (!form_asks(v) || !form_asks(old))
			continue;
		for (place = 0; yyjson_arr_get(was, place) != old; place++)
			;
		if (place < last)
			return true;
		last = place;
	}
	return false;
}

static void compare(struct telling *t, const struct level *at, const char *in, yyjson_val *was, yyjson_val *now);

static void compare_entry(struct telling *t, const struct level *at, const char *in, yyjson_val *was, yyjson_val *now)
{
	for (const char *const *m = at->members; *m; m++) {
		const char *a = value_of(t->c, was, *m), *b = value_of(t->c, now, *m);
		if (!text_equal(a, b))
			tell(t, at, in, now, *m, a, b);
	}
	if (!at->next)
		return;
	const char *inside = arena_format(t->c->arena, "%s%s%s", in, *in ? "," : "", json_value(t->c->arena, yyjson_obj_get(now, "label")));
	compare(t, at->next, inside, yyjson_obj_get(was, at->list), yyjson_obj_get(now, at->list));
}

static void compare(struct telling *t, const struct level *at, const char *in, yyjson_val *was, yyjson_val *now)
{
	yyjson_val *v;
	size_t i, n;
	if (is_reordered(at, was, now))
		tell(t, at, in, NULL, "order", NULL, NULL);
	yyjson_arr_foreach(now, i, n, v) {
		yyjson_val *old = form_part(was, at->key, yyjson_get_str(yyjson_obj_get(v, at->key)));
		if (form_asks(v) && form_asks(old))
			compare_entry(t, at, in, old, v);
		else if (form_asks(v))
			tell(t, at, in, v, "added", NULL, NULL);
	}
	yyjson_arr_foreach(was, i, n, v)
		if (form_asks(v) && !form_asks(form_part(now, at->key, yyjson_get_str(yyjson_obj_get(v, at->key)))))
			tell(t, at, in, v, "gone", NULL, NULL);
}

void form_write_changes(struct ctx *c, const struct form *was, const struct form *now, struct text *out)
{
	struct telling t = { c, out };
	yyjson_val *key, *list;
	size_t i, n;
	text_append(out, "\"changes\":[");
	compare(&t, &scenes, "", was->scenes, now->scenes);
	yyjson_obj_foreach(now->symptoms, i, n, key, list)
		compare(&t, &symptoms, arena_format(c->arena, "{\"product\":\"%s\"}", yyjson_get_str(key)), yyjson_obj_get(was->symptoms, yyjson_get_str(key)), list);
	text_char(out, ']');
}
