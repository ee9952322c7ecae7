/* Calls as a record, and what staff do with one: see who it may be, say who it is, call, hear it again. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/org/org.h"
#include "domain/phone/phone_private.h"
#include "domain/task/task.h"
#include "gen/phone_sql.h"
#include "gen/routing_sql.h"

enum { SUGGESTED_MOST = 5 };

static const struct choice directions[] = { { "in", "来电", "Incoming" }, { "out", "去电", "Outgoing" }, { 0 } };
static const struct choice states[] = {
	{ "ringing", "振铃中", "Ringing", "dashed" }, { "talking", "通话中", "Talking", "half" }, { "ended", "已接通", "Answered", "tick" }, { "missed", "未接通", "Missed", "dash" }, { 0 },
};

static const struct field fields[] = {
	CHOICE(phone_call, direction,       L("方向", "Direction"), .of = directions, .system = true),
	CHOICE(phone_call, state,           L("状态", "State"), .of = states, .system = true, .index = true),
	PHONE (phone_call, number,          L("号码", "Number"), .system = true, .search = true),
	REF   (phone_call, customer_id,     L("客户", "Customer"), .to = &customer_record, .system = true, .index = true),
	REF   (phone_call, user_id,         L("坐席", "Agent"), .to = &user_record, .system = true, .index = true),
	REF   (phone_call, team_id,         L("小组", "Team"), .to = &team_record, .system = true, .hidden = true),
	CODE  (phone_call, extension,       L("分机", "Extension"), .system = true, .hidden = true),
	TIME  (phone_call, rang_at,         L("振铃时间", "Rang at"), .system = true),
	TIME  (phone_call, answered_at,     L("接听时间", "Answered at"), .system = true, .hidden = true),
	TIME  (phone_call, ended_at,        L("结束时间", "Ended at"), .system = true, .hidden = true),
	COUNT (phone_call, seconds,         L("通话时长（秒）", "Seconds spoken"), .system = true),
	COUNT (phone_call, transfers,       L("转接次数", "Transfers"), .system = true, .hidden = true),
	REF   (phone_call, conversation_id, L("会话", "Conversation"), .to = &conversation_record, .system = true, .hidden = true),
	REF   (phone_call, task_id,         L("回拨任务", "Call-back task"), .to = &task_record, .system = true, .hidden = true),
	REF   (phone_call, line_id,         L("话务系统", "Telephone system"), .to = &phone_line_record, .system = true, .hidden = true),
};

static int gone(struct ctx *c, const void *row)
{
	return phone_events_drop(c, ((const struct phone_call *)row)->id, NULL);
}

const struct record phone_call_record = {
	.name = "phone_call", .label = L("通话", "Call"), .plural = "Calls", .table = &table_phone_call, FIELDS(fields), .title = { "number" }, .default_sort = "-created_at",
	.read_only = true, .no_import = true, .key_of = "customer_id", .owner = "user_id", .team = "team_id", .gone = gone,
};

/* Who it may be -------------------------------------------------------------------------------------------------------------- */

static int write_tickets(struct ctx *c, int64_t customer, struct text *t)
{
	struct tickets_open_for_row *rows = NULL;
	size_t n = 0;
	if (may(c, "ticket.read"))
		TRY(tickets_open_for(c, customer, &rows, &n));
	text_append(t, ",\"tickets\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"id\":\"%lld\",\"no\":", i ? "," : "", (long long)rows[i].id);
		json_text(t, rows[i].no);
		text_append(t, ",\"title\":");
		json_text(t, rows[i].title);
		text_format(t, ",\"state\":\"%s\"}", rows[i].state);
	}
	text_char(t, ']');
	return 0;
}

static int write_devices(struct ctx *c, int64_t customer, struct text *t)
{
	struct devices_for_call_row *rows = NULL;
	size_t n = 0;
	if (may(c, "device.read"))
		TRY(devices_for_call(c, customer, &rows, &n));
	text_append(t, ",\"devices\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"id\":\"%lld\",\"serial\":", i ? "," : "", (long long)rows[i].id);
		json_text(t, rows[i].serial);
		text_append(t, ",\"model\":");
		json_text(t, rows[i].model);
		text_char(t, '}');
	}
	text_char(t, ']');
	return 0;
}

static int write_customer(struct ctx *c, const struct customer *row, struct text *t)
{
	text_append(t, "{\"customer\":");
	TRY(record_json(c, &customer_record, row, t));
	TRY(write_devices(c, row->id, t));
	TRY(write_tickets(c, row->id, t));
	text_char(t, '}');
	return 0;
}

