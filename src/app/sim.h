/* The simulator (docs/adr/0023): a brand's days, played from one seed through the public API of a server of its own, whose time passes on order. */
#pragma once

#include <sys/types.h>

#include "app/app.h"
#include "app/sim_pace.h"
#include "app/sim_talk.h"

enum { SIM_NAME = 32, SIM_OFFSET = 480 };

struct sim_options {
	struct app_options o;
	int64_t days, seed, tickets, talks, agents, speed;      /* tickets, talks: of an ordinary day; speed: virtual seconds a second, 0: no brake */
	const char *policy, *other;     /* files of changes; `other` is compared with `policy` */
	const char *truth;              /* file to write: whose each conversation is */
	int64_t first_day;
	bool to_now;                    /* the days end now, and what they left is demo data */
	bool json;
};

enum sim_act { SIM_ARRIVE, SIM_WEEK, SIM_SHIFT, SIM_FREE, SIM_READY, SIM_CUSTOMER, SIM_PATIENCE, SIM_CALL, SIM_ROUND, SIM_CONTACT, SIM_TALK };
enum sim_day { DAY_WORK, DAY_WEEKEND, DAY_HOLIDAY, SIM_DAYS };

struct sim_event {
	time_ms at;
	int64_t seq;                    /* of two at one instant the earlier made comes first */
	enum sim_act act;
	size_t who;                     /* agent or ticket */
};

enum sim_wait { AT_NOBODY, AT_NEW, AT_ANSWER, AT_READY };      /* what a ticket waits for an agent to do */

struct sim_ticket {
	char id[SIM_NAME];
	int64_t version;
	size_t no, customer, problem;
	time_ms created_at, wait_since;
	const char *scene, *channel;    /* channel NULL: by herself */
	enum sim_wait wait;
	int urgency;                    /* 0 normal, 1 urgent, 2 critical */
	int reminders, reopened, planned;
	bool complaint, solved, closed, forgotten, asked, complained;
};

struct sim_customer {
	char id[SIM_NAME], device[SIM_NAME], phone[SIM_NAME];   /* id: of the file that the shop made; a stranger has none */
	char name[SIM_NAME], serial[SIM_NAME], ticket_no[SIM_NAME];
	char home[SIM_NAME];            /* the file that is hers: that one, or a stranger's first */
	const char *token;              /* of her browser */
	size_t talking;                 /* conversations under way */
	size_t product, fault;          /* the last one she reported, from 1 on */
	const char *cookie;
	time_ms signed_in_at;
	bool known, stranger, shop_knows, proven;
};

struct sim_agent {
	char account[SIM_NAME], id[SIM_NAME];
	const char *cookie;
	time_ms signed_in_at, on_until;
	double skill, tired;
	int64_t away_from, away_to;     /* days of leave */
	bool night, busy;
};

/* What the run is judged by, all read back through the API. */
struct sim_figures {
	int64_t tickets, answered, answered_in_time, closed, cancelled, reopened, reminded, complaints, complaints_in_time, calls, calls_in_time;
	int64_t solved, bad, rated, open;
	double first_mean_s, first_p90_s, solution_p50_s, solution_p90_s;
	struct sim_joined talks;
	struct sim_kind {               /* of the days of one kind, by when the ticket came */
		int64_t days, tickets, answered, answered_in_time, closed, complaints;
		double first_mean_s, solution_p50_s;
	} kinds[SIM_DAYS];
};

struct sim {
	struct arena *arena;
	struct sim_options p;
	uint64_t random, customers_random, talks_random, hash;  /* customers_random, talks_random: of who comes with what */
	time_ms from, now, until;       /* until: no further ticket comes after it */
	struct sim_pace pace;
	int64_t seq, calls;
	pid_t server;
	int port, orders;
	struct sim_event *heap;
	size_t heap_n, heap_room;
	struct sim_ticket *tickets;
	size_t ticket_n, ticket_room;
	struct sim_talk *talks;
	size_t talk_n, talk_room;
	struct sim_channels channels;
	struct sim_customer *customers;
	size_t customer_n;
	struct sim_agent *agents;
	size_t agent_n;
	struct sim_agent desk, admin;   /* the supervisor, who answers for channels without an agent; the administrator */
	const struct demo_content *words;       /* what its customers and people say */
	char (*products)[SIM_NAME], (*models)[SIM_NAME];
	enum sim_day *days;             /* from first_day on */
	size_t day_n;
	int64_t first_day, first_planned, holidays;
	double hours[SIM_DAYS];         /* that agents were there */
	const char *answer;             /* body of the last call, until the next one */
	int status;
	struct arena *scratch;
	struct sim_figures figures;
	double seconds;
};

