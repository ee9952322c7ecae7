/* Compiled zones, whole and damaged: what is accepted ascends along the timeline, and wall and instant agree. */
#include <stdlib.h>

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(int holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct zone z;
	if (zone_parse(a, "fuzz", (struct bytes){ data, n }, &z) < 0)
		return 0;
	must(z.n >= 1 && z.shifts[0].at <= TIMELINE_FIRST_MS);
	for (size_t i = 0; i < z.n; i++) {
		must(i == 0 || (z.shifts[i - 1].at < z.shifts[i].at && z.shifts[i].at < TIMELINE_LAST_MS));
		must(zone_offset(&z, z.shifts[i].at) == z.shifts[i].offset_ms);
		must(z.shifts[i].offset_ms >= -26 * HOUR_MS && z.shifts[i].offset_ms <= 26 * HOUR_MS);
	}
	return 0;
}
