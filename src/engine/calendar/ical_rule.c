/* RRULE: the two kinds by which holidays and weekly closures repeat, and the walk over their days. */
#include <limits.h>
#include <string.h>

#include "engine/calendar/ical_private.h"

static const char *const weekday_names[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

static int weekday_of(int64_t day)
{
	return (int)(((day + 3) % 7 + 7) % 7);
}

/* ---- reading ---- */

/* A number by itself. */
static bool whole_number(const char *s, int32_t least, int32_t most, int32_t *out)
{
	int32_t sign = *s == '-' ? -1 : 1, value = 0;
	s += *s == '-' || *s == '+';
	const char *from = s;
	for (; *s >= '0' && *s <= '9' && value <= most; s++)
		value = value * 10 + (*s - '0');
	*out = sign * value;
	return s > from && !*s && *out >= least && *out <= most && *out != 0;
}

static int weekday_named(const char *s)
{
	for (int i = 0; i < 7; i++)
		if (strcasecmp(s, weekday_names[i]) == 0)
			return i;
	return -1;
}

/* "MO,WE" or "4TH"; -1SU counts from the month's end. */
static bool weekday_list(struct arena *a, const char *s, struct ical_rule *out)
{
	while (*s) {
		size_t n = strcspn(s, ",");
		char *one = arena_string_n(a, s, n);
		int weekday = n >= 2 ? weekday_named(one + n - 2) : -1;
		if (weekday < 0 || (n > 2 && out->nth))
			return false;
		one[n - 2] = '\0';
		if (n > 2 && !whole_number(one, -5, 5, &out->nth))
			return false;
		out->weekday = weekday;
		out->weekdays |= 1u << weekday;
		s += n + (s[n] == ',');
	}
	return out->weekdays != 0;
}

static bool read_part(struct arena *a, const char *name, const char *value, struct ical_rule *out)
{
	if (!strcasecmp(name, "FREQ")) {
		out->frequency = !strcasecmp(value, "YEARLY") ? ICAL_YEARLY : !strcasecmp(value, "WEEKLY") ? ICAL_WEEKLY : ICAL_ONCE;
		return out->frequency != ICAL_ONCE;
	}
	if (!strcasecmp(name, "INTERVAL"))
		return whole_number(value, 1, 1000, &out->interval);
	if (!strcasecmp(name, "COUNT"))
		return whole_number(value, 1, 5000, &out->count);
	if (!strcasecmp(name, "UNTIL"))
		return out->has_until = ical_moment_parse(value, &out->until) == 0;
	if (!strcasecmp(name, "BYMONTH"))
		return whole_number(value, 1, 12, &out->month);
	if (!strcasecmp(name, "BYMONTHDAY"))
		return whole_number(value, -1, 31, &out->day);
	if (!strcasecmp(name, "BYDAY"))
		return weekday_list(a, value, out);
	if (!strcasecmp(name, "WKST"))
		return (out->week_start = weekday_named(value)) >= 0;
	return false;
}

/* What is left must be one of the two kinds. */
static bool is_read_here(const struct ical_rule *r)
{
	if (r->frequency == ICAL_WEEKLY)
		return !r->nth && !r->month && !r->day;
	if (r->frequency != ICAL_YEARLY)
		return false;
	if (r->weekdays)
		return r->nth && r->month && !r->day && !(r->weekdays & (r->weekdays - 1));
	return true;
}

int ical_rule_parse(struct arena *a, const char *s, struct ical_rule *out)
{
	*out = (struct ical_rule){ .interval = 1 };
	while (*s) {
		size_t n = strcspn(s, ";");
		char *name = arena_string_n(a, s, n), *value = strchr(name, '=');
		if (!value)
			return ERR_ICAL_RULE;
		*value++ = '\0';
		if (!read_part(a, name, value, out))
			return ERR_ICAL_RULE;
		s += n + (s[n] == ';');
	}
	return is_read_here(out) && !(out->count && out->has_until) ? 0 : ERR_ICAL_RULE;
}

/* ---- walking ---- */

static int64_t week_of(const struct ical_rule *r, int64_t day)
{
	return day - (weekday_of(day) - r->week_start + 7) % 7;
}

void ical_walk_start(struct ical_walk *w, const struct ical_rule *rule, int64_t start, int64_t first, int64_t last)
{
	int year, month, date, first_year;
	*w = (struct ical_walk){ .rule = rule, .start = start, .last = last };
	int64_t skipped = 0;
	if (rule->frequency == ICAL_WEEKLY) {
		w->at = week_of(rule, start);
		if (!rule->count && first > w->at + 7)
			skipped = (first - 7 - w->at) / (7 * rule->interval);
		w->at += skipped * 7 * rule->interval;
	} else {
		day_split(start, &year, &month, &date);
		day_split(first, &first_year, &month, &date);
		if (!rule->count && first_year > year)
			skipped = (first_year - year) / rule->interval;
		w->at = year + skipped * rule->interval;
	}
}

static int month_length(int year, int month)
{
	return (int)((month == 12 ? day_join(year + 1, 1, 1) : day_join(year, month + 1, 1)) - day_join(year, month, 1));
}

/* The day of this year, or INT64_MIN when it has none: 29 February, a fifth Monday. */
static int64_t day_in_year(const struct ical_walk *w, int year)
{
	const struct ical_rule *r = w->rule;
	int start_year, month, date;
	day_split(w->start, &start_year, &month, &date);
	month = r->month ? r->month : month;
	date = r->day ? r->day : date;
	int length = month_length(year, month);
	if (r->nth) {
		int64_t first = day_join(year, month, 1), last = first + length - 1;
		int64_t day = r->nth > 0 ? first + (r->weekday - weekday_of(first) + 7) % 7 + 7 * (r->nth - 1)
		                         : last - (weekday_of(last) - r->weekday + 7) % 7 + 7 * (r->nth + 1);
		return day >= first && day <= last ? day : INT64_MIN;
	}
	date = date < 0 ? length : date;
	return date <= length ? day_join(year, month, date) : INT64_MIN;
}

static int64_t next_yearly(struct ical_walk *w)
{
	int64_t day = day_in_year(w, (int)w->at);
	w->at += w->rule->interval;
	return day;
}

static int64_t next_weekly(struct ical_walk *w)
{
	const struct ical_rule *r = w->rule;
	if (!w->left) {
		w->left = r->weekdays ? r->weekdays : 1u << weekday_of(w->start);
		w->at += 7 * r->interval;
	}
	int64_t week = w->at - 7 * r->interval;
	for (int i = 0; i < 7; i++) {
		int weekday = (r->week_start + i) % 7;
		if (!(w->left & 1u << weekday))
			continue;
		w->left &= ~(1u << weekday);
		return week + i;
	}
	return INT64_MIN;
}

static bool is_over(const struct ical_walk *w)
{
	const struct ical_rule *r = w->rule;
	if (r->count && w->seen >= r->count)
		return true;
	if (r->frequency == ICAL_WEEKLY)
		return !w->left && w->at > w->last;
	return w->at > 2199 || day_join((int)w->at, 1, 1) > w->last;
}

bool ical_walk_next(struct ical_walk *w, int64_t *day)
{
	if (w->rule->frequency == ICAL_ONCE) {
		*day = w->start;
		return w->seen++ == 0;
	}
	while (!is_over(w)) {
		*day = w->rule->frequency == ICAL_WEEKLY ? next_weekly(w) : next_yearly(w);
		if (*day < w->start)
			continue;
		w->seen++;
		return true;
	}
	return false;
}
