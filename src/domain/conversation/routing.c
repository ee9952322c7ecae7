/* From rows to a floor, and from the engine's answer to moves. */
#include "domain/conversation/routing.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "core/auth/auth.h"
#include "core/duty.h"
#include "core/notify/staff.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/routing_sql.h"

/* What one conversation takes of a person: a ticket in work takes desk.ticket_share percent of that. */
enum { CHAT = 100, MOST_WAITING = 500, LOOK_AGAIN_MS = 60 * SECOND_MS, LONGEST_CALL_MS = 4 * 60 * 60 * SECOND_MS };
enum { SPEAKS_ZH = 1, SPEAKS_EN = 2 };

/* The floor --------------------------------------------------------------------------------------------------------------- */

static uint64_t languages_of(const char *speaks)
{
	return text_equal(speaks, "both") ? SPEAKS_ZH | SPEAKS_EN : text_equal(speaks, "en") ? SPEAKS_EN : SPEAKS_ZH;
}

static const struct chat_queue *queue_in(const struct hall *h, int64_t id)
{
	for (size_t i = 0; i < h->queue_count; i++)
		if (h->queues[i].id == id)
			return &h->queues[i];
	return NULL;
}

static void lay_queues(struct ctx *c, struct hall *h)
{
	struct route_queue *out = ARENA_ARRAY(c->arena, struct route_queue, h->queue_count + 1);
	for (size_t i = 0; i < h->queue_count; i++) {
		const struct chat_queue *q = &h->queues[i];
		out[i] = (struct route_queue){ q->id, q->overflow_id, q->overflow_seconds * SECOND_MS, q->favour_seconds * SECOND_MS, q->skill_least };
	}
	h->floor.queues = out;
	h->floor.queue_count = h->queue_count;
}

/* Of a queue that is gone nobody is given anything, until somebody moves it. */
static void lay_waiting(struct ctx *c, struct hall *h, size_t n)
{
	struct route_waiting *out = ARENA_ARRAY(c->arena, struct route_waiting, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct conversation *k = &h->waiting[i];
		const struct chat_queue *q = queue_in(h, k->queue_id);
		out[i] = (struct route_waiting){
			.id = k->id, .queue_id = k->queue_id, .priority = k->queue_rank / 2, .valued = k->queue_rank % 2 == 0, .since = k->queued_at, .topic = k->product_id,
			.languages = q && q->by_language ? languages_of(k->lang) : 0, .last_agent = k->before_id, .not_agent = k->given_back_by, .weight = CHAT,
		};
	}
	h->floor.waiting = out;
	h->floor.waiting_count = n;
}

struct people {
	struct chat_people_row *at;
	size_t n;
	int64_t *ids;
};

static int read_people(struct ctx *c, const struct hall *h, int64_t user_id, struct people *p)
{
	int64_t *teams = ARENA_ARRAY(c->arena, int64_t, h->queue_count + 1);
	size_t count = 0;
	bool everybody = false;
	*p = (struct people){ 0 };
	for (size_t i = 0; i < h->queue_count; i++) {
		everybody |= !h->queues[i].team_id;
		if (!id_among(teams, count, h->queues[i].team_id))
			teams[count++] = h->queues[i].team_id;
	}
	if (user_id) {
		struct chat_person_row *one;
		TRY(chat_person(c, user_id, &one, &p->n));
		p->at = ARENA_ARRAY(c->arena, struct chat_people_row, p->n + 1);
		for (size_t i = 0; i < p->n; i++)
			p->at[i] = (struct chat_people_row){ one[i].id, one[i].team_id, one[i].name, one[i].chats_most, one[i].speaks, one[i].chat_ready_at, one[i].chat_given_at };
	} else if (count) {
		TRY(chat_people(c, teams, count, everybody, &p->at, &p->n));
	}
	p->ids = ARENA_ARRAY(c->arena, int64_t, p->n + 1);
	for (size_t i = 0; i < p->n; i++)
		p->ids[i] = p->at[i].id;
	return 0;
}

static int read_loads(struct ctx *c, const struct people *p, struct hall *h)
{
	struct chats_of_people_row *chats;
	struct tickets_in_hand_row *tickets = NULL;
	struct calls_of_people_row *calls;
	size_t n, m = 0, l;
	TRY(chats_of_people(c, p->ids, p->n, c->now - setting_ms(c, SETTING_DESK_SILENT), &chats, &n));
	if (setting_of(c, SETTING_DESK_TICKET_SHARE))
		TRY(tickets_in_hand(c, p->ids, p->n, &tickets, &m));
	TRY(calls_of_people(c, p->ids, p->n, c->now - LONGEST_CALL_MS, &calls, &l));
	for (size_t i = 0; i < h->agent_count; i++) {
		for (size_t k = 0; k < l; k++)
			if (calls[k].user_id == h->agents[i].id)
				h->agents[i].calls = calls[k].n;
		for (size_t k = 0; k < n; k++)
			if (chats[k].owner_id == h->agents[i].id)
				h->agents[i].chats = chats[k].n;
		for (size_t k = 0; k < m; k++)
			if (tickets[k].owner_id == h->agents[i].id)
				h->agents[i].tickets = tickets[k].n;
	}
	return 0;
}

