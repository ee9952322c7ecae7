/* What one company has promised, compiled: its measures, policies and calendars. */
#pragma once

#include "core/clock/clocks.h"
#include "core/condition/condition_holds.h"
#include "core/definition/definition.h"
#include "engine/calendar/service_clock.h"
#include "gen/schema.h"

/* Who is told when so much of the target is used. */
struct ladder_step {
	int64_t percent;
	const char *to;                 /* owner, team, supervisor */
};
extern const struct choice ladder_receivers[];
/* Reads [{"percent":150,"to":"supervisor"}]; a fault names the field. */
int ladder_read(struct ctx *c, const char *field, const char *json, struct ladder_step **steps, size_t *n) MUST_CHECK;

struct ready_policy {
	const struct clock_policy *row;
	struct condition when;
	const struct calendar *calendar;
	struct service_clock_steps steps;
	struct ladder_step *ladder;
	size_t ladder_count;
};

struct ready_measure {
	const char *code;
	struct label label;
	struct condition run, pause, cancel;    /* program NULL: never */
	const struct member *since;             /* or NULL */
	const struct ready_policy **policies;   /* in order */
	size_t policy_count;
};

/* All measures of one record. */
struct ready_object {
	const struct record_model *model;
	struct ready_measure *measures;
	size_t count;
};

struct ready_calendar {
	int64_t id;
	const struct calendar *calendar;
	const struct zone *zone;
};

struct clock_set {
	struct definition_set base;
	struct ready_policy *policies;
	size_t policy_count;
	struct ready_object *objects;
	size_t object_count;
	struct ready_calendar *calendars;
	size_t calendar_count;
	const struct calendar *natural;
};

static inline void clock_set_give(struct clock_set **set)
{
	definition_give(*set ? &(*set)->base : NULL);
}
#define CLOCK_SET __attribute__((cleanup(clock_set_give))) struct clock_set *
int clock_set_take(struct ctx *c, struct clock_set **out) MUST_CHECK;

const struct ready_object *clock_set_object(const struct clock_set *s, const struct record_model *m);     /* or NULL */
const struct ready_policy *clock_set_policy(const struct clock_set *s, int64_t id);                     /* or NULL */
const struct calendar *clock_set_calendar(const struct clock_set *s, int64_t id);       /* natural time when it is gone */
const struct ready_calendar *clock_set_ready(const struct clock_set *s, int64_t id);            /* or NULL */

/* A calendar's form with the holidays of the packs, ready to count. Faults as fields. */
struct calendar_source;
int clock_source_of(struct ctx *c, struct arena *a, const char *form, struct calendar_source **out) MUST_CHECK;
int clock_calendar_of(struct ctx *c, struct arena *a, const char *form, const struct calendar **out) MUST_CHECK;
