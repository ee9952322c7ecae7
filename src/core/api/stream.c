/* Rights and words of the realtime hub. */
#include "core/api/stream_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/actor.h"
#include "core/api/readers.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/history_sql.h"
#include "gen/schema.h"

enum { EVENTS_AT_ONCE = 500 };

static void relay(void *arg, int64_t tenant, const char *topic, enum hub_what what, int kind, int64_t id, const char *who)
{
	struct stream *s = arg;
	if (!s->o.relay)
		return;
	ARENA_SCOPED a = arena_new();
	s->o.relay(s->o.relay_arg, arena_format(a, "%lld %d %lld %s %s %s", (long long)tenant, kind, (long long)id, hub_what_name(what), topic, who));
}

void stream_signal(struct stream *s, const char *text)
{
	char tenant[20], id[20], topic[HUB_TOPIC_TEXT + 1], what[16];
	int kind, end = 0;
	if (sscanf(text, "%19s %9d %19s %15s %80s %n", tenant, &kind, id, what, topic, &end) == 5 && end && hub_what_of(what) >= 0)
		hub_signal(s->hub, strtoll(tenant, NULL, 10), topic, (enum hub_what)hub_what_of(what), kind, strtoll(id, NULL, 10), text + end);
}

int stream_open(const struct stream_options *options, struct stream **out)
{
	struct arena *a = arena_new();
	struct stream *s = ARENA_NEW(a, struct stream);
	s->arena = a;
	s->o = *options;
	struct hub_options hub = { .log = options->log, .may_subscribe = stream_may_subscribe, .may_see = stream_may_see, .relay = relay, .gone = stream_gone, .arg = s };
	hub_limits_of(&settings_server(options->services->settings)->values, &hub.limits);
	int r = hub_start(&hub, &s->hub);
	if (r < 0) {
		arena_free(a);
		return r;
	}
	*out = s;
	return 0;
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	hub_stop(s->hub);
	arena_free(s->arena);
}

const struct hub_stats *stream_stats(const struct stream *s)
{
	return hub_stats(s->hub);
}

/* Events --------------------------------------------------------------------------------------------------------------- */

static void write_event(struct text *t, const struct event *e, const char *op)
{
	text_format(t, "{%s\"no\":%lld,\"kind\":\"%s\",\"object\":\"%s\",\"id\":\"%lld\",\"at\":%lld,\"actor\":{\"kind\":\"%s\",\"id\":\"%lld\"},\"data\":%s}", op,
	            (long long)e->no, e->kind, e->object, (long long)e->object_id, (long long)e->at, actor_kind_name(e->actor_kind),
	            (long long)e->actor_id, e->data);
}

static void publish(struct stream *s, struct arena *a, const struct event *e)
{
	struct about about = { .id = e->object_id, .no = e->no };
	snprintf(about.object, sizeof(about.object), "%s", e->object);
	snprintf(about.kind, sizeof(about.kind), "%s", e->kind);
	struct text t = text_in(a);
	write_event(&t, e, "\"op\":\"event\",");
	const char *topics[] = { arena_format(a, "%s:%lld", e->object, (long long)e->object_id), arena_format(a, "view:%s", e->object) };
	hub_publish(s->hub, &(struct hub_event){
		.tenant = e->tenant, .no = e->no, .topics = topics, .topic_count = 2, .json = text_end(&t), .json_n = t.n, .about = &about, .about_n = sizeof(about),
	});
}

/* What ends a sign-in: all connections of the actor are closed, and whoever has another session connects again. */
static const struct {
	const char *kind;
	enum actor_kind actor;
} endings[] = {
	{ "user.archived", ACTOR_USER }, { "user.password_changed", ACTOR_USER }, { "user.signed_out", ACTOR_USER },
	{ "customer.archived", ACTOR_CUSTOMER }, { "customer.signed_out", ACTOR_CUSTOMER }, { "api_token.archived", ACTOR_TOKEN },
};

static void follow_people(struct stream *s, const struct event *e)
{
	static const char *const rights[] = { "user", "role", "api_token" };
	bool passing = !strncmp(e->kind, "user.sign", 9) || !strncmp(e->kind, "user.chat", 9);       /* signed in or out, or failed to: nobody's rights change by it */
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]) && !passing; i++)
		s->people_changed += !strcmp(e->object, rights[i]);
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (!strcmp(e->kind, endings[i].kind))
			hub_close_actor(s->hub, e->tenant, endings[i].actor, e->object_id);
}

