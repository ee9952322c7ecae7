/* A small server for the tests of net: a few routes that show what arrived, and slow, late and refusing ones.
 * net_test_server PORT [PAGES [PHONE_PAGES [many [patient]]]]: limits are small so that tests are quick; `many` admits many
 * connections of one address, `patient` lets WebSockets be silent for a minute. Ends at SIGTERM. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "net/http.h"
#include "net/hub.h"
#include "net/site.h"

static void raw(struct http_request *r, struct ctx *c)
{
}

static const struct route routes[] = {
	ROUTE(GET, "/api/v1/echo", "public", RAW, .raw = raw),
	ROUTE(POST, "/api/v1/echo", "public", RAW, .raw = raw, .body = BODY_JSON),
	ROUTE(GET, "/api/v1/thing/{id}", "public", RAW, .raw = raw),
	ROUTE(PATCH, "/api/v1/thing/{id}", "public", RAW, .raw = raw, .body = BODY_PART),
	ROUTE(POST, "/api/v1/thing/{id}/action/{action}", "public", RAW, .raw = raw, .body = BODY_JSON),
	ROUTE(GET, "/api/v1/thing/counts", "public", RAW, .raw = raw),
	ROUTE(GET, "/api/v1/late", "public", POOL, .raw = raw),
	ROUTE(GET, "/api/v1/never", "nobody", POOL, .raw = raw),
	ROUTE(POST, "/api/v1/never", "nobody", POOL, .raw = raw, .body = BODY_PART),
	ROUTE(GET, "/api/v1/inject", "public", RAW, .raw = raw),
	ROUTE(PATCH, "/api/v1/sink", "public", RAW, .raw = raw, .body = BODY_PART),
	ROUTE(GET, "/api/v1/fields", "public", RAW, .raw = raw),
	ROUTE(GET, "/api/v1/stream", "public", STREAM, .raw = raw),
	ROUTE(POST, "/api/v1/publish", "public", RAW, .raw = raw, .body = BODY_JSON),
	ROUTE(POST, "/api/v1/afar", "public", RAW, .raw = raw, .body = BODY_JSON),
	ROUTE(POST, "/api/v1/close", "public", RAW, .raw = raw, .body = BODY_JSON),
	ROUTE(GET, "/api/v1/stats", "public", RAW, .raw = raw),
};

static struct hub *hub;
static _Atomic int gone;

/* user is one of these, by ?rights=: the words that a topic may begin with, "-word" is lost at the first event. */
static const char *const rights_known[] = { "ticket view", "nothing", "ticket", "ticket blind", "-ticket", NULL };

static bool has_word(const char *rights, const char *topic, const char *sign)
{
	char word[HUB_TOPIC_TEXT + 2];
	snprintf(word, sizeof(word), "%s%.*s", sign, (int)strcspn(topic, ":"), topic);
	return strstr(rights, word) != NULL;
}

static int may_subscribe(void *arg, void *user, const char *topic)
{
	return has_word(user, topic, "") ? 0 : ERR_FORBIDDEN;
}

static enum hub_right may_see(void *arg, void *user, const char *topic, const void *about, size_t about_n)
{
	if (has_word(user, topic, "-"))
		return HUB_ENDS;
	return about_n && strstr(user, "blind") ? HUB_SKIPS : HUB_SEES;
}

static void on_gone(void *arg, void *user)
{
	gone++;
}

static void stream(struct http_request *r)
{
	const char *id = http_query(r, "id");
	struct hub_who who = { .tenant = 1, .kind = 1, .id = id ? strtoll(id, NULL, 10) : 1, .last_no = 5 };
	who.json = arena_format(r->arena, "{\"id\":\"%lld\"}", (long long)who.id);
	const char *rights = http_query(r, "rights");
	int i = 0;
	while (rights && rights_known[i] && strcmp(rights, rights_known[i]))
		i++;
	who.user = (void *)(uintptr_t)rights_known[i];
	hub_accept(hub, r, &who);
}

