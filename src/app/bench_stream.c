/* Live events through the whole server: 2,000 people listen to all tickets, ten a second are filed, and each frame is timed from
 * the instant that the event carries, which is before its commit, to its arrival. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "app/bench_server.h"
#include "app/company.h"
#include "core/auth/sign_in.h"
#include "gen/sign_in_sql.h"

enum { LISTENERS = 2000, PER_PERSON = 20, PEOPLE = LISTENERS / PER_PERSON, PER_SECOND = 10, SECONDS = 20, EVENTS = PER_SECOND * SECONDS, FRAME_ROOM = 65536 };

struct listening {
	struct bench_run server;
	const char *cookies[PEOPLE];
	int fds[LISTENERS];
	double *took_ms;
	size_t got;
	_Atomic bool filed;
	int failure;
};

/* Half of them see all rows, half those of their team and of none: for these the object is asked at every event. */
static int add_people(struct ctx *c, void *arg)
{
	struct listening *l = arg;
	static const char *const roles[] = { "supervisor", "agent" };
	struct role_by_code_row role[2];
	for (int i = 0; i < 2; i++) {
		struct role_by_code_row *rows;
		size_t n;
		TRY(role_by_code(c, roles[i], &rows, &n));
		if (n == 0)
			return fail(c, ERR_NOT_FOUND, roles[i]);
		role[i] = rows[0];
	}
	for (int i = 0; i < PEOPLE; i++) {
		const char *cookie;
		struct staff staff = { .account = arena_format(c->arena, "listener%03d", i), .name = "听", .password_hash = "", .role_id = role[i % 2].id };
		TRY(company_add_staff(c, &staff));
		TRY(session_create(c, &(struct session_new){ .kind = ACTOR_USER, .actor_id = staff.id, .life_ms = setting_ms(c, SETTING_SIGN_IN_LIFE) }, &cookie));
		l->cookies[i] = arena_format(l->server.arena, STAFF_COOKIE "=%s", cookie);
	}
	return 0;
}

static int send_text(int fd, const char *text)
{
	size_t n = strlen(text);
	return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n ? 0 : ERR_OUTBOUND;
}

/* A client's frame is masked; a mask of zeros changes nothing. */
static int subscribe(int fd)
{
	static const char words[] = "{\"op\":\"subscribe\",\"topics\":[\"view:ticket\"]}";
	char frame[6 + sizeof(words)] = { (char)0x81, (char)(0x80 | (sizeof(words) - 1)) };
	memcpy(frame + 6, words, sizeof(words) - 1);
	return send(fd, frame, 6 + sizeof(words) - 1, MSG_NOSIGNAL) == (ssize_t)(6 + sizeof(words) - 1) ? 0 : ERR_OUTBOUND;
}

