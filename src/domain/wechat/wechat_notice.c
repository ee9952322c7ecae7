/* Notices of tickets as template and subscribe messages: who can be told so is, before an SMS; what WeChat refuses goes on by SMS or mail, and the outbox
 * says why.
 *
 * Exactly once: a template message has our id as client_msg_id, by which WeChat knows it for ten minutes, so it is repeated within them. A subscribe message has
 * none: a call whose outcome nobody knows is marked, not repeated. A subscription that is counted pays in the transaction that writes the message. */
#include <stdlib.h>
#include <string.h>

#include <yyjson.h>

#include "base/json.h"
#include "channel/wechat/wechat_notice.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/notify/sender.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/customer/customer.h"
#include "domain/template/template.h"
#include "domain/ticket/ticket.h"
#include "domain/wechat/wechat_private.h"
#include "gen/wechat_sql.h"
#include "net/client.h"

/* "相同的 openid 和 client_msg_id 只发送一条消息，10 分钟有效" (message/template/send): less what our clocks may differ by. */
static const int64_t known_by_id_ms = 9 * (int64_t)MINUTE_MS;
#define CANNOT "!"              /* before what cannot be sent like this: it goes on by another way, and says why */

/* Writing one ---------------------------------------------------------------------------------------------------------------- */

struct making {
	const struct notice *n;
	const struct message_template *m;
	struct wechat_account account;
	struct identity who;
	int64_t id;                     /* of the row in the outbox */
	bool takes_unit;
	const char *form;               /* "path unit template body", or CANNOT and why */
};

/* *there: this customer can be told by this template's account at all. */
static int find(struct ctx *c, struct making *k, bool *there)
{
	struct wechat_account *accounts;
	size_t n;
	*there = false;
	TRY(wechat_by_app(c, k->m->wechat_app, &accounts, &n));
	if (!n || (text_equal(k->m->wechat_kind, "template") && text_equal(accounts[0].kind, "mini")))
		return 0;
	k->account = accounts[0];
	return wechat_name_proven(c, &k->account, k->n->customer_id, &k->who, there);
}

/* Who is known not to take it is not asked. */
static int check_willing(struct ctx *c, struct making *k)
{
	struct wechat_window w;
	struct wechat_subscription *rows;
	size_t n;
	if (text_equal(k->m->wechat_kind, "template")) {
		TRY(wechat_window_get(c, k->who.id, &w));
		k->form = w.account_id && !w.is_following ? CANNOT "43004" : NULL;
		return 0;
	}
	TRY(wechat_subscription_of(c, k->who.id, k->m->wechat_id, &rows, &n));
	k->takes_unit = n && rows[0].units > 0;
	k->form = n && !rows[0].units ? CANNOT "43101" : NULL;
	return 0;
}

static int fill(struct ctx *c, struct making *k, struct wechat_line **lines, const char ***values, size_t *n)
{
	const char *wrong;
	if (wechat_lines_read(c->arena, k->m->wechat_data, lines, n, &wrong) < 0 || !*n) {
		k->form = CANNOT "47003";
		return 0;
	}
	*values = ARENA_ARRAY(c->arena, const char *, *n);
	for (size_t i = 0; i < *n && !k->form; i++) {
		struct filled_template said;
		TRY(template_text(c, (*lines)[i].text, LANG_ZH, k->n->row, TEMPLATE_WECHAT, &said));
		(*values)[i] = said.missing ? NULL : wechat_fit(c->arena, (*lines)[i].type, said.text);
		if (!(*values)[i])
			k->form = arena_format(c->arena, CANNOT "%s", (*lines)[i].keyword);
	}
	return 0;
}

/* In an official account the message opens the customer's page of the ticket, in a mini-program a page of its own. */
static int write_form(struct ctx *c, struct making *k)
{
	struct wechat_line *lines;
	const char **values, *link, *path;
	size_t n;
	bool is_template = text_equal(k->m->wechat_kind, "template"), mini = text_equal(k->account.kind, "mini");
	TRY(check_willing(c, k));
	if (k->form)
		return 0;
	TRY(fill(c, k, &lines, &values, &n));
	if (k->form)
		return 0;
	TRY(ticket_address(c, k->n->row, true, &link));
	path = is_template ? "/cgi-bin/message/template/send" : mini ? "/cgi-bin/message/subscribe/send" : "/cgi-bin/message/subscribe/bizsend";
	const struct wechat_notice notice = {
		.template = k->m->wechat_id, .url = is_template ? link : NULL, .page = is_template ? NULL : mini ? k->m->wechat_page : link,
		.id = is_template ? arena_format(c->arena, "anxin_%lld", (long long)k->id) : NULL, .lines = lines, .values = values, .n = n,
	};
	k->form = arena_format(c->arena, "%s %d %s %s", path, k->takes_unit, k->m->wechat_id, wechat_notice_body(c->arena, &notice));
	return 0;
}

