/* Bulk work: one request of the writer a row, so a row that refuses refuses for itself, and no request is long. With the caller's
 * Idempotency-Key each row remembers its answer: a repeated call does nothing twice. Runs in the pool and waits there. */
#include "core/api/act_api.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/id.h"
#include "base/json.h"
#include "core/action/action.h"
#include "core/api/call.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/action_sql.h"

enum { ACT_ROWS_MOST = 200 };

struct act_row_in {
	int64_t id, version;
};
static const struct member row_members[] = {
	MEMBER(struct act_row_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct act_row_in, version, count),
};
static const struct shape row_shape = SHAPE("act_row", struct act_row_in, row_members);

struct act_in {
	struct list rows;               /* none: the actions are only judged */
	const char *actions;            /* JSON; or that of a macro */
	int64_t macro_id;
};
static const struct member act_members[] = {
	MEMBER(struct act_in, rows, list, .shape = &row_shape, .most = ACT_ROWS_MOST),
	MEMBER(struct act_in, actions, raw), MEMBER(struct act_in, macro_id, ref, .flags = MEMBER_NULLABLE),
};
const struct shape act_shape = SHAPE("act", struct act_in, act_members);

struct undo_in {
	const char *run;
};
static const struct member undo_members[] = { MEMBER(struct undo_in, run, code, .flags = MEMBER_REQUIRED, .most = 20) };
const struct shape undo_shape = SHAPE("act_undo", struct undo_in, undo_members);

struct done_row {
	int64_t id, version;
	const char *code, *message;     /* "ok", or why not */
};
static const struct member done_row_members[] = {
	MEMBER(struct done_row, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct done_row, version, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct done_row, code, code, .flags = MEMBER_REQUIRED), MEMBER(struct done_row, message, text, .flags = MEMBER_REQUIRED),
};
static const struct shape done_row_shape = SHAPE("act_done_row", struct done_row, done_row_members);

struct act_out {
	const char *run;
	int64_t done, failed, undoable; /* undoable: of those done */
	struct list rows;
};
static const struct member out_members[] = {
	MEMBER(struct act_out, run, code, .flags = MEMBER_REQUIRED), MEMBER(struct act_out, done, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct act_out, failed, count, .flags = MEMBER_REQUIRED), MEMBER(struct act_out, undoable, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct act_out, rows, list, .shape = &done_row_shape, .flags = MEMBER_REQUIRED),
};
const struct shape act_done_shape = SHAPE("act_done", struct act_out, out_members);

/* One run on its way. */
struct run {
	const struct record_model *model;
	struct actions actions;
	const char *json, *key;         /* key: the caller's, or NULL */
	int64_t id, macro_id;
};

/* One request of the writer, with its own faults; what it changed is told by *version and *lasting. */
struct step {
	struct run *run;
	int64_t id, version;
	struct action_row kept;         /* of undo */
	bool lasting;
	int (*what)(struct ctx *c, struct step *s);
};

/* The name under which a part of the call remembers its answer. */
static const char *part_key(struct ctx *c, const char *key, int64_t part)
{
	uint8_t hash[HASH_SIZE];
	struct text t = text_in(c->arena);
	const char *all = arena_format(c->arena, "%s %lld", key, (long long)part);
	hash_keyed(NULL, "act", all, strlen(all), hash, HASH_SIZE);
	text_append(&t, "act:");
	for (size_t i = 0; i < 16; i++)
		text_format(&t, "%02x", hash[i]);
	return text_end(&t);
}

static int once(struct ctx *c, void *arg)
{
	struct step *s = arg;
	struct idempotent mark = { .status = 200 };
	if (!s->run->key)
		return s->what(c, s);
	mark.key = part_key(c, s->run->key, s->id);
	hash_keyed(NULL, "act", s->run->json, strlen(s->run->json), mark.request, HASH_SIZE);
	int found = idempotency_find(c, &mark);
	TRY(found);
	if (found == 1) {
		long long version;
		int lasting;
		if (sscanf(mark.reply, "[%18lld,%1d]", &version, &lasting) != 2)
			return fail(c, ERR_INTERNAL, NULL);
		s->version = version;
		s->lasting = lasting;
		return 0;
	}
	TRY(s->what(c, s));
	mark.reply = arena_format(c->arena, "[%lld,%d]", (long long)s->version, s->lasting);
	return idempotency_store(c, &mark);
}

/* Waits for the writer. What is wrong stays in *e. */
static int take_step(struct ctx *c, struct step *s, struct error *e)
{
	struct write_request w = { .run = once, .arg = s, .queue = QUEUE_PEOPLE, .ctx = *c };
	w.ctx.db = NULL;
	w.ctx.batch = NULL;
	w.ctx.error = e;
	int r = writer_run(c->services->writer, &w);
	if (r < 0 && !e->code)
		e->code = r;
	return e->code;
}

static const char *words_of(struct ctx *c, const struct error *e)
{
	const struct field_error *f = e->fields;
	return f ? error_text(f->code, c->lang, f->arg, c->arena) : error_text(e->code, c->lang, e->arg, c->arena);
}

static void note_row(struct ctx *c, struct act_out *out, struct done_row *row, const struct step *s, const struct error *e)
{
	*row = (struct done_row){ .id = s->id, .version = e->code ? 0 : s->version, .code = e->code ? error_name(e->code) : "ok", .message = e->code ? words_of(c, e) : "" };
	e->code ? out->failed++ : out->done++;
	if (!e->code && !s->lasting)
		out->undoable++;
}

