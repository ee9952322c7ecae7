/* The chat on a company's web pages as a record: how it looks, what it asks, from which pages it may be used. */
#include "domain/visitor/visitor.h"

#include <ctype.h>
#include <string.h>

#include "core/auth/auth.h"
#include "core/clock/clocks.h"
#include "domain/org/org.h"
#include "gen/visitor_sql.h"

enum { ORIGINS_MOST = 20, ORIGIN_MOST = 200 };

static const struct choice states[] = { { "on", "启用", "On", "tick" }, { "off", "停用", "Off", "dash" }, { 0 } };
static const struct choice sides[] = { { "right", "右下角", "Bottom right" }, { "left", "左下角", "Bottom left" }, { 0 } };
static const struct choice asks[] = { { "off", "不询问", "Not asked" }, { "optional", "选填", "Optional" }, { "required", "必填", "Required" }, { 0 } };

static bool is_colour(const char *text)
{
	return strlen(text) == 7 && text[0] == '#' && text[1 + strspn(text + 1, "0123456789abcdef")] == 0;
}

bool web_chat_is_origin(const char *text)
{
	bool secure = !strncmp(text, "https://", 8), plain = !strncmp(text, "http://", 7);
	const char *host = text + (secure ? 8 : 7);
	size_t n = secure || plain ? strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") : 0;
	const char *port = host + n;
	bool local = n == 9 && (!strncmp(host, "127.0.0.1", n) || !strncmp(host, "localhost", n));
	if (n == 0 || host[0] == '.' || host[n - 1] == '.' || (plain && !local) || strlen(text) > ORIGIN_MOST)
		return false;
	return !*port || (*port == ':' && strspn(port + 1, "0123456789") == strlen(port + 1) && strlen(port + 1) >= 1 && strlen(port + 1) <= 5);
}

/* One a line, small letters, without a last slash; NULL at the end. */
static const char **origins_of(struct arena *a, const char *text, size_t *n)
{
	const char **all = ARENA_ARRAY(a, const char *, ORIGINS_MOST + 2);
	char *rest = (char *)arena_string(a, text), *line;
	for (char *p = rest; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	for (*n = 0; *n <= ORIGINS_MOST && (line = strtok_r(rest, " \t\r\n,", &rest));) {
		size_t length = strlen(line);
		if (length && line[length - 1] == '/')
			line[length - 1] = 0;
		all[(*n)++] = line;
	}
	return all;
}

static int take_origins(struct ctx *c, struct web_chat *w)
{
	size_t n;
	const char **all = origins_of(c->arena, w->origins, &n);
	struct text clean = text_in(c->arena);
	if (n > ORIGINS_MOST)
		return fail_field(c, "origins", ERR_FIELD_TOO_LONG, arena_format(c->arena, "%d", ORIGINS_MOST));
	for (size_t i = 0; i < n; i++) {
		if (!web_chat_is_origin(all[i]))
			return fail_field(c, "origins", ERR_FIELD_INVALID, arena_format(c->arena, ": %s", all[i]));
		text_format(&clean, "%s%s", i ? "\n" : "", all[i]);
	}
	w->origins = text_end(&clean);
	return 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	struct web_chat *w = row;
	if (!is_colour(w->colour))
		fail_field(c, "colour", ERR_FIELD_INVALID, ": #0b6675");
	if (take_origins(c, w) < 0)
		return c->error->code;
	return c->error->code;
}

/* There is one in force: the other one stands back, and its history says so. */
static int put_back_others(struct ctx *c, const struct web_chat *w)
{
	struct web_chat *others, was;
	size_t n;
	TRY(web_chat_others(c, w->id, &others, &n));
	for (size_t i = 0; i < n; i++) {
		was = others[i];
		others[i].state = "off";
		TRY(record_update(c, &web_chat_record, &was, &others[i], "web_chat.changed", NULL, NULL));
	}
	return 0;
}

/* Its pages are those of the chat in force alone. */
static int after(struct ctx *c, const void *old, const void *row)
{
	const struct web_chat *written = row;
	struct web_chat w;
	size_t n = 0;
	if (text_equal(written->state, "on") && !written->archived_at)
		TRY(put_back_others(c, written));
	TRY(web_chat_origins_drop(c, NULL));
	int r = web_chat_now(c, &w);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	const char **all = origins_of(c->arena, w.origins, &n);
	for (size_t i = 0; i < n; i++)
		TRY(web_chat_origin_put(c, all[i], NULL));
	return 0;
}

int web_chat_now(struct ctx *c, struct web_chat *row)
{
	struct web_chat *rows;
	size_t n;
	TRY(web_chat_on(c, &rows, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	*row = rows[0];
	return 0;
}

static const struct field fields[] = {
	CODE  (web_chat, title,       L("标题", "Title"), .required = true, .search = true, .most = 30, .initial = "在线客服"),
	CODE  (web_chat, title_en,    L("标题（英文）", "Title in English"), .most = 60),
	CHOICE(web_chat, state,       L("状态", "State"), .of = states, .initial = "off"),
	TEXT  (web_chat, origins,     L("允许使用的网站", "Web sites that may use it"), .most = 4000, .hidden = true),
	CODE  (web_chat, colour,      L("颜色", "Colour"), .most = 7, .initial = "#0b6675", .hidden = true),
	CHOICE(web_chat, side,        L("位置", "Place"), .of = sides, .initial = "right", .hidden = true),
	TEXT  (web_chat, greeting,    L("欢迎语", "Greeting"), .most = 300, .hidden = true),
	TEXT  (web_chat, greeting_en, L("欢迎语（英文）", "Greeting in English"), .most = 600, .hidden = true),
	TEXT  (web_chat, away,        L("非服务时间的说明", "Said outside of service hours"), .most = 300, .hidden = true),
	TEXT  (web_chat, away_en,     L("非服务时间的说明（英文）", "The same in English"), .most = 600, .hidden = true),
	CHOICE(web_chat, ask_name,    L("询问称呼", "Ask for a name"), .of = asks, .initial = "optional", .hidden = true),
	CHOICE(web_chat, ask_phone,   L("询问手机号", "Ask for a phone number"), .of = asks, .initial = "off", .hidden = true),
	CHOICE(web_chat, ask_product, L("询问产品", "Ask for the product"), .of = asks, .initial = "off", .hidden = true),
	REF   (web_chat, calendar_id, L("服务时间", "Service hours"), .to = &calendar_record),
	REF   (web_chat, team_id,     L("接待小组", "Team"), .to = &team_record),
};

const struct record web_chat_record = {
	.name = "web_chat", .label = L("网页客服", "Web chat"), .plural = "Web chats", .table = &table_web_chat, FIELDS(fields), .title = { "title" },
	.before = before, .after = after, .no_import = true,
};
