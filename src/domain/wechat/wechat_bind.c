/* A name in WeChat is shown to be a customer's: on her own page, signed in by the code that went to her phone, she gets a word that holds for minutes and
 * says it to the account in WeChat. WeChat's signature says which name it came from; the word says who asked for it. Nothing else shows it. */
#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/auth/sign_in.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/customer/customer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/wechat_sql.h"

/* 50 bits: with minutes to guess in, and one word at a time for a customer, none is found by trying. */
enum { WORD_CHARACTERS = 10 };
static const char alphabet[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";     /* without 0, 1, I, O */
#define SAY_ZH "绑定"
#define SAY_EN "BIND"

static int hash_of(struct ctx *c, const char *word, struct bytes *out)
{
	struct key key;
	uint8_t *hash = arena_alloc(c->arena, HASH_SIZE);
	TRY(tenant_secret(c, "wechat bind", &key));
	hmac_sha256(&key, word, strlen(word), hash);
	crypto_wipe(&key, sizeof(key));
	*out = (struct bytes){ hash, HASH_SIZE };
	return 0;
}

/* Her page ------------------------------------------------------------------------------------------------------------------- */

/* The link of one ticket shows that ticket, not who opened it. */
static int signed_in(struct ctx *c)
{
	return require(c, !c->auth->ticket_id, ERR_FORBIDDEN, NULL);
}

/* The first of her names that is one of the account's. */
static int name_at(struct ctx *c, const struct wechat_account *w, const struct identity *names, size_t n, struct identity *who, bool *there)
{
	size_t app = strlen(w->app_id);
	*there = false;
	for (size_t i = 0; i < n && !*there; i++) {
		const char *name;
		TRY(pii_open(c, names[i].key, "identity.name", names[i].name, &name));
		*there = name && !strncmp(name, w->app_id, app) && name[app] == ' ';
		*who = names[i];
	}
	return 0;
}

static int show(struct ctx *c, const void *in, void *out)
{
	struct wechat_account *accounts;
	struct identity *names;
	struct text t = text_in(c->arena);
	size_t n, proven;
	TRY(signed_in(c));
	TRY(wechat_accounts_on(c, &accounts, &n));
	TRY(wechat_names_proven(c, c->auth->customer_id, &names, &proven));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		struct identity who;
		bool there;
		TRY(name_at(c, &accounts[i], names, proven, &who, &there));
		text_append(&t, i ? ",{\"title\":" : "{\"title\":");
		json_text(&t, accounts[i].title);
		text_format(&t, ",\"kind\":\"%s\",\"since\":", accounts[i].kind);
		text_format(&t, there ? "%lld}" : "null}", (long long)(there ? who.verified_at : 0));
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static const char *make_word(struct arena *a)
{
	uint8_t random[WORD_CHARACTERS];
	char *word = arena_alloc(a, WORD_CHARACTERS + 1);
	crypto_random(random, sizeof(random));
	for (size_t i = 0; i < WORD_CHARACTERS; i++)
		word[i] = alphabet[random[i] % 32];
	return word;
}

static int ask(struct ctx *c, const void *in, void *out)
{
	struct wechat_bind row = { .tenant = c->tenant, .customer_id = c->auth->customer_id, .until = c->now + setting_ms(c, SETTING_CODE_LIFE) };
	const char *word = make_word(c->arena);
	TRY(signed_in(c));
	TRY(hash_of(c, word, &row.code_hash));
	TRY(wechat_bind_clear(c, row.customer_id, c->now, NULL));
	TRY(wechat_bind_row_insert(c, &row));
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"say\":\"%s %s\",\"until\":%lld}", c->lang == LANG_EN ? SAY_EN : SAY_ZH, word, (long long)row.until);
	return 0;
}

static int take_back(struct ctx *c, const void *in, void *out)
{
	struct identity *rows;
	size_t n;
	TRY(signed_in(c));
	TRY(wechat_names_proven(c, c->auth->customer_id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(identity_unverify(c, &rows[i]));
	return 0;
}

const struct route wechat_bind_routes[] = {
	ROUTE(GET, "/api/v1/my/wechat", FOR_CUSTOMER, POOL, .out = &raw_shape, .run = show, .zh = "我绑定的微信", .en = "The WeChat names that are mine"),
	ROUTE(POST, "/api/v1/my/wechat", FOR_CUSTOMER, WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .out = &raw_shape, .run = ask,
	      .zh = "获取绑定微信的口令", .en = "Ask for the word that shows a WeChat name is mine"),
	ROUTE(DELETE, "/api/v1/my/wechat", FOR_CUSTOMER, WRITE, .flags = ROUTE_NO_KEY, .run = take_back, .zh = "解除微信绑定", .en = "Take back that WeChat names are mine"),
};
const size_t wechat_bind_route_count = sizeof(wechat_bind_routes) / sizeof(wechat_bind_routes[0]);

/* What is said in WeChat ----------------------------------------------------------------------------------------------------- */

/* "绑定 K7M29QXCAB", however it was typed; NULL: something else was said. */
static const char *word_of(struct arena *a, const struct wechat_message *m, enum lang *lang)
{
	char word[WORD_CHARACTERS + 1] = "";
	size_t n = 0;
	const char *p = m->text + strspn(m->text, " \t\r\n");
	*lang = strncmp(p, SAY_ZH, strlen(SAY_ZH)) ? LANG_EN : LANG_ZH;
	if (*lang == LANG_EN && strncasecmp(p, SAY_EN, strlen(SAY_EN)) != 0)
		return NULL;
	for (p += *lang == LANG_ZH ? strlen(SAY_ZH) : strlen(SAY_EN); *p; p++) {
		if (strchr(" \t\r\n-", *p))
			continue;
		if (n == WORD_CHARACTERS || !strchr(alphabet, toupper((unsigned char)*p)))
			return NULL;
		word[n++] = (char)toupper((unsigned char)*p);
	}
	return n == WORD_CHARACTERS ? arena_string(a, word) : NULL;
}

static const struct { const char *zh, *en; } replies[] = {
	{ "绑定成功。服务单有进展时，会在微信里通知您。如需解除，请在服务页面的“设置 → 微信通知”里操作。", "Done. We will tell you in WeChat how your tickets get on. You can take it back on the service page, under Settings." },
	{ "绑定口令不正确或已过期，请在服务页面的“设置 → 微信通知”里重新获取。", "This word does not hold, or not any more. Get another on the service page, under Settings." },
	{ "此微信已关联另一位客户，没有绑定。请联系客服处理。", "This WeChat name belongs to another customer, so nothing was changed. Please ask our service." },
};
enum outcome { BOUND, WRONG, ANOTHERS };

/* A file that nobody has named goes into hers; two named ones are left to people, and so is a name that somebody else has shown to be his. */
static int bind_known(struct ctx *c, struct identity *who, const struct customer *hers, enum outcome *out)
{
	struct customer own;
	*out = BOUND;
	if (who->customer_id != hers->id) {
		TRY(customer_row_get(c, who->customer_id, &own));
		if (who->verified_at || !text_equal(own.kind, "visitor") || own.archived_at) {
			*out = ANOTHERS;
			return 0;
		}
		TRY(customer_take_over(c, hers->id, own.id, c->lang == LANG_EN ? "She has shown that the WeChat name is hers" : "客户已在登录后绑定此微信"));
		TRY(identity_row_get(c, who->id, who));
	}
	return identity_verify(c, who, "session");
}

static int bind_name(struct ctx *c, const struct wechat_account *w, const char *openid, const struct wechat_bind *b, struct identity *who, enum outcome *out)
{
	struct customer hers;
	bool there;
	const char *name = wechat_name(c, w, openid);
	TRY(customer_row_get(c, b->customer_id, &hers));
	TRY(customer_current(c, &hers));
	struct ctx as_her = ctx_as_customer(c, hers.id);
	TRY(identity_find(&as_her, wechat_channel(w), name, who, &there));
	if (there)
		return bind_known(&as_her, who, &hers, out);
	*out = BOUND;
	return identity_add(&as_her, &(struct identity_new){ .channel = wechat_channel(w), .name = name, .customer_id = hers.id, .key = hers.key, .keeps_name = true, .verified_by = "session" }, who);
}

/* The word holds once; of a delivery that comes again the same is said. */
static int look_up(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m, const char *word, struct identity *who, enum outcome *out)
{
	struct bytes hash;
	struct wechat_bind *rows;
	size_t n;
	bool there;
	*out = WRONG;
	TRY(hash_of(c, word, &hash));
	TRY(wechat_bind_of(c, hash, &rows, &n));
	if (!n || rows[0].until <= c->now)
		return 0;
	if (rows[0].identity_id) {
		TRY(identity_find(c, wechat_channel(w), wechat_name(c, w, m->from), who, &there));
		*out = there && who->id == rows[0].identity_id && who->verified_at ? BOUND : WRONG;
		return 0;
	}
	TRY(bind_name(c, w, m->from, &rows[0], who, out));
	return *out == BOUND ? wechat_bind_said(c, hash, who->id, NULL) : 0;
}

int wechat_bind_try(struct ctx *c, const struct wechat_account *w, const struct wechat_message *m, bool *taken, const char **reply)
{
	enum lang lang;
	enum outcome outcome;
	struct identity who;
	const char *word = !wechat_is_kf(w) && text_equal(m->type, "text") ? word_of(c->arena, m, &lang) : NULL;
	*taken = word != NULL;
	if (!word)
		return 0;
	TRY(look_up(c, w, m, word, &who, &outcome));
	*reply = lang == LANG_EN ? replies[outcome].en : replies[outcome].zh;
	return outcome == BOUND ? wechat_window_wrote(c, w, who.id, m->created_s * SECOND_MS) : 0;
}

int wechat_name_proven(struct ctx *c, const struct wechat_account *w, int64_t customer, struct identity *who, bool *there)
{
	struct identity *names;
	size_t n;
	TRY(wechat_names_proven(c, customer, &names, &n));
	return name_at(c, w, names, n, who, there);
}
