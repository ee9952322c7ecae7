/* The hub's thread, its inbox, and what other threads call. */
#include "net/hub_private.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { TICK_MS = 500, EXTRA_MOST = 16 << 10 /* the connection memory of http.c */ };

void hub_limits_of(const struct setting_values *v, struct hub_limits *l)
{
	*l = (struct hub_limits){
		.clients = (unsigned)v->at[SETTING_STREAM_CLIENTS],
		.clients_per_actor = (unsigned)v->at[SETTING_STREAM_PER_PERSON],
		.topics_per_client = (unsigned)v->at[SETTING_STREAM_TOPICS],
		.queue_frames = (unsigned)v->at[SETTING_STREAM_QUEUE],
		.queue_bytes = (size_t)v->at[SETTING_STREAM_QUEUE_BYTES],
		.message_most = (size_t)v->at[SETTING_STREAM_MESSAGE],
		.messages_per_s = (unsigned)v->at[SETTING_STREAM_RATE],
		.inbox_bytes = (size_t)v->at[SETTING_STREAM_INBOX],
		.gather_ms = (unsigned)v->at[SETTING_STREAM_GATHER],
		.ping_ms = (unsigned)setting_ms_of(v, SETTING_STREAM_PING),
		.silence_ms = (unsigned)setting_ms_of(v, SETTING_STREAM_SILENCE),
		.present_ms = (unsigned)setting_ms_of(v, SETTING_STREAM_PRESENT),
	};
}

void *piece_take(struct pieces *p)
{
	void *piece = p->free;
	if (!piece)
		return arena_alloc(p->arena, p->size);
	memcpy(&p->free, piece, sizeof(p->free));
	return memset(piece, 0, p->size);
}

void piece_give(struct pieces *p, void *piece)
{
	memcpy(piece, &p->free, sizeof(p->free));
	p->free = piece;
}

static void wake(struct hub *h)
{
	uint64_t one = 1;
	/* a full counter wakes as well */
	(void)!write(h->wake, &one, sizeof(one));
}

/* False when the inbox is full; only events and signals can be many, the rest always finds room. */
static bool post(struct hub *h, struct post *p)
{
	pthread_mutex_lock(&h->lock);
	bool can_wait = p->kind == POST_EVENT || p->kind == POST_SIGNAL;
	bool was_empty = !h->inbox;
	bool has_room = h->inbox_bytes + p->size <= h->options.limits.inbox_bytes || !can_wait;
	if (has_room) {
		*h->inbox_end = p;
		h->inbox_end = &p->next;
		h->inbox_bytes += p->size;
	} else if (p->kind == POST_EVENT) {
		h->has_lost = true;
	}
	pthread_mutex_unlock(&h->lock);
	if (was_empty)
		wake(h);
	return has_room;
}

void hub_publish(struct hub *h, const struct hub_event *e)
{
	struct post *p = post_event(e);
	if (!post(h, p))
		post_free(p);
}

void hub_signal(struct hub *h, int64_t tenant, const char *topic, enum hub_what what, int kind, int64_t id, const char *who)
{
	if (hub_topic_check(topic) < 0 || strlen(who) >= HUB_WHO_TEXT)
		return;
	struct post *p = post_new(POST_SIGNAL, POST_ROOM(strlen(topic) + 1) + POST_ROOM(strlen(who) + 1));
	p->topic = post_string(p, topic);
	p->what = what;
	p->who = (struct hub_who){ .tenant = tenant, .kind = kind, .id = id, .json = post_string(p, who) };
	if (!post(h, p))
		post_free(p);
}

void hub_close_actor(struct hub *h, int64_t tenant, int kind, int64_t id)
{
	struct post *p = post_new(POST_CLOSE, 0);
	p->who = (struct hub_who){ .tenant = tenant, .kind = kind, .id = id };
	post(h, p);
}

/* A handshake that was accepted: the socket comes here, on the loop's thread. */
struct arrival {
	struct hub *hub;
	struct post *post;
};

