/* JSON in: parsed by yyjson into the arena, then walked along a shape.
 *
 * Texts are not copied a second time: yyjson's own copy lives in the arena. The depth is counted before parsing and
 * doubled keys are looked for after it, both over the whole document, so `raw` members are as clean as the others. */
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_private.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/id.h"

enum { MOST_DEPTH = 32, DEFAULT_TEXT = 10000, DEFAULT_CODE = 100, DEFAULT_LIST = 1000 };

/* Where we are in the document; written out only when something is wrong there. */
struct place {
	const struct place *parent;
	const char *name;       /* NULL: an element */
	size_t index;
};

struct reader {
	struct arena *arena;
	struct error *error;
};

static void *take(void *arena, size_t n)
{
	return arena_alloc(arena, n);
}

static void *take_more(void *arena, void *p, size_t old_size, size_t n)
{
	void *bigger = arena_alloc(arena, n);
	memcpy(bigger, p, old_size < n ? old_size : n);
	return bigger;
}

static void give_back(void *arena, void *p)
{
}

yyjson_alc json_memory_of(struct arena *a)
{
	return (yyjson_alc){ .malloc = take, .realloc = take_more, .free = give_back, .ctx = a };
}

/* Levels of brackets outside of strings; right for every valid document, and no parser ran yet. */
static int depth_of(const char *text, size_t n)
{
	int depth = 0, deepest = 0;
	bool in_string = false;
	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > deepest)
				deepest = depth;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return deepest;
}

static int compare_keys(const void *a, const void *b)
{
	yyjson_val *x = *(yyjson_val *const *)a, *y = *(yyjson_val *const *)b;
	size_t n = yyjson_get_len(x), m = yyjson_get_len(y);
	return n != m ? (n < m ? -1 : 1) : memcmp(yyjson_get_str(x), yyjson_get_str(y), n);
}

static const char *doubled_key_here(struct arena *a, yyjson_val *object)
{
	size_t n = yyjson_obj_size(object), i, most;
	if (n < 2)
		return NULL;
	yyjson_val **keys = ARENA_ARRAY(a, yyjson_val *, n);
	yyjson_val *key, *value;
	yyjson_obj_foreach(object, i, most, key, value)
		keys[i] = key;
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (i = 1; i < n; i++)
		if (!compare_keys(&keys[i - 1], &keys[i]))
			return yyjson_get_str(keys[i]);
	return NULL;
}

/* The first key that an object anywhere below holds twice, or NULL. Recursion is bounded by MOST_DEPTH. */
static const char *doubled_key(struct arena *a, yyjson_val *v)
{
	size_t i, most;
	yyjson_val *key, *value;
	const char *twice = NULL;
	if (yyjson_is_obj(v)) {
		twice = doubled_key_here(a, v);
		if (twice)
			return twice;
		yyjson_obj_foreach(v, i, most, key, value)
			if ((twice = doubled_key(a, value)))
				return twice;
	} else if (yyjson_is_arr(v)) {
		yyjson_arr_foreach(v, i, most, value)
			if ((twice = doubled_key(a, value)))
				return twice;
	}
	return NULL;
}

static bool is_clean(yyjson_val *v)
{
	size_t i, most;
	yyjson_val *key, *value;
	if (yyjson_is_str(v))
		return utf8_is_text(yyjson_get_str(v), yyjson_get_len(v));
	if (yyjson_is_obj(v)) {
		yyjson_obj_foreach(v, i, most, key, value)
			if (!is_clean(key) || !is_clean(value))
				return false;
	} else if (yyjson_is_arr(v)) {
		yyjson_arr_foreach(v, i, most, value)
			if (!is_clean(value))
				return false;
	}
	return true;
}

/* Faults ------------------------------------------------------------------------------------------------------- */

static void write_place(struct text *t, const struct place *at)
{
	if (!at)
		return;
	write_place(t, at->parent);
	if (!at->name) {
		text_format(t, "[%zu]", at->index);
		return;
	}
	if (t->n)
		text_char(t, '.');
	text_append_n(t, at->name, utf8_prefix(at->name, 100));
}

