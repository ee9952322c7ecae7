/* Who is given what: rules one by one, then a thousand floors against a model that tries everything. */
#include "engine/route/route.h"

#include "base/test.h"

enum { MINUTE = 60000, REPAIR = 7, SALES = 8, LIN = 1, WANG = 2, FRIDGE = 5 };

static const int64_t repair_people[] = { REPAIR }, sales_people[] = { SALES };
static const struct route_queue queues[] = { { .id = REPAIR, .overflow_id = SALES, .overflow_ms = 2 * MINUTE, .favour_ms = MINUTE }, { .id = SALES } };

/* What a case says itself goes before what is usual. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define AGENT(name, ...) { .id = (name), .ready = true, .most = 20, .languages = 1, .queues = repair_people, .queue_count = 1, __VA_ARGS__ }
#define WAITS(number, ...) { .id = (number), .queue_id = REPAIR, .weight = 10, __VA_ARGS__ }

static struct route_floor floor_of(const struct route_waiting *w, size_t n, const struct route_agent *agents, size_t count, int64_t now)
{
	return (struct route_floor){ queues, 2, w, n, agents, count, now };
}

/* "1>2 3>1": conversation 1 to agent 2, conversation 3 to agent 1. */
static const char *given(struct arena *a, const struct route_floor *f)
{
	struct route_pair *pairs = ARENA_ARRAY(a, struct route_pair, f->waiting_count + 1);
	const char *text = "";
	size_t n = route_assign(a, f, pairs);
	for (size_t i = 0; i < n; i++)
		text = arena_format(a, "%s%s%lld>%lld", text, i ? " " : "", (long long)f->waiting[pairs[i].waiting].id, (long long)f->agents[pairs[i].agent].id);
	return text;
}

static void expect_given(const struct route_waiting *w, size_t n, const struct route_agent *agents, size_t count, int64_t now, const char *expected)
{
	ARENA_SCOPED a = arena_new();
	struct route_floor f = floor_of(w, n, agents, count, now);
	assert_string_equal(given(a, &f), expected);
}

static void longest_wait_first_within_priority(void **state)
{
	const struct route_waiting w[] = { WAITS(1, .since = 50, .priority = 2), WAITS(2, .since = 30, .priority = 2), WAITS(3, .since = 90, .priority = 1), WAITS(4, .since = 40, .priority = 2, .valued = true) };
	const struct route_agent one[] = { AGENT(LIN, .most = 10) }, two[] = { AGENT(LIN), AGENT(WANG) };
	expect_given(w, 4, one, 1, 100, "3>1");
	expect_given(w, 4, two, 2, 100, "3>1 4>2 2>1 1>2");
}

static void nobody_gets_more_than_fits(void **state)
{
	const struct route_waiting w[] = { WAITS(1, .weight = 15), WAITS(2), WAITS(3) };
	const struct route_agent tight[] = { AGENT(LIN, .load = 8) }, paused[] = { AGENT(LIN, .ready = false) };
	expect_given(w, 3, tight, 1, 0, "2>1");
	expect_given(w, 3, paused, 1, 0, "");
}

static void who_knows_it_best_goes_before_who_is_idle(void **state)
{
	const struct route_skill little[] = { { FRIDGE, 1 } }, much[] = { { FRIDGE, 3 } };
	const struct route_waiting w[] = { WAITS(1, .topic = FRIDGE) };
	const struct route_agent agents[] = { AGENT(LIN, .skills = little, .skill_count = 1), AGENT(WANG, .load = 10, .skills = much, .skill_count = 1) };
	expect_given(w, 1, agents, 2, 0, "1>2");
}

static void a_skill_that_is_required_is_waited_for(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct route_queue strict[] = { { .id = REPAIR, .skill_least = 2 } };
	const struct route_skill little[] = { { FRIDGE, 1 } };
	const struct route_waiting w[] = { WAITS(1, .topic = FRIDGE), WAITS(2) };
	const struct route_agent agents[] = { AGENT(LIN, .skills = little, .skill_count = 1) };
	struct route_floor f = { strict, 1, w, 2, agents, 1, 0 };
	assert_string_equal(given(a, &f), "2>1");
}

