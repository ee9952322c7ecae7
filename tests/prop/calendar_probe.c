/* Answers questions about calendars, a line each, so that test_calendar.py can compare them with its own model.
 *
 *   calendar JSON                          the calendar that the following lines ask
 *   between FROM TO PAUSES                 milliseconds
 *   add FROM WORK PAUSES                   an instant
 *   open AT                                0 or 1, next opening, next closing
 *   ledger FROM TARGET NOW PAUSES          due, is_cut, then kind,day,last_day,from,to,counted,sum,name of each row
 *   ical FIRST LAST HEX                    day:kind of each day in an iCalendar file
 *   clock FROM TARGET PERCENTS OPS         state, spent, target, due, step, breached, ended, next look, then at:percent of each step told
 *   zone NAME                              at,offset of each change, or nothing when there is no such zone
 *
 * PERCENTS is 75,150 or -. OPS is a list of p@AT (pause), r@AT (resume), t@AT (tell), m@AT (met), a@AT,TARGET and n@AT,TARGET (another
 * target, on the calendar or in natural time). PAUSES is FROM:TO,FROM:TO… or -. Instants are UTC milliseconds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/calendar/ical.h"
#include "engine/calendar/service_clock.h"

enum { LONGEST_LINE = 1 << 20, MOST_PAUSES = 64 };

static int64_t number(char **p)
{
	return strtoll(*p, p, 10);
}

static struct pauses read_pauses(char *p, struct time_span spans[MOST_PAUSES])
{
	struct pauses out = { spans, 0 };
	while (*p == ' ')
		p++;
	while (*p && *p != '-' && *p != '\n' && out.n < MOST_PAUSES) {
		spans[out.n].from = number(&p);
		p++;
		spans[out.n++].to = number(&p);
		p += *p == ',';
	}
	return out;
}

static struct calendar *read_calendar(struct arena *a, const char *json)
{
	struct error e = { 0 };
	struct calendar_form form;
	static const struct calendar_names names = { .zone = zone_load };
	struct calendar_source *s = ARENA_NEW(a, struct calendar_source);
	if (json_read(a, &calendar_shape, json, strlen(json), &form, NULL, &e) < 0 || calendar_source_of(a, &form, &names, s, &e) < 0) {
		printf("refused %s %s\n", e.fields ? e.fields->field : "-", error_name(e.fields ? e.fields->code : e.code));
		return NULL;
	}
	printf("ok\n");
	return calendar_compile(a, s);
}

static void answer_ledger(struct arena *a, const struct calendar *c, const struct calendar_clock *k, time_ms now)
{
	struct ledger l = calendar_ledger(a, c, k, now);
	printf("%" PRId64 " %d", l.due, l.is_cut);
	for (size_t i = 0; i < l.n; i++) {
		const struct ledger_row *r = &l.rows[i];
		printf(" %d,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64, (int)r->kind, r->day, r->last_day, r->span.from, r->span.to);
		printf(",%" PRId64 ",%" PRId64 ",%s", r->counted_ms, r->sum_ms, r->why && r->why->en ? r->why->en : "-");
	}
	putchar('\n');
}

static void answer_zone(struct arena *a, char *name)
{
	struct zone z;
	name[strcspn(name, "\n")] = '\0';
	if (zone_load(a, name, &z) == 0)
		for (size_t i = 0; i < z.n; i++)
			printf("%s%" PRId64 ",%" PRId32, i ? " " : "", z.shifts[i].at, z.shifts[i].offset_ms);
	putchar('\n');
}

static void answer_ical(struct arena *a, const char *p)
{
	char first[11] = { 0 }, last[11] = { 0 }, day[16];
	struct zone home;
	struct ical_wish wish = { &home, zone_load, 0, 0 };
	struct ical_result r;
	struct text file = text_in(a);
	memcpy(first, p, 10);
	memcpy(last, p + 11, 10);
	if (zone_load(a, "UTC", &home) < 0 || day_parse(first, &wish.first) < 0 || day_parse(last, &wish.last) < 0)
		abort();
	unsigned byte;
	for (p += 22; sscanf(p, "%2x", &byte) == 1; p += 2)
		text_char(&file, (char)byte);
	if (ical_read(a, text_end(&file), file.n, &wish, &r) < 0 || r.fault_count)
		printf("line %u: %s ", r.faults[0].line, error_name(r.faults[0].code));
	for (size_t i = 0; i < r.n; i++) {
		day_format(r.days[i].day, day);
		printf("%s%s:%s", i ? " " : "", day, r.days[i].kind);
	}
	putchar('\n');
}

/* A clock under events, with the pauses that its events tell. */
struct course {
	struct service_clock_run run;
	struct service_clock_steps steps;
	const struct calendar *cal, *natural, *own;
	struct time_span spans[MOST_PAUSES];
	size_t n;
	struct text told;
};

