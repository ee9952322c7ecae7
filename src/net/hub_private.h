/* What the files of the hub share. Everything here belongs to the hub's thread, but the inbox. */
#pragma once

#include <pthread.h>

#include "net/frame.h"
#include "net/hub.h"
#include "net/hub_post.h"
#include "net/websocket.h"

enum { HUB_WHO_TEXT = 256, HUB_BUCKETS = 16384, HUB_LINES = 256 };

/* Pieces of one size out of an arena, given back to a list: never more than were in use at once. */
struct pieces {
	struct arena *arena;
	size_t size;
	void *free;
};

void *piece_take(struct pieces *p);        /* zeroed */
void piece_give(struct pieces *p, void *piece);

/* A tenant's last event number, as far as this hub has heard. */
struct line {
	struct line *next;
	int64_t tenant, no;
};

struct topic {
	struct topic *next;             /* in its bucket */
	int64_t tenant;
	struct subscription *first;
	struct present *present;
	char name[HUB_TOPIC_TEXT + 1];
};

struct subscription {
	struct hub_client *client;
	struct topic *topic;
	struct subscription *next, *before;     /* of the topic */
	struct subscription *next_of_client;
};

/* Somebody looking or typing. Several windows of one person are several entries. */
struct present {
	struct present *next;           /* of the topic */
	struct hub_client *client;      /* NULL: on another node */
	int kind;
	int64_t id;
	enum hub_what what;
	int64_t until_ms, told_ms;
	struct frame *frame;            /* the signal, for those who come later */
	char who[HUB_WHO_TEXT];
};

struct queued {
	struct queued *next;
	struct frame *frame;
};

struct hub_client {
	struct hub_client *next, *before;       /* all clients */
	struct hub_client *next_dirty;
	int fd;
	int64_t tenant, id;
	int kind;
	void *user;
	const struct line *line;
	struct subscription *subscriptions;
	unsigned topic_count;
	struct queued *first, *last;
	unsigned queue_frames;
	size_t queue_bytes, first_sent;         /* bytes of the first frame that are written */
	int64_t sent_no;                        /* last event written whole */
	uint64_t seen;                          /* the publication this client got last: one event, several topics, one frame */
	bool is_dirty, is_behind, is_blocked, is_closing;
	bool is_doomed;                         /* to be dropped at the next flush, when nobody walks the lists */
	bool is_dead;
	struct websocket *reader;               /* NULL between messages */
	int64_t heard_ms, inside_since_ms, closing_since_ms;
	bool is_pinged;
	int64_t tokens, tokens_at_ms;           /* messages it may still send, in thousandths */
	char who[HUB_WHO_TEXT];
};

struct hub {
	struct arena *arena;
	struct hub_options options;
	struct hub_stats stats;
	int epoll, wake;
	pthread_t thread;
	pthread_mutex_t lock;
	struct post *inbox, **inbox_end;        /* under the lock */
	size_t inbox_bytes;
	bool has_lost;                          /* the inbox was full: everybody is behind */
	_Atomic int places;                     /* clients accepted and not yet gone */
	bool is_stopping;
	struct hub_client clients;              /* head of the ring */
	struct hub_client *dirty;
	unsigned dead;                          /* clients that wait for client_reap() */
	int64_t flush_at_ms, now_ms;
	uint64_t publication;
	struct topic *buckets[HUB_BUCKETS];
	struct line *lines[HUB_LINES];
	struct pieces client_pieces, line_pieces, topic_pieces, subscription_pieces, present_pieces, queued_pieces;
	struct arena *scratch;                  /* for one message or one turn of the loop */
};

/* hub_client.c */
void hub_client_open(struct hub *h, struct post *p);
void client_read(struct hub *h, struct hub_client *c);
void hub_client_send(struct hub *h, struct hub_client *c, struct frame *f);        /* holds the frame itself */
void client_tell_behind(struct hub *h, struct hub_client *c, int64_t no);
void client_say(struct hub *h, struct hub_client *c, const char *json, size_t n);
void client_flush(struct hub *h, struct hub_client *c);
void client_behind(struct hub *h, struct hub_client *c);
void hub_client_close(struct hub *h, struct hub_client *c, int code);              /* says why, then ends */
void client_drop(struct hub *h, struct hub_client *c);                         /* ends now; memory goes at client_reap() */
void client_tick(struct hub *h, struct hub_client *c);
void client_reap(struct hub *h);

/* hub_topic.c */
struct topic *topic_find(struct hub *h, int64_t tenant, const char *name);
void topic_subscribe(struct hub *h, struct hub_client *c, const struct hub_message *m);
void topic_unsubscribe(struct hub *h, struct hub_client *c, const char *name);
struct line *line_of(struct hub *h, int64_t tenant);
void topic_leave_all(struct hub *h, struct hub_client *c);
void topic_publish(struct hub *h, const struct hub_event *e, struct frame *f);

/* hub_present.c */
void present_signal(struct hub *h, struct hub_client *c, const struct hub_message *m);
void present_afar(struct hub *h, const struct post *p);
void present_show(struct hub *h, struct hub_client *c, const struct topic *t);
void present_leave(struct hub *h, struct topic *t, const struct hub_client *c);
void present_forget(struct hub *h, struct topic *t);                           /* nobody is left to hear of it */
void present_tick(struct hub *h);
