/* A compiled zone becomes a table: first the changes that the file lists, then those that its rule makes until the timeline ends.
 *
 * The file (RFC 9636, 3.1) holds a block of 32-bit times for old readers, the same with 64 bits, and a line with the rule, written as
 * POSIX writes TZ: CET-1CEST,M3.5.0,M10.5.0/3. Every length is checked before it is believed. */
#include "base/zone.h"

#include <stdbool.h>
#include <string.h>

enum { HEADER = 44, MOST_SHIFTS = 1200, HOUR_S = 3600, DAY_S = 86400, LONGEST_OFFSET_S = 26 * HOUR_S };

struct table {
	struct zone_shift shifts[MOST_SHIFTS];
	size_t n;
};

/* In order; changes before the timeline only leave their offset. False when the table is full or time runs backwards. */
static bool add_shift(struct table *t, int64_t at_s, int32_t offset_s)
{
	if (at_s >= TIMELINE_LAST_MS / SECOND_MS)
		return true;
	struct zone_shift *last = &t->shifts[t->n - 1];
	if (at_s <= TIMELINE_FIRST_MS / SECOND_MS) {
		last->offset_ms = offset_s * SECOND_MS;
		return t->n == 1;
	}
	struct zone_shift next = { at_s * SECOND_MS, offset_s * SECOND_MS };
	if (next.offset_ms == last->offset_ms)
		return true;
	if (t->n == MOST_SHIFTS || next.at <= last->at)
		return false;
	t->shifts[t->n++] = next;
	return true;
}

/* ---- the listed changes ---- */

static int64_t big_endian(const uint8_t *p, size_t n)
{
	uint64_t value = p[0] & 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | p[i];
	return (int64_t)value;
}

struct block {
	size_t times, types, characters, leaps, standards, universals;
	size_t size;            /* of its data, behind the header */
	uint8_t version;
};

static bool read_header(struct bytes b, size_t time_size, struct block *out)
{
	if (b.n < HEADER || memcmp(b.p, "TZif", 4) != 0)
		return false;
	uint32_t count[6];
	for (size_t i = 0; i < 6; i++) {
		count[i] = (uint32_t)big_endian(b.p + 20 + 4 * i, 4);
		if (count[i] > 100000)
			return false;
	}
	*out = (struct block){ .universals = count[0], .standards = count[1], .leaps = count[2], .times = count[3], .types = count[4],
		               .characters = count[5], .version = b.p[4] };
	out->size = out->times * (time_size + 1) + out->types * 6 + out->characters + out->leaps * (time_size + 4) + out->standards + out->universals;
	return out->types > 0 && b.n - HEADER >= out->size;
}

static bool is_offset(int64_t seconds)
{
	return seconds >= -LONGEST_OFFSET_S && seconds <= LONGEST_OFFSET_S;
}

static bool read_changes(struct table *t, const struct block *block, const uint8_t *data, int64_t *last_s)
{
	const uint8_t *index = data + block->times * 8, *types = index + block->times;
	t->n = 1;
	t->shifts[0] = (struct zone_shift){ TIMELINE_FIRST_MS, 0 };
	*last_s = INT64_MIN;
	for (size_t i = 0; i <= block->times; i++) {              /* type 0 holds before the first change */
		size_t type = i ? index[i - 1] : 0;
		if (type >= block->types)
			return false;
		int64_t offset = big_endian(types + type * 6, 4), at = i ? big_endian(data + (i - 1) * 8, 8) : INT64_MIN;
		if (!is_offset(offset) || (i && at < *last_s) || !add_shift(t, at, (int32_t)offset))
			return false;
		*last_s = at;
	}
	return true;
}

/* ---- the rule ---- */

enum rule_kind { RULE_WEEKDAY, RULE_JULIAN, RULE_ZERO_BASED };

struct rule {
	enum rule_kind kind;
	int32_t month, week, day;
	int32_t time_s;
};

static bool take(const char **s, char c)
{
	bool is_there = **s == c;
	*s += is_there;
	return is_there;
}

static bool read_int(const char **s, int32_t most, int32_t *out)
{
	int32_t value = 0;
	const char *p = *s;
	for (; *p >= '0' && *p <= '9' && value <= most; p++)
		value = value * 10 + (*p - '0');
	if (p == *s || value > most)
		return false;
	*s = p;
	*out = value;
	return true;
}

/* [+-]h[:mm[:ss]], in seconds. */
static bool read_time(const char **s, int32_t *out)
{
	int32_t sign = take(s, '-') ? -1 : 1, hours, minutes = 0, seconds = 0;
	if (sign > 0)
		take(s, '+');
	if (!read_int(s, 167, &hours) || (take(s, ':') && !read_int(s, 59, &minutes)) || (take(s, ':') && !read_int(s, 59, &seconds)))
		return false;
	*out = sign * (hours * HOUR_S + minutes * 60 + seconds);
	return true;
}

