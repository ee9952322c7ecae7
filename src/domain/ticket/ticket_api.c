/* What is special about tickets for staff: filing on behalf, the timeline, comments. */
#include "domain/ticket/ticket_api.h"

#include "base/json.h"
#include "core/api/actor.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/notify/holders.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "db/writer.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "gen/device_sql.h"
#include "gen/staff_sql.h"

enum { MOST_MERGED = 40 };

static const struct choice parts[] = {
	{ "all", "全部", "All" }, { "talk", "对话", "Conversation" }, { "internal", "内部", "Internal" }, { "change", "变更", "Changes" }, { 0 },
};
static const struct choice visibilities[] = { { "internal", "内部备注", "Internal" }, { "public", "回复客户", "Public" }, { 0 } };

static int show(struct ctx *c, const struct ticket *t, void *out)
{
	struct text text = text_in(c->arena);
	TRY(record_json(c, &ticket_record, t, &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

static const struct member report_members[] = {
	MEMBER(struct ticket_report, scene, code, .flags = MEMBER_REQUIRED, .choices = ticket_scenes),
	MEMBER(struct ticket_report, customer_id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct ticket_report, device_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct ticket_report, product_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct ticket_report, channel, code, .choices = ticket_channels),
	MEMBER(struct ticket_report, text, text, .flags = MEMBER_REQUIRED, .least = 2, .most = 4000),
	MEMBER(struct ticket_report, contact_phone, code, .most = 40),
	MEMBER(struct ticket_report, symptoms, json, .most = 2000),
	MEMBER(struct ticket_report, answers, json, .most = 8000),
	MEMBER(struct ticket_report, danger, code, .choices = ticket_dangers),
	MEMBER(struct ticket_report, preferred_day, day, .flags = MEMBER_NULLABLE),
	MEMBER(struct ticket_report, preferred_time, code, .choices = ticket_times_of_day),
	MEMBER(struct ticket_report, file_ids, list, .item = TYPE_id, .most = 9),
	MEMBER(struct ticket_report, grade, code, .choices = ticket_grades),
	MEMBER(struct ticket_report, tags, list, .item = TYPE_code, .most = TAGS_MOST),
	MEMBER(struct ticket_report, custom, raw, .flags = MEMBER_CUSTOM),
};
static const struct shape report_shape = SHAPE("ticket_report", struct ticket_report, report_members);

static int create(struct ctx *c, const void *in, void *out)
{
	struct ticket_report report = *(const struct ticket_report *)in;
	struct ticket t;
	report.caller_there = text_equal(report.channel, "phone") || text_equal(report.channel, "outlet");
	if (text_empty(report.channel))
		report.channel = "phone";
	TRY(ticket_file_report(c, &report, &t));
	return show(c, &t, out);
}

struct timeline_in {
	int64_t id, after;
	const char *kind;
};
static const struct member timeline_members[] = {
	MEMBER(struct timeline_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct timeline_in, after, i64, .least = -INT32_MAX),       /* below 0: within what another system brought */
	MEMBER(struct timeline_in, kind, code, .choices = parts),
};
static const struct shape timeline_shape = SHAPE("timeline_query", struct timeline_in, timeline_members);

static int timeline(struct ctx *c, const void *in, void *out)
{
	const struct timeline_in *q = in;
	struct ticket t;
	TRY(record_get(c, &ticket_record, q->id, &t));
	int part = 0;
	while (q->kind && !text_equal(parts[part].value, q->kind))
		part++;
	struct text text = text_in(c->arena);
	TRY(ticket_timeline(c, &t, (enum timeline_part)part, q->after, &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

static int proofs(struct ctx *c, const void *in, void *out)
{
	struct ticket t;
	struct purchase_proof *rows;
	size_t n;
	TRY(record_get(c, &ticket_record, ((const struct id_in *)in)->id, &t));
	TRY(proofs_of_ticket(c, t.id, &rows, &n));
	struct text text = text_in(c->arena);
	text_append(&text, "{\"items\":");
	TRY(record_json_list(c, &proof_record, rows, n, &text));
	text_char(&text, '}');
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

static const struct member comment_members[] = {
	MEMBER(struct comment_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct comment_in, text, text, .flags = MEMBER_REQUIRED, .least = 1, .most = 4000),
	MEMBER(struct comment_in, visibility, code, .flags = MEMBER_REQUIRED, .choices = visibilities),
	MEMBER(struct comment_in, file_ids, list, .item = TYPE_id, .most = 9),
	MEMBER(struct comment_in, user_ids, list, .item = TYPE_id, .most = 10),
};
static const struct shape comment_shape = SHAPE("comment", struct comment_in, comment_members);

static int comment(struct ctx *c, const void *in, void *out)
{
	const struct comment_in *v = in;
	struct ticket t;
	int64_t id;
	TRY(record_get(c, &ticket_record, v->id, &t));
	TRY(ticket_comment_add(c, &t, v, &id));
	return show(c, &t, out);
}

/* Who watches --------------------------------------------------------------------------------------------------------- */

struct watch_in {
	int64_t id, on, user_id;
};
static const struct member watch_members[] = {
	MEMBER(struct watch_in, id, id, .flags = MEMBER_REQUIRED), { .name = "on", .type = TYPE_flag, .offset = offsetof(struct watch_in, on), .flags = MEMBER_REQUIRED },
	MEMBER(struct watch_in, user_id, ref),
};
static const struct shape watch_shape = SHAPE("ticket_watch", struct watch_in, watch_members);

static int write_watchers(struct ctx *c, const struct watchers_of_row *rows, size_t n, struct text *t)
{
	struct titles users;
	bool watching = false;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		ids[i] = rows[i].user_id;
		watching |= rows[i].user_id == c->auth->user_id;
	}
	TRY(actor_titles(c, ids, n, &users));
	text_format(t, "{\"watching\":%s,\"watchers\":[", watching ? "true" : "false");
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"id\":\"%lld\",\"at\":%lld,\"name\":", i ? "," : "", (long long)rows[i].user_id, (long long)rows[i].at);
		json_text(t, titles_find(&users, rows[i].user_id));
		text_char(t, '}');
	}
	text_append(t, "]}");
	return 0;
}

static int show_watchers(struct ctx *c, int64_t id, void *out)
{
	struct watchers_of_row *rows;
	size_t n;
	TRY(ticket_watchers(c, id, &rows, &n));
	struct text t = text_in(c->arena);
	TRY(write_watchers(c, rows, n, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* A ticket that went into another is watched there, for whoever may see that one. */
static int watched_ticket(struct ctx *c, int64_t id, struct ticket *t)
{
	struct ticket now;
	bool sees;
	TRY(record_get(c, &ticket_record, id, t));
	now = *t;
	TRY(ticket_current(c, &now));
	TRY(record_look(c, &ticket_record, now.id, &now, &sees));
	if (sees)
		*t = now;
	return 0;
}

static int watching(struct ctx *c, const void *in, void *out)
{
	struct ticket t;
	TRY(watched_ticket(c, ((const struct id_in *)in)->id, &t));
	return show_watchers(c, t.id, out);
}

/* Of all that went into it: who stops watching here does not hear of the matter again when it is parted. */
static int stop_watching(struct ctx *c, int64_t ticket_id, int64_t user_id, int64_t *gone)
{
	int64_t tickets[MOST_MERGED];
	size_t n;
	TRY(ticket_with_merged(c, ticket_id, tickets, MOST_MERGED, &n));
	return watcher_drop(c, "ticket", tickets, n, user_id, gone);
}

int ticket_watchers(struct ctx *c, int64_t ticket_id, struct watchers_of_row **rows, size_t *n)
{
	int64_t tickets[MOST_MERGED];
	size_t count;
	TRY(ticket_with_merged(c, ticket_id, tickets, MOST_MERGED, &count));
	return watchers_of(c, "ticket", tickets, count, rows, n);
}

/* Somebody else no longer hears of it: whoever decided that answers for it. */
static int take_off(struct ctx *c, int64_t ticket_id, int64_t user_id)
{
	int64_t gone;
	TRY(require_permission(c, SUPERVISE));
	TRY(stop_watching(c, ticket_id, user_id, &gone));
	return gone ? event_add(c, "ticket.unwatched", "ticket", ticket_id, arena_format(c->arena, "{\"user_ids\":[\"%lld\"]}", (long long)user_id)) : 0;
}

/* One begins for oneself alone; a supervisor ends it for others, too. */
static int watch(struct ctx *c, const void *in, void *out)
{
	const struct watch_in *v = in;
	struct ticket t;
	int64_t user_id = v->user_id > 0 ? v->user_id : c->auth->user_id;
	TRY(watched_ticket(c, v->id, &t));
	if (user_id != c->auth->user_id) {
		struct user_account user;
		TRY(record_named(c, &user_record, "user_id", user_id, &user));
		TRY(require(c, !v->on, ERR_FORBIDDEN, NULL));
		TRY(take_off(c, t.id, user_id));
	} else {
		TRY(v->on ? watcher_add(c, "ticket", t.id, user_id, c->now, NULL) : stop_watching(c, t.id, user_id, NULL));
	}
	return show_watchers(c, t.id, out);
}

const struct route ticket_routes[] = {
	ROUTE(POST, "/api/v1/ticket", "ticket.create", WRITE, .body = BODY_JSON, .flags = ROUTE_CREATED, .in = &report_shape, .out = &raw_shape,
	      .run = create, .zh = "服务单：代客户新建", .en = "Ticket: file on behalf"),
	ROUTE(GET, "/api/v1/ticket/{id}/timeline", "ticket.read", POOL, .in = &timeline_shape, .out = &raw_shape, .run = timeline,
	      .zh = "服务单：时间线", .en = "Ticket: timeline"),
	ROUTE(GET, "/api/v1/ticket/{id}/proof", "purchase_proof.read", POOL, .in = &id_shape, .out = &raw_shape, .run = proofs,
	      .zh = "服务单：购买凭证", .en = "Ticket: purchase proofs"),
	ROUTE(GET, "/api/v1/ticket/{id}/watch", "ticket.read", POOL, .in = &id_shape, .out = &raw_shape, .run = watching, .zh = "服务单：谁在关注", .en = "Ticket: who watches it"),
	ROUTE(POST, "/api/v1/ticket/{id}/watch", "ticket.read", WRITE, .body = BODY_JSON, .in = &watch_shape, .out = &raw_shape, .run = watch,
	      .zh = "服务单：关注或不再关注，主管可去掉他人", .en = "Ticket: watch or stop; supervisors take others off"),
	ROUTE(POST, "/api/v1/ticket/{id}/comment", "ticket.work", WRITE, .body = BODY_JSON, .flags = ROUTE_CREATED, .in = &comment_shape,
	      .out = &raw_shape, .run = comment, .zh = "服务单：备注或回复", .en = "Ticket: note or reply"),
};
const size_t ticket_route_count = sizeof(ticket_routes) / sizeof(ticket_routes[0]);
