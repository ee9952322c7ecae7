/* Routes of taking an import back: what it would do, doing it, what stays. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/export_api.h"
#include "core/auth/auth.h"
#include "core/io/export.h"
#include "core/io/import.h"
#include "core/io/undo_private.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "gen/undo_sql.h"

enum { STAYS_AT_ONCE = 100 };

/* Who sees part of the company alone takes back what she brought herself, for she cannot see what else would go. */
static int may_undo(struct ctx *c, const struct import_job *job)
{
	TRY(require_permission(c, import_right(c, job->record)));
	if (job->user_id == c->auth->user_id)
		return 0;
	for (size_t i = 0; i < c->services->registry.count; i++)
		TRY(require(c, !scope_bites(c, &c->services->registry.models[i]), ERR_FORBIDDEN, NULL));
	return 0;
}

static bool has_ended(const struct import_job *job)
{
	return text_equal(job->state, "done") || text_equal(job->state, "failed") || text_equal(job->state, "cancelled");
}

/* Why it is not possible, 0: it is. */
static int obstacle(const struct import_job *job)
{
	if (text_equal(job->state, "undone") || text_equal(job->state, "undoing"))
		return ERR_IMPORT_UNDONE;
	if (!has_ended(job))
		return ERR_STATE;
	return job->marks ? 0 : ERR_IMPORT_FORGOTTEN;
}

/* Looking ------------------------------------------------------------------------------------------------------------------ */

struct look_out {
	int64_t possible, marks, looked, goes, restores, changed, used, erased;
	const char *why;
};
#define NUMBER(member, type) MEMBER(struct look_out, member, type, .flags = MEMBER_REQUIRED)
static const struct member look_members[] = {
	NUMBER(possible, flag), MEMBER(struct look_out, why, text, .flags = MEMBER_NULLABLE), NUMBER(marks, count), NUMBER(looked, count), NUMBER(goes, count),
	NUMBER(restores, count), NUMBER(changed, count), NUMBER(used, count), NUMBER(erased, count),
};
static const struct shape look_shape = SHAPE("import_undo", struct look_out, look_members);

static int look(struct ctx *c, const void *in, void *out)
{
	struct look_out *o = out;
	struct import_job job;
	struct undo_count n = { 0 };
	TRY(record_get(c, &import_record, ((const struct id_in *)in)->id, &job));
	TRY(may_undo(c, &job));
	int why = obstacle(&job);
	if (!why)
		TRY(undo_look(c, &job, &n));
	*o = (struct look_out){ .possible = !why, .why = why ? error_text(why, c->lang, NULL, c->arena) : NULL, .marks = job.marks, .looked = n.looked, .goes = n.goes,
	                        .restores = n.restores, .changed = n.changed, .used = n.used, .erased = n.erased };
	return 0;
}

/* Beginning ---------------------------------------------------------------------------------------------------------------- */

struct begin_in {
	int64_t id, version;
};
static const struct member begin_members[] = {
	MEMBER(struct begin_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct begin_in, version, count, .flags = MEMBER_REQUIRED, .least = 1),
};
static const struct shape begin_shape = SHAPE("import_undo_begin", struct begin_in, begin_members);

static int begin(struct ctx *c, const void *in, void *out)
{
	const struct begin_in *v = in;
	struct import_job old, job;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &import_record, v->id, &job));
	TRY(may_undo(c, &job));
	TRY(require(c, !obstacle(&job), obstacle(&job), NULL));
	TRY(require(c, job.version == v->version, ERR_VERSION_CONFLICT, NULL));
	old = job;
	job.state = "undoing";
	job.undo_done = job.undo_stays = 0;
	TRY(record_update(c, &import_record, &old, &job, "import.undoing", NULL, NULL));
	TRY(undo_begin(c, &job));
	TRY(record_json(c, &import_record, &job, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* What stays --------------------------------------------------------------------------------------------------------------- */

static const struct choice reasons[] = {
	{ "changed", "导入后有人改过", "Changed since" }, { "used", "导入后已有使用", "Used since" },
	{ "refused", "原来的值现在放不回去", "Its old values fit no more" }, { "erased", "原来的值已按要求删除", "Its old values were erased on request" }, { 0 },
};

const char *undo_reason(struct ctx *c, const struct import_mark *mark)
{
	const struct choice *reason = choice_find(reasons, mark->state);
	const char *text = !reason ? mark->state : c->lang == LANG_EN ? reason->en : reason->zh;
	const struct record_model *by = mark->by_id ? registry_find(&c->services->registry, mark->by_record) : NULL;
	if (!by)
		return text;
	return c->lang == LANG_EN ? arena_format(c->arena, "%s: %s", text, by->record->label.en) : arena_format(c->arena, "%s：%s", text, by->record->label.zh);
}

/* What the rows of a page are called, as far as the reader may know: each record is asked once. */
struct stay_titles {
	const char **row, **by;         /* of each mark; NULL: nothing that may be known */
};

static size_t ids_of(const struct import_mark *marks, size_t n, const char *record, int64_t *ids)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		if (text_equal(marks[i].record, record))
			ids[count++] = marks[i].object_id;
		if (text_equal(marks[i].by_record, record))
			ids[count++] = marks[i].by_id;
	}
	return count;
}

