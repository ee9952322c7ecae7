/* A busy Monday of the web chat: 5,000 visitors with a conversation each, and 200 colleagues who watch all of them, are connected. Ten visitors a
 * second write and ten answers a second are given. Timed is until people see it: a visitor's words from the instant that their event carries, which
 * is before its commit, until each colleague's screen was told; an answer from its being sent until the visitor's browser has asked for it and has
 * it. What an idle visitor costs in memory is what the server grew by when they connected. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "app/bench_listen.h"
#include "core/identity/visitor.h"

enum { VISITORS = 5000, AGENTS = 200, SPEAKERS = 200, PER_SECOND = 10, LATER = 20 * PER_SECOND / 4, CONNECTIONS = VISITORS + AGENTS };

struct visit {
	const char *token, *conversation;
	_Atomic int64_t answered_ns;            /* when the answer was sent that she has not seen; 0: none */
};

struct floor {
	struct bench_run server;
	struct visit *visits;
	const char *cookies[AGENTS];
	int fds[CONNECTIONS];
	struct listen_times told, answered;
	_Atomic bool said;
	_Atomic int failure;
};

static int make_tokens(struct ctx *c, void *arg)
{
	struct floor *f = arg;
	for (int i = 0; i < VISITORS; i++) {
		const char *token;
		TRY(visitor_token(c, new_id(c), &token));
		f->visits[i].token = arena_string(f->server.arena, token);
	}
	return 0;
}

/* As her browser asks; the answer's body in `a`. */
static int ask_as(struct bench_run *b, struct arena *a, int i, const struct visit *v, const char *method, const char *path, const char *body, const char **answer)
{
	int status;
	const char *request = arena_format(a, "%s /api/v1/visit/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
	                                      "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", method, path, b->port, b->port, v->token, strlen(body), body);
	TRY(load_call_from(b->port, i, a, request, &status, answer));
	if (status != 200)
		fprintf(stderr, "bench: %s %s: %d %.300s\n", method, path, status, *answer);
	return status == 200 ? 0 : ERR_OUTBOUND;
}

static int say(struct bench_run *b, struct arena *a, int i, const struct visit *v, int number, const char **answer)
{
	return ask_as(b, a, i, v, "POST", "message", arena_format(a, "{\"text\":\"滚筒洗衣机脱水的时候响得厉害，第 %d 句\",\"external_id\":\"visitor-%d-%d\"}", number, i, number), answer);
}

static int begin_talks(struct floor *f)
{
	for (int i = 0; i < VISITORS; i++) {
		ARENA_SCOPED a = arena_new();
		const char *answer;
		TRY(say(&f->server, a, i, &f->visits[i], 0, &answer));
		const char *conversation = strstr(answer, "\"conversation\":");
		const char *id = conversation ? bench_value(f->server.arena, conversation + 1, "id") : NULL;
		if (!id)
			return ERR_INTERNAL;
		f->visits[i].conversation = id;
	}
	return 0;
}

static int connect_visitor(struct floor *f, int i)
{
	ARENA_SCOPED a = arena_new();
	const char *answer;
	TRY(ask_as(&f->server, a, i, &f->visits[i], "GET", "pass", "", &answer));
	TRY(listen_open(&f->server, i, arena_format(a, "/api/v1/visit/stream?pass=%s", bench_value(a, answer, "pass")), "", &f->fds[i]));
	return listen_subscribe(f->fds[i], arena_format(a, "conversation:%s", f->visits[i].conversation));
}

static int connect_all(struct floor *f, int epoll, double *kb)
{
	double before = 0, after = 0;
	ARENA_SCOPED a = arena_new();
	TRY(bench_memory_mb(f->server.server, &before));
	for (int i = 0; i < VISITORS; i++)
		TRY(connect_visitor(f, i));
	sleep(2);       /* the last subscriptions arrive */
	TRY(bench_memory_mb(f->server.server, &after));
	*kb = (after - before) * 1024 / VISITORS;
	for (int i = 0; i < AGENTS; i++) {
		int *fd = &f->fds[VISITORS + i];
		TRY(listen_open(&f->server, VISITORS + i, "/api/v1/stream", arena_format(a, "Cookie: %s\r\n", f->cookies[i]), fd));
		TRY(listen_subscribe(*fd, "view:conversation"));
	}
	sleep(1);
	for (int i = 0; i < CONNECTIONS; i++)
		epoll_ctl(epoll, EPOLL_CTL_ADD, f->fds[i], &(struct epoll_event){ .events = EPOLLIN, .data.u32 = (uint32_t)i });
	return 0;
}

/* Talking ----------------------------------------------------------------------------------------------------------------- */

static int answer(struct floor *f, struct bench_run *b, struct arena *a, int i)
{
	int status;
	const char *body, *cookie;
	const char *path = arena_format(a, "/api/v1/conversation/%s/message", f->visits[i].conversation);
	const char *request = bench_request(b, a, "POST", path, "", "{\"text\":\"请先检查四个底脚是否都着地\",\"visibility\":\"public\"}");
	f->visits[i].answered_ns = monotonic_ns();
	TRY(load_call(b->port, a, request, &status, &body, &cookie));
	return status < 300 ? 0 : ERR_INTERNAL;
}

