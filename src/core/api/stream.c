/* Rights and words of the realtime hub. */
#include "core/api/stream.h"

#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "core/api/actor.h"
#include "core/api/readers.h"
#include "core/services.h"
#include "gen/history_sql.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"

enum { WORD = 64, EVENTS_AT_ONCE = 500 };

struct stream {
	struct arena *arena;
	struct stream_options o;
	struct hub *hub;
	_Atomic uint64_t people_changed;        /* grows when rights of anybody may have changed */
};

/* Who listens. Belongs to the hub from hub_accept() to gone(). */
struct listener {
	struct arena *arena;
	struct stream *stream;
	int64_t tenant;
	enum actor_kind kind;
	int64_t actor_id;
	struct auth auth;
	struct arena *rights;                   /* holds the permissions of auth once they were read again */
	uint64_t people_seen;
};

/* What may_see needs to know of an event. */
struct about {
	char object[WORD], kind[WORD];
	int64_t id;
};

static struct ctx listener_ctx(const struct listener *l, struct arena *a, struct error *e)
{
	return (struct ctx){
		.arena = a, .tenant = l->tenant, .actor_kind = l->kind, .actor_id = l->actor_id, .now = clock_now(l->stream->o.clock),
		.request_id = "stream", .error = e, .log = l->stream->o.log, .auth = &l->auth, .services = l->stream->o.services,
	};
}

static bool topic_split(const char *topic, char head[static WORD], const char **tail)
{
	const char *colon = strchr(topic, ':');
	if (!colon || colon - topic >= WORD)
		return false;
	memcpy(head, topic, (size_t)(colon - topic));
	head[colon - topic] = 0;
	*tail = colon + 1;
	return true;
}

struct sight {
	const char *object;
	int64_t id;
	bool sees;
};

static int look(struct ctx *c, void *arg)
{
	struct sight *s = arg;
	const struct record_model *m = registry_find(&c->services->registry, s->object);
	if (c->actor_kind == ACTOR_CUSTOMER) {
		struct stream *stream = c->services->stream;
		s->sees = stream->o.customer_sees(c, s->object, s->id);
		return 0;
	}
	if (!m || !may(c, arena_format(c->arena, "%s.read", s->object)))
		return 0;
	int r = record_get(c, m->record, s->id, arena_alloc(c->arena, m->record->table->row->size));
	s->sees = r == 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

static bool sees_object(const struct listener *l, const char *object, int64_t id)
{
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	struct ctx c = listener_ctx(l, a, &e);
	struct sight sight = { .object = object, .id = id };
	return readers_run(l->stream->o.readers, &c, look, &sight) == 0 && sight.sees;
}

static int read_rights(struct ctx *c, void *arg)
{
	struct listener *l = arg;
	struct user_account user;
	struct role role;
	TRY(user_account_row_get(c, l->auth.user_id, &user));
	TRY(role_row_get(c, user.role_id, &role));
	if (user.archived_at || user.locked_until > c->now)
		return ERR_NOT_SIGNED_IN;
	l->auth.role_id = user.role_id;
	l->auth.team_id = user.team_id;
	l->auth.region_id = user.region_id;
	l->auth.scope = scope_read(role.scope);
	return permissions_read(c->arena, role.permissions, &l->auth.permissions, &l->auth.permission_count);
}

/* Reads the person's rights again after somebody's rights changed. False: no longer a person who may listen. */
static bool rights_hold(struct listener *l)
{
	uint64_t changed = l->stream->people_changed;
	if (l->kind == ACTOR_CUSTOMER || l->people_seen == changed)
		return true;
	struct arena *a = arena_new();
	struct error e = { 0 };
	struct ctx c = listener_ctx(l, a, &e);
	int r = readers_run(l->stream->o.readers, &c, read_rights, l);
	if (r < 0) {
		l->auth.permission_count = 0;
		arena_free(a);
		return false;
	}
	arena_free(l->rights);
	l->rights = a;
	l->people_seen = changed;
	return true;
}

static bool may_read(const struct listener *l, const char *object)
{
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	struct ctx c = listener_ctx(l, a, &e);
	return may(&c, arena_format(a, "%s.read", object));
}

static int may_subscribe(void *arg, void *user, const char *topic)
{
	struct listener *l = user;
	char head[WORD];
	const char *tail;
	int64_t id;
	if (!topic_split(topic, head, &tail) || !rights_hold(l))
		return ERR_FORBIDDEN;
	if (!strcmp(head, "view"))
		return l->kind != ACTOR_CUSTOMER && may_read(l, tail) ? 0 : ERR_FORBIDDEN;
	return id_parse(tail, &id) == 0 && sees_object(l, head, id) ? 0 : ERR_FORBIDDEN;
}

static enum hub_right may_see(void *arg, void *user, const char *topic, const void *data, size_t n)
{
	struct listener *l = user;
	struct stream *s = arg;
	struct about about;
	if (n != sizeof(about))
		return HUB_SKIPS;
	memcpy(&about, data, sizeof(about));
	if (!rights_hold(l))
		return HUB_ENDS;
	if (l->kind == ACTOR_CUSTOMER)
		return !s->o.is_public(about.kind) ? HUB_SKIPS : sees_object(l, about.object, about.id) ? HUB_SEES : HUB_ENDS;
	if (!may_read(l, about.object))
		return HUB_ENDS;
	if (l->auth.scope == SCOPE_ALL || sees_object(l, about.object, about.id))
		return HUB_SEES;
	return !strncmp(topic, "view:", 5) ? HUB_SKIPS : HUB_ENDS;
}

static void gone(void *arg, void *user)
{
	struct listener *l = user;
	arena_free(l->rights);
	arena_free(l->arena);
}

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
	char topic[HUB_TOPIC_TEXT + 1], what[16];
	long long tenant, id;
	int kind, end = 0;
	if (sscanf(text, "%lld %d %lld %15s %80s %n", &tenant, &kind, &id, what, topic, &end) == 5 && end && hub_what_of(what) >= 0)
		hub_signal(s->hub, tenant, topic, (enum hub_what)hub_what_of(what), kind, id, text + end);
}

