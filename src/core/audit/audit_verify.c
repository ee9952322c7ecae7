/* Three walks in order of keys: links with their events, changes, readings; each a page at a time in small memory. */
#include "core/audit/audit_verify.h"

#include <string.h>

#include "core/services.h"
#include "gen/audit_sql.h"

enum { PAGE = 500 };

struct walk {
	struct ctx *c;
	const struct audit_check *check;
	const struct audit_keys *keys;
	struct audit_start start;
	struct audit_report *report;
	int64_t changes_told, readings_told;            /* by events with a proof */
	int64_t unproved_changes, unproved_readings;
	/* events */
	struct event *page;
	size_t n, i;
	int64_t seen;                                   /* the last number read */
	int64_t read_to;
	struct arena *arena, *events_arena;             /* of a page */
};

static void found(struct walk *w, enum audit_fault_kind kind, const char *table, const char *row)
{
	w->report->faults++;
	w->check->fault(w->check->arg, &(struct audit_fault){ kind, table, row });
}

static const char *number(struct walk *w, int64_t no)
{
	return arena_format(w->arena, "no %lld", (long long)no);
}

/* A number, or a first and a last one. */
static void removed(struct walk *w, const char *table, int64_t first, int64_t last)
{
	found(w, FAULT_REMOVED, table, first == last ? number(w, first) : arena_format(w->arena, "no %lld to %lld", (long long)first, (long long)last));
}

/* Events --------------------------------------------------------------------------------------------------------------- */

/* The next event without taking it; NULL at the end. */
static int look(struct walk *w, const struct event **out)
{
	*out = NULL;
	if (w->i == w->n && (w->n == PAGE || !w->page)) {
		struct ctx page = *w->c;
		arena_reset(w->events_arena);
		page.arena = w->events_arena;
		TRY(audit_events_after(&page, w->read_to, PAGE, &w->page, &w->n));
		w->i = 0;
		if (!w->page)
			w->page = (struct event *)"";
		if (w->n)
			w->read_to = w->page[w->n - 1].no;
	}
	if (w->i < w->n)
		*out = &w->page[w->i];
	return 0;
}

static bool is_reading(const struct event *e)
{
	const char *dot = strrchr(e->kind, '.');
	return dot && !strcmp(dot, ".revealed");
}

/* One event: is it ours? False when a fault was reported. */
static bool judge_event(struct walk *w, const struct event *e)
{
	w->report->events++;
	if (!e->mac.p && e->no <= w->start.events) {
		w->report->unproved++;
		return true;
	}
	if (!audit_proves(w->arena, w->keys, &shape_event, e, e->mac)) {
		found(w, e->mac.p ? FAULT_CHANGED : FAULT_INSERTED, "event", number(w, e->no));
		return false;
	}
	if (e->detail && is_reading(e))
		w->readings_told++;
	else if (e->detail)
		w->changes_told++;
	return true;
}

static struct bytes proof_of(struct walk *w, const struct event *e)
{
	return e->mac.p ? e->mac : audit_proof(w->arena, w->keys, &shape_event, e);
}

/* Events of one link. *clean: each is there and ours. */
static int walk_events(struct walk *w, const struct audit_link *link, struct audit_fold *fold, bool *clean)
{
	const struct event *e;
	*clean = true;
	for (int64_t next = link->first;; next++) {
		TRY(look(w, &e));
		int64_t there = e && e->no <= link->no ? e->no : link->no + 1;
		if (there > next) {
			removed(w, "event", next, there - 1);
			*clean = false;
		}
		if (there > link->no)
			return 0;
		*clean &= judge_event(w, e);
		audit_fold_add(fold, e->no, proof_of(w, e));
		w->i++;
		next = e->no;
	}
}

static void judge_link(struct walk *w, const struct audit_link *link, const struct audit_fold *fold, bool clean)
{
	uint8_t mac[AUDIT_LINK_SIZE];
	struct bytes text = audit_signed_text(w->arena, w->c->tenant, link);
	bool whole = link->mac.n == AUDIT_LINK_SIZE && link->signature.n == SIGNATURE_SIZE;
	audit_fold_end(fold, w->keys, mac);
	if (clean && !(whole && crypto_equal(mac, link->mac.p, AUDIT_LINK_SIZE)))
		found(w, FAULT_LINK, "audit_link", number(w, link->no));
	else if (!whole || !sign_holds(w->keys->public, text.p, text.n, link->signature.p))
		found(w, FAULT_SIGNATURE, "audit_link", number(w, link->no));
	w->report->links++;
}