static bool skip_name(const char **s)
{
	const char *from = *s;
	if (take(s, '<')) {
		*s += strcspn(*s, ">");
		return take(s, '>');
	}
	while ((**s >= 'A' && **s <= 'Z') || (**s >= 'a' && **s <= 'z'))
		++*s;
	return *s > from;
}

static bool read_rule(const char **s, struct rule *r)
{
	*r = (struct rule){ .kind = RULE_ZERO_BASED, .time_s = 2 * HOUR_S };
	bool good = take(s, ',');
	if (take(s, 'M')) {
		r->kind = RULE_WEEKDAY;
		good = good && read_int(s, 12, &r->month) && take(s, '.') && read_int(s, 5, &r->week) && take(s, '.') && read_int(s, 6, &r->day) &&
		       r->month && r->week;
	} else if (take(s, 'J')) {
		r->kind = RULE_JULIAN;
		good = good && read_int(s, 365, &r->day) && r->day;
	} else {
		good = good && read_int(s, 365, &r->day);
	}
	return good && (!take(s, '/') || read_time(s, &r->time_s));
}

static int64_t day_of_rule(const struct rule *r, int year)
{
	int64_t first = day_join(year, 1, 1);
	if (r->kind == RULE_ZERO_BASED)
		return first + r->day;
	if (r->kind == RULE_JULIAN)                               /* 29 February is never counted */
		return first + r->day - 1 + (r->day > 59 && day_join(year, 3, 1) - first == 60);
	first = day_join(year, r->month, 1);
	int64_t next = r->month == 12 ? day_join(year + 1, 1, 1) : day_join(year, r->month + 1, 1);
	int64_t day = first + (r->day - (first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday, 4 */
	for (int week = 1; week < r->week && day + 7 < next; week++)
		day += 7;
	return day;
}

struct future {
	int32_t standard_s, summer_s;
	bool has_summer;
	struct rule begin, end;
};

static bool read_future(const char *s, struct future *f)
{
	if (!skip_name(&s) || !read_time(&s, &f->standard_s) || !is_offset(f->standard_s))
		return false;
	f->standard_s = -f->standard_s;                           /* POSIX counts westwards */
	f->has_summer = *s != '\0';
	if (!f->has_summer)
		return true;
	int32_t west = -f->standard_s - HOUR_S;
	if (!skip_name(&s) || (*s != ',' && !read_time(&s, &west)))
		return false;
	f->summer_s = -west;
	return is_offset(west) && read_rule(&s, &f->begin) && read_rule(&s, &f->end) && *s == '\0';
}

static bool add_later(struct table *t, int64_t last_s, int64_t at_s, int32_t offset_s)
{
	return at_s <= last_s || add_shift(t, at_s, offset_s);
}

/* 1969, so that the offset with which the timeline begins is there as well. */
static bool add_future(struct table *t, const struct future *f, int64_t last_s)
{
	for (int year = 1969; f->has_summer && year < 2100; year++) {
		int64_t begin = day_of_rule(&f->begin, year) * DAY_S + f->begin.time_s - f->standard_s;
		int64_t end = day_of_rule(&f->end, year) * DAY_S + f->end.time_s - f->summer_s;
		bool good = begin < end ? add_later(t, last_s, begin, f->summer_s) && add_later(t, last_s, end, f->standard_s)
		                        : add_later(t, last_s, end, f->standard_s) && add_later(t, last_s, begin, f->summer_s);
		if (!good)
			return false;
	}
	return true;
}

/* "\n", the rule, "\n" stand behind the second block. An empty rule: the last offset holds on. */
static bool read_footer(struct arena *a, struct bytes b, struct table *t, int64_t last_s)
{
	const uint8_t *end = b.n > 1 ? memchr(b.p + 1, '\n', b.n - 1) : NULL;
	struct future f = { 0 };
	if (!end || b.p[0] != '\n')
		return false;
	const char *rule = arena_string_n(a, (const char *)b.p + 1, (size_t)(end - b.p - 1));
	return !*rule || (read_future(rule, &f) && add_future(t, &f, last_s));
}

int zone_parse(struct arena *a, const char *name, struct bytes tzif, struct zone *out)
{
	struct block first, block;
	struct table t;
	int64_t last_s;
	if (!read_header(tzif, 4, &first) || first.version < '2')
		return ERR_ZONE;
	struct bytes rest = { tzif.p + HEADER + first.size, tzif.n - HEADER - first.size };
	if (!read_header(rest, 8, &block) || block.leaps || !read_changes(&t, &block, rest.p + HEADER, &last_s))
		return ERR_ZONE;
	struct bytes footer = { rest.p + HEADER + block.size, rest.n - HEADER - block.size };
	if (!read_footer(a, footer, &t, last_s))
		return ERR_ZONE;
	*out = (struct zone){ arena_string(a, name), arena_copy(a, t.shifts, t.n * sizeof(*t.shifts)), t.n };
	return 0;
}
