/* route: which waiting conversation goes to which person, and how long the others will wait. Pure.
 *
 * The order is: lower priority number first, within it valued customers, then who has waited longest, then the lower id. Each in turn gets the
 * best of the people who may take it. Who served her last comes first while free; while that person is busy she waits for her a moment, no more.
 * Nobody gets more than fits. A conversation that nobody may take holds up no other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { ROUTE_SKILL_MOST = 9 };

struct route_queue {
	int64_t id;
	int64_t overflow_id;            /* whose people help after a while; 0: nobody's */
	int64_t overflow_ms;            /* after so long */
	int64_t favour_ms;              /* so long she waits for who served her last */
	int64_t skill_least;            /* of her topic; 0: knowing it is welcome, not required */
};

struct route_waiting {
	int64_t id, queue_id;
	int64_t priority;               /* lower first */
	bool valued;
	int64_t since;                  /* ms */
	int64_t topic;                  /* what one should know of; 0: nothing */
	uint64_t languages;             /* bits: one of them has to be spoken; 0: any */
	int64_t last_agent;             /* 0: none */
	int64_t not_agent;              /* who gave it back: not offered to her again; 0: nobody did */
	int64_t weight;                 /* what it takes of a person */
};

struct route_skill {
	int64_t topic, level;           /* 1 … ROUTE_SKILL_MOST */
};

struct route_agent {
	int64_t id;
	bool ready;                     /* false: paused, away */
	int64_t load, most;             /* what she carries, and may; in the unit of weights */
	uint64_t languages;             /* bits */
	const int64_t *queues;          /* whose people she is of */
	size_t queue_count;
	const struct route_skill *skills;
	size_t skill_count;
	int64_t idle_since;             /* ms: when she last got one */
};

struct route_floor {
	const struct route_queue *queues;
	size_t queue_count;
	const struct route_waiting *waiting;
	size_t waiting_count;
	const struct route_agent *agents;
	size_t agent_count;
	int64_t now;
};

/* Places in floor->waiting and floor->agents. */
struct route_pair {
	size_t waiting, agent;
};

/* Whether an agent may have one now: ready, of its queue or of the one that helps, speaks to her, knows enough, has room. `load`: what she carries. */
bool route_fits(const struct route_floor *f, const struct route_waiting *w, const struct route_agent *a, int64_t load);
/* Who is given what, in order; at most waiting_count pairs. Nobody's load grows past `most`. */
size_t route_assign(struct arena *a, const struct route_floor *f, struct route_pair *out);
/* What this agent would take by herself: the first in order that fits her, held for nobody but her. SIZE_MAX: none. */
size_t route_next(struct arena *a, const struct route_floor *f, const struct route_agent *agent);
/* When the answer may change by time alone: somebody's overflow begins, or her waiting for one person ends. INT64_MAX: never. */
int64_t route_look_at(const struct route_floor *f);

/* Places in `waiting`, as it stands in line. */
void route_order(const struct route_waiting *waiting, size_t n, size_t *out);
/* How long until the one in this place (from 1) is taken, when `taken` were within the last span_ms, an hour at most; -1: nothing can be said. */
int64_t route_expected_ms(int64_t place, int64_t taken, int64_t span_ms);