static int change_units(struct ctx *c, int64_t identity, const char *template, int64_t by)
{
	struct wechat_subscription *rows;
	size_t n;
	TRY(wechat_subscription_of(c, identity, template, &rows, &n));
	if (!n || rows[0].units + by < 0)
		return 0;
	return wechat_subscription_put(c, identity, template, rows[0].units + by, rows[0].told_at, NULL);
}

/* Its words go to herself alone, so who asks does not matter. */
static int try_template(struct ctx *c, const struct notice *n, const struct notice_text *text, const struct message_template *m, bool *taken)
{
	struct ctx all = ctx_as_system(c);
	struct making k = { .n = n, .m = m, .id = new_id(c) };
	TRY(find(&all, &k, taken));
	if (!*taken)
		return 0;
	TRY(write_form(&all, &k));
	if (k.takes_unit && strncmp(k.form, CANNOT, 1) != 0)
		TRY(change_units(c, k.who.id, m->wechat_id, -1));
	struct notice hers = *n;
	hers.id = k.id;
	return notify_formed(c, &hers, text, &(struct notice_form){ .channel = wechat_channel(&k.account), .form = k.form, .identity_id = k.who.id, .gateway_id = k.account.id });
}

/* The template that it was written from, else one that stands for this notice. */
static int take(struct ctx *c, const struct notice *n, const struct notice_text *text, bool *taken)
{
	struct message_template own, *rows;
	size_t count;
	*taken = false;
	if (!text_equal(n->object, "ticket") || !n->row)
		return 0;
	if (n->template_id) {
		TRY(message_template_row_get(c, n->template_id, &own));
		if (!text_equal(own.wechat_kind, "none"))
			TRY(try_template(c, n, text, &own, taken));
	}
	TRY(wechat_forms_of_notice(c, n->template, &rows, &count));
	for (size_t i = 0; i < count && !*taken; i++)
		TRY(try_template(c, n, text, &rows[i], taken));
	return 0;
}

/* Sending ---------------------------------------------------------------------------------------------------------------------- */

struct going {
	struct wechat_opened k;
	const char *openid;             /* NULL: the name is hers no more */
	char *path, *unit, *template, *body;
};

static void cut(struct ctx *c, const char *form, struct going *g)
{
	char *rest = arena_string(c->arena, form);
	g->path = strsep(&rest, " ");
	g->unit = strsep(&rest, " ");
	g->template = strsep(&rest, " ");
	g->body = rest;
}

static int load(struct ctx *c, const struct outbox *row, void **own)
{
	struct going *g = ARENA_NEW(c->arena, struct going);
	struct identity who;
	const char *form;
	*own = g;
	TRY(pii_open(c, row->key, "outbox.form", row->form, &form));
	cut(c, form ? form : "", g);
	TRY(wechat_open(c, row->gateway_id, &g->k));
	int r = identity_row_get(c, row->identity_id, &who);
	if (r == 0 && who.verified_at)
		r = wechat_openid(c, who.id, &g->openid);
	if (r == ERR_NOT_FOUND || r == ERR_ERASED) {
		error_clear(c->error);
		return 0;
	}
	return r;
}

static int settled(struct sms_sent *out, const char *code)
{
	out->code = code;
	return 0;
}

/* Their number for it, as text: it is larger than a double holds. */
static const char *msgid_of(struct ctx *c, const struct client_reply *reply)
{
	yyjson_doc *doc = yyjson_read((const char *)reply->body.p, reply->body.n, YYJSON_READ_NOFLAG);
	yyjson_val *id = yyjson_obj_get(yyjson_doc_get_root(doc), "msgid");
	const char *text = yyjson_is_str(id) ? arena_string(c->arena, yyjson_get_str(id)) : yyjson_is_uint(id) ? arena_format(c->arena, "%llu", (unsigned long long)yyjson_get_uint(id)) : "";
	yyjson_doc_free(doc);
	return text;
}

static const char *body_of(struct ctx *c, const struct going *g)
{
	struct text t = text_in(c->arena);
	text_append(&t, "{\"touser\":");
	json_text(&t, g->openid);
	text_format(&t, ",%s}", g->body);
	return text_end(&t);
}

/* repeated: it may have arrived before, under its id; which code a repetition gets is not documented, so one that says nothing else means that it had. */
static int by_answer(struct ctx *c, const struct wechat_answer *said, const struct client_reply *reply, bool repeated, struct sms_sent *out)
{
	const char *code = arena_format(c->arena, "%lld", (long long)said->code);
	out->serial = "";
	if (said->verdict == WECHAT_OK)
		out->serial = msgid_of(c, reply);
	else if (said->verdict == WECHAT_TOKEN || (said->verdict == WECHAT_BUSY && said->code != 45009))
		return fail(c, ERR_OUTBOUND, code);             /* another token, or a little later */
	bool had = repeated && said->verdict == WECHAT_FINAL && !*wechat_code_words(said->code, LANG_ZH);
	return settled(out, said->verdict == WECHAT_OK || had ? "" : code);
}

