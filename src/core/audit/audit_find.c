/* One index gives the rows, newest first; what else was asked for is looked at row by row, up to a budget. */
#include "core/audit/audit_find.h"

#include <string.h>

#include "core/auth/auth.h"
#include "gen/audit_sql.h"

enum { CHUNK = 200, BUDGET = 5000, SLACK_MS = MINUTE_MS };

/* Where to begin ----------------------------------------------------------------------------------------------------------- */

/* The time of the newest event up to `no`, 0 when there is none. */
static int time_at(struct ctx *c, int64_t no, int64_t *at)
{
	struct audit_time_at_row *row;
	size_t n;
	struct arena_mark mark = arena_mark(c->arena);
	TRY(audit_time_at(c, no, &row, &n));
	*at = n ? row->at : 0;
	arena_rewind(c->arena, mark);
	return 0;
}

/* The first number that is later than `to`, found by halving; requests that ran side by side are within the slack. */
static int number_after(struct ctx *c, time_ms to, int64_t *no)
{
	struct tenant_counter counter = { 0 };
	int r = tenant_counter_row_get(c, &counter);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	int64_t low = 0, high = counter.event_no + 1;
	while (low < high) {
		int64_t middle = low + (high - low) / 2, at;
		TRY(time_at(c, middle, &at));
		if (at <= to + SLACK_MS)
			low = middle + 1;
		else
			high = middle;
	}
	*no = low;
	return 0;
}

static int chunk_of(struct ctx *c, const struct audit_query *q, int64_t before, struct event **rows, size_t *n)
{
	if (q->object_id)
		return audit_page_of_object(c, q->object ? q->object : "", q->object_id, before, CHUNK, rows, n);
	if (q->actor_id)
		return audit_page_of_staff(c, q->actor_id, before, CHUNK, rows, n);
	return text_empty(q->area) ? audit_page(c, before, CHUNK, rows, n) : audit_page_of_area(c, q->area, before, CHUNK, rows, n);
}

/* What fits ---------------------------------------------------------------------------------------------------------------- */

static bool has(const char *text, const char *q)
{
	return text && strcasestr(text, q) != NULL;
}

/* Whether a list with commas names it. */
static bool names(const char *list, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = strstr(list, word); p; p = strstr(p + 1, word))
		if ((p == list || p[-1] == ',') && (p[n] == 0 || p[n] == ','))
			return true;
	return false;
}

static bool fits_row(const struct audit_query *q, const struct event *e)
{
	return (text_empty(q->kind) || names(q->kind, e->kind)) && (text_empty(q->area) || text_equal(e->area, q->area)) && (text_empty(q->object) || text_equal(e->object, q->object)) &&
	       (!q->actor_id || e->actor_id == q->actor_id) && (!q->to || e->at < q->to) && (!q->from || e->at >= q->from);
}

static int explain(struct ctx *c, const struct event *e, struct audit_entry *out)
{
	size_t n;
	*out = (struct audit_entry){ .event = e, .why = "" };
	if (!e->detail)
		return 0;
	if (!strcmp(e->area, "reading")) {
		struct audit_reading_row_row *row;
		TRY(audit_reading_row(c, e->detail, &row, &n));
		out->field = n ? row->field : NULL;
		out->why = n ? row->purpose : "";
		return 0;
	}
	struct audit_change_row_row *row;
	TRY(audit_change_row(c, e->object, e->object_id, e->detail, &row, &n));
	out->why = n ? row->reason : "";
	if (n && may(c, arena_format(c->arena, "%s.read", e->object)))
		out->fields = row->fields;
	return 0;
}

static bool fits_words(const struct audit_query *q, const struct audit_entry *entry)
{
	if (!text_empty(q->field) && !(entry->field && names(q->field, entry->field)))
		return false;
	return text_empty(q->q) || has(entry->event->kind, q->q) || has(entry->why, q->q) || has(entry->event->data, q->q);
}

static int check(struct ctx *c, const struct audit_query *q)
{
	if (!text_empty(q->area) && !choice_find(audit_areas, q->area))
		return fail_field(c, "area", ERR_FIELD_CHOICE, NULL);
	return 0;
}

int audit_find(struct ctx *c, const struct audit_query *q, struct audit_entries *out)
{
	int64_t before = q->before ? q->before : INT64_MAX, looked = 0;
	size_t most = (size_t)q->limit, n = CHUNK;
	*out = (struct audit_entries){ .at = ARENA_ARRAY(c->arena, struct audit_entry, most + 1) };
	TRY(check(c, q));
	if (q->to && !q->before)
		TRY(number_after(c, q->to, &before));
	for (bool past = false; n == CHUNK && !past && out->n < most && looked < BUDGET;) {
		struct event *rows;
		TRY(chunk_of(c, q, before, &rows, &n));
		for (size_t i = 0; i < n && out->n < most && !past; i++) {
			looked++;
			before = rows[i].no;
			past = q->from && rows[i].at < q->from - SLACK_MS;
			if (past || !fits_row(q, &rows[i]))
				continue;
			TRY(explain(c, &rows[i], &out->at[out->n]));
			out->n += fits_words(q, &out->at[out->n]);
		}
		out->next = past || (n < CHUNK && before == (n ? rows[n - 1].no : before)) ? 0 : before;
	}
	out->tired = out->next && out->n < most;
	return 0;
}
