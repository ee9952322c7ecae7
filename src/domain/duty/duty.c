/* From rows to a roster, and who of it is to be had now. */
#include "domain/duty/duty.h"

#include "base/id.h"
#include "core/clock/clock_set.h"
#include "core/setting/settings.h"
#include "engine/calendar/calendar_form.h"

/* A shift lasts a day at most, on whatever clock; a team that plans at all plans within a week. */
enum { REACH_DAYS = 3, PLANNED_DAYS = 7 };

/* Spans ------------------------------------------------------------------------------------------------------------------ */

static const struct zone *zone_of_set(const struct clock_set *set, const char *name)
{
	for (size_t i = 0; i < set->calendar_count; i++)
		if (text_equal(set->calendars[i].zone->name, name))
			return set->calendars[i].zone;
	return NULL;
}

/* A zone that the system does not know any more counts as the company's: the plan stays to be seen. */
static int zone_of(struct ctx *c, const struct clock_set *set, const char *name, const struct zone **out)
{
	*out = text_empty(name) ? NULL : zone_of_set(set, name);
	struct zone *read = ARENA_NEW(c->arena, struct zone);
	if (!*out && !text_empty(name) && zone_load(c->arena, name, read) == 0)
		*out = read;
	return *out ? 0 : company_zone(c, c->arena, out);
}

static struct time_span span_in(const struct zone *z, const struct shift *s)
{
	struct calendar_hours hours;
	return calendar_hours_parse(s->hours, &hours) < 0 ? (struct time_span){ 0 } : duty_shift_span(z, s->day, &hours);
}

int duty_span(struct ctx *c, const struct clock_set *set, const struct shift *s, struct time_span *out)
{
	const struct zone *z;
	TRY(zone_of(c, set, s->zone, &z));
	*out = span_in(z, s);
	return 0;
}

/* Most rows of a plan are of one zone. */
static int spans_of(struct ctx *c, const struct shift *rows, size_t n, struct duty_shift *out)
{
	CLOCK_SET set = NULL;
	const struct zone *z = NULL;
	TRY(clock_set_take(c, &set));
	for (size_t i = 0; i < n; i++) {
		if (!z || !text_equal(rows[i].zone, rows[i - 1].zone))
			TRY(zone_of(c, set, rows[i].zone, &z));
		out[i] = (struct duty_shift){ rows[i].user_id, span_in(z, &rows[i]) };
	}
	return 0;
}

/* Loading ---------------------------------------------------------------------------------------------------------------- */

size_t duty_add_id(int64_t *ids, size_t n, int64_t id)
{
	if (id && !id_among(ids, n, id))
		ids[n++] = id;
	return n;
}

/* Who plans: her team, or she herself when she is in none. */
static int load_members(struct ctx *c, struct duty_desk *d, time_ms low, time_ms high)
{
	int64_t *teams = ARENA_ARRAY(c->arena, int64_t, d->n + 1), *loners = ARENA_ARRAY(c->arena, int64_t, d->n + 1);
	size_t team_count = 0, loner_count = 0, planned_count = 0, alone_count = 0;
	struct teams_planned_row *planned = NULL;
	struct people_planned_row *alone = NULL;
	int64_t first = day_of(low, 0) - PLANNED_DAYS, last = day_of(high, 0) + PLANNED_DAYS;
	for (size_t i = 0; i < d->n; i++) {
		team_count = duty_add_id(teams, team_count, d->people[i].team_id);
		if (!d->people[i].team_id)
			loners[loner_count++] = d->people[i].id;
	}
	if (team_count)
		TRY(teams_planned(c, teams, team_count, first, last, &planned, &planned_count));
	if (loner_count)
		TRY(people_planned(c, loners, loner_count, first, last, &alone, &alone_count));
	for (size_t i = 0; i < d->n; i++) {
		bool is_planned = false;
		for (size_t k = 0; k < planned_count; k++)
			is_planned |= planned[k].id == d->people[i].team_id;
		for (size_t k = 0; k < alone_count; k++)
			is_planned |= alone[k].id == d->people[i].id;
		d->members[i] = (struct duty_member){ d->people[i].id, is_planned };
	}
	return 0;
}

