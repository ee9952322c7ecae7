/* Signals: who looks at something, who types. They end by a word, by leaving, or by not being renewed. */
#include <string.h>

#include "base/json.h"
#include "net/hub_private.h"

static bool is_of(const struct present *p, const struct hub_client *c, int kind, int64_t id)
{
	return p->client == c && p->kind == kind && p->id == id;
}

static struct present *present_find(struct topic *t, const struct hub_client *c, int kind, int64_t id)
{
	for (struct present *p = t->present; p; p = p->next)
		if (is_of(p, c, kind, id))
			return p;
	return NULL;
}

static struct frame *encode(struct hub *h, const char *topic, enum hub_what what, const char *who)
{
	struct text t = text_in(h->scratch);
	text_append(&t, "{\"op\":\"signal\",\"topic\":");
	json_text(&t, topic);
	text_format(&t, ",\"what\":\"%s\",\"user\":%s}", hub_what_name(what), who);
	return frame_new(FRAME_TEXT, t.p, t.n, 0);
}

/* To everybody in the topic but the one it is about. Signals are first to go when a client reads slowly. */
static void spread(struct hub *h, struct topic *t, const struct hub_client *but, struct frame *f)
{
	h->stats.signals++;
	for (struct subscription *s = t->first; s; s = s->next)
		if (s->client != but && s->client->queue_frames < h->options.limits.queue_frames / 2)
			hub_client_send(h, s->client, f);
}

static void relay(struct hub *h, const struct topic *t, enum hub_what what, const struct present *p)
{
	if (p->client && h->options.relay)
		h->options.relay(h->options.arg, t->tenant, t->name, what, p->kind, p->id, p->who);
}

/* Ends an entry; the others hear of it when it was the person's last one here. */
static void end(struct hub *h, struct topic *t, struct present **at)
{
	struct present *p = *at;
	bool is_still_here = false;
	*at = p->next;
	for (const struct present *other = t->present; other; other = other->next)
		is_still_here |= other->kind == p->kind && other->id == p->id;
	if (!is_still_here) {
		struct frame *f = encode(h, t->name, HUB_LEFT, p->who);
		spread(h, t, p->client, f);
		frame_drop(f);
		relay(h, t, HUB_LEFT, p);
	}
	frame_drop(p->frame);
	piece_give(&h->present_pieces, p);
	h->stats.present--;
}

void present_forget(struct hub *h, struct topic *t)
{
	while (t->present)
		end(h, t, &t->present);
}

static void end_of(struct hub *h, struct topic *t, const struct hub_client *c, int kind, int64_t id)
{
	struct present **at = &t->present;
	while (*at && !is_of(*at, c, kind, id))
		at = &(*at)->next;
	if (*at)
		end(h, t, at);
}

enum { TOLD_AGAIN = 3 };        /* times within the life of a signal */

static void note(struct hub *h, struct topic *t, struct hub_client *c, const struct hub_who *who, enum hub_what what)
{
	if (what == HUB_LEFT) {
		end_of(h, t, c, who->kind, who->id);
		return;
	}
	struct present *p = present_find(t, c, who->kind, who->id);
	if (!p) {
		if ((unsigned)h->stats.present >= 4 * h->options.limits.clients)
			return;
		p = piece_take(&h->present_pieces);
		p->client = c;
		p->kind = who->kind;
		p->id = who->id;
		memcpy(p->who, who->json, strlen(who->json) + 1);
		p->next = t->present;
		t->present = p;
		h->stats.present++;
	}
	/* Whoever reads of typing takes it for over within seconds, unless it is said again; of looking, within a minute. */
	bool is_old = h->now_ms - p->told_ms >= h->options.limits.present_ms / TOLD_AGAIN;
	bool is_news = !p->frame || p->what != what || what == HUB_TYPING || is_old;
	p->what = what;
	p->until_ms = h->now_ms + h->options.limits.present_ms;
	relay(h, t, what, p);
	if (!is_news)
		return;
	if (p->frame)
		frame_drop(p->frame);
	p->frame = encode(h, t->name, what, p->who);
	p->told_ms = h->now_ms;
	spread(h, t, c, p->frame);
}

/* Only where the client may listen may it speak. */
void present_signal(struct hub *h, struct hub_client *c, const struct hub_message *m)
{
	struct hub_who who = { .kind = c->kind, .id = c->id, .json = c->who };
	struct subscription *s = c->subscriptions;
	while (s && strcmp(s->topic->name, m->topic))
		s = s->next_of_client;
	if (!s) {
		static const char refused[] = "{\"op\":\"error\",\"code\":\"forbidden\",\"field\":\"topic\"}";
		client_say(h, c, refused, sizeof(refused) - 1);
		return;
	}
	note(h, s->topic, c, &who, m->what);
}

void present_afar(struct hub *h, const struct post *p)
{
	struct topic *t = topic_find(h, p->who.tenant, p->topic);
	if (t)
		note(h, t, NULL, &p->who, p->what);
}

void present_show(struct hub *h, struct hub_client *c, const struct topic *t)
{
	for (const struct present *p = t->present; p; p = p->next)
		if (p->client != c)
			hub_client_send(h, c, p->frame);
}

void present_leave(struct hub *h, struct topic *t, const struct hub_client *c)
{
	end_of(h, t, c, c->kind, c->id);
}

void present_tick(struct hub *h)
{
	for (size_t i = 0; h->stats.present && i < HUB_BUCKETS; i++)
		for (struct topic *t = h->buckets[i]; t; t = t->next)
			for (struct present **at = &t->present; *at;) {
				if ((*at)->until_ms > h->now_ms)
					at = &(*at)->next;
				else
					end(h, t, at);
			}
}
