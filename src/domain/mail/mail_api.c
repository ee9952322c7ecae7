/* What an agent sees of mails beyond the text, and what the administrator asks: whether a mailbox works, in words, and how it went lately. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/trial.h"
#include "core/auth/auth.h"
#include "core/notify/sender.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/mail/mail_private.h"
#include "gen/mail_sql.h"

static const struct { enum mail_trouble trouble; const char *name, *zh, *en; } troubles[] = {
	{ MAIL_ADDRESS_REFUSED, "refused", "不允许连接这个服务器，请让运维人员把它的地址加入 outbound-allow", "This server may not connect to that address: ask the operator to add it to outbound-allow" },
	{ MAIL_NO_HOST, "host", "找不到这个服务器，请检查服务器地址有没有写错", "There is no such server: check its name" },
	{ MAIL_NO_CONNECTION, "connection", "连不上服务器，请检查端口和加密方式", "The server does not answer: check port and encryption" },
	{ MAIL_NO_TLS, "tls", "服务器在这个端口上不支持所选的加密方式", "The server does not offer this encryption at that port" },
	{ MAIL_BAD_CERTIFICATE, "certificate", "服务器的证书不可信（过期、自签名或域名不符）", "The certificate of the server is not to be trusted: expired, self-signed or of another name" },
	{ MAIL_NO_LOGIN, "login", "登录被拒绝：请检查登录名和密码；很多邮箱要用“授权码”代替密码", "The sign-in was refused: check user name and password; many providers want an app password" },
	{ MAIL_ANSWERED_NO, "answer", "服务器拒绝了请求，请检查收信文件夹", "The server refused: check the folder" },
};

const char *mail_trouble_name(enum mail_trouble t)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (troubles[i].trouble == t)
			return troubles[i].name;
	return "";
}

void mail_trouble_words(const char *name, const char **zh, const char **en)
{
	*zh = "处理邮件时出错，稍后自动重试";
	*en = "A mail could not be processed; it is tried again";
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (text_equal(troubles[i].name, name)) {
			*zh = troubles[i].zh;
			*en = troubles[i].en;
		}
}

/* Beside the messages ------------------------------------------------------------------------------------------------------ */

static int write_letter(struct ctx *c, const struct mail_letter *l, struct text *t)
{
	struct mail_head head;
	const char *quoted = NULL;
	TRY(mail_head_open(c, l, &head));
	TRY(l->quoted.p ? pii_open(c, l->key, "mail_letter.quoted", l->quoted, &quoted) : 0);
	text_format(t, "{\"no\":%lld,\"kind\":\"%s\",\"verdict\":\"%s\",\"subject\":", (long long)l->no, l->kind, l->verdict);
	json_text(t, head.subject);
	text_append(t, ",\"from\":");
	json_text(t, head.from);
	text_append(t, ",\"quoted\":");
	json_text(t, quoted ? quoted : "");
	text_char(t, '}');
	return 0;
}

int mail_write_letters(struct ctx *c, int64_t conversation, struct text *out)
{
	struct mail_letter *all;
	size_t n;
	TRY(mail_letters_in(c, conversation, &all, &n));
	text_append(out, "{\"letters\":[");
	for (size_t i = 0; i < n; i++) {
		text_append(out, i ? "," : "");
		TRY(write_letter(c, &all[i], out));
	}
	text_append(out, "]}");
	return 0;
}

