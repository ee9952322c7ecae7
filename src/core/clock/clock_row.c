/* Between a clock's row and what the engine counts with. */
#include "core/clock/clock_row.h"

#include "base/json.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/clock_sql.h"

static const char *const states[] = { [SERVICE_CLOCK_RUNNING] = "running", [SERVICE_CLOCK_PAUSED] = "paused", [SERVICE_CLOCK_MET] = "met", [SERVICE_CLOCK_CANCELLED] = "cancelled" };

/* A clock that runs, of an object that is put away. */
static const char held[] = "held";

static enum service_clock_state state_of(const char *word)
{
	int i = SERVICE_CLOCK_CANCELLED;
	while (i > 0 && !text_equal(states[i], word))
		i--;
	return (enum service_clock_state)i;
}

void clock_case_read(const struct clock_set *set, const struct service_clock *row, struct clock_case *out)
{
	*out = (struct clock_case){
		.set = set, .row = *row, .held = text_equal(row->state, held),
		.run = { .state = state_of(row->state), .from = row->from_at, .run_at = row->run_at, .spent_ms = row->spent_ms, .target_ms = row->target_ms,
		         .due_at = row->due_at, .step = row->step, .breached_at = row->breached_at, .ended_at = row->ended_at, .next_at = row->next_at },
	};
}

bool clock_is_over(const struct service_clock *row)
{
	return text_equal(row->state, states[SERVICE_CLOCK_MET]) || text_equal(row->state, states[SERVICE_CLOCK_CANCELLED]);
}

const struct calendar *clock_case_calendar(const struct clock_case *k)
{
	return clock_set_calendar(k->set, k->row.calendar_id);
}

/* A policy that is gone still has its breach. */
struct service_clock_steps clock_case_steps(const struct clock_case *k)
{
	const struct ready_policy *p = clock_set_policy(k->set, k->row.policy_id);
	return p ? p->steps : service_clock_steps_of(NULL, 0);
}

static int add_event(struct ctx *c, const struct clock_case *k, const char *kind, time_ms at, int64_t percent)
{
	struct service_clock_event e = {
		.tenant = c->tenant, .id = new_id(c), .clock_id = k->row.id, .at = at, .kind = kind, .due_at = k->run.due_at, .target_ms = k->run.target_ms,
		.policy_id = k->row.policy_id, .calendar_id = k->row.calendar_id, .percent = percent,
	};
	return service_clock_event_row_insert(c, &e);
}

static void fold(struct clock_case *k)
{
	const struct service_clock_run *r = &k->run;
	struct service_clock *row = &k->row;
	bool quiet = k->held && r->state == SERVICE_CLOCK_RUNNING;
	row->state = quiet ? held : states[r->state];
	row->from_at = r->from;
	row->run_at = r->run_at;
	row->spent_ms = r->spent_ms;
	row->target_ms = r->target_ms;
	row->due_at = r->due_at;
	row->step = r->step;
	row->breached_at = r->breached_at;
	row->ended_at = r->ended_at;
	row->next_at = quiet ? FAR_FUTURE_MS : r->next_at;
}

int clock_store(struct ctx *c, struct clock_case *k)
{
	fold(k);
	if (k->row.version)
		return service_clock_row_update(c, &k->row);
	return service_clock_row_insert(c, &k->row);
}

int clock_begin(struct ctx *c, const struct clock_set *set, const struct ready_policy *p, const char *object, int64_t object_id, const char *measure,
                int64_t round, time_ms from, struct clock_case *out)
{
	*out = (struct clock_case){
		.set = set,
		.row = { .tenant = c->tenant, .id = new_id(c), .object = object, .object_id = object_id, .measure = measure, .round = round,
		         .policy_id = p->row->id, .calendar_id = p->row->calendar_id },
	};
	service_clock_start(&out->run, p->calendar, &p->steps, p->row->target_minutes * MINUTE_MS, from);
	return add_event(c, out, "started", from, 0);
}

/* Whom the policy's ladder names for this share; NULL: nobody but those who look. */
static const char *receiver(const struct clock_case *k, int64_t percent)
{
	const struct ready_policy *p = clock_set_policy(k->set, k->row.policy_id);
	for (size_t i = 0; p && i < p->ladder_count; i++)
		if (p->ladder[i].percent == percent)
			return p->ladder[i].to;
	return NULL;
}

static int tell_step(struct ctx *c, struct clock_case *k, int64_t percent)
{
	const char *kind = percent < SERVICE_CLOCK_WHOLE ? "soon" : percent == SERVICE_CLOCK_WHOLE ? "breached" : "escalated";
	const char *to = receiver(k, percent);
	TRY(add_event(c, k, kind, c->now, percent));
	if (to)
		TRY(clock_notify(c, k, kind, percent, to));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"clock_id\":\"%lld\",\"measure\":\"%s\",\"percent\":%lld,\"due_at\":%lld,\"to\":", (long long)k->row.id, k->row.measure,
	            (long long)percent, (long long)k->run.due_at);
	json_text(&t, to);
	text_char(&t, '}');
	return event_add(c, arena_format(c->arena, "%s.clock_%s", k->row.object, kind), k->row.object, k->row.object_id, text_end(&t));
}

