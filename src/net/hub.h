/* The realtime hub: WebSocket clients, what each wants to hear of, and what it may see.
 *
 * One thread owns every client. Events come numbered, after their commit, and go out once per client, gathered for some
 * milliseconds, as frames that all clients share. No queue grows: a client that does not read is marked behind, loses what is
 * queued, and is told the number from which to read again (GET /event?since=). Rights are asked for every event. Signals
 * (who looks, who types) are not kept and not repeated; they pass to other nodes through `relay`. */
#pragma once

#include <stdbool.h>

#include "base/log.h"
#include "net/http.h"
#include "net/hub_message.h"

struct hub;

/* Who a client is. `json` is what others see in signals: {"id":"7","name":"林晓"}, at most 250 bytes. */
struct hub_who {
	int64_t tenant;
	int kind;               /* actor kind: users and customers share no numbers */
	int64_t id;
	const char *json;
	int64_t last_no;        /* the tenant's last event number now: goes into "hello" */
	void *user;             /* the upper layer's: handed to every callback, given back by `gone` */
};

struct hub_event {
	int64_t tenant, no;
	const char *const *topics;      /* who may care: "ticket:7", "view:ticket" */
	size_t topic_count;
	const char *json;               /* the whole message: {"op":"event","no":…} */
	size_t json_n;
	const void *about;              /* plain bytes for may_see, copied */
	size_t about_n;
};

enum hub_right {
	HUB_SEES,       /* send it */
	HUB_SKIPS,      /* not this one */
	HUB_ENDS,       /* the right to the topic is lost: the subscription ends */
};

struct hub_limits {
	unsigned clients;               /* at once */
	unsigned clients_per_actor;
	unsigned topics_per_client;
	unsigned queue_frames;          /* waiting for one client */
	size_t queue_bytes;
	size_t message_most;            /* from a client */
	unsigned messages_per_s;        /* from a client, on average over ten seconds */
	size_t inbox_bytes;             /* events on their way to the hub's thread; past it everybody is behind */
	unsigned gather_ms;
	unsigned ping_ms;               /* silence after which the hub asks */
	unsigned silence_ms;            /* silence after which the client is closed */
	unsigned present_ms;            /* a signal not renewed is over */
};

struct hub_options {
	struct hub_limits limits;
	struct log *log;
	/* All run on the hub's thread and must be quick: memory, or one look-up by key. */
	int (*may_subscribe)(void *arg, void *user, const char *topic);         /* 0 or an error code */
	enum hub_right (*may_see)(void *arg, void *user, const char *topic, const void *about, size_t about_n);
	/* A signal of a client here, for the other nodes; they call hub_signal(). May be NULL. */
	void (*relay)(void *arg, int64_t tenant, const char *topic, enum hub_what what, int kind, int64_t id, const char *who);
	void (*gone)(void *arg, void *user);
	void *arg;
};

void hub_limits_of(const struct setting_values *v, struct hub_limits *l);
int hub_start(const struct hub_options *o, struct hub **out) MUST_CHECK;
/* Says good-bye (1001) to all and ends. After http_stop(). */
void hub_stop(struct hub *h);

/* In the handler of a ROUTE_STREAM: answers 101 and takes the socket, or answers the error. Strings of `who` are copied.
 * `gone` is called once in every case. */
void hub_accept(struct hub *h, struct http_request *r, const struct hub_who *who);

/* From any thread. Events of a tenant must come in the order of their numbers. */
void hub_publish(struct hub *h, const struct hub_event *e);
/* A signal from another node. */
void hub_signal(struct hub *h, int64_t tenant, const char *topic, enum hub_what what, int kind, int64_t id, const char *who);
/* Closes the clients of an actor (log-out, lock); id 0: all actors of the kind in the tenant. */
void hub_close_actor(struct hub *h, int64_t tenant, int kind, int64_t id);

struct hub_stats {
	_Atomic int64_t clients, subscriptions, topics, present;
	_Atomic uint64_t accepted, published, delivered, writes, bytes, signals, behind, lost_rights, closed_slow, closed_broken,
		messages, refused;
};
const struct hub_stats *hub_stats(const struct hub *h);
