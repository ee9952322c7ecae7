/* What staff ask of queues: taking the next, saying that one takes conversations, and the hall as supervisors see it. */
#include "domain/conversation/routing.h"

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/condition/condition_fields.h"
#include "core/duty.h"
#include "core/notify/holders.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/duty/duty.h"
#include "gen/routing_sql.h"

/* I myself ------------------------------------------------------------------------------------------------------------------ */

/* {"ready","state","chats","most","serves","waiting"}: serves: some queue is her team's or everybody's. */
static int write_self(struct ctx *c, struct text *t)
{
	struct hall h;
	TRY(hall_read(c, c->auth->user_id, &h));
	const struct hall_agent *me = h.agent_count ? &h.agents[0] : NULL;
	const struct route_agent *a = me ? &h.floor.agents[0] : NULL;
	size_t waiting = 0;
	for (size_t i = 0; a && i < h.floor.waiting_count; i++)
		for (size_t k = 0; k < a->queue_count; k++)
			waiting += h.floor.waiting[i].queue_id == a->queues[k];
	text_format(t, "{\"ready\":%s,\"state\":\"%s\",\"chats\":%lld,\"most\":%lld,\"serves\":%s,\"waiting\":%zu}", me && me->ready_at ? "true" : "false", me ? me->state : "away",
	            me ? (long long)me->chats : 0, a ? (long long)a->most / 100 : 0, a && a->queue_count ? "true" : "false", waiting);
	return 0;
}

