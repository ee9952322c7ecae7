/* The list behind the bell. What a notice is about is read with the rights that its reader has now: what he may not see any more has no name. */
#include "core/api/notice_api.h"

#include "base/id.h"
#include "base/json.h"
#include "core/api/actor.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "gen/schema.h"
#include "gen/staff_sql.h"

enum { NOTICES_AT_ONCE = 30, UNREAD_MOST = 99 };

struct notice_query {
	const char *below;
};
static const struct member query_members[] = { MEMBER(struct notice_query, below, code, .most = 20) };
static const struct shape query_shape = SHAPE("notice_query", struct notice_query, query_members);

/* What its object is called, or NULL. */
static int title_of(struct ctx *c, const struct notification *n, const char **title)
{
	const struct record_model *m = registry_find(&c->services->registry, n->object);
	*title = NULL;
	if (!m || !n->object_id || !may(c, m->read_right))
		return 0;
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	struct slot slots[MOST_FIELDS_OF_RECORD];
	bool there;
	TRY(record_look(c, m->record, n->object_id, row, &there));
	if (!there)
		return 0;
	TRY(record_slots(c, m, row, MASKED, slots));
	*title = record_title(c, m, slots);
	return 0;
}

/* What is said in them; a person who was erased took it along. */
static int texts_of(struct ctx *c, const struct notification *rows, size_t n, struct pii_field **out)
{
	*out = ARENA_ARRAY(c->arena, struct pii_field, n + 1);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = (struct pii_field){ .key = rows[i].key, .context = "notification.text", .sealed = rows[i].text };
	return pii_open_many(c, *out, n);
}

static int write_notice(struct ctx *c, const struct notification *n, const char *said, const struct titles *users, struct text *t)
{
	const char *title;
	TRY(title_of(c, n, &title));
	text_format(t, "{\"id\":\"%lld\",\"kind\":\"%s\",\"at\":%lld,\"read\":%s,\"object\":", (long long)n->id, n->kind, (long long)n->created_at, n->read_at ? "true" : "false");
	json_text(t, title ? n->object : NULL);
	text_format(t, ",\"object_id\":");
	json_text(t, title ? arena_format(c->arena, "%lld", (long long)n->object_id) : NULL);
	text_append(t, ",\"title\":");
	json_text(t, title);
	text_append(t, ",\"text\":");
	json_text(t, title ? said : NULL);
	text_append(t, ",\"actor\":");
	actor_json(t, n->actor_kind, n->actor_id, users);
	text_format(t, ",\"data\":%s}", title ? n->data : "{}");
	return 0;
}

static int list(struct ctx *c, const void *in, void *out)
{
	struct notification *rows;
	struct notices_unread_row *unread;
	struct pii_field *said;
	struct titles users;
	size_t n, unread_count;
	int64_t below;
	const char *from = ((const struct notice_query *)in)->below;
	if (!from || id_parse(from, &below) < 0)
		below = INT64_MAX;
	TRY(notices_of(c, c->auth->user_id, below, NOTICES_AT_ONCE + 1, &rows, &n));
	TRY(notices_unread(c, c->auth->user_id, UNREAD_MOST + 1, &unread, &unread_count));
	bool more = n > NOTICES_AT_ONCE;
	n -= more;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].actor_kind == ACTOR_USER ? rows[i].actor_id : 0;
	TRY(actor_titles(c, ids, n, &users));
	TRY(texts_of(c, rows, n, &said));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"unread\":%zu,\"unread_more\":%s,\"next\":", unread_count > UNREAD_MOST ? (size_t)UNREAD_MOST : unread_count, unread_count > UNREAD_MOST ? "true" : "false");
	json_text(&t, more ? arena_format(c->arena, "%lld", (long long)rows[n - 1].id) : NULL);
	text_append(&t, ",\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(&t, i ? "," : "");
		TRY(write_notice(c, &rows[i], said[i].text, &users, &t));
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct read_in {
	const char *notice, *until;
};
static const struct member read_members[] = { MEMBER(struct read_in, notice, code, .most = 20), MEMBER(struct read_in, until, code, .most = 20) };
static const struct shape read_shape = SHAPE("notice_read", struct read_in, read_members);

/* One, or all up to the newest that the person has seen. Others than one's own are none. */
static int mark_read(struct ctx *c, const void *in, void *out)
{
	const struct read_in *v = in;
	int64_t id, changed;
	if (v->notice)
		return id_parse(v->notice, &id) < 0 ? 0 : notice_read(c, c->auth->user_id, id, c->now, &changed);
	if (!v->until || id_parse(v->until, &id) < 0)
		return 0;
	return notices_read(c, c->auth->user_id, id, c->now, &changed);
}

const struct route notice_routes[] = {
	ROUTE(GET, "/api/v1/notification", FOR_STAFF, POOL, .in = &query_shape, .out = &raw_shape, .run = list, .zh = "通知：自己的", .en = "Notices: one's own"),
	ROUTE(POST, "/api/v1/notification/read", FOR_STAFF, WRITE, .body = BODY_JSON, .in = &read_shape, .run = mark_read, .zh = "通知：标为已读", .en = "Notices: mark as read"),
};
const size_t notice_route_count = sizeof(notice_routes) / sizeof(notice_routes[0]);