/* Who has left the company covers for nobody. */
static int drop_archived(struct ctx *c, struct duty_absence *absences, size_t n)
{
	struct duty_of_people_row *rows;
	int64_t *covers = ARENA_ARRAY(c->arena, int64_t, n + 1);
	size_t count = 0, found;
	for (size_t i = 0; i < n; i++)
		count = duty_add_id(covers, count, absences[i].cover_id);
	if (!count)
		return 0;
	TRY(duty_of_people(c, covers, count, &rows, &found));
	for (size_t i = 0; i < found; i++)
		covers[i] = rows[i].id;
	for (size_t i = 0; i < n; i++)
		if (!id_among(covers, found, absences[i].cover_id))
			absences[i].cover_id = 0;
	return 0;
}

static int load_absences(struct ctx *c, struct duty_desk *d, time_ms low, time_ms high)
{
	struct absence *rows;
	size_t n;
	TRY(absences_between(c, low, high, &rows, &n));
	struct duty_absence *out = ARENA_ARRAY(c->arena, struct duty_absence, n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct duty_absence){ rows[i].user_id, rows[i].cover_id, { rows[i].from_at, rows[i].to_at } };
	d->absences = rows;
	d->roster.absences = out;
	d->roster.absence_count = n;
	return drop_archived(c, out, n);
}

static enum duty_word word_of(const char *state)
{
	return text_equal(state, "break") ? DUTY_BREAK : text_equal(state, "off") ? DUTY_OFF : DUTY_ON;
}

static int load_said(struct ctx *c, struct duty_desk *d, const int64_t *ids, size_t count, time_ms low, time_ms high)
{
	struct attendance *rows;
	size_t n;
	TRY(said_of_people(c, ids, count, low > DUTY_WORD_MOST_MS ? low - DUTY_WORD_MOST_MS : 0, high, &rows, &n));
	struct duty_said *out = ARENA_ARRAY(c->arena, struct duty_said, n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = (struct duty_said){ rows[i].user_id, word_of(rows[i].state), { rows[i].from_at, rows[i].to_at } };
	d->said = rows;
	d->roster.said = out;
	d->roster.said_count = n;
	return 0;
}

int duty_load(struct ctx *c, const struct duty_person *people, size_t n, time_ms low, time_ms high, struct duty_desk *out)
{
	*out = (struct duty_desk){ .people = people, .members = ARENA_ARRAY(c->arena, struct duty_member, n + 1), .n = n };
	if (n == 0)
		return 0;
	TRY(load_members(c, out, low, high));
	TRY(load_absences(c, out, low, high));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + out->roster.absence_count);
	size_t count = n, shift_count;
	for (size_t i = 0; i < n; i++)
		ids[i] = people[i].id;
	for (size_t i = 0; i < out->roster.absence_count; i++)
		count = duty_add_id(ids, count, out->roster.absences[i].cover_id);
	TRY(load_said(c, out, ids, count, low, high));
	struct shift *shifts;
	TRY(shifts_of_people(c, ids, count, day_of(low, 0) - REACH_DAYS, day_of(high, 0) + REACH_DAYS, &shifts, &shift_count));
	struct duty_shift *spans = ARENA_ARRAY(c->arena, struct duty_shift, shift_count + 1);
	TRY(spans_of(c, shifts, shift_count, spans));
	out->shifts = shifts;
	out->roster.shifts = spans;
	out->roster.shift_count = shift_count;
	return 0;
}

