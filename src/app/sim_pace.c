/* The pace of a simulation. Counted from its start and not from step to step, so that neither what the calls take nor what is rounded
 * off adds up. */
#include "app/sim_pace.h"

enum { NS_A_MS = 1000000 };

void sim_pace_begin(struct sim_pace *p, int64_t speed, time_ms from, int64_t now_ns)
{
	*p = (struct sim_pace){ .speed = speed, .from = from, .from_ns = now_ns };
}

int64_t sim_pace_hold(struct sim_pace *p, time_ms to, int64_t now_ns)
{
	if (p->speed <= 0)
		return 0;
	int64_t due_ns = p->from_ns + (to - p->from) * NS_A_MS / p->speed;
	int64_t hold = due_ns > now_ns ? due_ns - now_ns : 0;
	p->held_ns += hold;
	return hold;
}
