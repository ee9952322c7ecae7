/* One thread: waits for the server's notices and for work to send, whichever comes first. */
#include "db/notify.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "db/engine.h"

enum { MOST_SIGNALS = 256, PAUSE_MS = 10, POLL_MS = 1000, SILENT_MS = 5000 };

struct notifier {
	struct arena *arena;
	struct notifier_options options;
	PGconn *conn;                           /* the thread's; NULL while there is none */
	pthread_t thread;
	int wake;                               /* eventfd */
	_Atomic bool closing;
	pthread_mutex_t mutex;                  /* guards what follows */
	uint64_t lanes;
	char (*signals)[SIGNAL_MOST + 1];
	size_t signal_count;
	struct notifier_stats stats;
};

static void stir(struct notifier *n)
{
	uint64_t one = 1;
	if (write(n->wake, &one, sizeof(one)) < 0)
		return;         /* the counter is full: the thread is awake already */
}

void notifier_event(struct notifier *n, int lane)
{
	pthread_mutex_lock(&n->mutex);
	bool first = !n->lanes;
	n->lanes |= UINT64_C(1) << lane;
	pthread_mutex_unlock(&n->mutex);
	if (first)
		stir(n);
}

int notifier_signal(struct notifier *n, const char *text)
{
	int r = 0;
	if (strlen(text) > SIGNAL_MOST)
		return ERR_TOO_LARGE;
	pthread_mutex_lock(&n->mutex);
	if (n->signal_count == MOST_SIGNALS)
		r = ERR_BUSY;
	else
		memcpy(n->signals[n->signal_count++], text, strlen(text) + 1);
	pthread_mutex_unlock(&n->mutex);
	if (r == 0)
		stir(n);
	return r;
}

/* The connection --------------------------------------------------------------------------------------------------- */

static void drop(struct notifier *n)
{
	PQfinish(n->conn);
	n->conn = NULL;
}

static bool run(struct notifier *n, const char *sql, const char *payload)
{
	PGresult *result = PQexecParams(n->conn, sql, payload != NULL, NULL, &payload, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);
	PQclear(result);
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return true;
	log_write(n->options.log, LOG_WARN, "notifier lost its connection", NULL);
	drop(n);
	return false;
}

static void quiet(void *arg, const char *message)
{
}

static void reach(struct notifier *n)
{
	if (n->conn)
		return;
	n->conn = PQconnectdb(n->options.url);
	if (PQstatus(n->conn) != CONNECTION_OK) {
		drop(n);
		return;
	}
	PQsetNoticeProcessor(n->conn, quiet, NULL);
	if (!run(n, "LISTEN anxin", NULL))
		return;
	pthread_mutex_lock(&n->mutex);
	n->stats.reconnects++;
	pthread_mutex_unlock(&n->mutex);
	n->options.news(n->options.arg, UINT64_MAX);    /* whatever was said meanwhile */
}

static void send_one(struct notifier *n, const char *payload)
{
	if (!n->conn || !run(n, "SELECT pg_notify('anxin', $1)", payload))
		return;
	pthread_mutex_lock(&n->mutex);
	n->stats.sent++;
	pthread_mutex_unlock(&n->mutex);
}

/* Payloads: "e" and the lanes in hexadecimal, or "s" and the signal. */
static void send_all(struct notifier *n)
{
	char payload[SIGNAL_MOST + 2];
	pthread_mutex_lock(&n->mutex);
	uint64_t lanes = n->lanes;
	n->lanes = 0;
	size_t count = n->signal_count;
	pthread_mutex_unlock(&n->mutex);
	if (lanes) {
		snprintf(payload, sizeof(payload), "e%" PRIx64, lanes);
		send_one(n, payload);
	}
	for (size_t i = 0; i < count; i++) {
		snprintf(payload, sizeof(payload), "s%s", n->signals[i]);
		send_one(n, payload);
	}
	pthread_mutex_lock(&n->mutex);          /* those that came meanwhile move to the front */
	n->signal_count -= count;
	memmove(n->signals, n->signals + count, n->signal_count * sizeof(*n->signals));
	pthread_mutex_unlock(&n->mutex);
}

/* A node that hangs in the middle of a batch holds its lane's lock with its connection open; one whose machine is gone does not
 * even close it. When another node waits for that lane and the holder's server has waited for words from it too long, its session
 * is ended: the next takes the lane, and the one that hung runs its batch again. No timeout of PostgreSQL 15 does this, because in
 * the middle of a pipeline a session counts as active. */
