/* Answers to press in WeChat: as a menu whose entries carry a name of ours, which comes back when one is pressed; where there is no such menu (a
 * mini-program), or it does not fit, as numbered lines that are answered by the number.
 *
 * developers.weixin.qq.com …/Service_Center_messages.html (msgmenu, bizmsgmenuid), developer.work.weixin.qq.com/document/path/94677 (head ≤ 1,024
 * bytes, ≤ 10 entries, content ≤ 128 bytes) and 94670 (text.menu_id); the limits of the one are taken for both. */
#include <stdlib.h>
#include <string.h>

#include <yyjson.h>

#include "base/json.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/wechat/wechat_private.h"
#include "gen/conversation_sql.h"

enum { HEAD_MOST = 1024, ENTRY_MOST = 128, TEXT_MOST = 2000 };

/* Those whose words are an answer: what opens a page of ours has no page to open here. */
static void read_offers(struct ctx *c, const char *json, struct wechat_offers *out)
{
	yyjson_doc *doc = yyjson_read(json ? json : "", json ? strlen(json) : 0, YYJSON_READ_NOFLAG);
	yyjson_val *one;
	size_t i, n;
	*out = (struct wechat_offers){ .n = 0 };
	yyjson_arr_foreach(yyjson_doc_get_root(doc), i, n, one) {
		const char *say = yyjson_get_str(yyjson_obj_get(one, "say"));
		if (say && *say && !yyjson_obj_get(one, "open") && out->n < WECHAT_OFFERS_MOST)
			out->say[out->n++] = arena_string(c->arena, say);
	}
	yyjson_doc_free(doc);
}

int wechat_offers_of(struct ctx *c, int64_t conversation, int64_t no, struct wechat_offers *out)
{
	struct message *m;
	size_t n;
	TRY(message_by_no(c, conversation, no, &m, &n));
	read_offers(c, n && m[0].actor_kind != ACTOR_CUSTOMER ? m[0].offers : "[]", out);
	return 0;
}

static bool fits(const struct wechat_account *w, const char *words, const struct wechat_offers *o)
{
	bool good = !text_equal(w->kind, "mini") && strlen(words) <= HEAD_MOST;
	for (size_t i = 0; i < o->n; i++)
		good &= strlen(o->say[i]) <= ENTRY_MOST;
	return good;
}

const char *wechat_menu(struct ctx *c, const struct wechat_account *w, const struct wechat_out *row, const char *words, const struct wechat_offers *o)
{
	struct text t = text_in(c->arena);
	if (!o->n || !fits(w, words, o))
		return NULL;
	text_append(&t, "{\"head_content\":");
	json_text(&t, words);
	text_append(&t, ",\"list\":[");
	for (size_t i = 0; i < o->n; i++) {
		text_format(&t, "%s%s\"id\":\"%lld.%lld.%zu\",\"content\":", i ? "," : "", wechat_is_kf(w) ? "{\"type\":\"click\",\"click\":{" : "{", (long long)row->conversation_id, (long long)row->no, i);
		json_text(&t, o->say[i]);
		text_append(&t, wechat_is_kf(w) ? "}}" : "}");
	}
	text_append(&t, "],\"tail_content\":\"\"}");
	return text_end(&t);
}

void wechat_number_offers(struct text *words, const struct wechat_offers *o)
{
	size_t more = 0;
	for (size_t i = 0; i < o->n; i++)
		more += strlen(o->say[i]) + 5;
	for (size_t i = 0; i < o->n && words->n + more <= TEXT_MOST; i++)
		text_format(words, "\n%zu. %s", i + 1, o->say[i]);
}

/* Pressed: by the name that we gave. An older one still says what it said. */
static int by_name(struct ctx *c, int64_t identity, const char *name, const char **text)
{
	struct wechat_offers o;
	struct conversation k;
	char *dot, *end;
	long long conversation = strtoll(name, &dot, 10), no = *dot == '.' ? strtoll(dot + 1, &end, 10) : 0;
	if (*dot != '.' || *end != '.' || conversation <= 0 || no <= 0)
		return 0;
	long long at = strtoll(end + 1, &dot, 10);
	int r = *dot || dot == end + 1 || at < 0 ? ERR_NOT_FOUND : conversation_row_get(c, conversation, &k);
	if (r == ERR_NOT_FOUND || (r == 0 && k.identity_id != identity)) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	TRY(wechat_offers_of(c, k.id, no, &o));
	if ((size_t)at < o.n)
		*text = o.say[at];
	return 0;
}

/* Written: "2", when the last that was said offers at least two. */
static int by_number(struct ctx *c, const struct wechat_account *w, int64_t identity, const char *number, const char **text)
{
	struct wechat_offers o;
	struct conversation *rows;
	size_t n, at = (size_t)(*number - '1');
	if (*number < '1' || *number > '9' || number[1])
		return 0;
	TRY(open_conversation_of_identity(c, identity, wechat_channel(w), &rows, &n));
	if (!n)
		return 0;
	TRY(wechat_offers_of(c, rows[0].id, rows[0].last_no, &o));
	if (at < o.n)
		*text = o.say[at];
	return 0;
}

int wechat_offer_chosen(struct ctx *c, const struct wechat_account *w, int64_t identity, const struct wechat_message *m, const char **text)
{
	if (strcmp(m->type, "text") != 0)
		return 0;
	if (*m->choice)
		return by_name(c, identity, m->choice, text);
	return by_number(c, w, identity, m->text, text);
}
