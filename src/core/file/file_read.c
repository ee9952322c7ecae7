/* Reading files: what they are, their content in clear, piece by piece or whole. Rights are the caller's: see file_holders. */
#include "core/file/file_private.h"

#include <string.h>
#include <unistd.h>

#include "core/auth/auth.h"
#include "core/file/sniff.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "gen/file_sql.h"

static int show(struct ctx *c, const struct file *row, struct file_info *out)
{
	enum file_class class = file_kind_of(row->type)->class;
	*out = (struct file_info){ .id = row->id, .size = row->size, .width = row->width, .height = row->height, .created_at = row->created_at,
		                   .type = row->type, .has_thumbnail = row->thumbnail[0] != 0, .actor_kind = row->actor_kind,
		                   .actor_id = row->actor_id, .is_inline = class == FILE_PICTURE || class == FILE_MEDIA };
	return pii_open(c, row->key, "file.name", row->name, &out->name);
}

int file_show(struct ctx *c, int64_t id, struct file_info *out)
{
	struct file row;
	TRY(file_row_get(c, id, &row));
	return show(c, &row, out);
}

int file_held(struct ctx *c, const char *object, int64_t object_id, struct file_info **out, size_t *n)
{
	const struct error before = *c->error;
	struct file *rows;
	size_t found;
	TRY(files_used_by(c, object, object_id, &rows, &found));
	*out = ARENA_ARRAY(c->arena, struct file_info, found + 1);
	*n = 0;
	for (size_t i = 0; i < found; i++) {
		int r = show(c, &rows[i], &(*out)[*n]);
		if (r == ERR_ERASED)
			error_take_back(c->error, &before);
		else
			TRY(r);
		*n += r == 0;
	}
	return 0;
}

int file_holders(struct ctx *c, int64_t id, struct file_holder **holders, size_t *n)
{
	struct file_use *rows;
	TRY(file_uses(c, id, &rows, n));
	*holders = ARENA_ARRAY(c->arena, struct file_holder, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*holders)[i] = (struct file_holder){ rows[i].object, rows[i].object_id };
	return 0;
}

int file_open(struct ctx *c, int64_t id, enum file_form form, struct file_reader *out)
{
	struct file row;
	struct file_store *s = c->services->files;
	TRY(file_row_get(c, id, &row));
	const char *blob = form == FILE_CONTENT ? row.blob : row.thumbnail;
	if (!*blob)
		return ERR_NOT_FOUND;
	*out = (struct file_reader){ .id = id, .form = form, .size = form == FILE_CONTENT ? row.size : row.thumbnail_size, .fd = -1 };
	TRY(keystore_key(c->services->keys, c->arena, row.key, &out->key));
	int r = blob_open(s->blobs, blob, &out->fd);
	if (r < 0)
		crypto_wipe(&out->key, sizeof(out->key));
	return r;
}

int file_reader_read(struct file_reader *f, int64_t at, uint8_t *p, size_t n, size_t *got)
{
	ARENA_SCOPED a = arena_new();
	struct bytes piece;
	*got = 0;
	if (at < 0 || at >= f->size)
		return 0;
	TRY(sealed_read_piece(a, &f->key, f->id, f->form, f->fd, f->size, at / SEAL_CHUNK, &piece));
	size_t skip = (size_t)(at % SEAL_CHUNK);
	*got = piece.n - skip < n ? piece.n - skip : n;
	memcpy(p, piece.p + skip, *got);
	return 0;
}

void file_reader_close(struct file_reader *f)
{
	crypto_wipe(&f->key, sizeof(f->key));
	close_fd(&f->fd);
	f->fd = -1;
}

int file_reader_some(struct ctx *c, struct file_reader *f, int64_t from, int64_t size, struct bytes *out)
{
	uint8_t *p = arena_alloc(c->arena, (size_t)size + 1);
	for (int64_t at = 0; at < size;) {
		size_t got;
		TRY(file_reader_read(f, from + at, p + at, (size_t)(size - at), &got));
		at += (int64_t)got;
	}
	*out = (struct bytes){ p, (size_t)size };
	return 0;
}

int file_reader_all(struct ctx *c, struct file_reader *f, struct bytes *out)
{
	return file_reader_some(c, f, 0, f->size, out);
}

int file_read(struct ctx *c, int64_t id, enum file_form form, struct bytes *out)
{
	struct file_reader f;
	TRY(file_open(c, id, form, &f));
	int r = file_reader_all(c, &f, out);
	file_reader_close(&f);
	return r;
}

static int write_clear(struct file_reader *f, int fd)
{
	ARENA_SCOPED a = arena_new();
	uint8_t *p = arena_alloc(a, SEAL_CHUNK);
	for (int64_t at = 0; at < f->size;) {
		size_t got;
		TRY(file_reader_read(f, at, p, SEAL_CHUNK, &got));
		if (write(fd, p, got) != (ssize_t)got)
			return ERR_DATABASE_FULL;
		at += (int64_t)got;
	}
	return 0;
}

int file_reader_spill(struct ctx *c, struct file_reader *f, const char **path)
{
	FD_SCOPED fd = -1;
	TRY(temporary_file(c->services->files, c->arena, path, &fd));
	int r = write_clear(f, fd);
	if (r < 0)
		unlink(*path);
	return r;
}

int file_read_to(struct ctx *c, int64_t id, const char **path)
{
	struct file_reader f;
	TRY(file_open(c, id, FILE_CONTENT, &f));
	int r = file_reader_spill(c, &f, path);
	file_reader_close(&f);
	return r;
}

int file_read_own(struct ctx *c, int64_t id, const char **name, const char **path)
{
	enum { NAME_MOST = 80 };
	struct file_info info;
	TRY(file_show(c, id, &info));
	TRY(require(c, info.actor_kind == (int64_t)c->actor_kind && info.actor_id == c->actor_id, ERR_NOT_FOUND, NULL));
	*name = info.name ? arena_string_n(c->arena, info.name, utf8_prefix(info.name, NAME_MOST)) : "";
	return file_read_to(c, id, path);
}

int file_temporary(struct ctx *c, const char **path, int *fd)
{
	return temporary_file(c->services->files, c->arena, path, fd);
}
