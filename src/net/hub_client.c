/* One client of the hub: its socket, its queue, what it says. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/json.h"
#include "net/hub_private.h"

enum {
	SEND_BUFFER = 64 << 10,         /* of the kernel: what a client that does not read may hold there */
	CLOSE_WAIT_MS = 2000,           /* for the other side's close */
	INSIDE_MS = 10000,              /* a message must be complete in this */
	TOKEN = 1000, BURST_S = 10,
	CLOSE_POLICY = 1008, CLOSE_TRY_LATER = 1013,
};

/* Sending ------------------------------------------------------------------------------------------------------ */

static void queue_pop(struct hub *h, struct hub_client *c)
{
	struct queued *q = c->first;
	c->first = q->next;
	if (!c->first)
		c->last = NULL;
	c->queue_frames--;
	c->queue_bytes -= q->frame->n;
	frame_drop(q->frame);
	piece_give(&h->queued_pieces, q);
}

static void queue_push(struct hub *h, struct hub_client *c, struct frame *f)
{
	struct queued *q = piece_take(&h->queued_pieces);
	q->frame = frame_hold(f);
	if (c->last)
		c->last->next = q;
	else
		c->first = q;
	c->last = q;
	c->queue_frames++;
	c->queue_bytes += f->n;
}

static void mark_dirty(struct hub *h, struct hub_client *c)
{
	if (c->is_dirty)
		return;
	c->is_dirty = true;
	c->next_dirty = h->dirty;
	h->dirty = c;
	if (!h->flush_at_ms)
		h->flush_at_ms = h->now_ms + h->options.limits.gather_ms;
}

/* Forgets the events that are queued, but for one that is half written: a stream cannot take bytes back. */
void client_behind(struct hub *h, struct hub_client *c)
{
	if (c->is_dead || c->is_closing)
		return;
	struct queued *all = c->first;
	size_t half = c->first_sent;
	c->first = c->last = NULL;
	c->queue_frames = 0;
	c->queue_bytes = 0;
	for (struct queued *q = all, *next; q; q = next) {
		next = q->next;
		if (!q->frame->no || (q == all && half))
			queue_push(h, c, q->frame);
		frame_drop(q->frame);
		piece_give(&h->queued_pieces, q);
	}
	if (!c->is_behind)
		h->stats.behind++;
	c->is_behind = true;
	mark_dirty(h, c);
}

static void wait_for_room(struct hub *h, struct hub_client *c, bool blocked)
{
	struct epoll_event event = { .events = EPOLLIN | (blocked ? EPOLLOUT : 0u), .data.ptr = c };
	if (c->is_blocked == blocked)
		return;
	c->is_blocked = blocked;
	epoll_ctl(h->epoll, EPOLL_CTL_MOD, c->fd, &event);
}

/* Takes n written bytes off the queue. */
static void queue_written(struct hub *h, struct hub_client *c, size_t n)
{
	h->stats.bytes += n;
	c->first_sent += n;
	while (c->first && c->first_sent >= c->first->frame->n) {
		c->first_sent -= c->first->frame->n;
		if (c->first->frame->no) {
			c->sent_no = c->first->frame->no;
			h->stats.delivered++;
		}
		queue_pop(h, c);
	}
}

/* Who cannot be written to ends at the next flush: here somebody may be walking the lists it is in. */
static void doom(struct hub *h, struct hub_client *c)
{
	c->is_doomed = true;
	mark_dirty(h, c);
}

/* One write of as many frames as fit; false when there is nothing left to write or no room. */
static bool write_some(struct hub *h, struct hub_client *c)
{
	enum { PIECES = 64 };
	struct iovec pieces[PIECES];
	size_t count = 0;
	for (struct queued *q = c->first; q && count < PIECES; q = q->next, count++)
		pieces[count] = (struct iovec){ q->frame->at, q->frame->n };
	if (count == 0)
		return false;
	pieces[0].iov_base = (uint8_t *)pieces[0].iov_base + c->first_sent;
	pieces[0].iov_len -= c->first_sent;
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = count };
	ssize_t n = sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	h->stats.writes++;
	if (n >= 0) {
		queue_written(h, c, (size_t)n);
		return c->first != NULL;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		wait_for_room(h, c, true);
	else if (errno != EINTR)
		doom(h, c);
	return errno == EINTR && !c->is_doomed;
}

static bool is_full(const struct hub *h, const struct hub_client *c, const struct frame *f)
{
	const struct hub_limits *l = &h->options.limits;
	return c->queue_frames >= l->queue_frames || c->queue_bytes + f->n > l->queue_bytes;
}

