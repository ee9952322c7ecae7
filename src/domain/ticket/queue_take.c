/* Taking the next: the first that waits and that the taker may have, or the first of those beside it that she knows.
 *
 * Skill says whom a ticket suits as the action "assign" does: one who knows its product before one who does not, among those on duty; a ticket
 * of no product suits everybody. So it chooses among tickets of one band alone, and never passes over danger, what was put by hand at
 * the front, nor what is late while nobody else who is there knows it. */

#include "core/action/action.h"
#include "core/auth/auth.h"
#include "core/duty.h"
#include "core/flow/flow.h"
#include "core/services.h"
#include "domain/duty/duty.h"
#include "domain/ticket/queue.h"
#include "domain/ticket/ticket.h"
#include "gen/queue_sql.h"

/* The next one mostly stands near the front: a small look first. */
enum { FIRST_LOOK = 20, LOOK = 200, MOST_SEEN = 4000, COLLEAGUES = 500 };

/* Skills -------------------------------------------------------------------------------------------------------------- */

struct skills {
	bool count;                     /* the team takes by skill, and she has some */
	struct skills_of_row *mine, *others;
	size_t n, other_n;
	bool looked;                    /* at what the others know */
};

static int look_mine(struct ctx *c, struct skills *s)
{
	struct team team;
	*s = (struct skills){ 0 };
	if (!c->auth || !c->auth->user_id)
		return 0;
	if (c->auth->team_id) {
		TRY(team_row_get(c, c->auth->team_id, &team));
		if (!text_equal(team.take_by, "skill"))
			return 0;
	}
	TRY(skills_of(c, &c->auth->user_id, 1, &s->mine, &s->n));
	s->count = s->n > 0;
	return 0;
}

static bool knows(const struct skills_of_row *rows, size_t n, int64_t product_id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].product_id == product_id)
			return true;
	return false;
}

/* Those of the team who are there, without the taker. */
static int look_others(struct ctx *c, struct skills *s)
{
	struct duty_present *present;
	int64_t ids[COLLEAGUES];
	size_t n, others = 0;
	if (s->looked)
		return 0;
	s->looked = true;
	TRY(duty_present_of_teams(c, &c->auth->team_id, c->auth->team_id ? 1 : 0, &present, &n));
	for (size_t i = 0; i < n && others < COLLEAGUES; i++)
		if (present[i].user_id != c->auth->user_id)
			ids[others++] = present[i].user_id;
	return others ? skills_of(c, ids, others, &s->others, &s->other_n) : 0;
}

static int suits(struct ctx *c, struct skills *s, const struct queue_behind_row *e, bool *yes)
{
	*yes = !e->product_id || knows(s->mine, s->n, e->product_id);
	if (*yes || e->due_at >= c->now)
		return 0;
	TRY(look_others(c, s));
	*yes = !knows(s->others, s->other_n, e->product_id);
	return 0;
}

/* The next ------------------------------------------------------------------------------------------------------------ */

static const char *action_of(const struct ticket *t)
{
	return text_equal(t->state, "new") ? "accept" : "take";
}

/* Nobody is asked for anything here: what the company's flow wants filled in first is taken on its own page. */
static int may_take(struct ctx *c, struct flow_asking *a, const struct ticket *t, bool *out)
{
	*out = !t->owner_id;
	return *out ? flow_is_free(c, a, flow_find(a->flow, action_of(t)), t, out) : 0;
}

struct search {
	struct flow_asking flow;
	struct skills skills;
	struct queue_next *out;
	enum queue_band band;           /* of the first one that could be taken */
	bool ends;
};

static enum queue_band band_of(const struct queue_behind_row *e)
{
	place_number at = 0;
	return queue_place_read(e->place, &at) ? queue_band_at(at) : BAND_CUSTOMER;
}

