/* The two kinds of a bundle. */
#pragma once

#include <zip.h>

#include "base/text.h"
#include "engine/bundle/bundle.h"

struct bundle_name {
	const char *path;               /* NULL: no entry */
	uint64_t index;
	bool twice;                     /* another one is called the same */
};

struct bundle {
	struct arena *arena;
	struct bundle_limits limits;
	int root, fd;                   /* a folder, and the file being read; −1 */
	zip_t *zip;
	struct bundle_name *names;      /* by hash, `room` a power of two */
	size_t room;
	const char *top;                /* the one folder that all entries lie in, "files/", or "" */
	zip_file_t *file;
	uint64_t size, packed, got;     /* of the entry being read */
};

int bundle_zip_open(struct bundle *b, const char *path, const char **arg) MUST_CHECK;
int bundle_zip_find(struct bundle *b, const char *path) MUST_CHECK;
