/* A customer's report held against the form in force: phones check as well, but only the server knows what is in force now. */
#include <string.h>

#include "base/clock.h"
#include "base/json_private.h"
#include "core/form/form_set.h"

static bool is_required(yyjson_val *scene, const char *part)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(yyjson_obj_get(scene, "required"), i, n, v)
		if (yyjson_equals_str(v, part))
			return true;
	return false;
}

static bool says(yyjson_val *v, const char *name, const char *value)
{
	return yyjson_equals_str(yyjson_obj_get(v, name), value);
}

bool form_needs(const struct form *f, const char *scene, const char *part)
{
	yyjson_val *v = form_scene(f, scene);
	return is_required(v, part) || says(v, part, "required");
}

static bool is_silent(const char *text)
{
	return text_empty(text) || !text[strspn(text, " \t\r\n")];
}

/* Of what can be told: products without symptoms have none to choose. */
static bool has_symptoms(const struct form *f, const char *product)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(product ? yyjson_obj_get(f->symptoms, product) : NULL, i, n, v)
		if (form_asks(v))
			return true;
	return false;
}

static void check_parts(struct ctx *c, const struct form *f, const struct form_report *in)
{
	const char *scene = in->scene;
	if (!in->device && form_needs(f, scene, "device"))
		fail_field(c, "device_id", ERR_FIELD_REQUIRED, NULL);
	if (!in->symptoms && form_needs(f, scene, "symptoms") && has_symptoms(f, in->product))
		fail_field(c, "symptoms", ERR_FIELD_REQUIRED, NULL);
	if (is_silent(in->text) && form_needs(f, scene, "text"))
		fail_field(c, "description", ERR_FIELD_REQUIRED, NULL);
	if (!in->when && form_needs(f, scene, "times"))
		fail_field(c, "preferred_day", ERR_FIELD_REQUIRED, NULL);
	if (!in->proof && form_needs(f, scene, "proof"))
		fail_field(c, "proof", ERR_FIELD_REQUIRED, NULL);
}

/* Answers ---------------------------------------------------------------------------------------------------------------- */

static bool is_text(yyjson_val *v, uint64_t most)
{
	return yyjson_is_str(v) && utf8_is_text(yyjson_get_str(v), yyjson_get_len(v)) && utf8_count(yyjson_get_str(v)) <= most;
}

/* Also one that is no longer offered: the phone may have been without network since. */
static bool is_choice(yyjson_val *field, yyjson_val *v)
{
	return yyjson_is_str(v) && form_part(yyjson_obj_get(field, "choices"), "value", yyjson_get_str(v));
}

static bool are_choices(yyjson_val *field, yyjson_val *list, uint64_t most)
{
	yyjson_val *v;
	size_t i, n;
	bool good = yyjson_is_arr(list) && yyjson_arr_size(list) <= most;
	yyjson_arr_foreach(good ? list : NULL, i, n, v)
		good = good && is_choice(field, v);
	return good;
}

static bool is_number(yyjson_val *v)
{
	const char *s = yyjson_get_str(v);
	return yyjson_is_num(v) || (s && *s && strlen(s) <= 20 && !s[strspn(s, "0123456789.-")]);
}

static bool fits(yyjson_val *field, yyjson_val *v)
{
	uint64_t most = yyjson_get_uint(yyjson_obj_get(field, "most"));
	const char *type = yyjson_get_str(yyjson_obj_get(field, "type"));
	int64_t day;
	if (text_equal(type, "choice"))
		return is_choice(field, v);
	if (text_equal(type, "choices"))
		return are_choices(field, v, most);
	if (text_equal(type, "yes_no"))
		return yyjson_is_bool(v);
	if (text_equal(type, "number"))
		return is_number(v);
	if (text_equal(type, "day"))
		return yyjson_is_str(v) && day_parse(yyjson_get_str(v), &day) == 0;
	return is_text(v, most);
}

static bool is_nothing(yyjson_val *v)
{
	return !v || yyjson_is_null(v) || yyjson_equals_str(v, "") || (yyjson_is_arr(v) && yyjson_arr_size(v) == 0);
}

static void check_answers(struct ctx *c, yyjson_val *fields, yyjson_val *answers)
{
	yyjson_val *key, *v;
	size_t i, n;
	yyjson_obj_foreach(answers, i, n, key, v) {
		yyjson_val *field = form_part(fields, "name", yyjson_get_str(key));
		const char *at = arena_format(c->arena, "answers.%s", yyjson_get_str(key));
		if (!field)
			fail_field(c, at, ERR_FIELD_UNKNOWN, NULL);
		else if (!is_nothing(v) && !fits(field, v))
			fail_field(c, at, ERR_FIELD_INVALID, "");
	}
}

/* What is sealed came with the words of the report: whether it is there only the phone can tell. */
static void check_required(struct ctx *c, yyjson_val *fields, yyjson_val *answers)
{
	yyjson_val *field;
	size_t i, n;
	yyjson_arr_foreach(fields, i, n, field) {
		const char *name = yyjson_get_str(yyjson_obj_get(field, "name"));
		bool asked = form_asks(field) && yyjson_is_true(yyjson_obj_get(field, "required")) && !yyjson_is_true(yyjson_obj_get(field, "sealed"));
		if (asked && is_nothing(yyjson_obj_get(answers, name)))
			fail_field(c, arena_format(c->arena, "answers.%s", name), ERR_FIELD_REQUIRED, NULL);
	}
}

int form_check_report(struct ctx *c, const struct form *f, const struct form_report *in)
{
	yyjson_alc memory = json_memory_of(c->arena);
	const char *text = text_empty(in->answers) ? "{}" : in->answers;
	yyjson_val *fields = yyjson_obj_get(form_scene(f, in->scene), "fields");
	TRY(form_check_scene(c, f, in->scene));
	yyjson_val *answers = yyjson_doc_get_root(yyjson_read_opts((char *)(uintptr_t)text, strlen(text), 0, &memory, NULL));
	if (!yyjson_is_obj(answers))
		return fail_field(c, "answers", ERR_FIELD_TYPE, "{…}");
	check_answers(c, fields, answers);
	if (in->danger || text_equal(in->scene, "emergency"))
		return c->error->code;
	check_parts(c, f, in);
	check_required(c, fields, answers);
	return c->error->code;
}