static void tell(struct course *k, time_ms at)
{
	for (int64_t percent; (percent = service_clock_tell(&k->run, k->cal, &k->steps, at));)
		text_format(&k->told, " %" PRId64 ":%" PRId64, at, percent);
}

static void happen(struct course *k, char kind, time_ms at, int64_t target)
{
	bool stands = k->run.state == SERVICE_CLOCK_PAUSED;
	if (kind != 'r')
		tell(k, at);
	switch (kind) {
	case 'p':
		if (!stands)
			k->spans[k->n++].from = at;
		service_clock_pause(&k->run, k->cal, at);
		break;
	case 'r':
		if (stands)
			k->spans[k->n - 1].to = at;
		service_clock_resume(&k->run, k->cal, &k->steps, at);
		break;
	case 'm':
		service_clock_end(&k->run, k->cal, SERVICE_CLOCK_MET, at);
		break;
	case 'a':
	case 'n':
		k->cal = kind == 'n' ? k->natural : k->own;
		service_clock_apply(&k->run, k->cal, &k->steps, target, &(struct pauses){ k->spans, k->n - stands });
		break;
	default:
		break;
	}
}

static void answer_clock(struct arena *a, const struct calendar *c, char *p)
{
	static const struct zone_shift always = { TIMELINE_FIRST_MS, 0 };
	static const struct zone utc = { "UTC", &always, 1 };
	struct course k = { .cal = c, .own = c, .natural = calendar_always(a, &utc), .told = text_in(a) };
	time_ms from = number(&p);
	int64_t target = number(&p), percents[SERVICE_CLOCK_MOST_STEPS];
	size_t n = 0;
	for (p += strspn(p, " "); *p != ' ' && n < SERVICE_CLOCK_MOST_STEPS; p += *p == ',' || *p == '-')
		if (*p != '-')
			percents[n++] = number(&p);
	k.steps = service_clock_steps_of(percents, n);
	service_clock_start(&k.run, c, &k.steps, target, from);
	for (p += strspn(p, " "); *p > ' ' && k.n < MOST_PAUSES - 1; p += strspn(p, " ")) {
		char kind = *p;
		p += 2;
		time_ms at = number(&p);
		p += *p == ',';
		happen(&k, kind, at, kind == 'a' || kind == 'n' ? number(&p) : 0);
	}
	printf("%d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "%s\n", (int)k.run.state, k.run.spent_ms, k.run.target_ms,
	       k.run.due_at, k.run.step, k.run.breached_at, k.run.ended_at, k.run.next_at, text_end(&k.told));
}

static void answer(struct arena *a, const struct calendar *c, char *line)
{
	struct time_span spans[MOST_PAUSES];
	char *p = line + strcspn(line, " ");
	time_ms from = number(&p);
	if (strncmp(line, "open", 4) == 0) {
		printf("%d %" PRId64 " %" PRId64 "\n", calendar_is_open(c, from), calendar_next_open(c, from), calendar_next_close(c, from));
		return;
	}
	int64_t second = number(&p), now = strncmp(line, "ledger", 6) == 0 ? number(&p) : 0;
	struct pauses pauses = read_pauses(p, spans);
	struct calendar_clock k = { from, second, pauses };
	if (strncmp(line, "between", 7) == 0)
		printf("%" PRId64 "\n", calendar_between(c, from, second, &pauses));
	else if (strncmp(line, "add", 3) == 0)
		printf("%" PRId64 "\n", calendar_add(c, from, second, &pauses));
	else
		answer_ledger(a, c, &k, now);
}

int main(void)
{
	static char line[LONGEST_LINE];
	ARENA_SCOPED a = arena_new();
	ARENA_SCOPED scratch = arena_new();
	struct calendar *c = NULL;
	while (fgets(line, sizeof(line), stdin)) {
		if (strncmp(line, "calendar ", 9) == 0) {
			arena_reset(a);
			c = read_calendar(a, line + 9);
		} else if (strncmp(line, "zone ", 5) == 0) {
			answer_zone(scratch, line + 5);
		} else if (strncmp(line, "ical ", 5) == 0) {
			answer_ical(scratch, line + 5);
		} else if (c && strncmp(line, "clock ", 6) == 0) {
			answer_clock(scratch, c, line + 5);
		} else if (c) {
			answer(scratch, c, line);
		} else {
			printf("no calendar\n");
		}
		arena_reset(scratch);
		fflush(stdout);
	}
	return 0;
}
