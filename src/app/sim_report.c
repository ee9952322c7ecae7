/* What a run has come to, read back through the API: the rows say what the server made of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/sim.h"
#include "core/pack.h"

enum { QUARTER_MS = 15 * MINUTE_MS };

struct spans {
	int64_t *at;
	size_t n;
};

struct measuring {
	struct spans first, solution, kinds[SIM_DAYS];
};

struct sim_times {
	int64_t created, answered, solved, closed;
	bool complaint;
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

/* Of the days of one kind, by when the ticket came. */
static void count_kind(struct sim_kind *k, const struct sim_times *t, struct spans *solution)
{
	k->tickets++;
	k->closed += t->closed > 0;
	k->complaints += t->complaint;
	if (t->answered) {
		k->answered++;
		k->answered_in_time += t->answered - t->created <= QUARTER_MS;
		k->first_mean_s += (double)(t->answered - t->created) / SECOND_MS;      /* a sum until all are counted */
	}
	if (t->solved)
		solution->at[solution->n++] = t->solved - t->created;
}

static void count_ticket(struct sim *s, yyjson_val *row, struct measuring *m)
{
	struct sim_figures *f = &s->figures;
	struct spans *first = &m->first, *solution = &m->solution;
	const char *state = yyjson_get_str(yyjson_obj_get(row, "state")), *scene = yyjson_get_str(yyjson_obj_get(row, "scene")), *rating = yyjson_get_str(yyjson_obj_get(row, "rating"));
	int64_t created = time_of(row, "created_at"), answered = time_of(row, "first_response_at"), solved = time_of(row, "solved_at"), closed = time_of(row, "closed_at");
	const enum sim_day kind = sim_kind_of(s, created);
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
		f->answered_in_time += answered - created <= QUARTER_MS;
		first->at[first->n++] = answered - created;
	}
	if (solved)
		solution->at[solution->n++] = solved - created;
	count_kind(&f->kinds[kind], &(struct sim_times){ created, answered, solved, done ? closed : 0, complaint }, &m->kinds[kind]);
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
static int each(struct sim *s, const char *record, struct measuring *m)
{
	const char *after = "";
	do {
		arena_reset(s->scratch);
		TRY(sim_staff(s, &s->admin, "GET", arena_format(s->scratch, "/%s?limit=100&sort=created_at%s%s", record, *after ? "&after=" : "", after), "", "read", 0));
		yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
		yyjson_val *root = yyjson_doc_get_root(doc), *row;
		size_t i, n;
		yyjson_arr_foreach(yyjson_obj_get(root, "items"), i, n, row) {
			if (m && s->figures.tickets < (int64_t)s->ticket_n)
				count_ticket(s, row, m);
			else if (!m)
				count_task(&s->figures, row);
		}
		after = pack_text(s->arena, root, "next", "");
		yyjson_doc_free(doc);
	} while (*after);
	return 0;
}

static void finish_kinds(struct sim *s, struct measuring *m)
{
	for (int64_t day = day_of(s->from, SIM_OFFSET); day * DAY_MS - SIM_OFFSET * (int64_t)MINUTE_MS < s->until; day++)
		s->figures.kinds[sim_kind_of_day(s, day)].days++;
	for (size_t i = 0; i < SIM_DAYS; i++) {
		struct sim_kind *k = &s->figures.kinds[i];
		k->first_mean_s /= k->answered ? (double)k->answered : 1;
		k->solution_p50_s = part(&m->kinds[i], 0.5);
		sim_note(s, "kind", k->tickets, k->answered_in_time);
	}
}

int sim_measure(struct sim *s)
{
	struct sim_figures *f = &s->figures;
	struct measuring m = { .first.at = ARENA_ARRAY(s->arena, int64_t, s->ticket_n + 1), .solution.at = ARENA_ARRAY(s->arena, int64_t, s->ticket_n + 1) };
	for (size_t i = 0; i < SIM_DAYS; i++)
		m.kinds[i].at = ARENA_ARRAY(s->arena, int64_t, s->ticket_n + 1);
	*f = (struct sim_figures){ 0 };
	TRY(each(s, "ticket", &m));
	TRY(each(s, "task", NULL));
	for (size_t i = 0; i < m.first.n; i++)
		f->first_mean_s += (double)m.first.at[i] / SECOND_MS / (double)m.first.n;
	f->first_p90_s = part(&m.first, 0.9);
	f->solution_p50_s = part(&m.solution, 0.5);
	f->solution_p90_s = part(&m.solution, 0.9);
	f->solved = (int64_t)m.solution.n;
	f->open = f->tickets - f->closed - f->cancelled;
	sim_note(s, "figures", f->closed, f->answered_in_time);
	sim_note(s, "figures", f->complaints_in_time, (int64_t)(f->first_mean_s * 1000));
	finish_kinds(s, &m);
	return sim_measure_talks(s);
}