static void arrive(void *arg, int fd, const void *extra, size_t extra_n)
{
	struct arrival *a = arg;
	struct hub *h = a->hub;
	struct post *p = a->post;
	if (fd < 0) {
		h->options.gone(h->options.arg, p->who.user);
		h->places--;
		post_free(p);
		return;
	}
	p->fd = fd;
	p->extra = (struct bytes){ post_copy(p, extra, extra_n), extra_n };
	post(h, p);
}

static void refuse_client(struct hub *h, struct http_request *r, const struct hub_who *who, int code)
{
	h->stats.refused++;
	h->options.gone(h->options.arg, who->user);
	http_reply_code(r, code, NULL);
}

static bool names_token(const char *list, const char *token)
{
	size_t n = strlen(token);
	while (list && *list) {
		list += strspn(list, " ,\t");
		size_t item = strcspn(list, ", \t");
		if (item == n && !strncasecmp(list, token, n))
			return true;
		list += item;
	}
	return false;
}

void hub_accept(struct hub *h, struct http_request *r, const struct hub_who *who)
{
	char key[29];
	const char *version = http_header(r, HEADER_WEBSOCKET_VERSION);
	if (!names_token(http_header(r, HEADER_UPGRADE), "websocket") || !names_token(http_header(r, HEADER_CONNECTION), "upgrade") ||
	    !version || strcmp(version, "13") || !websocket_accept_key(http_header(r, HEADER_WEBSOCKET_KEY), key)) {
		refuse_client(h, r, who, ERR_BAD_REQUEST);
		return;
	}
	if (strlen(who->json) >= HUB_WHO_TEXT || h->places++ >= (int)h->options.limits.clients) {
		h->places--;
		refuse_client(h, r, who, ERR_BUSY);
		return;
	}
	struct arrival *a = ARENA_NEW(r->arena, struct arrival);
	a->hub = h;
	a->post = post_new(POST_CLIENT, POST_ROOM(strlen(who->json) + 1) + POST_ROOM(EXTRA_MOST));
	a->post->who = *who;
	a->post->who.json = post_string(a->post, who->json);
	struct http_pair headers[] = {
		{ "Upgrade", "websocket" },
		{ "Sec-WebSocket-Accept", arena_string(r->arena, key) },
	};
	http_upgrade(r, headers, sizeof(headers) / sizeof(headers[0]), arrive, a);
}

static bool is_meant(const struct hub_client *c, const struct hub_who *who)
{
	return c->tenant == who->tenant && c->kind == who->kind && (!who->id || c->id == who->id);
}

static void take_post(struct hub *h, struct post *p)
{
	enum { GOING_AWAY = 1001, POLICY = 1008 };
	switch (p->kind) {
	case POST_CLIENT:
		hub_client_open(h, p);
		break;
	case POST_EVENT:
		h->stats.published++;
		topic_publish(h, &p->event, p->frame);
		break;
	case POST_SIGNAL:
		present_afar(h, p);
		break;
	case POST_CLOSE:
		for (struct hub_client *c = h->clients.next; c != &h->clients; c = c->next)
			if (is_meant(c, &p->who))
				hub_client_close(h, c, POLICY);
		break;
	case POST_STOP:
		h->is_stopping = true;
		for (struct hub_client *c = h->clients.next; c != &h->clients; c = c->next)
			hub_client_close(h, c, GOING_AWAY);
		break;
	}
	post_free(p);
}

static void take_inbox(struct hub *h)
{
	uint64_t count;
	(void)!read(h->wake, &count, sizeof(count));
	pthread_mutex_lock(&h->lock);
	struct post *p = h->inbox;
	bool has_lost = h->has_lost;
	h->inbox = NULL;
	h->inbox_end = &h->inbox;
	h->inbox_bytes = 0;
	h->has_lost = false;
	pthread_mutex_unlock(&h->lock);
	while (p) {
		struct post *next = p->next;
		take_post(h, p);
		p = next;
	}
	if (has_lost)
		for (struct hub_client *c = h->clients.next; c != &h->clients; c = c->next)
			client_behind(h, c);
}

static void flush_dirty(struct hub *h)
{
	struct hub_client *c = h->dirty;
	h->dirty = NULL;
	h->flush_at_ms = 0;
	while (c) {
		struct hub_client *next = c->next_dirty;
		c->is_dirty = false;
		if (c->is_doomed)
			client_drop(h, c);
		else if (!c->is_dead && !c->is_blocked)
			client_flush(h, c);
		c = next;
	}
}

