/* Files of the company on their way to a person: what an account carries itself goes under a name that they give for three days; everything else, and
 * what they refuse, as a link of ours that holds for a while and opens nothing once the message, the file or the person is gone.
 *
 * Limits: developers.weixin.qq.com …/New_temporary_materials.html, developer.work.weixin.qq.com/document/path/90253. A video of an official account
 * wants a cover picture that we have none of: a link. */
#include <string.h>

#include <yyjson.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/file_api.h"
#include "core/api/readers.h"
#include "core/auth/sign_in.h"
#include "core/file/file.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/wechat/wechat_private.h"
#include "gen/conversation_sql.h"
#include "gen/wechat_sql.h"
#include "net/client.h"

static const int64_t megabyte = 1024 * 1024, kept_ms = 3 * (int64_t)DAY_MS - (int64_t)HOUR_MS;

/* The first line that fits; type NULL: whatever. */
static const struct { const char *kind, *type, *form; int64_t megabytes; } carried[] = {
	{ "official", "image/jpeg", "image", 10 }, { "official", "image/png", "image", 10 }, { "official", "image/gif", "image", 10 },
	{ "official", "audio/amr", "voice", 2 }, { "official", "audio/mpeg", "voice", 2 },
	{ "mini", "image/jpeg", "image", 10 }, { "mini", "image/png", "image", 10 }, { "mini", "image/gif", "image", 10 },
	{ "kf", "image/jpeg", "image", 10 }, { "kf", "image/png", "image", 10 }, { "kf", "audio/amr", "voice", 2 }, { "kf", "video/mp4", "video", 10 }, { "kf", NULL, "file", 20 },
};
enum { SMALLEST = 5 };          /* "所有文件size必须大于5个字节" */

int wechat_form_of_file(struct ctx *c, const struct wechat_account *w, int64_t file, const char **form)
{
	struct file_info info;
	TRY(file_show(c, file, &info));
	*form = "link";
	for (size_t i = 0; i < sizeof(carried) / sizeof(carried[0]); i++)
		if (!strcmp(carried[i].kind, w->kind) && (!carried[i].type || text_equal(carried[i].type, info.type)) && info.size > SMALLEST && info.size <= carried[i].megabytes * megabyte) {
			*form = carried[i].form;
			return 0;
		}
	return 0;
}

/* As a link ------------------------------------------------------------------------------------------------------------- */

int wechat_link_words(struct ctx *c, const struct wechat_out *o, const char **text)
{
	struct conversation k;
	struct customer customer;
	struct file_info info;
	const char *token;
	TRY(conversation_row_get(c, o->conversation_id, &k));
	TRY(customer_row_get(c, k.customer_id, &customer));
	TRY(file_show(c, o->file_id, &info));
	int64_t days = setting_of(c, SETTING_WECHAT_LINK_LIFE);
	const int64_t numbers[] = { c->tenant, o->conversation_id, o->file_id, c->now + setting_ms(c, SETTING_WECHAT_LINK_LIFE) };
	TRY(numbers_sign(c, "sent file", numbers, 4, &token));
	bool en = text_equal(customer.lang, "en");
	*text = arena_format(c->arena, en ? "%s (opens for %lld days): %s/api/v1/sent_file/%s" : "%s（%lld 天内可打开）：%s/api/v1/sent_file/%s", info.name ? info.name : en ? "File" : "文件", (long long)days, c->services->public_url, token);
	return 0;
}

/* Whoever has the link: as long as it holds and the file still belongs to something that was said to her. */
static int find(struct ctx *c, struct http_request *r, int64_t *id)
{
	int64_t n[4];
	const char *token = http_param(r, "token");
	TRY(numbers_open(c, "sent file", token ? token : "", ERR_LINK_EXPIRED, n, 4));
	if (n[3] <= c->now || !conversation_shows_file(c, n[1], n[2]))
		return fail(c, ERR_LINK_EXPIRED, NULL);
	*id = n[2];
	return 0;
}

static void send_linked(struct http_request *r, struct ctx *c)
{
	file_send(r, c, find);
}

/* As theirs ------------------------------------------------------------------------------------------------------------- */

int wechat_media_known(struct ctx *c, const struct wechat_out *o, const char **media)
{
	struct wechat_upload_of_row *rows;
	size_t n;
	TRY(wechat_upload_of(c, o->account_id, o->file_id, c->now, &rows, &n));
	*media = n ? rows[0].media : "";
	return 0;
}