static int call(struct ctx *c, struct going *g, bool knows_ids, bool repeated, struct sms_sent *out)
{
	const struct wechat_call q = { .path = g->path, .body = body_of(c, g) };
	struct wechat_answer said;
	struct client_reply reply = { 0 };
	bool left;
	int r = wechat_ask(c, &g->k, &q, &said, &reply, &left);
	if (r == ERR_OUTBOUND && left && knows_ids) {
		error_clear(c->error);
		repeated = true;
		r = wechat_ask(c, &g->k, &q, &said, &reply, &left);
	}
	if (r == ERR_OUTBOUND && (left || repeated)) {
		error_clear(c->error);
		return settled(out, SMS_UNSURE);
	}
	TRY(r);
	return by_answer(c, &said, &reply, repeated, out);
}

/* What has not gone out after wechat.patience goes another way. */
static int send_out(struct ctx *c, const struct outbox *row, void *own, bool was_tried, struct sms_sent *out)
{
	struct going *g = own;
	*out = (struct sms_sent){ .code = "", .serial = "", .gateway = row->gateway_id };
	if (*g->path == CANNOT[0])
		return settled(out, g->path + 1);
	bool knows_ids = strstr(g->path, "/template/") && c->now - row->created_at < known_by_id_ms;
	if (was_tried && !knows_ids)
		return settled(out, SMS_UNSURE);
	if (!g->openid || !text_equal(g->k.row.state, "on") || g->k.row.archived_at)
		return settled(out, g->openid ? "off" : "unbound");
	if (c->now - row->created_at > setting_ms(c, SETTING_WECHAT_PATIENCE))
		return settled(out, "late");
	if (!g->k.access) {
		TRY(wechat_token_refresh(c, g->k.row.id));
		return fail(c, ERR_OUTBOUND, "access_token");
	}
	return call(c, g, knows_ids, was_tried, out);
}

/* Another way ------------------------------------------------------------------------------------------------------------------ */

static int her_mail(struct ctx *c, int64_t identity, const char **email)
{
	struct identity who;
	struct customer customer;
	*email = NULL;
	int r = identity_row_get(c, identity, &who);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	TRY(customer_row_get(c, who.customer_id, &customer));
	return pii_open(c, customer.key, "customer.email", customer.email, email);
}

static int otherwise(struct ctx *c, const struct outbox *row, const char **how)
{
	bool sms, mail;
	const char *email = NULL;
	*how = "none";
	TRY(sender_carries(c, NOTICE_SMS, &sms));
	if (sms && row->address.p) {
		*how = "sms";
		return outbox_goes_on(c, row, NOTICE_SMS, NULL);
	}
	TRY(sender_carries(c, NOTICE_MAIL, &mail));
	TRY(mail ? her_mail(c, row->identity_id, &email) : 0);
	if (text_empty(email))
		return 0;
	*how = "mail";
	return outbox_goes_on(c, row, NOTICE_MAIL, email);
}

/* What the answer says about her and the account is kept; a unit that paid for nothing is given back. */
static int learn(struct ctx *c, const struct outbox *row, const struct going *g, const char *code)
{
	int64_t number = strtoll(code, NULL, 10);
	bool unsent = text_equal(row->state, "waiting") && *g->path != CANNOT[0];
	if (number == 43101 && g->template) {
		struct wechat_subscription *rows;
		size_t n;
		TRY(wechat_subscription_of(c, row->identity_id, g->template, &rows, &n));
		return wechat_subscription_put(c, row->identity_id, g->template, 0, n ? rows[0].told_at : 0, NULL);
	}
	if (unsent && text_equal(g->unit, "1"))
		TRY(change_units(c, row->identity_id, g->template, 1));
	if (number == 43004 || text_equal(code, "user_block"))
		return wechat_window_close(c, row->identity_id, c->now, 0, NULL);
	return number && wechat_verdict_of(number) == WECHAT_ACCOUNT ? wechat_access_trouble(c, row->gateway_id, number, NULL) : 0;
}

static int refused(struct ctx *c, const struct outbox *row, const char *code, const char **why)
{
	struct going g = { 0 };
	const char *form, *how;
	int r = pii_open(c, row->key, "outbox.form", row->form, &form);
	if (r == ERR_ERASED) {          /* nobody is left to tell */
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	cut(c, form ? form : "", &g);
	TRY(learn(c, row, &g, code));
	TRY(otherwise(c, row, &how));
	*why = arena_format(c->arena, "%.40s %s", code, how);
	return 0;
}

const struct notice_way wechat_notice_way = { .channel = "wechat", .take = take, .load = load, .send = send_out, .refused = refused };
