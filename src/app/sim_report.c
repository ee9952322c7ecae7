/* What a run has come to, read back through the API: the rows say what the server made of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/sim.h"
#include "core/pack.h"

struct spans {
	int64_t *at;
	size_t n;
};

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static double part(struct spans *v, double share)
{
	if (!v->n)
		return 0;
	qsort(v->at, v->n, sizeof(*v->at), by_size);
	return (double)v->at[(size_t)(share * (double)(v->n - 1))] / SECOND_MS;
}

static int64_t time_of(yyjson_val *row, const char *name)
{
	return yyjson_get_sint(yyjson_obj_get(row, name));
}

static void count_ticket(struct sim_figures *f, yyjson_val *row, struct spans *first, struct spans *solution)
{
	const char *state = yyjson_get_str(yyjson_obj_get(row, "state")), *scene = yyjson_get_str(yyjson_obj_get(row, "scene")), *rating = yyjson_get_str(yyjson_obj_get(row, "rating"));
	int64_t created = time_of(row, "created_at"), answered = time_of(row, "first_response_at"), solved = time_of(row, "solved_at"), closed = time_of(row, "closed_at");
	bool complaint = text_equal(scene, "complaint"), done = text_equal(state, "closed");
	f->tickets++;
	f->closed += done;
	f->cancelled += text_equal(state, "cancelled");
	f->reopened += time_of(row, "reopen_count") > 0;
	f->reminded += time_of(row, "remind_count") > 0;
	f->complaints += complaint;
	f->complaints_in_time += complaint && done && closed - created <= 3 * DAY_MS;
	f->rated += !text_empty(rating);
	f->bad += text_equal(rating, "not");
	if (answered) {
		f->answered++;
		f->answered_in_time += answered - created <= 15 * (int64_t)MINUTE_MS;
		first->at[first->n++] = answered - created;
	}
	if (solved)
		solution->at[solution->n++] = solved - created;
}

static void count_task(struct sim_figures *f, yyjson_val *row)
{
	int64_t done = time_of(row, "done_at");
	if (!text_equal(yyjson_get_str(yyjson_obj_get(row, "kind")), "complaint_call"))
		return;
	f->calls++;
	f->calls_in_time += done && done - time_of(row, "created_at") <= HOUR_MS;
}

/* All pages of a list. */
static int each(struct sim *s, const char *record, struct spans *first, struct spans *solution)
{
	const char *after = "";
	do {
		arena_reset(s->scratch);
		TRY(sim_staff(s, &s->admin, "GET", arena_format(s->scratch, "/%s?limit=100&sort=created_at%s%s", record, *after ? "&after=" : "", after), "", "read", 0));
		yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
		yyjson_val *root = yyjson_doc_get_root(doc), *row;
		size_t i, n;
		yyjson_arr_foreach(yyjson_obj_get(root, "items"), i, n, row) {
			if (solution && s->figures.tickets < (int64_t)s->ticket_n)
				count_ticket(&s->figures, row, first, solution);
			else if (!solution)
				count_task(&s->figures, row);
		}
		after = pack_text(s->arena, root, "next", "");
		yyjson_doc_free(doc);
	} while (*after);
	return 0;
}

int sim_measure(struct sim *s)
{
	struct sim_figures *f = &s->figures;
	struct spans first = { ARENA_ARRAY(s->arena, int64_t, s->ticket_n + 1), 0 }, solution = { ARENA_ARRAY(s->arena, int64_t, s->ticket_n + 1), 0 };
	*f = (struct sim_figures){ 0 };
	TRY(each(s, "ticket", &first, &solution));
	TRY(each(s, "task", NULL, NULL));
	for (size_t i = 0; i < first.n; i++)
		f->first_mean_s += (double)first.at[i] / SECOND_MS / (double)first.n;
	f->first_p90_s = part(&first, 0.9);
	f->solution_p50_s = part(&solution, 0.5);
	f->solution_p90_s = part(&solution, 0.9);
	f->solved = (int64_t)solution.n;
	f->open = f->tickets - f->closed - f->cancelled;
	sim_note(s, "figures", f->closed, f->answered_in_time);
	sim_note(s, "figures", f->complaints_in_time, (int64_t)(f->first_mean_s * 1000));
	return 0;
}

