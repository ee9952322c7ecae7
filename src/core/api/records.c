/* The routes that every record and flow gives for free. Each handler serves all records: call->record says which. */
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "core/api/act_api.h"
#include "core/api/api.h"
#include "core/api/condition_api.h"
#include "core/api/export_api.h"
#include "core/api/history_json.h"
#include "core/custom/custom.h"
#include "core/flow/flow.h"
#include "core/io/export.h"
#include "core/list/count_shared.h"
#include "core/list/list.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/tag/tag.h"

static const struct record *record_of(struct ctx *c)
{
	return c->call->record;
}

static int path_id(struct ctx *c, int64_t *id)
{
	const char *text = http_param(c->call->http, "id");
	return id_parse(text ? text : "", id) < 0 ? fail(c, ERR_NOT_FOUND, NULL) : 0;
}

static void *new_row(struct ctx *c)
{
	return arena_alloc(c->arena, record_of(c)->table->row->size);
}

enum { ROW_TEXT = 3000 };       /* bytes that one row mostly needs as JSON */

static int show(struct ctx *c, const void *row, void *out)
{
	struct text t = text_in(c->arena);
	text_reserve(&t, ROW_TEXT);
	TRY(record_json(c, record_of(c), row, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static void write_cursor(struct text *t, const char *name, const char *cursor)
{
	text_format(t, ",\"%s\":", name);
	json_text(t, cursor);
}

static int list(struct ctx *c, const void *in, void *out)
{
	struct list_page page;
	TRY(list_page(c, record_of(c), in, &page));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":");
	TRY(record_json_list(c, record_of(c), page.rows, page.n, &t));
	write_cursor(&t, "next", page.next);
	write_cursor(&t, "previous", page.previous);
	if (page.total >= 0)
		text_format(&t, ",\"total\":%lld,\"total_more\":%s", (long long)page.total, page.total_more ? "true" : "false");
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct count_in {
	struct list_query list;
	int64_t max_age;        /* seconds; 0: as it is now */
};
static const struct member count_in_members[] = {
	LIST_QUERY_MEMBERS(struct count_in, list.), MEMBER(struct count_in, max_age, count, .most = COUNT_AGE_MOST_S),
};
static const struct shape count_in_shape = SHAPE("count_query", struct count_in, count_in_members);

struct count_out {
	int64_t total, more;
};
static const struct member count_members[] = {
	MEMBER(struct count_out, total, count), { .name = "total_more", .type = TYPE_flag, .offset = offsetof(struct count_out, more) },
};
static const struct shape count_shape = SHAPE("count", struct count_out, count_members);

static int count(struct ctx *c, const void *in, void *out)
{
	const struct count_in *i = in;
	struct count_out *o = out;
	return list_count_shared(c, record_of(c), &i->list, i->max_age * 1000, &o->total, &o->more);
}

static int get(struct ctx *c, const void *in, void *out)
{
	int64_t id;
	void *row = new_row(c);
	TRY(path_id(c, &id));
	TRY(record_get(c, record_of(c), id, row));
	return show(c, row, out);
}

/* Reads the body through the record's own shape. */
static int read_body(struct ctx *c, struct slot *slots, uint64_t *present)
{
	const struct record_model *m = model_of(c, record_of(c));
	struct bytes body = c->call->http->body;
	struct json_present found;
	const char *custom = NULL;
	if (m->custom_field != SIZE_MAX && body.n)
		TRY(custom_split(c, body, &body, &custom));
	TRY(json_read(c->arena, &m->input, body.n ? (const char *)body.p : "{}", body.n ? body.n : 2, slots, &found, c->error));
	*present = found.bits;
	if (custom) {
		slots[m->custom_field].text = custom;
		*present |= UINT64_C(1) << m->custom_field;
	}
	return 0;
}

static int create(struct ctx *c, const void *in, void *out)
{
	struct slot slots[MOST_FIELDS_OF_RECORD];
	uint64_t present;
	void *row = new_row(c);
	TRY(read_body(c, slots, &present));
	TRY(record_create(c, record_of(c), slots, present & (UINT64_MAX >> (64 - record_of(c)->field_count)), row));
	return show(c, row, out);
}

static int change(struct ctx *c, const void *in, void *out)
{
	struct slot slots[MOST_FIELDS_OF_RECORD];
	uint64_t present;
	int64_t id;
	size_t n = record_of(c)->field_count;
	void *row = new_row(c);
	TRY(path_id(c, &id));
	TRY(read_body(c, slots, &present));
	if (!(present >> n & 1)) {
		fail_field(c, "version", ERR_FIELD_REQUIRED, NULL);
		return c->error->code;
	}
	TRY(record_change(c, record_of(c), id, slots[n].i, slots, present & (UINT64_MAX >> (64 - n)), slots[n + 1].text, row));
	return show(c, row, out);
}

struct version_in {
	int64_t id, version;
};
static const struct member version_members[] = {
	MEMBER(struct version_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct version_in, version, count, .flags = MEMBER_REQUIRED, .least = 1),
};
static const struct shape version_shape = SHAPE("version", struct version_in, version_members);

static int archive(struct ctx *c, const void *in, void *out)
{
	const struct version_in *v = in;
	void *row = new_row(c);
	TRY(record_archive(c, record_of(c), v->id, v->version, ARCHIVE, row));
	return show(c, row, out);
}

static int restore(struct ctx *c, const void *in, void *out)
{
	const struct version_in *v = in;
	void *row = new_row(c);
	TRY(record_archive(c, record_of(c), v->id, v->version, RESTORE, row));
	return show(c, row, out);
}

struct reveal_in {
	int64_t id;
	const char *field, *purpose;
};
static const struct member reveal_members[] = {
	MEMBER(struct reveal_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct reveal_in, field, code, .flags = MEMBER_REQUIRED, .most = 60),
	MEMBER(struct reveal_in, purpose, code, .flags = MEMBER_REQUIRED, .least = 2, .most = 100),
};
static const struct shape reveal_shape = SHAPE("reveal", struct reveal_in, reveal_members);

struct reveal_out {
	const char *value;
};
static const struct member revealed_members[] = { MEMBER(struct reveal_out, value, text, .flags = MEMBER_NULLABLE) };
static const struct shape revealed_shape = SHAPE("revealed", struct reveal_out, revealed_members);

/* The reading is logged before the value leaves. */
static int reveal(struct ctx *c, const void *in, void *out)
{
	const struct reveal_in *v = in;
	const struct record_model *m = model_of(c, record_of(c));
	size_t i = field_index(m, v->field);
	if (i == SIZE_MAX || !field_is_sealed(&m->record->fields[i])) {
		fail_field(c, "field", ERR_FIELD_UNKNOWN, NULL);
		return c->error->code;
	}
	struct slot slots[MOST_FIELDS_OF_RECORD];
	void *row = new_row(c);
	TRY(record_get(c, record_of(c), v->id, row));
	TRY(pii_reading(c, m->record->name, v->id, v->field, v->purpose));
	TRY(record_slots(c, m, row, OPENED, slots));
	((struct reveal_out *)out)->value = slots[i].text;
	return 0;
}

static int history(struct ctx *c, const void *in, void *out)
{
	const struct id_in *v = in;
	struct text t = text_in(c->arena);
	TRY(record_get(c, record_of(c), v->id, new_row(c)));
	TRY(history_json(c, record_of(c)->name, v->id, model_of(c, record_of(c)), &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct tag_in {
	int64_t id;
	struct list add, remove;        /* of const char * */
};
static const struct member tag_members[] = {
	MEMBER(struct tag_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct tag_in, add, list, .item = TYPE_code, .most = TAGS_MOST),
	MEMBER(struct tag_in, remove, list, .item = TYPE_code, .most = TAGS_MOST),
};
static const struct shape tag_shape = SHAPE("tag_change", struct tag_in, tag_members);

/* No version: whoever adds a tag undoes nothing that another did meanwhile. */
static int tag(struct ctx *c, const void *in, void *out)
{
	const struct tag_in *v = in;
	struct tag_names add, remove;
	void *row = new_row(c);
	TRY(tags_listed(c, "add", &v->add, &add));
	TRY(tags_listed(c, "remove", &v->remove, &remove));
	TRY(tags_change(c, record_of(c), v->id, &add, &remove, row));
	return show(c, row, out);
}

/* What an action takes besides its own fields. */
struct act_in {
	int64_t version;
	const char *reason;
};

/* Action input: version, reason and the move's fields, read as one object laid out one after the other. */
static int read_action(struct ctx *c, const struct move *move, struct act_in *act, const void **in)
{
	size_t own = move->fields ? move->fields->count : 0, base = sizeof(struct act_in);
	struct member *members = ARENA_ARRAY(c->arena, struct member, own + 2);
	members[0] = (struct member)MEMBER(struct act_in, version, count, .flags = MEMBER_REQUIRED, .least = 1);
	members[1] = (struct member)MEMBER(struct act_in, reason, text, .most = 500);
	for (size_t i = 0; i < own; i++) {
		members[i + 2] = move->fields->members[i];
		members[i + 2].offset += (uint32_t)base;
	}
	struct shape shape = { .name = "action", .size = base + (move->fields ? move->fields->size : 0), .members = members, .count = own + 2 };
	char *all = arena_alloc(c->arena, shape.size);
	struct bytes body = c->call->http->body;
	TRY(json_read(c->arena, &shape, body.n ? (const char *)body.p : "{}", body.n ? body.n : 2, all, NULL, c->error));
	memcpy(act, all, base);
	*in = all + base;
	return 0;
}

static int action(struct ctx *c, const void *in, void *out)
{
	const struct flow *flow;
	TRY(flow_of(c, record_of(c)->flow, &flow));
	const struct move *move = flow_find(flow, http_param(c->call->http, "action"));
	if (!move)
		return fail(c, ERR_NOT_FOUND, NULL);
	struct act_in act;
	const void *fields;
	int64_t id;
	void *row = new_row(c);
	TRY(path_id(c, &id));
	TRY(read_action(c, move, &act, &fields));
	TRY(flow_act(c, record_of(c)->flow, id, act.version, move->action, act.reason, fields, row));
	return show(c, row, out);
}

/* Rows ------------------------------------------------------------------------------------------------------------- */

enum need { ALWAYS, CREATES, CHANGES, ARCHIVES, HAS_SEALED, HAS_FLOW, HAS_TAGS, ACTS };

static const struct generic {
	enum http_method method;
	const char *path, *right;
	enum route_kind kind;
	uint32_t flags;
	const struct shape *in, *out;
	route_run *run;
	enum need need;
	const char *zh, *en;
} generics[] = {
	{ HTTP_GET,   "",                      "read",    ROUTE_POOL,  0, &list_query_shape, &raw_shape, list, ALWAYS, "列表", "List" },
	{ HTTP_GET,   "/count",                "read",    ROUTE_POOL,  0, &count_in_shape, &count_shape, count, ALWAYS, "计数", "Count" },
	{ HTTP_POST,  "/condition/check",      "read",    ROUTE_POOL,  0, &condition_check_shape, &condition_checked_shape, condition_check, ALWAYS, "条件：检查与换写", "Condition: check and rewrite" },
	{ HTTP_GET,   "/export",               "export",  ROUTE_RAW,   0, &export_query_shape, NULL, NULL, ALWAYS, "导出表格", "Export as a spreadsheet" },
	{ HTTP_GET,   "/{id}",                 "read",    ROUTE_HOT,   0, NULL, &raw_shape, get, ALWAYS, "读取", "Read" },
	{ HTTP_GET,   "/{id}/history",         "read",    ROUTE_POOL,  0, &id_shape, &raw_shape, history, ALWAYS, "变更历史", "History" },
	{ HTTP_POST,  "",                      "create",  ROUTE_WRITE, ROUTE_CREATED, NULL, &raw_shape, create, CREATES, "新建", "Create" },
	{ HTTP_PATCH, "/{id}",                 "change",  ROUTE_WRITE, 0, NULL, &raw_shape, change, CHANGES, "修改", "Change" },
	{ HTTP_POST,  "/act",                  "change",  ROUTE_POOL,  0, &act_shape, &act_done_shape, act_on_rows, ACTS, "批量动作", "Act on several" },
	{ HTTP_POST,  "/undo",                 "change",  ROUTE_POOL,  0, &undo_shape, &act_done_shape, act_undo, ACTS, "撤销批量动作", "Take back what was done to several" },
	{ HTTP_POST,  "/{id}/archive",         "archive", ROUTE_WRITE, 0, &version_shape, &raw_shape, archive, ARCHIVES, "归档", "Archive" },
	{ HTTP_POST,  "/{id}/restore",         "archive", ROUTE_WRITE, 0, &version_shape, &raw_shape, restore, ARCHIVES, "恢复", "Restore" },
	{ HTTP_POST,  "/{id}/reveal",          "reveal",  ROUTE_WRITE, ROUTE_NO_KEY, &reveal_shape, &revealed_shape, reveal, HAS_SEALED, "查看原文", "Reveal" },
	{ HTTP_POST,  "/{id}/tag",             "change",  ROUTE_WRITE, 0, &tag_shape, &raw_shape, tag, HAS_TAGS, "加减标签", "Put tags on and take them off" },
	{ HTTP_POST,  "/{id}/action/{action}", "read",    ROUTE_WRITE, 0, NULL, &raw_shape, action, HAS_FLOW, "流程动作", "Act" },
};

/* A field that an action may set. */
static bool has_open_field(const struct record *r)
{
	for (size_t i = 0; i < r->field_count; i++) {
		const struct field *f = &r->fields[i];
		if (!f->system && !f->fixed && !f->series && !field_is_sealed(f))
			return true;
	}
	return false;
}

static bool is_needed(const struct record_model *m, enum need need)
{
	const struct record *r = m->record;
	switch (need) {
	case CREATES:    return !r->read_only && !r->no_create;
	case CHANGES:    return !r->read_only;
	case ACTS:       return !r->read_only && has_open_field(r);
	case ARCHIVES:   return !r->read_only && m->archived_at;
	case HAS_FLOW:   return r->flow != NULL;
	case HAS_TAGS:   return m->tags_field != SIZE_MAX;
	case HAS_SEALED: break;
	default:         return true;
	}
	for (size_t i = 0; i < r->field_count; i++)
		if (field_is_sealed(&r->fields[i]))
			return true;
	return false;
}

static struct route make_route(struct arena *a, const struct record *r, const struct generic *g)
{
	return (struct route){
		.method = g->method,
		.path = arena_format(a, "/api/v1/%s%s", r->name, g->path),
		.permission = arena_format(a, "%s.%s", r->name, g->right),
		.kind = g->kind,
		.body = g->method == HTTP_GET ? BODY_NONE : BODY_JSON,
		.flags = g->flags, .in = g->in, .out = g->out, .run = g->run, .raw = g->kind == ROUTE_RAW ? export_reply : NULL, .arg = r,
		.zh = arena_format(a, "%s：%s", r->label.zh, g->zh), .en = arena_format(a, "%s: %s", r->label.en, g->en),
	};
}

struct route *record_routes(struct arena *a, const struct registry *registry, size_t *n)
{
	size_t each = sizeof(generics) / sizeof(generics[0]);
	struct route *routes = ARENA_ARRAY(a, struct route, registry->count * each);
	*n = 0;
	for (size_t i = 0; i < registry->count; i++)
		for (size_t k = 0; k < each; k++)
			if (is_needed(&registry->models[i], generics[k].need))
				routes[(*n)++] = make_route(a, registry->models[i].record, &generics[k]);
	return routes;
}
