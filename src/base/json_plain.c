/* One form for all texts of the same JSON value: PostgreSQL stores a value and gives back another text of it. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_private.h"

struct pair {
	const char *name;
	size_t n;
	yyjson_val *value;
};

static int by_name(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = memcmp(x->name, y->name, x->n < y->n ? x->n : y->n);
	return order ? order : x->n < y->n ? -1 : x->n > y->n;
}

static void write_value(struct text *t, yyjson_val *v);

static void write_object(struct text *t, yyjson_val *v)
{
	size_t n = yyjson_obj_size(v), i, most;
	struct pair *pairs = ARENA_ARRAY(t->arena, struct pair, n + 1);
	yyjson_val *name, *value;
	yyjson_obj_foreach(v, i, most, name, value)
		pairs[i] = (struct pair){ yyjson_get_str(name), yyjson_get_len(name), value };
	qsort(pairs, n, sizeof(*pairs), by_name);
	text_char(t, '{');
	for (i = 0; i < n; i++) {
		if (i)
			text_char(t, ',');
		json_text(t, pairs[i].name);
		text_char(t, ':');
		write_value(t, pairs[i].value);
	}
	text_char(t, '}');
}

static void write_array(struct text *t, yyjson_val *v)
{
	size_t i, most;
	yyjson_val *value;
	text_char(t, '[');
	yyjson_arr_foreach(v, i, most, value) {
		if (i)
			text_char(t, ',');
		write_value(t, value);
	}
	text_char(t, ']');
}

/* 2, 2.0 and 2e0 are one number. */
static void write_number(struct text *t, yyjson_val *v)
{
	double real = yyjson_get_num(v);
	if (yyjson_is_uint(v))
		text_format(t, "%" PRIu64, yyjson_get_uint(v));
	else if (yyjson_is_sint(v))
		text_format(t, "%" PRId64, yyjson_get_sint(v));
	else if (fabs(real) < 9e15 && real == trunc(real))
		text_format(t, "%" PRId64, (int64_t)real);
	else
		text_format(t, "%.17g", real);
}

static void write_value(struct text *t, yyjson_val *v)
{
	if (yyjson_is_obj(v))
		write_object(t, v);
	else if (yyjson_is_arr(v))
		write_array(t, v);
	else if (yyjson_is_str(v))
		json_text(t, yyjson_get_str(v));
	else if (yyjson_is_num(v))
		write_number(t, v);
	else
		text_append(t, yyjson_is_true(v) ? "true" : yyjson_is_false(v) ? "false" : "null");
}

void json_plain(struct text *t, const char *json)
{
	size_t n = strlen(json);
	yyjson_alc memory = json_memory_of(t->arena);
	if (!strcmp(json, "{}"))
		return text_append(t, json);
	yyjson_doc *doc = json_is_valid(json, n, JSON_PLAIN_DEPTH) ? yyjson_read_opts((char *)json, n, 0, &memory, NULL) : NULL;
	if (doc)
		write_value(t, yyjson_doc_get_root(doc));
	else
		text_append(t, json);
}

bool json_blank(struct text *t, const char *json, bool (*may_stay)(const char *name, void *arg), void *arg)
{
	size_t n = strlen(json), i, most;
	yyjson_alc memory = json_memory_of(t->arena);
	yyjson_doc *doc = json_is_valid(json, n, JSON_PLAIN_DEPTH) ? yyjson_read_opts((char *)json, n, 0, &memory, NULL) : NULL;
	yyjson_val *name, *value, *root = doc ? yyjson_doc_get_root(doc) : NULL;
	bool blanked = false;
	text_char(t, '{');
	yyjson_obj_foreach(root, i, most, name, value) {
		bool stays = yyjson_is_null(value) || may_stay(yyjson_get_str(name), arg);
		if (i)
			text_char(t, ',');
		json_text(t, yyjson_get_str(name));
		text_char(t, ':');
		if (stays)
			write_value(t, value);
		else
			text_append(t, "null");
		blanked |= !stays;
	}
	text_char(t, '}');
	return blanked;
}
