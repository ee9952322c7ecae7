/* Watch over open connections. */
#include "net/watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/wait.h"

/* Open addressing; twice as many slots as connections, so a free one is always near. */
struct slot {
	struct ip_address prefix;
	unsigned count;
};

struct watch {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t thread;
	bool is_stopping;
	struct watched *free;
	struct watched open;            /* head of the ring */
	struct slot *slots;
	size_t slot_mask;
	unsigned most_per_ip;
	struct http_metrics *metrics;
};

static int64_t now_ms(void)
{
	return monotonic_ns() / 1000000;
}

void watch_within(struct watched *c, int64_t ms)
{
	atomic_store_explicit(&c->deadline_ms, now_ms() + ms, memory_order_relaxed);
}

/* A shut socket makes its loop see the end of the stream and close it; closing here would race with the loop. */
static void shut_late(struct watch *w)
{
	int64_t now = now_ms();
	for (struct watched *c = w->open.next; c != &w->open; c = c->next) {
		if (atomic_load_explicit(&c->deadline_ms, memory_order_relaxed) > now)
			continue;
		c->deadline_ms = WATCH_NEVER;
		shutdown(c->fd, SHUT_RDWR);
		w->metrics->refused[REFUSED_SLOW]++;
	}
}

static void *watch_thread(void *arg)
{
	struct watch *w = arg;
	pthread_mutex_lock(&w->lock);
	while (!w->is_stopping) {
		const struct timespec end = wait_end(SECOND_MS);
		(void)wait_until(&w->wake, &w->lock, &end);
		shut_late(w);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

int watch_start(struct arena *a, unsigned most, unsigned most_per_ip, struct http_metrics *metrics, struct watch **out)
{
	struct watch *w = ARENA_NEW(a, struct watch);
	w->metrics = metrics;
	w->most_per_ip = most_per_ip;
	w->open.next = w->open.before = &w->open;
	struct watched *places = ARENA_ARRAY(a, struct watched, most);
	for (unsigned i = 0; i < most; i++) {
		places[i].next = w->free;
		w->free = &places[i];
	}
	size_t slots = 16;
	while (slots < 2 * (size_t)most)
		slots *= 2;
	w->slots = ARENA_ARRAY(a, struct slot, slots);
	w->slot_mask = slots - 1;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	if (pthread_create(&w->thread, NULL, watch_thread, w))
		return ERR_INTERNAL;
	*out = w;
	return 0;
}

void watch_stop(struct watch *w)
{
	pthread_mutex_lock(&w->lock);
	w->is_stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
}

/* Who counts as one: an IPv4 address, or the /64 that one IPv6 customer usually gets. */
static struct ip_address prefix_of(const struct ip_address *peer)
{
	struct ip_address p = *peer;
	if (!address_is_ipv4(peer))
		memset(p.b + 8, 0, 8);
	return p;
}

static size_t hash(const struct ip_address *a)
{
	uint64_t h = 0xCBF29CE484222325;
	for (size_t i = 0; i < sizeof(a->b); i++)
		h = (h ^ a->b[i]) * 0x100000001B3;
	return (size_t)(h ^ h >> 32);
}

/* The slot of this prefix, or the free one where it would go. */
static struct slot *slot_of(struct watch *w, const struct ip_address *prefix)
{
	size_t i = hash(prefix) & w->slot_mask;
	while (w->slots[i].count && memcmp(&w->slots[i].prefix, prefix, sizeof(*prefix)))
		i = (i + 1) & w->slot_mask;
	return &w->slots[i];
}

/* Frees a slot and moves up what was pushed behind it, so that no search ends too early. */
static void slot_drop(struct watch *w, struct slot *s)
{
	size_t hole = (size_t)(s - w->slots);
	s->count = 0;
	for (size_t i = (hole + 1) & w->slot_mask; w->slots[i].count; i = (i + 1) & w->slot_mask) {
		size_t home = hash(&w->slots[i].prefix) & w->slot_mask;
		if (((i - home) & w->slot_mask) < ((i - hole) & w->slot_mask))
			continue;
		w->slots[hole] = w->slots[i];
		w->slots[i].count = 0;
		hole = i;
	}
}

/* Counts a connection in; false when its address has enough. */
static bool count_in(struct watch *w, const struct ip_address *peer)
{
	struct ip_address prefix = prefix_of(peer);
	struct slot *s = slot_of(w, &prefix);
	if (s->count >= w->most_per_ip)
		return false;
	s->prefix = prefix;
	s->count++;
	return true;
}

static void count_out(struct watch *w, const struct ip_address *peer)
{
	struct ip_address prefix = prefix_of(peer);
	struct slot *s = slot_of(w, &prefix);
	if (--s->count == 0)
		slot_drop(w, s);
}

struct watched *watch_add(struct watch *w, int fd, const struct ip_address *peer, bool is_counted, unsigned within_ms)
{
	pthread_mutex_lock(&w->lock);
	struct watched *c = w->free;
	if (c && is_counted && !count_in(w, peer))
		c = NULL;
	if (c) {
		w->free = c->next;
		c->fd = fd;
		c->peer = *peer;
		c->is_counted = is_counted;
		watch_within(c, within_ms);
		c->next = w->open.next;
		c->before = &w->open;
		c->next->before = c->before->next = c;
	}
	pthread_mutex_unlock(&w->lock);
	return c;
}

void watch_remove(struct watch *w, struct watched *c)
{
	pthread_mutex_lock(&w->lock);
	c->next->before = c->before;
	c->before->next = c->next;
	if (c->is_counted)
		count_out(w, &c->peer);
	c->next = w->free;
	w->free = c;
	pthread_mutex_unlock(&w->lock);
}
