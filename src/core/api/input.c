/* Input of a call: one struct from body (of a GET: query) and path. What the shape requires is there afterwards. */
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "core/api/call.h"
#include "core/custom/custom.h"

static bool set_int(struct api_call *k, const struct member *m, const char *value, void *in)
{
	int64_t *target = member_int(m, in);
	const char *format = type_format(m->type);
	bool negative = *value == '-';
	int r;
	if (!strcmp(format, "day"))
		r = day_parse(value, target);
	else if (!strcmp(format, "flag"))
		r = (*target = !strcmp(value, "1") || !strcmp(value, "true"), 0);
	else if (!strcmp(value, "0"))
		r = (*target = 0, 0);
	else
		r = id_parse(value + negative, target);
	if (r == 0 && negative)
		*target = -*target;
	if (r == 0 && m->type == TYPE_id && *target <= 0)
		r = ERR_FIELD_INVALID;
	if (r == 0 && (*target < m->least || (m->most && *target > m->most)))
		r = ERR_FIELD_INVALID;
	if (r < 0)
		fail_field(&k->ctx, m->name, r, NULL);
	return r == 0;
}

static void set_text(struct api_call *k, const struct member *m, const char *value, void *in)
{
	size_t most = m->most ? (size_t)m->most : m->type == TYPE_code ? 200 : 20000, n = utf8_count(value);
	if (n == 0 && (m->flags & MEMBER_REQUIRED))
		fail_field(&k->ctx, m->name, ERR_FIELD_REQUIRED, NULL);
	else if (n < (size_t)m->least)
		fail_field(&k->ctx, m->name, ERR_FIELD_TOO_SHORT, arena_format(k->ctx.arena, "%lld", (long long)m->least));
	else if (n > most)
		fail_field(&k->ctx, m->name, ERR_FIELD_TOO_LONG, arena_format(k->ctx.arena, "%zu", most));
	else if (m->choices && !choice_find(m->choices, value))
		fail_field(&k->ctx, m->name, ERR_FIELD_CHOICE, value);
	else
		*member_text(m, in) = value;
}

/* Path and query values come as text. A value that a path or query may not carry is refused, not ignored; so is a second one. */
static void set_member(struct api_call *k, const struct shape *shape, const struct http_pair *pair, void *in, uint64_t *seen)
{
	const struct member *m = shape_member(shape, pair->name);
	uint64_t bit = m ? UINT64_C(1) << (m - shape->members) : 0;
	if (!m)
		fail_field(&k->ctx, pair->name, ERR_FIELD_UNKNOWN, NULL);
	else if (*seen & bit)
		fail_field(&k->ctx, pair->name, ERR_FIELD_INVALID, NULL);
	else if (type_kind(m->type) == KIND_INT)
		set_int(k, m, pair->value, in);
	else if (type_kind(m->type) == KIND_TEXT)
		set_text(k, m, pair->value, in);
	else
		fail_field(&k->ctx, pair->name, ERR_FIELD_TYPE, type_name(m->type));
	*seen |= bit;
}

static void check_required(struct api_call *k, const struct shape *shape, uint64_t seen)
{
	for (size_t i = 0; i < shape->count; i++)
		if ((shape->members[i].flags & MEMBER_REQUIRED) && !(seen >> i & 1))
			fail_field(&k->ctx, shape->members[i].name, ERR_FIELD_REQUIRED, NULL);
}

/* Members that the path gives are not asked from the body. */
static const struct shape *body_shape(struct api_call *k, const struct shape *in)
{
	struct shape *s = ARENA_NEW(k->ctx.arena, struct shape);
	struct member *members = ARENA_ARRAY(k->ctx.arena, struct member, in->count + 1);
	*s = *in;
	s->members = members;
	s->count = 0;
	for (size_t i = 0; i < in->count; i++)
		if (!http_param(k->http, in->members[i].name) && !(in->members[i].flags & MEMBER_CUSTOM))
			members[s->count++] = in->members[i];
	return s;
}

/* The member, if any, that takes all members of the body which the company defines. */
static const struct member *custom_member(const struct shape *shape)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->members[i].flags & MEMBER_CUSTOM)
			return &shape->members[i];
	return NULL;
}

static int read_body(struct api_call *k, const struct shape *shape, void *in)
{
	const struct member *custom = custom_member(shape);
	struct bytes body = k->http->body;
	const char *patch = NULL;
	if (custom)
		TRY(custom_split(&k->ctx, body, &body, &patch));
	TRY(json_read(k->ctx.arena, body_shape(k, shape), (const char *)body.p, body.n, in, NULL, &k->error));
	if (patch)
		*member_text(custom, in) = patch;
	return 0;
}

static void set_null(const struct shape *shape, void *in)
{
	for (size_t i = 0; i < shape->count; i++)
		if (type_kind(shape->members[i].type) == KIND_INT && (shape->members[i].flags & MEMBER_NULLABLE))
			*member_int(&shape->members[i], in) = NULL_INT;
}

int call_read_input(struct api_call *k)
{
	const struct shape *shape = k->http->route->in;
	const struct http_request *r = k->http;
	bool is_get = r->route->method == HTTP_GET;
	uint64_t seen = 0;
	if (r->query_count && (!shape || !is_get))
		return fail(&k->ctx, ERR_BAD_REQUEST, NULL);
	if (!shape)
		return 0;
	void *in = arena_alloc(k->ctx.arena, shape->size);
	set_null(shape, in);
	if (r->body.n)
		TRY(read_body(k, shape, in));
	else if (r->route->body == BODY_JSON && r->method != HTTP_DELETE)
		TRY(json_read(k->ctx.arena, body_shape(k, shape), "{}", 2, in, NULL, &k->error));
	for (size_t i = 0; i < r->query_count; i++)
		set_member(k, shape, &r->query[i], in, &seen);
	for (size_t i = 0; i < r->param_count; i++)
		set_member(k, shape, &r->params[i], in, &seen);
	if (is_get)
		check_required(k, shape, seen);
	k->in = in;
	return k->error.code;
}