static int listen_in(struct listening *l, int i)
{
	struct arena *a = l->server.arena;
	l->fds[i] = load_connect(l->server.port, i);
	if (l->fds[i] < 0)
		return ERR_OUTBOUND;
	TRY(send_text(l->fds[i], arena_format(a, "GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nCookie: %s\r\n"
	                                      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
	                                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", l->server.port, l->server.port, l->cookies[i / PER_PERSON])));
	char answer[4096];
	if (recv(l->fds[i], answer, sizeof(answer), 0) < 12 || memcmp(answer + 9, "101", 3) != 0)
		return ERR_OUTBOUND;
	return subscribe(l->fds[i]);
}

/* On a thread of its own, so that filing never keeps a frame from being read. */
static void *file_tickets(void *arg)
{
	struct listening *l = arg;
	struct bench_run b = l->server;
	int64_t started = monotonic_ns();
	for (int i = 0; i < EVENTS && l->failure == 0; i++) {
		ARENA_SCOPED a = arena_new();
		int64_t due = started + (int64_t)i * (1000000000 / PER_SECOND), now = monotonic_ns();
		const char *body, *cookie;
		int status;
		if (due > now)
			nanosleep(&(struct timespec){ (due - now) / 1000000000, (due - now) % 1000000000 }, NULL);
		int r = load_call(b.port, a, bench_request(&b, a, "POST", "/api/v1/ticket", "", bench_report(&b, a)), &status, &body, &cookie);
		if (r < 0 || status != 201)
			l->failure = r < 0 ? r : ERR_INTERNAL;
	}
	l->filed = true;
	return NULL;
}

/* Whatever frames came in one read; a frame that was cut has its instant in the other part, or is missed and shows as lost. */
static void take_instants(struct listening *l, char *bytes, size_t n)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	double now_ms = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
	static const char created[] = "\"kind\":\"ticket.created\"";
	bytes[n] = 0;
	for (const char *at = bytes; (at = memmem(at, n - (size_t)(at - bytes), created, sizeof(created) - 1)) != NULL; at += sizeof(created)) {
		const char *instant = strstr(at, "\"at\":");
		if (instant && l->got < (size_t)LISTENERS * EVENTS)
			l->took_ms[l->got++] = now_ms - (double)strtoll(instant + 5, NULL, 10);
	}
}

static int hear(struct listening *l, int epoll)
{
	enum { READY = 256, PATIENCE_NS = 2000000000 };
	struct epoll_event ready[READY];
	static char bytes[FRAME_ROOM + 1];
	int64_t last = monotonic_ns();
	while (l->got < (size_t)LISTENERS * EVENTS && !(l->filed && monotonic_ns() - last > PATIENCE_NS)) {
		int count = epoll_wait(epoll, ready, READY, 50);
		for (int i = 0; i < count; i++) {
			ssize_t n = recv(ready[i].data.fd, bytes, FRAME_ROOM, MSG_DONTWAIT);
			if (n == 0 || (n < 0 && errno != EAGAIN))
				return ERR_OUTBOUND;
			if (n > 0)
				take_instants(l, bytes, (size_t)n);
			last = monotonic_ns();
		}
	}
	return l->failure;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static int figures(struct listening *l)
{
	pthread_t filing;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < LISTENERS; i++) {
		TRY(listen_in(l, i));
		epoll_ctl(epoll, EPOLL_CTL_ADD, l->fds[i], &(struct epoll_event){ .events = EPOLLIN, .data.fd = l->fds[i] });
	}
	sleep(1);       /* the last subscriptions arrive */
	if (pthread_create(&filing, NULL, file_tickets, l) != 0)
		return ERR_NO_MEMORY;
	int r = hear(l, epoll);
	pthread_join(filing, NULL);
	close(epoll);
	TRY(r);
	qsort(l->took_ms, l->got, sizeof(*l->took_ms), by_value);
	bench_print("stream_2000", l->got ? l->took_ms[(l->got - 1) * 99 / 100] : 0, "ms p99", 0);
	bench_print("stream_2000_p50", l->got ? l->took_ms[(l->got - 1) / 2] : 0, "ms", 0);
	bench_print("stream_2000_delivered", 100.0 * (double)l->got / ((double)LISTENERS * EVENTS), "%", 0);
	return l->got == (size_t)LISTENERS * EVENTS ? 0 : ERR_OUTBOUND;
}

int bench_stream(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct listening *l = ARENA_NEW(a, struct listening);
	struct rlimit files;
	struct app *app;
	l->took_ms = ARENA_ARRAY(a, double, (size_t)LISTENERS * EVENTS);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	TRY(bench_forget(a, o, "stream"));
	TRY(bench_open(&l->server, a, o, "stream", NULL));
	TRY(bench_app(&l->server, &app));
	int r = app_write(app, l->server.tenant, add_people, l);
	app_close(app);
	if (r == 0)
		r = bench_start(&l->server);
	if (r == 0)
		r = bench_sign_in(&l->server);
	if (r == 0)
		r = figures(l);
	bench_stop(&l->server.server);
	return r;
}
