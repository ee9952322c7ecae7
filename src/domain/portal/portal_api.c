/* The customer's routes once she is known: devices, reports, tickets. */
#include "domain/portal/portal.h"

#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/file/file.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/conversation/conversation.h"
#include "domain/device/device.h"
#include "engine/clean/clean.h"
#include "gen/portal_sql.h"
#include "gen/ticket_sql.h"

/* The ticket of a session that came by a link, where it is now; 0: the session is not bound to one. */
static int linked_ticket(struct ctx *c, int64_t *id)
{
	struct ticket t;
	*id = 0;
	if (!c->auth->ticket_id)
		return 0;
	TRY(ticket_row_get(c, c->auth->ticket_id, &t));
	TRY(ticket_current(c, &t));
	*id = t.id;
	return 0;
}

int portal_ticket(struct ctx *c, int64_t id, struct ticket *t)
{
	int64_t linked = 0;
	int r = ticket_row_get(c, id, t);
	if (r == 0)
		r = ticket_current(c, t);
	if (r == 0)
		r = linked_ticket(c, &linked);
	bool hers = r == 0 && t->customer_id == c->auth->customer_id && (!linked || linked == t->id);
	if (r == ERR_NOT_FOUND || (r == 0 && !hers))
		return fail(c, ERR_NOT_FOUND, NULL);
	return r;
}

bool portal_sees(struct ctx *c, const char *object, int64_t id)
{
	struct ticket t;
	struct conversation k;
	if (text_equal(object, "conversation"))
		return !c->auth->ticket_id && conversation_of_customer(c, id, &k) == 0;
	return !c->auth->visitor && text_equal(object, "ticket") && portal_ticket(c, id, &t) == 0;
}

bool portal_hears(const char *kind)
{
	return !strncmp(kind, "conversation.", 13) ? conversation_event_is_public(kind) : ticket_event_is_public(kind);
}

bool portal_reads_file(struct ctx *c, const char *object, int64_t object_id, int64_t file_id)
{
	struct ticket_file row;
	bool sees = portal_sees(c, object, object_id);
	if (text_equal(object, "conversation")) {
		error_clear(c->error);
		return sees && conversation_shows_file(c, object_id, file_id);
	}
	bool reads = sees && ticket_file_row_get(c, object_id, file_id, &row) == 0 && text_equal(row.visibility, "public");
	error_clear(c->error);
	return reads;
}

int portal_device(struct ctx *c, int64_t id, struct device *d)
{
	int r = device_row_get(c, id, d);
	if (r == ERR_NOT_FOUND || (r == 0 && d->customer_id != c->auth->customer_id))
		return fail(c, ERR_NOT_FOUND, NULL);
	return r;
}