void hub_client_send(struct hub *h, struct hub_client *c, struct frame *f)
{
	if (c->is_dead || c->is_doomed || c->is_closing || (c->is_behind && f->no))
		return;
	while (is_full(h, c, f) && !c->is_blocked && write_some(h, c))
		;
	if (is_full(h, c, f))
		client_behind(h, c);
	if (!c->is_behind || !f->no) {
		/* full of answers alone: it asks and does not read */
		if (is_full(h, c, f))
			doom(h, c);
		queue_push(h, c, f);
	}
	mark_dirty(h, c);
}

void client_tell_behind(struct hub *h, struct hub_client *c, int64_t no)
{
	char json[64];
	int n = snprintf(json, sizeof(json), "{\"op\":\"behind\",\"no\":%lld}", (long long)no);
	client_say(h, c, json, (size_t)n);
}

void client_say(struct hub *h, struct hub_client *c, const char *json, size_t n)
{
	struct frame *f = frame_new(FRAME_TEXT, json, n, 0);
	hub_client_send(h, c, f);
	frame_drop(f);
}

void client_flush(struct hub *h, struct hub_client *c)
{
	while (write_some(h, c))
		;
	if (c->is_dead || c->is_doomed || c->first)
		return;
	wait_for_room(h, c, false);
	if (c->is_behind) {
		/* what was committed while it was behind it finds when it reads again */
		c->is_behind = false;
		client_tell_behind(h, c, c->sent_no);
	} else if (c->is_closing && c->closing_since_ms == 0) {
		c->closing_since_ms = h->now_ms;
		shutdown(c->fd, SHUT_WR);
	}
}

/* Ending ------------------------------------------------------------------------------------------------------- */

static void end_with(struct hub *h, struct hub_client *c, struct frame *f)
{
	if (!c->is_dead && !c->is_closing) {
		topic_leave_all(h, c);
		if (f)
			queue_push(h, c, f);
		c->is_behind = false;
		c->is_closing = true;
		client_flush(h, c);
	}
	if (f)
		frame_drop(f);
}

void hub_client_close(struct hub *h, struct hub_client *c, int code)
{
	uint8_t reason[2] = { (uint8_t)(code >> 8), (uint8_t)code };
	end_with(h, c, frame_new(FRAME_CLOSE, reason, sizeof(reason), 0));
}

void client_drop(struct hub *h, struct hub_client *c)
{
	if (c->is_dead)
		return;
	c->is_dead = true;
	h->dead++;
	topic_leave_all(h, c);
	epoll_ctl(h->epoll, EPOLL_CTL_DEL, c->fd, NULL);
	close(c->fd);
	while (c->first)
		queue_pop(h, c);
	websocket_free(c->reader);
	c->reader = NULL;
}

/* Gives back the places of the dead; those on the list of a flush to come wait for it. */
void client_reap(struct hub *h)
{
	if (h->dead == 0)
		return;
	for (struct hub_client *c = h->clients.next, *next; c != &h->clients; c = next) {
		next = c->next;
		if (!c->is_dead || c->is_dirty)
			continue;
		c->next->before = c->before;
		c->before->next = c->next;
		h->options.gone(h->options.arg, c->user);
		piece_give(&h->client_pieces, c);
		h->stats.clients--;
		h->places--;
		h->dead--;
	}
}

/* Receiving ---------------------------------------------------------------------------------------------------- */

static void say_fault(struct hub *h, struct hub_client *c, const struct error *e)
{
	struct text t = text_in(h->scratch);
	text_append(&t, "{\"op\":\"error\",\"code\":");
	json_text(&t, error_name(e->fields ? e->fields->code : e->code));
	text_append(&t, ",\"field\":");
	json_text(&t, e->fields ? e->fields->field : NULL);
	text_char(&t, '}');
	client_say(h, c, t.p, t.n);
}

/* A bucket of tokens: so many messages a second, ten seconds' worth at once. */
static bool may_speak(struct hub *h, struct hub_client *c)
{
	int64_t rate = h->options.limits.messages_per_s, most = rate * BURST_S * TOKEN;
	c->tokens += (h->now_ms - c->tokens_at_ms) * rate;
	c->tokens_at_ms = h->now_ms;
	if (c->tokens > most)
		c->tokens = most;
	c->tokens -= TOKEN;
	return c->tokens >= 0;
}

struct hearing {
	struct hub *hub;
	struct hub_client *client;
};

static void hear(void *arg, const char *text, size_t n)
{
	struct hub *h = ((struct hearing *)arg)->hub;
	struct hub_client *c = ((struct hearing *)arg)->client;
	struct hub_message m;
	struct error e = { 0 };
	if (c->is_dead || c->is_closing)
		return;
	h->stats.messages++;
	c->inside_since_ms = h->now_ms;
	if (!may_speak(h, c)) {
		hub_client_close(h, c, CLOSE_POLICY);
		return;
	}
	arena_reset(h->scratch);
	if (hub_message_read(h->scratch, text, n, &m, &e) < 0) {
		say_fault(h, c, &e);
		return;
	}
	if (m.op == HUB_SUBSCRIBE)
		topic_subscribe(h, c, &m);
	else if (m.op == HUB_SIGNAL)
		present_signal(h, c, &m);
	else
		for (size_t i = 0; i < m.topic_count; i++)
			topic_unsubscribe(h, c, m.topics[i]);
}

