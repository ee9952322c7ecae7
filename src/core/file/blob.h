/* A place for sealed files, named by the SHA-256 of their bytes: a folder, or any S3-compatible store.
 *
 * A blob never changes. Putting the same name twice is harmless. Names are 64 hex digits and nothing else. */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "base/setting.h"

struct blob_store {
	const struct blob_ops *ops;
};

struct blob_ops {
	/* Takes the file at `path` (moved or copied, then gone); durable when it returns. */
	int (*put)(struct blob_store *s, const char *name, const char *path);
	/* Opens for reading: a descriptor of a file that may already be unlinked. ERR_NOT_FOUND. */
	int (*open)(struct blob_store *s, const char *name, int *fd);
	int (*remove)(struct blob_store *s, const char *name);          /* none is fine */
	/* Calls `each` for every blob stored before `before`, until it returns non-zero. */
	int (*walk)(struct blob_store *s, time_ms before, int (*each)(void *arg, const char *name), void *arg);
	void (*close)(struct blob_store *s);
};

int blob_folder_open(const char *folder, struct blob_store **out) MUST_CHECK;

struct blob_s3_options {
	const char *url;        /* https://host[:port]/bucket, or with a folder behind it */
	const char *region, *access_key, *secret_key;
	const char *temporary;  /* folder for downloads */
	const struct setting_values *settings;  /* how long to wait */
};
int blob_s3_open(const struct blob_s3_options *options, struct blob_store **out) MUST_CHECK;

static inline int blob_put(struct blob_store *s, const char *name, const char *path) { return s->ops->put(s, name, path); }
static inline int blob_open(struct blob_store *s, const char *name, int *fd) { return s->ops->open(s, name, fd); }
static inline int blob_remove(struct blob_store *s, const char *name) { return s->ops->remove(s, name); }
static inline void blob_close(struct blob_store *s) { if (s) s->ops->close(s); }
