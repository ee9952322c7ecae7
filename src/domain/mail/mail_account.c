/* Mailboxes as a record. The password goes in and never comes out. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/mail/mail_private.h"
#include "domain/org/org.h"
#include "gen/mail_sql.h"

static const struct choice states[] = { { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };
static const struct choice ways[] = { { "tls", "SSL/TLS", "SSL/TLS" }, { "starttls", "STARTTLS", "STARTTLS" }, { "none", "不加密（仅限内网）", "None (inside the house alone)" }, { 0 } };
static const struct choice beginnings[] = { { "new", "只接收启用之后的新邮件", "New mail from now on" }, { "all", "信箱中已有的邮件也接收", "What lies there already, too" }, { 0 } };
static const struct choice replies[] = { { "plain", "本邮箱地址", "This address" }, { "plus", "带签名的加号地址", "A signed address with a plus" }, { 0 } };

static bool is_host(const char *s)
{
	return s && *s && strlen(s) <= 100 && s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-")] == 0 && *s != '.' && *s != '-';
}

static bool is_port(int64_t n)
{
	return n >= 1 && n <= 65535;
}

static int before(struct ctx *c, const void *old, void *row)
{
	struct mail_account *a = row;
	if (mail_address_check(a->address) < 0)
		fail_field(c, "address", ERR_FIELD_EMAIL, NULL);
	if (!is_host(a->imap_host))
		fail_field(c, "imap_host", ERR_FIELD_INVALID, ": imap.example.cn");
	if (!is_host(a->smtp_host))
		fail_field(c, "smtp_host", ERR_FIELD_INVALID, ": smtp.example.cn");
	if (!is_port(a->imap_port))
		fail_field(c, "imap_port", ERR_FIELD_INVALID, ": 993");
	if (!is_port(a->smtp_port))
		fail_field(c, "smtp_port", ERR_FIELD_INVALID, ": 465");
	char quoted[256];
	if (!imap_quote(a->folder, quoted, sizeof(quoted)))
		fail_field(c, "folder", ERR_FIELD_INVALID, ": INBOX");
	return c->error->code;
}

bool mail_works(const struct mail_account *a)
{
	return text_equal(a->state, "on") && !a->archived_at && a->password_at;
}

static int after(struct ctx *c, const void *old, const void *row)
{
	const struct mail_account *a = row;
	return mail_works(a) ? mail_fetch_want(c, a->id) : 0;
}

static const struct field fields[] = {
	CODE  (mail_account, title,     L("名称", "Name"), .required = true, .search = true, .most = 60),
	CHOICE(mail_account, state,     L("状态", "State"), .of = states, .initial = "off"),
	CODE  (mail_account, address,   L("邮箱地址", "Address"), .required = true, .most = 100),
	CODE  (mail_account, from_name, L("发件人名称", "Name of the sender"), .most = 40, .hidden = true),
	CODE  (mail_account, user_name, L("登录名", "User name"), .most = 100, .hidden = true),
	CODE  (mail_account, imap_host, L("收信服务器（IMAP）", "Server for receiving (IMAP)"), .required = true, .most = 100),
	COUNT (mail_account, imap_port, L("收信端口", "Port for receiving"), .least = 1, .most = 65535, .initial = "993", .hidden = true),
	CHOICE(mail_account, imap_tls,  L("收信加密", "Encryption when receiving"), .of = ways, .initial = "tls", .hidden = true),
	CODE  (mail_account, smtp_host, L("发信服务器（SMTP）", "Server for sending (SMTP)"), .required = true, .most = 100),
	COUNT (mail_account, smtp_port, L("发信端口", "Port for sending"), .least = 1, .most = 65535, .initial = "465", .hidden = true),
	CHOICE(mail_account, smtp_tls,  L("发信加密", "Encryption when sending"), .of = ways, .initial = "tls", .hidden = true),
	CODE  (mail_account, folder,    L("收信文件夹", "Folder"), .most = 100, .initial = "INBOX", .hidden = true),
	CHOICE(mail_account, takes,     L("开始接收", "Begins with"), .of = beginnings, .initial = "new", .hidden = true),
	CHOICE(mail_account, reply,     L("客户回复到", "Customers answer to"), .of = replies, .initial = "plain", .hidden = true),
	CODE  (mail_account, authority, L("可信的验证服务器", "Trusted authentication server"), .most = 100, .hidden = true),
	REF   (mail_account, team_id,   L("接待小组", "Team"), .to = &team_record),
	TIME  (mail_account, password_at, L("密码设置时间", "Password since"), .system = true, .hidden = true),
};

const struct record mail_account_record = {
	.name = "mail_account", .label = L("邮箱", "Mailbox"), .plural = "Mailboxes", .table = &table_mail_account, FIELDS(fields), .title = { "title" },
	.no_import = true, .before = before, .after = after,
};

struct password_in {
	int64_t id;
	const char *password;
};
static const struct member password_members[] = { MEMBER(struct password_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct password_in, password, text, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 200) };
const struct shape mail_password_shape = SHAPE("mail_password", struct password_in, password_members);

int mail_password_set(struct ctx *c, const void *in, void *out)
{
	const struct password_in *v = in;
	struct mail_account a;
	struct bytes sealed;
	TRY(record_get(c, &mail_account_record, v->id, &a));
	if (text_empty(v->password))
		return fail_field(c, "password", ERR_FIELD_REQUIRED, NULL);
	TRY(pii_seal(c, a.key, "mail_account.password", v->password, &sealed));
	TRY(mail_password_put(c, a.id, sealed, c->now, NULL));
	a.password_at = c->now;
	TRY(mail_works(&a) ? mail_fetch_want(c, a.id) : 0);
	return event_add(c, "mail_account.secret_changed", "mail_account", a.id, "{}");
}

int mail_open(struct ctx *c, int64_t account, struct mail_opened *out)
{
	struct mail_box *boxes;
	struct tenant company;
	size_t n;
	*out = (struct mail_opened){ 0 };
	TRY(mail_account_row_get(c, account, &out->row));
	TRY(mail_box_of(c, account, &boxes, &n));
	if (n)
		out->box = boxes[0];
	TRY(tenant_row_get(c, &company));
	out->from_name = text_empty(out->row.from_name) ? company.name : out->row.from_name;
	return pii_open(c, out->row.key, "mail_account.password", out->row.password, &out->password);
}

static enum mail_tls tls_of(const char *way)
{
	return text_equal(way, "none") ? MAIL_TLS_NEVER : MAIL_TLS_REQUIRED;
}

static const char *user_of(const struct mail_account *a)
{
	return text_empty(a->user_name) ? a->address : a->user_name;
}

struct imap_server mail_imap_of(struct ctx *c, const struct mail_opened *k)
{
	const struct mail_account *a = &k->row;
	return (struct imap_server){ .url = arena_format(c->arena, "%s://%s:%lld/", text_equal(a->imap_tls, "tls") ? "imaps" : "imap", a->imap_host, (long long)a->imap_port), .user = user_of(a), .password = k->password ? k->password : "",
		.tls = tls_of(a->imap_tls), .timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_MAIL_TIME) };
}

struct mail_server mail_smtp_of(struct ctx *c, const struct mail_opened *k)
{
	const struct mail_account *a = &k->row;
	return (struct mail_server){ .url = arena_format(c->arena, "%s://%s:%lld/", text_equal(a->smtp_tls, "tls") ? "smtps" : "smtp", a->smtp_host, (long long)a->smtp_port), .user = text_equal(a->smtp_tls, "none") ? NULL : user_of(a),
		.password = k->password, .tls = tls_of(a->smtp_tls), .timeout_ms = (unsigned)setting_ms(c, SETTING_OUTBOUND_MAIL_TIME) };
}
