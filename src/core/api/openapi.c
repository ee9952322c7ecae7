/* Walks routes and shapes. Input of a GET is query; of other methods, body; a name that stands in the path is a parameter. */
#include "core/api/openapi.h"

#include <string.h>

#include "base/json.h"
#include "core/flow/flow.h"
#include "core/services.h"

struct writer_of {
	struct arena *arena;
	struct text *t;
	const struct registry *registry;
};

static void write_schema(struct writer_of *w, const struct shape *s);

static void write_choices(struct text *t, const struct choice *choices, bool nullable)
{
	text_append(t, ",\"enum\":[");
	for (const struct choice *c = choices; c->value; c++)
		text_format(t, "%s\"%s\"", c == choices ? "" : ",", c->value);
	text_append(t, nullable ? ",\"\",null]" : "]");
}

static void write_limits(struct text *t, const struct member *m)
{
	enum kind kind = type_kind(m->type);
	const char *format = type_format(m->type);
	if (!strcmp(format, "id"))
		text_append(t, m->flags & MEMBER_NULLABLE || m->type == TYPE_ref ? ",\"pattern\":\"^[0-9]{1,19}$\"" : ",\"pattern\":\"^[1-9][0-9]{0,17}$\"");
	else if (!strcmp(format, "day"))
		text_append(t, ",\"format\":\"date\"");
	else if (!strcmp(format, "base64"))
		text_append(t, ",\"contentEncoding\":\"base64\"");
	else if (kind == KIND_TEXT && m->type != TYPE_json && m->type != TYPE_raw && !m->choices) {
		if (m->least)
			text_format(t, ",\"minLength\":%lld", (long long)m->least);
		else if (m->flags & MEMBER_REQUIRED)
			text_append(t, ",\"minLength\":1");
		text_format(t, ",\"maxLength\":%lld", (long long)(m->most ? m->most : m->type == TYPE_code ? 200 : 20000));
	} else if (kind == KIND_INT && strcmp(format, "flag")) {
		text_format(t, ",\"minimum\":%lld", (long long)(m->type == TYPE_i64 || m->type == TYPE_fen ? m->least : m->least > 0 ? m->least : 0));
		if (m->most)
			text_format(t, ",\"maximum\":%lld", (long long)m->most);
	}
}

/* One value. json and raw may be anything; a reference to nothing is null. */
static void write_member(struct writer_of *w, const struct member *m)
{
	struct text *t = w->t;
	bool nullable = (m->flags & MEMBER_NULLABLE) || (m->type == TYPE_ref && !(m->flags & MEMBER_REQUIRED));
	if (m->type == TYPE_json || m->type == TYPE_raw) {
		text_append(t, "{}");
		return;
	}
	if (m->type == TYPE_shape && m->shape) {
		text_append(t, "{\"anyOf\":[");
		write_schema(w, m->shape);
		text_append(t, nullable ? ",{\"type\":\"null\"}]}" : "]}");
		return;
	}
	if (m->type == TYPE_list) {
		text_append(t, "{\"type\":\"array\",\"items\":");
		struct member item = { .type = m->item };
		if (m->shape)
			write_schema(w, m->shape);
		else
			write_member(w, &item);
		if (m->most)
			text_format(t, ",\"maxItems\":%lld", (long long)m->most);
		text_char(t, '}');
		return;
	}
	text_format(t, nullable ? "{\"type\":[\"%s\",\"null\"]" : "{\"type\":\"%s\"", type_json(m->type));
	if (m->choices)
		write_choices(t, m->choices, nullable);
	write_limits(t, m);
	text_char(t, '}');
}

static bool in_path(const char *path, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = path; p && (p = strchr(p, '{')); p++)
		if (!strncmp(p + 1, name, n) && p[1 + n] == '}')
			return true;
	return false;
}

static const char custom_pattern[] = ",\"patternProperties\":{\"^x_[a-z][a-z0-9_]{0,29}$\":{\"type\":[\"string\",\"integer\",\"boolean\",\"null\"]}}";

