/* The server: starting, stopping, and what libmicrohttpd calls. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "net/http_private.h"
#include "net/site.h"

void http_limits_of(const struct setting_values *v, struct http_limits *l)
{
	*l = (struct http_limits){
		.head = fence_limits_of(v),
		.body_most = { [BODY_NONE] = 0, [BODY_JSON] = (size_t)v->at[SETTING_HTTP_BODY_JSON], [BODY_PART] = (size_t)v->at[SETTING_HTTP_BODY_PART],
		               [BODY_DELIVERY] = (size_t)v->at[SETTING_HTTP_BODY_JSON] },
		.bodies_most = (size_t)v->at[SETTING_HTTP_BODIES_HELD],
		.connections = (unsigned)v->at[SETTING_HTTP_CONNECTIONS],
		.connections_per_ip = (unsigned)v->at[SETTING_HTTP_PER_ADDRESS],
		.head_ms = (unsigned)setting_ms_of(v, SETTING_HTTP_HEAD_TIME),
		.idle_ms = (unsigned)setting_ms_of(v, SETTING_HTTP_IDLE_TIME),
		.body_ms = (unsigned)setting_ms_of(v, SETTING_HTTP_BODY_TIME),
		.slowest_bytes_s = (unsigned)v->at[SETTING_HTTP_SLOWEST],
	};
}

/* libmicrohttpd refuses some heads by itself (larger than its memory, no Host) and then tells nobody that the request is over. */
static void drop_unseen(struct http *h, struct watched *w)
{
	struct exchange *x = w->unseen;
	if (!x)
		return;
	w->unseen = NULL;
	arena_free(x->r.arena);
	h->running--;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
	struct http *h = arg;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*context) {
			drop_unseen(h, *context);
			watch_remove(h->watch, *context);
		}
		h->metrics.connections--;
		return;
	}
	struct ip_address peer = { 0 };
	int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	address_of(MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, &peer);
	*context = watch_add(h->watch, fd, &peer, !http_is_proxy(h, &peer), h->options.limits.head_ms);
	if (!*context) {
		h->metrics.refused[REFUSED_CONNECTIONS]++;
		shutdown(fd, SHUT_RDWR);
	}
	h->metrics.connections++;
	h->metrics.accepted++;
}

/* libmicrohttpd answers by itself what it cannot read or hold. It says so only here, and not of which connection. */
static void on_library_says(void *arg, const char *format, va_list values)
{
	struct http *h = arg;
	char status[16];
	if (!strstr(format, "HTTP response code is %u"))
		return;
	snprintf(status, sizeof(status), "%u", va_arg(values, unsigned));
	h->metrics.refused[REFUSED_UNREADABLE]++;
	log_write(h->options.log, LOG_INFO, "request unreadable", "status", status, NULL);
}

/* libmicrohttpd would keep a record of each name in the query, in the memory that heads are read into; url.c reads our copy. */
static void hide_query(const char *target)
{
	char *mark = strchr((char *)(uintptr_t)target, '?');
	if (mark)
		mark[1] = 0;
}

/* The first sight of a request: its target, before libmicrohttpd cuts it up. */
static void *on_target(void *arg, const char *target, struct MHD_Connection *connection)
{
	struct http *h = arg;
	struct watched *watched = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	if (!watched)
		return NULL;
	drop_unseen(h, watched);
	struct arena *a = arena_new();
	struct exchange *x = ARENA_NEW(a, struct exchange);
	x->http = h;
	x->mhd = connection;
	x->watched = watched;
	watched->unseen = x;
	x->target_at = target;
	x->target_n = strlen(target);
	x->target = arena_copy(a, target, x->target_n + 1);
	x->r.arena = a;
	x->r.started_ns = monotonic_ns();
	x->r.content_length = -1;
	hide_query(target);
	h->running++;
	return x;
}

/* Gives a complete request to its handler. When the answer is not there yet the connection sleeps; the state decides who
 * wakes it: the one who comes second. */
static enum MHD_Result hand_over(struct exchange *x)
{
	int expected = REPLY_NONE;
	x->step = STEP_HANDLED;
	watch_pause(x->watched);
	body_end(x);
	if (atomic_load_explicit(&x->state, memory_order_acquire) == REPLY_READY)
		return reply_queue(x);
	MHD_suspend_connection(x->mhd);
	if (!atomic_compare_exchange_strong(&x->state, &expected, REPLY_SUSPENDED))
		MHD_resume_connection(x->mhd);
	return MHD_YES;
}

