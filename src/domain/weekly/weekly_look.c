/* The figures of a week as one person may know them. Promises are asked as the page of promises asks, tickets as lists are, so neither the page nor a
 * list ever says another number. */
#include "domain/weekly/weekly.h"

#include <stdlib.h>
#include <string.h>

#include "core/auth/auth.h"
#include "core/list/list.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "gen/weekly_sql.h"

enum { COUNT_MOST = 1000000, BREACHES_AT_ONCE = 500, WORDS = 300 };

/* Promises ------------------------------------------------------------------------------------------------------------- */

static int by_margin(const void *a, const void *b, void *promise)
{
	int64_t x = promise_margin(promise, &((const struct promise_share *)a)->sum), y = promise_margin(promise, &((const struct promise_share *)b)->sum);
	return x < y ? -1 : x > y;
}

/* Those that lie furthest below the target, worst first. */
static int look_worst(struct ctx *c, const struct ready_promise *p, struct promise_question *q, enum promise_part by, const char *link, struct weekly_worst *out, size_t *count)
{
	const struct record *record = by == PART_TEAM ? &team_record : &product_record;
	const char *filter = by == PART_TEAM ? "team_id" : "product_id";
	struct promise_share *shares;
	struct titles titles;
	int64_t ids[WEEKLY_WORST];
	size_t n;
	TRY(promise_shares(c, p, q, by, &shares, &n));
	qsort_r(shares, n, sizeof(*shares), by_margin, (void *)p);
	for (*count = 0; *count < n && *count < WEEKLY_WORST && promise_margin(p, &shares[*count].sum) < 0; (*count)++)
		ids[*count] = shares[*count].id;
	if (*count)
		TRY(record_titles(c, record, ids, *count, &titles));
	for (size_t i = 0; i < *count; i++) {
		out[i] = (struct weekly_worst){ .actual = promise_actual(p, &shares[i].sum), .cases = shares[i].sum.cases };
		if (!shares[i].id)
			continue;
		out[i].title = titles_find(&titles, shares[i].id);
		if (out[i].title)
			out[i].link = arena_format(c->arena, "%s&%s=%lld", link, filter, (long long)shares[i].id);
	}
	return 0;
}

static int look_promise(struct ctx *c, const struct ready_promise *p, struct promise_question *q, bool worst, const char *link, struct weekly_promise *out)
{
	struct promise_sum sums[PROMISE_PERIODS];
	const struct promise_sum *last = &sums[PROMISE_PERIODS - 1];
	TRY(promise_trend(c, p, q, sums));
	*out = (struct weekly_promise){
		.name = arena_string(c->arena, lang_text(c->lang, p->row->name, p->row->name_en)), .link = arena_format(c->arena, "%s&promise=%lld", link, (long long)p->row->id),
		.state = promise_state(p, sums), .unit = p->unit,
		.at_least = text_equal(p->row->direction, "least"), .target = p->unit == PROMISE_SHARE ? (double)p->target / 100 : (double)p->target,
		.actual = promise_actual(p, last), .change = promise_actual(p, last) - promise_actual(p, last - 1), .cases = last->cases,
	};
	if (!worst || !last->cases || promise_margin(p, last) >= 0)
		return 0;
	TRY(look_worst(c, p, q, PART_PRODUCT, out->link, out->products, &out->product_count));
	return look_worst(c, p, q, PART_TEAM, out->link, out->teams, &out->team_count);
}

/* Those that were missed first, else in the company's order. */
static void order(struct weekly_promise *promises, size_t n, struct arena *a)
{
	static const char *const states[] = { "missed", "near", "few", "held", "none" };
	struct weekly_promise *was = ARENA_ARRAY(a, struct weekly_promise, n + 1);
	size_t put = 0;
	memcpy(was, promises, n * sizeof(*was));
	for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++)
		for (size_t i = 0; i < n; i++)
			if (!strcmp(was[i].state, states[s]))
				promises[put++] = was[i];
}

static int look_promises(struct ctx *c, bool worst, struct weekly *out)
{
	struct promise_question q;
	PROMISE_SET set = NULL;
	TRY(promise_question(c, &(struct promise_asked){ .period = "week", .day = out->from }, &q));
	TRY(promise_set_take(c, &set));
	out->promises = ARENA_ARRAY(c->arena, struct weekly_promise, set->n + 1);
	for (size_t i = 0; i < set->n; i++)
		if (promise_is_told(c, &set->at[i]))
			TRY(look_promise(c, &set->at[i], &q, worst, out->link, &out->promises[out->promise_count++]));
	order(out->promises, out->promise_count, c->arena);
	return 0;
}

/* Tickets -------------------------------------------------------------------------------------------------------------- */