/* Those in whose files the number stands, of whom the actor may know: a hint, for a number can be forged and handed on. */
static int write_hints(struct ctx *c, const char *number, int64_t own, struct text *t)
{
	struct lookup_hit *hits = NULL;
	size_t n = 0, written = 0;
	if (!text_empty(number))
		TRY(lookup_find_hits(c, LOOKUP_PHONE, number, "customer", SUGGESTED_MOST, &hits, &n));
	for (size_t i = 0; i < n; i++) {
		struct customer row;
		bool there;
		TRY(record_look(c, &customer_record, hits[i].object_id, &row, &there));
		if (!there || row.archived_at || row.id == own || text_equal(row.kind, "visitor"))
			continue;
		text_append(t, written++ ? "," : "");
		TRY(write_customer(c, &row, t));
	}
	return 0;
}

static int write_call(struct ctx *c, const struct phone_call *p, struct text *t)
{
	struct customer own;
	const char *number;
	TRY(customer_row_get(c, p->customer_id, &own));
	TRY(pii_open(c, p->key, "phone_call.number", p->number, &number));
	bool known = !text_equal(own.kind, "visitor");
	text_append(t, "{\"call\":");
	TRY(record_json(c, &phone_call_record, p, t));
	text_format(t, ",\"known\":%s,\"customers\":[", known ? "true" : "false");
	TRY(known ? write_customer(c, &own, t) : write_hints(c, number, own.id, t));
	text_append(t, "]}");
	return 0;
}