static void write_object(struct writer_of *w, const struct shape *s, const char *path)
{
	struct text *t = w->t;
	bool any = false, custom = false;
	text_append(t, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
	for (size_t i = 0; i < s->count; i++) {
		custom |= s->members[i].flags & MEMBER_CUSTOM;
		if (in_path(path, s->members[i].name) || (s->members[i].flags & MEMBER_CUSTOM))
			continue;
		text_format(t, "%s\"%s\":", any ? "," : "", s->members[i].name);
		write_member(w, &s->members[i]);
		any = true;
	}
	text_format(t, "}%s,\"required\":[", custom ? custom_pattern : "");
	any = false;
	for (size_t i = 0; i < s->count; i++) {
		if (!(s->members[i].flags & MEMBER_REQUIRED) || in_path(path, s->members[i].name))
			continue;
		text_format(t, "%s\"%s\"", any ? "," : "", s->members[i].name);
		any = true;
	}
	text_append(t, "]}");
}

static void write_schema(struct writer_of *w, const struct shape *s)
{
	write_object(w, s, NULL);
}

/* A member of a record; tags are JSON to shapes, and a list of names to everybody else. */
static void write_field(struct writer_of *w, const struct record_model *m, size_t i, const struct member *member)
{
	if (i == m->tags_field)
		text_append(w->t, "{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"string\"}}");
	else
		write_member(w, member);
}

static bool is_custom(const struct record_model *m, size_t i)
{
	return i == m->custom_field;
}

/* What companies define beside it. */
static void write_customs(struct text *t, const struct record_model *m)
{
	if (m->custom_field != SIZE_MAX)
		text_append(t, custom_pattern);
}

/* Records ------------------------------------------------------------------------------------------------------------- */

static void write_record(struct writer_of *w, const struct record_model *m)
{
	struct text *t = w->t;
	text_format(t, "\"%s\":{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}", m->record->name);
	for (size_t i = 0; i < m->wire.count; i++) {
		struct member open = m->wire.members[i];
		if (is_custom(m, i))
			continue;
		open.least = open.most = 0;     /* what is stored may be older than today's limits */
		text_format(t, ",\"%s\":", open.name);
		write_field(w, m, i, &open);
	}
	text_append(t, ",\"version\":{\"type\":\"integer\"},\"created_at\":{\"type\":\"integer\"}");
	if (m->updated_at)
		text_append(t, ",\"updated_at\":{\"type\":\"integer\"}");
	if (m->archived_at)
		text_append(t, ",\"archived_at\":{\"type\":\"integer\"}");
	text_append(t, ",\"title\":{\"type\":\"string\"},\"titles\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}");
	if (m->record->flow)
		text_append(t, ",\"actions\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/action\"}}");
	text_char(t, '}');
	write_customs(t, m);
	text_append(t, ",\"required\":[\"id\",\"version\",\"created_at\",\"titles\"]}");
}

/* What POST (all but what the server sets) and PATCH (further without what is fixed) take. */
static void write_record_input(struct writer_of *w, const struct record_model *m, bool creates)
{
	struct text *t = w->t;
	bool any = !creates;
	text_append(t, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
	if (!creates)
		text_append(t, "\"version\":{\"type\":\"integer\",\"minimum\":1},\"reason\":{\"type\":\"string\",\"maxLength\":500}");
	for (size_t i = 0; i < m->wire.count; i++) {
		const struct field *f = &m->record->fields[i];
		if (f->system || (f->fixed && !creates) || is_custom(m, i))
			continue;
		text_format(t, "%s\"%s\":", any ? "," : "", f->name);
		write_field(w, m, i, &m->wire.members[i]);
		any = true;
	}
	text_char(t, '}');
	write_customs(t, m);
	text_append(t, creates ? ",\"required\":[" : ",\"required\":[\"version\"");
	any = !creates;
	for (size_t i = 0; creates && i < m->wire.count; i++)
		if (m->record->fields[i].required && !m->record->fields[i].system && !m->record->fields[i].initial) {
			text_format(t, "%s\"%s\"", any ? "," : "", m->record->fields[i].name);
			any = true;
		}
	text_append(t, "]}");
}

/* Paths --------------------------------------------------------------------------------------------------------------- */

static void write_parameters(struct writer_of *w, const struct route *r)
{
	struct text *t = w->t;
	bool any = false;
	text_append(t, ",\"parameters\":[");
	for (const char *p = strchr(r->path, '{'); p; p = strchr(p + 1, '{')) {
		const char *end = strchr(p, '}');
		const char *name = arena_string_n(w->arena, p + 1, (size_t)(end - p - 1));
		const struct member *m = r->in ? shape_member(r->in, name) : NULL;
		text_format(t, "%s{\"name\":\"%s\",\"in\":\"path\",\"required\":true,\"schema\":", any ? "," : "", name);
		if (m)
			write_member(w, m);
		else
			text_append(t, !strcmp(name, "id") ? "{\"type\":\"string\",\"pattern\":\"^[1-9][0-9]{0,17}$\"}" : "{\"type\":\"string\",\"pattern\":\"^[a-z_]{1,40}$\"}");
		text_char(t, '}');
		any = true;
	}
	for (size_t i = 0; r->method == HTTP_GET && r->in && i < r->in->count; i++) {
		const struct member *m = &r->in->members[i];
		if (in_path(r->path, m->name))
			continue;
		text_format(t, "%s{\"name\":\"%s\",\"in\":\"query\",\"required\":%s,\"schema\":", any ? "," : "", m->name, m->flags & MEMBER_REQUIRED ? "true" : "false");
		write_member(w, m);
		text_char(t, '}');
		any = true;
	}
	if (r->kind == ROUTE_WRITE && (r->method == HTTP_POST || r->method == HTTP_PATCH) && !(r->flags & ROUTE_NO_KEY))
		text_format(t, "%s{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"required\":true,\"schema\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9-]{8,100}$\"}}", any ? "," : "");
	text_char(t, ']');
}

static const struct record_model *model_of_route(struct writer_of *w, const struct route *r)
{
	for (size_t i = 0; r->arg && i < w->registry->count; i++)
		if (w->registry->models[i].record == r->arg)
			return &w->registry->models[i];
	return NULL;
}

static void write_body(struct writer_of *w, const struct route *r)
{
	const struct record_model *m = model_of_route(w, r);
	struct text *t = w->t;
	if (r->body == BODY_PART) {
		text_append(t, ",\"requestBody\":{\"required\":true,\"content\":{\"application/octet-stream\":{}}}");
		return;
	}
	if (r->body != BODY_JSON || (!r->in && !m))
		return;
	text_append(t, ",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":");
	if (r->in)
		write_object(w, r->in, r->path);
	else if (strstr(r->path, "/action/"))
		text_append(t, "{\"type\":\"object\",\"properties\":{\"version\":{\"type\":\"integer\",\"minimum\":1},\"reason\":{\"type\":\"string\",\"maxLength\":500}},\"required\":[\"version\"]}");
	else
		write_record_input(w, m, r->method == HTTP_POST);
	text_append(t, "}}}");
}

static void write_reply_schema(struct writer_of *w, const struct route *r)
{
	const struct record_model *m = model_of_route(w, r);
	struct text *t = w->t;
	const char *last = strrchr(r->path, '/');
	if (m && r->out == &raw_shape && r->method == HTTP_GET && !strcmp(last + 1, m->record->name))
		text_format(t, "{\"type\":\"object\",\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s\"}},"
		            "\"next\":{\"type\":[\"string\",\"null\"]},\"previous\":{\"type\":[\"string\",\"null\"]},\"total\":{\"type\":\"integer\"},"
		            "\"total_more\":{\"type\":\"boolean\"}},\"required\":[\"items\",\"next\",\"previous\"]}", m->record->name);
	else if (m && r->out == &raw_shape && strcmp(last, "/history"))
		text_format(t, "{\"$ref\":\"#/components/schemas/%s\"}", m->record->name);
	else if (r->out && r->out != &raw_shape)
		write_schema(w, r->out);
	else
		text_append(t, "{\"type\":\"object\"}");
}

static const char *security_of(const struct route *r)
{
	static const struct { const char *permission, *security; } all[] = {
		{ FOR_ANYBODY, "" }, { FOR_CUSTOMER, "{\"customer\":[]}" }, { FOR_VISITOR, "{\"visitor\":[]}" }, { FOR_OPERATOR, "{\"operator\":[]}" },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(r->permission, all[i].permission))
			return all[i].security;
	return "{\"session\":[]},{\"token\":[]}";
}

static void write_operation(struct writer_of *w, const struct route *r)
{
	static const char *const methods[] = { "get", "head", "post", "put", "patch", "delete", "options" };
	struct text *t = w->t;
	text_format(t, "\"%s\":{\"summary\":", methods[r->method]);
	json_text(t, r->en ? r->en : r->path);
	text_append(t, ",\"description\":");
	json_text(t, r->zh ? r->zh : "");
	text_format(t, ",\"x-permission\":\"%s\",\"security\":[%s]", r->permission, security_of(r));
	write_parameters(w, r);
	write_body(w, r);
	text_append(t, ",\"responses\":{");
	if (r->kind == ROUTE_STREAM) {
		text_append(t, "\"101\":{\"description\":\"WebSocket\"}");
	} else if (r->kind == ROUTE_RAW) {
		text_append(t, "\"2XX\":{\"description\":\"OK\"}");
	} else {
		text_format(t, "\"%d\":{\"description\":\"OK\",\"content\":{\"application/json\":{\"schema\":", r->flags & ROUTE_CREATED ? 201 : 200);
		write_reply_schema(w, r);
		text_append(t, "}}}");
	}
	text_append(t, ",\"4XX\":{\"$ref\":\"#/components/responses/error\"},\"503\":{\"$ref\":\"#/components/responses/error\"}}}");
}

static void write_paths(struct writer_of *w, const struct route *routes, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		bool seen = strncmp(routes[i].path, "/api/", 5) != 0;   /* pages for people are no part of it */
		for (size_t k = 0; k < i; k++)
			seen |= !strcmp(routes[k].path, routes[i].path);
		if (seen)
			continue;
		text_format(w->t, "%s\n\"%s\":{", any ? "," : "", routes[i].path);
		any = true;
		bool first = true;
		for (size_t k = i; k < n; k++) {
			if (strcmp(routes[k].path, routes[i].path))
				continue;
			text_append(w->t, first ? "" : ",");
			write_operation(w, &routes[k]);
			first = false;
		}
		text_char(w->t, '}');
	}
}

void openapi_write(struct arena *a, const struct registry *registry, const struct route *routes, size_t n, struct text *out)
{
	struct writer_of w = { .arena = a, .t = out, .registry = registry };
	text_append(out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Anxin\",\"version\":\"1\",\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}},"
	            "\"servers\":[{\"url\":\"/\"}],\"paths\":{");
	write_paths(&w, routes, n);
	text_append(out, "},\"components\":{\"securitySchemes\":{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"anxin_session\"},"
	            "\"customer\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"anxin_customer\"},\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
	            "\"operator\":{\"type\":\"http\",\"scheme\":\"bearer\"},\"visitor\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
	            "\"responses\":{\"error\":{\"description\":\"What to mend\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/error\"}}}}},"
	            "\"schemas\":{\"error\":{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"object\",\"properties\":{\"code\":{\"type\":\"string\"},"
	            "\"message\":{\"type\":\"string\"},\"request_id\":{\"type\":\"string\"}},\"required\":[\"code\",\"message\"]}},\"required\":[\"error\"]},"
	            "\"action\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"primary\":{\"type\":\"boolean\"},\"reason\":{\"enum\":[\"none\",\"optional\",\"required\"]}},"
	            "\"required\":[\"name\",\"primary\",\"reason\"]}");
	for (size_t i = 0; i < registry->count; i++) {
		text_append(out, ",\n");
		write_record(&w, &registry->models[i]);
	}
	text_append(out, "}}}\n");
}

static int openapi(struct ctx *c, const void *in, void *out)
{
	((struct raw_out *)out)->raw = c->services->openapi;
	return 0;
}

const struct route openapi_routes[] = {
	ROUTE(GET, "/api/v1/openapi.json", FOR_ANYBODY, POOL, .out = &raw_shape, .run = openapi, .zh = "接口说明", .en = "This description"),
};
const size_t openapi_route_count = 1;
