/* What is said in the days that are played: customers write and call by every way that leads through routes of the server's own, come back by another, and
 * are recognised, or not, by what the product does and asks. The simulator alone knows who each of them is; it is never told to the server. */
#pragma once

#include <pthread.h>

#include "base/clock.h"

struct sim;
struct sim_agent;
struct sim_figures;

enum sim_way { WAY_PAGE, WAY_WEB, WAY_SMS, WAY_API, WAY_PHONE, SIM_WAYS };
enum sim_stage { TALK_BOT, TALK_QUEUED, TALK_HELD, TALK_RINGS, TALK_SPEAKS, TALK_OVER };

enum { SIM_WORD = 32, SIM_NUMBER_HEX = 65 };

struct sim_talk {
	size_t no, customer, problem, owner;    /* owner: place in agents */
	enum sim_way way;
	enum sim_stage stage;
	char id[SIM_WORD], call[SIM_WORD];      /* conversation and call, once the server has them */
	char number[SIM_WORD];                  /* from which she writes or calls */
	time_ms opens_at;                       /* nobody takes it before */
	int said, asked;                        /* messages of hers; times that an agent asked who she is */
	bool owed;                              /* it is the agent's turn */
	bool asks;                      /* what the agent wrote last asks who she is */
	bool borrowed, checked;         /* by the telephone of somebody else; the agent has compared her name with the file's */
	bool greeted, answered, named, gave, called_back, rates;
};

/* What came in of her telephone's SMS, newest last: the gateway of the played company stands in this process. */
struct sim_gateway {
	pthread_t thread;
	pthread_mutex_t lock;
	int fd, port;
	bool runs;
	struct { char to[SIM_WORD], code[8]; } inbox[64];
	size_t n;
};

struct sim_channels {
	struct sim_gateway gateway;
	char sms[SIM_NUMBER_HEX], phone[SIM_NUMBER_HEX], gateway_id[SIM_WORD];
	const char *token;              /* of the system that hands over messages */
};

/* Of all conversations: whose file they lie in, beside whose they are. */
struct sim_joined {
	int64_t contacts, joined, wrong, asked, answered, timed;
	int64_t of_way[SIM_WAYS], joined_of_way[SIM_WAYS];
	double first_mean_s;
};

/* sim_gateway.c */
int sim_gateway_start(struct sim_gateway *g) MUST_CHECK;
void sim_gateway_stop(struct sim_gateway *g);
/* The newest code that was sent to this number. */
bool sim_gateway_code(struct sim_gateway *g, const char *phone, char code[static 8]);

/* sim_channel.c: ways in, set up as an administrator does, and speaking by them. */
int sim_open_channels(struct sim *s) MUST_CHECK;
int sim_close_channels(struct sim *s) MUST_CHECK;
int sim_say(struct sim *s, struct sim_talk *t, const char *text) MUST_CHECK;
int sim_prove(struct sim *s, struct sim_talk *t) MUST_CHECK;
int sim_end_chat(struct sim *s, struct sim_talk *t) MUST_CHECK;
int sim_rate_chat(struct sim *s, struct sim_talk *t) MUST_CHECK;
/* An event of a call: the telephone system's word for it. */
int sim_call_event(struct sim *s, struct sim_talk *t, const char *event) MUST_CHECK;

/* sim_talk.c: customers. */
int sim_talk_arrives(struct sim *s) MUST_CHECK;
int sim_talk_goes_on(struct sim *s, size_t talk) MUST_CHECK;
/* How the server has it now; what it made of it is taken over. */
int sim_look_at(struct sim *s, struct sim_talk *t) MUST_CHECK;
const char *sim_details(struct sim *s, const struct sim_talk *t);

/* sim_desk.c: agents, and the supervisor who goes through those whom nobody has recognised. */
struct sim_talk *sim_talk_for(struct sim *s, size_t agent);
int sim_serve(struct sim *s, size_t agent, struct sim_talk *t) MUST_CHECK;
int sim_take_next(struct sim *s, size_t agent, struct sim_talk **t) MUST_CHECK;
int sim_pick_up(struct sim *s, struct sim_talk *t) MUST_CHECK;
int sim_hang_up(struct sim *s, struct sim_talk *t) MUST_CHECK;
int sim_recognise(struct sim *s) MUST_CHECK;
int sim_wake_owner(struct sim *s, struct sim_talk *t) MUST_CHECK;

/* sim_truth.c */
int sim_measure_talks(struct sim *s) MUST_CHECK;