/* ?no=7&topic=ticket:1&topic2=view:ticket&secret=1, the body is the message */
static void publish(struct http_request *r)
{
	const char *topics[2] = { http_query(r, "topic"), http_query(r, "topic2") };
	struct hub_event e = { .tenant = 1, .no = strtoll(http_query(r, "no"), NULL, 10), .topics = topics,
	                       .topic_count = topics[1] ? 2 : 1, .json = (const char *)r->body.p, .json_n = r->body.n,
	                       .about = "x", .about_n = http_query(r, "secret") ? 1 : 0 };
	const char *times = http_query(r, "times");
	for (long i = times ? strtol(times, NULL, 10) : 1; i > 0; i--, e.no++)
		hub_publish(hub, &e);
	http_reply_json(r, 200, "{}", 2);
}

static void stats(struct http_request *r)
{
	const struct hub_stats *s = hub_stats(hub);
	const char *json = arena_format(r->arena,
		"{\"clients\":%lld,\"topics\":%lld,\"subscriptions\":%lld,\"present\":%lld,\"behind\":%llu,\"gone\":%d,"
		"\"published\":%llu,\"delivered\":%llu,\"closed_slow\":%llu}",
		(long long)s->clients, (long long)s->topics, (long long)s->subscriptions, (long long)s->present,
		(unsigned long long)s->behind, gone, (unsigned long long)s->published, (unsigned long long)s->delivered,
		(unsigned long long)s->closed_slow);
	http_reply_json(r, 200, json, strlen(json));
}

static int sink(struct http_request *r, const void *p, size_t n)
{
	size_t *total = r->user;
	*total += n;
	return memchr(p, '!', n) ? ERR_OFFSET : 0;
}

static int dispatch(void *arg, struct http_request *r, struct error *e)
{
	if (!strcmp(r->route->permission, "nobody"))
		return error_set(e, r->arena, ERR_FORBIDDEN, NULL);
	if (!strcmp(r->route->path, "/api/v1/sink")) {
		r->user = ARENA_NEW(r->arena, size_t);
		r->sink = sink;
	}
	return 0;
}

static void pairs(struct text *t, const char *name, const struct http_pair *p, size_t n)
{
	text_format(t, ",\"%s\":{", name);
	for (size_t i = 0; i < n; i++) {
		if (i)
			text_char(t, ',');
		json_text(t, p[i].name);
		text_char(t, ':');
		json_text(t, p[i].value);
	}
	text_char(t, '}');
}

static void echo(struct http_request *r)
{
	struct text t = text_in(r->arena);
	char remote[ADDRESS_TEXT];
	address_format(&r->remote, remote);
	text_format(&t, "{\"method\":\"%s\",\"remote\":\"%s\",\"lang\":\"%s\",\"path\":", http_method_name(r->method), remote,
	            r->lang == LANG_EN ? "en" : "zh");
	json_text(&t, r->path);
	pairs(&t, "params", r->params, r->param_count);
	pairs(&t, "query", r->query, r->query_count);
	pairs(&t, "cookies", r->cookies, r->cookie_count);
	text_append(&t, ",\"body\":");
	json_text(&t, r->body.n ? arena_string_n(r->arena, (const char *)r->body.p, r->body.n) : "");
	text_format(&t, ",\"sunk\":%zu}", r->user ? *(size_t *)r->user : (size_t)0);
	http_reply_json(r, 200, t.p, t.n);
}

static void *late(void *arg)
{
	const char *ms = http_query(arg, "ms");
	usleep(ms ? (useconds_t)strtoul(ms, NULL, 10) * 1000 : 30000);
	echo(arg);
	return NULL;
}

