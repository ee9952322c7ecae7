/* The company's card over HTTP. The logo is a file like any other (sniffed, drawn anew, sealed) that the company holds; anybody may see it,
 * for it stands on the phone page. */
#include "domain/org/company_card.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/file_api.h"
#include "core/api/history_json.h"
#include "core/api/session_api.h"
#include "core/event/history.h"
#include "core/file/file.h"
#include "core/file/sniff.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/schema.h"

bool company_is_code(const char *code)
{
	size_t n = strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return !code[n] && n >= 2 && n <= COMPANY_CODE_MOST && code[0] != '-' && code[n - 1] != '-';
}

bool company_is_name(const char *name, size_t most)
{
	return utf8_is_text(name, strlen(name)) && utf8_count(name) >= 2 && utf8_count(name) <= most;
}

bool company_is_phone(const char *phone)
{
	size_t n = strlen(phone), digits = 0;
	for (const char *p = phone; *p; p++)
		digits += *p >= '0' && *p <= '9';
	return n == 0 || (n <= COMPANY_PHONE_MOST && digits >= 3 && phone[strspn(phone, "0123456789+- ")] == 0);
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

struct card {
	const char *code, *name, *service_phone, *pack;
	int64_t logo_id, demo, version;
};
static const struct member card_members[] = {
	MEMBER(struct card, code, code, .flags = MEMBER_REQUIRED), MEMBER(struct card, name, code, .flags = MEMBER_REQUIRED), MEMBER(struct card, service_phone, code),
	MEMBER(struct card, pack, code), MEMBER(struct card, logo_id, id, .flags = MEMBER_NULLABLE), MEMBER(struct card, demo, flag), MEMBER(struct card, version, count),
};
static const struct shape card_shape = SHAPE("company", struct card, card_members);

static struct card card_of(const struct tenant *t)
{
	return (struct card){ t->code, t->name, t->service_phone, t->pack, t->logo_id ? t->logo_id : NULL_INT, t->demo, t->version };
}

static int get(struct ctx *c, const void *in, void *out)
{
	struct tenant row;
	TRY(tenant_row_get(c, &row));
	*(struct card *)out = card_of(&row);
	return 0;
}

struct logo_in {
	const char *tenant, *v;         /* v: differs with each logo, so that browsers ask anew */
};
static const struct member logo_members[] = { MEMBER(struct logo_in, tenant, code, .most = COMPANY_CODE_MOST), MEMBER(struct logo_in, v, code, .most = 20) };
static const struct shape logo_shape = SHAPE("company_logo", struct logo_in, logo_members);

/* The logo of the company that the query names; without one, of the only one there is. */
static int find_logo(struct ctx *c, struct http_request *r, int64_t *file_id)
{
	const struct api_call *k = r->user;
	struct tenant row;
	TRY(session_find_company(c, ((const struct logo_in *)k->in)->tenant));
	if (!c->tenant)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(db_set_tenant(c->db, c->tenant));
	TRY(tenant_row_get(c, &row));
	*file_id = row.logo_id;
	return row.logo_id ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

static void logo(struct http_request *r, struct ctx *c)
{
	if (call_read_input(r->user) < 0)
		http_reply_error(r, c->error);
	else
		file_send(r, c, find_logo);
}

/* Changing --------------------------------------------------------------------------------------------------------------- */

struct change_in {
	const char *name, *service_phone;
	int64_t logo_id, version;
};
static const struct member change_members[] = {
	MEMBER(struct change_in, name, code, .flags = MEMBER_REQUIRED, .most = COMPANY_NAME_MOST),
	MEMBER(struct change_in, service_phone, code, .most = COMPANY_PHONE_MOST),
	MEMBER(struct change_in, logo_id, id, .flags = MEMBER_NULLABLE),
	MEMBER(struct change_in, version, count, .flags = MEMBER_REQUIRED, .least = 1),
};
static const struct shape change_shape = SHAPE("company_change", struct change_in, change_members);

/* A picture, no larger than a page that everybody loads should carry. */
static int take_logo(struct ctx *c, int64_t id)
{
	struct file_info info;
	int64_t most = setting_of(c, SETTING_FILE_LOGO);
	int r = file_show(c, id, &info);
	if (r == ERR_NOT_FOUND || (r == 0 && (info.actor_kind != (int64_t)c->actor_kind || info.actor_id != c->actor_id)))
		return fail_field(c, "logo_id", ERR_FIELD_REFERENCE, NULL);
	TRY(r);
	if (file_kind_of(info.type)->class != FILE_PICTURE)
		return fail_field(c, "logo_id", ERR_MEDIA_TYPE, NULL);
	if (info.size > most)
		return fail_field(c, "logo_id", ERR_TOO_LARGE, arena_format(c->arena, "%lld KB", (long long)(most >> 10)));
	return 0;
}

static int swap_logo(struct ctx *c, struct tenant *row, int64_t logo_id)
{
	int64_t released;
	if (logo_id == row->logo_id)
		return 0;
	if (logo_id)
		TRY(take_logo(c, logo_id));
	TRY(file_release(c, "company", c->tenant, &released));
	row->logo_id = logo_id;
	return logo_id ? file_attach(c, logo_id, "company", c->tenant, 0) : 0;
}

static void add_pair(struct text *fields, struct text *names, const char *name, const char *old, const char *now)
{
	if (text_equal(old, now))
		return;
	text_format(names, "%s\"%s\"", names->n ? "," : "", name);
	text_format(fields, "%s\"%s\":[", fields->n ? "," : "", name);
	json_text(fields, old);
	text_char(fields, ',');
	json_text(fields, now);
	text_char(fields, ']');
}

/* The card's history, as a record has one; *names: ["name"] */
static int add_history(struct ctx *c, const struct tenant *old, const struct tenant *row, const char **names)
{
	struct text fields = text_in(c->arena), list = text_in(c->arena);
	add_pair(&fields, &list, "name", old->name, row->name);
	add_pair(&fields, &list, "service_phone", old->service_phone, row->service_phone);
	add_pair(&fields, &list, "logo_id", arena_format(c->arena, "%lld", (long long)old->logo_id), arena_format(c->arena, "%lld", (long long)row->logo_id));
	*names = arena_format(c->arena, "{\"fields\":[%s]}", text_end(&list));
	if (!list.n)
		return 0;
	return history_put(c, "company", c->tenant, row->version, NULL, arena_format(c->arena, "{%s}", text_end(&fields)));
}

static int history(struct ctx *c, const void *in, void *out)
{
	struct text t = text_in(c->arena);
	TRY(history_json(c, "company", c->tenant, NULL, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int change(struct ctx *c, const void *in, void *out)
{
	const struct change_in *v = in;
	struct tenant row, old;
	TRY(tenant_row_get(c, &row));
	old = row;
	TRY(require(c, row.version == v->version, ERR_VERSION_CONFLICT, NULL));
	row.name = v->name;
	row.service_phone = v->service_phone ? v->service_phone : "";
	if (!company_is_name(row.name, COMPANY_NAME_MOST))
		fail_field(c, "name", ERR_FIELD_TOO_SHORT, "2");
	if (!company_is_phone(row.service_phone))
		fail_field(c, "service_phone", ERR_FIELD_INVALID, ": 400-800-1234");
	if (c->error->code)
		return c->error->code;
	TRY(swap_logo(c, &row, v->logo_id > 0 ? v->logo_id : 0));
	if (c->error->code)
		return c->error->code;
	const char *names;
	TRY(tenant_row_update(c, &row));
	TRY(tenant_row_get(c, &row));
	TRY(add_history(c, &old, &row, &names));
	TRY(event_add_detail(c, "company.changed", "company", c->tenant, row.version, names));
	*(struct card *)out = card_of(&row);
	return 0;
}

const struct route company_routes[] = {
	ROUTE(GET, "/api/v1/company", "setting.read", POOL, .out = &card_shape, .run = get, .zh = "企业资料", .en = "The company's card"),
	ROUTE(GET, "/api/v1/company/history", "setting.read", POOL, .out = &raw_shape, .run = history, .zh = "企业资料：变更历史", .en = "The company's card: history"),
	ROUTE(PATCH, "/api/v1/company", "setting.change", WRITE, .body = BODY_JSON, .in = &change_shape, .out = &card_shape, .run = change,
	      .zh = "企业资料：修改；logo_id 为 null 时没有标志", .en = "The company's card: change; a logo_id of null takes the logo away"),
	ROUTE(GET, "/api/v1/company/logo", FOR_ANYBODY, RAW, .in = &logo_shape, .raw = logo, .zh = "企业标志", .en = "The company's logo"),
};
const size_t company_route_count = sizeof(company_routes) / sizeof(company_routes[0]);