int duty_people_of_ids(struct ctx *c, const int64_t *ids, size_t n, struct duty_person **people, size_t *count)
{
	struct duty_of_people_row *rows;
	TRY(duty_of_people(c, ids, n, &rows, count));
	*people = ARENA_ARRAY(c->arena, struct duty_person, *count + 1);
	for (size_t i = 0; i < *count; i++)
		(*people)[i] = (struct duty_person){ rows[i].id, rows[i].team_id, rows[i].name };
	return 0;
}

int duty_people_of_teams(struct ctx *c, const int64_t *teams, size_t n, struct duty_person **people, size_t *count)
{
	struct duty_of_teams_row *rows = NULL;
	*count = 0;
	if (n)
		TRY(duty_of_teams(c, teams, n, &rows, count));
	*people = ARENA_ARRAY(c->arena, struct duty_person, *count + 1);
	for (size_t i = 0; i < *count; i++)
		(*people)[i] = (struct duty_person){ rows[i].id, rows[i].team_id, rows[i].name };
	return 0;
}

/* Who is to be had --------------------------------------------------------------------------------------------------------- */

/* Where the company chooses so, or where nothing is planned, nobody away and nothing said. */
static int everybody(struct ctx *c, bool *all)
{
	struct duty_in_use_row use = { 0 };
	int64_t day = day_of(c->now, 0);
	*all = setting_of(c, SETTING_SHIFT_CHOOSE) != 0;
	if (*all)
		return 0;
	TRY(duty_in_use(c, day - PLANNED_DAYS, day + PLANNED_DAYS, c->now > DUTY_WORD_MOST_MS ? c->now - DUTY_WORD_MOST_MS : 0, c->now, &use));
	*all = !use.used;
	return 0;
}

static int64_t team_of(const struct duty_desk *d, int64_t user_id)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->people[i].id == user_id)
			return d->people[i].team_id;
	return 0;
}

/* Those of the places that somebody on duty holds, each person once. */
static int present_of(struct ctx *c, const struct duty_person *people, size_t n, struct duty_present **out, size_t *count)
{
	struct duty_desk d;
	*out = ARENA_ARRAY(c->arena, struct duty_present, 2 * n + 1);
	*count = 0;
	TRY(duty_load(c, people, n, c->now, c->now + 1, &d));
	struct duty_place *places = ARENA_ARRAY(c->arena, struct duty_place, 2 * n + 1);
	size_t place_count = duty_places(&d.roster, d.members, n, c->now, places);
	for (size_t i = 0; i < place_count; i++) {
		bool known = places[i].word != DUTY_ON;
		for (size_t k = 0; k < *count && !known; k++)
			known = (*out)[k].user_id == places[i].user_id;
		if (!known)
			(*out)[(*count)++] = (struct duty_present){ places[i].user_id, team_of(&d, places[i].for_id) };
	}
	return 0;
}

int duty_present_of_teams(struct ctx *c, const int64_t *teams, size_t n, struct duty_present **out, size_t *count)
{
	struct duty_person *people;
	bool all;
	TRY(duty_people_of_teams(c, teams, n, &people, count));
	TRY(everybody(c, &all));
	if (!all)
		return present_of(c, people, *count, out, count);
	*out = ARENA_ARRAY(c->arena, struct duty_present, *count + 1);
	for (size_t i = 0; i < *count; i++)
		(*out)[i] = (struct duty_present){ people[i].id, people[i].team_id };
	return 0;
}

static int choose(struct ctx *c, int64_t *ids, size_t *n)
{
	struct duty_person *people;
	struct duty_present *found;
	size_t count;
	bool all;
	TRY(everybody(c, &all));
	if (all)
		return 0;
	TRY(duty_people_of_ids(c, ids, *n, &people, &count));
	size_t most = *n, found_count;
	TRY(present_of(c, people, count, &found, &found_count));
	*n = found_count < most ? found_count : most;
	for (size_t i = 0; i < *n; i++)
		ids[i] = found[i].user_id;
	return 0;
}

const struct duty_service duty_service = { .choose = choose, .came = duty_say_came, .left = duty_say_left };
