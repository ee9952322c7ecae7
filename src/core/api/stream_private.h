/* Inside of the stream: who listens, and what may_see needs to know. */
#pragma once

#include "core/api/stream.h"
#include "core/record/scope.h"

enum { WORD = 64, PLACES = 64 };

/* Where the object of an event belongs: read once an event, for all who listen within a scope. */
struct place {
	int64_t tenant, no, id;
	const struct record_model *model;
	bool found;
	struct scope_place at;
};

struct stream {
	struct arena *arena;
	struct stream_options o;
	struct hub *hub;
	_Atomic uint64_t people_changed;        /* grows when rights of anybody may have changed */
	struct place places[PLACES];            /* of the hub's loop alone */
};

/* Who listens. Belongs to the hub from hub_accept() to gone(). */
struct listener {
	struct arena *arena;
	struct stream *stream;
	int64_t tenant;
	enum actor_kind kind;
	int64_t actor_id;
	struct auth auth;
	struct arena *rights;                   /* holds the permissions of auth once they were read again */
	uint64_t people_seen;
	time_ms rights_at;                      /* when auth was read */
};

/* What may_see needs to know of an event. */
struct about {
	char object[WORD], kind[WORD];
	int64_t id, no;
};

/* Whether c's actor sees an object: stream_look() as what readers_run() runs. */
struct sight {
	const char *object;
	int64_t id;
	bool sees;
};
int stream_look(struct ctx *c, void *arg) MUST_CHECK;

struct listener *stream_listener(struct stream *s, const struct ctx *c);

/* The hub asks (hub_options); arg is the stream, user the listener. */
int stream_may_subscribe(void *arg, void *user, const char *topic);
enum hub_right stream_may_see(void *arg, void *user, const char *topic, const void *data, size_t n);
void stream_gone(void *arg, void *user);