static void end_silent_writers(struct notifier *n)
{
	static const char sql[] =
		"SELECT pg_terminate_backend(a.pid) FROM pg_locks h JOIN pg_stat_activity a ON a.pid = h.pid"
		" WHERE h.locktype = 'advisory' AND h.classid = " LOCKS " AND h.objid < 1000 AND h.objsubid = 2 AND h.granted"
		" AND a.datname = current_database() AND a.wait_event_type = 'Client'"
		" AND a.state_change < clock_timestamp() - $1::bigint * interval '1 ms'"
		" AND EXISTS (SELECT FROM pg_locks w WHERE w.locktype = 'advisory' AND w.database = h.database AND w.classid = h.classid"
		" AND w.objid = h.objid AND w.objsubid = 2 AND NOT w.granted)";
	char silent[24];
	const char *value = silent;
	if (!n->conn)
		return;
	snprintf(silent, sizeof(silent), "%d", n->options.silent_ms ? n->options.silent_ms : SILENT_MS);
	PGresult *result = PQexecParams(n->conn, sql, 1, NULL, &value, NULL, NULL, 0);
	if (PQntuples(result))
		log_write(n->options.log, LOG_WARN, "ended the session of a node that hung in a batch", NULL);
	PQclear(result);        /* a lost connection shows at the next receive() */
}

static void take_notice(struct notifier *n, const PGnotify *notice)
{
	const char *payload = notice->extra;
	if (notice->be_pid == PQbackendPID(n->conn))
		return;
	pthread_mutex_lock(&n->mutex);
	n->stats.received++;
	pthread_mutex_unlock(&n->mutex);
	if (payload[0] == 'e')
		n->options.news(n->options.arg, strtoull(payload + 1, NULL, 16));
	else if (payload[0] == 's' && n->options.signal)
		n->options.signal(n->options.arg, payload + 1);
}

static void receive(struct notifier *n)
{
	PGnotify *notice;
	if (!n->conn)
		return;
	if (!PQconsumeInput(n->conn)) {
		drop(n);
		return;
	}
	while ((notice = PQnotifies(n->conn))) {
		take_notice(n, notice);
		PQfreemem(notice);
	}
}

static void *talk(void *arg)
{
	struct notifier *n = arg;
	int64_t polled = monotonic_ns();
	while (!n->closing) {
		reach(n);
		struct pollfd ends[] = { { .fd = n->wake, .events = POLLIN }, { .fd = n->conn ? PQsocket(n->conn) : -1, .events = POLLIN } };
		int ready = poll(ends, 2, POLL_MS);
		receive(n);
		if (ready > 0 && ends[0].revents) {
			uint64_t count;
			if (read(n->wake, &count, sizeof(count)) > 0)
				send_all(n);
			poll(NULL, 0, PAUSE_MS);        /* what comes now gathers */
		}
		if (monotonic_ns() - polled > (int64_t)POLL_MS * 1000000) {
			polled = monotonic_ns();
			n->options.news(n->options.arg, UINT64_MAX);
			end_silent_writers(n);
		}
	}
	if (n->conn)
		drop(n);
	return NULL;
}

void notifier_stats(struct notifier *n, struct notifier_stats *out)
{
	pthread_mutex_lock(&n->mutex);
	*out = n->stats;
	pthread_mutex_unlock(&n->mutex);
}

int notifier_open(const struct notifier_options *options, struct notifier **out)
{
	struct arena *arena = arena_new();
	struct notifier *n = ARENA_NEW(arena, struct notifier);
	n->arena = arena;
	n->options = *options;
	n->signals = arena_alloc(arena, MOST_SIGNALS * sizeof(*n->signals));
	n->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&n->mutex, NULL);
	if (n->wake < 0 || pthread_create(&n->thread, NULL, talk, n) != 0) {
		if (n->wake >= 0)
			close(n->wake);
		arena_free(arena);
		return ERR_NO_MEMORY;
	}
	pthread_setname_np(n->thread, "notifier");
	*out = n;
	return 0;
}

void notifier_close(struct notifier *n)
{
	n->closing = true;
	stir(n);
	pthread_join(n->thread, NULL);
	close(n->wake);
	pthread_mutex_destroy(&n->mutex);
	arena_free(n->arena);
}
