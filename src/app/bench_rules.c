/* Filing tickets with fifty rules on, beside the same without any. Two of the fifty fit every ticket and make a task; the time until all
 * that they do is done counts. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bench_server.h"
#include "core/definition/definition.h"
#include "core/rule/rule.h"
#include "core/services.h"
#include "gen/bench_sql.h"

enum { RULES = 50, FITTING = 2, CONNECTIONS = 16 };

static int rules_off(struct ctx *c, void *arg)
{
	TRY(bench_demo_forget(c, NULL));
	TRY(bench_rules_off(c, NULL));
	return definition_changed(c, DEFINITION_RULE);
}

static int add_rules(struct ctx *c, void *arg)
{
	for (int i = 0; i < RULES; i++) {
		struct rule row = {
			.tenant = c->tenant, .id = new_id(c), .name = arena_format(c->arena, "bench %d", i), .name_en = "", .object = "ticket", .state = "on", .cause = "event",
			.events = "[\"created\"]", .event_data = "{}", .changed = "[]", .actions = "[{\"do\":\"task\",\"title\":\"bench\",\"due\":3600}]", .place = i,
			.condition = i < FITTING ? "scene = repair" : arena_format(c->arena, "grade = urgent and title contains \"no such words %d\" and customer.level = vip", i),
		};
		TRY(record_insert(c, &rule_record, &row));
	}
	return 0;
}

static const char *next_create(void *arg, struct arena *a, size_t *n)
{
	struct bench_run *b = arg;
	const char *text = bench_request(b, a, "POST", "/api/v1/ticket", "", bench_report(b, a));
	*n = strlen(text);
	return text;
}

/* No job was under way at several looks one after the other: the scheduler never rests while some are due. */
static int jobs_done(struct bench_run *b)
{
	enum { LOOKS = 5, MOST_LOOKS = 6000 };
	static const char sample[] = "\nanxin_jobs_under_way ";
	for (int i = 0, idle = 0; i < MOST_LOOKS && idle < LOOKS; i++) {
		ARENA_SCOPED a = arena_new();
		const char *answer;
		TRY(bench_metrics(b, a, &answer));
		const char *value = strstr(answer, sample);
		idle = value && value[sizeof(sample) - 1] == '0' ? idle + 1 : 0;
		usleep(20000);
	}
	return 0;
}

/* Tickets a second, until followers and rules have done what follows from them. */
static int rate(struct bench_run *b, double *out)
{
	struct load l;
	double behind;
	int64_t from;
	TRY(bench_load(b, b->port, CONNECTIONS, 201, next_create, &l));
	from = monotonic_ns();
	TRY(bench_caught_up(b, &behind));
	TRY(jobs_done(b));
	*out = (double)l.done / (BENCH_SECONDS + (double)(monotonic_ns() - from) / 1e9);
	return 0;
}

/* The server on these data, prepared in this process before it starts. */
static int rate_after(struct bench_run *b, int (*prepare)(struct ctx *c, void *arg), double *out)
{
	struct app *app;
	TRY(bench_app(b, &app));
	int r = app_write(app, b->tenant, prepare, NULL);
	app_close(app);
	if (r == 0)
		r = bench_start(b);
	if (r == 0)
		r = bench_sign_in(b);
	if (r == 0)
		r = rate(b, out);
	bench_stop(&b->server);
	return r;
}

int bench_rules(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	struct bench_run b;
	double without = 0, with = 0;
	TRY(bench_forget(a, o, "rules"));
	TRY(bench_open(&b, a, o, "rules", NULL));
	TRY(rate_after(&b, rules_off, &without));
	TRY(rate_after(&b, add_rules, &with));
	bench_print("rules_50", with, "1/s", without);
	return 0;
}
