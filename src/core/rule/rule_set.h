/* A company's rules, compiled. */
#pragma once

#include "core/action/action.h"
#include "core/condition/condition_holds.h"
#include "core/definition/definition.h"
#include "core/rule/rule.h"
#include "gen/schema.h"

enum { RULE_MOST_WORDS = 16 };

struct rule_words {
	const char *at[RULE_MOST_WORDS];
	size_t n;
};
/* Reads ["a","b"]; a fault names the field. */
int rule_words_read(struct ctx *c, const char *field, const char *json, struct rule_words *out) MUST_CHECK;

/* What the event itself must say: {"measure":"solution"}. */
struct rule_datum {
	const char *name, *value;
};

struct ready_rule {
	const struct rule *row;
	const struct record_model *model;
	struct rule_words events;       /* whole kinds: "ticket.created" */
	struct rule_words changed;
	struct rule_datum data[RULE_MOST_WORDS];
	size_t data_count;
	struct condition when;
	struct actions actions;
};

struct rule_set {
	struct definition_set base;
	struct ready_rule *rules;       /* those that are on, in order */
	size_t count;
	size_t by_time;                 /* of them */
};

static inline void rule_set_give(struct rule_set **set)
{
	definition_give(*set ? &(*set)->base : NULL);
}
#define RULE_SET __attribute__((cleanup(rule_set_give))) struct rule_set *
int rule_set_take(struct ctx *c, struct rule_set **out) MUST_CHECK;
const struct ready_rule *rule_set_find(const struct rule_set *s, int64_t id);   /* or NULL */

/* Compiles one rule, on or not, into `a`. Faults as of its fields. */
int rule_ready(struct ctx *c, struct arena *a, const struct rule *row, struct ready_rule *out) MUST_CHECK;

/* The event is one that the rule waits for: kind, what it says, what it changed. */
bool rule_wants(const struct ready_rule *r, const char *kind, const char *data);
