/* quality: every conversation is inspected when it ends (docs/adr/0057).
 *
 * Rules are the company's data, begun by its pack. A result says what was found and where, never the words: whoever may read the message reads them there. A person looks at some,
 * changes what is wrong, and the agent may appeal to another person. */
#pragma once

#include "core/clock/clock_set.h"
#include "core/promise/promise.h"
#include "core/record/record.h"
#include "db/job.h"
#include "engine/quality/quality.h"
#include "gen/schema.h"
#include "net/route.h"

extern const struct record quality_rule_record, quality_record;
extern const struct observer quality_observer;          /* a conversation ended, or was rated afterwards */
extern const struct job_kind quality_inspect_job, quality_draw_job, quality_ask_job;
extern const struct promise_source quality_promises;
extern const struct route quality_routes[], quality_hint_routes[], quality_report_routes[];
extern const size_t quality_route_count, quality_hint_route_count, quality_report_route_count;

enum quality_state { RESULT_INSPECTED, RESULT_DRAWN, RESULT_REVIEWED, RESULT_APPEALED, RESULT_DECIDED, RESULT_REPLACED };
extern const struct choice quality_states[], quality_kinds[], quality_outcomes[];

/* Rules as the company has them in force, and each ready for the engine. */
struct quality_book {
	const struct quality_rule *rows;
	struct quality_check *checks;
	size_t n;
};
int quality_book(struct ctx *c, struct quality_book *out) MUST_CHECK;
void quality_ready(struct ctx *c, const struct quality_rule *row, struct quality_check *out);

/* What an inspection has to know of a conversation. The calendar is of `set`. */
struct quality_look {
	struct quality_talk talk;
	int64_t last_staff;                     /* who of staff spoke last in public; 0: nobody */
};
int quality_look(struct ctx *c, struct clock_set *set, const struct conversation *k, struct quality_look *out) MUST_CHECK;

/* Verdict of what a model marked and nobody has confirmed: it weighs nothing, and whoever it is about does not see it. */
#define QUALITY_UNSURE "unsure"
/* Writer: a model will look at it, too, where the company has one for that. */
int quality_ask(struct ctx *c, const struct quality *q) MUST_CHECK;

/* Reads what was found: [{"no","rule_id","kind","message_no","words","weight","fatal","verdict","by"}]; unsure: with what nobody has confirmed; words: as they stand in the message, "" where it was emptied or is not for the reader. */
int quality_write_findings(struct ctx *c, const struct quality *q, bool unsure, struct text *out) MUST_CHECK;
/* Writer: score, grade and count of what counts, by the findings as they are. */
int quality_weigh(struct ctx *c, struct quality *q) MUST_CHECK;
void quality_grade(struct ctx *c, struct quality *q, int64_t score, bool fatal);

/* Who has reviewed it, or is it about: no second person. */
bool quality_has_hand(struct ctx *c, const struct quality *q, int64_t user);

/* Writer: fills up each agent's weekly share of results to be reviewed, in the week of `at`; the next morning, when that is done by itself. */
int quality_draw(struct ctx *c, time_ms at, int64_t *drawn) MUST_CHECK;
int quality_draw_next(struct ctx *c, time_ms *out) MUST_CHECK;
