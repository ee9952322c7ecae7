/* Telephone systems as a record. The secret goes in and never comes out. */
#include "domain/phone/phone_private.h"

#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "core/api/api.h"
#include "core/api/delivery.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/org/org.h"
#include "gen/phone_sql.h"
#include "net/url.h"

enum { SECRET_LEAST = 16 };

static const struct choice states[] = { { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };

static int before(struct ctx *c, const void *old, void *row)
{
	struct phone_line *l = row;
	if (!text_empty(l->dial_url) && !url_is_web(l->dial_url, "#@ \""))
		fail_field(c, "dial_url", ERR_FIELD_INVALID, ": https://cti.example.cn/dial");
	if (l->record_hosts[strspn(l->record_hosts, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:, ")])
		fail_field(c, "record_hosts", ERR_FIELD_INVALID, ": rec.example.cn");
	if (!old)
		l->callback = delivery_new_callback(c->arena);
	return c->error->code;
}

static const struct field fields[] = {
	CODE  (phone_line, title,        L("名称", "Name"), .required = true, .search = true, .most = 60),
	CHOICE(phone_line, state,        L("状态", "State"), .of = states, .initial = "off"),
	CODE  (phone_line, dial_url,     L("点击外呼地址", "Address that makes calls"), .most = 100, .hidden = true),
	CODE  (phone_line, record_hosts, L("录音所在主机", "Hosts of recordings"), .most = 100, .hidden = true),
	REF   (phone_line, team_id,      L("回拨小组", "Team that calls back"), .to = &team_record),
	CODE  (phone_line, callback,     L("回调编号", "Name of the callback"), .system = true, .hidden = true),
	TIME  (phone_line, secret_at,    L("密钥设置时间", "Secret since"), .system = true, .hidden = true),
};

const struct record phone_line_record = {
	.name = "phone_line", .label = L("话务系统", "Telephone system"), .plural = "Telephone systems", .table = &table_phone_line, FIELDS(fields), .title = { "title" },
	.no_import = true, .before = before,
};

int phone_open(struct ctx *c, int64_t line, struct phone_opened *out)
{
	*out = (struct phone_opened){ 0 };
	TRY(phone_line_row_get(c, line, &out->row));
	return pii_open(c, out->row.key, "phone_line.secret", out->row.secret, &out->secret);
}

const char *phone_sign(struct arena *a, const char *secret, const char *timestamp, const char *name, struct bytes body)
{
	uint8_t mac[32];
	struct text t = text_in(a);
	text_format(&t, "%s.%s.", timestamp, name);
	text_append_n(&t, (const char *)body.p, body.n);
	hmac_sha256_by(secret, strlen(secret), t.p, t.n, mac);
	return hex(a, mac, sizeof(mac));
}

struct secret_in {
	int64_t id;
	const char *secret;
};
static const struct member secret_members[] = { MEMBER(struct secret_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct secret_in, secret, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .least = SECRET_LEAST, .most = 100) };
static const struct shape secret_shape = SHAPE("phone_secret", struct secret_in, secret_members);

static int set_secret(struct ctx *c, const void *in, void *out)
{
	const struct secret_in *v = in;
	struct phone_line l;
	struct bytes sealed;
	TRY(record_get(c, &phone_line_record, v->id, &l));
	TRY(pii_seal(c, l.key, "phone_line.secret", v->secret, &sealed));
	TRY(phone_secret_put(c, l.id, sealed, c->now, NULL));
	return event_add(c, "phone_line.secret_changed", "phone_line", l.id, "{}");
}

const struct route phone_line_routes[] = {
	ROUTE(POST, "/api/v1/phone_line/{id}/secret", "phone_line.change", WRITE, .body = BODY_JSON, .in = &secret_shape, .run = set_secret,
	      .zh = "话务系统：设置密钥", .en = "Telephone system: set its secret"),
};
const size_t phone_line_route_count = sizeof(phone_line_routes) / sizeof(phone_line_routes[0]);