static void take_ready(struct hub *h, struct epoll_event *ready)
{
	struct hub_client *c = ready->data.ptr;
	if (!c) {
		take_inbox(h);
		return;
	}
	if (!c->is_dead && ready->events & EPOLLOUT)
		client_flush(h, c);
	if (!c->is_dead && ready->events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		client_read(h, c);
}

static int wait_ms(const struct hub *h, int64_t tick_at)
{
	int64_t until = h->flush_at_ms && h->flush_at_ms < tick_at ? h->flush_at_ms : tick_at;
	return until > h->now_ms ? (int)(until - h->now_ms) : 0;
}

static void *hub_thread(void *arg)
{
	enum { READY = 256 };
	struct hub *h = arg;
	struct epoll_event ready[READY];
	h->now_ms = monotonic_ns() / 1000000;
	int64_t tick_at = h->now_ms + TICK_MS;
	while (!h->is_stopping || h->clients.next != &h->clients) {
		int n = epoll_wait(h->epoll, ready, READY, wait_ms(h, tick_at));
		h->now_ms = monotonic_ns() / 1000000;
		arena_reset(h->scratch);
		for (int i = 0; i < n; i++)
			take_ready(h, &ready[i]);
		if (h->flush_at_ms && h->now_ms >= h->flush_at_ms)
			flush_dirty(h);
		if (h->now_ms >= tick_at) {
			tick_at = h->now_ms + TICK_MS;
			present_tick(h);
			for (struct hub_client *c = h->clients.next; c != &h->clients; c = c->next)
				client_tick(h, c);
		}
		client_reap(h);
	}
	return NULL;
}

static void pools_init(struct hub *h)
{
	h->client_pieces = (struct pieces){ .arena = h->arena, .size = sizeof(struct hub_client) };
	h->line_pieces = (struct pieces){ .arena = h->arena, .size = sizeof(struct line) };
	h->topic_pieces = (struct pieces){ .arena = h->arena, .size = sizeof(struct topic) };
	h->subscription_pieces = (struct pieces){ .arena = h->arena, .size = sizeof(struct subscription) };
	h->present_pieces = (struct pieces){ .arena = h->arena, .size = sizeof(struct present) };
	h->queued_pieces = (struct pieces){ .arena = h->arena, .size = sizeof(struct queued) };
}

int hub_start(const struct hub_options *o, struct hub **out)
{
	struct arena *a = arena_new();
	struct hub *h = ARENA_NEW(a, struct hub);
	struct epoll_event event = { .events = EPOLLIN };
	h->arena = a;
	h->scratch = arena_new();
	h->options = *o;
	h->inbox_end = &h->inbox;
	h->clients.next = h->clients.before = &h->clients;
	pools_init(h);
	pthread_mutex_init(&h->lock, NULL);
	h->epoll = epoll_create1(EPOLL_CLOEXEC);
	h->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (h->epoll >= 0 && h->wake >= 0 && epoll_ctl(h->epoll, EPOLL_CTL_ADD, h->wake, &event) == 0 &&
	    pthread_create(&h->thread, NULL, hub_thread, h) == 0) {
		*out = h;
		return 0;
	}
	if (h->epoll >= 0)
		close(h->epoll);
	if (h->wake >= 0)
		close(h->wake);
	pthread_mutex_destroy(&h->lock);
	arena_free(h->scratch);
	arena_free(a);
	return ERR_INTERNAL;
}

void hub_stop(struct hub *h)
{
	post(h, post_new(POST_STOP, 0));
	pthread_join(h->thread, NULL);
	for (struct post *p = h->inbox; p;) {
		struct post *next = p->next;
		if (p->kind == POST_CLIENT) {
			close(p->fd);
			h->options.gone(h->options.arg, p->who.user);
		}
		post_free(p);
		p = next;
	}
	close(h->epoll);
	close(h->wake);
	pthread_mutex_destroy(&h->lock);
	arena_free(h->scratch);
	arena_free(h->arena);
}

const struct hub_stats *hub_stats(const struct hub *h)
{
	return &h->stats;
}