static int show(struct ctx *c, const struct ticket *t, void *out)
{
	struct text text = text_in(c->arena);
	const struct flow *flow;
	TRY(flow_of(c, &ticket_flow, &flow));
	TRY(portal_ticket_json(c, flow, t, PORTAL_FULL, &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

/* Devices ---------------------------------------------------------------------------------------------------------- */

static int devices(struct ctx *c, const void *in, void *out)
{
	struct device *rows;
	size_t n;
	TRY(devices_of_customer(c, c->auth->customer_id, &rows, &n));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(&t, i ? "," : "");
		TRY(portal_device_json(c, &rows[i], &t));
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct find_in {
	const char *serial, *qr;
};
static const struct member find_members[] = { MEMBER(struct find_in, serial, code, .most = 60), MEMBER(struct find_in, qr, code, .most = 300) };
static const struct shape find_shape = SHAPE("device_find", struct find_in, find_members);

/* The label holds a link that ends with the code, or the code alone. */
static const char *code_of_label(const char *qr)
{
	const char *slash = strrchr(qr, '/'), *equal = strrchr(qr, '=');
	const char *last = slash > equal ? slash : equal;
	return last ? last + 1 : qr;
}

/* Somebody else's device is not shown: "not found" either way, so serials cannot be tried out. */
static int find(struct ctx *c, const void *in, void *out)
{
	const struct find_in *v = in;
	struct device *rows = NULL;
	const char *serial;
	size_t n = 0;
	if (!text_empty(v->qr))
		TRY(device_by_qr(c, code_of_label(v->qr), &rows, &n));
	else if (!text_empty(v->serial) && clean_serial(c->arena, v->serial, &serial) == 0)
		TRY(device_by_serial(c, serial, &rows, &n));
	bool visible = n && (rows[0].customer_id == c->auth->customer_id || rows[0].customer_id == 0);
	if (!visible)
		return fail(c, ERR_NOT_FOUND, NULL);
	struct text t = text_in(c->arena);
	TRY(portal_device_json(c, &rows[0], &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Report ----------------------------------------------------------------------------------------------------------- */

struct proof_in {
	const char *kind;
	int64_t day, file_id;
};
static const struct choice proof_kinds[] = { { "invoice", "", "" }, { "receipt", "", "" }, { "order", "", "" }, { "warranty_card", "", "" }, { 0 } };
static const struct member proof_members[] = {
	MEMBER(struct proof_in, kind, code, .flags = MEMBER_REQUIRED, .choices = proof_kinds),
	MEMBER(struct proof_in, day, day, .flags = MEMBER_NULLABLE),
	MEMBER(struct proof_in, file_id, ref, .flags = MEMBER_NULLABLE),
};
static const struct shape proof_shape = SHAPE("proof", struct proof_in, proof_members);

struct report_in {
	const char *scene, *serial, *danger, *symptoms, *description, *preferred_time, *answers, *custom;
	int64_t device_id, product_id, preferred_day;
	struct list file_ids;
	struct proof_in *proof;
};
static const struct member report_members[] = {
	MEMBER(struct report_in, scene, code, .flags = MEMBER_REQUIRED, .choices = ticket_scenes),
	MEMBER(struct report_in, device_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct report_in, product_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct report_in, serial, code, .flags = MEMBER_NULLABLE, .most = 60),
	MEMBER(struct report_in, danger, code, .choices = ticket_dangers),
	MEMBER(struct report_in, symptoms, json, .most = 2000),
	MEMBER(struct report_in, description, text, .most = 2000),
	MEMBER(struct report_in, file_ids, list, .item = TYPE_id, .most = 9),
	MEMBER(struct report_in, preferred_day, day, .flags = MEMBER_NULLABLE),
	MEMBER(struct report_in, preferred_time, code, .choices = ticket_times_of_day),
	MEMBER(struct report_in, proof, shape, .flags = MEMBER_NULLABLE, .shape = &proof_shape),
	MEMBER(struct report_in, answers, json, .most = 8000),
	MEMBER(struct report_in, custom, raw, .flags = MEMBER_CUSTOM),
};
static const struct shape report_shape = SHAPE("report", struct report_in, report_members);

static int keep_proof(struct ctx *c, const struct proof_in *proof, const struct ticket *t)
{
	if (!proof)
		return 0;
	struct purchase_proof row = {
		.tenant = c->tenant, .id = new_id(c), .device_id = t->device_id, .ticket_id = t->id, .object = t->device_id ? "" : "ticket", .kind = proof->kind,
		.purchased_on = proof->day == NULL_INT ? 0 : proof->day, .verdict = "waiting",
		.file_id = proof->file_id == NULL_INT ? 0 : proof->file_id, .created_at = c->now, .version = 1,
	};
	if (row.file_id)
		TRY(file_attach(c, row.file_id, "purchase_proof", row.id, t->customer_id));
	return record_insert(c, &proof_record, &row);
}

static int check_proof_of_work(struct ctx *c)
{
	struct reports_since_row filed;
	bool holds;
	const char *challenge;
	TRY(reports_since(c, c->auth->customer_id, c->now - HOUR_MS, &filed));
	if (filed.n < setting_of(c, SETTING_REPORT_FREE))
		return 0;
	TRY(proof_check(c, http_header(c->call->http, HEADER_PROOF), &holds));
	TRY(proof_challenge(c, &challenge));
	return holds ? 0 : fail(c, ERR_PROOF_NEEDED, arena_format(c->arena, "%lld:%s", (long long)setting_of(c, SETTING_REPORT_PROOF), challenge));
}

/* A device that nobody owned becomes the reporter's: she holds it in her hands. */
int portal_claim_device(struct ctx *c, int64_t id)
{
	struct device d;
	if (id <= 0)
		return 0;
	TRY(device_row_get(c, id, &d));
	if (d.customer_id)
		return 0;
	struct device old = d;
	d.customer_id = c->auth->customer_id;
	return record_update(c, &device_record, &old, &d, "device.claimed", NULL, NULL);
}

static int report(struct ctx *c, const void *in, void *out)
{
	const struct report_in *v = in;
	const char *text = text_empty(v->serial) ? v->description : arena_format(c->arena, "%s\n序列号：%s", v->description ? v->description : "", v->serial);
	struct ticket_report r = {
		.scene = v->scene, .channel = "web", .text = text, .customer_id = c->auth->customer_id, .device_id = v->device_id,
		.product_id = v->product_id, .symptoms = v->symptoms, .answers = v->answers, .custom = v->custom, .danger = v->danger,
		.preferred_day = v->preferred_day, .preferred_time = v->preferred_time, .file_ids = v->file_ids,
	};
	struct ticket t;
	TRY(check_proof_of_work(c));
	TRY(portal_check_report(c, &r, v->device_id > 0 || v->product_id > 0 || !text_empty(v->serial), v->proof != NULL));
	TRY(ticket_file_report(c, &r, &t));
	TRY(portal_claim_device(c, t.device_id));
	TRY(keep_proof(c, v->proof, &t));
	return show(c, &t, out);
}

/* Tickets ---------------------------------------------------------------------------------------------------------- */

static int tickets(struct ctx *c, const void *in, void *out)
{
	struct ticket *rows;
	size_t n;
	bool any = false;
	int64_t linked;
	const struct flow *flow;
	TRY(linked_ticket(c, &linked));
	TRY(flow_of(c, &ticket_flow, &flow));
	TRY(tickets_of_customer(c, c->auth->customer_id, &rows, &n));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		if (linked && rows[i].id != linked)
			continue;
		text_append(&t, any ? "," : "");
		TRY(portal_ticket_json(c, flow, &rows[i], PORTAL_BRIEF, &t));
		any = true;
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int ticket(struct ctx *c, const void *in, void *out)
{
	struct ticket t;
	TRY(portal_ticket(c, ((const struct id_in *)in)->id, &t));
	return show(c, &t, out);
}

struct fact_in {
	int64_t id, version;
	const char *text, *reason;
	struct list file_ids;
};
static const struct member fact_members[] = {
	MEMBER(struct fact_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct fact_in, version, count),
	MEMBER(struct fact_in, text, text, .flags = MEMBER_REQUIRED, .most = 2000), MEMBER(struct fact_in, file_ids, list, .item = TYPE_id, .most = 9),
};
static const struct shape fact_shape = SHAPE("fact", struct fact_in, fact_members);
static const struct member unsolved_members[] = {
	MEMBER(struct fact_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct fact_in, version, count),
	MEMBER(struct fact_in, reason, text, .flags = MEMBER_REQUIRED, .most = 500), MEMBER(struct fact_in, file_ids, list, .item = TYPE_id, .most = 9),
};
static const struct shape unsolved_shape = SHAPE("unsolved", struct fact_in, unsolved_members);
static const struct member plain_members[] = {
	MEMBER(struct fact_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct fact_in, version, count),
};
static const struct shape plain_shape = SHAPE("customer_action", struct fact_in, plain_members);

static int say(struct ctx *c, struct ticket *t, const char *text, struct list file_ids)
{
	int64_t id;
	const struct comment_in comment = { .id = t->id, .text = text, .visibility = "public", .file_ids = file_ids };
	return ticket_comment_add(c, t, &comment, &id);
}

static int fact(struct ctx *c, const void *in, void *out)
{
	const struct fact_in *v = in;
	struct ticket t;
	TRY(portal_ticket(c, v->id, &t));
	TRY(require(c, ticket_is_open(&t), ERR_STATE, NULL));
	TRY(say(c, &t, v->text, v->file_ids));
	if (text_equal(t.state, "waiting_customer"))
		TRY(flow_move(c, &ticket_flow, &t, "answer", NULL, NULL));
	return show(c, &t, out);
}

static int act(struct ctx *c, const struct fact_in *v, const char *action, void *out)
{
	struct ticket t;
	TRY(portal_ticket(c, v->id, &t));
	TRY(flow_move(c, &ticket_flow, &t, action, v->reason, NULL));
	if (!text_empty(v->reason))
		TRY(say(c, &t, v->reason, v->file_ids));
	return show(c, &t, out);
}

static int remind(struct ctx *c, const void *in, void *out)
{
	return act(c, in, "remind", out);
}

static int confirm(struct ctx *c, const void *in, void *out)
{
	return act(c, in, "confirm", out);
}

static int unsolved(struct ctx *c, const void *in, void *out)
{
	return act(c, in, "unsolved", out);
}

struct rate_in {
	int64_t id, version, attitude, speed, solution;
	const char *result, *text;
};
static const struct member rate_members[] = {
	MEMBER(struct rate_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct rate_in, version, count),
	MEMBER(struct rate_in, result, code, .flags = MEMBER_REQUIRED, .choices = ticket_ratings),
	MEMBER(struct rate_in, attitude, count, .flags = MEMBER_NULLABLE, .most = 5),
	MEMBER(struct rate_in, speed, count, .flags = MEMBER_NULLABLE, .most = 5),
	MEMBER(struct rate_in, solution, count, .flags = MEMBER_NULLABLE, .most = 5),
	MEMBER(struct rate_in, text, text, .most = 500),
};
static const struct shape rate_shape = SHAPE("rate", struct rate_in, rate_members);

static int64_t mark_of(int64_t mark)
{
	return mark == NULL_INT ? 0 : mark;
}

/* Rating confirms a solution that is still waiting for it, except "not satisfied": that opens the ticket again elsewhere. */
static int rate(struct ctx *c, const void *in, void *out)
{
	const struct rate_in *v = in;
	struct ticket t;
	TRY(portal_ticket(c, v->id, &t));
	TRY(require(c, (text_equal(t.state, "resolved") || text_equal(t.state, "closed")) && text_empty(t.rating), ERR_STATE, NULL));
	struct ticket_rating row = {
		.tenant = c->tenant, .id = new_id(c), .ticket_id = t.id, .rating = v->result, .attitude = mark_of(v->attitude),
		.speed = mark_of(v->speed), .solution = mark_of(v->solution), .key = t.key, .at = c->now,
	};
	TRY(pii_seal(c, t.key, "ticket_rating.body", text_empty(v->text) ? NULL : v->text, &row.body));
	TRY(ticket_rating_row_insert(c, &row));
	struct ticket old = t;
	t.rating = v->result;
	t.rated_at = c->now;
	TRY(record_update(c, &ticket_record, &old, &t, "ticket.rated", NULL, arena_format(c->arena, "{\"rating\":\"%s\"}", v->result)));
	if (text_equal(t.state, "resolved") && !text_equal(v->result, "not"))
		TRY(flow_move(c, &ticket_flow, &t, "confirm", NULL, NULL));
	return show(c, &t, out);
}

#define MY_POST(path, shape, handler, zh_text, en_text)                                                                \
	ROUTE(POST, path, FOR_CUSTOMER, WRITE, .body = BODY_JSON, .in = &shape, .out = &raw_shape, .run = handler, .zh = zh_text, .en = en_text)

const struct route portal_routes[] = {
	ROUTE(GET, "/api/v1/my/device", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = devices, .zh = "我的设备", .en = "My devices"),
	ROUTE(POST, "/api/v1/my/device/find", FOR_CUSTOMER, POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &find_shape, .out = &raw_shape,
	      .run = find, .zh = "按序列号或二维码找设备", .en = "Find a device"),
	ROUTE(POST, "/api/v1/my/ticket", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .flags = ROUTE_CREATED, .in = &report_shape, .out = &raw_shape,
	      .run = report, .zh = "提交服务单", .en = "File a report"),
	ROUTE(GET, "/api/v1/my/ticket", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = tickets, .zh = "我的服务单", .en = "My tickets"),
	ROUTE(GET, "/api/v1/my/ticket/{id}", FOR_CUSTOMER, POOL, .in = &id_shape, .out = &raw_shape, .run = ticket, .zh = "服务单进度", .en = "Progress"),
	MY_POST("/api/v1/my/ticket/{id}/remind", plain_shape, remind, "催办", "Remind"),
	MY_POST("/api/v1/my/ticket/{id}/fact", fact_shape, fact, "补充情况", "Add facts"),
	MY_POST("/api/v1/my/ticket/{id}/confirm", plain_shape, confirm, "确认完成", "Confirm"),
	MY_POST("/api/v1/my/ticket/{id}/unsolved", unsolved_shape, unsolved, "还没解决", "Not solved"),
	MY_POST("/api/v1/my/ticket/{id}/rate", rate_shape, rate, "评价", "Rate"),
};
const size_t portal_route_count = sizeof(portal_routes) / sizeof(portal_routes[0]);