/* Showing ----------------------------------------------------------------------------------------------------------------- */

static double share(int64_t a, int64_t b)
{
	return b ? 100.0 * (double)a / (double)b : 100;
}

enum better { EITHER, MORE, LESS };

struct line {
	const char *code, *zh, *en, *unit, *target;
	double value;
	enum better better;
};
enum { LINES = 21, KIND_LINES = 8 };

static void lines_of(const struct sim *s, struct line out[static LINES])
{
	const struct sim_figures *f = &s->figures;
	const struct line lines[LINES] = {
		{ "tickets", "服务单", "Tickets", "", "", (double)f->tickets, EITHER },
		{ "closed_loop", "闭环率", "Closed loop", "%", "≥ 95", share(f->closed, f->tickets - f->cancelled), MORE },
		{ "first_response_mean", "首次响应（平均）", "First response, mean", "min", "≤ 15", f->first_mean_s / 60, LESS },
		{ "first_response_p90", "首次响应（90%）", "First response, 90 %", "min", "", f->first_p90_s / 60, LESS },
		{ "first_response_in_time", "15 分钟内响应", "Answered within 15 min", "%", "", share(f->answered_in_time, f->answered), MORE },
		{ "solution_p50", "解决时长（中位）", "Solution, median", "h", "", f->solution_p50_s / 3600, LESS },
		{ "solution_p90", "解决时长（90%）", "Solution, 90 %", "h", "", f->solution_p90_s / 3600, LESS },
		{ "complaints", "投诉", "Complaints", "", "", (double)f->complaints, LESS },
		{ "complaint_loop", "投诉 3 天内闭环", "Complaints closed within 3 d", "%", "", share(f->complaints_in_time, f->complaints), MORE },
		{ "complaint_calls", "主管 1 小时内致电", "Supervisor called within 1 h", "%", "", share(f->calls_in_time, f->calls), MORE },
		{ "reopened", "重开", "Reopened", "%", "", share(f->reopened, f->tickets), LESS },
		{ "reminded", "催办过", "Reminded", "%", "", share(f->reminded, f->tickets), LESS },
		{ "rated", "已评价", "Rated", "%", "", share(f->rated, f->tickets), EITHER },
		{ "bad", "差评", "Bad reviews", "", "", (double)f->bad, LESS },
		{ "cancelled", "客户取消", "Called off", "", "", (double)f->cancelled, EITHER },
		{ "open", "未关闭", "Still open", "", "", (double)f->open, LESS },
		{ "contacts", "会话", "Conversations", "", "", (double)f->talks.contacts, EITHER },
		{ "contacts_joined", "归到本人档案", "Joined to the right customer", "%", "≥ 95", share(f->talks.joined, f->talks.contacts), MORE },
		{ "contacts_wrong", "归错人", "Joined to somebody else", "", "0", (double)f->talks.wrong, LESS },
		{ "chat_first_response", "会话首次响应（平均）", "Conversations: first response, mean", "min", "≤ 2", f->talks.first_mean_s / 60, LESS },
		{ "chat_answered", "找人工的会话接通", "Conversations answered by a person", "%", "≥ 95", share(f->talks.answered, f->talks.asked), MORE },
	};
	memcpy(out, lines, sizeof(lines));
}

/* The same questions of working days, weekends and holidays. */
static void lines_of_kind(const struct sim *s, size_t i, struct line out[static KIND_LINES])
{
	const struct sim_kind *k = &s->figures.kinds[i];
	const double days = k->days ? (double)k->days : 1;
	const struct line lines[KIND_LINES] = {
		{ "days", "天数", "Days", "", "", (double)k->days, EITHER },
		{ "tickets_a_day", "每天服务单", "Tickets a day", "", "", (double)k->tickets / days, EITHER },
		{ "agents_a_day", "每天在岗（小时）", "Agents' hours a day", "h", "", s->hours[i] / days, EITHER },
		{ "first_response_mean", "首次响应（平均）", "First response, mean", "min", "", k->first_mean_s / 60, EITHER },
		{ "first_response_in_time", "15 分钟内响应", "Answered within 15 min", "%", "", share(k->answered_in_time, k->answered), EITHER },
		{ "solution_p50", "解决时长（中位）", "Solution, median", "h", "", k->solution_p50_s / 3600, EITHER },
		{ "complaints", "投诉", "Complaints", "%", "", k->tickets ? share(k->complaints, k->tickets) : 0, EITHER },
		{ "closed", "已关闭", "Closed", "%", "", share(k->closed, k->tickets), EITHER },
	};
	memcpy(out, lines, sizeof(lines));
}

