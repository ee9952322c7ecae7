/* A file that holds room on the database's disk: given back when the disk is full, so that what is under way can end and
 * people can still tidy up. Made again when there is room. It never writes over anything else than its own path. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct reserve {
	const char *path;       /* NULL: no reserve */
	int64_t again_ns;       /* when to try to make it again; 0 while it is there */
};

enum { RESERVE_SIZE = 32 * 1024 * 1024 };

void reserve_make(struct reserve *r);
bool reserve_free(struct reserve *r);           /* false when there was nothing to give back */
void reserve_restore(struct reserve *r);        /* cheap; makes it again at most once a minute */
