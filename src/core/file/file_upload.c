/* A file on its way in: announced, filled part by part, never further than the row says. */
#include "core/file/file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/text.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/file_sql.h"

enum { LONGEST_NAME = 100 };

/* The last part of a path, without what a terminal, a page or a file system could take amiss. */
static const char *clean_name(struct arena *a, const char *name)
{
	struct text t = text_in(a);
	for (const char *p = name; *p; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	for (const char *p = name, *end = name + strlen(name); p < end;) {
		uint32_t c = utf8_next(&p, end);
		bool turns = (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
		if (c >= 0x20 && c != 0x7F && c != '"' && !turns && c != 0xFEFF)
			utf8_append(&t, c);
	}
	const char *clean = text_end(&t);
	while (*clean == '.' || *clean == ' ')
		clean++;
	return arena_string_n(a, clean, utf8_prefix(clean, LONGEST_NAME));
}

static int check_announced(struct ctx *c, const char *name, int64_t size)
{
	int64_t most = setting_of(c, SETTING_FILE_SIZE);
	struct uploads_open_row open;
	if (text_empty(name)) {
		fail_field(c, "name", ERR_FIELD_REQUIRED, NULL);
		return ERR_INVALID;
	}
	if (size < 1) {
		fail_field(c, "size", ERR_FIELD_TOO_SMALL, "1");
		return ERR_INVALID;
	}
	if (size > most)
		return fail(c, ERR_TOO_LARGE, arena_format(c->arena, "%lld MB", (long long)(most >> 20)));
	TRY(uploads_open(c, c->actor_kind, c->actor_id, c->now, &open));
	return open.n < setting_of(c, SETTING_FILE_OPEN) ? 0 : fail(c, ERR_RATE, "3600");
}

int file_begin(struct ctx *c, const char *name, int64_t size, struct upload_place *out)
{
	name = clean_name(c->arena, name ? name : "");
	TRY(check_announced(c, name, size));
	struct upload row = { .id = new_id(c), .size = size, .actor_kind = c->actor_kind, .actor_id = c->actor_id,
		              .created_at = c->now, .expires_at = c->now + setting_ms(c, SETTING_KEEP_UPLOAD) };
	TRY(keystore_take(c->services->keys, &row.key));
	TRY(pii_key_of_file(c, row.key, row.id));
	TRY(pii_seal(c, row.key, "file.name", name, &row.name));
	*out = (struct upload_place){ .id = row.id, .size = size, .key = row.key };
	return upload_row_insert(c, &row);
}

static bool is_own(const struct ctx *c, int64_t actor_kind, int64_t actor_id)
{
	return (int64_t)c->actor_kind == actor_kind && c->actor_id == actor_id;
}

int file_place(struct ctx *c, int64_t id, struct upload_place *out)
{
	struct upload row;
	struct file done;
	int r = upload_row_get(c, id, &row);
	if (r == 0 && is_own(c, row.actor_kind, row.actor_id)) {
		*out = (struct upload_place){ .id = id, .offset = row.done, .size = row.size, .key = row.key };
		return 0;
	}
	if (r != ERR_NOT_FOUND && r < 0)
		return r;
	r = file_row_get(c, id, &done);
	if (r < 0 || !is_own(c, done.actor_kind, done.actor_id))
		return fail(c, r < 0 ? r : ERR_NOT_FOUND, NULL);
	*out = (struct upload_place){ .id = id, .offset = done.size, .size = done.size };
	return 0;
}

/* Parts ---------------------------------------------------------------------------------------------------------------- */

static int wrong_offset(struct ctx *c, const struct upload_place *place)
{
	return fail(c, ERR_OFFSET, arena_format(c->arena, "%lld", (long long)place->offset));
}

/* A child that another thread is starting holds our open files for an instant, and with them a lock that we have let go of: that is waited for. */
int upload_lock(int fd)
{
	enum { TRIES = 50 };
	static const struct timespec instant = { .tv_nsec = 4000000 };
	for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
		if (errno != EWOULDBLOCK || i == TRIES)
			return ERR_BUSY;
		nanosleep(&instant, NULL);
	}
	return 0;
}

/* Behind a lock that file_prepare holds while it judges: what is judged is what is kept. */
static int write_part(struct ctx *c, int fd, const struct upload_place *place, struct bytes part)
{
	struct stat is;
	if (upload_lock(fd) < 0)
		return fail(c, ERR_BUSY, NULL);
	if (fstat(fd, &is) != 0 || is.st_size < place->offset)
		return wrong_offset(c, place);
	for (size_t done = 0; done < part.n;) {
		ssize_t n = pwrite(fd, part.p + done, part.n - done, place->offset + (int64_t)done);
		if (n <= 0)
			return errno == ENOSPC ? fail(c, ERR_DATABASE_FULL, NULL) : ERR_INTERNAL;
		done += (size_t)n;
	}
	return fsync(fd) == 0 ? 0 : ERR_INTERNAL;
}

int file_part(struct ctx *c, const struct upload_place *place, int64_t at, struct bytes part)
{
	struct file_store *s = c->services->files;
	if (at != place->offset)
		return wrong_offset(c, place);
	if (part.n == 0 || (int64_t)part.n > place->size - place->offset)
		return fail(c, ERR_BAD_REQUEST, NULL);
	int64_t most = setting_of(c, SETTING_FILE_PART);
	if ((int64_t)part.n > most)
		return fail(c, ERR_TOO_LARGE, arena_format(c->arena, "%lld KB", (long long)(most >> 10)));
	FD_SCOPED fd = open(upload_path(s, c->arena, place->id), O_RDWR | O_CLOEXEC | (at == 0 ? O_CREAT : 0), 0600);
	if (fd < 0)
		return errno == ENOENT ? fail(c, ERR_NOT_FOUND, NULL) : ERR_INTERNAL;
	return write_part(c, fd, place, part);
}

int file_advance(struct ctx *c, int64_t id, int64_t from, int64_t to)
{
	struct upload_place place;
	int64_t changed;
	TRY(file_place(c, id, &place));
	if (place.offset != from || to > place.size)
		return wrong_offset(c, &place);
	TRY(upload_grow(c, id, from, to, c->now + setting_ms(c, SETTING_KEEP_UPLOAD), &changed));
	return changed ? 0 : wrong_offset(c, &place);
}

int file_drop(struct ctx *c, int64_t id)
{
	struct upload row;
	int r = upload_row_get(c, id, &row);
	if (r == ERR_NOT_FOUND || (r == 0 && !is_own(c, row.actor_kind, row.actor_id)))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(r);
	TRY(upload_row_remove(c, id));
	return forget_key(c, row.key, upload_path(c->services->files, c->arena, id));
}
