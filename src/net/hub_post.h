/* Words from other threads to the hub. Each is one block of memory with all it points to: made by the sender, given back by
 * the hub. */
#pragma once

#include "net/frame.h"
#include "net/hub.h"

enum post_kind { POST_CLIENT, POST_EVENT, POST_SIGNAL, POST_CLOSE, POST_STOP };

/* A word from another thread. */
struct post {
	struct post *next;
	enum post_kind kind;
	size_t size;                    /* with what it points to */
	struct hub_who who;
	int fd;
	struct bytes extra;             /* what came behind the handshake */
	struct frame *frame;
	struct hub_event event;
	const char *topic;
	enum hub_what what;
	char *free_room;
	_Alignas(8) char room[];
};

#define POST_ROOM(n) (((n) + 7) & ~(size_t)7)

struct post *post_new(enum post_kind kind, size_t room);
void *post_copy(struct post *p, const void *from, size_t n);
const char *post_string(struct post *p, const char *s);
struct post *post_event(const struct hub_event *e);
void post_free(struct post *p);