/* Events between two links: a link that covered them is gone. */
static int walk_gap(struct walk *w, int64_t last, int64_t first)
{
	const struct event *e;
	TRY(look(w, &e));
	if (first <= last + 1)
		return 0;
	bool any = e && e->no < first;
	if (any)
		found(w, FAULT_REMOVED, "audit_link", arena_format(w->arena, "of no %lld to %lld", (long long)(last + 1), (long long)(first - 1)));
	for (int64_t next = last + 1; next < first; next++) {
		int64_t there = e && e->no < first ? e->no : first;
		if (there > next)
			removed(w, "event", next, there - 1);
		if (there == first)
			return 0;
		judge_event(w, e);
		w->i++;
		next = there;
		TRY(look(w, &e));
	}
	return 0;
}

static int walk_links(struct walk *w, int64_t *last)
{
	uint8_t before[AUDIT_LINK_SIZE];
	struct ctx page = *w->c;
	struct audit_link *links;
	size_t n = PAGE;
	*last = 0;
	ARENA_SCOPED a = arena_new();
	page.arena = a;
	for (int64_t after = 0; n == PAGE;) {
		arena_reset(a);
		TRY(audit_links_after(&page, after, PAGE, &links, &n));
		for (size_t i = 0; i < n; i++) {
			struct arena_mark mark = arena_mark(w->arena);
			bool clean, first = *last == 0 && after == 0 && i == 0;
			struct audit_fold fold = audit_fold_begin(w->arena, &w->start, first ? NULL : before);
			TRY(walk_gap(w, *last, links[i].first));
			TRY(walk_events(w, &links[i], &fold, &clean));
			judge_link(w, &links[i], &fold, clean);
			if (links[i].mac.n == AUDIT_LINK_SIZE)
				memcpy(before, links[i].mac.p, AUDIT_LINK_SIZE);
			*last = links[i].no;
			arena_rewind(w->arena, mark);
		}
		after = *last;
	}
	return 0;
}

/* What came after the last link: the follower has yet to reach it, but every number must be there and none beyond the counter. */
static int walk_end(struct walk *w, int64_t last)
{
	struct tenant_counter counter = { 0 };
	const struct event *e;
	int r = tenant_counter_row_get(w->c, &counter);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	for (int64_t next = last + 1;; next++) {
		struct arena_mark mark = arena_mark(w->arena);
		TRY(look(w, &e));
		int64_t there = e ? e->no : counter.event_no + 1;
		if (there > next)
			removed(w, "event", next, there - 1);
		if (!e)
			return 0;
		if (judge_event(w, e) && e->no > counter.event_no)
			found(w, FAULT_CHANGED, "tenant_counter", number(w, counter.event_no));
		w->report->unchained++;
		w->i++;
		next = e->no;
		arena_rewind(w->arena, mark);
	}
}

/* Changes and readings --------------------------------------------------------------------------------------------------- */

static void judge_row(struct walk *w, const struct shape *s, const void *row, struct bytes mac, const char *key, int64_t *unproved)
{
	if (mac.p && audit_proves(w->arena, w->keys, s, row, mac))
		return;
	if (mac.p)
		return found(w, FAULT_CHANGED, s->name, key);
	++*unproved;
	w->report->unproved++;
}