static void her_language_is_spoken(void **state)
{
	const struct route_waiting w[] = { WAITS(1, .languages = 2), WAITS(2) };
	const struct route_agent agents[] = { AGENT(LIN, .languages = 1), AGENT(WANG, .languages = 3, .load = 10) };
	expect_given(w, 2, agents, 2, 0, "1>2 2>1");
}

static void who_served_her_last_is_waited_for_a_moment(void **state)
{
	const struct route_waiting w[] = { WAITS(1, .last_agent = WANG), WAITS(2) };
	const struct route_agent free[] = { AGENT(LIN), AGENT(WANG, .load = 10) }, busy[] = { AGENT(LIN), AGENT(WANG, .load = 20) }, away[] = { AGENT(LIN), AGENT(WANG, .ready = false) };
	expect_given(w, 2, free, 2, 10, "1>2 2>1");
	expect_given(w, 2, busy, 2, MINUTE - 1, "2>1");
	expect_given(w, 2, busy, 2, MINUTE, "1>1 2>1");
	expect_given(w, 2, away, 2, 10, "1>1 2>1");
}

static void who_gave_it_back_is_not_offered_it_again_but_may_take_it(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct route_waiting w[] = { WAITS(1, .not_agent = LIN) };
	const struct route_agent agents[] = { AGENT(LIN), AGENT(WANG, .load = 10) };
	struct route_floor f = floor_of(w, 1, agents, 1, 10);
	expect_given(w, 1, agents, 2, 10, "1>2");
	expect_given(w, 1, agents, 1, 10, "");
	assert_int_equal(route_next(a, &f, &agents[0]), 0);
}

static void others_help_after_a_while(void **state)
{
	const struct route_waiting w[] = { WAITS(1, .since = 0) };
	const struct route_agent agents[] = { AGENT(LIN, .queues = sales_people) };
	expect_given(w, 1, agents, 1, 2 * MINUTE - 1, "");
	expect_given(w, 1, agents, 1, 2 * MINUTE, "1>1");
}

static void it_says_when_time_alone_changes_the_answer(void **state)
{
	const struct route_waiting w[] = { WAITS(1, .since = 1000, .last_agent = LIN), WAITS(2, .since = 0) };
	struct route_floor f = floor_of(w, 2, NULL, 0, 1000);
	assert_int_equal(route_look_at(&f), 1000 + MINUTE);
	f.now = 1000 + MINUTE;
	assert_int_equal(route_look_at(&f), 2 * MINUTE);
	f.now = 1000 + 2 * MINUTE;
	assert_true(route_look_at(&f) == INT64_MAX);
}

static void what_one_takes_by_herself_is_what_she_would_be_given(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct route_waiting w[] = { WAITS(1, .languages = 2), WAITS(2, .since = 5, .last_agent = WANG), WAITS(3, .since = 9) };
	const struct route_agent agents[] = { AGENT(LIN), AGENT(WANG, .load = 20) };
	struct route_floor f = floor_of(w, 3, agents, 2, 10);
	assert_int_equal(route_next(a, &f, &agents[0]), 2);
	assert_true(route_next(a, &f, &agents[1]) == SIZE_MAX);
}

static void a_wait_is_foretold_from_the_last_hour(void **state)
{
	assert_int_equal(route_expected_ms(2, 12, 60 * MINUTE), 10 * MINUTE);
	assert_int_equal(route_expected_ms(1, 2, 60 * MINUTE), -1);
	assert_int_equal(route_expected_ms(0, 12, 60 * MINUTE), -1);
	assert_int_equal(route_expected_ms(4, 10, 20 * MINUTE), 8 * MINUTE);
	assert_int_equal(route_expected_ms(1, 5, 1000), MINUTE);
}

/* ---- against a model ---- */

enum { MOST_WAITING = 12, MOST_AGENTS = 6 };

static uint64_t random_state;
static int64_t draw(int64_t n)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (int64_t)((random_state * UINT64_C(2685821657736338717)) >> 33) % n;
}

struct drawn {
	struct route_queue queues[3];
	struct route_waiting waiting[MOST_WAITING];
	struct route_agent agents[MOST_AGENTS];
	int64_t of[MOST_AGENTS][2];
	struct route_skill skills[MOST_AGENTS][2];
	struct route_floor floor;
};

