/* anxin sim: options, the loop over what comes next, and the comparison of two runs with one seed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/sim.h"

enum { TAIL_DAYS = 4, MOST_DAYS = 400, MOST_TICKETS = 100000, MOST_AGENTS = 1000, TICKETS_OF_ONE = 14, TALKS_OF_ONE = 40, LEAST_AGENTS = 4, HOMES_A_TICKET = 2, MOST_SPEED = 10000000, UNSAID = -1 };
enum { EARLIEST = 19723, LATEST = 21914 };      /* 2024-01-01 to 2030-01-01: of some years the holidays are known, of most of the others nothing is */

static const char usage[] = "anxin sim [--data NEW-FOLDER] [--db URL] run [--days N] [--seed S] [--from DAY | --to-now] [--tickets A-DAY] [--talks A-DAY] [--agents N] [--speed VIRTUAL-SECONDS-A-SECOND] [--policy FILE [--compare FILE]] [--truth FILE] [--json]";

static bool read_words(int argc, char **argv, struct sim_options *p)
{
	const char *from = NULL;
	const struct { const char *name; int64_t *number; int64_t least, most; const char **text; } words[] = {
		{ "--days", &p->days, 1, MOST_DAYS, NULL }, { "--seed", &p->seed, 1, INT64_MAX, NULL }, { "--tickets", &p->tickets, 1, MOST_TICKETS, NULL },
		{ "--agents", &p->agents, 1, MOST_AGENTS, NULL }, { "--speed", &p->speed, 1, MOST_SPEED, NULL }, { "--policy", NULL, 0, 0, &p->policy }, { "--compare", NULL, 0, 0, &p->other },
		{ "--from", NULL, 0, 0, &from }, { "--talks", &p->talks, 0, MOST_TICKETS, NULL }, { "--truth", NULL, 0, 0, &p->truth },
	};
	for (int i = 1; i < argc; i++) {
		size_t k = 0, n = sizeof(words) / sizeof(words[0]);
		if (!strcmp(argv[i], "--json") || !strcmp(argv[i], "--to-now")) {
			*(argv[i][2] == 'j' ? &p->json : &p->to_now) = true;
			continue;
		}
		while (k < n && strcmp(argv[i], words[k].name) != 0)
			k++;
		if (k == n || ++i == argc)
			return false;
		char *end = "";
		if (words[k].text)
			*words[k].text = argv[i];
		else
			*words[k].number = strtoll(argv[i], &end, 10);
		if (*end || (words[k].number && (*words[k].number < words[k].least || *words[k].number > words[k].most)))
			return false;
	}
	bool fits = !(p->to_now && (from || p->other)) && (!from || (day_parse(from, &p->first_day) == 0 && p->first_day >= EARLIEST && p->first_day <= LATEST));
	return fits && argc > 0 && !strcmp(argv[0], "run");
}

static int play(struct sim *s, const struct sim_event *e)
{
	switch (e->act) {
	case SIM_ARRIVE:
		return sim_arrive(s);
	case SIM_WEEK:
		return sim_plan_week(s);
	case SIM_SHIFT:
		return sim_shift(s, e->who);
	case SIM_FREE:
		return sim_work(s, e->who);
	case SIM_READY:
		if (s->tickets[e->who].solved || s->tickets[e->who].closed)
			return 0;
		sim_wait(s, e->who, AT_READY);
		return sim_wake_one(s);
	case SIM_CUSTOMER:
		return sim_customer_acts(s, e->who);
	case SIM_PATIENCE:
		return sim_loses_patience(s, e->who);
	case SIM_CALL:
		return sim_call_complaint(s, e->who);
	case SIM_ROUND:
		return sim_round(s);
	case SIM_CONTACT:
		return sim_talk_arrives(s);
	case SIM_TALK:
		return sim_talk_goes_on(s, e->who);
	}
	return ERR_INTERNAL;
}

static void progress(const struct sim *s)
{
	char day[16];
	day_format(day_of(s->now, SIM_OFFSET), day);
	fprintf(stderr, "\r%s  %zu 单 / tickets, %lld 次调用 / calls ", day, s->ticket_n, (long long)s->calls);
}

static int run_days(struct sim *s)
{
	struct sim_event e;
	int64_t day = 0;
	const time_ms end = s->p.to_now ? s->until : s->until + TAIL_DAYS * DAY_MS;
	sim_pace_begin(&s->pace, s->p.speed, s->from, monotonic_ns());
	sim_plan(s, s->from, SIM_ARRIVE, 0);
	if (s->p.talks)
		sim_plan(s, s->from, SIM_CONTACT, 0);
	while (sim_next(s, &e) && e.at <= end) {
		arena_reset(s->scratch);
		TRY(sim_advance(s, e.at));
		TRY(play(s, &e));
		if (day_of(s->now, SIM_OFFSET) != day)
			progress(s);
		day = day_of(s->now, SIM_OFFSET);
	}
	TRY(sim_advance(s, end));
	fputc('\n', stderr);
	TRY(sim_measure(s));
	TRY(sim_close_channels(s));
	return s->p.to_now ? sim_mark(s) : 0;
}

