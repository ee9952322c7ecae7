/* Files that came beside a spreadsheet: in a zip, or in a folder that the operator names.
 *
 * Nothing is ever unpacked to a place that an entry names: a caller asks for a path and reads bytes. Names that lead out of the bundle
 * are found by nobody; what two entries are called by, links, locked entries and such as are not what they declare are refused one by
 * one, so that the others can be used. The sum of what the entries declare is held to a limit before any is read, and none gives more
 * than it declares. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct bundle;

struct bundle_limits {
	uint64_t bytes;         /* of all entries together, unpacked */
	uint32_t entries;
	uint32_t ratio;         /* unpacked : packed, for entries over 1 MB */
};
enum { BUNDLE_ENTRIES = 200000, BUNDLE_RATIO = 200 };

/* A zip or a folder. *arg fills the error's text: ERR_BUNDLE_FORMAT, ERR_BUNDLE_LIMIT. All memory comes from `a`. */
int bundle_open(struct arena *a, const char *path, const struct bundle_limits *limits, struct bundle **out, const char **arg) MUST_CHECK;
void bundle_close(struct bundle *b);            /* accepts NULL */

/* The one form of a path within a bundle: "/" between its parts, no "." among them. NULL: it leads out, or holds signs of control. */
const char *bundle_path(struct arena *a, const char *path);

/* Opens one to be read; one at a time. ERR_BUNDLE_…; *size as declared, at least 1. */
int bundle_find(struct bundle *b, const char *path, int64_t *size) MUST_CHECK;
/* Up to n bytes, 0 at the end, which comes after exactly `size`; else ERR_BUNDLE_BOMB or ERR_SHEET_DAMAGED. */
int64_t bundle_read(struct bundle *b, void *buffer, size_t n) MUST_CHECK;
void bundle_leave(struct bundle *b);            /* ends reading; harmless twice */