static enum MHD_Result on_access(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *data, size_t *data_n, void **context)
{
	struct exchange *x = *context;
	/* what a refused connection had sent before it was shut is still read */
	if (!x)
		return MHD_NO;
	x->watched->unseen = NULL;
	switch (x->step) {
	case STEP_HEAD:
		return head_take(x, method, url, version);
	case STEP_BODY:
		return *data_n ? body_take(x, data, data_n) : hand_over(x);
	case STEP_LINGER:
		return *data_n ? body_take(x, data, data_n) : MHD_NO;
	case STEP_HANDLED:
		break;
	}
	return reply_queue(x);
}

static void count(struct exchange *x)
{
	struct http_metrics *m = &x->http->metrics;
	size_t row = x->match.route ? x->match.index : m->route_count - 1;
	struct route_metrics *route = &m->routes[row];
	int64_t us = (monotonic_ns() - x->r.started_ns) / 1000;
	if (x->status >= 100 && x->status < 600)
		atomic_fetch_add_explicit(&route->status[x->status / 100], 1, memory_order_relaxed);
	latency_add(&route->latency, us);
	exchange_log(x, us);
	atomic_fetch_add_explicit(&m->bytes_in, x->body_n, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->bytes_out, x->response_n, memory_order_relaxed);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode code)
{
	struct http *h = arg;
	struct exchange *x = *context;
	if (!x)
		return;
	*context = NULL;
	x->watched->unseen = NULL;
	count(x);
	if (x->body)
		h->metrics.bodies -= (int64_t)x->body_room;
	if (x->is_dispatched && h->options.done)
		h->options.done(h->options.arg, &x->r);
	if (x->upgraded)
		x->upgraded(x->upgraded_arg, -1, NULL, 0);
	if (x->response && !x->is_shared)
		MHD_destroy_response(x->response);
	watch_within(x->watched, h->options.limits.idle_ms);
	arena_free(x->r.arena);
	h->running--;
}

/* Escapes are read by url.c alone; libmicrohttpd must not touch them. */
static size_t leave_escapes(void *arg, struct MHD_Connection *connection, char *s)
{
	return strlen(s);
}

static int start_daemon(struct http *h)
{
	/* A lawful head, what libmicrohttpd adds to it (a copy of the cookies, 64 bytes for each header and cookie), and room for a
	 * reply. Heads over their limit arrive too, up to this, and are refused by the fence. */
	enum { POOL = 64 * 1024, STACK = 512 * 1024 };
	unsigned threads = h->options.threads ? h->options.threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	struct MHD_OptionItem more[] = {
		{ threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};
	h->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_TURBO | MHD_USE_ERROR_LOG |
			MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC, 0,
		NULL, NULL, on_access, h,
		MHD_OPTION_EXTERNAL_LOGGER, on_library_says, h,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escapes, h,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL,
		MHD_OPTION_CONNECTION_LIMIT, h->options.limits.connections,
		MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK,
		MHD_OPTION_STRICT_FOR_CLIENT, 0,        /* what it refuses it refuses in its own words: the fence is stricter */
		MHD_OPTION_ARRAY, more,
		MHD_OPTION_END);
	return h->daemon ? 0 : ERR_INTERNAL;
}

int http_start(const struct http_options *o, struct http **out)
{
	struct arena *a = arena_new();
	struct http *h = ARENA_NEW(a, struct http);
	const char *fault = NULL;
	h->arena = a;
	h->options = *o;
	h->metrics.route_count = o->route_count + 1;
	h->metrics.routes = ARENA_ARRAY(a, struct route_metrics, h->metrics.route_count);
	if (getrandom(&h->id_seed, sizeof(h->id_seed), 0) != sizeof(h->id_seed))
		goto failed;
	if (router_build(a, o->routes, o->route_count, &h->router, &fault) < 0) {
		log_write(o->log, LOG_ERROR, "route table refused", "path", fault, NULL);
		goto failed;
	}
	if (watch_start(a, o->limits.connections, o->limits.connections_per_ip, &h->metrics, &h->watch) < 0)
		goto failed;
	/* before the first request, whose handler may ask for it */
	*out = h;
	if (start_daemon(h) == 0) {
		if (acceptor_start(h) == 0)
			return 0;
		MHD_stop_daemon(h->daemon);
	}
	watch_stop(h->watch);
failed:
	*out = NULL;
	arena_free(a);
	return ERR_INTERNAL;
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
}

void http_stop(struct http *h, unsigned drain_ms)
{
	int64_t until = monotonic_ns() + (int64_t)drain_ms * 1000000;
	h->is_stopping = true;
	acceptor_stop(h);
	close(h->options.listen_fd);
	while (h->running > 0 && monotonic_ns() < until)
		nap();
	/* libmicrohttpd cannot stop while a connection sleeps: handlers must answer, however late */
	while (h->waiting > 0)
		nap();
	MHD_stop_daemon(h->daemon);
	watch_stop(h->watch);
	arena_free(h->arena);
}

const struct http_metrics *http_metrics(const struct http *h)
{
	return &h->metrics;
}
