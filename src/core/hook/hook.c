/* Webhooks and their deliveries as records, and the action that makes one. */
#include "core/hook/hook.h"

#include <string.h>

#include "base/crypto.h"
#include "core/api/api.h"
#include "core/demo/demo.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/schema.h"

enum { SECRET_BYTES = KEY_SIZE };

static const struct choice states[] = { { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };
static const struct choice delivery_states[] = {
	{ "waiting", "等待发送", "Waiting", "dashed" }, { "sent", "已送达", "Sent", "tick" }, { "failed", "发送失败", "Failed", "dash" }, { 0 },
};

/* The other side needs the secret once; after that nobody reads it here. */
static int webhook_before(struct ctx *c, const void *old, void *row)
{
	struct webhook *w = row;
	if (strncmp(w->url, "https://", 8) && strncmp(w->url, "http://", 7))
		fail_field(c, "url", ERR_FIELD_INVALID, "");
	if (w->secret.p)
		return c->error->code;
	uint8_t bytes[SECRET_BYTES];
	crypto_random(bytes, sizeof(bytes));
	const char *secret = arena_format(c->arena, "whsec_%s", base64(c->arena, bytes, sizeof(bytes)));
	return pii_seal(c, w->key, "webhook.secret", secret, &w->secret);
}

static int webhook_show(struct ctx *c, void *row)
{
	((struct webhook *)row)->secret = (struct bytes){ 0 };
	return 0;
}

static const struct field webhook_fields[] = {
	CODE  (webhook, name,   L("名称", "Name"), .required = true, .search = true, .most = 60),
	CODE  (webhook, url,    L("地址", "Address"), .required = true, .most = 500),
	SEALED(webhook, secret, L("签名密钥", "Signing secret"), .hidden = true, .system = true, .most = 100),
	CHOICE(webhook, state,  L("状态", "State"), .of = states, .initial = "on"),
};

const struct record webhook_record = {
	.name = "webhook", .label = L("Webhook", "Webhook"), .plural = "Webhooks", .table = &table_webhook, FIELDS(webhook_fields), .title = { "name" },
	.no_import = true, .before = webhook_before, .show = webhook_show,
};

static const struct field delivery_fields[] = {
	REF   (webhook_delivery, webhook_id, L("Webhook", "Webhook"), .to = &webhook_record, .index = true, .required = true),
	CODE  (webhook_delivery, kind,       L("事件", "Event")),
	REF   (webhook_delivery, object_id, L("编号", "Id"), .required = true),
	CODE  (webhook_delivery, object,     L("对象", "Object")),
	CHOICE(webhook_delivery, state,      L("状态", "State"), .of = delivery_states),
	COUNT (webhook_delivery, attempts,   L("尝试次数", "Attempts")),
	COUNT (webhook_delivery, status,     L("最近应答", "Last answer")),
	CODE  (webhook_delivery, last_error, L("最近错误", "Last error")),
	TIME  (webhook_delivery, event_at,   L("发生时间", "Happened at")),
	TIME  (webhook_delivery, sent_at,    L("送达时间", "Sent at")),
};

const struct record delivery_record = {
	.name = "webhook_delivery", .label = L("Webhook 投递", "Delivery"), .plural = "Deliveries", .table = &table_webhook_delivery, FIELDS(delivery_fields),
	.title = { "kind" }, .read_only = true, .no_import = true, .about = { "object", "object_id" },
};

/* The action ------------------------------------------------------------------------------------------------------------- */

struct webhook_in {
	int64_t webhook_id;
};
static const struct member webhook_members[] = {
	MEMBER(struct webhook_in, webhook_id, id, .flags = MEMBER_REQUIRED),
};
static const struct shape webhook_shape = SHAPE("action_webhook", struct webhook_in, webhook_members);

static int check(struct ctx *c, const struct record_model *m, const void *in)
{
	struct webhook row;
	struct error before = *c->error;
	int r = webhook_row_get(c, ((const struct webhook_in *)in)->webhook_id, &row);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return fail_field(c, "webhook_id", ERR_FIELD_REFERENCE, NULL);
	}
	return r;
}

static int deliver(struct ctx *c, struct webhook_delivery *d)
{
	d->tenant = c->tenant;
	d->id = new_id(c);
	d->state = "waiting";
	d->last_error = "";
	d->created_at = c->now;
	d->version = 1;
	TRY(webhook_delivery_row_insert(c, d));
	return job_add(c, d->id, hook_send_job.name, c->now, NULL, NULL);
}

static int run(struct ctx *c, struct acting *on, const void *in)
{
	const struct record_model *m = on->model;
	const struct action_cause none = { 0 }, *cause = on->cause ? on->cause : &none;
	bool invented;
	TRY(demo_is(c, on->id, &invented));
	if (invented)
		return 0;       /* other systems would take it for true */
	on->lasting = true;
	struct webhook_delivery d = {
		.webhook_id = ((const struct webhook_in *)in)->webhook_id, .object = m->record->name, .object_id = on->id,
		.kind = cause->kind && strcmp(cause->kind, "time") ? cause->kind : arena_format(c->arena, "%s.due", m->record->name),
		.event_no = cause->event_no, .event_at = cause->at ? cause->at : c->now,
	};
	return deliver(c, &d);
}

const struct action_kind webhook_action = { .name = "webhook", .label = L("发送 Webhook", "Send to a webhook"), .shape = &webhook_shape, .check = check, .run = run };

/* Again, and a first try --------------------------------------------------------------------------------------------------- */

static int replay(struct ctx *c, const void *in, void *out)
{
	struct webhook_delivery d;
	TRY(record_get(c, &delivery_record, ((const struct id_in *)in)->id, &d));
	return deliver(c, &d);
}

static int ping(struct ctx *c, const void *in, void *out)
{
	struct webhook w;
	TRY(record_get(c, &webhook_record, ((const struct id_in *)in)->id, &w));
	struct webhook_delivery d = { .webhook_id = w.id, .object = "webhook", .object_id = w.id, .kind = "webhook.ping", .event_at = c->now };
	return deliver(c, &d);
}

/* The secret, for whoever may change the webhook: asked for by name, and kept in the history of readings like any other. */
static int secret(struct ctx *c, const void *in, void *out)
{
	struct webhook w;
	const char *text;
	TRY(record_get(c, &webhook_record, ((const struct id_in *)in)->id, &w));
	TRY(pii_open(c, w.key, "webhook.secret", w.secret, &text));
	TRY(event_add(c, "webhook.secret_read", "webhook", w.id, "{}"));
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"secret\":\"%s\"}", text ? text : "");
	return 0;
}

const struct route hook_routes[] = {
	ROUTE(POST, "/api/v1/webhook_delivery/{id}/replay", "webhook.change", WRITE, .body = BODY_JSON, .in = &id_shape, .run = replay,
	      .zh = "Webhook：再次投递", .en = "Webhook: deliver once more"),
	ROUTE(POST, "/api/v1/webhook/{id}/ping", "webhook.change", WRITE, .body = BODY_JSON, .in = &id_shape, .run = ping, .zh = "Webhook：发送测试", .en = "Webhook: send a test"),
	ROUTE(POST, "/api/v1/webhook/{id}/secret", "webhook.change", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = secret,
	      .zh = "Webhook：查看签名密钥", .en = "Webhook: read the signing secret"),
};
const size_t hook_route_count = sizeof(hook_routes) / sizeof(hook_routes[0]);