int stream_open(const struct stream_options *options, struct stream **out)
{
	struct arena *a = arena_new();
	struct stream *s = ARENA_NEW(a, struct stream);
	s->arena = a;
	s->o = *options;
	struct hub_options hub = { .log = options->log, .may_subscribe = may_subscribe, .may_see = may_see, .relay = relay, .gone = gone, .arg = s };
	hub_limits_default(&hub.limits);
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

void stream_close_actor(struct stream *s, int64_t tenant, enum actor_kind kind, int64_t id)
{
	hub_close_actor(s->hub, tenant, kind, id);
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
	struct about about = { .id = e->object_id };
	snprintf(about.object, sizeof(about.object), "%s", e->object);
	snprintf(about.kind, sizeof(about.kind), "%s", e->kind);
	struct text t = text_in(a);
	write_event(&t, e, "\"op\":\"event\",");
	const char *topics[] = { arena_format(a, "%s:%lld", e->object, (long long)e->object_id), arena_format(a, "view:%s", e->object) };
	hub_publish(s->hub, &(struct hub_event){
		.tenant = e->tenant, .no = e->no, .topics = topics, .topic_count = 2, .json = text_end(&t), .json_n = t.n, .about = &about, .about_n = sizeof(about),
	});
}

void stream_events(struct stream *s, const struct event *events, size_t n)
{
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(events[i].object, "user") || !strcmp(events[i].object, "role"))
			s->people_changed++;
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

static struct listener *listener_new(struct stream *s, const struct ctx *c)
{
	struct arena *a = arena_new();
	struct listener *l = ARENA_NEW(a, struct listener);
	*l = (struct listener){ .arena = a, .stream = s, .tenant = c->tenant, .kind = c->actor_kind, .actor_id = c->actor_id, .auth = *c->auth, .people_seen = s->people_changed };
	const char **permissions = ARENA_ARRAY(a, const char *, c->auth->permission_count + 1);
	for (size_t i = 0; i < c->auth->permission_count; i++)
		permissions[i] = arena_string(a, c->auth->permissions[i]);
	l->auth.permissions = permissions;
	return l;
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
	const struct hub_who me = { .tenant = c->tenant, .kind = c->actor_kind, .id = c->actor_id, .json = who, .last_no = last, .user = listener_new(s, c) };
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
		TRY(look(c, &sight));
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

const struct route stream_routes[] = {
	ROUTE(GET, "/api/v1/stream", FOR_STAFF, STREAM, .raw = listen_to, .zh = "实时事件（WebSocket）", .en = "Live events (WebSocket)"),
	ROUTE(GET, "/api/v1/my/stream", FOR_CUSTOMER, STREAM, .raw = listen_to, .zh = "客户实时事件（WebSocket）", .en = "Live events of a customer (WebSocket)"),
	ROUTE(GET, "/api/v1/event", FOR_STAFF, POOL, .in = &since_shape, .out = &raw_shape, .run = events, .zh = "补读事件", .en = "Events after a number"),
};
const size_t stream_route_count = sizeof(stream_routes) / sizeof(stream_routes[0]);
