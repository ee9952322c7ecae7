/* TLS in front of the server: each connection is a pair of sockets, outside encrypted, inside plain, and a few threads carry between both.
 *
 * Not left to libmicrohttpd: it carries an upgraded connection four bytes a record and keeps it after both sides have gone, and what this
 * server does with sockets itself (refusals in the middle of a body, time limits, live clients) would have to know of sessions. So the inside
 * is a plain socket to all of them: whoever shuts or limits it shuts and limits the whole, the handshake too. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "base/arena.h"
#include "base/clock.h"
#include "net/tls.h"

enum { IN_SIZE = 4096, OUT_SIZE = 8192, THREADS_MOST = 64, TURNS = 64, LINGER_MS = 5000, LOOK_MS = 1000, CLOSE_MS = 2000 };

/* What is on its way in one direction. */
struct flow {
	size_t from, n;
	bool has_ended;         /* nothing more comes */
};

struct carried {
	struct carried *next, *before;
	struct arena *arena;
	struct carrier *by;
	gnutls_session_t session;
	int outside, inside;
	bool is_open;           /* the handshake is done */
	bool is_dead;
	int64_t until_ms;       /* 0: for ever; since our side has ended it waits so long for the other */
	struct flow in, out;
	uint8_t in_bytes[IN_SIZE], out_bytes[OUT_SIZE];
};

struct carrier {
	struct tls_front *front;
	pthread_t thread;
	pthread_mutex_t lock;           /* of the ring */
	struct carried all;             /* its head */
	int epoll;
	int64_t look_ms;                /* when it next looks for the late */
};

struct tls_front {
	struct arena *arena;
	struct tls *tls;
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priorities;
	struct carrier carriers[THREADS_MOST];
	unsigned n;
	_Atomic unsigned turn;
	_Atomic bool is_stopping;
};

static int64_t now_ms(void)
{
	return monotonic_ns() / 1000000;
}

static int choose(gnutls_session_t session, const gnutls_datum_t *authorities, int n, const gnutls_pk_algorithm_t *algorithms, int m,
                  gnutls_pcert_st **chain, unsigned *chain_n, gnutls_privkey_t *key)
{
	const struct carried *c = gnutls_session_get_ptr(session);
	tls_pair(c->by->front->tls, chain, chain_n, key);
	return 0;
}

static bool is_later(int result)
{
	return result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED;
}

/* One direction each: true when something moved ----------------------------------------------------------------------------- */

static bool shake_hands(struct carried *c)
{
	int r = gnutls_handshake(c->session);
	c->is_open = r == 0;
	c->is_dead |= r < 0 && gnutls_error_is_fatal(r);
	return !c->is_dead && !is_later(r);
}

