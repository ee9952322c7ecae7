/* How a simulation that somebody watches keeps to its speed: how long it has to stand still before time may go on. */
#pragma once

#include <stdint.h>

#include "base/clock.h"

struct sim_pace {
	int64_t speed;                  /* virtual seconds a second; 0: no brake */
	time_ms from;                   /* virtual time at the start */
	int64_t from_ns;                /* and what the monotonic clock said then */
	int64_t held_ns;                /* stood still so far */
};

void sim_pace_begin(struct sim_pace *p, int64_t speed, time_ms from, int64_t now_ns);

/* Nanoseconds to stand still before it may be `to`, counted in held_ns. None when the calls since the start took longer than that:
 * what was lost is caught up, so that a day takes what it is to take. */
int64_t sim_pace_hold(struct sim_pace *p, time_ms to, int64_t now_ns);
