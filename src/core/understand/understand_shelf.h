/* What is derived for companies, each a file: found by whoever asks, put in the place of an older one.
 *
 * Kept in memory up to a limit, the least lately used go first, and as files, so that a restart derives nothing again. What is held never changes and is
 * counted, so whoever asked goes on with the one she has. Safe from any thread; no lock is held while a file is read or written. */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct shelf;

struct shelf_kind {
	const char *ending;             /* of its files */
	size_t most, most_bytes;        /* in memory; 0 bytes: their number alone counts */
	/* In the arena, or ERR_STATE: the bytes are none of it, or of another product. */
	int (*read)(struct arena *a, const char *product, struct bytes b, void **out);
};

/* Goes with the arena. folder NULL, or one that cannot be made: in memory alone. */
struct shelf *shelf_new(struct arena *a, const char *folder, const struct shelf_kind *kind);

/* product "": what is of all of them. As long as `a`; NULL: there is none. */
const void *shelf_find(struct shelf *s, struct arena *a, int64_t tenant, const char *product);
/* ERR_STATE when its kind cannot read it. */
int shelf_keep(struct shelf *s, int64_t tenant, const char *product, struct bytes b) MUST_CHECK;
/* All of a company goes from memory; files stay. */
void shelf_drop(struct shelf *s, int64_t tenant);
/* As it was kept last; nothing where it is not known. */
struct bytes shelf_file(const struct shelf *s, struct arena *a, int64_t tenant, const char *product);