static bool carry_in(struct carried *c)
{
	bool moved = false;
	if (!c->in.n && !c->in.has_ended) {
		ssize_t n = gnutls_record_recv(c->session, c->in_bytes, IN_SIZE);
		if (n > 0) {
			c->in = (struct flow){ .n = (size_t)n };
			moved = true;
		} else if (n == GNUTLS_E_WARNING_ALERT_RECEIVED) {
			moved = true;
		} else if (!is_later((int)n)) {         /* its end, or what it may not do: a new handshake, a broken record */
			c->in.has_ended = true;
			shutdown(c->inside, SHUT_WR);
			moved = true;
		}
	}
	if (c->in.n) {
		ssize_t n = send(c->inside, c->in_bytes + c->in.from, c->in.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			n = (ssize_t)c->in.n;           /* nobody reads any more: thrown away */
		if (n > 0) {
			c->in.from += (size_t)n;
			c->in.n -= (size_t)n;
			moved = true;
		}
	}
	return moved;
}

/* The server has said all. */
static void end_out(struct carried *c)
{
	c->out.has_ended = true;
	c->until_ms = now_ms() + LINGER_MS;
	gnutls_bye(c->session, GNUTLS_SHUT_WR);
	shutdown(c->outside, SHUT_WR);
}

static bool carry_out(struct carried *c)
{
	bool moved = false;
	if (!c->out.n && !c->out.has_ended) {
		ssize_t n = recv(c->inside, c->out_bytes, OUT_SIZE, MSG_DONTWAIT);
		if (n > 0)
			c->out = (struct flow){ .n = (size_t)n };
		else if (n == 0 || (errno != EAGAIN && errno != EINTR))
			end_out(c);
		moved = n > 0 || c->out.has_ended;
	}
	if (c->out.n) {
		ssize_t n = gnutls_record_send(c->session, c->out_bytes + c->out.from, c->out.n);
		c->is_dead |= n < 0 && !is_later((int)n);
		if (n > 0) {
			c->out.from += (size_t)n;
			c->out.n -= (size_t)n;
			moved = true;
		}
	}
	return moved;
}

/* Before the handshake is done the server may give up, too: it was too slow, or there are too many of them. */
static bool is_given_up(const struct carried *c)
{
	uint8_t byte;
	return !c->is_open && recv(c->inside, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void drop(struct carried *c)
{
	c->before->next = c->next;
	c->next->before = c->before;
	gnutls_deinit(c->session);
	close(c->outside);
	close(c->inside);
	arena_free(c->arena);
}

/* As far as it goes, within its turn; then others come first. */
static void carry(struct carried *c)
{
	int turns = 0;
	bool moved = true;
	for (; moved && !c->is_dead && turns < TURNS; turns++)
		moved = c->is_open ? carry_in(c) | carry_out(c) : shake_hands(c);
	c->is_dead |= is_given_up(c) || (c->in.has_ended && !c->in.n && c->out.has_ended && !c->out.n);
	if (c->is_dead)
		return drop(c);
	struct epoll_event again = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c };
	if (turns == TURNS)
		epoll_ctl(c->by->epoll, EPOLL_CTL_MOD, c->inside, &again);
}

static void drop_late(struct carrier *r)
{
	int64_t now = now_ms();
	if (now < r->look_ms)
		return;
	r->look_ms = now + LOOK_MS;
	pthread_mutex_lock(&r->lock);
	for (struct carried *c = r->all.next, *next; c != &r->all; c = next) {
		next = c->next;
		if (c->until_ms && c->until_ms <= now)
			drop(c);
	}
	pthread_mutex_unlock(&r->lock);
}

/* A connection stands in the list of events twice, once a socket; the second time it may be gone. */
static void carry_all(struct carrier *r, struct epoll_event *events, int n)
{
	for (int i = 0; i < n; i++) {
		struct carried *c = events[i].data.ptr;
		for (int k = i + 1; k < n; k++)
			if (events[k].data.ptr == c)
				events[k].data.ptr = NULL;
		if (!c)
			continue;
		pthread_mutex_lock(&r->lock);   /* for one at a time: new connections come in between */
		carry(c);
		pthread_mutex_unlock(&r->lock);
	}
}

static void *carrier_thread(void *arg)
{
	enum { MANY = 64 };
	struct carrier *r = arg;
	while (!r->front->is_stopping) {
		struct epoll_event events[MANY];
		int n = epoll_wait(r->epoll, events, MANY, LOOK_MS);
		carry_all(r, events, n);
		drop_late(r);
	}
	return NULL;
}

/* Connections ---------------------------------------------------------------------------------------------------------------- */

static bool begin(struct tls_front *f, struct carried *c)
{
	if (gnutls_init(&c->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return false;
	gnutls_session_set_ptr(c->session, c);
	gnutls_transport_set_int(c->session, c->outside);
	return gnutls_priority_set(c->session, f->priorities) == 0 && gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE, f->credentials) == 0;
}

static bool watch_both(struct carried *c)
{
	struct epoll_event any = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c };
	return epoll_ctl(c->by->epoll, EPOLL_CTL_ADD, c->outside, &any) == 0 && epoll_ctl(c->by->epoll, EPOLL_CTL_ADD, c->inside, &any) == 0;
}

int tls_front_take(struct tls_front *f, int fd)
{
	int both[2], one = 1;
	/* a handshake is small pieces in both directions: none may wait for the answer to the one before */
	(void)!setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, both) < 0) {
		close(fd);
		return -1;
	}
	struct arena *a = arena_new();
	struct carried *c = ARENA_NEW(a, struct carried);
	struct carrier *r = &f->carriers[f->turn++ % f->n];
	c->arena = a;
	c->by = r;
	c->outside = fd;
	c->inside = both[0];
	pthread_mutex_lock(&r->lock);
	c->next = r->all.next;
	c->before = &r->all;
	c->next->before = c;
	r->all.next = c;
	bool good = begin(f, c) && watch_both(c);
	if (!good)
		c->until_ms = 1;        /* its carrier drops it, which may hold an event of it already */
	pthread_mutex_unlock(&r->lock);
	if (good)
		return both[1];
	close(both[1]);
	return -1;
}

int tls_front_open(struct tls *tls, unsigned threads, struct tls_front **out)
{
	struct arena *a = arena_new();
	struct tls_front *f = ARENA_NEW(a, struct tls_front);
	f->arena = a;
	f->tls = tls;
	*out = f;
	if (gnutls_certificate_allocate_credentials(&f->credentials) < 0 || gnutls_priority_init(&f->priorities, TLS_PRIORITIES, NULL) < 0)
		return ERR_INTERNAL;
	gnutls_certificate_set_retrieve_function2(f->credentials, choose);
	for (unsigned i = 0; i < threads && i < THREADS_MOST; i++) {
		struct carrier *r = &f->carriers[i];
		r->front = f;
		r->all.next = r->all.before = &r->all;
		pthread_mutex_init(&r->lock, NULL);
		r->epoll = epoll_create1(EPOLL_CLOEXEC);
		if (r->epoll < 0 || pthread_create(&r->thread, NULL, carrier_thread, r))
			return ERR_INTERNAL;
		f->n++;
	}
	return 0;
}

static bool carries_any(struct tls_front *f)
{
	bool any = false;
	for (unsigned i = 0; i < f->n; i++) {
		pthread_mutex_lock(&f->carriers[i].lock);
		any |= f->carriers[i].all.next != &f->carriers[i].all;
		pthread_mutex_unlock(&f->carriers[i].lock);
	}
	return any;
}

void tls_front_close(struct tls_front *f)
{
	if (!f)
		return;
	for (int64_t until = now_ms() + CLOSE_MS; carries_any(f) && now_ms() < until;)
		nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);     /* what was said last still goes out */
	f->is_stopping = true;
	for (unsigned i = 0; i < f->n; i++) {
		struct carrier *r = &f->carriers[i];
		pthread_join(r->thread, NULL);
		while (r->all.next != &r->all)
			drop(r->all.next);
		close(r->epoll);
		pthread_mutex_destroy(&r->lock);
	}
	gnutls_certificate_free_credentials(f->credentials);
	gnutls_priority_deinit(f->priorities);
	arena_free(f->arena);
}
