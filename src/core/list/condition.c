/* Reads [["field","operator",value], …] with yyjson: a positional form that shapes do not describe. */
#include "core/list/condition.h"

#include <string.h>
#include <yyjson.h>

#include "base/text.h"
#include "core/auth/auth.h"
#include "base/id.h"

static const char *const operator_words[] = { "=", "!=", "in", "not_in", "<", "<=", ">", ">=" };

static MUST_CHECK int bad(struct ctx *c, const char *what)
{
	fail_field(c, "filter", ERR_FIELD_INVALID, arena_format(c->arena, "：%s", what));
	return c->error->code;
}

/* The built-in columns that every list may filter and sort by. */
static const struct member *built_in(const struct record_model *m, const char *name)
{
	if (!strcmp(name, "id"))
		return m->id;
	if (!strcmp(name, "created_at"))
		return m->created_at;
	if (!strcmp(name, "updated_at"))
		return m->updated_at;
	return NULL;
}

static int read_int(struct ctx *c, const struct condition *k, const char *name, yyjson_val *v, struct slot *out)
{
	if (yyjson_is_int(v)) {
		out->i = yyjson_get_sint(v);
		bool fits = yyjson_is_sint(v) ? out->i != NULL_INT : yyjson_get_uint(v) <= INT64_MAX;
		return fits ? 0 : bad(c, name);
	}
	if (yyjson_is_bool(v)) {
		out->i = yyjson_get_bool(v);
		return 0;
	}
	if (yyjson_is_null(v)) {
		out->i = 0;
		return 0;
	}
	const char *s = yyjson_get_str(v);
	if (!s)
		return bad(c, name);
	const char *format = type_format(k->column->type);
	if (!strcmp(format, "id") && !strcmp(s, "me") && c->auth) {
		out->i = c->auth->user_id;
		return 0;
	}
	if (!strcmp(format, "id") && !strcmp(s, "my_team") && c->auth) {
		out->i = c->auth->team_id;
		return 0;
	}
	if (!strcmp(s, "0"))
		return out->i = 0;
	if (!strcmp(format, "day") ? day_parse(s, &out->i) < 0 : id_parse(s, &out->i) < 0)
		return bad(c, name);
	return 0;
}

static int read_value(struct ctx *c, const struct condition *k, const char *name, yyjson_val *v, struct slot *out)
{
	*out = (struct slot){ .i = NULL_INT };
	if (k->column && type_kind(k->column->type) == KIND_INT)
		return read_int(c, k, name, v, out);
	if (k->column && type_kind(k->column->type) == KIND_REAL) {
		out->real = yyjson_get_num(v);
		return yyjson_is_num(v) ? 0 : bad(c, name);
	}
	const char *s = yyjson_get_str(v);
	if (!s || yyjson_get_len(v) != strlen(s) || !utf8_is_text(s, strlen(s)) || utf8_count(s) > 200)
		return bad(c, name);
	out->text = arena_string(c->arena, s);
	return 0;
}

static int read_values(struct ctx *c, struct condition *k, const char *name, yyjson_val *v)
{
	bool many = k->operator == OP_IN || k->operator == OP_NOT_IN;
	if (many != yyjson_is_arr(v))
		return bad(c, name);
	k->count = many ? yyjson_arr_size(v) : 1;
	if (k->count > MOST_CONDITION_VALUES)
		return bad(c, name);
	k->values = ARENA_ARRAY(c->arena, struct slot, k->count + 1);
	for (size_t i = 0; i < k->count; i++)
		TRY(read_value(c, k, name, many ? yyjson_arr_get(v, i) : v, &k->values[i]));
	return 0;
}

static bool is_named(const struct condition *k, const char *value)
{
	for (size_t i = 0; i < k->count; i++)
		if (text_equal(value, k->values[i].text))
			return true;
	return false;
}

/* "not one of" over a choice is "one of the others, or none": an index can serve that. */
static void turn_choices(struct ctx *c, const struct record_model *m, struct condition *k)
{
	if (k->field == (size_t)NO_FIELD || !m->record->fields[k->field].of)
		return;
	if (k->operator != OP_NOT_IN && k->operator != OP_NOT_EQUAL)
		return;
	const struct choice *all = m->record->fields[k->field].of;
	size_t n = 0;
	for (const struct choice *o = all; o->value; o++)
		n++;
	struct slot *others = ARENA_ARRAY(c->arena, struct slot, n + 2);
	size_t count = 0;
	for (const struct choice *o = all; o->value; o++)
		if (!is_named(k, o->value))
			others[count++].text = o->value;
	const struct field *f = &m->record->fields[k->field];
	if (!f->required && !(f->system && f->initial) && !is_named(k, ""))
		others[count++].text = "";
	k->operator = OP_IN;
	k->values = others;
	k->count = count;
}

static int read_one(struct ctx *c, const struct record_model *m, yyjson_val *v, struct condition *k)
{
	const char *name = yyjson_get_str(yyjson_arr_get(v, 0)), *word = yyjson_get_str(yyjson_arr_get(v, 1));
	if (yyjson_arr_size(v) != 3 || !name || !word)
		return bad(c, "[field, operator, value]");
	name = arena_string(c->arena, name);
	k->field = field_index(m, name);
	k->column = k->field == SIZE_MAX ? built_in(m, name) : m->column[k->field];
	if (!k->column)
		return bad(c, name);
	size_t op = 0;
	while (op < 8 && strcmp(word, operator_words[op]))
		op++;
	if (op == 8)
		return bad(c, name);
	k->operator = (enum operator)op;
	if (k->field == SIZE_MAX) {
		k->field = (size_t)NO_FIELD;
		k->indexed = true;
	} else {
		const struct field *f = &m->record->fields[k->field];
		k->indexed = f->index || f->sort || f->unique || field_has_lookup(f);
		if (field_is_sealed(f)) {
			if (!field_has_lookup(f) || (op != OP_EQUAL && op != OP_IN))
				return bad(c, name);
			k->column = NULL;
		} else if (type_kind(k->column->type) == KIND_BYTES || k->column->type == TYPE_json || f->kind == FIELD_TAGS) {
			return bad(c, name);
		}
	}
	TRY(read_values(c, k, name, yyjson_arr_get(v, 2)));
	turn_choices(c, m, k);
	return 0;
}

static int read_all(struct ctx *c, const struct record_model *m, yyjson_val *root, struct condition *out, size_t *n)
{
	if (!yyjson_is_arr(root) || yyjson_arr_size(root) > MOST_CONDITIONS)
		return bad(c, "[[field, operator, value], …]");
	size_t index, count;
	yyjson_val *v;
	yyjson_arr_foreach(root, index, count, v)
		TRY(read_one(c, m, v, &out[index]));
	*n = count;
	return 0;
}

int conditions_read(struct ctx *c, const struct record_model *m, const char *json, struct condition *out, size_t *n)
{
	memset(out, 0, MOST_CONDITIONS * sizeof(*out));
	*n = 0;
	if (!json || !*json)
		return 0;
	yyjson_doc *doc = strlen(json) <= 16 * 1024 ? yyjson_read(json, strlen(json), 0) : NULL;
	if (!doc)
		return bad(c, "JSON");
	int r = read_all(c, m, yyjson_doc_get_root(doc), out, n);
	yyjson_doc_free(doc);
	return r;
}