static void fault(struct reader *r, const struct place *at, int code, const char *arg)
{
	struct text t = text_in(r->arena);
	write_place(&t, at);
	error_field(r->error, r->arena, text_end(&t), code, arg);
}

static void fault_number(struct reader *r, const struct place *at, int code, int64_t limit)
{
	fault(r, at, code, arena_format(r->arena, "%" PRId64, limit));
}

static void fault_type(struct reader *r, const struct place *at, const struct member *m)
{
	fault(r, at, ERR_FIELD_TYPE, type_json(m->type));
}

/* Values ------------------------------------------------------------------------------------------------------- */

static void read_object(struct reader *r, const struct place *at, const struct shape *shape, yyjson_val *v, void *out,
                        struct json_present *present);

static void check_range(struct reader *r, const struct place *at, const struct member *m, int64_t value)
{
	int64_t least = m->least, most = m->most;
	if (!least && !most)
		least = m->type == TYPE_i64 || m->type == TYPE_fen ? -INT64_MAX : 0;
	if (!most)
		most = INT64_MAX;
	if (value < least)
		fault_number(r, at, ERR_FIELD_TOO_SMALL, least);
	else if (value > most)
		fault_number(r, at, ERR_FIELD_TOO_LARGE, most);
}

static void read_id(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, int64_t *out)
{
	const char *s = yyjson_get_str(v);
	if (!s)
		fault_type(r, at, m);
	else if (m->type == TYPE_ref && !strcmp(s, "0"))
		*out = 0;
	else if (strlen(s) != yyjson_get_len(v) || id_parse(s, out) < 0)
		fault(r, at, ERR_FIELD_INVALID, NULL);
}

static void read_day(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, int64_t *out)
{
	const char *s = yyjson_get_str(v);
	if (!s)
		fault_type(r, at, m);
	else if (strlen(s) != yyjson_get_len(v) || day_parse(s, out) < 0)
		fault(r, at, ERR_FIELD_DAY, NULL);
}

static void read_int(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, int64_t *out)
{
	if (m->type == TYPE_id || m->type == TYPE_tenant_id || m->type == TYPE_key_id || m->type == TYPE_ref) {
		read_id(r, at, m, v, out);
	} else if (m->type == TYPE_day) {
		read_day(r, at, m, v, out);
	} else if (m->type == TYPE_flag) {
		if (!yyjson_is_bool(v))
			fault_type(r, at, m);
		*out = yyjson_get_bool(v);
	} else if (!yyjson_is_int(v)) {
		fault_type(r, at, m);
	} else if (yyjson_is_uint(v) && yyjson_get_uint(v) > INT64_MAX) {
		fault_number(r, at, ERR_FIELD_TOO_LARGE, m->most ? m->most : INT64_MAX);
	} else {
		*out = yyjson_get_sint(v);
		check_range(r, at, m, *out);
	}
}

static void read_real(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, double *out)
{
	if (!yyjson_is_num(v)) {
		fault_type(r, at, m);
		return;
	}
	*out = yyjson_get_num(v);
	if (!m->least && !m->most)
		return;
	if (*out < (double)m->least)
		fault_number(r, at, ERR_FIELD_TOO_SMALL, m->least);
	else if (m->most && *out > (double)m->most)
		fault_number(r, at, ERR_FIELD_TOO_LARGE, m->most);
}

static const char *list_of_choices(struct arena *a, const struct choice *c)
{
	struct text t = text_in(a);
	for (const char *comma = ""; c->value; c++, comma = ", ") {
		text_append(&t, comma);
		text_append(&t, c->value);
	}
	return text_end(&t);
}