/* She may take this one, and it is the first such, or suits her better than the first does. */
static int look_at(struct ctx *c, struct search *s, const struct queue_behind_row *e, const struct ticket *t)
{
	bool first = !s->out->found, yes = true;
	if (!first && band_of(e) != s->band) {
		s->ends = true;
		return 0;
	}
	if (s->skills.count)
		TRY(suits(c, &s->skills, e, &yes));
	if (first) {
		*s->out = (struct queue_next){ .found = true, .ticket = *t };
		s->band = band_of(e);
		s->ends = yes || e->put_at || s->band == BAND_DANGER;
		s->out->ahead = s->ends ? 0 : 1;
	} else if (yes) {
		s->out->ticket = *t;
		s->ends = true;
		s->out->by_skill = true;
	} else {
		s->out->ahead++;
	}
	return 0;
}

static int look_through(struct ctx *c, struct search *s, const struct queue_page *page)
{
	for (size_t i = 0; i < page->n && !s->ends; i++) {
		bool free = false;
		if (page->tickets[i])
			TRY(may_take(c, &s->flow, page->tickets[i], &free));
		if (free)
			TRY(look_at(c, s, &page->entries[i], page->tickets[i]));
	}
	return 0;
}

/* What she may not see does not stop her; some thousands of it do. */
int queue_next(struct ctx *c, const struct queue_page *front, struct queue_next *out)
{
	struct queue_lists lists = queue_waiting(c->auth ? c->auth->team_id : 0);
	struct search s = { .out = out };
	struct queue_page page;
	*out = (struct queue_next){ 0 };
	TRY(flow_of(c, &ticket_flow, &s.flow.flow));
	TRY(look_mine(c, &s.skills));
	if (front)
		page = *front;
	else
		TRY(queue_page(c, lists, "", 0, FIRST_LOOK, &page));
	TRY(look_through(c, &s, &page));
	for (size_t seen = page.n; page.more && !s.ends && seen < MOST_SEEN; seen += page.n) {
		const struct queue_behind_row *last = &page.entries[page.n - 1];
		TRY(queue_page(c, lists, last->place, last->ticket_id, LOOK, &page));
		TRY(look_through(c, &s, &page));
	}
	if (!out->by_skill)
		out->ahead = 0;
	return 0;
}

/* Taking -------------------------------------------------------------------------------------------------------------- */

/* Kept as bulk work is, so that it is taken back in the same way. */
static int note_taking(struct ctx *c, const struct ticket *t, const char *action, int64_t version, int64_t *run)
{
	struct action_run kept = {
		.tenant = c->tenant, .id = new_id(c), .record = "ticket", .source = "hand", .actions = arena_format(c->arena, "[{\"do\":\"move\",\"action\":\"%s\"}]", action),
		.actor_kind = c->actor_kind, .actor_id = c->actor_id, .at = c->now,
	};
	struct action_row row = { .tenant = c->tenant, .run_id = kept.id, .object_id = t->id, .version_before = version, .version_after = t->version, .made = "[]" };
	*run = kept.id;
	TRY(action_run_row_insert(c, &kept));
	return action_row_row_insert(c, &row);
}

/* On leave, on a break, off duty: nothing is to be given to her now, not even by herself. */
static int is_here(struct ctx *c, bool *here)
{
	int64_t user = c->auth ? c->auth->user_id : 0;
	size_t n = 1;
	*here = true;
	if (!user)
		return 0;
	int64_t chosen = user;
	TRY(duty_choose(c, &chosen, &n));
	*here = n == 1 && chosen == user;
	return 0;
}

int queue_take(struct ctx *c, struct queue_next *out, enum taken *taken, int64_t *run)
{
	bool here;
	*run = 0;
	*out = (struct queue_next){ 0 };
	TRY(is_here(c, &here));
	*taken = here ? TAKEN_NONE : TAKEN_AWAY;
	if (here)
		TRY(queue_next(c, NULL, out));
	if (!out->found)
		return 0;
	*taken = TAKEN;
	const char *action = action_of(&out->ticket);
	int64_t version = out->ticket.version;
	TRY(flow_move(c, &ticket_flow, &out->ticket, action, NULL, NULL));
	return note_taking(c, &out->ticket, action, version, run);
}