static const char *instant(struct ctx *c, time_ms at)
{
	int year, month, day;
	int64_t second = at / SECOND_MS % 86400;
	day_split(at / DAY_MS, &year, &month, &day);
	return arena_format(c->arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static int count(struct ctx *c, const char *condition, const char *sort, int64_t most, int64_t *n)
{
	int64_t more;
	TRY(list_count_to(c, &ticket_record, &(struct list_query){ .condition = condition, .sort = sort }, most, n, &more));
	*n = more ? -1 : *n;
	return 0;
}

/* Whatever happened to a ticket since the week began has changed it since, and by its last change it is found. Past the budget of a list
 * nobody could say how many there are. */
static int count_happened(struct ctx *c, const char *what, time_ms from, time_ms to, int64_t *n)
{
	const char *start = instant(c, from), *changed = arena_format(c->arena, "updated_at >= %s", start);
	TRY(count(c, changed, "-updated_at", setting_of(c, SETTING_LIST_BUDGET), n));
	return *n < 0 ? 0 : count(c, arena_format(c->arena, "%s and %s >= %s and %s < %s", changed, what, start, what, instant(c, to)), "-updated_at", COUNT_MOST, n);
}

/* How many of these clocks belong to rows that the actor sees. */
static int count_seen(struct ctx *c, const struct record_model *m, const struct weekly_breaches_row *rows, size_t n, int64_t *seen)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	const void **shown = ARENA_ARRAY(c->arena, const void *, n + 1);
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		if (text_equal(rows[i].object, m->record->name))
			ids[count++] = rows[i].object_id;
	if (!may(c, m->read_right))
		return 0;
	TRY(list_rows_in_order(c, m->record, ids, count, shown));
	for (size_t i = 0; i < count; i++)
		*seen += shown[i] != NULL;
	return 0;
}

static int count_breaches(struct ctx *c, time_ms from, time_ms to, int64_t *out)
{
	struct weekly_breaches_row *rows;
	int64_t after = id_first(from) - 1;
	size_t n;
	*out = 0;
	do {
		struct arena_mark mark = arena_mark(c->arena);
		TRY(weekly_breaches(c, after, from, to, BREACHES_AT_ONCE, &rows, &n));
		TRY(count_seen(c, model_of(c, &ticket_record), rows, n, out));
		after = n ? rows[n - 1].id : after;
		arena_rewind(c->arena, mark);
	} while (n == BREACHES_AT_ONCE);
	return 0;
}

#define STILL_OPEN "state in (new, accepted, working, waiting_customer, resolved)"

static int look_counts(struct ctx *c, time_ms from, time_ms to, int64_t counts[WEEKLY_COUNTS])
{
	const char *created = arena_format(c->arena, "created_at >= %s and created_at < %s", instant(c, from), instant(c, to));
	TRY(count(c, created, "-created_at", COUNT_MOST, &counts[WEEKLY_RECEIVED]));
	TRY(count(c, arena_format(c->arena, "%s and scene = complaint", created), "-created_at", COUNT_MOST, &counts[WEEKLY_COMPLAINTS]));
	TRY(count_happened(c, "solved_at", from, to, &counts[WEEKLY_SOLVED]));
	TRY(count_happened(c, "reopened_at", from, to, &counts[WEEKLY_REOPENED]));
	return count_breaches(c, from, to, &counts[WEEKLY_BREACHED]);
}

static int look_oldest(struct ctx *c, struct weekly *out)
{
	const struct record_model *m = model_of(c, &ticket_record);
	struct list_page page;
	struct slot slots[MOST_FIELDS_OF_RECORD];
	TRY(list_page(c, &ticket_record, &(struct list_query){ .condition = STILL_OPEN, .sort = "created_at", .limit = WEEKLY_OLDEST }, &page));
	const struct ticket *rows = page.rows;
	for (size_t i = 0; i < page.n; i++) {
		TRY(record_slots(c, m, &rows[i], MASKED, slots));
		out->oldest[out->oldest_count++] = (struct weekly_ticket){
			.no = rows[i].no, .title = slots[field_index(m, "title")].text, .age_ms = c->now - rows[i].created_at,
			.link = arena_format(c->arena, "%s/ticket/%lld", c->services->public_url, (long long)rows[i].id),
		};
	}
	return 0;
}

int weekly_look(struct ctx *c, int64_t monday, const struct weekly_parts *parts, struct weekly *out)
{
	struct tenant tenant;
	char day[16];
	TRY(tenant_row_get(c, &tenant));
	day_format(monday, day);
	time_ms from = monday * DAY_MS - tenant.zone_minutes * MINUTE_MS, to = from + 7 * DAY_MS;
	bool reads_tickets = may(c, model_of(c, &ticket_record)->read_right);
	*out = (struct weekly){
		.from = monday, .to = monday + 6, .company = tenant.name, .lang = c->lang,
		.link = arena_format(c->arena, "%s/promise?period=week&day=%s", c->services->public_url, day),
		.narrow = scope_bites(c, model_of(c, &ticket_record)), .shows_promises = parts->promises && may(c, "promise.read"),
		.shows_counts = parts->counts && reads_tickets, .shows_oldest = parts->oldest && reads_tickets,
	};
	if (out->shows_promises)
		TRY(look_promises(c, parts->worst, out));
	if (out->shows_counts) {
		TRY(look_counts(c, from, to, out->counts));
		TRY(look_counts(c, from - 7 * DAY_MS, from, out->before));
		TRY(count(c, STILL_OPEN, "-created_at", COUNT_MOST, &out->counts[WEEKLY_OPEN]));
		out->before[WEEKLY_OPEN] = -1;
	}
	return out->shows_oldest ? look_oldest(c, out) : 0;
}
