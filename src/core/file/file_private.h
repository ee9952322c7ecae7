/* Inside of core/file: the store's struct and the sealed form of content. */
#pragma once

#include <unistd.h>

#include "base/crypto.h"
#include "base/pool.h"
#include "core/file/file.h"

enum { SEAL_CHUNK = 64 * 1024, PREPARED_MOST = 256 };

struct file_store {
	struct arena *arena;
	const char *folder, *media_child;
	struct blob_store *blobs;
	struct log *log;
	struct pool *pool;
};

/* folder/ID.part, and temporary files beside it: "tmp-…", removed by file_orphans when a crash left them. */
const char *upload_path(const struct file_store *s, struct arena *a, int64_t id);
/* Nobody else writes it from now on, until it is closed; ERR_BUSY: somebody does. */
int upload_lock(int fd) MUST_CHECK;
/* The key's row goes now, the key itself and the file at `part` (or NULL) after COMMIT. */
int forget_key(struct ctx *c, int64_t key, const char *part) MUST_CHECK;
/* An open temporary file that has a name. */
int temporary_file(const struct file_store *s, struct arena *a, const char **path, int *fd) MUST_CHECK;

/* Content in pieces of SEAL_CHUNK, each sealed and bound to file, form, place and whether it is the last: pieces cannot be
 * left out, exchanged or cut off, and any one opens without the others. */
int sealed_write(struct arena *a, const struct key *key, int64_t id, enum file_form form, int from, int64_t size, int to) MUST_CHECK;
int64_t sealed_pieces(int64_t size);
int sealed_read_piece(struct arena *a, const struct key *key, int64_t id, enum file_form form, int fd, int64_t size, int64_t piece,
                      struct bytes *out) MUST_CHECK;

static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define FD_SCOPED __attribute__((cleanup(close_fd))) int