/* Act -------------------------------------------------------------------------------------------------------------- */

static int keep_run(struct ctx *c, struct step *s)
{
	struct run *run = s->run;
	struct action_run row = {
		.tenant = c->tenant, .id = new_id(c), .record = run->model->record->name, .source = run->macro_id ? "macro" : "hand", .source_id = run->macro_id,
		.actions = run->json, .actor_kind = c->actor_kind, .actor_id = c->actor_id, .at = c->now,
	};
	s->version = row.id;
	return action_run_row_insert(c, &row);
}

static int act_row(struct ctx *c, struct step *s)
{
	struct run *run = s->run;
	struct acting on = { .model = run->model, .id = s->id };
	TRY(actions_run(c, &run->actions, s->version, &on));
	struct action_row row = {
		.tenant = c->tenant, .run_id = run->id, .object_id = s->id, .version_before = on.version_before, .version_after = on.version_after,
		.lasting = on.lasting, .made = text_end(&on.made),
	};
	s->version = on.version_after;
	s->lasting = on.lasting;
	return action_row_row_insert(c, &row);
}

static int load_macro(struct ctx *c, struct run *run)
{
	const struct record_model *m = registry_find(&c->services->registry, "macro");
	struct macro macro;
	TRY(record_get(c, m->record, run->macro_id, &macro));
	TRY(require(c, text_equal(macro.record, run->model->record->name) && !macro.archived_at, ERR_NOT_FOUND, NULL));
	run->json = macro.actions;
	return 0;
}

static int start_run(struct ctx *c, const struct act_in *v, struct run *run)
{
	*run = (struct run){ .model = model_of(c, c->call->record), .json = v->actions, .macro_id = v->macro_id > 0 ? v->macro_id : 0 };
	run->key = http_header(c->call->http, HEADER_IDEMPOTENCY_KEY);
	if (run->macro_id)
		TRY(load_macro(c, run));
	TRY(actions_read(c, run->model, "actions", run->json, &run->actions));
	struct step first = { .run = run, .what = keep_run };
	if (!v->rows.n)
		return 0;
	TRY(take_step(c, &first, c->error));
	run->id = first.version;
	return 0;
}

int act_on_rows(struct ctx *c, const void *in, void *out)
{
	const struct act_in *v = in;
	const struct act_row_in *rows = v->rows.at;
	struct act_out *answer = out;
	struct run run;
	TRY(start_run(c, v, &run));
	struct done_row *done = ARENA_ARRAY(c->arena, struct done_row, v->rows.n + 1);
	for (size_t i = 0; i < v->rows.n; i++) {
		struct step step = { .run = &run, .id = rows[i].id, .version = rows[i].version, .what = act_row };
		struct error e = { 0 };
		if (take_step(c, &step, &e) < 0 && error_status(e.code) >= 500)
			return *c->error = e, e.code;
		note_row(c, answer, &done[i], &step, &e);
	}
	answer->run = arena_format(c->arena, "%lld", (long long)run.id);
	answer->rows = (struct list){ done, v->rows.n };
	return 0;
}

/* Undo ------------------------------------------------------------------------------------------------------------- */

static int undo_row(struct ctx *c, struct step *s)
{
	const struct action_row *k = &s->kept;
	int64_t marked;
	TRY(require(c, !k->lasting, ERR_STATE, NULL));
	TRY(action_row_undone(c, k->run_id, k->object_id, c->now, &marked));
	if (!marked)
		return 0;
	TRY(actions_undo(c, s->run->model, k->object_id, k->version_before, k->version_after, k->made));
	s->version = k->version_after + (k->version_before != k->version_after);
	return 0;
}

/* A run of one's own, not too long ago. */
static int find_run(struct ctx *c, const char *no, struct run *run, struct action_row **rows, size_t *n)
{
	struct action_run row;
	int64_t id;
	int r = id_parse(no, &id) < 0 ? ERR_NOT_FOUND : action_run_row_get(c, id, &row);
	if (r == ERR_NOT_FOUND)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(r);
	*run = (struct run){ .model = model_of(c, c->call->record), .id = id, .json = "undo", .key = http_header(c->call->http, HEADER_IDEMPOTENCY_KEY) };
	TRY(require(c, row.actor_kind == (int64_t)c->actor_kind && row.actor_id == c->actor_id && text_equal(row.record, run->model->record->name), ERR_NOT_FOUND, NULL));
	TRY(require(c, c->now - row.at <= setting_ms(c, SETTING_LIST_UNDO), ERR_STATE, NULL));
	return action_rows_of(c, id, rows, n);
}

int act_undo(struct ctx *c, const void *in, void *out)
{
	struct act_out *answer = out;
	struct action_row *rows;
	struct run run;
	size_t n;
	TRY(find_run(c, ((const struct undo_in *)in)->run, &run, &rows, &n));
	struct done_row *done = ARENA_ARRAY(c->arena, struct done_row, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct step step = { .run = &run, .id = rows[i].object_id, .kept = rows[i], .what = undo_row };
		struct error e = { 0 };
		if (take_step(c, &step, &e) < 0 && error_status(e.code) >= 500)
			return *c->error = e, e.code;
		note_row(c, answer, &done[i], &step, &e);
	}
	answer->run = arena_format(c->arena, "%lld", (long long)run.id);
	answer->undoable = 0;
	answer->rows = (struct list){ done, n };
	return 0;
}
