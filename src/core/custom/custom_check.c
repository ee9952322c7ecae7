/* One value from outside, held against its field. */
#include <string.h>
#include <yyjson.h>

#include "base/clock.h"
#include "base/json.h"
#include "core/custom/custom.h"
#include "engine/clean/clean.h"

static int bad(struct ctx *c, const struct custom *k, int code, const char *arg)
{
	return fail_field(c, k->field.name, code, arg);
}

static int check_number(struct ctx *c, const struct custom *k, yyjson_val *v, const char **out)
{
	bool fits = yyjson_is_sint(v) || (yyjson_is_uint(v) && yyjson_get_uint(v) <= INT64_MAX);
	int64_t i = yyjson_get_sint(v);
	if (!yyjson_is_int(v))
		return bad(c, k, ERR_FIELD_TYPE, "123");
	if (!fits || i > k->field.most)
		return bad(c, k, ERR_FIELD_TOO_LARGE, arena_format(c->arena, "%lld", (long long)k->field.most));
	if (i < k->field.least)
		return bad(c, k, ERR_FIELD_TOO_SMALL, arena_format(c->arena, "%lld", (long long)k->field.least));
	*out = arena_format(c->arena, "%lld", (long long)i);
	return 0;
}

static const char *quoted(struct ctx *c, const char *text)
{
	struct text t = text_in(c->arena);
	json_text(&t, text);
	return text_end(&t);
}

static int check_text(struct ctx *c, const struct custom *k, yyjson_val *v, const char **out)
{
	const char *s = yyjson_get_str(v);
	if (!s || strlen(s) != yyjson_get_len(v) || !utf8_is_text(s, strlen(s)))
		return bad(c, k, ERR_FIELD_TYPE, "\"…\"");
	s = clean_text(c->arena, s);
	if ((int64_t)utf8_count(s) > k->field.most)
		return bad(c, k, ERR_FIELD_TOO_LONG, arena_format(c->arena, "%lld", (long long)k->field.most));
	*out = *s ? quoted(c, s) : NULL;
	return 0;
}

static int check_choice(struct ctx *c, const struct custom *k, const char *s, const char **out)
{
	struct text words = text_in(c->arena);
	for (size_t i = 0; k->field.of[i].value; i++) {
		if (k->retired[i])
			continue;
		if (s && !strcmp(k->field.of[i].value, s)) {
			*out = quoted(c, s);
			return 0;
		}
		text_format(&words, "%s%s", words.n ? ", " : "", k->field.of[i].value);
	}
	return bad(c, k, ERR_FIELD_CHOICE, text_end(&words));
}

static int check(struct ctx *c, const struct custom *k, yyjson_val *v, const char **out)
{
	const char *s = yyjson_get_str(v);
	int64_t day;
	if (yyjson_is_null(v) || (s && !*s))
		return 0;
	switch (k->kind) {
	case CUSTOM_NUMBER:
		return check_number(c, k, v, out);
	case CUSTOM_FLAG:
		*out = yyjson_is_true(v) ? "true" : "false";
		return yyjson_is_bool(v) ? 0 : bad(c, k, ERR_FIELD_TYPE, "true");
	case CUSTOM_DAY:
		if (!s || strlen(s) != yyjson_get_len(v) || day_parse(s, &day) < 0)
			return bad(c, k, ERR_FIELD_TYPE, "\"2026-11-22\"");
		*out = quoted(c, s);
		return 0;
	case CUSTOM_CHOICE:
		return check_choice(c, k, s && strlen(s) == yyjson_get_len(v) ? s : NULL, out);
	default:
		return check_text(c, k, v, out);
	}
}

int custom_check(struct ctx *c, const struct custom *k, const char *json, const char **out)
{
	*out = NULL;
	yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
	int r = doc ? check(c, k, yyjson_doc_get_root(doc), out) : bad(c, k, ERR_FIELD_TYPE, "null");
	yyjson_doc_free(doc);
	return r;
}
