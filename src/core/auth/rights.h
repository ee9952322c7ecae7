/* rights: the words of roles, cut up once a text instead of once a request.
 *
 * What is kept follows from the text alone, so nothing has to be dropped when a role changes: another text is another entry.
 * It holds the first 256 texts; a server with more kinds of roles cuts up the others each time. */
#pragma once

#include <stddef.h>

#include "base/error.h"

struct arena;
struct rights;

struct rights *rights_new(void);
void rights_free(struct rights *r);             /* accepts NULL */

/* As permissions_read(); what it gives lives as long as `r`, or as `a`. r NULL: nothing is kept. */
int rights_read(struct rights *r, struct arena *a, const char *json, const char *const **words, size_t *n) MUST_CHECK;