static int read_titles(struct ctx *c, const struct import_mark *marks, size_t n, struct stay_titles *out)
{
	const struct registry *all = &c->services->registry;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, 2 * n + 1);
	*out = (struct stay_titles){ ARENA_ARRAY(c->arena, const char *, n + 1), ARENA_ARRAY(c->arena, const char *, n + 1) };
	for (size_t m = 0; m < all->count; m++) {
		const struct record *record = all->models[m].record;
		struct titles titles;
		size_t count = ids_of(marks, n, record->name, ids);
		if (!count)
			continue;
		TRY(record_titles(c, record, ids, count, &titles));
		for (size_t i = 0; i < n; i++) {
			if (text_equal(marks[i].record, record->name))
				out->row[i] = titles_find(&titles, marks[i].object_id);
			if (text_equal(marks[i].by_record, record->name))
				out->by[i] = titles_find(&titles, marks[i].by_id);
		}
	}
	return 0;
}

static void write_stay(struct ctx *c, const struct import_mark *mark, const char *title, const char *by, struct text *t)
{
	text_format(t, "{\"row\":%lld,\"record\":\"%s\",\"object_id\":\"%lld\",\"title\":", (long long)mark->row_no, mark->record, (long long)mark->object_id);
	json_text(t, title);
	text_format(t, ",\"made\":%s,\"code\":\"%s\",\"message\":", mark->was_version ? "false" : "true", mark->state);
	json_text(t, undo_reason(c, mark));
	if (!by) {
		text_append(t, ",\"by\":null}");
		return;
	}
	text_format(t, ",\"by\":{\"record\":\"%s\",\"id\":\"%lld\",\"title\":", mark->by_record, (long long)mark->by_id);
	json_text(t, by);
	text_append(t, "}}");
}

struct stays_in {
	int64_t id, limit;
	const char *after;
};
static const struct member stays_members[] = {
	MEMBER(struct stays_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct stays_in, limit, count, .most = 200), MEMBER(struct stays_in, after, code, .most = 60),
};
static const struct shape stays_shape = SHAPE("import_stays", struct stays_in, stays_members);

/* "12-7465…": row and place of the last one shown. */
static bool read_place(const char *text, int64_t *row, int64_t *place)
{
	char *end;
	*row = strtoll(text, &end, 10);
	if (end == text || *end != '-')
		return false;
	const char *rest = end + 1;
	*place = strtoll(rest, &end, 10);
	return end != rest && !*end;
}

static int stays(struct ctx *c, const void *in, void *out)
{
	const struct stays_in *q = in;
	struct import_job job;
	struct import_mark *rows;
	size_t n;
	int64_t row = 0, place = 0;
	int64_t limit = q->limit ? q->limit : STAYS_AT_ONCE;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &import_record, q->id, &job));
	TRY(require(c, !q->after || read_place(q->after, &row, &place), ERR_CURSOR, NULL));
	TRY(undo_stays(c, job.id, row, place, limit + 1, &rows, &n));
	size_t shown = n > (size_t)limit ? (size_t)limit : n;
	struct stay_titles titles;
	TRY(read_titles(c, rows, shown, &titles));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < shown; i++) {
		text_append(&t, i ? "," : "");
		write_stay(c, &rows[i], titles.row[i], titles.by[i], &t);
	}
	text_append(&t, "],\"next\":");
	if (n > shown)
		text_format(&t, "\"%lld-%lld\"}", (long long)rows[shown - 1].row_no, (long long)rows[shown - 1].place);
	else
		text_append(&t, "null}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct sheet_in {
	const char *format;
	int64_t id;
};
static const struct member sheet_members[] = {
	MEMBER(struct sheet_in, format, code, .choices = (const struct choice[]){ { "csv", "CSV", "CSV" }, { 0 } }, .flags = MEMBER_REQUIRED),
	MEMBER(struct sheet_in, id, id, .flags = MEMBER_REQUIRED),
};
static const struct shape sheet_shape = SHAPE("import_stays_sheet", struct sheet_in, sheet_members);

static int write_sheet(struct ctx *c, const void *in, struct export_file *out)
{
	struct import_job job;
	TRY(record_get(c, &import_record, ((const struct sheet_in *)in)->id, &job));
	TRY(require_permission(c, import_right(c, job.record)));
	return import_sheet_of(c, &job, ROWS_THAT_STAY, out);
}

static void sheet(struct http_request *http, struct ctx *c)
{
	export_send(http, c, "import", write_sheet, NULL);
}

const struct route undo_routes[] = {
	ROUTE(GET, "/api/v1/import/{id}/undo", "import.create", POOL, .in = &id_shape, .out = &look_shape, .run = look,
	      .zh = "导入：撤销会怎样", .en = "Import: what taking it back would do"),
	ROUTE(POST, "/api/v1/import/{id}/undo", "import.create", WRITE, .body = BODY_JSON, .in = &begin_shape, .out = &raw_shape, .run = begin,
	      .zh = "导入：撤销", .en = "Import: take it back"),
	ROUTE(GET, "/api/v1/import/{id}/stay", "import.read", POOL, .in = &stays_shape, .out = &raw_shape, .run = stays,
	      .zh = "导入：撤销后留下的行", .en = "Import: what stayed when it was taken back"),
	ROUTE(GET, "/api/v1/import/{id}/stay_sheet", "import.create", RAW, .in = &sheet_shape, .raw = sheet,
	      .zh = "导入：留下的行，做成表格", .en = "Import: what stayed, as a sheet"),
};
const size_t undo_route_count = sizeof(undo_routes) / sizeof(undo_routes[0]);