/* Showing ----------------------------------------------------------------------------------------------------------------- */

static double share(int64_t a, int64_t b)
{
	return b ? 100.0 * (double)a / (double)b : 100;
}

struct line {
	const char *code, *zh, *en, *unit, *target;
	double value;
};
enum { LINES = 15 };

static void lines_of(const struct sim *s, struct line out[static LINES])
{
	const struct sim_figures *f = &s->figures;
	const struct line lines[LINES] = {
		{ "tickets", "服务单", "Tickets", "", "", (double)f->tickets },
		{ "closed_loop", "闭环率", "Closed loop", "%", "≥ 95", share(f->closed, f->tickets - f->cancelled) },
		{ "first_response_mean", "首次响应（平均）", "First response, mean", "min", "≤ 15", f->first_mean_s / 60 },
		{ "first_response_p90", "首次响应（90%）", "First response, 90 %", "min", "", f->first_p90_s / 60 },
		{ "first_response_in_time", "15 分钟内响应", "Answered within 15 min", "%", "", share(f->answered_in_time, f->answered) },
		{ "solution_p50", "解决时长（中位）", "Solution, median", "h", "", f->solution_p50_s / 3600 },
		{ "solution_p90", "解决时长（90%）", "Solution, 90 %", "h", "", f->solution_p90_s / 3600 },
		{ "complaints", "投诉", "Complaints", "", "", (double)f->complaints },
		{ "complaint_loop", "投诉 3 天内闭环", "Complaints closed within 3 d", "%", "", share(f->complaints_in_time, f->complaints) },
		{ "complaint_calls", "主管 1 小时内致电", "Supervisor called within 1 h", "%", "", share(f->calls_in_time, f->calls) },
		{ "reopened", "重开", "Reopened", "%", "", share(f->reopened, f->tickets) },
		{ "reminded", "催办过", "Reminded", "%", "", share(f->reminded, f->tickets) },
		{ "rated", "已评价", "Rated", "%", "", share(f->rated, f->tickets) },
		{ "bad", "差评", "Bad reviews", "", "", (double)f->bad },
		{ "open", "未关闭", "Still open", "", "", (double)f->open },
	};
	memcpy(out, lines, sizeof(lines));
}

static void print_json(const struct sim *s, const struct line *lines)
{
	printf("{\"days\":%lld,\"seed\":%lld,\"agents\":%zu,\"calls\":%lld,\"seconds\":%.1f,\"hash\":\"%016llx\"", (long long)s->p.days, (long long)s->p.seed, s->agent_n,
	       (long long)s->calls, s->seconds, (unsigned long long)s->hash);
	for (size_t i = 0; i < LINES; i++)
		printf(",\"%s\":%.3f", lines[i].code, lines[i].value);
	printf("}\n");
}

void sim_print(const struct sim *s, const struct sim *other)
{
	struct line a[LINES], b[LINES];
	lines_of(s, a);
	if (other)
		lines_of(other, b);
	if (s->p.json) {
		print_json(s, a);
		if (other)
			print_json(other, b);
		return;
	}
	for (size_t i = 0; i < LINES; i++) {
		printf("%12.1f %-4s", a[i].value, a[i].unit);
		if (other)
			printf("%12.1f %-4s%+12.1f", b[i].value, b[i].unit, b[i].value - a[i].value);
		printf("  %-6s  %s / %s\n", a[i].target, a[i].zh, a[i].en);
	}
	printf("%lld 天 / days, %zu 名客服 / agents, %lld 次调用 / calls, %.1f s, hash %016llx\n", (long long)s->p.days, s->agent_n, (long long)s->calls, s->seconds, (unsigned long long)s->hash);
}
