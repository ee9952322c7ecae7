/* Hours as text, both ways. */
#include "engine/calendar/calendar_form.h"

/* Two digits, or -1. */
static int two_digits(const char *s)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return -1;
	return (s[0] - '0') * 10 + s[1] - '0';
}

/* HH:MM[:SS[.mmm]] up to 24:00. Moves *s behind it. */
static bool time_of_day(const char **s, int32_t *ms)
{
	static const int32_t weight[] = { HOUR_MS, MINUTE_MS, SECOND_MS };
	const char *p = *s;
	int part = 0;
	for (*ms = 0;; p++) {
		int value = two_digits(p);
		if (value < 0 || value > (part ? 59 : 24))
			return false;
		*ms += value * weight[part++];
		p += 2;
		if (part == 3 || *p != ':')
			break;
	}
	if (part == 3 && *p == '.') {
		int tens = two_digits(p + 1), unit = tens < 0 ? -1 : p[3] - '0';
		if (unit < 0 || unit > 9)
			return false;
		*ms += tens * 10 + unit;
		p += 4;
	}
	*s = p;
	return part > 1 && *ms <= DAY_MS;
}

int calendar_hours_parse(const char *s, struct calendar_hours *out)
{
	if (!time_of_day(&s, &out->from) || *s++ != '-' || !time_of_day(&s, &out->to) || *s)
		return ERR_CALENDAR_HOURS;
	if (out->from == DAY_MS || out->to == 0 || out->from == out->to)
		return ERR_CALENDAR_HOURS;              /* 24:00-, -00:00 and 08:00-08:00 can be read in two ways */
	if (out->to < out->from)
		out->to += (int32_t)DAY_MS;
	return 0;
}

static void write_time(struct text *t, int32_t ms)
{
	text_format(t, "%02d:%02d", ms / HOUR_MS, ms / MINUTE_MS % 60);
	if (ms % MINUTE_MS)
		text_format(t, ":%02d", ms / SECOND_MS % 60);
	if (ms % SECOND_MS)
		text_format(t, ".%03d", ms % SECOND_MS);
}

const char *calendar_hours_text(struct arena *a, struct calendar_hours h)
{
	struct text t = text_in(a);
	write_time(&t, h.from);
	text_char(&t, '-');
	write_time(&t, h.to > DAY_MS ? h.to - (int32_t)DAY_MS : h.to);
	return text_end(&t);
}
