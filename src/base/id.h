/* Ids: 64 bits, unique per installation, growing with time.
 * 41 bits of milliseconds since 2024-01-01, 10 bits of the process's number, 12 bits of counter. When the clock steps back the maker
 * stays at the last millisecond it used and counts on, so ids never repeat and never shrink within a process. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

#define ID_EPOCH_MS INT64_C(1704067200000)

struct id_maker {
	_Atomic int64_t last;       /* milliseconds << 12 | counter */
	int64_t process;            /* 0 … 1023 */
};

/* number: of this process, from the database that the ids go into; its lowest 10 bits count, so that two processes share ids
 * only if 1,023 others were started between them and both make more than fit in one and the same millisecond. */
void id_maker_init(struct id_maker *m, int64_t number);
int64_t id_next(struct id_maker *m, time_ms now);         /* safe from many threads */
int64_t id_first(time_ms at);                             /* none that was made at that instant or later is below it */
int id_parse(const char *text, int64_t *id);              /* ERR_FIELD_INVALID; digits only, > 0 */
bool id_among(const int64_t *ids, size_t n, int64_t id);  /* looks from the end on */