static void print_members(const struct line *lines, size_t n, const char *comma)
{
	for (size_t i = 0; i < n; i++)
		printf("%s\"%s\":%.3f", i ? "," : comma, lines[i].code, lines[i].value);
}

static void print_json(const struct sim *s, const struct line *lines)
{
	static const char *const names[SIM_DAYS] = { "work", "weekend", "holiday" };
	struct line kind[KIND_LINES];
	printf("{\"days\":%lld,\"seed\":%lld,\"agents\":%zu,\"calls\":%lld,\"seconds\":%.1f,\"held\":%.3f,\"hash\":\"%016llx\"", (long long)s->p.days, (long long)s->p.seed, s->agent_n,
	       (long long)s->calls, s->seconds, (double)s->pace.held_ns / 1e9, (unsigned long long)s->hash);
	print_members(lines, LINES, ",");
	for (size_t i = 0; i < SIM_DAYS; i++) {
		lines_of_kind(s, i, kind);
		printf(i ? ",\"%s\":{" : ",\"by_day\":{\"%s\":{", names[i]);
		print_members(kind, KIND_LINES, "");
		printf("}");
	}
	printf("}}\n");
}

/* Less than a twentieth of itself is chance as well as change; so a figure that hardly moved is called neither. */
static const char *verdict(const struct line *a, const struct line *b)
{
	double change = b->value - a->value, size = a->value < 0 ? -a->value : a->value;
	if (a->better == EITHER || (change < 0 ? -change : change) <= size / 20)
		return "";
	return (change > 0) == (a->better == MORE) ? "好 better" : "差 worse";
}

static void print_kinds(const struct sim *s)
{
	struct line kinds[SIM_DAYS][KIND_LINES];
	for (size_t i = 0; i < SIM_DAYS; i++)
		lines_of_kind(s, i, kinds[i]);
	printf("\n  工作日 work days  周末 weekends   节假日 holidays\n");
	for (size_t k = 0; k < KIND_LINES; k++) {
		for (size_t i = 0; i < SIM_DAYS; i++)
			if (i && !s->figures.kinds[i].days)
				printf("%12s %-4s", "-", "");
			else
				printf("%12.1f %-4s", kinds[i][k].value, kinds[i][k].unit);
		printf("  %s / %s\n", kinds[0][k].zh, kinds[0][k].en);
	}
	putchar('\n');
}

static void print_ways(const struct sim *s)
{
	static const char *const names[SIM_WAYS] = { "手机页 page", "网页客服 web", "短信 SMS", "开放接口 API", "电话 telephone" };
	const struct sim_joined *j = &s->figures.talks;
	for (size_t i = 0; j->contacts && i < SIM_WAYS; i++)
		printf("%12.1f %%     %s：%lld 个会话 / conversations\n", share(j->joined_of_way[i], j->of_way[i]), names[i], (long long)j->of_way[i]);
}

static void print_size(const struct sim *s)
{
	printf("%lld 天 / days, %zu 名客服 / agents, %lld 次调用 / calls, %.1f s, hash %016llx\n", (long long)s->p.days, s->agent_n, (long long)s->calls, s->seconds, (unsigned long long)s->hash);
}

void sim_print(const struct sim *s, const struct sim *other)
{
	struct line a[LINES], b[LINES];
	lines_of(s, a);
	lines_of(other ? other : s, b);
	if (s->p.json) {
		print_json(s, a);
		if (other)
			print_json(other, b);
		return;
	}
	if (other)
		printf("  改变前 before    改变后 after     差别 change\n");
	for (size_t i = 0; i < LINES; i++) {
		printf("%12.1f %-4s", a[i].value, a[i].unit);
		if (other)
			printf("%12.1f %-4s%+12.1f %-4s", b[i].value, b[i].unit, b[i].value - a[i].value, a[i].unit);
		printf("  %-6s  %s / %s  %s\n", a[i].target, a[i].zh, a[i].en, other ? verdict(&a[i], &b[i]) : "");
	}
	print_ways(s);
	print_kinds(s);
	print_size(s);
	if (!other)
		return;
	print_kinds(other);
	print_size(other);
}
