/* Lines of an iCalendar file: folded ones are joined, then cut into name, parameters and value; and what values are made of. */
#include <string.h>

#include "engine/calendar/ical_private.h"

enum { LONGEST_NAME = 64 };

/* One line of the file without its end. */
static struct bytes physical_line(struct ical_reader *r)
{
	const char *from = r->at, *end = memchr(from, '\n', (size_t)(r->end - from));
	r->at = end ? end + 1 : r->end;
	end = end ? end : r->end;
	if (end > from && end[-1] == '\r')
		end--;
	r->number++;
	return (struct bytes){ (const uint8_t *)from, (size_t)(end - from) };
}

/* A line that begins with a blank goes on with the one before. NULL when it gets too long. */
static char *unfolded_line(struct ical_reader *r)
{
	struct text t = text_in(r->arena);
	struct bytes part = physical_line(r);
	text_append_n(&t, part.p, part.n);
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t')) {
		part = physical_line(r);
		if (t.n + part.n > ICAL_LONGEST_LINE)
			return NULL;
		text_append_n(&t, part.p + 1, part.n - 1);
	}
	return t.n > ICAL_LONGEST_LINE ? NULL : arena_string(r->arena, text_end(&t));
}

static bool is_name_character(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static void to_capitals(char *s)
{
	for (; *s; s++)
		*s = *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s;
}

/* The colon that ends the parameters: one outside of quotes. */
static char *find_colon(char *s)
{
	bool quoted = false;
	for (; *s && (quoted || *s != ':'); s++)
		quoted ^= *s == '"';
	return *s ? s : NULL;
}

int ical_next_line(struct ical_reader *r, struct ical_line *out)
{
	char *line;
	do {
		if (r->at >= r->end)
			return 0;
		out->number = r->number + 1;
		line = unfolded_line(r);
		if (!line)
			return ERR_ICAL_LIMIT;
	} while (!*line);
	size_t n = 0;
	while (is_name_character(line[n]))
		n++;
	char *colon = line[n] == ';' || line[n] == ':' ? find_colon(line + n) : NULL;
	if (n == 0 || n > LONGEST_NAME || !colon)
		return ERR_ICAL_LINE;
	*colon = '\0';
	out->parameters = arena_string(r->arena, line + n);
	out->value = colon + 1;
	line[n] = '\0';
	to_capitals(line);
	out->name = line;
	return 1;
}

const char *ical_parameter(struct arena *a, const struct ical_line *l, const char *name)
{
	size_t length = strlen(name);
	for (const char *p = l->parameters; *p == ';';) {
		const char *from = ++p;
		bool quoted = false;
		for (; *p && (quoted || *p != ';'); p++)
			quoted ^= *p == '"';
		if (strncasecmp(from, name, length) != 0 || from[length] != '=')
			continue;
		from += length + 1;
		size_t n = (size_t)(p - from);
		if (n >= 2 && from[0] == '"' && from[n - 1] == '"') {
			from++;
			n -= 2;
		}
		return arena_string_n(a, from, n);
	}
	return NULL;
}

const char *ical_text(struct arena *a, const char *value, size_t characters)
{
	struct text t = text_in(a);
	for (const char *s = value; *s; s++) {
		char c = *s;
		if (c == '\\' && s[1]) {
			c = *++s;
			c = c == 'n' || c == 'N' ? ' ' : c;
		}
		text_char(&t, (unsigned char)c < ' ' || c == 0x7F ? ' ' : c);
	}
	const char *clean = text_end(&t);
	while (*clean == ' ')
		clean++;
	size_t n = utf8_prefix(clean, characters);
	while (n && clean[n - 1] == ' ')
		n--;
	return arena_string_n(a, clean, n);
}

/* ---- moments ---- */

static bool digits(const char **s, int n, int *out)
{
	for (*out = 0; n > 0; n--, ++*s) {
		if (**s < '0' || **s > '9')
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

static bool date_digits(const char **s, int64_t *day)
{
	int year, month, date, y, m, d;
	if (!digits(s, 4, &year) || !digits(s, 2, &month) || !digits(s, 2, &date) || year < 1900 || year > 2199 || month < 1 || month > 12)
		return false;
	*day = day_join(year, month, date);
	day_split(*day, &y, &m, &d);
	return y == year && m == month && d == date;
}

int ical_moment_parse(const char *s, struct ical_moment *out)
{
	static const struct zone_shift none = { TIMELINE_FIRST_MS, 0 };
	static const struct zone utc = { "UTC", &none, 1 };
	int64_t day;
	int hour, minute, second;
	if (!date_digits(&s, &day))
		return ERR_ICAL_DATE;
	*out = (struct ical_moment){ .is_day = *s == '\0', .wall_ms = day * DAY_MS };
	if (out->is_day)
		return 0;
	if (*s++ != 'T' || !digits(&s, 2, &hour) || !digits(&s, 2, &minute) || !digits(&s, 2, &second) || hour > 23 || minute > 59 || second > 60)
		return ERR_ICAL_DATE;
	out->wall_ms += (int64_t)hour * HOUR_MS + (int64_t)minute * MINUTE_MS + (second > 59 ? 59 : second) * SECOND_MS;
	if (*s == 'Z') {
		out->zone = &utc;
		s++;
	}
	return *s ? ERR_ICAL_DATE : 0;
}

time_ms ical_instant(const struct ical_moment *m, const struct zone *home)
{
	return zone_instant(m->zone ? m->zone : home, m->wall_ms);
}

static int64_t unit_of(char letter, bool in_time)
{
	switch (letter) {
	case 'W': return in_time ? 0 : 7 * DAY_MS;
	case 'D': return in_time ? 0 : DAY_MS;
	case 'H': return in_time ? HOUR_MS : 0;
	case 'M': return in_time ? MINUTE_MS : 0;
	case 'S': return in_time ? SECOND_MS : 0;
	default: return 0;
	}
}

int ical_duration_parse(const char *s, int64_t *ms)
{
	bool in_time = false;
	*ms = 0;
	s += *s == '+';
	if (*s++ != 'P')
		return ERR_ICAL_DATE;
	while (*s) {
		if (*s == 'T' && !in_time) {
			in_time = true;
			s++;
			continue;
		}
		int64_t value = 0;
		const char *from = s;
		for (; *s >= '0' && *s <= '9' && value < 1000000; s++)
			value = value * 10 + (*s - '0');
		if (s == from || !unit_of(*s, in_time))
			return ERR_ICAL_DATE;
		*ms += value * unit_of(*s, in_time);
		if (*ms > 366 * DAY_MS)
			return ERR_ICAL_DATE;
		s++;
	}
	return 0;
}