static void read_text(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, const char **out)
{
	const char *s = yyjson_get_str(v);
	if (!s) {
		fault_type(r, at, m);
		return;
	}
	if (!utf8_is_text(s, yyjson_get_len(v))) {
		fault(r, at, ERR_ENCODING, NULL);
		return;
	}
	int64_t count = (int64_t)utf8_count(s);
	int64_t most = m->most ? m->most : m->type == TYPE_code ? DEFAULT_CODE : DEFAULT_TEXT;
	*out = s;
	if ((m->flags & MEMBER_REQUIRED) && text_empty(s))
		fault(r, at, ERR_FIELD_REQUIRED, NULL);
	else if (count > most)
		fault_number(r, at, ERR_FIELD_TOO_LONG, most);
	else if (count < m->least)
		fault_number(r, at, ERR_FIELD_TOO_SHORT, m->least);
	else if (m->choices && !choice_find(m->choices, s) && ((m->flags & MEMBER_REQUIRED) || *s))
		fault(r, at, ERR_FIELD_CHOICE, list_of_choices(r->arena, m->choices));
}

static void read_any(struct reader *r, const struct place *at, yyjson_val *v, const char **out)
{
	if (!is_clean(v)) {
		fault(r, at, ERR_ENCODING, NULL);
		return;
	}
	yyjson_alc memory = json_memory_of(r->arena);
	*out = yyjson_val_write_opts(v, YYJSON_WRITE_NOFLAG, &memory, NULL, NULL);
	if (!*out)
		fault(r, at, ERR_FIELD_INVALID, NULL);
}

static void read_bytes(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, struct bytes *out)
{
	const char *s = yyjson_get_str(v);
	if (!s)
		fault_type(r, at, m);
	else if (base64_read(r->arena, s, yyjson_get_len(v), out) < 0)
		fault(r, at, ERR_FIELD_INVALID, NULL);
	else if (m->most && out->n > (size_t)m->most)
		fault_number(r, at, ERR_FIELD_TOO_LONG, m->most);
}

static void read_value(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, void *row);

static size_t size_of_item(const struct member *m)
{
	if (m->shape)
		return m->shape->size;
	return type_kind(m->item) == KIND_BYTES ? sizeof(struct bytes) : sizeof(int64_t);
}

static void read_list(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, struct list *out)
{
	if (!yyjson_is_arr(v)) {
		fault_type(r, at, m);
		return;
	}
	size_t n = yyjson_arr_size(v), most = m->most ? (size_t)m->most : DEFAULT_LIST, i, end;
	if (n > most) {
		fault_number(r, at, ERR_FIELD_TOO_LONG, (int64_t)most);
		return;
	}
	if (n < (size_t)m->least || (!n && (m->flags & MEMBER_REQUIRED))) {
		fault(r, at, ERR_FIELD_REQUIRED, NULL);
		return;
	}
	size_t size = size_of_item(m);
	out->at = arena_array(r->arena, n ? n : 1, size);
	out->n = n;
	struct member item = { .name = m->name, .type = m->item, .choices = m->choices };
	yyjson_val *value;
	yyjson_arr_foreach(v, i, end, value) {
		struct place here = { .parent = at, .index = i };
		void *slot = (char *)out->at + i * size;
		if (m->shape)
			read_object(r, &here, m->shape, value, slot, NULL);
		else
			read_value(r, &here, &item, value, slot);
	}
}

static void set_null(const struct member *m, void *row)
{
	if (type_kind(m->type) == KIND_INT && m->type != TYPE_ref)
		*member_int(m, row) = NULL_INT;
	else if (type_kind(m->type) == KIND_REAL)
		*member_real(m, row) = NAN;
}

static void read_value(struct reader *r, const struct place *at, const struct member *m, yyjson_val *v, void *row)
{
	if (yyjson_is_null(v) && m->type != TYPE_json && m->type != TYPE_raw) {
		if ((m->flags & MEMBER_NULLABLE) || (m->type == TYPE_ref && !(m->flags & MEMBER_REQUIRED)))
			set_null(m, row);
		else
			fault(r, at, ERR_FIELD_REQUIRED, NULL);
		return;
	}
	switch (type_kind(m->type)) {
	case KIND_INT:
		read_int(r, at, m, v, member_int(m, row));
		break;
	case KIND_REAL:
		read_real(r, at, m, v, member_real(m, row));
		break;
	case KIND_TEXT:
		if (m->type == TYPE_json || m->type == TYPE_raw)
			read_any(r, at, v, member_text(m, row));
		else
			read_text(r, at, m, v, member_text(m, row));
		break;
	case KIND_BYTES:
		if (m->type == TYPE_sealed)
			fault(r, at, ERR_FIELD_READ_ONLY, NULL);
		else
			read_bytes(r, at, m, v, member_bytes(m, row));
		break;
	case KIND_SHAPE: {
		void *inner = arena_alloc(r->arena, m->shape->size);
		*(void **)((char *)row + m->offset) = inner;
		read_object(r, at, m->shape, v, inner, NULL);
		break;
	}
	case KIND_LIST:
		read_list(r, at, m, v, (struct list *)((char *)row + m->offset));
		break;
	}
}

