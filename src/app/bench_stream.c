/* Live events through the whole server: 2,000 people listen to all tickets, ten a second are filed, and each frame is timed from
 * the instant that the event carries, which is before its commit, to its arrival. */
#include <errno.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "app/bench_listen.h"

enum { LISTENERS = 2000, PER_PERSON = 20, PEOPLE = LISTENERS / PER_PERSON, PER_SECOND = 10, SECONDS = 20, EVENTS = PER_SECOND * SECONDS };

struct listening {
	struct bench_run server;
	const char *cookies[PEOPLE];
	int fds[LISTENERS];
	struct listen_times took;
	_Atomic bool filed;
	int failure;
};

static int listen_in(struct listening *l, int i)
{
	ARENA_SCOPED a = arena_new();
	TRY(listen_open(&l->server, i, "/api/v1/stream", arena_format(a, "Cookie: %s\r\n", l->cookies[i / PER_PERSON]), &l->fds[i]));
	return listen_subscribe(l->fds[i], "view:ticket");
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

static int hear(struct listening *l, int epoll)
{
	enum { READY = 256, PATIENCE_NS = 2000000000 };
	static const char *const created[] = { "\"kind\":\"ticket.created\"", NULL };
	static char bytes[LISTEN_ROOM + 1];
	struct epoll_event ready[READY];
	int64_t last = monotonic_ns();
	while (l->took.n < l->took.most && !(l->filed && monotonic_ns() - last > PATIENCE_NS)) {
		int count = epoll_wait(epoll, ready, READY, 50);
		for (int i = 0; i < count; i++) {
			ssize_t n = recv(ready[i].data.fd, bytes, LISTEN_ROOM, MSG_DONTWAIT);
			if (n == 0 || (n < 0 && errno != EAGAIN))
				return ERR_OUTBOUND;
			if (n > 0)
				listen_ages(&l->took, bytes, (size_t)n, created);
			last = monotonic_ns();
		}
	}
	return l->failure;
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
	bench_print("stream_2000", listen_within(&l->took, 0.99), "ms p99", 0);
	bench_print("stream_2000_p50", listen_within(&l->took, 0.5), "ms", 0);
	bench_print("stream_2000_delivered", 100.0 * (double)l->took.n / (double)l->took.most, "%", 0);
	return l->took.n == l->took.most ? 0 : ERR_OUTBOUND;
}

int bench_stream(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct listening *l = ARENA_NEW(a, struct listening);
	l->took.most = (size_t)LISTENERS * EVENTS;
	l->took.ms = ARENA_ARRAY(a, double, l->took.most);
	listen_raise_files();
	TRY(bench_forget(a, o, "stream"));
	TRY(bench_open(&l->server, a, o, "stream", NULL));
	TRY(listen_add_people(&l->server, PEOPLE, l->cookies));
	int r = bench_start(&l->server);
	if (r == 0)
		r = bench_sign_in(&l->server);
	if (r == 0)
		r = figures(l);
	bench_stop(&l->server.server);
	return r;
}
