/* An upload goes pool → writer for each part; the last one goes pool → file pool → writer, and only then it counts.
 * Who may read: who uploaded it, and whoever may see something that holds it. */
#include "core/api/file_api.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "base/json.h"
#include "base/pool.h"
#include "core/api/call.h"
#include "core/api/file_range.h"
#include "core/api/readers.h"
#include "core/file/file.h"
#include "core/services.h"

enum { LONGEST_TYPE = 100, IN_MEMORY_MOST = 1024 * 1024 };

/* Announcing --------------------------------------------------------------------------------------------------------- */

struct announce_in {
	const char *name, *type;
	int64_t size;
};
static const struct member announce_members[] = {
	MEMBER(struct announce_in, name, text, .flags = MEMBER_REQUIRED, .most = 255),
	MEMBER(struct announce_in, size, count, .flags = MEMBER_REQUIRED, .least = 1),
	MEMBER(struct announce_in, type, code, .most = LONGEST_TYPE),      /* what the sender believes; never used */
};
const struct shape file_announce_shape = SHAPE("file_announce", struct announce_in, announce_members);

static const struct member place_members[] = {
	MEMBER(struct upload_place, id, id), MEMBER(struct upload_place, offset, count), MEMBER(struct upload_place, size, count),
};
const struct shape file_place_shape = SHAPE("file_place", struct upload_place, place_members);

int file_announce(struct ctx *c, const void *in, void *out)
{
	const struct announce_in *v = in;
	return file_begin(c, v->name, v->size, out);
}

static int place(struct ctx *c, const void *in, void *out)
{
	return file_place(c, ((const struct id_in *)in)->id, out);
}

/* Parts ---------------------------------------------------------------------------------------------------------------- */

/* One part, or one reading, on its way. */
struct transfer {
	struct http_request *http;
	struct ctx *c;
	struct readers *readers;
	int64_t id, at;
	struct upload_place place;
	struct file_ready ready;
	struct write_request write;
	enum file_form form;
	int (*find)(struct ctx *c, struct http_request *r, int64_t *id);        /* NULL: the id of the path, by the rights of who asks */
	struct file_info info;
	struct file_reader reader;
	struct file_range range;        /* of the content, where a part was asked for */
};

/* {"error":{…},"offset":N}: a program goes on from there. */
static void reply_offset_error(struct transfer *t, const struct error *e)
{
	size_t n;
	const char *json = http_error_json(t->c->arena, e, t->http->lang, t->c->request_id, &n);
	const char *body = arena_format(t->c->arena, "%.*s,\"offset\":%s}", (int)n - 1, json, e->arg);
	http_reply_json(t->http, error_status(e->code), body, strlen(body));
}

static void reply_error(struct transfer *t, struct error *e, int code)
{
	if (!e->code)
		e->code = code;
	if (error_status(e->code) >= 500)
		log_write(t->c->log, LOG_ERROR, "file refused", "request", t->c->request_id, "code", error_name(e->code), NULL);
	if (e->code == ERR_OFFSET && e->arg)
		reply_offset_error(t, e);
	else
		http_reply_error(t->http, e);
}

static void reply_place(struct transfer *t)
{
	struct text json = text_in(t->c->arena);
	json_write(&json, &file_place_shape, &t->place);
	http_reply_json(t->http, 200, json.p, json.n);
}

static void submit(struct transfer *t, int (*run)(struct ctx *c, void *arg), void (*done)(struct ctx *c, void *arg, int result))
{
	t->write = (struct write_request){ .run = run, .done = done, .arg = t, .queue = QUEUE_PEOPLE, .ctx = *t->c };
	int r = writer_submit(t->c->services->writer, &t->write);
	if (r < 0)
		reply_error(t, t->c->error, r);
}

static int advance(struct ctx *c, void *arg)
{
	struct transfer *t = arg;
	return file_advance(c, t->id, t->at, t->at + (int64_t)t->http->body.n);
}

static int finish(struct ctx *c, void *arg)
{
	struct transfer *t = arg;
	return file_finish(c, t->id, &t->ready);
}

static int drop(struct ctx *c, void *arg)
{
	return file_drop(c, ((struct transfer *)arg)->id);
}

static void part_done(struct ctx *c, void *arg, int result)
{
	struct transfer *t = arg;
	t->place.offset = t->at + (int64_t)t->http->body.n;
	if (result < 0)
		reply_error(t, c->error, result);
	else
		reply_place(t);
}

static void dropped(struct ctx *c, void *arg, int result)
{
	struct transfer *t = arg;
	error_clear(c->error);
	reply_error(t, c->error, ERR_MEDIA_TYPE);
}

static void prepare(void *arg)
{
	struct transfer *t = arg;
	int r = file_prepare(t->c, &t->place, &t->ready);
	if (r == ERR_MEDIA_TYPE)
		submit(t, drop, dropped);
	else if (r < 0)
		reply_error(t, t->c->error, r);
	else
		submit(t, finish, part_done);
}

static int find_place(struct ctx *c, void *arg)
{
	struct transfer *t = arg;
	return file_place(c, t->id, &t->place);
}

