/* Kinds of slots, for flow_fill.c, which knows them all: how a message fills one, and what can be pressed for it. */
#pragma once

#include "domain/bot/flow.h"

/* Why an answer is none. */
static inline enum filled slot_wrong(struct flow_talk *t, struct label why)
{
	t->why = why;
	return FILL_WRONG;
}

static inline enum filled slot_filled(struct flow_value *v, const char *value, const char *shown)
{
	v->value = value;
	v->shown = shown;
	return FILLED;
}

/* What is called the same in either language. */
static inline struct label slot_same(const char *text)
{
	return (struct label){ text, text };
}

/* As many as there is room for beside "skip". */
static inline void slot_offer(struct flow_prompt *p, struct label say, const char *code)
{
	if (p->n < FLOW_OFFERS_MOST - 1)
		flow_offer(p, say, code);
}

/* flow_things.c: what is on file. */
int slot_fill_device(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out) MUST_CHECK;
int slot_fill_model(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out) MUST_CHECK;
int slot_fill_serial(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out) MUST_CHECK;
int slot_fill_ticket(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out) MUST_CHECK;
int slot_offer_devices(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p) MUST_CHECK;
int slot_offer_tickets(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p) MUST_CHECK;
/* flow_days.c */
int slot_fill_day(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out) MUST_CHECK;
int slot_offer_days(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p) MUST_CHECK;