/* Pongs, and a close when it is the end. A client that lets pongs pile up does not read: its queue's limit holds for them. */
static void send_answer(struct hub *h, struct hub_client *c, bool is_end)
{
	size_t n;
	const void *p = websocket_answer(c->reader, &n);
	struct frame *f = n ? frame_raw(p, n) : NULL;
	if (is_end) {
		h->stats.closed_broken += !c->is_closing;
		end_with(h, c, f);
	} else if (f) {
		hub_client_send(h, c, f);
		frame_drop(f);
	}
}

static void feed(struct hub *h, struct hub_client *c, const void *p, size_t n)
{
	struct hearing a = { h, c };
	struct websocket_sink sink = { .message = hear, .arg = &a };
	c->heard_ms = h->now_ms;
	c->is_pinged = false;
	if (c->is_closing || n == 0)
		return;
	if (!c->reader) {
		c->reader = websocket_new(h->options.limits.message_most);
		c->inside_since_ms = h->now_ms;
	}
	enum websocket_state state = websocket_feed(c->reader, &sink, p, n);
	if (c->is_dead)
		return;
	send_answer(h, c, state == WEBSOCKET_ENDED);
	if (state == WEBSOCKET_INSIDE)
		return;
	websocket_free(c->reader);
	c->reader = NULL;
}

void client_read(struct hub *h, struct hub_client *c)
{
	uint8_t p[16384];
	ssize_t n = recv(c->fd, p, sizeof(p), MSG_DONTWAIT);
	if (n > 0)
		feed(h, c, p, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
		client_drop(h, c);
}

/* Time --------------------------------------------------------------------------------------------------------- */

void client_tick(struct hub *h, struct hub_client *c)
{
	const struct hub_limits *l = &h->options.limits;
	int64_t silent = h->now_ms - c->heard_ms;
	bool is_stuck = c->reader && h->now_ms - c->inside_since_ms > INSIDE_MS;
	if (c->is_dead)
		return;
	if (c->is_closing) {
		if (h->now_ms - (c->closing_since_ms ? c->closing_since_ms : c->heard_ms) > CLOSE_WAIT_MS)
			client_drop(h, c);
	} else if (silent > l->silence_ms || is_stuck) {
		h->stats.closed_slow++;
		client_drop(h, c);
	} else if (silent > l->ping_ms && !c->is_pinged) {
		struct frame *f = frame_new(FRAME_PING, NULL, 0, 0);
		c->is_pinged = true;
		hub_client_send(h, c, f);
		frame_drop(f);
	}
}

static unsigned clients_of(const struct hub *h, const struct hub_who *who)
{
	unsigned n = 0;
	for (const struct hub_client *c = h->clients.next; c != &h->clients; c = c->next)
		n += !c->is_dead && c->tenant == who->tenant && c->kind == who->kind && c->id == who->id;
	return n;
}

static void join(struct hub *h, struct hub_client *c)
{
	c->next = h->clients.next;
	c->before = &h->clients;
	c->next->before = c->before->next = c;
	h->stats.clients++;
	h->stats.accepted++;
}

void hub_client_open(struct hub *h, struct post *p)
{
	struct hub_client *c = piece_take(&h->client_pieces);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
	int one = 1, room = SEND_BUFFER;
	bool is_one_too_many = clients_of(h, &p->who) >= h->options.limits.clients_per_actor;
	c->fd = p->fd;
	c->tenant = p->who.tenant;
	c->kind = p->who.kind;
	c->id = p->who.id;
	c->user = p->who.user;
	c->heard_ms = c->tokens_at_ms = h->now_ms;
	c->tokens = (int64_t)h->options.limits.messages_per_s * BURST_S * TOKEN;
	struct line *line = line_of(h, c->tenant);
	if (line->no < p->who.last_no)
		line->no = p->who.last_no;
	c->line = line;
	c->sent_no = line->no;
	memcpy(c->who, p->who.json, strlen(p->who.json) + 1);
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	join(h, c);
	if (epoll_ctl(h->epoll, EPOLL_CTL_ADD, c->fd, &event) < 0) {
		client_drop(h, c);
		return;
	}
	const char *hello = arena_format(h->scratch, "{\"op\":\"hello\",\"no\":%lld}", (long long)c->sent_no);
	client_say(h, c, hello, strlen(hello));
	if (is_one_too_many || h->is_stopping)
		hub_client_close(h, c, CLOSE_TRY_LATER);
	else
		feed(h, c, p->extra.p, p->extra.n);
}
