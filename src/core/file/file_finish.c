/* From a complete upload to a kept file: judged, made harmless, sealed, stored; then named by a row. */
#include "core/file/file_private.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/media.h"
#include "core/file/moov.h"
#include "core/file/sniff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/file_sql.h"

enum { THUMBNAIL_SIDE = 320 };

/* One file being prepared. Temporary files go with it, whatever happens. */
struct preparation {
	struct ctx *c;
	struct file_store *s;
	const struct upload_place *place;
	struct key key;
	int content, thumbnail, lock;   /* descriptors in clear; −1 for none */
	const char *paths[4];           /* temporary files to remove */
	size_t path_count;
};

static int make_temporary(struct preparation *p, const char **path, int *fd)
{
	TRY(temporary_file(p->s, p->c->arena, path, fd));
	p->paths[p->path_count++] = *path;
	return 0;
}

/* Locked until the end: nobody writes while it is judged. Bytes behind the announced size are cut off. */
static int close_upload(struct preparation *p)
{
	struct stat is;
	p->content = open(upload_path(p->s, p->c->arena, p->place->id), O_RDWR | O_CLOEXEC);
	if (p->content < 0)
		return fail(p->c, ERR_NOT_FOUND, NULL);
	p->lock = fcntl(p->content, F_DUPFD_CLOEXEC, 0);
	if (upload_lock(p->content) < 0)
		return fail(p->c, ERR_BUSY, NULL);
	if (fstat(p->content, &is) != 0)
		return ERR_INTERNAL;
	if (is.st_size < p->place->size)
		return fail(p->c, ERR_OFFSET, arena_format(p->c->arena, "%lld", (long long)p->place->offset));
	return ftruncate(p->content, p->place->size) == 0 ? 0 : ERR_INTERNAL;
}

/* Pictures ------------------------------------------------------------------------------------------------------------- */

static int make_harmless(struct preparation *p, const char *type, struct file_ready *out)
{
	const char *path;
	int fd = -1;
	TRY(make_temporary(p, &path, &fd));
	int r = make_temporary(p, &path, &p->thumbnail);
	int side = (int)setting_of(p->c, SETTING_FILE_PICTURE_SIDE);
	struct media_job job = { .program = p->s->media_child, .type = type, .in = p->content, .out = fd, .thumbnail = p->thumbnail,
		                 .side = side, .thumbnail_side = side < THUMBNAIL_SIDE ? side : THUMBNAIL_SIDE };
	if (r == 0)
		r = media_run(&job);
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
		return moov_forget_place(p->content, p->place->size);
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
	TRY(sealed_write(p->c->arena, &p->key, p->place->id, form, from, *size, fd));
	TRY(name_of(p->c->arena, fd, blob));
	return blob_put(p->s->blobs, *blob, path);
}

static int prepare(struct preparation *p, struct file_ready *out)
{
	TRY(keystore_key(p->c->services->keys, p->c->arena, p->place->key, &p->key));
	TRY(close_upload(p));
	TRY(judge(p, out));
	TRY(store(p, FILE_CONTENT, p->content, &out->blob, &out->size));
	return p->thumbnail < 0 ? 0 : store(p, FILE_THUMBNAIL, p->thumbnail, &out->thumbnail, &out->thumbnail_size);
}

int file_prepare(struct ctx *c, const struct upload_place *place, struct file_ready *out)
{
	struct preparation p = { .c = c, .s = c->services->files, .place = place, .content = -1, .thumbnail = -1, .lock = -1 };
	*out = (struct file_ready){ .thumbnail = "" };
	int r = prepare(&p, out);
	crypto_wipe(&p.key, sizeof(p.key));
	close_fd(&p.content);
	close_fd(&p.thumbnail);
	close_fd(&p.lock);
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
	struct file file;
	int r = upload_row_get(c, id, &row);
	if (r == ERR_NOT_FOUND)
		return file_row_get(c, id, &file);
	TRY(r);
	file = (struct file){ .id = id, .key = row.key, .name = row.name, .blob = ready->blob, .size = ready->size, .type = ready->type,
		             .width = ready->width, .height = ready->height, .thumbnail = ready->thumbnail,
		             .thumbnail_size = ready->thumbnail_size, .actor_kind = row.actor_kind, .actor_id = row.actor_id,
		             .created_at = c->now };
	TRY(file_row_insert(c, &file));
	TRY(upload_row_remove(c, id));
	after_commit(c, remove_part, (void *)upload_path(c->services->files, c->arena, id));
	return 0;
}
