/* The job that loads demo data. Each run finds what those before it made, by code and by mark, so it keeps no state but its place: a run, its
 * marks and the job's next row are one transaction. The past that it tells ends when it was asked for. */
#include "app/demo_load.h"

#include <string.h>

#include "app/demo.h"
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/demo/demo.h"
#include "core/list/list.h"
#include "core/pack/packs.h"
#include "core/pii/pii.h"
#include "db/writer.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "gen/demo_sql.h"

enum { HOMES = 24, TICKETS = 60, HOMES_A_RUN = 4, TICKETS_A_RUN = 3, SEED = 20261122 };
enum { GROUND = 1, HOME_RUNS = HOMES / HOMES_A_RUN, TICKET_RUNS = TICKETS / TICKETS_A_RUN, RUNS = GROUND + HOME_RUNS + TICKET_RUNS };
/* The newest came today, those before them in the last days, a stage each: work that is in time, and some that is late. */
enum { STAGES = 8, TODAY = STAGES, TODAY_MINUTES = 20, LATELY = STAGES, LATELY_HOURS = 7, DAYS = 60, COMPLAINT_EACH = 9 };

struct place {
	int64_t now, done;      /* since when, runs */
	const char *pack;       /* whose content: that of the beginning, though the company changes packs meanwhile */
};
static const struct member members[] = { MEMBER(struct place, now, time_ms), MEMBER(struct place, done, count), MEMBER(struct place, pack, code) };
static const struct shape place_shape = SHAPE("demo_place", struct place, members);

static int read_place(struct ctx *c, const char *data, struct place *out)
{
	*out = (struct place){ 0 };
	return json_read(c->arena, &place_shape, data, strlen(data), out, NULL, c->error);
}

/* Ground --------------------------------------------------------------------------------------------------------------------- */

/* They own tickets and cannot sign in: no password. All are agents, whoever runs the house at the demo: an alarm that calls supervisors must
 * not find one that nobody is. */
static int add_person(struct ctx *c, struct demo *d, size_t i)
{
	const struct demo_staff *from = &demo_staff[i];
	const struct record_model *m = model_of(c, &user_record);
	const char *account = arena_format(c->arena, "demo-%s", from->account);
	if (from->role != ROLE_SUPERVISOR && from->role != ROLE_AGENT)
		return 0;
	d->staff[i] = (struct staff){ .account = account, .name = from->name, .team_id = d->team_ids[text_equal(from->team, "客服二组")] };
	TRY(company_role_id(c, "agent", &d->staff[i].role_id));
	TRY(list_find(c, m, field_index(m, "account"), &(struct slot){ .text = account }, &d->staff[i].id));
	return d->staff[i].id ? 0 : company_add_staff(c, &d->staff[i]);
}

static int find_homes(struct ctx *c, struct demo *d)
{
	struct demo_marks_of_row *customers, *devices;
	size_t n, k;
	TRY(demo_marks_of(c, "customer", HOMES, &customers, &n));
	TRY(demo_marks_of(c, "device", HOMES, &devices, &k));
	for (size_t i = 0; i < n && i < k; i++) {
		struct device device;
		TRY(device_row_get(c, devices[i].object_id, &device));
		d->homes[i].customer = customers[i].object_id;
		d->homes[i].device = device.id;
		while (d->model_ids[d->homes[i].model] != device.model_id)
			d->homes[i].model++;
	}
	return 0;
}

static int find_ground(struct ctx *c, struct demo *d)
{
	TRY(demo_add_catalogue(c, d));
	TRY(demo_add_teams(c, d));
	for (size_t i = 0; i < demo_staff_count; i++)
		TRY(add_person(c, d, i));
	return find_homes(c, d);
}

/* Tickets -------------------------------------------------------------------------------------------------------------------- */

/* Most of those who were helped say so. */
static int rate(struct ctx *c, struct demo *d, struct ticket *t)
{
	static const char *const words[] = { "satisfied", "satisfied", "satisfied", "mostly", "not" };
	const char *word = words[demo_draw(d, 5)];
	struct ticket old = *t;
	struct ticket_rating row = { .tenant = c->tenant, .id = new_id(c), .ticket_id = t->id, .rating = word, .attitude = 5, .speed = 4, .solution = 5, .key = t->key, .at = c->now };
	if (!text_equal(t->state, "closed") || demo_draw(d, 3) == 0)
		return 0;
	TRY(ticket_rating_row_insert(c, &row));
	t->rating = word;
	t->rated_at = c->now;
	return record_update(c, &ticket_record, &old, t, "ticket.rated", NULL, arena_format(c->arena, "{\"rating\":\"%s\"}", word));
}

