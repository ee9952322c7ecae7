/* Paths, folders, and reading from either kind. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/bundle/bundle_private.h"

enum { LONGEST_PATH = 1024, RATIO_FROM = 1 << 20 };

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || c == 0xFFFD;
}

/* One part behind what is there already; "." says nothing. */
static bool add_part(struct text *t, const char *part, size_t n)
{
	if (n == 0 || (n == 1 && *part == '.'))
		return true;
	if (n == 2 && part[0] == '.' && part[1] == '.')
		return false;
	if (t->n)
		text_char(t, '/');
	text_append_n(t, part, n);
	return true;
}

const char *bundle_path(struct arena *a, const char *path)
{
	struct text t = text_in(a);
	size_t all = strlen(path);
	bool drive = all > 1 && path[1] == ':' && (path[0] | 32) >= 'a' && (path[0] | 32) <= 'z';
	if (all > LONGEST_PATH || *path == '/' || *path == '\\' || drive)
		return NULL;
	for (const char *p = path, *end = path + all; p < end;)
		if (is_control(utf8_next(&p, end)))
			return NULL;
	for (const char *p = path; *p;) {
		size_t n = strcspn(p, "/\\");
		if (!add_part(&t, p, n))
			return NULL;
		p += n + (p[n] != 0);
	}
	return t.n ? text_end(&t) : NULL;
}

/* Folder --------------------------------------------------------------------------------------------------------------- */

/* Part by part, so that no link on the way leads elsewhere. */
static int open_below(int root, struct arena *a, const char *path)
{
	int at = dup(root);
	for (const char *p = path; at >= 0 && *p;) {
		size_t n = strcspn(p, "/");
		bool last = p[n] == 0;
		int next = openat(at, arena_string_n(a, p, n), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (last ? 0 : O_DIRECTORY));
		int why = errno;
		close(at);
		errno = why;
		at = next;
		p += n + !last;
	}
	return at;
}

static int find_in_folder(struct bundle *b, const char *path)
{
	struct stat st;
	b->fd = open_below(b->root, b->arena, path);
	if (b->fd < 0)
		return errno == ELOOP || errno == ENOTDIR || errno == ENXIO ? ERR_BUNDLE_KIND : ERR_BUNDLE_ABSENT;
	if (fstat(b->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return ERR_BUNDLE_KIND;
	b->size = b->packed = (uint64_t)st.st_size;
	return 0;
}

/* Either --------------------------------------------------------------------------------------------------------------- */

int bundle_open(struct arena *a, const char *path, const struct bundle_limits *limits, struct bundle **out, const char **arg)
{
	struct bundle *b = ARENA_NEW(a, struct bundle);
	*b = (struct bundle){ .arena = a, .limits = *limits, .root = -1, .fd = -1, .top = "" };
	*out = b;
	*arg = NULL;
	b->root = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	if (b->root >= 0)
		return 0;
	return errno == ENOTDIR ? bundle_zip_open(b, path, arg) : ERR_BUNDLE_FORMAT;
}

void bundle_leave(struct bundle *b)
{
	if (b->file)
		zip_fclose(b->file);
	if (b->fd >= 0)
		close(b->fd);
	b->file = NULL;
	b->fd = -1;
}

void bundle_close(struct bundle *b)
{
	if (!b)
		return;
	bundle_leave(b);
	if (b->zip)
		zip_discard(b->zip);
	if (b->root >= 0)
		close(b->root);
	b->zip = NULL;
	b->root = -1;
}

static bool is_bomb(const struct bundle *b, uint64_t size)
{
	return size > RATIO_FROM && size / b->limits.ratio > b->packed;
}

int bundle_find(struct bundle *b, const char *path, int64_t *size)
{
	const char *clean = bundle_path(b->arena, path);
	bundle_leave(b);
	if (!clean)
		return ERR_BUNDLE_PATH;
	b->got = 0;
	int r = b->zip ? bundle_zip_find(b, clean) : find_in_folder(b, clean);
	if (r == 0 && b->size == 0)
		r = ERR_BUNDLE_KIND;
	if (r == 0 && (b->size > (uint64_t)INT64_MAX || is_bomb(b, b->size)))
		r = ERR_BUNDLE_BOMB;
	if (r < 0)
		bundle_leave(b);
	else
		*size = (int64_t)b->size;
	return r;
}

int64_t bundle_read(struct bundle *b, void *buffer, size_t n)
{
	int64_t got = b->file ? zip_fread(b->file, buffer, n) : read(b->fd, buffer, n);
	if (got < 0)
		return ERR_SHEET_DAMAGED;
	b->got += (uint64_t)got;
	if (b->got > b->size || is_bomb(b, b->got))
		return ERR_BUNDLE_BOMB;
	return got == 0 && b->got < b->size ? ERR_SHEET_DAMAGED : got;
}
