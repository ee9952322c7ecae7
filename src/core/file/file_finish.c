/* From a complete upload to a kept file: judged, made harmless, sealed, stored; then named by a row. */
#include "core/file/file_private.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/media.h"
#include "core/file/moov.h"
#include "core/file/sniff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/file_sql.h"

enum { THUMBNAIL_SIDE = 320 };

/* One file being prepared. Temporary files go with it, whatever happens. */
struct preparation {
	struct ctx *c;
	struct file_store *s;
	struct upload row;
	struct key key;
	int content, thumbnail;         /* descriptors in clear; −1 for none */
	const char *paths[4];           /* temporary files to remove */
	size_t path_count;
};

static int make_temporary(struct preparation *p, const char **path, int *fd)
{
	TRY(temporary_file(p->s, p->c->arena, path, fd));
	p->paths[p->path_count++] = *path;
	return 0;
}

/* Nobody writes any more after this: what is judged is what is kept. */
static int close_upload(struct preparation *p)
{
	struct stat is;
	p->content = open(upload_path(p->s, p->c->arena, p->row.id), O_RDWR | O_CLOEXEC);
	if (p->content < 0)
		return fail(p->c, ERR_NOT_FOUND, NULL);
	if (flock(p->content, LOCK_EX) != 0 || fchmod(p->content, S_IRUSR) != 0 || ftruncate(p->content, p->row.size) != 0 ||
	    fstat(p->content, &is) != 0)
		return ERR_INTERNAL;
	return 0;
}

/* Pictures ------------------------------------------------------------------------------------------------------------- */

static void take_turn(struct file_store *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->pictures == PICTURES_AT_ONCE)
		pthread_cond_wait(&s->freed, &s->lock);
	s->pictures++;
	pthread_mutex_unlock(&s->lock);
}

static void give_turn(struct file_store *s)
{
	pthread_mutex_lock(&s->lock);
	s->pictures--;
	pthread_cond_signal(&s->freed);
	pthread_mutex_unlock(&s->lock);
}

static int make_harmless(struct preparation *p, const char *type, struct file_ready *out)
{
	const char *path;
	int fd = -1;
	TRY(make_temporary(p, &path, &fd));
	int r = make_temporary(p, &path, &p->thumbnail);
	int side = p->s->limits.picture_side_most;
	struct media_job job = { .program = p->s->media_child, .type = type, .in = p->content, .out = fd, .thumbnail = p->thumbnail,
		                 .side = side, .thumbnail_side = side < THUMBNAIL_SIDE ? side : THUMBNAIL_SIDE };
	if (r == 0) {
		take_turn(p->s);
		r = media_run(&job);
		give_turn(p->s);
	}
	close(p->content);
	p->content = fd;
	out->width = job.width;
	out->height = job.height;
	return r == ERR_MEDIA_TYPE ? fail(p->c, r, NULL) : r;
}

static int judge(struct preparation *p, struct file_ready *out)
{
	uint8_t head[SNIFF_SIZE];
	ssize_t n = pread(p->content, head, sizeof(head), 0);
	const struct file_kind *kind = sniff(head, n > 0 ? (size_t)n : 0);
	out->type = kind->type;
	if (kind->class == FILE_REFUSED)
		return fail(p->c, ERR_MEDIA_TYPE, NULL);
	if (kind->class == FILE_MEDIA)
		return moov_forget_place(p->content, p->row.size);
	return kind->class == FILE_PICTURE ? make_harmless(p, kind->type, out) : 0;
}

/* Storing -------------------------------------------------------------------------------------------------------------- */

static int name_of(struct arena *a, int fd, const char **name)
{
	struct stat is;
	uint8_t hash[HASH_SIZE];
	if (fstat(fd, &is) != 0)
		return ERR_INTERNAL;
	void *p = mmap(NULL, (size_t)is.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return ERR_NO_MEMORY;
	hash_sha256(p, (size_t)is.st_size, hash);
	munmap(p, (size_t)is.st_size);
	*name = hex(a, hash, sizeof(hash));
	return 0;
}

static int store(struct preparation *p, enum file_form form, int from, const char **blob, int64_t *size)
{
	struct stat is;
	const char *path;
	FD_SCOPED fd = -1;
	if (fstat(from, &is) != 0)
		return ERR_INTERNAL;
	*size = is.st_size;
	TRY(make_temporary(p, &path, &fd));
	TRY(sealed_write(p->c->arena, &p->key, p->row.id, form, from, *size, fd));
	TRY(name_of(p->c->arena, fd, blob));
	return blob_put(p->s->blobs, *blob, path);
}

static int prepare(struct preparation *p, struct file_ready *out)
{
	TRY(keystore_key(p->c->services->keys, p->c->arena, p->row.key, &p->key));
	TRY(close_upload(p));
	TRY(judge(p, out));
	TRY(store(p, FILE_CONTENT, p->content, &out->blob, &out->size));
	return p->thumbnail < 0 ? 0 : store(p, FILE_THUMBNAIL, p->thumbnail, &out->thumbnail, &out->thumbnail_size);
}

int file_prepare(struct ctx *c, int64_t id, struct file_ready *out)
{
	struct preparation p = { .c = c, .s = c->services->files, .content = -1, .thumbnail = -1 };
	struct upload_place place;
	*out = (struct file_ready){ .thumbnail = "" };
	TRY(file_place(c, id, &place));
	if (place.offset != place.size)
		return fail(c, ERR_OFFSET, arena_format(c->arena, "%lld", (long long)place.offset));
	int r = upload_row_get(c, id, &p.row);
	if (r == ERR_NOT_FOUND)
		return fail(c, ERR_STATE, NULL);        /* finished already */
	TRY(r);
	r = prepare(&p, out);
	crypto_wipe(&p.key, sizeof(p.key));
	close_fd(&p.content);
	close_fd(&p.thumbnail);
	for (size_t i = 0; i < p.path_count; i++)
		unlink(p.paths[i]);
	return r;
}

static void remove_part(void *arg)
{
	unlink(arg);
}

int file_finish(struct ctx *c, int64_t id, const struct file_ready *ready)
{
	struct upload row;
	TRY(upload_row_get(c, id, &row));
	struct file file = { .id = id, .key = row.key, .name = row.name, .blob = ready->blob, .size = ready->size, .type = ready->type,
		             .width = ready->width, .height = ready->height, .thumbnail = ready->thumbnail,
		             .thumbnail_size = ready->thumbnail_size, .actor_kind = row.actor_kind, .actor_id = row.actor_id,
		             .created_at = c->now };
	TRY(file_row_insert(c, &file));
	TRY(upload_row_remove(c, id));
	after_commit(c, remove_part, (void *)upload_path(c->services->files, c->arena, id));
	return 0;
}