struct uploading {
	const struct wechat_out *o;
	struct file_info info;
	struct file_reader reader;
	const char *media;
};

static int open_file(struct ctx *c, void *arg)
{
	struct uploading *u = arg;
	TRY(file_show(c, u->o->file_id, &u->info));
	return file_open(c, u->o->file_id, FILE_CONTENT, &u->reader);
}

static int keep_name(struct ctx *c, void *arg)
{
	const struct uploading *u = arg;
	return wechat_upload_put(c, u->o->account_id, u->o->file_id, u->o->conversation_id, u->media, c->now + kept_ms, NULL);
}

/* A name that stays within its quotes. */
static const char *plain_name(struct arena *a, const char *name)
{
	char *s = arena_string(a, text_empty(name) ? "file" : name);
	for (char *p = s; *p; p++)
		if (*p == '"' || *p == '\\' || (unsigned char)*p < ' ')
			*p = '_';
	return s;
}

/* RFC 7578, with filelength beside the name as their documents show it. The boundary is 128 bits of chance: no file holds it. */
static struct bytes form_of(struct ctx *c, const struct uploading *u, struct bytes content, const char *boundary)
{
	struct text t = text_in(c->arena);
	text_reserve(&t, content.n + 1024);
	text_format(&t, "--%s\r\nContent-Disposition: form-data; name=\"media\"; filename=\"%s\"; filelength=%zu\r\nContent-Type: %s\r\n\r\n", boundary, plain_name(c->arena, u->info.name), content.n, u->info.type);
	text_append_n(&t, (const char *)content.p, content.n);
	text_format(&t, "\r\n--%s--\r\n", boundary);
	text_end(&t);
	return (struct bytes){ (const uint8_t *)t.p, t.n };
}

static int read_name(struct ctx *c, const struct client_reply *reply, const char **media)
{
	yyjson_doc *doc = yyjson_read((const char *)reply->body.p, reply->body.n, YYJSON_READ_NOFLAG);
	const char *name = yyjson_get_str(yyjson_obj_get(yyjson_doc_get_root(doc), "media_id"));
	*media = name ? arena_string(c->arena, name) : "";
	yyjson_doc_free(doc);
	return **media ? 0 : fail(c, ERR_OUTBOUND, "media_id");
}

int wechat_upload(struct ctx *c, const struct wechat_opened *k, const struct wechat_out *o, const char **media, struct wechat_answer *said)
{
	struct uploading u = { .o = o };
	struct bytes content, form;
	struct client_reply reply;
	uint8_t random[16];
	bool left;
	TRY(readers_run(c->services->readers, c, open_file, &u));
	int r = file_reader_all(c, &u.reader, &content);
	file_reader_close(&u.reader);
	TRY(r);
	crypto_random(random, sizeof(random));
	const char *boundary = hex(c->arena, random, sizeof(random));
	form = form_of(c, &u, content, boundary);
	const struct wechat_call q = {
		.path = "/cgi-bin/media/upload", .query = arena_format(c->arena, "type=%s", o->form), .body = (const char *)form.p, .body_n = form.n, .type = arena_format(c->arena, "multipart/form-data; boundary=%s", boundary),
	};
	TRY(wechat_ask(c, k, &q, said, &reply, &left));
	if (said->verdict != WECHAT_OK)
		return 0;
	TRY(read_name(c, &reply, &u.media));
	struct write_request w = { .run = keep_name, .arg = &u, .queue = QUEUE_JOBS, .ctx = *c };
	TRY(writer_run(c->services->writer, &w));
	*media = u.media;
	return 0;
}

struct token_in {
	const char *token;
};
static const struct member token_members[] = { MEMBER(struct token_in, token, code, .most = 100) };
static const struct shape token_shape = SHAPE("sent_file", struct token_in, token_members);

const struct route wechat_file_routes[] = {
	ROUTE(GET, "/api/v1/sent_file/{token}", FOR_ANYBODY, RAW, .in = &token_shape, .raw = send_linked, .zh = "打开发给客户的文件", .en = "Open a file that was sent to a customer"),
};
const size_t wechat_file_route_count = sizeof(wechat_file_routes) / sizeof(wechat_file_routes[0]);