static void handle(void *arg, struct http_request *r)
{
	const char *path = r->route->path;
	if (!strcmp(path, "/api/v1/late")) {
		pthread_t thread;
		pthread_create(&thread, NULL, late, r);
		pthread_detach(thread);
	} else if (!strcmp(path, "/api/v1/inject")) {
		struct http_pair header = { "X-Given", http_query(r, "value") };
		http_reply(r, &(struct http_reply){ .status = 204, .headers = &header, .header_count = 1 });
	} else if (!strcmp(path, "/api/v1/fields")) {
		struct error e = { 0 };
		error_field(&e, r->arena, "phone", ERR_FIELD_PHONE, NULL);
		error_field(&e, r->arena, "name", ERR_FIELD_TOO_LONG, "80");
		http_reply_error(r, &e);
	} else if (!strcmp(path, "/api/v1/stream")) {
		stream(r);
	} else if (!strcmp(path, "/api/v1/publish")) {
		publish(r);
	} else if (!strcmp(path, "/api/v1/stats")) {
		stats(r);
	} else if (!strcmp(path, "/api/v1/afar")) {
		hub_signal(hub, 1, http_query(r, "topic"), (enum hub_what)hub_what_of(http_query(r, "what")), 1, 99, "{\"id\":\"99\"}");
		http_reply_json(r, 200, "{}", 2);
	} else if (!strcmp(path, "/api/v1/close")) {
		hub_close_actor(hub, 1, 1, strtoll(http_query(r, "id"), NULL, 10));
		http_reply_json(r, 200, "{}", 2);
	} else {
		echo(r);
	}
}

int main(int argc, char **argv)
{
	struct clock clock;
	struct log log;
	struct http *http;
	struct site *site;
	struct network proxy;
	sigset_t ending;
	int got;
	if (argc < 2)
		return 2;
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ending, NULL);
	clock_system(&clock);
	log_init(&log, STDERR_FILENO, LOG_INFO, &clock);
	network_parse("127.0.0.9", &proxy);
	struct site_mount mounts[] = { { "/", argc > 2 ? argv[2] : "/nonexistent" }, { "/h5/", argc > 3 ? argv[3] : "/nonexistent" }, { 0 } };
	if (site_load(mounts, &log, &site) < 0)
		return 1;
	struct http_options o = { .routes = routes, .route_count = sizeof(routes) / sizeof(routes[0]), .log = &log, .threads = 2,
	                          .dispatch = dispatch, .handle = handle, .proxies = &proxy, .proxy_count = 1, .site = site };
	http_limits_of(&setting_defaults, &o.limits);
	o.limits.body_most[BODY_JSON] = 100 * 1024;
	o.limits.body_most[BODY_PART] = 1 << 20;
	o.limits.head_ms = 1500;
	o.limits.body_ms = 1500;
	o.limits.idle_ms = 4000;
	o.limits.slowest_bytes_s = 100000;
	o.limits.connections_per_ip = 40;
	struct hub_options realtime = { .log = &log, .may_subscribe = may_subscribe, .may_see = may_see, .gone = on_gone };
	hub_limits_of(&setting_defaults, &realtime.limits);
	realtime.limits.present_ms = 1500;
	realtime.limits.ping_ms = argc > 5 ? 60000 : 1000;
	realtime.limits.silence_ms = argc > 5 ? 60000 : 3000;
	realtime.limits.clients_per_actor = 3000;
	realtime.limits.topics_per_client = 20;
	if (hub_start(&realtime, &hub) < 0)
		return 1;
	o.limits.connections_per_ip = argc > 4 ? 5000 : o.limits.connections_per_ip;
	o.listen_fd = http_listen("127.0.0.1", (uint16_t)strtoul(argv[1], NULL, 10));
	if (o.listen_fd < 0 || http_start(&o, &http) < 0)
		return 1;
	printf("%u\n", http_listen_port(o.listen_fd));
	fflush(stdout);
	sigwait(&ending, &got);
	http_stop(http, 2000);
	hub_stop(hub);
	site_free(site);
	return 0;
}
