/* The shapes of a calendar's JSON, and the step from what was written to what is counted: names are looked up, hours read, a
 * holiday becomes its days. Faults are collected, so that a form is mended in one go. */
#include "engine/calendar/calendar_form.h"

#include <string.h>

static const struct choice weekdays[] = {
	{ "mon", "周一", "Monday" }, { "tue", "周二", "Tuesday" }, { "wed", "周三", "Wednesday" }, { "thu", "周四", "Thursday" },
	{ "fri", "周五", "Friday" }, { "sat", "周六", "Saturday" }, { "sun", "周日", "Sunday" }, { 0 },
};
static const struct choice kinds[] = {
	{ "closed", "休息", "Closed" }, { "hours", "特别时段", "Special hours" }, { "work", "调休上班", "Make-up working day" },
	{ "without", "部分时间休息", "Closed in between" }, { 0 },
};

static const struct member label_members[] = {
	MEMBER(struct label_form, zh, text, .flags = MEMBER_REQUIRED, .most = 60),
	MEMBER(struct label_form, en, text, .flags = MEMBER_REQUIRED, .most = 120),
};
static const struct shape label_shape = SHAPE("label", struct label_form, label_members);

static const struct member week_members[] = {
	MEMBER(struct week_form, days, list, .item = TYPE_code, .choices = weekdays, .flags = MEMBER_REQUIRED, .most = 7),
	MEMBER(struct week_form, hours, list, .item = TYPE_code, .flags = MEMBER_REQUIRED, .most = CALENDAR_MOST_HOURS),
};
static const struct shape week_shape = SHAPE("calendar_week", struct week_form, week_members);

static const struct member day_members[] = {
	MEMBER(struct day_form, day, day, .flags = MEMBER_REQUIRED),
	MEMBER(struct day_form, kind, code, .flags = MEMBER_REQUIRED, .choices = kinds),
	MEMBER(struct day_form, as, code, .choices = weekdays, .flags = MEMBER_NULLABLE),
	MEMBER(struct day_form, hours, list, .item = TYPE_code, .most = CALENDAR_MOST_HOURS),
	MEMBER(struct day_form, name, shape, .shape = &label_shape, .flags = MEMBER_NULLABLE),
	MEMBER(struct day_form, provisional, flag),
};
const struct shape day_shape = SHAPE("calendar_day", struct day_form, day_members);

static const struct member calendar_members[] = {
	MEMBER(struct calendar_form, name, shape, .shape = &label_shape, .flags = MEMBER_REQUIRED),
	MEMBER(struct calendar_form, zone, code, .flags = MEMBER_REQUIRED, .most = 64),
	MEMBER(struct calendar_form, make_up_as, code, .choices = weekdays, .flags = MEMBER_NULLABLE),
	MEMBER(struct calendar_form, week, list, .shape = &week_shape, .most = 49),
	MEMBER(struct calendar_form, holidays, list, .item = TYPE_code, .most = 10),
	MEMBER(struct calendar_form, days, list, .shape = &day_shape, .most = CALENDAR_MOST_DAYS),
};
const struct shape calendar_shape = SHAPE("calendar", struct calendar_form, calendar_members);

static const struct member holiday_members[] = {
	MEMBER(struct holiday_form, name, shape, .shape = &label_shape, .flags = MEMBER_REQUIRED),
	MEMBER(struct holiday_form, first, day, .flags = MEMBER_REQUIRED),
	MEMBER(struct holiday_form, last, day, .flags = MEMBER_REQUIRED),
	MEMBER(struct holiday_form, work, list, .item = TYPE_day, .most = 10),
};
static const struct shape holiday_shape = SHAPE("holiday", struct holiday_form, holiday_members);

static const struct member holiday_year_members[] = {
	MEMBER(struct holiday_year_form, year, count, .flags = MEMBER_REQUIRED, .least = 1970, .most = 2099),
	MEMBER(struct holiday_year_form, source, text, .flags = MEMBER_REQUIRED, .most = 200),
	MEMBER(struct holiday_year_form, url, text, .most = 300, .flags = MEMBER_NULLABLE),
	MEMBER(struct holiday_year_form, published, day, .flags = MEMBER_NULLABLE),
	MEMBER(struct holiday_year_form, note, text, .most = 1000, .flags = MEMBER_NULLABLE),
	MEMBER(struct holiday_year_form, provisional, flag),
	MEMBER(struct holiday_year_form, holidays, list, .shape = &holiday_shape, .most = 60),
};
static const struct shape holiday_year_shape = SHAPE("holiday_year", struct holiday_year_form, holiday_year_members);

