/* Blobs in a folder: ab/cd/abcd…, readable by the owner only, moved into place by rename so that none is ever half there. */
#include "core/file/blob.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder_store {
	struct blob_store store;
	struct arena *arena;
	const char *folder;
};

enum { NAME_SIZE = 64 };

static bool is_name(const char *name)
{
	return strspn(name, "0123456789abcdef") == NAME_SIZE && !name[NAME_SIZE];
}

/* depth 1: folder/ab, 2: folder/ab/cd, 3: the blob. */
static const char *path_of(struct arena *a, struct blob_store *s, const char *name, int depth)
{
	const char *folder = ((struct folder_store *)s)->folder;
	if (depth == 1)
		return arena_format(a, "%s/%.2s", folder, name);
	if (depth == 2)
		return arena_format(a, "%s/%.2s/%.2s", folder, name, name + 2);
	return arena_format(a, "%s/%.2s/%.2s/%s", folder, name, name + 2, name);
}

static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_INTERNAL;
	int r = fsync(fd);
	close(fd);
	return r == 0 ? 0 : ERR_DATABASE_FULL;
}

static int make_folders(struct arena *a, struct blob_store *s, const char *name)
{
	const char *above = ((struct folder_store *)s)->folder;
	for (int depth = 1; depth <= 2; depth++) {
		const char *path = path_of(a, s, name, depth);
		if (mkdir(path, 0700) == 0)
			TRY(sync_folder(above));
		else if (errno != EEXIST)
			return errno == ENOSPC ? ERR_DATABASE_FULL : ERR_INTERNAL;
		above = path;
	}
	return 0;
}

static int folder_put(struct blob_store *s, const char *name, const char *path)
{
	ARENA_SCOPED a = arena_new();
	if (!is_name(name))
		return ERR_INTERNAL;
	TRY(make_folders(a, s, name));
	if (chmod(path, 0400) != 0 || rename(path, path_of(a, s, name, 3)) != 0)
		return errno == ENOSPC ? ERR_DATABASE_FULL : ERR_INTERNAL;
	return sync_folder(path_of(a, s, name, 2));
}

static int folder_open(struct blob_store *s, const char *name, int *fd)
{
	ARENA_SCOPED a = arena_new();
	*fd = is_name(name) ? open(path_of(a, s, name, 3), O_RDONLY | O_CLOEXEC) : -1;
	return *fd >= 0 ? 0 : ERR_NOT_FOUND;
}

static int folder_remove(struct blob_store *s, const char *name)
{
	ARENA_SCOPED a = arena_new();
	if (!is_name(name))
		return ERR_INTERNAL;
	return unlink(path_of(a, s, name, 3)) == 0 || errno == ENOENT ? 0 : ERR_INTERNAL;
}

/* What a walk carries down. */
struct walk {
	time_ms before;
	int (*each)(void *arg, const char *name);
	void *arg;
	int stopped;
};

static void walk_folder(struct walk *w, const char *path, int depth)
{
	ARENA_SCOPED a = arena_new();
	DIR *d = opendir(path);
	for (struct dirent *e; d && !w->stopped && (e = readdir(d));) {
		struct stat is;
		const char *inner = arena_format(a, "%s/%s", path, e->d_name);
		if (depth < 3 && strlen(e->d_name) == 2 && e->d_name[0] != '.')
			walk_folder(w, inner, depth + 1);
		else if (depth == 3 && is_name(e->d_name) && stat(inner, &is) == 0 && (time_ms)is.st_mtime * 1000 < w->before)
			w->stopped = w->each(w->arg, e->d_name);
	}
	if (d)
		closedir(d);
}

static int folder_walk(struct blob_store *s, time_ms before, int (*each)(void *arg, const char *name), void *arg)
{
	struct walk w = { .before = before, .each = each, .arg = arg };
	walk_folder(&w, ((struct folder_store *)s)->folder, 1);
	return w.stopped < 0 ? w.stopped : 0;
}

static void folder_close(struct blob_store *s)
{
	arena_free(((struct folder_store *)s)->arena);
}

int blob_folder_open(const char *folder, struct blob_store **out)
{
	static const struct blob_ops ops = { folder_put, folder_open, folder_remove, folder_walk, folder_close };
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return ERR_INTERNAL;
	struct arena *a = arena_new();
	struct folder_store *s = ARENA_NEW(a, struct folder_store);
	s->store.ops = &ops;
	s->arena = a;
	s->folder = arena_string(a, folder);
	*out = &s->store;
	return 0;
}