static int me(struct ctx *c, const void *in, void *out)
{
	struct text t = text_in(c->arena);
	TRY(write_self(c, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct ready_in {
	int64_t ready;
};
static const struct member ready_members[] = { MEMBER(struct ready_in, ready, flag, .flags = MEMBER_REQUIRED) };
static const struct shape ready_shape = SHAPE("desk_ready", struct ready_in, ready_members);

/* On a break or off she is not there for anybody: who says that she takes conversations is back. */
static int come_back(struct ctx *c, int64_t user_id)
{
	struct attendance held;
	TRY(duty_said_now(c, user_id, &held));
	return held.id && !text_equal(held.state, "on") ? duty_say(c, &(struct duty_say){ .user_id = user_id, .state = "on", .cause = "said" }) : 0;
}

static int say_ready(struct ctx *c, const void *in, void *out)
{
	bool ready = ((const struct ready_in *)in)->ready > 0;
	int64_t user_id = c->auth->user_id;
	TRY(require(c, user_id > 0, ERR_FORBIDDEN, NULL));
	if (ready)
		TRY(come_back(c, user_id));
	TRY(chat_ready(c, user_id, ready ? c->now : 0, NULL));
	TRY(event_add(c, ready ? "user.chat_ready" : "user.chat_paused", "user", user_id, "{}"));
	return me(c, NULL, out);
}

static int next(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	bool taken, full;
	struct text t = text_in(c->arena);
	TRY(require(c, c->auth->user_id > 0, ERR_FORBIDDEN, NULL));
	TRY(routing_take(c, &k, &taken, &full));
	text_append(&t, "{\"conversation\":");
	if (taken)
		TRY(record_json(c, &conversation_record, &k, &t));
	else
		text_append(&t, "null");
	text_format(&t, ",\"outcome\":\"%s\"}", taken ? "taken" : full ? "full" : "none");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* The hall -------------------------------------------------------------------------------------------------------------------- */

static bool serves(const struct route_agent *a, int64_t queue_id)
{
	for (size_t i = 0; i < a->queue_count; i++)
		if (a->queues[i] == queue_id)
			return true;
	return false;
}

static void count_people(const struct hall *h, int64_t queue_id, int64_t *idle, int64_t *busy, int64_t *paused)
{
	for (size_t i = 0; i < h->agent_count; i++) {
		const struct route_agent *a = &h->floor.agents[i];
		if (!serves(a, queue_id) || text_equal(h->agents[i].state, "away"))
			continue;
		if (text_equal(h->agents[i].state, "paused"))
			++*paused;
		else if (a->load < a->most)
			++*idle;
		else
			++*busy;
	}
}

/* Since midnight in the company's zone. */
static int today(struct ctx *c, time_ms *out)
{
	const struct zone *zone;
	TRY(company_zone(c, c->arena, &zone));
	int64_t wall = c->now + zone_offset(zone, c->now);
	*out = zone_instant(zone, day_of(wall, 0) * DAY_MS);
	return 0;
}

static void write_queue(const struct hall *h, const struct chat_queue *q, const struct queues_answered_row *done, struct text *t)
{
	int64_t idle = 0, busy = 0, paused = 0, waiting = 0, longest = 0;
	count_people(h, q->id, &idle, &busy, &paused);
	for (size_t i = 0; i < h->floor.waiting_count; i++)
		if (h->floor.waiting[i].queue_id == q->id) {
			waiting++;
			longest = !longest || h->floor.waiting[i].since < longest ? h->floor.waiting[i].since : longest;
		}
	text_format(t, "{\"id\":\"%lld\",\"name\":", (long long)q->id);
	json_label(t, q->name, text_empty(q->name_en) ? q->name : q->name_en);
	text_format(t, ",\"waiting\":%lld,\"longest_since\":", (long long)waiting);
	text_format(t, longest ? "%lld" : "null", (long long)longest);
	text_format(t, ",\"free\":%lld,\"busy\":%lld,\"paused\":%lld,\"taken\":%lld,\"counted\":%lld,\"held\":%lld}", (long long)idle, (long long)busy, (long long)paused, done ? (long long)done->n : 0,
	            done && done->counted != NULL_INT ? (long long)done->counted : 0, done && done->held != NULL_INT ? (long long)done->held : 0);
}

static int write_agent(struct ctx *c, const struct hall *h, size_t i, struct text *t)
{
	const struct hall_agent *a = &h->agents[i];
	struct conversation *rows;
	size_t n;
	TRY(chats_of_user(c, a->id, &rows, &n));
	text_format(t, "{\"id\":\"%lld\",\"state\":\"%s\",\"since\":%lld,\"chats\":%lld,\"most\":%lld,\"name\":", (long long)a->id, a->state, (long long)a->ready_at, (long long)a->chats, (long long)h->floor.agents[i].most / 100);
	json_text(t, a->name);
	text_append(t, ",\"conversations\":");
	TRY(record_json_list(c, &conversation_record, rows, n, t));
	text_char(t, '}');
	return 0;
}

static bool is_there(const struct hall *h, size_t i)
{
	return h->agents[i].ready_at || h->agents[i].chats;
}

static int floor_now(struct ctx *c, const void *in, void *out)
{
	struct hall h;
	struct queues_answered_row *done;
	size_t n, shown = 0;
	time_ms since;
	struct text t = text_in(c->arena);
	TRY(today(c, &since));
	TRY(hall_read(c, 0, &h));
	TRY(queues_answered(c, since, &done, &n));
	text_format(&t, "{\"now\":%lld,\"queues\":[", (long long)c->now);
	for (size_t i = 0; i < h.queue_count; i++) {
		const struct queues_answered_row *own = NULL;
		for (size_t k = 0; k < n; k++)
			own = done[k].queue_id == h.queues[i].id ? &done[k] : own;
		text_append(&t, i ? "," : "");
		write_queue(&h, &h.queues[i], own, &t);
	}
	text_append(&t, "],\"waiting\":");
	TRY(record_json_list(c, &conversation_record, h.waiting, h.floor.waiting_count, &t));
	text_append(&t, ",\"agents\":[");
	for (size_t i = 0; i < h.agent_count; i++)
		if (is_there(&h, i)) {
			text_append(&t, shown++ ? "," : "");
			TRY(write_agent(c, &h, i, &t));
		}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route routing_routes[] = {
	ROUTE(GET, "/api/v1/desk/me", "conversation.work", POOL, .out = &raw_shape, .run = me, .zh = "接待：本人的状态", .en = "Conversations: my own state"),
	ROUTE(POST, "/api/v1/desk/me", "conversation.work", WRITE, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &ready_shape, .out = &raw_shape, .run = say_ready, .zh = "接待：开始或停止", .en = "Conversations: begin or stop taking them"),
	ROUTE(POST, "/api/v1/desk/next", "conversation.work", WRITE, .body = BODY_JSON, .out = &raw_shape, .run = next, .zh = "接待：下一位", .en = "Conversations: take the next"),
	ROUTE(GET, "/api/v1/desk/floor", SUPERVISE, POOL, .out = &raw_shape, .run = floor_now, .zh = "接待：队列与坐席实时情况", .en = "Conversations: queues and staff as they are now"),
};
const size_t routing_route_count = sizeof(routing_routes) / sizeof(routing_routes[0]);
