/* The web pages: read at start, with name.gz and name.br that the build laid beside them, and served from memory.
 *
 * Assets with a hash in their name are cached for ever, the rest is asked for again with its ETag. A path that is no file
 * gets the page of its mount (the applications route in the browser), unless it looks like a file. Never reads the disk after
 * the start, so no path of a request ever reaches it. */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "base/log.h"

struct site;
struct MHD_Response;

struct site_mount {
	const char *prefix;     /* "/" or "/h5/" */
	const char *folder;     /* holds index.html */
};

/* mounts end with prefix NULL. A missing folder is logged and left out. Lives until site_free(). */
int site_load(const struct site_mount *mounts, struct log *log, struct site **out) MUST_CHECK;
void site_free(struct site *s);         /* after http_stop() */
size_t site_bytes(const struct site *s);

/* True for paths that are not the API's. */
bool site_claims(const char *path);

/* The prepared response in the best coding the client takes; it stays the site's. NULL: not found. */
struct MHD_Response *site_find(const struct site *s, const char *path, const char *accept_encoding, const char *if_none_match,
                               int *status, size_t *n);
