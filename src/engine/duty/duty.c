/* Everything is decided instant by instant; stretches come from the borders where an answer may change. */
#include "engine/duty/duty.h"

#include <stdlib.h>

static bool holds(const struct time_span *s, time_ms at)
{
	return s->from <= at && at < s->to;
}

/* On the wall and along a zone ------------------------------------------------------------------------------------------- */

/* In the first period whose offset shows it, or at the change that skips it. Before the first change its offset holds. */
time_ms duty_wall_reached(const struct zone *z, int64_t wall_ms)
{
	for (size_t i = 0;; i++) {
		time_ms at = wall_ms - z->shifts[i].offset_ms;
		if (i && at < z->shifts[i].at)
			at = z->shifts[i].at;
		if (i + 1 == z->n || at < z->shifts[i + 1].at)
			return at;
	}
}

struct time_span duty_shift_span(const struct zone *z, int64_t day, const struct calendar_hours *hours)
{
	return (struct time_span){ duty_wall_reached(z, day * DAY_MS + hours->from), duty_wall_reached(z, day * DAY_MS + hours->to) };
}

bool duty_overlap(const struct time_span *a, const struct time_span *b)
{
	return a->from < b->to && b->from < a->to && a->from < a->to && b->from < b->to;
}

/* At an instant ---------------------------------------------------------------------------------------------------------- */

const struct duty_shift *duty_shift_at(const struct duty_roster *r, int64_t user_id, time_ms at)
{
	for (size_t i = 0; i < r->shift_count; i++)
		if (r->shifts[i].user_id == user_id && holds(&r->shifts[i].at, at))
			return &r->shifts[i];
	return NULL;
}

const struct duty_absence *duty_absence_at(const struct duty_roster *r, int64_t user_id, time_ms at)
{
	for (size_t i = 0; i < r->absence_count; i++)
		if (r->absences[i].user_id == user_id && holds(&r->absences[i].at, at))
			return &r->absences[i];
	return NULL;
}

enum duty_word duty_word_at(const struct duty_roster *r, int64_t user_id, time_ms at)
{
	for (size_t i = 0; i < r->said_count; i++)
		if (r->said[i].user_id == user_id && holds(&r->said[i].at, at))
			return r->said[i].word;
	return DUTY_UNSAID;
}

int64_t duty_holder(const struct duty_roster *r, int64_t user_id, time_ms at)
{
	for (int hop = 0; hop <= DUTY_MOST_HOPS && user_id; hop++) {
		const struct duty_absence *absence = duty_absence_at(r, user_id, at);
		if (!absence)
			return user_id;
		user_id = absence->cover_id;
	}
	return 0;
}

static size_t add_place(const struct duty_roster *r, int64_t user_id, int64_t for_id, time_ms at, struct duty_place *out)
{
	enum duty_word word = duty_word_at(r, user_id, at);
	*out = (struct duty_place){ user_id, for_id, word == DUTY_UNSAID ? DUTY_ON : word };
	return 1;
}

size_t duty_places(const struct duty_roster *r, const struct duty_member *members, size_t n, time_ms at, struct duty_place *out)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t id = members[i].user_id, holder = 0;
		if (!members[i].is_planned || duty_shift_at(r, id, at))
			holder = duty_holder(r, id, at);
		if (holder)
			count += add_place(r, holder, id, at, &out[count]);
		if (holder != id && duty_word_at(r, id, at) == DUTY_ON)
			count += add_place(r, id, id, at, &out[count]);
	}
	return count;
}

/* Stretches -------------------------------------------------------------------------------------------------------------- */

static bool is_member(const struct duty_member *members, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (members[i].user_id == id)
			return members[i].is_planned;
	return false;
}

static bool is_held(const struct duty_roster *r, const struct duty_shift *shifts, size_t n, time_ms at)
{
	for (size_t i = 0; i < n; i++)
		if (holds(&shifts[i].at, at) && duty_holder(r, shifts[i].user_id, at))
			return true;
	return false;
}

static int by_time(const void *a, const void *b)
{
	const time_ms *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void add_borders(time_ms *borders, size_t *n, const struct time_span *s, const struct time_span *within)
{
	const time_ms both[] = { s->from, s->to };
	for (size_t i = 0; i < 2; i++)
		if (within->from < both[i] && both[i] < within->to)
			borders[(*n)++] = both[i];
}

static void add_gap(struct duty_spans *out, time_ms from, time_ms to)
{
	if (out->n && out->at[out->n - 1].to == from)
		out->at[out->n - 1].to = to;
	else if (from < to)
		out->at[out->n++] = (struct time_span){ from, to };
}

struct duty_spans duty_gaps(struct arena *a, const struct duty_roster *r, const struct duty_member *members, size_t n, const struct time_span *service, size_t service_count)
{
	struct duty_shift *shifts = ARENA_ARRAY(a, struct duty_shift, r->shift_count + 1);
	size_t shift_count = 0, most = 2 * (r->shift_count + r->absence_count) + 2;
	for (size_t i = 0; i < r->shift_count; i++)
		if (is_member(members, n, r->shifts[i].user_id))
			shifts[shift_count++] = r->shifts[i];
	time_ms *borders = ARENA_ARRAY(a, time_ms, most);
	struct duty_spans out = { ARENA_ARRAY(a, struct time_span, service_count + most), 0 };
	for (size_t k = 0; k < service_count; k++) {
		size_t count = 0;
		borders[count++] = service[k].from;
		for (size_t i = 0; i < shift_count; i++)
			add_borders(borders, &count, &shifts[i].at, &service[k]);
		for (size_t i = 0; i < r->absence_count; i++)
			add_borders(borders, &count, &r->absences[i].at, &service[k]);
		borders[count++] = service[k].to;
		qsort(borders, count, sizeof(*borders), by_time);
		for (size_t i = 0; i + 1 < count; i++)
			if (!is_held(r, shifts, shift_count, borders[i]))
				add_gap(&out, borders[i], borders[i + 1]);
	}
	return out;
}