static int walk_changes(struct walk *w, int64_t *proved)
{
	ARENA_SCOPED a = arena_new();
	struct ctx page = *w->c;
	struct change *rows, last = { .object = "" };
	size_t n = PAGE;
	page.arena = a;
	while (n == PAGE) {
		char *object = arena_string(w->arena, last.object);
		arena_reset(a);
		TRY(audit_changes_after(&page, object, last.object_id, last.version, PAGE, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			int64_t before = w->report->faults + w->unproved_changes;
			const char *key = arena_format(a, "%s %lld version %lld", rows[i].object, (long long)rows[i].object_id, (long long)rows[i].version);
			judge_row(w, &shape_change, &rows[i], rows[i].mac, key, &w->unproved_changes);
			*proved += before == w->report->faults + w->unproved_changes;
			w->report->changes++;
		}
		if (n)
			last = rows[n - 1];
	}
	return 0;
}

static int walk_readings(struct walk *w, int64_t *proved)
{
	ARENA_SCOPED a = arena_new();
	struct ctx page = *w->c;
	struct reading *rows;
	size_t n = PAGE;
	page.arena = a;
	for (int64_t after = 0; n == PAGE;) {
		arena_reset(a);
		TRY(audit_readings_after(&page, after, PAGE, &rows, &n));
		for (size_t i = 0; i < n; i++) {
			int64_t before = w->report->faults + w->unproved_readings;
			judge_row(w, &shape_reading, &rows[i], rows[i].mac, arena_format(a, "id %lld", (long long)rows[i].id), &w->unproved_readings);
			*proved += before == w->report->faults + w->unproved_readings;
			w->report->readings++;
			after = rows[i].id;
		}
	}
	return 0;
}

/* Which of the rows that events tell of are not there. Asked only when there are fewer than told of. */
static int name_missing(struct walk *w)
{
	const struct event *e;
	w->page = NULL;
	w->n = w->i = 0;
	w->read_to = 0;
	for (;;) {
		size_t n = 1;
		struct audit_change_there_row *change;
		struct audit_reading_there_row *reading;
		struct arena_mark mark = arena_mark(w->c->arena);
		TRY(look(w, &e));
		if (!e)
			return 0;
		bool told = e->detail && audit_proves(w->arena, w->keys, &shape_event, e, e->mac);
		if (told && is_reading(e))
			TRY(audit_reading_there(w->c, e->detail, &reading, &n));
		else if (told)
			TRY(audit_change_there(w->c, e->object, e->object_id, e->detail, &change, &n));
		if (!n && is_reading(e))
			found(w, FAULT_REMOVED, "reading", arena_format(w->arena, "id %lld", (long long)e->detail));
		else if (!n)
			found(w, FAULT_REMOVED, "change", arena_format(w->arena, "%s %lld version %lld", e->object, (long long)e->object_id, (long long)e->detail));
		arena_rewind(w->c->arena, mark);
		w->i++;
	}
}

/* Rows without a proof are those that were there when the audit began, and no others. */
static void judge_unproved(struct walk *w, const char *table, int64_t there, int64_t expected)
{
	if (there != expected)
		found(w, there > expected ? FAULT_INSERTED : FAULT_REMOVED, table,
		      arena_format(w->arena, "%lld without a proof, %lld when the audit began", (long long)there, (long long)expected));
}

static int walk_rows(struct walk *w)
{
	int64_t changes = 0, readings = 0;
	TRY(walk_changes(w, &changes));
	TRY(walk_readings(w, &readings));
	judge_unproved(w, "change", w->unproved_changes, w->start.changes);
	judge_unproved(w, "reading", w->unproved_readings, w->start.readings);
	return changes < w->changes_told || readings < w->readings_told ? name_missing(w) : 0;
}

/* Heads ------------------------------------------------------------------------------------------------------------------ */

static int judge_heads(struct walk *w)
{
	for (size_t i = 0; i < w->check->head_count; i++) {
		const struct audit_head *head = &w->check->heads[i];
		struct audit_link_at_row *link;
		size_t n;
		if (head->tenant != w->c->tenant)
			continue;
		struct arena_mark mark = arena_mark(w->c->arena);
		bool ours = crypto_equal(head->key.p, w->keys->public, SIGN_PUBLIC_SIZE) && audit_head_holds(w->c->arena, head);
		TRY(audit_link_at(w->c, head->no, &link, &n));
		if (!ours)
			found(w, FAULT_SIGNATURE, "audit_head", number(w, head->no));
		else if (!n || link->mac.n != AUDIT_LINK_SIZE || !crypto_equal(link->mac.p, head->mac.p, AUDIT_LINK_SIZE))
			found(w, FAULT_CUT, "audit_head", number(w, head->no));
		else
			w->report->heads++;
		arena_rewind(w->c->arena, mark);
	}
	return 0;
}

static int run(struct walk *w)
{
	struct audit_start *start;
	size_t n;
	int64_t last;
	TRY(audit_keys_of(w->c, &w->keys));
	TRY(audit_start_row(w->c, &start, &n));
	w->start = n ? *start : (struct audit_start){ .tenant = w->c->tenant };
	TRY(walk_links(w, &last));
	TRY(walk_end(w, last));
	TRY(walk_rows(w));
	return judge_heads(w);
}

int audit_verify(struct ctx *c, const struct audit_check *check, struct audit_report *out)
{
	ARENA_SCOPED a = arena_new();
	ARENA_SCOPED events = arena_new();
	*out = (struct audit_report){ 0 };
	struct walk w = { .c = c, .check = check, .report = out, .arena = a, .events_arena = events };
	return run(&w);
}