/* Who is on leave, on a break or off is given nothing, whatever she has said of the desk. */
static int read_states(struct ctx *c, const struct people *p, struct hall *h)
{
	int64_t *there = ARENA_ARRAY(c->arena, int64_t, p->n + 1);
	size_t n = p->n;
	memcpy(there, p->ids, p->n * sizeof(*there));
	TRY(duty_choose(c, there, &n));
	for (size_t i = 0; i < h->agent_count; i++) {
		bool on_duty = id_among(there, n, h->agents[i].id);
		h->agents[i].state = !h->agents[i].ready_at ? "away" : on_duty ? "ready" : "paused";
	}
	return 0;
}

/* One row of skills an agent, in one block. */
static int read_levels(struct ctx *c, const struct people *p, struct route_agent *agents)
{
	struct levels_of_people_row *rows;
	size_t n, at = 0;
	TRY(levels_of_people(c, p->ids, p->n, &rows, &n));
	struct route_skill *skills = ARENA_ARRAY(c->arena, struct route_skill, n + 1);
	for (size_t i = 0; i < p->n; i++) {
		agents[i].skills = &skills[at];
		for (; at < n && rows[at].user_id == agents[i].id; at++)
			skills[at] = (struct route_skill){ rows[at].product_id, rows[at].level };
		agents[i].skill_count = (size_t)(&skills[at] - agents[i].skills);
	}
	return 0;
}

/* Queues of her team and of everybody. */
static void lay_service(struct ctx *c, const struct hall *h, int64_t team_id, struct route_agent *a)
{
	int64_t *queues = ARENA_ARRAY(c->arena, int64_t, h->queue_count + 1);
	for (size_t i = 0; i < h->queue_count; i++)
		if (!h->queues[i].team_id || h->queues[i].team_id == team_id)
			queues[a->queue_count++] = h->queues[i].id;
	a->queues = queues;
}

static int lay_agents(struct ctx *c, struct hall *h, int64_t user_id)
{
	struct people p;
	TRY(read_people(c, h, user_id, &p));
	h->agents = ARENA_ARRAY(c->arena, struct hall_agent, p.n + 1);
	h->agent_count = p.n;
	for (size_t i = 0; i < p.n; i++)
		h->agents[i] = (struct hall_agent){ .id = p.at[i].id, .team_id = p.at[i].team_id, .name = p.at[i].name, .ready_at = p.at[i].chat_ready_at, .given_at = p.at[i].chat_given_at, .at = i };
	if (p.n) {
		TRY(read_loads(c, &p, h));
		TRY(read_states(c, &p, h));
	}
	struct route_agent *out = ARENA_ARRAY(c->arena, struct route_agent, p.n + 1);
	int64_t usual = setting_of(c, SETTING_DESK_CHATS), share = setting_of(c, SETTING_DESK_TICKET_SHARE), call = setting_of(c, SETTING_DESK_CALL_SHARE);
	for (size_t i = 0; i < p.n; i++) {
		const struct hall_agent *a = &h->agents[i];
		out[i] = (struct route_agent){
			.id = a->id, .ready = user_id || text_equal(a->state, "ready"), .load = a->chats * CHAT + a->tickets * share + a->calls * call, .most = (p.at[i].chats_most ? p.at[i].chats_most : usual) * CHAT,
			.languages = languages_of(p.at[i].speaks), .idle_since = a->given_at,
		};
		lay_service(c, h, a->team_id, &out[i]);
	}
	if (p.n)
		TRY(read_levels(c, &p, out));
	h->floor.agents = out;
	h->floor.agent_count = p.n;
	return 0;
}

int hall_read(struct ctx *c, int64_t user_id, struct hall *h)
{
	size_t n = 0;
	*h = (struct hall){ .floor.now = c->now };
	TRY(chat_queues(c, &h->queues, &h->queue_count));
	lay_queues(c, h);
	if (h->queue_count)
		TRY(conversations_waiting(c, c->now, MOST_WAITING, &h->waiting, &n));
	lay_waiting(c, h, n);
	return lay_agents(c, h, user_id);
}

/* A round ------------------------------------------------------------------------------------------------------------------- */

