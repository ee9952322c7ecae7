/* One ticket that holds two matters becomes two, and one again (docs/adr/0028). Chosen remarks with their files, files of the report and
 * tasks change hands; events stay where they happened, and the timeline shows each where its remark lies now. */
#include "base/id.h"
#include "base/json.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/merge/merge.h"
#include "domain/ticket/ticket.h"
#include "domain/ticket/ticket_api.h"
#include "gen/merge_sql.h"
#include "gen/split_sql.h"
#include "gen/ticket_sql.h"

enum { MOST_PARTS = 200 };

struct split_in {
	int64_t id;
	const char *scene, *grade, *text;
	struct list comment_ids, file_ids, task_ids;    /* of int64_t */
};

static bool names(const struct list *ids, int64_t id)
{
	return id_among(ids->at, ids->n, id);
}

static int foreign(struct ctx *c, const char *field)
{
	fail_field(c, field, ERR_FIELD_REFERENCE, NULL);
	return c->error->code;
}

static int check_parts(struct ctx *c, const struct ticket *from, const struct split_in *in, const struct ticket_comment *comments, size_t n)
{
	struct files_of_tickets_row *files;
	struct split_tasks_there_row *tasks;
	size_t file_count, task_count = 0, found = 0;
	for (size_t i = 0; i < n; i++)
		found += names(&in->comment_ids, comments[i].id);
	if (found != in->comment_ids.n)
		return foreign(c, "comment_ids");
	TRY(files_of_tickets(c, &from->id, 1, &files, &file_count));
	found = 0;
	for (size_t i = 0; i < file_count; i++)
		found += files[i].comment_id == 0 && names(&in->file_ids, files[i].file_id);
	if (found != in->file_ids.n)
		return foreign(c, "file_ids");
	if (in->task_ids.n)
		TRY(split_tasks_there(c, from->id, in->task_ids.at, in->task_ids.n, &tasks, &task_count));
	return task_count == in->task_ids.n ? 0 : foreign(c, "task_ids");
}

/* What was said of this matter so far: whether she was answered, and since when she waits. The other ticket keeps what it says of
 * itself; no clock of it is touched. */
static void carry_talk(const struct ticket *from, const struct split_in *in, const struct ticket_comment *comments, size_t n, struct ticket *t)
{
	for (size_t i = 0; i < n; i++) {
		const struct ticket_comment *k = &comments[i];
		if (!names(&in->comment_ids, k->id) || k->is_past)
			continue;
		if (k->actor_kind == ACTOR_USER && text_equal(k->visibility, "public") && !t->first_response_at)
			t->first_response_at = k->at;
		if (k->actor_kind == ACTOR_CUSTOMER && from->waiting_since && k->at >= from->waiting_since && !t->waiting_since)
			t->waiting_since = k->at;
	}
}

static int note_parts(struct ctx *c, int64_t split, const char *part, const struct list *ids)
{
	for (size_t i = 0; i < ids->n; i++) {
		struct merge_part row = { .tenant = c->tenant, .merge_id = split, .part = part, .object_id = ((const int64_t *)ids->at)[i] };
		TRY(merge_part_row_insert(c, &row));
	}
	return 0;
}

static int move_parts(struct ctx *c, const struct merge *m, const struct split_in *in)
{
	int64_t from = m->loser_id, to = m->winner_id;
	TRY(note_parts(c, m->id, "comment", &in->comment_ids));
	TRY(note_parts(c, m->id, "file", &in->file_ids));
	TRY(note_parts(c, m->id, "task", &in->task_ids));
	if (in->comment_ids.n) {
		TRY(split_comments(c, from, to, in->comment_ids.at, in->comment_ids.n, NULL));
		TRY(split_files_of_comments(c, from, to, in->comment_ids.at, in->comment_ids.n, NULL));
	}
	if (in->file_ids.n)
		TRY(split_files(c, from, to, in->file_ids.at, in->file_ids.n, NULL));
	if (in->task_ids.n)
		TRY(split_tasks(c, from, to, c->now, in->task_ids.at, in->task_ids.n, NULL));
	TRY(split_hold_files(c, to, NULL));
	return split_let_files_go(c, from, to, NULL);
}

