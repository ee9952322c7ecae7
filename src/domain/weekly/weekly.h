/* weekly: the report by mail of the last whole week (docs/adr/0034).
 *
 * A receiver is told what she could look up herself: her report is made with her rights, her scope, in her language. It is one answer from
 * one snapshot, written as a page and as plain text, and leaves through the outbox like any other mail. */
#pragma once

#include "core/notify/notify.h"
#include "core/promise/promise_figures.h"
#include "db/job.h"
#include "net/route.h"

extern const struct record weekly_receiver_record, weekly_mail_record;
extern const struct job_kind weekly_plan_job, weekly_make_job;
extern const struct outbox_end weekly_end;
extern const struct route weekly_routes[];
extern const size_t weekly_route_count;

/* Writer: puts the next report's job where there is none yet. */
int weekly_begin(struct ctx *c) MUST_CHECK;
/* The same for every company, at the start of the server. */
int weekly_start(struct services *services, const struct clock *clock) MUST_CHECK;
int weekly_setting_chosen(struct ctx *c, int id) MUST_CHECK;

/* When reports are due: pure. */
struct weekly_when {
	int64_t zone_minutes, day, hour;        /* Monday is 0 */
};
time_ms weekly_slot(const struct weekly_when *w, time_ms now);          /* the last one that has come */
time_ms weekly_next(const struct weekly_when *w, time_ms now);
int64_t weekly_monday(const struct weekly_when *w, time_ms at);         /* of the last week that was over by then */
int weekly_when(struct ctx *c, struct weekly_when *out) MUST_CHECK;

/* What a report says ------------------------------------------------------------------------------------------------- */

enum { WEEKLY_WORST = 3, WEEKLY_OLDEST = 5 };
enum weekly_count { WEEKLY_RECEIVED, WEEKLY_SOLVED, WEEKLY_OPEN, WEEKLY_REOPENED, WEEKLY_COMPLAINTS, WEEKLY_BREACHED, WEEKLY_COUNTS };

struct weekly_worst {
	const char *title, *link;       /* NULL: what belongs to nothing */
	double actual;
	int64_t cases;
};
struct weekly_promise {
	const char *name, *link, *state; /* link: to what the figure is made of */
	enum promise_unit unit;
	bool at_least;
	double target, actual, change;  /* percent or milliseconds; NaN without cases */
	int64_t cases;
	struct weekly_worst products[WEEKLY_WORST], teams[WEEKLY_WORST];        /* of a promise that was missed */
	size_t product_count, team_count;
};
struct weekly_ticket {
	const char *no, *title, *link;
	int64_t age_ms;
};
struct weekly {
	int64_t from, to;               /* days, both within */
	const char *company, *link;     /* to the page of promises */
	enum lang lang;
	bool narrow;                    /* her scope does not show the whole company */
	bool shows_promises, shows_counts, shows_oldest;
	struct weekly_promise *promises;
	size_t promise_count;
	int64_t counts[WEEKLY_COUNTS], before[WEEKLY_COUNTS];   /* before: of the week before; −1: more than can be counted, or not known any more */
	struct weekly_ticket oldest[WEEKLY_OLDEST];
	size_t oldest_count;
};

struct weekly_parts {
	bool promises, worst, counts, oldest;
};
/* What weekly_look() finds for c's actor with the parts she takes, and the same as a mail. */
int weekly_for(struct ctx *c, int64_t monday, struct weekly *figures, struct notice_text *out) MUST_CHECK;
/* For c's actor, in c's language. */
int weekly_look(struct ctx *c, int64_t monday, const struct weekly_parts *parts, struct weekly *out) MUST_CHECK;

/* The figures as members of an object. */
void weekly_write_figures(struct text *t, const struct weekly *w);
/* As a mail. Pure; whatever names hold, it stays text. */
void weekly_write(struct arena *a, const struct weekly *w, struct notice_text *out);
void weekly_write_page(struct text *t, const struct weekly *w);         /* its HTML */
/* Words that both forms share. */
const char *weekly_amount(struct arena *a, const struct weekly *w, enum promise_unit unit, double value);
const char *weekly_target(struct arena *a, const struct weekly *w, const struct weekly_promise *p);
const char *weekly_change(struct arena *a, const struct weekly *w, const struct weekly_promise *p);
const char *weekly_state(const struct weekly *w, const struct weekly_promise *p);
const char *weekly_count_name(const struct weekly *w, enum weekly_count which);
const char *weekly_before(struct arena *a, const struct weekly *w, enum weekly_count which);     /* "" where nothing can be compared */
const char *weekly_number(struct arena *a, int64_t n);
const char *weekly_span(struct arena *a, int64_t ms, enum lang lang);
const char *weekly_say(const struct weekly *w, const char *zh, const char *en);
const char *weekly_clean(struct arena *a, const char *text);            /* one line, nothing invisible that turns or hides text */

/* Sends one of her own to a receiver; asked_at 0: by the clock. */
int weekly_send(struct ctx *c, int64_t monday, int64_t user_id, time_ms asked_at, int64_t *id) MUST_CHECK;
