/* The server that is played against: this program again, as a child, with the demo's people and products and a clock that stands. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/child.h"
#include "app/sim.h"

static int make_company(struct sim *s)
{
	char *at = arena_format(s->arena, "%lld", (long long)s->from), line[200];
	char *argv[] = { "anxin", "demo", "--data", (char *)s->p.o.data, "--db", (char *)s->p.o.db, "--keys", (char *)s->p.o.keys, "--virtual-clock", at, "bare", NULL };
	int out = -1, status = 1;
	pid_t pid = child_start(argv, -1, &out);
	while (pid > 0 && child_line(out, line, sizeof(line)))
		if (s->p.to_now && !s->p.json)
			puts(line);     /* account, password, name: who may look at it */
	close(out);
	if (pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	fprintf(stderr, "anxin: the simulation needs a new folder, and on PostgreSQL an empty database\n");
	return ERR_EXISTS;
}

/* Limits per address and per company are for strangers; here one address is everybody. */
int sim_start(struct sim *s)
{
	int pair[2], out = -1;
	char line[200];
	TRY(make_company(s));
	if (s->p.talks)
		TRY(sim_gateway_start(&s->channels.gateway));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return ERR_INTERNAL;
	fcntl(pair[0], F_SETFD, FD_CLOEXEC);
	char *argv[] = { "anxin", "serve", "--data", (char *)s->p.o.data, "--db", (char *)s->p.o.db, "--keys", (char *)s->p.o.keys, "--listen", "127.0.0.1:0",
	                 "--virtual-clock", arena_format(s->arena, "%lld", (long long)s->from), "--clock-orders", arena_format(s->arena, "%d", pair[1]),
	                 "--set", "backup.keep=0", "--set", "rate.calls=10000000", "--set", "rate.burst=1000000", "--set", "rate.company=10000000",
	                 "--set", "rate.company_burst=1000000", "--set", "rate.sign_in=10000",
	                 "--set", "rate.password=10000", "--set", "log.level=error", s->p.talks ? "--outbound-allow" : NULL, "127.0.0.1/32", NULL };
	s->server = child_start(argv, pair[1], &out);
	s->orders = pair[0];
	const char *colon = s->server > 0 && child_line(out, line, sizeof(line)) ? strrchr(line, ':') : NULL;
	close(out);
	s->port = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
	return s->port ? 0 : ERR_INTERNAL;
}

void sim_stop(struct sim *s)
{
	sim_gateway_stop(&s->channels.gateway);
	if (s->server <= 0)
		return;
	close(s->orders);       /* it ends of itself */
	waitpid(s->server, NULL, 0);
	s->server = 0;
}

static int order(struct sim *s, const char *what, const char *answer)
{
	char line[80];
	size_t n = strlen(what);
	if (send(s->orders, what, n, MSG_NOSIGNAL) == (ssize_t)n && child_line(s->orders, line, sizeof(line)) && !strncmp(line, answer, strlen(answer)))
		return 0;
	fprintf(stderr, "anxin: not done: %s%s\n", what, line);
	return ERR_INTERNAL;
}

static void stand_still(int64_t ns)
{
	struct timespec left = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
	while (ns > 0 && nanosleep(&left, &left) < 0 && errno == EINTR)
		continue;
}

int sim_advance(struct sim *s, time_ms to)
{
	stand_still(sim_pace_hold(&s->pace, to, monotonic_ns()));
	TRY(order(s, arena_format(s->scratch, "advance %lld\n", (long long)to), "at "));
	s->now = to;
	return 0;
}

int sim_mark(struct sim *s)
{
	return order(s, "mark\n", "marked ");
}