/* Each speaker writes, and some seconds later she is answered. */
static void *talk(void *arg)
{
	struct floor *f = arg;
	struct bench_run b = f->server;
	int64_t started = monotonic_ns();
	for (int i = 0; i < SPEAKERS + LATER && f->failure == 0; i++) {
		ARENA_SCOPED a = arena_new();
		int64_t due = started + (int64_t)i * (1000000000 / PER_SECOND), now = monotonic_ns();
		const char *said;
		int r = 0;
		if (due > now)
			nanosleep(&(struct timespec){ (due - now) / 1000000000, (due - now) % 1000000000 }, NULL);
		if (i < SPEAKERS)
			r = say(&b, a, i, &f->visits[i], 1, &said);
		if (r == 0 && i >= LATER)
			r = answer(f, &b, a, i - LATER);
		if (r < 0)
			f->failure = r;
	}
	f->said = true;
	return NULL;
}

/* Her browser, told that there is something, asks for it. */
static int seen(struct floor *f, int i)
{
	struct visit *v = &f->visits[i];
	int64_t sent = v->answered_ns;
	ARENA_SCOPED a = arena_new();
	const char *messages;
	if (!sent)
		return 0;
	TRY(ask_as(&f->server, a, i, v, "GET", arena_format(a, "conversation/%s/message?after=2", v->conversation), "", &messages));
	if (!strstr(messages, "底脚"))
		return 0;
	v->answered_ns = 0;
	listen_time(&f->answered, (double)(monotonic_ns() - sent) / 1e6);
	return 0;
}

static int take(struct floor *f, int i)
{
	static char bytes[LISTEN_ROOM + 1];
	static const char *const written[] = { "\"kind\":\"conversation.received\"", NULL };
	ssize_t n = recv(f->fds[i], bytes, LISTEN_ROOM, MSG_DONTWAIT);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		return ERR_OUTBOUND;
	if (n > 0 && i >= VISITORS)
		listen_ages(&f->told, bytes, (size_t)n, written);
	return n > 0 && i < VISITORS ? seen(f, i) : 0;
}

static int hear(struct floor *f, int epoll)
{
	enum { READY = 256, PATIENCE_NS = 2000000000 };
	struct epoll_event ready[READY];
	int64_t last = monotonic_ns();
	while ((f->told.n < f->told.most || f->answered.n < f->answered.most) && f->failure == 0 && !(f->said && monotonic_ns() - last > PATIENCE_NS)) {
		int count = epoll_wait(epoll, ready, READY, 50);
		for (int i = 0; i < count; i++) {
			TRY(take(f, (int)ready[i].data.u32));
			last = monotonic_ns();
		}
	}
	return f->failure;
}

static int figures(struct floor *f)
{
	pthread_t talking;
	double kb = 0;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	TRY(begin_talks(f));
	TRY(connect_all(f, epoll, &kb));
	bench_print("visitors_5000_kb", kb, "KB each", 0);
	if (pthread_create(&talking, NULL, talk, f) != 0)
		return ERR_NO_MEMORY;
	int r = hear(f, epoll);
	f->failure = r;
	pthread_join(talking, NULL);
	close(epoll);
	TRY(r);
	size_t expected = f->told.most + f->answered.most, got = f->told.n + f->answered.n;
	bench_print("visitors_5000", listen_within(&f->told, 0.99), "ms p99", 0);
	bench_print("visitors_5000_p50", listen_within(&f->told, 0.5), "ms", 0);
	bench_print("visitors_5000_answer", listen_within(&f->answered, 0.99), "ms p99", 0);
	bench_print("visitors_5000_delivered", 100.0 * (double)got / (double)expected, "%", 0);
	return got == expected ? 0 : ERR_OUTBOUND;
}

int bench_visitors(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct floor *f = ARENA_NEW(a, struct floor);
	struct app *app;
	f->visits = ARENA_ARRAY(a, struct visit, VISITORS);
	f->told.most = (size_t)SPEAKERS * AGENTS;
	f->answered.most = SPEAKERS;
	f->told.ms = ARENA_ARRAY(a, double, f->told.most);
	f->answered.ms = ARENA_ARRAY(a, double, f->answered.most);
	listen_raise_files();
	TRY(bench_forget(a, o, "visitors"));
	TRY(bench_open(&f->server, a, o, "visitors", NULL));
	TRY(listen_add_people(&f->server, AGENTS, f->cookies));
	TRY(bench_app(&f->server, &app));
	int r = app_write(app, f->server.tenant, make_tokens, f);
	app_close(app);
	if (r == 0)
		r = bench_start(&f->server);
	if (r == 0)
		r = bench_sign_in(&f->server);
	if (r == 0)
		r = figures(f);
	bench_stop(&f->server.server);
	return r;
}