static void note_absent(struct reader *r, const struct place *at, const struct shape *shape, const bool *seen, void *out)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *m = &shape->members[i];
		if (seen[i])
			continue;
		if (m->flags & MEMBER_NULLABLE)
			set_null(m, out);
		if (m->flags & MEMBER_REQUIRED)
			fault(r, &(struct place){ .parent = at, .name = m->name }, ERR_FIELD_REQUIRED, NULL);
	}
}

static void read_object(struct reader *r, const struct place *at, const struct shape *shape, yyjson_val *v, void *out,
                        struct json_present *present)
{
	memset(out, 0, shape->size);
	if (!yyjson_is_obj(v)) {
		fault(r, at, ERR_FIELD_TYPE, "object");
		return;
	}
	bool *seen = ARENA_ARRAY(r->arena, bool, shape->count ? shape->count : 1);
	size_t i, most;
	yyjson_val *key, *value;
	yyjson_obj_foreach(v, i, most, key, value) {
		struct place here = { .parent = at, .name = yyjson_get_str(key) };
		const struct member *m = strlen(here.name) == yyjson_get_len(key) ? shape_member(shape, here.name) : NULL;
		if (!m) {
			here.name = utf8_is_text(here.name, strlen(here.name)) ? here.name : "?";
			fault(r, &here, ERR_FIELD_UNKNOWN, NULL);
			continue;
		}
		size_t number = (size_t)(m - shape->members);
		seen[number] = true;
		if (present && number < 64)
			present->bits |= UINT64_C(1) << number;
		read_value(r, &here, m, value, out);
	}
	note_absent(r, at, shape, seen, out);
}

int json_read(struct arena *a, const struct shape *shape, const char *text, size_t n, void *out,
              struct json_present *present, struct error *e)
{
	memset(out, 0, shape->size);
	if (present)
		present->bits = 0;
	if (depth_of(text, n) > MOST_DEPTH)
		return error_set(e, a, ERR_JSON_DEPTH, NULL);
	yyjson_alc memory = json_memory_of(a);
	yyjson_read_err why;
	yyjson_doc *doc = yyjson_read_opts((char *)(uintptr_t)text, n, YYJSON_READ_NOFLAG, &memory, &why);
	if (!doc)
		return error_set(e, a, ERR_JSON, arena_format(a, " (@%zu)", why.pos));
	yyjson_val *root = yyjson_doc_get_root(doc);
	if (!yyjson_is_obj(root))
		return error_set(e, a, ERR_JSON, " (object)");
	const char *twice = doubled_key(a, root);
	if (twice)
		return error_set(e, a, ERR_JSON_DUPLICATE, utf8_is_text(twice, strlen(twice)) ? twice : "?");
	struct reader r = { .arena = a, .error = e };
	read_object(&r, NULL, shape, root, out, present);
	return e->code;
}

bool json_is_valid(const char *text, size_t n, int depth)
{
	if (depth_of(text, n) > depth)
		return false;
	ARENA_SCOPED a = arena_new();
	yyjson_alc memory = json_memory_of(a);
	return yyjson_read_opts((char *)(uintptr_t)text, n, YYJSON_READ_NOFLAG, &memory, NULL);
}

const char *json_value(struct arena *a, struct yyjson_val *v)
{
	size_t n;
	char *json = v ? yyjson_val_write(v, 0, &n) : NULL;
	const char *kept = json ? arena_string_n(a, json, n) : NULL;
	free(json);
	return kept;
}