static void receive(void *arg)
{
	struct transfer *t = arg;
	int r = readers_run(t->readers, t->c, find_place, t);
	if (r == 0)
		r = file_part(t->c, &t->place, t->at, t->http->body);
	if (r == 0 && t->at + (int64_t)t->http->body.n < t->place.size)
		return submit(t, advance, part_done);
	if (r == 0)
		r = pool_submit(file_pool(t->c->services->files), prepare, t);
	if (r < 0)
		reply_error(t, t->c->error, r);
}

static struct transfer *new_transfer(struct http_request *r, struct ctx *c)
{
	struct transfer *t = ARENA_NEW(c->arena, struct transfer);
	*t = (struct transfer){ .http = r, .c = c, .readers = api_readers(r->user), .reader.fd = -1 };
	return t;
}

/* A plain number, 0 allowed. */
static bool read_offset(const char *text, int64_t *at)
{
	*at = 0;
	return text && (!strcmp(text, "0") || id_parse(text, at) == 0);
}

static int path_id(struct ctx *c, struct http_request *r, int64_t *id)
{
	const char *text = http_param(r, "id");
	return id_parse(text ? text : "", id) < 0 ? fail(c, ERR_NOT_FOUND, NULL) : 0;
}

static void part(struct http_request *r, struct ctx *c)
{
	struct transfer *t = new_transfer(r, c);
	int result = path_id(c, r, &t->id);
	if (result == 0 && !read_offset(http_header(r, HEADER_UPLOAD_OFFSET), &t->at))
		result = fail(c, ERR_BAD_REQUEST, ": Upload-Offset");
	if (result == 0)
		result = pool_submit(api_pool(r->user), receive, t);
	if (result < 0)
		reply_error(t, c->error, result);
}

/* Reading ---------------------------------------------------------------------------------------------------------------- */

static bool staff_may_read(struct ctx *c, const struct file_holder *holder)
{
	const struct record_model *m = registry_find(&c->services->registry, holder->object);
	if (!m || !may(c, arena_format(c->arena, "%s.read", holder->object)))
		return false;
	bool sees = record_get(c, m->record, holder->object_id, arena_alloc(c->arena, m->record->table->row->size)) == 0;
	error_clear(c->error);
	return sees;
}

static bool holder_lets_read(struct ctx *c, const struct file_holder *holder, int64_t id)
{
	if (c->actor_kind != ACTOR_CUSTOMER)
		return staff_may_read(c, holder);
	return c->services->customer_reads && c->services->customer_reads(c, holder->object, holder->object_id, id);
}

static int check_rights(struct ctx *c, const struct file_info *info)
{
	struct file_holder *holders;
	size_t n;
	if (info->actor_kind == (int64_t)c->actor_kind && info->actor_id == c->actor_id)
		return 0;
	TRY(file_holders(c, info->id, &holders, &n));
	for (size_t i = 0; i < n; i++)
		if (holder_lets_read(c, &holders[i], info->id))
			return 0;
	return fail(c, ERR_NOT_FOUND, NULL);
}

int file_for_reader(struct ctx *c, int64_t id, struct file_info *out)
{
	TRY(file_show(c, id, out));
	return check_rights(c, out);
}

static int open_for_reader(struct ctx *c, void *arg)
{
	struct transfer *t = arg;
	if (t->find)
		TRY(t->find(c, t->http, &t->id));
	TRY(t->find ? file_show(c, t->id, &t->info) : file_for_reader(c, t->id, &t->info));
	return file_open(c, t->id, t->form, &t->reader);
}

/* RFC 6266, RFC 8187: every byte that is no letter or digit is escaped. */
static const char *disposition(struct arena *a, const struct file_info *info)
{
	struct text t = text_in(a);
	text_format(&t, "%s; filename*=UTF-8''", info->is_inline ? "inline" : "attachment");
	for (const uint8_t *p = (const uint8_t *)(info->name ? info->name : "file"); *p; p++) {
		bool plain = (*p >= '0' && *p <= '9') || ((*p | 32) >= 'a' && (*p | 32) <= 'z') || *p == '.' || *p == '-';
		text_format(&t, plain ? "%c" : "%%%02X", *p);
	}
	return text_end(&t);
}

/* Small content into memory; large into a file that has no name any more, so that no download holds memory. */
static int fetch(struct transfer *t, struct bytes *body, int *fd)
{
	const char *path;
	if (t->reader.size <= IN_MEMORY_MOST)
		return file_reader_all(t->c, &t->reader, body);
	TRY(file_reader_spill(t->c, &t->reader, &path));
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	unlink(path);
	return *fd < 0 ? ERR_INTERNAL : 0;
}

/* Players ask for all that lies behind a place and stop reading when they have enough: they get pieces and ask again. */
static int fetch_part(struct transfer *t, struct bytes *body)
{
	if (t->range.n > IN_MEMORY_MOST)
		t->range.n = IN_MEMORY_MOST;
	return file_reader_some(t->c, &t->reader, t->range.at, t->range.n, body);
}

