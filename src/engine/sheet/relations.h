/* Relations of a part of an Office package: an id and a kind of link to another part, or to an address outside of it. */
#pragma once

#include "engine/sheet/package.h"

struct relation {
	const char *id, *type;
	const char *path;              /* entry of the package; of an external one the address as it is written */
	bool external;
	struct relation *next;
};

struct relations {
	struct sheet *sheet;
	const char *folder;            /* of the part they belong to, with ending slash or empty */
	struct relation *first;
	const struct relation **by_id;
	size_t count;
};

/* `path`: of the part with the relations. ERR_NOT_FOUND: there is none. */
int relations_read(struct sheet *s, struct package *p, const char *path, const char *folder, struct relations *out) MUST_CHECK;
/* Of the part at `path`, wherever the package keeps them. */
int relations_of_part(struct sheet *s, struct package *p, const char *path, struct relations *out) MUST_CHECK;

/* By the last word of the type, which strict and transitional files share. External ones are no parts: NULL. */
const char *relation_path(const struct relations *list, const char *type);
const struct relation *relation_find(const struct relations *list, const char *id);      /* or NULL */
bool relation_is(const struct relation *r, const char *type);
