/* Media of a message: fetched through the guarded client, judged, re-encoded and sealed like any upload, then hung on the message. */
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/file/file.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/wechat/wechat_private.h"
#include "net/client.h"

struct fetching {
	int64_t id;
	struct wechat_media row;
	struct wechat_opened k;
};

static int load(struct ctx *c, void *arg)
{
	struct fetching *f = arg;
	TRY(wechat_media_row_get(c, f->id, &f->row));
	return wechat_open(c, f->row.account_id, &f->k);
}

/* The name tells the kind alone; what it really is the store finds out. */
static const char *name_of(struct ctx *c, const struct wechat_media *m, const char *type)
{
	static const struct { const char *type, *name; } names[] = { { "image", "图片.jpg" }, { "voice", "语音.amr" }, { "video", "视频.mp4" }, { "shortvideo", "小视频.mp4" }, { "miniprogrampage", "图片.jpg" }, { "miniprogram", "图片.jpg" } };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].type, m->type))
			return type && !strncmp(type, "image/png", 9) ? "图片.png" : names[i].name;
	return "文件";
}

/* id and what the store says of it, for the writer. */
static const char *told(struct ctx *c, int64_t id, const struct file_ready *r)
{
	return arena_format(c->arena, "{\"id\":\"%lld\",\"blob\":\"%s\",\"thumbnail\":\"%s\",\"size\":%lld,\"thumbnail_size\":%lld,\"type\":\"%s\",\"width\":%lld,\"height\":%lld}",
	                    (long long)id, r->blob, r->thumbnail, (long long)r->size, (long long)r->thumbnail_size, r->type, (long long)r->width, (long long)r->height);
}

/* JSON instead of media says why there is none. */
static bool is_refusal(struct ctx *c, const struct client_reply *reply, struct wechat_answer *said)
{
	bool json = reply->body.n && reply->body.p[0] == '{';
	return json && wechat_answer_read(c->arena, (const char *)reply->body.p, reply->body.n, said) == 0 && said->code;
}

/* "": there is nothing to be had. */
static int fetch(struct ctx *c, const struct job *job, const char **answer)
{
	struct fetching f = { .id = job->id };
	struct client_reply reply;
	struct wechat_answer said;
	struct file_ready ready;
	int64_t id;
	bool left;
	*answer = "";
	int r = readers_run(c->services->readers, c, load, &f);
	if (r == ERR_NOT_FOUND)
		return 0;
	TRY(r);
	if (!f.k.access)
		return wechat_token_missing(c, f.k.row.id);
	TRY(wechat_call(c, &f.k, &(struct wechat_call){ .path = "/cgi-bin/media/get", .query = arena_format(c->arena, "media_id=%s", f.row.media), .reply_most = (size_t)setting_of(c, SETTING_FILE_SIZE) }, &reply, &left));
	if (is_refusal(c, &reply, &said)) {
		TRY(said.verdict == WECHAT_TOKEN ? wechat_token_refresh(c, f.k.row.id) : 0);
		bool again = said.verdict == WECHAT_TOKEN || said.verdict == WECHAT_BUSY;
		return again ? fail(c, ERR_OUTBOUND, arena_format(c->arena, "errcode %lld", (long long)said.code)) : 0;
	}
	if (reply.status != 200 || !reply.body.n)
		return fail(c, ERR_OUTBOUND, arena_format(c->arena, "HTTP %d", reply.status));
	TRY(file_bring(c, name_of(c, &f.row, reply.type), reply.body, &id, &ready));
	*answer = id ? told(c, id, &ready) : "";
	return 0;
}

struct ready_in {
	int64_t id, size, thumbnail_size, width, height;
	const char *blob, *thumbnail, *type;
};
static const struct member members[] = {
	MEMBER(struct ready_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct ready_in, blob, text), MEMBER(struct ready_in, thumbnail, text), MEMBER(struct ready_in, size, count),
	MEMBER(struct ready_in, thumbnail_size, count), MEMBER(struct ready_in, type, text), MEMBER(struct ready_in, width, count), MEMBER(struct ready_in, height, count),
};
static const struct shape shape = SHAPE("wechat_ready", struct ready_in, members);

static int keep(struct ctx *c, const struct job *job, const char *answer)
{
	struct ready_in in;
	struct wechat_media m;
	struct conversation k;
	int r = wechat_media_row_get(c, job->id, &m);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	TRY(wechat_media_row_remove(c, m.id));
	if (text_empty(answer))
		return 0;
	TRY(json_read(c->arena, &shape, answer, strlen(answer), &in, NULL, c->error));
	TRY(conversation_row_get(c, m.conversation_id, &k));
	TRY(file_finish(c, in.id, &(struct file_ready){ .blob = in.blob, .thumbnail = in.thumbnail, .size = in.size, .thumbnail_size = in.thumbnail_size, .type = in.type, .width = in.width, .height = in.height }));
	return conversation_add_file(c, &k, m.no, in.id);
}

/* The words "[图片]" stay; what was to be seen is gone. */
static int died(struct ctx *c, const struct job *job)
{
	int r = wechat_media_row_remove(c, job->id);
	if (r == ERR_NOT_FOUND)
		error_clear(c->error);
	return r == ERR_NOT_FOUND ? 0 : r;
}

const struct job_kind wechat_media_job = { .name = "wechat.media", .call = fetch, .run = keep, .died = died, .attempts_most = 8 };