static int mine(struct ctx *c, const void *in, void *out)
{
	struct phone_call *rows = NULL;
	struct text t = text_in(c->arena);
	size_t n = 0;
	if (c->auth->user_id)
		TRY(calls_of_user(c, c->auth->user_id, c->now - PHONE_LONGEST_MS, &rows, &n));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(&t, i ? "," : "");
		TRY(write_call(c, &rows[i], &t));
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Who it is ------------------------------------------------------------------------------------------------------------------ */

struct confirm_in {
	int64_t id, customer_id;
};
static const struct member confirm_members[] = { MEMBER(struct confirm_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct confirm_in, customer_id, id, .flags = MEMBER_REQUIRED) };
static const struct shape confirm_shape = SHAPE("phone_confirm", struct confirm_in, confirm_members);

/* By the number of somebody else the call alone is hers. */
static int join(struct ctx *c, const struct phone_call *p, const struct customer *own, const struct customer *hers)
{
	struct conversation k;
	const char *reason = c->lang == LANG_EN ? "She said so on the telephone" : "通话中已核对身份";
	if (!p->conversation_id)
		return customer_take_over(c, hers->id, own->id, reason);
	TRY(conversation_row_get(c, p->conversation_id, &k));
	return conversation_join(c, &k, hers, reason);
}

/* Whoever speaks with her has asked: the file that the number had goes into hers, and the number is hers from now on. Taken back like any merge. */
static int confirm(struct ctx *c, const void *in, void *out)
{
	const struct confirm_in *v = in;
	struct phone_call p;
	struct customer own, hers;
	struct identity who;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &phone_call_record, v->id, &p));
	TRY(record_named(c, &customer_record, "customer_id", v->customer_id, &hers));
	TRY(customer_row_get(c, p.customer_id, &own));
	TRY(require(c, text_equal(own.kind, "visitor") && !own.archived_at && !hers.archived_at && own.id != hers.id, ERR_STATE, NULL));
	TRY(join(c, &p, &own, &hers));
	if (p.identity_id) {
		TRY(identity_row_get(c, p.identity_id, &who));
		if (who.customer_id == hers.id)
			TRY(identity_verify(c, &who, "staff"));
	}
	TRY(phone_call_row_get(c, p.id, &p));
	TRY(write_call(c, &p, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Hearing it again ----------------------------------------------------------------------------------------------------------- */

struct listen_in {
	int64_t id;
	const char *purpose;
};
static const struct member listen_members[] = { MEMBER(struct listen_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct listen_in, purpose, code, .flags = MEMBER_REQUIRED, .most = 100) };
static const struct shape listen_shape = SHAPE("phone_listen", struct listen_in, listen_members);

/* A host of the list, whole: "rec.example.cn" is not "rec.example.cn.evil.cn". */
static bool lies_there(const char *hosts, const char *url)
{
	const char *from = strstr(url, "://") + 3;
	size_t n = strcspn(from, "/?#");
	for (const char *p = hosts; *p;) {
		p += strspn(p, ", ");
		size_t m = strcspn(p, ", ");
		if (m && m == n && !strncasecmp(p, from, n))
			return true;
		p += m;
	}
	return false;
}

static int hear(struct ctx *c, const void *in, void *out)
{
	const struct listen_in *v = in;
	struct phone_call p;
	struct phone_line line;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &phone_call_record, v->id, &p));
	if (text_empty(p.recording))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(phone_line_row_get(c, p.line_id, &line));
	bool web = !strncmp(p.recording, "https://", 8) || !strncmp(p.recording, "http://", 7);
	TRY(require(c, web && lies_there(line.record_hosts, p.recording), ERR_OUTBOUND_REFUSED, NULL));
	TRY(pii_reading(c, "phone_call", p.id, "recording", v->purpose));
	text_append(&t, "{\"url\":");
	json_text(&t, p.recording);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Calling -------------------------------------------------------------------------------------------------------------------- */

struct dial_in {
	int64_t customer_id;
};
static const struct member dial_members[] = { MEMBER(struct dial_in, customer_id, id, .flags = MEMBER_REQUIRED) };
static const struct shape dial_shape = SHAPE("phone_dial", struct dial_in, dial_members);

static int line_to_dial(struct ctx *c, struct phone_line *line)
{
	struct phone_line_to_dial_row *rows;
	size_t n;
	TRY(phone_line_to_dial(c, &rows, &n));
	return n ? phone_line_row_get(c, rows[0].id, line) : fail(c, ERR_NO_DIAL, NULL);
}

/* That of her file; of a visitor whom nobody knows yet, what she left to be called back at. NULL: none. */
static int number_to_dial(struct ctx *c, const struct customer *customer, const char **number)
{
	struct contact *rows;
	size_t n;
	TRY(pii_open(c, customer->key, "customer.phone", customer->phone, number));
	if (!text_empty(*number))
		return 0;
	TRY(number_left(c, customer->id, &rows, &n));
	return n ? pii_open(c, rows[0].key, "contact.phone", rows[0].phone, number) : 0;
}

/* The telephone rings at the agent first; whether hers does say events. */
static int dial(struct ctx *c, const void *in, void *out)
{
	const struct dial_in *v = in;
	struct customer customer;
	struct user_account user;
	struct phone_line line;
	struct phone_call p;
	const char *number;
	struct text t = text_in(c->arena);
	TRY(require(c, c->auth->user_id > 0, ERR_FORBIDDEN, NULL));
	TRY(record_named(c, &customer_record, "customer_id", v->customer_id, &customer));
	TRY(user_account_row_get(c, c->auth->user_id, &user));
	TRY(line_to_dial(c, &line));
	TRY(require(c, !text_empty(user.extension), ERR_NO_EXTENSION, NULL));
	TRY(number_to_dial(c, &customer, &number));
	if (text_empty(number))
		return fail_field(c, "customer_id", ERR_FIELD_REQUIRED, c->lang == LANG_EN ? ": phone" : "：手机");
	struct ctx all = ctx_as_system(c);
	TRY(phone_call_begin(&all, &line, customer.id, number, user.id, user.extension, &p));
	TRY(job_add(c, p.id, phone_dial_job.name, c->now, NULL, NULL));
	TRY(record_json(c, &phone_call_record, &p, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route phone_call_routes[] = {
	ROUTE(GET, "/api/v1/phone/mine", "phone_call.read", POOL, .out = &raw_shape, .run = mine, .zh = "电话：本人正在振铃和通话的来电", .en = "Calls that ring or are spoken at one's own extension"),
	ROUTE(POST, "/api/v1/phone/dial", "phone_call.dial", WRITE, .body = BODY_JSON, .in = &dial_shape, .out = &raw_shape, .run = dial, .zh = "电话：呼叫客户", .en = "Call a customer"),
	ROUTE(POST, "/api/v1/phone_call/{id}/confirm", "phone_call.dial", WRITE, .body = BODY_JSON, .in = &confirm_shape, .out = &raw_shape, .run = confirm,
	      .zh = "通话：确认来电人是这位客户", .en = "Call: this customer it is"),
	ROUTE(POST, "/api/v1/phone_call/{id}/recording", "phone_call.listen", WRITE, .body = BODY_JSON, .in = &listen_shape, .out = &raw_shape, .run = hear,
	      .zh = "通话：听录音", .en = "Call: hear the recording"),
};
const size_t phone_call_route_count = sizeof(phone_call_routes) / sizeof(phone_call_routes[0]);