static const struct member holiday_set_members[] = {
	MEMBER(struct holiday_set_form, code, code, .flags = MEMBER_REQUIRED, .most = 40),
	MEMBER(struct holiday_set_form, name, shape, .shape = &label_shape, .flags = MEMBER_REQUIRED),
	MEMBER(struct holiday_set_form, years, list, .shape = &holiday_year_shape, .most = 130),
};
const struct shape holiday_set_shape = SHAPE("holiday_set", struct holiday_set_form, holiday_set_members);

/* ---- reading a form ---- */

struct builder {
	struct arena *arena;
	struct error *error;
	const struct calendar_form *form;
	const struct calendar_names *names;
	struct calendar_day *days;
	size_t n;
	int make_up_as;
};

/* 0 Monday … 6 Sunday; -1 for what is no weekday, which the shape lets pass only when it is empty. */
static int weekday_of_name(const char *name)
{
	const struct choice *found = choice_find(weekdays, name);
	return found ? (int)(found - weekdays) : -1;
}

static const char *code_at(const struct list *l, size_t i)
{
	return ((const char *const *)l->at)[i];
}

static bool overlaps(const struct calendar_plan *plan, struct calendar_hours h)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->hours[i].from < h.to && h.from < plan->hours[i].to)
			return true;
	return false;
}

/* Adds the list's hours to a plan that has room for them; `place` names the list in faults. */
static void read_hours(struct builder *b, const char *place, const struct list *list, struct calendar_hours *room, struct calendar_plan *plan)
{
	plan->hours = room;
	for (size_t i = 0; i < list->n; i++) {
		struct calendar_hours h;
		const char *text = code_at(list, i), *field = arena_format(b->arena, "%s[%zu]", place, i);
		int r = calendar_hours_parse(text, &h);
		if (r == 0 && overlaps(plan, h))
			r = ERR_CALENDAR_OVERLAP;
		if (r < 0)
			error_field(b->error, b->arena, field, r, text);
		else
			room[plan->n++] = h;
	}
}

static void read_week(struct builder *b, struct calendar_source *out)
{
	const struct week_form *rows = b->form->week.at;
	size_t most = 0;
	for (size_t i = 0; i < b->form->week.n; i++) {
		most += rows[i].hours.n;
		for (size_t k = 0; k < rows[i].days.n; k++)
			if (weekday_of_name(code_at(&rows[i].days, k)) < 0)
				error_field(b->error, b->arena, arena_format(b->arena, "week[%zu].days[%zu]", i, k), ERR_FIELD_REQUIRED, NULL);
	}
	for (int day = 0; day < 7; day++) {
		struct calendar_hours *room = ARENA_ARRAY(b->arena, struct calendar_hours, most + 1);
		for (size_t i = 0; i < b->form->week.n; i++)
			for (size_t k = 0; k < rows[i].days.n; k++)
				if (weekday_of_name(code_at(&rows[i].days, k)) == day)
					read_hours(b, arena_format(b->arena, "week[%zu].hours", i), &rows[i].hours, room, &out->week[day]);
	}
}

static struct calendar_day *add_day(struct builder *b, int64_t day, enum calendar_day_kind kind, const struct label_form *name, int64_t provisional)
{
	struct calendar_day *d = &b->days[b->n++];
	*d = (struct calendar_day){ .day = day, .kind = kind, .as = b->make_up_as, .provisional = provisional };
	d->zh = name ? name->zh : NULL;
	d->en = name ? name->en : NULL;
	return d;
}

static void read_own_day(struct builder *b, size_t i)
{
	static const enum calendar_day_kind kind_of[] = { DAY_CLOSED, DAY_HOURS, DAY_AS, DAY_WITHOUT };
	const struct day_form *row = &((const struct day_form *)b->form->days.at)[i];
	const char *place = arena_format(b->arena, "days[%zu].hours", i);
	enum calendar_day_kind kind = kind_of[choice_find(kinds, row->kind) - kinds];
	bool wants_hours = kind == DAY_HOURS || kind == DAY_WITHOUT || (kind == DAY_AS && row->hours.n);
	struct calendar_day *d = add_day(b, row->day, kind, row->name, row->provisional);
	if (wants_hours && !row->hours.n)
		error_field(b->error, b->arena, place, ERR_FIELD_REQUIRED, NULL);
	if (!wants_hours && row->hours.n)
		error_field(b->error, b->arena, place, ERR_FIELD_INVALID, NULL);
	if (!text_empty(row->as) && (kind != DAY_AS || row->hours.n))
		error_field(b->error, b->arena, arena_format(b->arena, "days[%zu].as", i), ERR_FIELD_INVALID, NULL);
	if (!text_empty(row->as))
		d->as = weekday_of_name(row->as);
	if (kind == DAY_AS && row->hours.n)
		d->kind = DAY_HOURS;
	read_hours(b, place, &row->hours, ARENA_ARRAY(b->arena, struct calendar_hours, row->hours.n + 1), &d->plan);
	for (size_t k = 0; kind == DAY_WITHOUT && k < d->plan.n; k++)
		if (d->plan.hours[k].to > DAY_MS)                 /* a closure is of its own day; the next one has its row */
			error_field(b->error, b->arena, place, ERR_CALENDAR_HOURS, NULL);
}