/* Unless it is to end now, from a Monday in spring on, always the same one: a seed means the same whenever it is played. */
static void begin(struct sim *s, const struct sim_options *p)
{
	s->p = *p;
	s->random = (uint64_t)p->seed * UINT64_C(2862933555777941757) + UINT64_C(3037000493);
	s->customers_random = s->random ^ UINT64_C(0x9e3779b97f4a7c15);
	s->talks_random = s->random ^ UINT64_C(0xbf58476d1ce4e5b9);
	s->hash = UINT64_C(14695981039346656037);
	const time_ms now = (time_ms)time(NULL) * SECOND_MS;
	const int64_t first = p->to_now ? day_of(now, SIM_OFFSET) - p->days : p->first_day;
	s->from = s->now = first * DAY_MS - SIM_OFFSET * (int64_t)MINUTE_MS;
	s->until = p->to_now ? now : s->from + p->days * DAY_MS;
	s->scratch = arena_new();
	s->agent_n = p->agents ? (size_t)p->agents : (size_t)(p->tickets / TICKETS_OF_ONE + p->talks / TALKS_OF_ONE) + LEAST_AGENTS;
	s->customer_n = (size_t)(p->tickets * p->days * HOMES_A_TICKET) + 50;
	s->customers = ARENA_ARRAY(s->arena, struct sim_customer, s->customer_n);
	sim_read_days(s);
}

static int play_all(struct sim *s, const struct sim_options *p)
{
	int64_t start = monotonic_ns();
	begin(s, p);
	int r = sim_policy(s, p->policy);       /* how many agents; the rest once there is a server */
	if (r == 0)
		r = sim_start(s);
	if (r == 0)
		r = sim_arrange(s);
	if (r == 0)
		r = sim_policy(s, p->policy);
	if (r == 0)
		r = run_days(s);
	sim_stop(s);
	arena_free(s->scratch);
	s->seconds = (double)(monotonic_ns() - start) / 1e9;
	return r;
}

/* A folder that was not named is of no further use. */
static void forget(const char *folder)
{
	pid_t pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", folder, (char *)NULL);
		_exit(127);
	}
}

static int play_in(struct arena *a, struct sim *s, const struct sim_options *p, const char *folder, const char *policy)
{
	struct sim_options mine = *p;
	char name[] = "/tmp/anxin-sim-XXXXXX";
	const char *made = folder ? folder : mkdtemp(name);
	*s = (struct sim){ .arena = a };
	if (!made)
		return ERR_INTERNAL;
	mine.policy = policy;
	mine.o.data = arena_string(a, made);
	if (!strstr(p->o.db, "://"))
		mine.o.db = arena_format(a, "%s/data.db", made);
	if (!strstr(p->o.keys, "://"))
		mine.o.keys = arena_format(a, "%s/keys.db", made);
	int r = play_all(s, &mine);
	if (!folder)
		forget(mine.o.data);
	return r;
}

int command_sim(const struct app_options *options, int argc, char **argv)
{
	struct sim_options p = { .o = *options, .days = 1, .seed = 1, .tickets = 200, .talks = UNSAID, .first_day = day_join(2026, 3, 2) };
	struct sim first, second;
	ARENA_SCOPED a = arena_new();
	if (!read_words(argc, argv, &p) || (p.other && strstr(p.o.db, "://"))) {
		fprintf(stderr, "%s\n", usage);
		return 2;
	}
	if (p.talks == UNSAID)
		p.talks = p.tickets / 2;
	const char *folder = p.other || !strcmp(p.o.data, "data") ? NULL : p.o.data;
	if (p.to_now && !folder) {
		fprintf(stderr, "anxin: --to-now leaves a demo: say where with --data NEW-FOLDER\n");
		return 2;
	}
	int r = play_in(a, &first, &p, folder, p.policy);
	if (r == 0 && p.other)
		r = play_in(a, &second, &p, NULL, p.other);
	if (r < 0) {
		fprintf(stderr, "anxin: %s\n", error_name(r));
		return 1;
	}
	sim_print(&first, p.other ? &second : NULL);
	if (p.to_now && !p.json && first.ticket_n)
		printf("手机页 / phone page /h5/: %s\n", first.customers[first.tickets[first.ticket_n - 1].customer].phone);
	return 0;
}
