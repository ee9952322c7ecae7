/* 微信客服: a delivery says only that there is something. It is fetched page by page; a page's messages and the cursor behind it are one transaction, so
 * a page that was lost on the way is fetched again and one that was taken is not. */
#include <string.h>

#include <yyjson.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/wechat_sql.h"
#include "net/client.h"

enum { PAGE = 40, TICKET_MOST = 200 };  /* few enough for one turn of the writer */
static const int64_t still_ms = 30 * (int64_t)SECOND_MS;

struct sync_in {
	int64_t account;
	const char *ticket;
};
static const struct member members[] = { MEMBER(struct sync_in, account, id, .flags = MEMBER_REQUIRED), MEMBER(struct sync_in, ticket, text, .most = TICKET_MOST) };
static const struct shape shape = SHAPE("wechat_sync", struct sync_in, members);

static int want(struct ctx *c, int64_t account, const char *ticket, time_ms at, const char *key)
{
	struct text t = text_in(c->arena);
	text_format(&t, "{\"account\":\"%lld\",\"ticket\":", (long long)account);
	json_text(&t, ticket);
	text_char(&t, '}');
	return job_add(c, new_id(c), wechat_sync_job.name, at, key, text_end(&t));
}

int wechat_sync_want(struct ctx *c, int64_t account, const char *ticket)
{
	return want(c, account, strlen(ticket) <= TICKET_MOST ? ticket : "", c->now, arena_format(c->arena, "%lld", (long long)account));
}

struct syncing {
	struct sync_in in;
	struct wechat_opened k;
};

static int load(struct ctx *c, void *arg)
{
	struct syncing *s = arg;
	return wechat_open(c, s->in.account, &s->k);
}

static const char *body_of(struct ctx *c, const struct syncing *s)
{
	struct text t = text_in(c->arena);
	text_append(&t, "{\"cursor\":");
	json_text(&t, s->k.cursor);
	if (!text_empty(s->in.ticket)) {
		text_append(&t, ",\"token\":");
		json_text(&t, s->in.ticket);
	}
	text_format(&t, ",\"limit\":%d,\"voice_format\":0,\"open_kfid\":", PAGE);
	json_text(&t, s->k.row.open_kfid);
	text_char(&t, '}');
	return text_end(&t);
}

/* The page as it came, with the cursor that it was asked by: whoever takes it looks whether that still is where we are. "": nothing. */
static int fetch(struct ctx *c, const struct job *job, const char **answer)
{
	struct syncing s = { 0 };
	struct wechat_answer said;
	struct client_reply reply;
	bool left;
	*answer = "";
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &s.in, NULL, c->error));
	TRY(readers_run(c->services->readers, c, load, &s));
	if (!text_equal(s.k.row.state, "on") || s.k.row.archived_at)
		return 0;
	if (!s.k.access)
		return wechat_token_missing(c, s.k.row.id);
	TRY(wechat_ask(c, &s.k, &(struct wechat_call){ .path = "/cgi-bin/kf/sync_msg", .body = body_of(c, &s) }, &said, &reply, &left));
	if (said.verdict != WECHAT_OK)
		return fail(c, ERR_OUTBOUND, arena_format(c->arena, "errcode %lld", (long long)said.code));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"from\":");
	json_text(&t, s.k.cursor);
	text_append(&t, ",\"page\":");
	text_append_n(&t, reply.body.p, reply.body.n);
	text_char(&t, '}');
	*answer = text_end(&t);
	return 0;
}

/* What cannot be read is left out: a page with one strange entry must not stop all that come behind it. */
static int take_entry(struct ctx *c, const struct wechat_account *w, yyjson_val *entry)
{
	const char *text = json_value(c->arena, entry), *reply;
	struct wechat_fields f;
	struct wechat_message m;
	if (!text || wechat_fields_read(c->arena, text, strlen(text), &f) < 0 || wechat_message_of_sync(c->arena, &f, &m) < 0) {
		log_write(c->log, LOG_WARN, "an entry of kf/sync_msg cannot be read", NULL);
		return 0;
	}
	return m.kind == WECHAT_SYNC ? 0 : wechat_arrive(c, w, &m, &reply);
}

/* They say that there is more, and the cursor stands: a little later, once however many were told so. */
static int want_later(struct ctx *c, const struct wechat_opened *k, const struct sync_in *in)
{
	time_ms at = (c->now / still_ms + 1) * still_ms;
	return want(c, k->row.id, in->ticket ? in->ticket : "", at, arena_format(c->arena, "%lld %lld", (long long)k->row.id, (long long)at));
}

static int take_page(struct ctx *c, const struct wechat_opened *k, const struct sync_in *in, yyjson_val *page)
{
	size_t i, most;
	yyjson_val *entry;
	const char *next = yyjson_get_str(yyjson_obj_get(page, "next_cursor"));
	yyjson_arr_foreach(yyjson_obj_get(page, "msg_list"), i, most, entry)
		TRY(take_entry(c, &k->row, entry));
	if (!text_empty(next))
		TRY(wechat_cursor_put(c, k->row.id, arena_string(c->arena, next), NULL));
	if (yyjson_get_sint(yyjson_obj_get(page, "has_more")) != 1 || text_empty(next))
		return 0;
	return text_equal(next, k->cursor) ? want_later(c, k, in) : want(c, k->row.id, in->ticket ? in->ticket : "", c->now, NULL);
}

static int keep(struct ctx *c, const struct job *job, const char *answer)
{
	struct sync_in in;
	struct wechat_opened k;
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &in, NULL, c->error));
	TRY(wechat_open(c, in.account, &k));
	yyjson_doc *doc = yyjson_read(answer, strlen(answer), YYJSON_READ_NOFLAG);
	yyjson_val *root = yyjson_doc_get_root(doc);
	const char *from = yyjson_get_str(yyjson_obj_get(root, "from"));
	bool is_next = from && text_equal(from, k.cursor);
	int r = is_next ? take_page(c, &k, &in, yyjson_obj_get(root, "page")) : 0;
	if (!is_next && from)
		r = want(c, k.row.id, in.ticket ? in.ticket : "", c->now, NULL);        /* another was faster: from where it came to */
	yyjson_doc_free(doc);
	return r;
}

/* Asked for as long as they keep messages, three days, should nobody write meanwhile. */
const struct job_kind wechat_sync_job = { .name = "wechat.sync", .call = fetch, .run = keep, .attempts_most = 22 };
