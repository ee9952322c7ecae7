/* Topics: who subscribed to what, and events on their way to them. */
#include <string.h>

#include "base/json.h"
#include "net/hub_private.h"

static struct topic **bucket_of(struct hub *h, int64_t tenant, const char *name)
{
	uint64_t x = 0xCBF29CE484222325 ^ (uint64_t)tenant;
	for (; *name; name++)
		x = (x ^ (uint8_t)*name) * 0x100000001B3;
	return &h->buckets[(x ^ x >> 29) % HUB_BUCKETS];
}

struct topic *topic_find(struct hub *h, int64_t tenant, const char *name)
{
	for (struct topic *t = *bucket_of(h, tenant, name); t; t = t->next)
		if (t->tenant == tenant && !strcmp(t->name, name))
			return t;
	return NULL;
}

struct line *line_of(struct hub *h, int64_t tenant)
{
	struct line **bucket = &h->lines[(uint64_t)tenant % HUB_LINES];
	for (struct line *l = *bucket; l; l = l->next)
		if (l->tenant == tenant)
			return l;
	struct line *l = piece_take(&h->line_pieces);
	l->tenant = tenant;
	l->next = *bucket;
	return *bucket = l;
}

static struct topic *topic_make(struct hub *h, int64_t tenant, const char *name)
{
	struct topic *t = topic_find(h, tenant, name);
	if (t)
		return t;
	struct topic **bucket = bucket_of(h, tenant, name);
	t = piece_take(&h->topic_pieces);
	t->tenant = tenant;
	memcpy(t->name, name, strlen(name) + 1);
	t->next = *bucket;
	*bucket = t;
	h->stats.topics++;
	return t;
}

/* A topic without subscribers is forgotten. */
static void topic_shrink(struct hub *h, struct topic *t)
{
	if (t->first)
		return;
	present_forget(h, t);
	struct topic **at = bucket_of(h, t->tenant, t->name);
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	piece_give(&h->topic_pieces, t);
	h->stats.topics--;
}

static struct subscription **subscription_of(struct hub_client *c, const char *name)
{
	struct subscription **at = &c->subscriptions;
	while (*at && strcmp((*at)->topic->name, name))
		at = &(*at)->next_of_client;
	return at;
}

static void subscription_end(struct hub *h, struct subscription **at)
{
	struct subscription *s = *at;
	struct topic *t = s->topic;
	*at = s->next_of_client;
	if (s->next)
		s->next->before = s->before;
	if (s->before)
		s->before->next = s->next;
	else
		t->first = s->next;
	s->client->topic_count--;
	present_leave(h, t, s->client);
	piece_give(&h->subscription_pieces, s);
	h->stats.subscriptions--;
	topic_shrink(h, t);
}

void topic_unsubscribe(struct hub *h, struct hub_client *c, const char *name)
{
	struct subscription **at = subscription_of(c, name);
	if (*at)
		subscription_end(h, at);
}

void topic_leave_all(struct hub *h, struct hub_client *c)
{
	while (c->subscriptions)
		subscription_end(h, &c->subscriptions);
}

static void say_topic(struct hub *h, struct hub_client *c, const char *op, const char *topic, int code)
{
	struct text t = text_in(h->scratch);
	text_format(&t, "{\"op\":\"%s\",\"topic\":", op);
	json_text(&t, topic);
	text_format(&t, ",\"code\":\"%s\"}", error_name(code));
	client_say(h, c, t.p, t.n);
}

static void subscribe(struct hub *h, struct hub_client *c, const char *name)
{
	if (*subscription_of(c, name))
		return;
	int result = c->topic_count >= h->options.limits.topics_per_client ? ERR_RATE :
	             h->options.may_subscribe(h->options.arg, c->user, name);
	if (result < 0) {
		say_topic(h, c, "refused", name, result);
		return;
	}
	struct topic *t = topic_make(h, c->tenant, name);
	struct subscription *s = piece_take(&h->subscription_pieces);
	s->client = c;
	s->topic = t;
	s->next = t->first;
	if (s->next)
		s->next->before = s;
	t->first = s;
	s->next_of_client = c->subscriptions;
	c->subscriptions = s;
	c->topic_count++;
	h->stats.subscriptions++;
	present_show(h, c, t);
}

/* A client that knows less than was published before it subscribed reads again first: nothing is kept here for it. */
void topic_subscribe(struct hub *h, struct hub_client *c, const struct hub_message *m)
{
	for (size_t i = 0; i < m->topic_count; i++)
		subscribe(h, c, m->topics[i]);
	if (m->since >= 0 && m->since < c->line->no)
		client_tell_behind(h, c, m->since);
}

static void deliver(struct hub *h, struct subscription *s, const struct hub_event *e, struct frame *f)
{
	struct hub_client *c = s->client;
	if (c->seen == h->publication)
		return;
	switch (h->options.may_see(h->options.arg, c->user, s->topic->name, e->about, e->about_n)) {
	case HUB_SEES:
		c->seen = h->publication;
		hub_client_send(h, c, f);
		break;
	case HUB_SKIPS:
		break;
	case HUB_ENDS:
		h->stats.lost_rights++;
		say_topic(h, c, "ended", s->topic->name, ERR_FORBIDDEN);
		topic_unsubscribe(h, c, s->topic->name);
		break;
	}
}

void topic_publish(struct hub *h, const struct hub_event *e, struct frame *f)
{
	struct line *line = line_of(h, e->tenant);
	if (line->no < e->no)
		line->no = e->no;
	h->publication++;
	for (size_t i = 0; i < e->topic_count; i++) {
		struct topic *t = topic_find(h, e->tenant, e->topics[i]);
		for (struct subscription *s = t ? t->first : NULL, *next; s; s = next) {
			next = s->next;
			deliver(h, s, e, f);
		}
	}
}