int clock_tell(struct ctx *c, struct clock_case *k)
{
	const struct calendar *cal = clock_case_calendar(k);
	struct service_clock_steps steps = clock_case_steps(k);
	for (int64_t percent; (percent = service_clock_tell(&k->run, cal, &steps, c->now));)
		TRY(tell_step(c, k, percent));
	return 0;
}

int clock_pause(struct ctx *c, struct clock_case *k)
{
	TRY(clock_tell(c, k));
	service_clock_pause(&k->run, clock_case_calendar(k), c->now);
	return add_event(c, k, "paused", k->run.run_at, 0);
}

int clock_resume(struct ctx *c, struct clock_case *k)
{
	struct service_clock_steps steps = clock_case_steps(k);
	service_clock_resume(&k->run, clock_case_calendar(k), &steps, c->now);
	return add_event(c, k, "resumed", k->run.run_at, 0);
}

int clock_hold(struct ctx *c, struct clock_case *k)
{
	k->held = true;
	return add_event(c, k, "held", c->now, 0);
}

int clock_let_go(struct ctx *c, struct clock_case *k)
{
	k->held = false;
	TRY(add_event(c, k, "let_go", c->now, 0));
	return clock_tell(c, k);
}

int clock_finish(struct ctx *c, struct clock_case *k, enum service_clock_state how)
{
	TRY(clock_tell(c, k));
	service_clock_end(&k->run, clock_case_calendar(k), how, c->now);
	return add_event(c, k, states[how], k->run.ended_at, 0);
}

int clock_cancel(struct ctx *c, const struct record *record, int64_t id, const char *measure)
{
	struct service_clock *rows;
	size_t n;
	CLOCK_SET set = NULL;
	TRY(clock_set_take(c, &set));
	TRY(clocks_of_object(c, record->name, id, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct clock_case k;
		if (!text_equal(rows[i].measure, measure) || clock_is_over(&rows[i]))
			continue;
		clock_case_read(set, &rows[i], &k);
		TRY(clock_finish(c, &k, SERVICE_CLOCK_CANCELLED));
		TRY(clock_store(c, &k));
	}
	return 0;
}

struct pauses clock_pauses(struct arena *a, const struct service_clock_event *events, size_t n)
{
	struct time_span *spans = ARENA_ARRAY(a, struct time_span, n + 1);
	struct pauses p = { .at = spans };
	for (size_t i = 0; i < n; i++)
		if (text_equal(events[i].kind, "paused"))
			spans[p.n++] = (struct time_span){ events[i].at, FAR_FUTURE_MS };
		else if (text_equal(events[i].kind, "resumed") && p.n)
			spans[p.n - 1].to = events[i].at;
	return p;
}

/* Counts anew what is kept, by calendar, target and steps as they are now. */
static int count_anew(struct ctx *c, struct clock_case *k, int64_t target_ms)
{
	struct service_clock_event *events;
	size_t n;
	struct service_clock_steps steps = clock_case_steps(k);
	TRY(clock_events(c, k->row.id, &events, &n));
	struct pauses pauses = clock_pauses(c->arena, events, n);
	if (k->run.state == SERVICE_CLOCK_PAUSED && pauses.n)
		pauses.n--;     /* the one that lasts is the clock's own */
	service_clock_apply(&k->run, clock_case_calendar(k), &steps, target_ms, &pauses);
	return 0;
}

int clock_put_under(struct ctx *c, struct clock_case *k, const struct ready_policy *p)
{
	TRY(clock_tell(c, k));
	k->row.policy_id = p->row->id;
	k->row.calendar_id = p->row->calendar_id;
	TRY(count_anew(c, k, p->row->target_minutes * MINUTE_MS));
	return add_event(c, k, "policy", c->now, 0);
}

int clock_recount(struct ctx *c, struct clock_case *k)
{
	time_ms due = k->run.due_at;
	TRY(count_anew(c, k, k->run.target_ms));
	return k->run.due_at == due ? 0 : add_event(c, k, "policy", c->now, 0);
}

time_ms clock_earliest(const struct service_clock *rows, size_t n)
{
	time_ms earliest = FAR_FUTURE_MS;
	for (size_t i = 0; i < n; i++)
		if (text_equal(rows[i].state, states[SERVICE_CLOCK_RUNNING]) && rows[i].due_at < earliest)
			earliest = rows[i].due_at;
	return earliest;
}
