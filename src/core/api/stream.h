/* stream: committed events to the clients that may see them, and short signals between people on the same object.
 *
 * Topics: "ticket:7" (one object) and "view:ticket" (all of a kind). Rights are asked for each event: the client's rights are
 * read anew whenever a person or role of the company changed, and row scope is asked with the object itself. Customers hear
 * of their own tickets only, and nothing that is internal. */
#pragma once

#include "core/api/api.h"
#include "net/hub.h"

struct event;
struct stream;

struct stream_options {
	struct services *services;
	struct readers *readers;
	struct log *log;
	const struct clock *clock;
	/* What a customer may hear of an object: domain's word. False hides the event. */
	bool (*customer_sees)(struct ctx *c, const char *object, int64_t id);
	bool (*is_public)(const char *kind);
	void (*relay)(void *arg, const char *text);     /* a signal for the other nodes; NULL with one process */
	void *relay_arg;
};

int stream_open(const struct stream_options *options, struct stream **out) MUST_CHECK;
void stream_close(struct stream *s);

/* From the tail's thread: in order. Events that end a sign-in close the person's clients, on every node. */
void stream_events(struct stream *s, const struct event *events, size_t n);
/* A signal of another node, as it came from relay. */
void stream_signal(struct stream *s, const char *text);
const struct hub_stats *stream_stats(const struct stream *s);

/* GET /stream, GET /my/stream, GET /event?since=. */
extern const struct route stream_routes[];
extern const size_t stream_route_count;