static int64_t age_of(int64_t left)
{
	if (left <= TODAY)
		return left * TODAY_MINUTES * MINUTE_MS;
	int64_t lately = left - TODAY;
	if (lately <= LATELY)
		return lately * LATELY_HOURS * HOUR_MS;
	const int64_t rest = TICKETS - TODAY - LATELY, newest = LATELY * LATELY_HOURS * HOUR_MS;
	return newest + (lately - LATELY) * (DAYS * DAY_MS - newest) / rest;
}

/* Scenes of the content are those of its pack; three are in the form of every pack. */
static const char *scene_of(const struct demo *d, const struct pack *now, size_t i, const struct demo_problem *problem)
{
	const char *own = d->pack == now && !text_empty(problem->scene) ? problem->scene : "repair";
	return i % COMPLAINT_EACH == 3 ? "complaint" : i % COMPLAINT_EACH == 7 ? "usage" : own;
}

static int add_ticket(struct ctx *c, struct demo *d, size_t i)
{
	int64_t left = (int64_t)(TICKETS - i), back = age_of(left);
	struct ticket t;
	struct demo_matter m = { .home = i % HOMES, .at = d->now - back };
	const struct pack *now;
	TRY(pack_of(c, &now));
	m.problem = demo_problem_of(d, d->homes[m.home].model);
	m.scene = scene_of(d, now, i, m.problem);
	m.stage = left <= TODAY + LATELY ? (int)(i % STAGES) : demo_stage_of(d, back);
	struct error before = *c->error;
	int r = demo_add_ticket(c, d, &m, &t);
	if (r == ERR_STATE && t.id) {   /* a move that this company does not make: the ticket stays where it has come to */
		error_take_back(c->error, &before);
		return 0;
	}
	TRY(r);
	return t.id ? rate(c, d, &t) : 0;
}

/* The job -------------------------------------------------------------------------------------------------------------------- */

static int build(struct ctx *c, const struct place *at)
{
	struct demo *d = ARENA_NEW(c->arena, struct demo);
	struct ctx as = *c;
	d->prefix = true;
	d->pack = at->pack ? pack_find(at->pack) : NULL;
	d->pack = d->pack ? d->pack : &packs[0];
	d->content = demo_content_of(d->pack);
	d->now = at->now;
	d->random = SEED + (uint64_t)at->done;
	as.request_id = DEMO_REQUEST;
	TRY(find_ground(&as, d));
	size_t home = (size_t)(at->done - GROUND) * HOMES_A_RUN, ticket = (size_t)(at->done - GROUND - HOME_RUNS) * TICKETS_A_RUN;
	if (at->done >= GROUND && at->done < GROUND + HOME_RUNS)
		for (size_t i = home; i < home + HOMES_A_RUN; i++)
			TRY(demo_add_home(&as, d, i));
	if (at->done >= GROUND + HOME_RUNS)
		for (size_t i = ticket; i < ticket + TICKETS_A_RUN; i++)
			TRY(add_ticket(&as, d, i));
	return 0;
}

static int finish(struct ctx *c)
{
	struct demo_count *counts;
	size_t n;
	int64_t rows = 0;
	TRY(demo_counts(c, &counts, &n));
	for (size_t i = 0; i < n; i++)
		rows += counts[i].rows;
	return event_add(c, "demo.loaded", "demo", c->tenant, arena_format(c->arena, "{\"rows\":%lld}", (long long)rows));
}

static int add_job(struct ctx *c, const char *key, const struct place *at)
{
	struct text data = text_in(c->arena);
	json_write(&data, &place_shape, at);
	return job_add(c, new_id(c), demo_load_job.name, c->now, key, text_end(&data));
}

/* The next run comes under the other of two keys: the row of this one is still there. */
static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct place at;
	TRY(read_place(c, job->data, &at));
	TRY(build(c, &at));
	at.done++;
	return at.done < RUNS ? add_job(c, strcmp(job->unique_key, "a") ? "a" : "b", &at) : finish(c);
}

const struct job_kind demo_load_job = { .name = "demo.load", .run = run };

int demo_load_begin(struct ctx *c)
{
	const struct pack *pack;
	TRY(pack_of(c, &pack));
	return add_job(c, "a", &(struct place){ .now = c->now, .pack = pack->name });
}

int demo_load_progress(struct ctx *c, const char *data, int64_t *done, int64_t *total)
{
	struct place at;
	TRY(read_place(c, data, &at));
	*done = at.done;
	*total = RUNS;
	return 0;
}
