/* routing: in which queue a conversation waits, who is given it, where she stands in line (docs/adr/0050).
 *
 * A company that has put its queues away notices nothing of this: its conversations wait for a team, as before. Who is given what says engine/route; here rows
 * become its floor and its answer becomes moves. All of it runs in the writer, where a company's writes are serial, so nobody is given what
 * somebody else has. */
#pragma once

#include "db/follower.h"
#include "db/job.h"
#include "domain/conversation/conversation.h"
#include "engine/route/route.h"
#include "net/route.h"

extern const struct record chat_queue_record;
extern const struct route routing_routes[];
extern const size_t routing_route_count;
/* Whatever may make room or work for somebody asks for a round of giving. */
extern const struct follower routing_follower;
extern const struct job_kind routing_job, offer_job;

/* In which language and about which product she writes, where nobody has said: by her words; NULL: all that she wrote in it so far. Into *k, before its queue is looked for. */
int conversation_hear(struct ctx *c, const struct customer *customer, const char *words, struct conversation *k) MUST_CHECK;
/* Writer, before a new conversation is written: its queue, and whether anybody is there. */
int queue_enter(struct ctx *c, const struct customer *customer, struct conversation *k) MUST_CHECK;
/* Writer: it stands in this queue from now on, as long as she has waited already. */
int queue_stand(struct ctx *c, const struct chat_queue *q, struct conversation *k) MUST_CHECK;
/* The first queue that a team serves, else the first of everybody that takes whatever comes; id 0: none. */
int queue_of_team(struct ctx *c, int64_t team_id, struct chat_queue *out) MUST_CHECK;
/* Whether it was outside of the queue's service hours, as they are now. queue_id 0: there were none. */
int queue_was_closed(struct ctx *c, int64_t queue_id, time_ms at, bool *closed) MUST_CHECK;
/* Writer, after the first message of one that came outside of service hours: says so, and sees to it that she is called back. */
int queue_tell_away(struct ctx *c, struct conversation *k) MUST_CHECK;

/* ,"queue":{"place":3,"wait_ms":240000,"opens_at":null} of one that waits in a queue, else ,"queue":null. */
int queue_public_json(struct ctx *c, const struct conversation *k, struct text *out) MUST_CHECK;

/* Writer: a round. Gives what can be given, and asks for the next round when time alone will change something. */
int routing_round(struct ctx *c) MUST_CHECK;
/* Writer: gives the actor the next that fits her. *taken false: nothing does, or she has no room; *full says which. */
int routing_take(struct ctx *c, struct conversation *k, bool *taken, bool *full) MUST_CHECK;

/* What the floor looks like now. */
struct hall_agent {
	int64_t id, team_id, chats, tickets, calls, ready_at, given_at, reason_id;
	const char *name, *state;               /* ready, paused (on a break or off while ready), away */
	size_t at;                              /* in floor.agents */
};
struct hall {
	struct route_floor floor;
	struct chat_queue *queues;
	size_t queue_count;
	struct conversation *waiting;
	struct hall_agent *agents;
	size_t agent_count;
};
/* One agent alone, where user_id is not 0, who is taken as ready. */
int hall_read(struct ctx *c, int64_t user_id, struct hall *out) MUST_CHECK;
