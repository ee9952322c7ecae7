/* A Word document that an editor uploaded, as the words of an article: read, its pictures taken by the way of every upload, and told what of it did not come
 * along. It makes nothing but those files, which are gone after a day unless an article names them. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/file/file.h"
#include "core/file/sniff.h"
#include "core/services.h"
#include "domain/knowledge/knowledge_private.h"
#include "engine/document/docx.h"

#define MARK "](picture:"

struct read_in {
	int64_t file_id;
};
static const struct member read_members[] = { MEMBER(struct read_in, file_id, id, .flags = MEMBER_REQUIRED) };
const struct shape article_read_shape = SHAPE("article_read", struct read_in, read_members);

struct article_reading {
	struct http_request *http;
	struct ctx *c;
	const struct read_in *in;
	const char *name, *path;
	int fd;
	struct docx_text words;
	int64_t *files;                 /* of the pictures; 0: not taken */
	int64_t file;
	struct file_ready ready;
};

static int find_file(struct ctx *c, void *arg)
{
	struct article_reading *r = arg;
	return file_read_own(c, r->in->file_id, &r->name, &r->path);
}

static int64_t read_at(void *self, uint64_t offset, void *buffer, size_t n)
{
	ssize_t got = pread(*(int *)self, buffer, n, (off_t)offset);
	return got < 0 ? ERR_INTERNAL : got;
}

/* Pictures ------------------------------------------------------------------------------------------------------------------- */

static int finish(struct ctx *c, void *arg)
{
	struct article_reading *r = arg;
	return file_finish(c, r->file, &r->ready);
}

/* Drawings of other kinds could be stored, but not shown. */
static int take_picture(struct article_reading *r, struct docx *d, size_t number)
{
	ARENA_SCOPED a = arena_new();
	struct bytes bytes;
	r->file = 0;
	TRY(docx_picture(d, number, a, &bytes));
	if (!bytes.n || sniff(bytes.p, bytes.n < SNIFF_SIZE ? bytes.n : SNIFF_SIZE)->class != FILE_PICTURE)
		return 0;
	TRY(file_bring(r->c, arena_format(r->c->arena, "%s %zu", r->name, number + 1), bytes, &r->file, &r->ready));
	struct write_request w = { .run = finish, .arg = r, .queue = QUEUE_PEOPLE, .ctx = *r->c };
	return r->file ? writer_run(r->c->services->writer, &w) : 0;
}

/* "![words](picture:2)" → "![words](file:17)"; one that was not taken goes with its words. The reader escapes what the document says, so that it holds no other
 * such mark. */
static const char *with_files(struct article_reading *r, struct arena *a)
{
	struct text t = text_in(a);
	const char *p = r->words.body, *mark;
	while ((mark = strstr(p, MARK))) {
		char *behind;
		size_t number = strtoul(mark + strlen(MARK), &behind, 10), begin = t.n;
		text_append_n(&t, p, (size_t)(mark - p));
		p = behind + (*behind == ')');
		if (number < r->words.pictures && r->files[number]) {
			text_format(&t, "](file:%lld)", (long long)r->files[number]);
			continue;
		}
		r->words.left.pictures++;
		while (t.n > begin && !(t.p[t.n] == '[' && t.p[t.n - 1] == '!'))
			t.n--;
		t.n -= t.n > begin;
		t.p[t.n] = 0;
	}
	text_append(&t, p);
	return text_end(&t);
}

/* Reading --------------------------------------------------------------------------------------------------------------------- */

static int read_document(struct article_reading *r)
{
	struct sheet_fault fault;
	struct stat st;
	DOCX_SCOPED d = NULL;
	if (fstat(r->fd, &st) < 0)
		return ERR_INTERNAL;
	const struct sheet_source source = { .size = (uint64_t)st.st_size, .read_at = read_at, .self = &r->fd };
	int code = docx_open(r->c->arena, &source, NULL, &fault, &d);
	if (code == 0)
		code = docx_read(d, &r->words);
	if (code < 0)
		return fail(r->c, code, fault.arg);
	r->files = ARENA_ARRAY(r->c->arena, int64_t, r->words.pictures + 1);
	for (size_t i = 0; i < r->words.pictures; i++) {
		code = take_picture(r, d, i);
		if (code < 0)
			return r->c->error->code ? r->c->error->code : fail(r->c, code, fault.arg);
		r->files[i] = r->file;
	}
	return 0;
}

static const char *answer(struct article_reading *r)
{
	struct text t = text_in(r->c->arena);
	const char *body = with_files(r, r->c->arena), *title = r->words.title ? r->words.title : "";
	const struct docx_left *l = &r->words.left;
	text_append(&t, "{\"title\":");
	json_text(&t, arena_string_n(r->c->arena, title, utf8_prefix(title, ARTICLE_TITLE_MOST)));
	text_append(&t, ",\"body\":");
	json_text(&t, body);
	text_format(&t, ",\"left\":{\"pictures\":%zu,\"objects\":%zu,\"notes\":%zu,\"comments\":%zu,\"deleted\":%zu,\"hidden\":%zu,\"links\":%zu}}", l->pictures, l->objects, l->notes, l->comments, l->deleted, l->hidden,
	            l->links);
	return text_end(&t);
}

static void refuse(struct article_reading *r, int code)
{
	struct error *e = r->c->error;
	if (!e->code)
		e->code = code;
	http_reply_error(r->http, e);
}

static void read_start(void *arg)
{
	struct article_reading *r = arg;
	int code = readers_run(r->c->services->readers, r->c, find_file, r);
	if (code == 0) {
		r->fd = open(r->path, O_RDONLY | O_CLOEXEC);
		unlink(r->path);
		code = r->fd < 0 ? ERR_INTERNAL : read_document(r);
	}
	if (r->fd >= 0)
		close(r->fd);
	if (code < 0)
		return refuse(r, code);
	const char *json = answer(r);
	http_reply_json(r->http, 200, json, strlen(json));
}

/* Where pictures are made anew, so that they wait for each other and nobody else for them. */
void article_read(struct http_request *http, struct ctx *c)
{
	struct api_call *k = http->user;
	struct article_reading *r = ARENA_NEW(c->arena, struct article_reading);
	*r = (struct article_reading){ .http = http, .c = c, .fd = -1 };
	int code = call_read_input(k);
	r->in = k->in;
	if (code == 0)
		code = pool_submit(file_pool(c->services->files), read_start, r);
	if (code < 0)
		refuse(r, code);
}
