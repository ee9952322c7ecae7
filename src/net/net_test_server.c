/* A small server for the tests of net: a few routes that show what arrived, and slow, late and refusing ones.
 * net_test_server PORT [SECONDS]: limits are small so that tests are quick. Ends at SIGTERM or end of standard input. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "net/http.h"
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
};

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
	usleep(30000);
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
	http_limits_default(&o.limits);
	o.limits.body_most[BODY_JSON] = 100 * 1024;
	o.limits.body_most[BODY_PART] = 1 << 20;
	o.limits.head_ms = 1500;
	o.limits.body_ms = 1500;
	o.limits.idle_ms = 4000;
	o.limits.slowest_bytes_s = 100000;
	o.limits.connections_per_ip = 40;
	o.listen_fd = http_listen("127.0.0.1", (uint16_t)strtoul(argv[1], NULL, 10));
	if (o.listen_fd < 0 || http_start(&o, &http) < 0)
		return 1;
	printf("%u\n", http_listen_port(o.listen_fd));
	fflush(stdout);
	sigwait(&ending, &got);
	http_stop(http, 2000);
	site_free(site);
	return 0;
}