static void draw_floor(struct drawn *d)
{
	size_t n = (size_t)draw(MOST_WAITING + 1), m = (size_t)draw(MOST_AGENTS + 1);
	for (int64_t i = 0; i < 3; i++)
		d->queues[i] = (struct route_queue){ .id = i + 1, .overflow_id = draw(4), .overflow_ms = draw(60), .favour_ms = draw(60), .skill_least = draw(3) };
	for (size_t i = 0; i < n; i++)
		d->waiting[i] = (struct route_waiting){
			.id = (int64_t)i + 1, .queue_id = 1 + draw(3), .priority = draw(3), .valued = draw(4) == 0, .since = draw(50), .topic = draw(3), .languages = (uint64_t)draw(4), .last_agent = draw(MOST_AGENTS), .not_agent = draw(4) ? 0 : draw(MOST_AGENTS), .weight = 1 + draw(4),
		};
	for (size_t i = 0; i < m; i++) {
		d->of[i][0] = 1 + draw(3);
		d->of[i][1] = 1 + draw(3);
		d->skills[i][0] = (struct route_skill){ 1, 1 + draw(3) };
		d->skills[i][1] = (struct route_skill){ 2, 1 + draw(3) };
		d->agents[i] = (struct route_agent){
			.id = (int64_t)i + 1, .ready = draw(5) != 0, .load = draw(6), .most = draw(10), .languages = (uint64_t)(1 + draw(3)), .queues = d->of[i], .queue_count = (size_t)draw(3),
			.skills = d->skills[i], .skill_count = (size_t)draw(3), .idle_since = draw(4),
		};
	}
	d->floor = (struct route_floor){ d->queues, 3, d->waiting, n, d->agents, m, 50 + draw(40) };
}

/* The rules once more, said plainly and slowly. */
static bool model_suits(const struct drawn *d, const struct route_waiting *w, const struct route_agent *a)
{
	const struct route_queue *q = &d->queues[w->queue_id - 1];
	bool of = false, helps = false, knows = q->skill_least == 0 || w->topic == 0;
	for (size_t i = 0; i < a->queue_count; i++) {
		of = of || a->queues[i] == w->queue_id;
		helps = helps || (q->overflow_id && a->queues[i] == q->overflow_id);
	}
	for (size_t i = 0; i < a->skill_count; i++)
		knows = knows || (a->skills[i].topic == w->topic && a->skills[i].level >= q->skill_least);
	return (w->not_agent != a->id || !w->not_agent) && (of || (helps && w->since + q->overflow_ms <= d->floor.now)) && knows && (w->languages == 0 || (w->languages & a->languages) != 0);
}

static bool model_held(const struct drawn *d, const struct route_waiting *w, const int64_t *loads)
{
	for (size_t i = 0; i < d->floor.agent_count; i++) {
		const struct route_agent *a = &d->agents[i];
		if (a->id == w->last_agent && a->ready && model_suits(d, w, a))
			return loads[i] + w->weight > a->most && w->since + d->queues[w->queue_id - 1].favour_ms > d->floor.now;
	}
	return false;
}

static int64_t model_level(const struct route_waiting *w, const struct route_agent *a)
{
	for (size_t i = 0; i < a->skill_count; i++)
		if (w->topic && a->skills[i].topic == w->topic)
			return a->skills[i].level;
	return 0;
}

/* Whether a is a strictly better choice than b; everything in one line of numbers, larger first. */
static bool model_better(const struct route_waiting *w, const struct route_agent *a, int64_t la, const struct route_agent *b, int64_t lb)
{
	const int64_t left[] = { a->id == w->last_agent, model_level(w, a), lb * a->most, -a->idle_since, -a->id };
	const int64_t right[] = { b->id == w->last_agent, model_level(w, b), la * b->most, -b->idle_since, -b->id };
	for (size_t i = 0; i < 5; i++)
		if (left[i] != right[i])
			return left[i] > right[i];
	return false;
}

static bool stands_before(const struct route_waiting *a, const struct route_waiting *b)
{
	const int64_t left[] = { a->priority, !a->valued, a->since, a->id }, right[] = { b->priority, !b->valued, b->since, b->id };
	for (size_t i = 0; i < 4; i++)
		if (left[i] != right[i])
			return left[i] < right[i];
	return false;
}

