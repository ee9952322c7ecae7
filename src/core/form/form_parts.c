/* The parts of a form: what each may be called, how long, and what must hold of it when all is said. */
#include "core/form/form_parts.h"

#include <string.h>

int form_bad(struct form_text *r, const char *path, const char *member, int code, const char *arg)
{
	return fail_field(r->c, *member ? arena_format(r->c->arena, "%s.%s", path, member) : path, code, arg);
}

bool form_is(yyjson_mut_val *v, const char *name)
{
	return yyjson_mut_is_true(yyjson_mut_obj_get(v, name));
}

const char *form_text_of(yyjson_mut_val *v, const char *name)
{
	const char *s = yyjson_mut_get_str(yyjson_mut_obj_get(v, name));
	return s ? s : "";
}

size_t form_shown(yyjson_mut_val *list)
{
	yyjson_mut_val *v;
	size_t i, n, count = 0;
	yyjson_mut_arr_foreach(list, i, n, v)
		count += !form_is(v, "off");
	return count;
}

static const char *said_name(struct form_text *r, yyjson_mut_val *v)
{
	return arena_string(r->c->arena, form_text_of(yyjson_mut_obj_get(v, "label"), r->c->lang == LANG_EN ? "en" : "zh"));
}

static bool is_one_of(const char *s, const char *const *words)
{
	while (*words && strcmp(*words, s) != 0)
		words++;
	return *words != NULL;
}

static void check_choice(struct form_text *r, const char *path, yyjson_mut_val *base, yyjson_mut_val *now)
{
	if (!yyjson_mut_obj_get(now, "label"))
		form_bad(r, path, "label.zh", ERR_FIELD_REQUIRED, NULL);
}

static const char *const grades[] = { "normal", "urgent", NULL };

static void check_symptom(struct form_text *r, const char *path, yyjson_mut_val *base, yyjson_mut_val *now)
{
	check_choice(r, path, base, now);
	if (!base && !yyjson_mut_obj_get(now, "grade"))
		yyjson_mut_obj_add_str(r->doc, now, "grade", grades[0]);
}

static void check_field(struct form_text *r, const char *path, yyjson_mut_val *base, yyjson_mut_val *now)
{
	static const char *const chosen[] = { "choice", "choices", NULL }, *const written[] = { "text", "long_text", NULL };
	const char *type = form_text_of(now, "type");
	check_choice(r, path, base, now);
	if (!*type)
		form_bad(r, path, "type", ERR_FIELD_REQUIRED, NULL);
	if (is_one_of(type, chosen) ? form_shown(yyjson_mut_obj_get(now, "choices")) == 0 && !form_is(now, "off") : yyjson_mut_arr_size(yyjson_mut_obj_get(now, "choices")) > 0)
		form_bad(r, path, "choices", is_one_of(type, chosen) ? ERR_FIELD_REQUIRED : ERR_FIELD_READ_ONLY, NULL);
	if (form_is(now, "sealed") && !is_one_of(type, written))
		form_bad(r, path, "sealed", ERR_FIELD_READ_ONLY, NULL);
	if (!yyjson_mut_obj_get(now, "most"))
		yyjson_mut_obj_add_int(r->doc, now, "most", !strcmp(type, "long_text") ? 300 : !strcmp(type, "text") ? 60 : !strcmp(type, "choices") ? FORM_MOST_CHOICES : 16);
}

/* What warns people of danger stays where the pack put it. */
static void check_scene(struct form_text *r, const char *path, yyjson_mut_val *base, yyjson_mut_val *now)
{
	const char *name = said_name(r, now);
	if (form_is(now, "off") && yyjson_mut_equals_str(yyjson_mut_obj_get(now, "name"), "emergency"))
		form_bad(r, path, "off", ERR_FORM_SAFETY, name);
	if (form_is(base, "safety") && !form_is(now, "safety"))
		form_bad(r, path, "safety", ERR_FORM_SAFETY, name);
	bool asks = strcmp(form_text_of(now, "text"), "none") != 0 || form_is(now, "symptoms") || form_shown(yyjson_mut_obj_get(now, "fields"));
	if (!asks && !form_is(now, "off"))
		form_bad(r, path, "text", ERR_FORM_EMPTY, NULL);
}

#define PARTS(list) .parts = list, .count = sizeof(list) / sizeof((list)[0])
static const struct part choice_parts[] = { { "value", PART_KEY }, { "off", PART_FLAG }, { "label", PART_LABEL, 40 } };
static const struct entries choice_entries = { "value", PARTS(choice_parts), FORM_MOST_CHOICES, true, check_choice };
static const struct part symptom_parts[] = {
	{ "code", PART_KEY }, { "off", PART_FLAG }, { "label", PART_LABEL, 40 }, { "grade", PART_WORD, .words = grades, .own = true },
};
const struct entries form_symptom_entries = { "code", PARTS(symptom_parts), FORM_MOST_SYMPTOMS, true, check_symptom };
static const char *const needs[] = { "required", "optional", "none", NULL };
static const char *const types[] = { "text", "long_text", "choice", "choices", "day", "yes_no", "number", NULL };
static const struct part field_parts[] = {
	{ "name", PART_KEY }, { "off", PART_FLAG }, { "type", PART_WORD, .words = types, .own = true }, { "label", PART_LABEL, 60 }, { "hint", PART_HINT, 80 },
	{ "required", PART_FLAG }, { "sealed", PART_FLAG, .own = true }, { "most", PART_COUNT, FORM_MOST_TEXT }, { "choices", PART_LIST, .entries = &choice_entries },
};
static const struct entries field_entries = { "name", PARTS(field_parts), FORM_MOST_FIELDS, true, check_field };
static const struct part scene_parts[] = {
	{ "name", PART_KEY }, { "off", PART_FLAG }, { "label", PART_LABEL, 40 }, { "hint", PART_HINT, 60 }, { "text_label", PART_LABEL, 60 }, { "submit", PART_LABEL, 40 },
	{ "device", PART_NEED, .words = needs }, { "text", PART_NEED, .words = needs }, { "safety", PART_FLAG }, { "symptoms", PART_ASKED }, { "times", PART_ASKED },
	{ "proof", PART_ASKED }, { "fields", PART_LIST, .entries = &field_entries },
};
const struct entries form_scene_entries = { "name", PARTS(scene_parts), 40, false, check_scene };