/* ---- sets of holidays ---- */

static bool is_period(const struct holiday_form *h)
{
	return h->last >= h->first && h->last - h->first < HOLIDAY_MOST_DAYS;
}

static size_t count_days(const struct holiday_set_form *set)
{
	size_t n = 0;
	const struct holiday_year_form *years = set->years.at;
	for (size_t i = 0; i < set->years.n; i++) {
		const struct holiday_form *holidays = years[i].holidays.at;
		for (size_t k = 0; k < years[i].holidays.n; k++)
			n += holidays[k].work.n + (is_period(&holidays[k]) ? (size_t)(holidays[k].last - holidays[k].first + 1) : 0);
	}
	return n;
}

static void read_holiday(struct builder *b, const char *place, const struct holiday_form *h, int64_t provisional)
{
	if (!is_period(h))
		error_field(b->error, b->arena, place, ERR_CALENDAR_PERIOD, NULL);
	else
		for (int64_t day = h->first; day <= h->last; day++)
			add_day(b, day, DAY_CLOSED, h->name, provisional);
	for (size_t i = 0; i < h->work.n; i++)
		add_day(b, ((const int64_t *)h->work.at)[i], DAY_AS, h->name, provisional);
}

static void read_set(struct builder *b, const char *place, const struct holiday_set_form *set)
{
	const struct holiday_year_form *years = set->years.at;
	for (size_t i = 0; i < set->years.n; i++) {
		const struct holiday_form *holidays = years[i].holidays.at;
		for (size_t k = 0; k < years[i].holidays.n; k++)
			read_holiday(b, place, &holidays[k], years[i].provisional);
	}
}

static const struct holiday_set_form *find_set(const struct builder *b, size_t i)
{
	const struct calendar_names *names = b->names;
	for (size_t k = 0; k < names->set_count; k++)
		if (text_equal(names->sets[k]->code, code_at(&b->form->holidays, i)))
			return names->sets[k];
	return NULL;
}

/* The sets in their order, then the calendar's own days: what comes later holds. */
static void read_days(struct builder *b)
{
	const struct list *own = &b->form->days, *sets = &b->form->holidays;
	size_t n = own->n;
	for (size_t i = 0; i < sets->n; i++)
		n += find_set(b, i) ? count_days(find_set(b, i)) : 0;
	b->days = ARENA_ARRAY(b->arena, struct calendar_day, n + 1);
	for (size_t i = 0; i < sets->n; i++) {
		const struct holiday_set_form *set = find_set(b, i);
		const char *place = arena_format(b->arena, "holidays[%zu]", i);
		if (set)
			read_set(b, place, set);
		else
			error_field(b->error, b->arena, place, ERR_FIELD_REFERENCE, NULL);
	}
	for (size_t i = 0; i < own->n; i++)
		read_own_day(b, i);
}

static bool is_never_open(struct arena *a, const struct calendar_source *s)
{
	return calendar_next_open(calendar_compile(a, s), TIMELINE_FIRST_MS) == FAR_FUTURE_MS;
}

int calendar_source_of(struct arena *a, const struct calendar_form *form, const struct calendar_names *names, struct calendar_source *out,
                       struct error *e)
{
	struct builder b = { .arena = a, .error = e, .form = form, .names = names };
	*out = (struct calendar_source){ 0 };
	b.make_up_as = text_empty(form->make_up_as) ? 0 : weekday_of_name(form->make_up_as);
	int r = names->zone(a, form->zone, &out->zone);
	if (r < 0)
		error_field(e, a, "zone", r, form->zone);
	read_week(&b, out);
	read_days(&b);
	out->days = b.days;
	out->day_count = b.n;
	if (!e->code && is_never_open(a, out))
		error_field(e, a, "week", ERR_CALENDAR_NEVER, NULL);
	return e->code;
}
