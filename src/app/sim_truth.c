/* Where each conversation lies at the end, read back through the API, beside whose it is: in her file, in nobody's, or in somebody else's. */
#include <stdio.h>
#include <string.h>

#include "app/sim.h"
#include "core/pack.h"

enum { STEPS_MOST = 10, OPENS = 8, CLOSES = 22 };

/* Whatever a stranger's first file has gone into. */
static int settle_homes(struct sim *s)
{
	for (size_t i = 0; i < s->customer_n; i++) {
		struct sim_customer *c = &s->customers[i];
		for (int step = 0; c->stranger && *c->home && step < STEPS_MOST; step++) {
			arena_reset(s->scratch);
			TRY(sim_staff(s, &s->admin, "GET", arena_format(s->scratch, "/customer/%s", c->home), "", "home", (int64_t)i));
			const char *into = sim_text(s, "merged_into");
			if (text_empty(into) || text_equal(into, "0"))
				break;
			snprintf(c->home, sizeof(c->home), "%s", into);
		}
	}
	return 0;
}

static const struct sim_talk *talk_of(const struct sim *s, const char *id)
{
	for (size_t i = 0; i < s->talk_n; i++)
		if (text_equal(s->talks[i].id, id))
			return &s->talks[i];
	return NULL;
}

static bool is_somebodys(const struct sim *s, const char *file)
{
	for (size_t i = 0; i < s->customer_n; i++)
		if (text_equal(s->customers[i].home, file))
			return true;
	return false;
}

/* What comes at night was promised to the morning. */
static bool is_open(time_ms at)
{
	int64_t hour = (at + SIM_OFFSET * (int64_t)MINUTE_MS) % DAY_MS / HOUR_MS;
	return hour >= OPENS && hour < CLOSES;
}

static void count(struct sim *s, yyjson_val *row, const struct sim_talk *t, FILE *truth)
{
	struct sim_joined *j = &s->figures.talks;
	const char *id = yyjson_get_str(yyjson_obj_get(row, "id")), *file = yyjson_get_str(yyjson_obj_get(row, "customer_id")), *home = s->customers[t->customer].home;
	int64_t asked = yyjson_get_sint(yyjson_obj_get(row, "asked_at")), answered = yyjson_get_sint(yyjson_obj_get(row, "first_response_at"));
	const bool joined = text_equal(file, home);
	j->contacts++;
	j->joined += joined;
	j->wrong += !joined && is_somebodys(s, file);
	j->of_way[t->way]++;
	j->joined_of_way[t->way] += joined;
	j->asked += asked > 0;
	j->answered += asked > 0 && answered > 0;
	if (asked && answered && is_open(asked)) {
		j->timed++;
		j->first_mean_s += (double)(answered - asked) / SECOND_MS;      /* a sum until all are counted */
	}
	if (truth)
		fprintf(truth, "%s\t%zu\t%s\n", id, t->customer, home);
}

static int read_all(struct sim *s, FILE *truth)
{
	const char *after = "";
	do {
		arena_reset(s->scratch);
		TRY(sim_staff(s, &s->admin, "GET", arena_format(s->scratch, "/conversation?limit=100&sort=created_at%s%s", *after ? "&after=" : "", after), "", "read", 0));
		yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
		yyjson_val *root = yyjson_doc_get_root(doc), *row;
		size_t i, n;
		yyjson_arr_foreach(yyjson_obj_get(root, "items"), i, n, row) {
			const struct sim_talk *t = talk_of(s, yyjson_get_str(yyjson_obj_get(row, "id")));
			if (t)
				count(s, row, t, truth);
		}
		after = pack_text(s->arena, root, "next", "");
		yyjson_doc_free(doc);
	} while (*after);
	return 0;
}

int sim_measure_talks(struct sim *s)
{
	struct sim_joined *j = &s->figures.talks;
	if (!s->p.talks)
		return 0;
	FILE *truth = s->p.truth ? fopen(s->p.truth, "w") : NULL;
	if (s->p.truth && !truth) {
		fprintf(stderr, "anxin: cannot write %s\n", s->p.truth);
		return ERR_INTERNAL;
	}
	TRY(settle_homes(s));
	int r = read_all(s, truth);
	if (truth)
		fclose(truth);
	j->first_mean_s /= j->timed ? (double)j->timed : 1;
	sim_note(s, "contacts", j->joined, j->wrong);
	return r;
}