/* Customer, device and whose it is come along; the rest is the new matter's own. Its clocks start as it does. */
static int make_ticket(struct ctx *c, const struct ticket *from, const struct split_in *in, const struct ticket_comment *comments, size_t n, struct ticket *t)
{
	struct ticket_report report = { .scene = in->scene, .text = in->text, .grade = in->grade };
	*t = (struct ticket){
		.tenant = c->tenant, .id = new_id(c), .no = "", .scene = in->scene, .state = "new", .key = from->key, .contact_phone = from->contact_phone,
		.customer_id = from->customer_id, .device_id = from->device_id, .product_id = from->product_id, .owner_id = from->owner_id,
		.team_id = from->team_id, .region_id = from->region_id, .channel = from->channel, .tags = from->tags, .custom = from->custom, .symptoms = "[]", .answers = "{}", .danger = "",
		.preferred_time = "", .stage = "", .steps = "", .new_plan = "", .result = "", .rating = "", .next_due_at = FAR_FUTURE_MS,
	};
	carry_talk(from, in, comments, n, t);
	TRY(ticket_fill_words(c, &report, t));
	return record_insert(c, &ticket_record, t);
}

static int show(struct ctx *c, const struct ticket *t, void *out)
{
	struct text text = text_in(c->arena);
	TRY(record_json(c, &ticket_record, t, &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

static const char *naming(struct ctx *c, const char *word, const struct ticket *t)
{
	return arena_format(c->arena, "{\"%s\":\"%lld\",\"no\":\"%s\"}", word, (long long)t->id, t->no);
}

static int split(struct ctx *c, const void *input, void *out)
{
	const struct split_in *in = input;
	struct ticket from, t;
	struct ticket_comment *comments;
	size_t n;
	TRY(record_get(c, &ticket_record, in->id, &from));
	TRY(require(c, !from.archived_at, ERR_STATE, NULL));
	TRY(comments_of_tickets(c, &from.id, 1, &comments, &n));
	TRY(check_parts(c, &from, in, comments, n));
	TRY(make_ticket(c, &from, in, comments, n, &t));
	struct merge m = {
		.tenant = c->tenant, .id = new_id(c), .record = "split", .winner_id = t.id, .loser_id = from.id,
		.actor_kind = c->actor_kind, .actor_id = c->actor_id, .at = c->now,
	};
	TRY(merge_row_insert(c, &m));
	TRY(move_parts(c, &m, in));
	TRY(split_follow_customer(c, from.customer_id, from.id, t.id, NULL));
	TRY(event_add(c, "ticket.split", "ticket", from.id, naming(c, "into", &t)));
	TRY(event_add(c, "ticket.split_from", "ticket", t.id, naming(c, "from", &from)));
	return show(c, &t, out);
}

/* A ticket that others went into, or that was split further, gives those back first. */
static int check_back(struct ctx *c, const struct ticket *t, const struct ticket *home)
{
	struct merge *rows;
	size_t n;
	TRY(require(c, !t->archived_at && !home->archived_at && ticket_is_open(t) && text_empty(t->rating), ERR_STATE, NULL));
	TRY(require(c, t->customer_id == home->customer_id, ERR_STATE, NULL));
	TRY(merges_into(c, "ticket", t->id, &rows, &n));
	TRY(require(c, n == 0, ERR_STATE, NULL));
	TRY(splits_from(c, t->id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(require(c, rows[i].undone_at != 0, ERR_STATE, NULL));
	return 0;
}

static int bring_parts_back(struct ctx *c, int64_t from, int64_t to)
{
	TRY(split_comments_back(c, from, to, NULL));
	TRY(split_files_back(c, from, to, NULL));
	TRY(split_tasks_back(c, from, to, c->now, NULL));
	TRY(split_proofs_back(c, from, to, NULL));
	TRY(split_plans_back(c, from, to, c->now, NULL));
	TRY(split_grants_back(c, from, to, NULL));
	TRY(split_talks_back(c, from, to, c->now, NULL));
	TRY(split_watchers_back(c, from, to, NULL));
	TRY(split_hold_files(c, to, NULL));
	return split_let_files_go(c, from, to, NULL);
}

/* The split that made this ticket; of one that nothing made, the newest that was made off it. */
static int open_split(struct ctx *c, int64_t id, struct merge *out)
{
	struct merge *rows;
	size_t n;
	TRY(split_of(c, id, &rows, &n));
	if (!n || rows[0].undone_at)
		TRY(splits_from(c, id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (!rows[i].undone_at) {
			*out = rows[i];
			return 0;
		}
	return fail(c, ERR_STATE, NULL);
}

static int unsplit(struct ctx *c, const void *input, void *out)
{
	struct ticket t, home;
	struct merge m;
	TRY(record_get(c, &ticket_record, ((const struct id_in *)input)->id, &t));
	TRY(open_split(c, t.id, &m));
	TRY(record_get(c, &ticket_record, m.winner_id, &t));
	TRY(record_get(c, &ticket_record, m.loser_id, &home));
	TRY(check_back(c, &t, &home));
	TRY(bring_parts_back(c, t.id, home.id));
	struct ticket old = t, was = home;
	t.state = "cancelled";          /* its clocks are not broken promises: the matter goes on in the other */
	t.closed_at = c->now;
	t.archived_at = c->now;
	TRY(record_update(c, &ticket_record, &old, &t, "ticket.rejoined", NULL, naming(c, "into", &home)));
	if (!home.waiting_since)
		home.waiting_since = old.waiting_since;
	TRY(record_update(c, &ticket_record, &was, &home, "ticket.took_back", NULL, naming(c, "from", &t)));
	TRY(merge_taken_back(c, m.id, c->now, NULL));
	return show(c, &home, out);
}

/* What it was split from, and what was split off it, of what the reader may see. */
static int related(struct ctx *c, const void *input, void *out)
{
	struct ticket t;
	struct merge *up, *down;
	size_t up_count, down_count, n = 0;
	int64_t ids[MERGE_LIKELY];
	TRY(record_get(c, &ticket_record, ((const struct id_in *)input)->id, &t));
	TRY(split_of(c, t.id, &up, &up_count));
	TRY(splits_from(c, t.id, &down, &down_count));
	if (up_count && !up[0].undone_at)
		ids[n++] = up[0].loser_id;
	for (size_t i = 0; i < down_count && n < MERGE_LIKELY; i++)
		if (!down[i].undone_at)
			ids[n++] = down[i].winner_id;
	return merge_show_likely(c, &ticket_record, ids, n, out);
}

int ticket_split_kin(struct ctx *c, int64_t *ids, size_t most, size_t *n)
{
	for (size_t i = 0; i < *n; i++) {
		struct merge *up, *down;
		size_t up_count, down_count;
		TRY(split_of(c, ids[i], &up, &up_count));
		TRY(splits_from(c, ids[i], &down, &down_count));
		for (size_t k = 0; k < up_count + down_count && *n < most; k++) {
			int64_t other = k < up_count ? up[k].loser_id : down[k - up_count].winner_id;
			bool known = false;
			for (size_t j = 0; j < *n; j++)
				known |= ids[j] == other;
			if (!known)
				ids[(*n)++] = other;
		}
	}
	return 0;
}

static const struct member members[] = {
	MEMBER(struct split_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct split_in, scene, code, .flags = MEMBER_REQUIRED, .choices = ticket_scenes),
	MEMBER(struct split_in, grade, code, .choices = ticket_grades),
	MEMBER(struct split_in, text, text, .flags = MEMBER_REQUIRED, .least = 2, .most = 4000),
	MEMBER(struct split_in, comment_ids, list, .item = TYPE_id, .most = MOST_PARTS),
	MEMBER(struct split_in, file_ids, list, .item = TYPE_id, .most = MOST_PARTS),
	MEMBER(struct split_in, task_ids, list, .item = TYPE_id, .most = MOST_PARTS),
};
static const struct shape split_shape = SHAPE("ticket_split", struct split_in, members);

const struct route ticket_split_routes[] = {
	ROUTE(GET, "/api/v1/ticket/{id}/split", "ticket.read", POOL, .in = &id_shape, .out = &raw_shape, .run = related,
	      .zh = "服务单：拆分相关", .en = "Ticket: related by splitting"),
	ROUTE(POST, "/api/v1/ticket/{id}/split", "ticket.merge", WRITE, .body = BODY_JSON, .flags = ROUTE_CREATED, .in = &split_shape, .out = &raw_shape, .run = split,
	      .zh = "服务单：拆分", .en = "Ticket: split another matter off"),
	ROUTE(POST, "/api/v1/ticket/{id}/unsplit", "ticket.merge", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = unsplit,
	      .zh = "服务单：撤销拆分", .en = "Ticket: take a split back"),
};
const size_t ticket_split_route_count = sizeof(ticket_split_routes) / sizeof(ticket_split_routes[0]);
