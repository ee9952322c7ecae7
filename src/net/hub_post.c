/* Words from other threads to the hub. */
#include "net/hub_post.h"

#include <stdlib.h>
#include <string.h>

struct post *post_new(enum post_kind kind, size_t room)
{
	struct post *p = calloc(1, sizeof(*p) + room);
	if (!p)
		abort();
	p->kind = kind;
	p->size = sizeof(*p) + room;
	p->free_room = p->room;
	return p;
}

/* n bytes, aligned for pointers, out of the room asked for in post_new(). */
void *post_copy(struct post *p, const void *from, size_t n)
{
	char *to = p->free_room;
	p->free_room += POST_ROOM(n);
	if (p->free_room > (char *)p + p->size)
		abort();
	if (from && n)
		memcpy(to, from, n);
	return to;
}

const char *post_string(struct post *p, const char *s)
{
	return post_copy(p, s, strlen(s) + 1);
}

void post_free(struct post *p)
{
	if (p->frame)
		frame_drop(p->frame);
	free(p);
}

struct post *post_event(const struct hub_event *e)
{
	size_t room = POST_ROOM(e->topic_count * sizeof(char *)) + POST_ROOM(e->about_n);
	for (size_t i = 0; i < e->topic_count; i++)
		room += POST_ROOM(strlen(e->topics[i]) + 1);
	struct post *p = post_new(POST_EVENT, room);
	const char **topics = post_copy(p, NULL, e->topic_count * sizeof(char *));
	for (size_t i = 0; i < e->topic_count; i++)
		topics[i] = post_string(p, e->topics[i]);
	p->event = *e;
	p->event.topics = topics;
	p->event.json = NULL;
	p->event.about = post_copy(p, e->about, e->about_n);
	p->frame = frame_new(FRAME_TEXT, e->json, e->json_n, e->no);
	p->size += p->frame->n;
	return p;
}