void stream_events(struct stream *s, const struct event *events, size_t n)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < n; i++) {
		follow_people(s, &events[i]);
		publish(s, a, &events[i]);
		arena_reset(a);
	}
}

/* Routes --------------------------------------------------------------------------------------------------------------- */

static int last_number(struct ctx *c, void *arg)
{
	struct event_last_row *rows;
	size_t n;
	TRY(event_last(c, &rows, &n));
	*(int64_t *)arg = n ? rows[0].event_no : 0;
	return 0;
}

static int name_of(struct ctx *c, void *arg)
{
	int64_t id = c->actor_id;
	struct titles users;
	struct text t = text_in(c->arena);
	TRY(actor_titles(c, &id, c->actor_kind == ACTOR_USER, &users));
	actor_json(&t, c->actor_kind, c->actor_id, &users);
	*(const char **)arg = text_end(&t);
	return 0;
}

static void listen_to(struct http_request *r, struct ctx *c)
{
	struct stream *s = c->services->stream;
	int64_t last = 0;
	const char *who = "{}";
	int result = readers_run(s->o.readers, c, last_number, &last);
	if (result == 0)
		result = readers_run(s->o.readers, c, name_of, &who);
	if (result < 0) {
		http_reply_code(r, result, NULL);
		return;
	}
	const struct hub_who me = { .tenant = c->tenant, .kind = c->actor_kind, .id = c->actor_id, .json = who, .last_no = last, .user = stream_listener(s, c) };
	hub_accept(s->hub, r, &me);
}

struct since_in {
	int64_t since, limit;
};
static const struct member since_members[] = {
	MEMBER(struct since_in, since, count), MEMBER(struct since_in, limit, count, .most = EVENTS_AT_ONCE),
};
static const struct shape since_shape = SHAPE("event_query", struct since_in, since_members);

/* Events after a number that the actor may see; `next` tells from where to go on, also past hidden ones. */
static int events(struct ctx *c, const void *in, void *out)
{
	const struct since_in *q = in;
	int64_t most = q->limit ? q->limit : EVENTS_AT_ONCE, last = q->since;
	struct event *rows;
	size_t n;
	bool any = false;
	TRY(events_since(c, q->since, most, &rows, &n));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		struct sight sight = { .object = rows[i].object, .id = rows[i].object_id };
		last = rows[i].no;
		TRY(stream_look(c, &sight));
		error_clear(c->error);
		if (!sight.sees)
			continue;
		text_append(&t, any ? "," : "");
		write_event(&t, &rows[i], "");
		any = true;
	}
	text_format(&t, "],\"next\":%lld,\"more\":%s}", (long long)last, n == (size_t)most ? "true" : "false");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct pass_in {
	const char *pass;
};
static const struct member pass_members[] = { MEMBER(struct pass_in, pass, code, .flags = MEMBER_REQUIRED | MEMBER_SECRET, .most = 100) };
static const struct shape pass_shape = SHAPE("visitor_pass", struct pass_in, pass_members);

const struct route stream_routes[] = {
	ROUTE(GET, "/api/v1/stream", FOR_STAFF, STREAM, .raw = listen_to, .zh = "实时事件（WebSocket）", .en = "Live events (WebSocket)"),
	ROUTE(GET, "/api/v1/my/stream", FOR_CUSTOMER, STREAM, .raw = listen_to, .zh = "客户实时事件（WebSocket）", .en = "Live events of a customer (WebSocket)"),
	ROUTE(GET, "/api/v1/visit/stream", FOR_VISITOR, STREAM, .flags = ROUTE_FOREIGN, .in = &pass_shape, .raw = listen_to, .zh = "访客实时事件（WebSocket）", .en = "Live events of a visitor (WebSocket)"),
	ROUTE(GET, "/api/v1/event", FOR_STAFF, POOL, .in = &since_shape, .out = &raw_shape, .run = events, .zh = "补读事件", .en = "Events after a number"),
};
const size_t stream_route_count = sizeof(stream_routes) / sizeof(stream_routes[0]);
