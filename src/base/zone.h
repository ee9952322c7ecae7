/* Offsets of a time zone from UTC, as a table: what the wall shows at an instant.
 *
 * The table covers one timeline, the same for everything that counts time; before and after it the offsets of its ends hold.
 * It is plain data, made from the system's zone database (Debian's tzdata, which follows the world's decrees) or written by hand in a test. */
#pragma once

#include "base/clock.h"
#include "base/error.h"

#define TIMELINE_FIRST_MS INT64_C(0)               /* 1970-01-01 UTC */
#define TIMELINE_LAST_MS  INT64_C(4102444800000)   /* 2100-01-01 UTC: zone rules further on would be guesses */

/* From `at` on, wall time is UTC plus offset_ms. */
struct zone_shift {
	time_ms at;
	int32_t offset_ms;
};

/* Ascending; the first is at TIMELINE_FIRST_MS or before, so n ≥ 1. */
struct zone {
	const char *name;
	const struct zone_shift *shifts;
	size_t n;
};

/* How engines ask for a zone by its name; ERR_ZONE when there is none. */
typedef int zone_find(struct arena *a, const char *name, struct zone *out);

/* From the system's database, by IANA name ("Asia/Shanghai"). Reads one small file each time, so keep the result. */
int zone_load(struct arena *a, const char *name, struct zone *out) MUST_CHECK;

/* From the bytes of a compiled zone (TZif, RFC 9636, version 2 or later, without leap seconds), its rule for the future included.
 * ERR_ZONE when they are not one. */
int zone_parse(struct arena *a, const char *name, struct bytes tzif, struct zone *out) MUST_CHECK;

int32_t zone_offset(const struct zone *z, time_ms at);

/* The instant at which the wall shows wall_ms (since 1970-01-01 00:00 there). Of a time shown twice the first, and a time that is
 * skipped counts with the offset before the change (RFC 5545, 3.3.5). */
time_ms zone_instant(const struct zone *z, int64_t wall_ms);
