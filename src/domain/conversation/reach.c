/* Finds the channel of a conversation among those that carry messages out, and asks it. */
#include "domain/conversation/reach.h"

#include "base/json.h"
#include "core/api/api.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/conversation/conversation_api.h"
#include "gen/conversation_sql.h"

/* NULL: the customer reads it on a page of ours. */
static const struct reach *reach_of(const struct ctx *c, const struct conversation *k)
{
	for (const struct reach *const *r = c->services->reaches; r && *r; r++)
		if (text_equal((*r)->channel, k->channel))
			return *r;
	return NULL;
}

int reach_tell(struct ctx *c, int64_t conversation, int64_t no, const char *state)
{
	return event_add(c, "conversation.delivered", "conversation", conversation, arena_format(c->arena, "{\"no\":%lld,\"state\":\"%s\"}", (long long)no, state));
}

/* What is said in public by anybody but the customer goes out. */
static int see(struct ctx *c, const struct record *record, const void *old, void *row)
{
	const struct conversation *was = old, *k = row;
	if (record != &conversation_record || !was || was->last_no == k->last_no)
		return 0;
	const struct reach *reach = reach_of(c, k);
	for (int64_t no = was->last_no + 1; reach && reach->send && no <= k->last_no; no++) {
		struct message *m;
		size_t n;
		TRY(message_by_no(c, k->id, no, &m, &n));
		if (n && text_equal(m[0].visibility, "public") && m[0].actor_kind != ACTOR_CUSTOMER)
			TRY(reach->send(c, k, &m[0]));
	}
	return 0;
}

const struct observer reach_observer = { .writing = see };

/* Beside the box ------------------------------------------------------------------------------------------------------------ */

static void write_states(const struct reach_state *all, size_t n, struct text *t)
{
	text_append(t, ",\"messages\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"no\":%lld,\"state\":\"%s\",\"code\":%lld,\"why\":", i ? "," : "", (long long)all[i].no, all[i].state, (long long)all[i].code);
		if (all[i].why_zh)
			json_label(t, all[i].why_zh, all[i].why_en);
		else
			text_append(t, "null");
		text_char(t, '}');
	}
	text_append(t, "]}");
}

static int show(struct ctx *c, const void *in, void *out)
{
	struct conversation k;
	struct reach_state *states = NULL;
	struct text t = text_in(c->arena), limits = text_in(c->arena);
	size_t n = 0;
	TRY(record_get(c, &conversation_record, ((const struct id_in *)in)->id, &k));
	const struct reach *reach = reach_of(c, &k);
	if (reach)
		TRY(reach->states(c, &k, &states, &n));
	if (reach && reach->limits)
		TRY(reach->limits(c, &k, &limits));
	text_format(&t, "{\"limited\":%s", limits.n ? "true" : "false");
	text_append(&t, text_end(&limits));
	write_states(states, n, &t);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct repeat_in {
	int64_t id, no;
};
static const struct member repeat_members[] = { MEMBER(struct repeat_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct repeat_in, no, count, .flags = MEMBER_REQUIRED) };
static const struct shape repeat_shape = SHAPE("reach_repeat", struct repeat_in, repeat_members);

/* Of one of which nobody knows whether it arrived: whoever looks at it decides. */
static int repeat(struct ctx *c, const void *in, void *out)
{
	const struct repeat_in *v = in;
	struct conversation k;
	TRY(record_get(c, &conversation_record, v->id, &k));
	const struct reach *reach = reach_of(c, &k);
	return reach && reach->repeat ? reach->repeat(c, &k, v->no) : fail(c, ERR_NOT_FOUND, NULL);
}

const struct route reach_routes[] = {
	ROUTE(GET, "/api/v1/conversation/{id}/reach", "conversation.read", POOL, .in = &id_shape, .out = &raw_shape, .run = show,
	      .zh = "会话：还能怎样回复客户", .en = "Conversation: how the customer can still be answered"),
	ROUTE(POST, "/api/v1/conversation/{id}/reach/{no}/repeat", "conversation.work", WRITE, .body = BODY_JSON, .in = &repeat_shape, .run = repeat,
	      .zh = "会话：再次发送不确定是否送达的消息", .en = "Conversation: send once more what may not have arrived"),
};
const size_t reach_route_count = sizeof(reach_routes) / sizeof(reach_routes[0]);