/* Service has begun: from now on they wait like everybody. */
static int wake_those_away(struct ctx *c, time_ms *next)
{
	struct conversation *rows;
	size_t n;
	*next = FAR_FUTURE_MS;
	TRY(conversations_away(c, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct conversation old = rows[i];
		if (rows[i].away_until > c->now) {
			*next = rows[i].away_until;
			break;
		}
		rows[i].away_until = 0;
		TRY(record_update(c, &conversation_record, &old, &rows[i], "conversation.awake", NULL, NULL));
	}
	return 0;
}

static int give(struct ctx *c, struct conversation *k, int64_t user_id)
{
	TRY(flow_move(c, &conversation_flow, k, "give", NULL, &(struct conversation_to){ .owner_id = user_id }));
	TRY(chat_given(c, user_id, c->now, NULL));
	int64_t patience = setting_ms(c, SETTING_DESK_OFFER);
	return job_add(c, new_id(c), offer_job.name, c->now + patience, arena_format(c->arena, "%lld/%lld", (long long)k->id, (long long)k->offered_at), NULL);
}

/* What is pulled is given to nobody. */
static void leave_pulled_out(struct hall *h)
{
	struct route_waiting *rows = (struct route_waiting *)h->floor.waiting;
	size_t n = 0;
	for (size_t i = 0; i < h->floor.waiting_count; i++) {
		const struct chat_queue *q = queue_in(h, rows[i].queue_id);
		if (!q || !text_equal(q->give_by, "push"))
			continue;
		h->waiting[n] = h->waiting[i];
		rows[n++] = rows[i];
	}
	h->floor.waiting_count = n;
}

/* Looks by time go by their own instant: the one that runs now is gone afterwards. */
int routing_round(struct ctx *c)
{
	struct hall h;
	time_ms next;
	TRY(wake_those_away(c, &next));
	TRY(hall_read(c, 0, &h));
	leave_pulled_out(&h);
	struct route_pair *pairs = ARENA_ARRAY(c->arena, struct route_pair, h.floor.waiting_count + 1);
	size_t n = route_assign(c->arena, &h.floor, pairs);
	for (size_t i = 0; i < n; i++)
		TRY(give(c, &h.waiting[pairs[i].waiting], h.floor.agents[pairs[i].agent].id));
	int64_t look = route_look_at(&h.floor), again = h.floor.waiting_count > n ? (c->now / LOOK_AGAIN_MS + 1) * LOOK_AGAIN_MS : FAR_FUTURE_MS;
	next = look < next ? look : next;
	next = again < next ? again : next;
	return next < FAR_FUTURE_MS ? job_add(c, new_id(c), routing_job.name, next, arena_format(c->arena, "%lld", (long long)next), NULL) : 0;
}

int routing_take(struct ctx *c, struct conversation *k, bool *taken, bool *full)
{
	struct hall h;
	*taken = *full = false;
	TRY(hall_read(c, c->auth->user_id, &h));
	if (!h.floor.agent_count)
		return 0;
	const struct route_agent *me = &h.floor.agents[0];
	size_t at = route_next(c->arena, &h.floor, me);
	*full = at == SIZE_MAX && h.floor.waiting_count && me->load + CHAT > me->most;
	if (at == SIZE_MAX)
		return 0;
	*k = h.waiting[at];
	*taken = true;
	TRY(flow_move(c, &conversation_flow, k, "take", NULL, NULL));
	return chat_given(c, me->id, c->now, NULL);
}

/* When --------------------------------------------------------------------------------------------------------------------- */

static int run_round(struct ctx *c, const struct job *job, const char *answer)
{
	return routing_round(c);
}
const struct job_kind routing_job = { .name = "chat.route", .run = run_round };

static bool bears(const struct event *e)
{
	static const char *const kinds[] = {
		"conversation.created", "conversation.hand_over", "conversation.to_bot", "conversation.close", "conversation.put_back", "conversation.route", "conversation.enqueue", "conversation.assign", "conversation.missed", "conversation.received",
		"conversation.restored", "attendance.created", "attendance.ended", "user.chat_ready", "user_skill.created", "absence.changed", "absence.archived", "chat_queue.changed", "phone_call.ended",
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(e->kind, kinds[i]))
			return true;
	return false;
}

static int step(struct ctx *c, const struct event *events, size_t n)
{
	struct chat_queue *queues;
	size_t count;
	bool any = false;
	for (size_t i = 0; i < n && !any; i++)
		any = bears(&events[i]);
	if (!any)
		return 0;
	TRY(chat_queues(c, &queues, &count));
	return count ? job_add(c, new_id(c), routing_job.name, c->now, "round", NULL) : 0;
}
const struct follower routing_follower = { .name = "routing", .step = step };

/* She was given one and does not answer: it goes to somebody else, and nothing more to her until she says so. */
static int offer_lapsed(struct ctx *c, const struct job *job, const char *answer)
{
	struct conversation k;
	char *end;
	int64_t id = strtoll(job->unique_key, &end, 10), offered = *end ? strtoll(end + 1, NULL, 10) : 0;
	struct error before = *c->error;
	int r = conversation_row_get(c, id, &k);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return 0;
	}
	TRY(r);
	if (!text_equal(k.state, "active") || k.offered_at != offered || !k.waiting_since || k.archived_at)
		return 0;
	int64_t user_id = k.owner_id;
	TRY(flow_move(c, &conversation_flow, &k, "missed", NULL, NULL));
	TRY(chat_ready(c, user_id, 0, NULL));
	TRY(event_add(c, "user.chat_paused", "user", user_id, "{}"));
	return notify_staff(c, user_id, &(struct staff_notice){ .kind = "chat_missed", .object = "conversation", .object_id = k.id });
}
const struct job_kind offer_job = { .name = "chat.offer", .run = offer_lapsed };
