/* Ways to break PostgreSQL's side: statements that fail in every class, sessions killed, and a proxy that cuts the
 * connection around COMMIT. */
#pragma once

#include "writer_model.h"

extern const struct killer *const postgresql_killers[];
extern const char postgresql_fault_tables[];

/* Stands between the writers and the server and cuts `permille` of all COMMITs. */
struct proxy;
struct proxy_counts {
	int before, after, meanwhile;   /* before the server saw it; after its answer; sent, and nobody waited */
};

struct proxy *proxy_open(const struct fresh *fresh, int permille);
const char *proxy_url(const struct proxy *p);
struct proxy_counts proxy_close(struct proxy *p);
