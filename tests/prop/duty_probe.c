/* Answers questions about duty, a line each, for test_duty.py.
 *
 *   span ZONE DAY FROM TO        from,to of a shift: milliseconds of the wall since that day's midnight
 *   roster MEMBERS SHIFTS ABSENCES SAID SERVICE AT…    gaps, then for each AT what is held: user,for,word … ; each part id,… or -
 *
 * MEMBERS id,planned;… SHIFTS id,from,to;… ABSENCES id,cover,from,to;… SAID id,word,from,to;… SERVICE from,to;… Instants are UTC milliseconds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/duty/duty.h"

enum { LONGEST_LINE = 1 << 18, MOST = 64 };

static int64_t number(char **p)
{
	int64_t n = strtoll(*p, p, 10);
	*p += **p == ',';
	return n;
}

/* Rows of `width` numbers, ended by ";" each, up to a blank. */
static size_t rows(char **p, size_t width, int64_t out[MOST][4])
{
	size_t n = 0;
	for (; **p && **p != ' ' && **p != '-' && n < MOST; n++) {
		for (size_t i = 0; i < width; i++)
			out[n][i] = number(p);
		*p += **p == ';';
	}
	*p += **p == '-';
	*p += strspn(*p, " ");
	return n;
}

static void answer_span(struct arena *a, char *line)
{
	struct zone z;
	char name[64];
	if (sscanf(line, "span %63s", name) != 1 || zone_load(a, name, &z) < 0) {
		printf("no zone\n");
		return;
	}
	char *p = line + 5 + strlen(name);
	int64_t day = number(&p);
	struct calendar_hours hours = { .from = (int32_t)number(&p) };
	hours.to = (int32_t)number(&p);
	struct time_span s = duty_shift_span(&z, day, &hours);
	printf("%" PRId64 ",%" PRId64 "\n", s.from, s.to);
}

struct asked {
	struct duty_member members[MOST];
	struct duty_shift shifts[MOST];
	struct duty_absence absences[MOST];
	struct duty_said said[MOST];
	struct time_span service[MOST];
	size_t member_count, service_count;
	struct duty_roster roster;
};

static void read_asked(char **p, struct asked *k)
{
	int64_t row[MOST][4];
	k->member_count = rows(p, 2, row);
	for (size_t i = 0; i < k->member_count; i++)
		k->members[i] = (struct duty_member){ row[i][0], row[i][1] != 0 };
	k->roster = (struct duty_roster){ .shifts = k->shifts, .absences = k->absences, .said = k->said };
	k->roster.shift_count = rows(p, 3, row);
	for (size_t i = 0; i < k->roster.shift_count; i++)
		k->shifts[i] = (struct duty_shift){ row[i][0], { row[i][1], row[i][2] } };
	k->roster.absence_count = rows(p, 4, row);
	for (size_t i = 0; i < k->roster.absence_count; i++)
		k->absences[i] = (struct duty_absence){ row[i][0], row[i][1], { row[i][2], row[i][3] } };
	k->roster.said_count = rows(p, 4, row);
	for (size_t i = 0; i < k->roster.said_count; i++)
		k->said[i] = (struct duty_said){ row[i][0], (enum duty_word)row[i][1], { row[i][2], row[i][3] } };
	k->service_count = rows(p, 2, row);
	for (size_t i = 0; i < k->service_count; i++)
		k->service[i] = (struct time_span){ row[i][0], row[i][1] };
}

static void answer_roster(struct arena *a, char *p)
{
	struct asked *k = ARENA_NEW(a, struct asked);
	read_asked(&p, k);
	struct duty_spans gaps = duty_gaps(a, &k->roster, k->members, k->member_count, k->service, k->service_count);
	for (size_t i = 0; i < gaps.n; i++)
		printf("%" PRId64 ",%" PRId64 ";", gaps.at[i].from, gaps.at[i].to);
	while (*p >= '0' && *p <= '9') {
		struct duty_place places[2 * MOST];
		size_t n = duty_places(&k->roster, k->members, k->member_count, number(&p), places);
		p += strspn(p, " ");
		putchar('|');
		for (size_t i = 0; i < n; i++)
			printf("%" PRId64 ",%" PRId64 ",%d;", places[i].user_id, places[i].for_id, (int)places[i].word);
	}
	putchar('\n');
}

int main(void)
{
	static char line[LONGEST_LINE];
	ARENA_SCOPED a = arena_new();
	while (fgets(line, sizeof(line), stdin)) {
		if (strncmp(line, "span ", 5) == 0)
			answer_span(a, line);
		else
			answer_roster(a, line + strlen("roster "));
		arena_reset(a);
		fflush(stdout);
	}
	return 0;
}
