/* Which day and which time of it people mean: "后天下午", "周六上午", "12月3号", "next Monday morning". Pure: today is given. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct when {
	int64_t day;                    /* base/clock.h; valid where has_day */
	bool has_day;
	bool impossible;                /* a day was named that no calendar has, such as 2月30号 */
	const char *time;               /* "morning", "afternoon", "evening"; NULL: not said */
};

enum when_side { WHEN_TO_COME, WHEN_PAST };

/* Of several days the last that is not denied counts ("不是明天，是后天"). A date without its year is the next such day, or the last one
 * (`side`); a day of the week likewise. */
struct when when_of(struct arena *a, const char *text, int64_t today, enum when_side side);