static const char *model_given(struct arena *a, const struct drawn *d)
{
	int64_t loads[MOST_AGENTS];
	bool seen[MOST_WAITING] = { 0 };
	const char *text = "";
	for (size_t i = 0; i < d->floor.agent_count; i++)
		loads[i] = d->agents[i].load;
	for (size_t round = 0; round < d->floor.waiting_count; round++) {
		size_t next = SIZE_MAX, best = SIZE_MAX;
		for (size_t i = 0; i < d->floor.waiting_count; i++)
			if (!seen[i] && (next == SIZE_MAX || stands_before(&d->waiting[i], &d->waiting[next])))
				next = i;
		seen[next] = true;
		const struct route_waiting *w = &d->waiting[next];
		for (size_t i = 0; i < d->floor.agent_count && !model_held(d, w, loads); i++)
			if (d->agents[i].ready && model_suits(d, w, &d->agents[i]) && loads[i] + w->weight <= d->agents[i].most && (best == SIZE_MAX || model_better(w, &d->agents[i], loads[i], &d->agents[best], loads[best])))
				best = i;
		if (best == SIZE_MAX)
			continue;
		loads[best] += w->weight;
		assert_true(loads[best] <= d->agents[best].most);
		text = arena_format(a, "%s%s%lld>%lld", text, *text ? " " : "", (long long)w->id, (long long)d->agents[best].id);
	}
	return text;
}

static void it_does_what_the_model_does(void **state)
{
	static struct drawn d;
	size_t rounds = by_level(5000, 50000, 1000000), some = 0;
	for (size_t i = 0; i < rounds; i++) {
		ARENA_SCOPED a = arena_new();
		random_state = 88172645463325252u + i;
		draw_floor(&d);
		const char *expected = model_given(a, &d), *got = given(a, &d.floor);
		if (strcmp(expected, got))
			fail_msg("floor %zu: the model gives %s, the engine %s", i, expected, got);
		some += *got != 0;
	}
	assert_true(some > rounds / 4);
}

/* What the one who takes by herself gets is never what stands behind something that fits her and is free. */
static void nobody_passes_over_what_fits(void **state)
{
	static struct drawn d;
	for (size_t i = 0; i < by_level(2000, 20000, 200000); i++) {
		ARENA_SCOPED a = arena_new();
		random_state = 1181783497276652981u + i;
		draw_floor(&d);
		for (size_t k = 0; k < d.floor.agent_count; k++) {
			size_t at = route_next(a, &d.floor, &d.agents[k]);
			if (at != SIZE_MAX)
				assert_true(d.waiting[at].not_agent == d.agents[k].id || route_fits(&d.floor, &d.waiting[at], &d.agents[k], d.agents[k].load));
			for (size_t w = 0; w < d.floor.waiting_count; w++) {
				bool earlier = at == SIZE_MAX || stands_before(&d.waiting[w], &d.waiting[at]);
				if (earlier && !d.waiting[w].last_agent && !d.waiting[w].not_agent)
					assert_false(route_fits(&d.floor, &d.waiting[w], &d.agents[k], d.agents[k].load));
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(longest_wait_first_within_priority),
		cmocka_unit_test(nobody_gets_more_than_fits),
		cmocka_unit_test(who_knows_it_best_goes_before_who_is_idle),
		cmocka_unit_test(a_skill_that_is_required_is_waited_for),
		cmocka_unit_test(her_language_is_spoken),
		cmocka_unit_test(who_served_her_last_is_waited_for_a_moment),
		cmocka_unit_test(who_gave_it_back_is_not_offered_it_again_but_may_take_it),
		cmocka_unit_test(others_help_after_a_while),
		cmocka_unit_test(it_says_when_time_alone_changes_the_answer),
		cmocka_unit_test(what_one_takes_by_herself_is_what_she_would_be_given),
		cmocka_unit_test(a_wait_is_foretold_from_the_last_hour),
		cmocka_unit_test(it_does_what_the_model_does),
		cmocka_unit_test(nobody_passes_over_what_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
