/* The store of files: its folder, its threads, and where in the folder things lie that are not finished. */
#include "core/file/file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

int file_store_open(const char *folder, struct blob_store *blobs, const char *media_child, unsigned at_once, struct log *log,
                    struct file_store **out)
{
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return ERR_INTERNAL;
	struct arena *a = arena_new();
	struct file_store *s = ARENA_NEW(a, struct file_store);
	*s = (struct file_store){ .arena = a, .folder = arena_string(a, folder), .media_child = arena_string(a, media_child),
		                  .blobs = blobs, .log = log };
	int r = pool_open(at_once, PREPARED_MOST, &s->pool);
	if (r < 0)
		arena_free(a);
	else
		*out = s;
	return r;
}

void file_store_stop(struct file_store *s)
{
	pool_close(s->pool);
	s->pool = NULL;
}

void file_store_close(struct file_store *s)
{
	if (!s)
		return;
	file_store_stop(s);
	arena_free(s->arena);
}

struct pool *file_pool(struct file_store *s)
{
	return s->pool;
}

const char *upload_path(const struct file_store *s, struct arena *a, int64_t id)
{
	return arena_format(a, "%s/%lld.part", s->folder, (long long)id);
}

int temporary_file(const struct file_store *s, struct arena *a, const char **path, int *fd)
{
	char *name = arena_format(a, "%s/tmp-XXXXXX", s->folder);
	*fd = mkostemp(name, O_CLOEXEC);
	*path = name;
	if (*fd < 0)
		return errno == ENOSPC ? ERR_DATABASE_FULL : ERR_INTERNAL;
	return 0;
}