/* sim_random.c: chance, and the order of events. */
uint64_t sim_draw(struct sim *s, uint64_t n);                                   /* 0 … n−1 */
bool sim_chance(struct sim *s, int percent);
int64_t sim_between(struct sim *s, int64_t least, int64_t most);                /* skewed towards the least, as work is */
void sim_note(struct sim *s, const char *word, int64_t a, int64_t b);           /* into the hash */
void sim_plan(struct sim *s, time_ms at, enum sim_act act, size_t who);
bool sim_next(struct sim *s, struct sim_event *out);

/* sim_server.c */
int sim_start(struct sim *s) MUST_CHECK;
void sim_stop(struct sim *s);
int sim_advance(struct sim *s, time_ms to) MUST_CHECK;
int sim_mark(struct sim *s) MUST_CHECK;                                         /* what is there now is demo data */

/* sim_call.c: one call as somebody; `what` and its number go into the hash with the answer's status. */
int sim_staff(struct sim *s, struct sim_agent *who, const char *method, const char *path, const char *body, const char *what, int64_t number) MUST_CHECK;
int sim_my(struct sim *s, size_t customer, const char *method, const char *path, const char *body, const char *what, int64_t number) MUST_CHECK;
/* As nobody, or by a bearer's token. */
int sim_open(struct sim *s, const char *token, const char *method, const char *path, const char *body, const char *what, int64_t number) MUST_CHECK;
const char *sim_text(struct sim *s, const char *name);                          /* of the last answer; "" when it has none */
int64_t sim_number(struct sim *s, const char *name);
const char *sim_quote(struct sim *s, const char *text);

/* sim_calendar.c: kinds of days, and when the next report comes. */
struct sim_wish {
	const char *scene;
	int share[SIM_DAYS];
};
extern const struct sim_wish sim_wishes[];
extern const size_t sim_wish_count;
void sim_read_days(struct sim *s);
enum sim_day sim_kind_of_day(const struct sim *s, int64_t day);
enum sim_day sim_kind_of(const struct sim *s, time_ms at);
time_ms sim_next_report(struct sim *s, int64_t a_day);

/* sim_shift.c */
void sim_plan_shifts(struct sim *s);
int sim_plan_week(struct sim *s) MUST_CHECK;
int sim_shift(struct sim *s, size_t agent) MUST_CHECK;

/* sim_people.c, sim_day.c */
int sim_arrange(struct sim *s) MUST_CHECK;
int sim_policy(struct sim *s, const char *file) MUST_CHECK;
int sim_arrive(struct sim *s) MUST_CHECK;
int sim_customer_acts(struct sim *s, size_t ticket) MUST_CHECK;
int sim_meet(struct sim *s, size_t customer) MUST_CHECK;
const char *sim_phone_of(struct sim *s, size_t customer);                       /* until the next call */
int sim_adopt(struct sim *s, size_t customer, size_t problem, const char *ticket) MUST_CHECK;     /* made of a conversation */
int sim_loses_patience(struct sim *s, size_t ticket) MUST_CHECK;

/* sim_agent.c */
int sim_work(struct sim *s, size_t agent) MUST_CHECK;
int sim_wake_one(struct sim *s) MUST_CHECK;
int sim_call_complaint(struct sim *s, size_t ticket) MUST_CHECK;
int sim_round(struct sim *s) MUST_CHECK;
void sim_wait(struct sim *s, size_t ticket, enum sim_wait wait);
int sim_act(struct sim *s, struct sim_agent *who, size_t ticket, const char *action, const char *more) MUST_CHECK;

/* sim_report.c */
int sim_measure(struct sim *s) MUST_CHECK;
void sim_print(const struct sim *s, const struct sim *other);