static int letters(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &conversation_record, ((const struct id_in *)in)->id, &k));
	TRY(mail_write_letters(c, k.id, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* How it went -------------------------------------------------------------------------------------------------------------- */

static int health(struct ctx *c, const void *in, void *out)
{
	struct mail_account row;
	struct mail_box *boxes, none = { .trouble = "", .words = "" };
	struct text t = text_in(c->arena);
	const char *zh, *en;
	size_t n;
	TRY(record_get(c, &mail_account_record, ((const struct id_in *)in)->id, &row));
	TRY(mail_box_of(c, row.id, &boxes, &n));
	const struct mail_box *b = n ? &boxes[0] : &none;
	text_format(&t, "{\"read_at\":%lld,\"taken_at\":%lld,\"trouble_at\":%lld,\"trouble\":", (long long)b->read_at, (long long)b->taken_at, (long long)b->trouble_at);
	mail_trouble_words(b->trouble, &zh, &en);
	if (text_empty(b->trouble))
		text_append(&t, "null");
	else
		json_label(&t, zh, en);
	text_append(&t, ",\"words\":");
	json_text(&t, b->words);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Whether a mailbox works -------------------------------------------------------------------------------------------------- */

static int load(struct ctx *c, void *trial)
{
	struct trial *t = trial;
	struct mail_account row;
	TRY(record_get(c, &mail_account_record, t->id, &row));
	return mail_open(c, t->id, t->own);
}

static void say_trouble(struct trial *t, enum mail_trouble trouble, bool receives)
{
	struct ctx *c = t->c;
	const char *zh, *en, *said = c->error->arg ? c->error->arg : "";
	mail_trouble_words(mail_trouble_name(trouble), &zh, &en);
	trial_say(t, false, arena_format(c->arena, "%s：%s（%s）", receives ? "收信" : "发信", zh, said), arena_format(c->arena, "%s: %s (%s)", receives ? "Receiving" : "Sending", en, said));
	error_clear(c->error);
}

static void try_receiving(struct trial *t, const struct mail_opened *k)
{
	struct ctx *c = t->c;
	const struct imap_server server = mail_imap_of(c, k);
	enum mail_trouble trouble;
	struct imap *m = NULL;
	struct imap_box box;
	int r = imap_open(sender_client(c->services->sender), c->arena, &server, &m, &trouble, c->error);
	if (r < 0)
		return say_trouble(t, r == ERR_OUTBOUND_REFUSED ? MAIL_ADDRESS_REFUSED : trouble, true);
	r = imap_select(m, c->arena, k->row.folder, &box, c->error);
	imap_close(m);
	if (r < 0)
		return say_trouble(t, MAIL_ANSWERED_NO, true);
	trial_say(t, true, arena_format(c->arena, "收信正常：文件夹“%s”中有 %lld 封邮件%s", k->row.folder, (long long)box.count, box.idles ? "，新邮件会立即收到" : "；服务器不支持即时通知，每隔几分钟收一次"),
	    arena_format(c->arena, "Receiving works: %lld mails in %s%s", (long long)box.count, k->row.folder, box.idles ? ", new ones come at once" : "; the server tells of no news, so it is asked every few minutes"));
}

static void try_sending(struct trial *t, const struct mail_opened *k)
{
	struct ctx *c = t->c;
	const struct mail_server server = mail_smtp_of(c, k);
	struct mail_outcome outcome = { 0 };
	if (mail_try(sender_client(c->services->sender), c->arena, &server, &outcome, c->error) < 0)
		return say_trouble(t, outcome.trouble == MAIL_FINE ? MAIL_ADDRESS_REFUSED : outcome.trouble, false);
	trial_say(t, true, "发信正常：服务器接受登录", "Sending works: the server let us in");
}

static void check(struct trial *t)
{
	const struct mail_opened *k = t->own;
	if (!text_equal(k->row.state, "on"))
		trial_say(t, false, "邮箱处于停用状态，不会收信", "The mailbox is off: nothing is received");
	if (!k->password) {
		trial_say(t, false, "还没有填写密码", "The password is not set");
	} else if (t->c->services->sender) {
		try_receiving(t, k);
		try_sending(t, k);
	}
}

static void raw_try(struct http_request *r, struct ctx *c)
{
	static const struct trial_kind kind = { .own = sizeof(struct mail_opened), .load = load, .check = check };
	trial_begin(r, c, &kind);
}

const struct route mail_routes[] = {
	ROUTE(GET, "/api/v1/conversation/{id}/mail", "conversation.read", POOL, .in = &id_shape, .out = &raw_shape, .run = letters,
	      .zh = "会话：邮件的主题、发件人与引用的原文", .en = "Conversation: subject, sender and quoted text of its mails"),
	ROUTE(POST, "/api/v1/mail_account/{id}/secret", "mail_account.change", WRITE, .body = BODY_JSON, .in = &mail_password_shape, .run = mail_password_set, .zh = "邮箱：设置密码", .en = "Mailbox: set its password"),
	ROUTE(GET, "/api/v1/mail_account/{id}/health", "mail_account.read", POOL, .in = &id_shape, .out = &raw_shape, .run = health, .zh = "邮箱：最近收信情况", .en = "Mailbox: how receiving went lately"),
	ROUTE(POST, "/api/v1/mail_account/{id}/try", "mail_account.change", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &id_shape, .raw = raw_try, .zh = "邮箱：测试", .en = "Mailbox: try it"),
};
const size_t mail_route_count = sizeof(mail_routes) / sizeof(mail_routes[0]);