static int open_and_fetch(struct transfer *t, struct bytes *body, int *fd)
{
	TRY(readers_run(t->readers, t->c, open_for_reader, t));
	const char *range = http_header(t->http, HEADER_IF_RANGE) ? NULL : http_header(t->http, HEADER_RANGE);
	t->range = file_range_of(range, t->reader.size);
	int r = t->range.kind == RANGE_PART ? fetch_part(t, body) : t->range.kind == RANGE_WHOLE ? fetch(t, body, fd) : 0;
	file_reader_close(&t->reader);
	return r;
}

/* "bytes 0-99/300"; of one that lies outside "bytes *" and the size. */
static const char *range_text(struct transfer *t)
{
	const struct file_range *r = &t->range;
	long long size = t->reader.size;
	return r->kind == RANGE_PART ? arena_format(t->c->arena, "bytes %lld-%lld/%lld", (long long)r->at, (long long)(r->at + r->n - 1), size)
	                             : arena_format(t->c->arena, "bytes */%lld", size);
}

/* The reply is the last touch: the request may be gone when it returns. */
static void send_file(void *arg)
{
	struct transfer *t = arg;
	struct bytes body = { 0 };
	int fd = -1, r = open_and_fetch(t, &body, &fd);
	if (r < 0)
		return reply_error(t, t->c->error, r);
	const struct http_pair headers[] = {
		{ "Content-Disposition", disposition(t->c->arena, &t->info) },
		{ "Cache-Control", "private, max-age=600" },
		{ "Cross-Origin-Resource-Policy", "same-origin" },
		{ "Accept-Ranges", "bytes" },
		{ "Content-Range", t->range.kind == RANGE_WHOLE ? NULL : range_text(t) },
	};
	const int statuses[] = { [RANGE_WHOLE] = 200, [RANGE_PART] = 206, [RANGE_OUTSIDE] = 416 };
	const struct http_reply reply = { .status = statuses[t->range.kind], .type = t->form == FILE_THUMBNAIL ? "image/jpeg" : t->info.type,
		                          .headers = headers, .header_count = t->range.kind == RANGE_WHOLE ? 4 : 5, .body = body };
	if (fd < 0)
		http_reply(t->http, &reply);
	else
		http_reply_file(t->http, &reply, fd, 0, (uint64_t)t->reader.size);
}

static void start_reading(struct http_request *r, struct ctx *c, enum file_form form)
{
	struct transfer *t = new_transfer(r, c);
	t->form = form;
	int result = path_id(c, r, &t->id);
	if (result == 0)
		result = pool_submit(api_pool(r->user), send_file, t);
	if (result < 0)
		reply_error(t, c->error, result);
}

void file_send(struct http_request *r, struct ctx *c, int (*find)(struct ctx *c, struct http_request *r, int64_t *id))
{
	struct transfer *t = new_transfer(r, c);
	t->find = find;
	int result = pool_submit(api_pool(r->user), send_file, t);
	if (result < 0)
		reply_error(t, c->error, result);
}

static void content(struct http_request *r, struct ctx *c)
{
	start_reading(r, c, FILE_CONTENT);
}

static void thumbnail(struct http_request *r, struct ctx *c)
{
	start_reading(r, c, FILE_THUMBNAIL);
}

#define FILE_BEGIN(prefix, write)                                                                                                \
	ROUTE(POST, prefix "/file", write, WRITE, .body = BODY_JSON, .flags = ROUTE_CREATED, .in = &file_announce_shape,              \
	      .out = &file_place_shape, .run = file_announce, .zh = "开始上传文件", .en = "Announce a file")
#define FILE_ROUTES(prefix, write, read, more)                                                                                   \
	ROUTE(GET, prefix "/file/{id}", write, HOT, .flags = more, .in = &id_shape, .out = &file_place_shape, .run = place,           \
	      .zh = "上传进度", .en = "How far an upload came"),                                                                 \
	ROUTE(PATCH, prefix "/file/{id}", write, RAW, .body = BODY_PART, .flags = ROUTE_NO_KEY | more, .out = &file_place_shape,      \
	      .raw = part, .zh = "上传一段", .en = "Send a part"),                                                               \
	ROUTE(GET, prefix "/file/{id}/content", read, RAW, .flags = more, .raw = content, .zh = "文件内容", .en = "Content of a file"), \
	ROUTE(GET, prefix "/file/{id}/thumbnail", read, RAW, .flags = more, .raw = thumbnail, .zh = "缩略图", .en = "Thumbnail of a picture")

/* A visitor begins with a file of her own (domain/visitor): its route is there. */
const struct route file_routes[] = {
	FILE_BEGIN("/api/v1", "file.create"),
	FILE_ROUTES("/api/v1", "file.create", "file.read", 0),
	FILE_BEGIN("/api/v1/my", FOR_CUSTOMER),
	FILE_ROUTES("/api/v1/my", FOR_CUSTOMER, FOR_CUSTOMER, 0),
	FILE_ROUTES("/api/v1/visit", FOR_VISITOR, FOR_VISITOR, ROUTE_FOREIGN),
};
const size_t file_route_count = sizeof(file_routes) / sizeof(file_routes[0]);
