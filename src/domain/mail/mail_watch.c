/* Connections that wait by IDLE: one thread polls them all. It never connects and never blocks on a server: a connection that has news, is lost or has
 * waited long enough (RFC 2177: 29 minutes) is marked, and the job that looks into the box is called for, which takes it from here. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/services.h"
#include "db/writer.h"
#include "domain/mail/mail_private.h"

enum { BOXES_MOST = 500, LONGEST_S = 25 * 60, TURN_MS = 60 * 1000 };

struct waiting {
	int64_t tenant, account;        /* 0: free */
	struct imap *imap;              /* NULL: being read now, or none waits */
	int64_t since_s;
	bool is_read, is_called;
};

struct mail_watch {
	struct arena *arena;
	struct services *services;
	const struct clock *clock;
	struct log *log;
	pthread_t thread;
	pthread_mutex_t lock;
	int wake;
	bool ends;
	struct waiting all[BOXES_MOST];
};

static int64_t seconds(void)
{
	return monotonic_ns() / 1000000000;
}

static struct waiting *find(struct mail_watch *w, int64_t tenant, int64_t account)
{
	struct waiting *spare = NULL;
	for (size_t i = 0; i < BOXES_MOST; i++) {
		struct waiting *k = &w->all[i];
		if (k->tenant == tenant && k->account == account)
			return k;
		if (!spare && !k->tenant)
			spare = k;
	}
	return spare;
}

static void ring(struct mail_watch *w)
{
	uint64_t one = 1;
	ssize_t n = write(w->wake, &one, sizeof(one));
	(void)n;                /* full: it is awake */
}

bool mail_watch_take(struct mail_watch *w, int64_t tenant, int64_t account, struct imap **m)
{
	*m = NULL;
	if (!w)
		return true;
	pthread_mutex_lock(&w->lock);
	struct waiting *k = find(w, tenant, account);
	bool free = !w->ends && (!k || !k->is_read);
	if (k && free) {
		*m = k->imap;
		*k = (struct waiting){ .tenant = tenant, .account = account, .is_read = true };
	}
	pthread_mutex_unlock(&w->lock);
	ring(w);
	return free;
}

void mail_watch_give(struct mail_watch *w, int64_t tenant, int64_t account, struct imap *m)
{
	if (!w) {
		imap_close(m);
		return;
	}
	pthread_mutex_lock(&w->lock);
	struct waiting *k = find(w, tenant, account);
	bool room = k && k->tenant == tenant && !w->ends;
	if (room && m)
		*k = (struct waiting){ .tenant = tenant, .account = account, .imap = m, .since_s = seconds() };
	else if (k && k->tenant == tenant)
		*k = (struct waiting){ 0 };
	pthread_mutex_unlock(&w->lock);
	if (!room)
		imap_close(m);
	ring(w);
}

static int want(struct ctx *c, void *arg)
{
	return mail_fetch_want(c, *(int64_t *)arg);
}

static void call_for(struct mail_watch *w, int64_t tenant, int64_t account)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct write_request r = { .run = want, .arg = &account, .queue = QUEUE_JOBS, .ctx = { .arena = a, .tenant = tenant, .now = clock_now(w->clock), .error = &error, .log = w->log, .services = w->services } };
	if (writer_run(w->services->writer, &r) < 0)
		log_write(w->log, LOG_WARN, "a mailbox with news is looked into later", NULL);
}

/* What is heard now; whose turn has come is copied, for no writer is asked under the lock. */
static size_t listen_all(struct mail_watch *w, struct waiting *called)
{
	size_t n = 0;
	int64_t now = seconds();
	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < BOXES_MOST; i++) {
		struct waiting *k = &w->all[i];
		if (!k->imap || k->is_called)
			continue;
		bool due = imap_heard(k->imap) != IMAP_NOTHING || now - k->since_s > LONGEST_S;
		k->is_called = due;
		if (due)
			called[n++] = *k;
	}
	pthread_mutex_unlock(&w->lock);
	return n;
}

static size_t sockets(struct mail_watch *w, struct pollfd *fds)
{
	size_t n = 0;
	fds[n++] = (struct pollfd){ .fd = w->wake, .events = POLLIN };
	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < BOXES_MOST; i++)
		if (w->all[i].imap && !w->all[i].is_called)
			fds[n++] = (struct pollfd){ .fd = imap_socket(w->all[i].imap), .events = POLLIN };
	pthread_mutex_unlock(&w->lock);
	return n;
}

static void *watch(void *arg)
{
	struct mail_watch *w = arg;
	struct pollfd *fds = ARENA_ARRAY(w->arena, struct pollfd, BOXES_MOST + 1);
	struct waiting *called = ARENA_ARRAY(w->arena, struct waiting, BOXES_MOST);
	for (;;) {
		size_t n = sockets(w, fds);
		uint64_t rung;
		if (poll(fds, (nfds_t)n, TURN_MS) > 0 && fds[0].revents) {
			ssize_t got = read(w->wake, &rung, sizeof(rung));
			(void)got;
		}
		pthread_mutex_lock(&w->lock);
		bool ends = w->ends;
		pthread_mutex_unlock(&w->lock);
		if (ends)
			return NULL;
		n = listen_all(w, called);
		for (size_t i = 0; i < n; i++)
			call_for(w, called[i].tenant, called[i].account);
	}
}

int mail_watch_open(struct services *services, const struct clock *clock, struct log *log, struct mail_watch **out)
{
	struct arena *a = arena_new();
	struct mail_watch *w = ARENA_NEW(a, struct mail_watch);
	*w = (struct mail_watch){ .arena = a, .services = services, .clock = clock, .log = log, .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };
	pthread_mutex_init(&w->lock, NULL);
	if (w->wake < 0 || pthread_create(&w->thread, NULL, watch, w)) {
		mail_watch_close(w);
		return ERR_INTERNAL;
	}
	*out = w;
	return 0;
}

void mail_watch_stop(struct mail_watch *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->ends = true;
	pthread_mutex_unlock(&w->lock);
	ring(w);
	pthread_join(w->thread, NULL);
	pthread_mutex_lock(&w->lock);
	for (size_t i = 0; i < BOXES_MOST; i++) {
		imap_close(w->all[i].imap);
		w->all[i].imap = NULL;
	}
	pthread_mutex_unlock(&w->lock);
}

void mail_watch_close(struct mail_watch *w)
{
	if (!w)
		return;
	if (w->wake >= 0)
		close(w->wake);
	pthread_mutex_destroy(&w->lock);
	arena_free(w->arena);
}
