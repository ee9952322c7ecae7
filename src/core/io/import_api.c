/* Routes of imports: announce, map, try, start, faults. The job itself is a record: list and reading come from there. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/export_api.h"
#include "core/api/readers.h"
#include "core/file/file.h"
#include "core/io/export.h"
#include "core/io/import.h"
#include "core/services.h"
#include "engine/bundle/bundle.h"
#include "gen/import_sql.h"

enum { FAULTS_AT_ONCE = 100 };

static const struct choice states[] = {
	{ "new", "待核对", "To be mapped", "hollow" }, { "checking", "试运行中", "Checking", "half" }, { "checked", "已试运行", "Checked", "half" },
	{ "running", "导入中", "Running", "half" }, { "done", "已完成", "Done", "tick" }, { "failed", "失败", "Failed", "dash" }, { "cancelled", "已取消", "Cancelled", "dash" },
	{ "undoing", "撤销中", "Being undone", "half" }, { "undone", "已撤销", "Undone", "dash" }, { 0 },
};

static const struct field fields[] = {
	CODE  (import_job, record,    L("档案", "Record"), .system = true),
	CODE  (import_job, file_name, L("文件", "File"), .system = true),
	CHOICE(import_job, state,     L("状态", "State"), .of = states, .system = true),
	JSON  (import_job, columns,   L("列", "Columns"), .system = true, .hidden = true),
	JSON  (import_job, mapping,   L("对应关系", "Mapping")),
	CODE  (import_job, source,    L("原系统", "From system"), .most = 40),
	JSON  (import_job, words,     L("词语对应", "Words")),
	COUNT (import_job, rows,      L("行数", "Rows"), .system = true),
	COUNT (import_job, done,      L("已处理", "Done"), .system = true),
	COUNT (import_job, created,   L("新建", "Created"), .system = true),
	COUNT (import_job, changed,   L("更新", "Changed"), .system = true),
	COUNT (import_job, bad,       L("有误", "With faults"), .system = true),
	COUNT (import_job, marks,     L("可撤销的写入", "Writes noted"), .system = true, .hidden = true),
	COUNT (import_job, undo_done, L("撤销已处理", "Undo: done"), .system = true, .hidden = true),
	COUNT (import_job, undo_stays, L("撤销后留下", "Undo: stayed"), .system = true, .hidden = true),
	TIME  (import_job, undone_at, L("撤销时间", "Undone at"), .system = true, .hidden = true),
	TEXT  (import_job, last_error, L("错误", "Error"), .system = true, .hidden = true),
};

/* The mapping may change until the run has begun. */
static int before(struct ctx *c, const void *old, void *row)
{
	const struct import_job *was = old;
	struct import_job *job = row;
	struct import_map map;
	if (!was || (text_equal(was->mapping, job->mapping) && text_equal(was->words, job->words) && text_equal(was->source, job->source)))
		return 0;
	if (!text_equal(was->state, "new") && !text_equal(was->state, "checked") && !text_equal(was->state, "cancelled"))
		return fail(c, ERR_STATE, NULL);
	const struct record_model *m = import_target(c, job->record);
	TRY(import_map_read(c, m, job->columns, job->mapping, &map));
	TRY(import_words_read(c, job->words, &map));
	job->state = "new";
	return 0;
}

const struct record import_record = {
	.name = "import", .label = L("导入", "Import"), .plural = "Imports", .table = &table_import_job, FIELDS(fields), .title = { "file_name" },
	.no_create = true, .no_import = true, .before = before,
};

/* Announce ----------------------------------------------------------------------------------------------------------- */

struct announce_in {
	const char *record;
	int64_t file_id, bundle_id;
};
static const struct member announce_members[] = {
	MEMBER(struct announce_in, record, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct announce_in, file_id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct announce_in, bundle_id, ref, .flags = MEMBER_NULLABLE),   /* a zip of the files that rows name */
};
static const struct shape announce_shape = SHAPE("import_announce", struct announce_in, announce_members);

struct announce {
	struct http_request *http;
	struct ctx *c;
	struct readers *readers;
	const struct announce_in *in;
	const struct record_model *model;
	struct customs custom;
	struct import_job job;
	const char *path, *bundle;
	struct write_request write;
	const char *reply;
};

static int find_file(struct ctx *c, void *arg)
{
	struct announce *a = arg;
	const char *unused;
	a->job = (struct import_job){ .record = a->in->record, .file_id = a->in->file_id, .bundle_id = a->in->bundle_id };
	TRY(customs_of(c, a->model, &a->custom));
	TRY(file_read_own(c, a->in->file_id, &a->job.file_name, &a->path));
	return a->in->bundle_id ? file_read_own(c, a->in->bundle_id, &unused, &a->bundle) : 0;
}

static int check_bundle(struct ctx *c, const char *path)
{
	struct bundle *b = NULL;
	int r = path ? import_bundle_open(c, c->arena, path, &b) : 0;
	bundle_close(b);
	return r;
}

static int keep(struct ctx *c, void *arg)
{
	struct announce *a = arg;
	struct text t = text_in(c->arena);
	TRY(import_keep(c, &a->job));
	TRY(record_json(c, &import_record, &a->job, &t));
	a->reply = text_end(&t);
	return 0;
}

static void refuse(struct announce *a, struct error *e, int code)
{
	if (!e->code)
		e->code = code;
	http_reply_error(a->http, e);
}

static void kept(struct ctx *c, void *arg, int result)
{
	struct announce *a = arg;
	if (result < 0)
		refuse(a, c->error, result);
	else
		http_reply_json(a->http, 201, a->reply, strlen(a->reply));
}

static void announce_start(void *arg)
{
	struct announce *a = arg;
	int r = readers_run(a->readers, a->c, find_file, a);
	if (r == 0)
		r = check_bundle(a->c, a->bundle);
	if (r == 0)
		r = import_inspect(a->c, a->model, &a->custom, a->path, &a->job);
	if (a->path)
		unlink(a->path);
	if (a->bundle)
		unlink(a->bundle);
	if (r == 0) {
		a->write = (struct write_request){ .run = keep, .done = kept, .arg = a, .queue = QUEUE_PEOPLE, .ctx = *a->c };
		r = writer_submit(a->c->services->writer, &a->write);
	}
	if (r < 0)
		refuse(a, a->c->error, r);
}

static void announce(struct http_request *http, struct ctx *c)
{
	struct api_call *k = http->user;
	struct announce *a = ARENA_NEW(c->arena, struct announce);
	*a = (struct announce){ .http = http, .c = c, .readers = api_readers(k) };
	int r = call_read_input(k);
	a->in = k->in;
	if (r == 0) {
		a->model = import_target(c, a->in->record);
		r = a->model ? require_permission(c, import_right(c, a->in->record)) : fail_field(c, "record", ERR_FIELD_REFERENCE, NULL);
	}
	if (r == 0 && !a->model->record->file_of != !a->in->bundle_id)
		r = (fail_field(c, "bundle_id", a->in->bundle_id ? ERR_FIELD_UNKNOWN : ERR_FIELD_REQUIRED, NULL), c->error->code);
	if (r == 0)
		r = pool_submit(api_pool(k), announce_start, a);
	if (r < 0)
		refuse(a, c->error, r);
}

/* Try and start --------------------------------------------------------------------------------------------------------- */

struct step_in {
	int64_t id, version;
};
static const struct member step_members[] = {
	MEMBER(struct step_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct step_in, version, count, .flags = MEMBER_REQUIRED, .least = 1),
};
static const struct shape step_shape = SHAPE("import_step", struct step_in, step_members);

struct started {
	struct importer *importer;
	int64_t tenant, id;
};

static void begin(void *arg)
{
	struct started *s = arg;
	importer_start(s->importer, s->tenant, s->id);
}

int import_move(struct ctx *c, int64_t id, int64_t version, const char *state, struct import_job *job)
{
	struct import_job old;
	int64_t n;
	TRY(record_get(c, &import_record, id, job));
	TRY(require(c, job->version == version, ERR_VERSION_CONFLICT, NULL));
	TRY(require(c, text_equal(job->state, "new") || text_equal(job->state, "checked") || text_equal(job->state, "cancelled"), ERR_STATE, NULL));
	TRY(require_permission(c, import_right(c, job->record)));
	TRY(import_errors_clear(c, job->id, &n));
	old = *job;
	job->state = state;
	job->done = job->created = job->changed = job->bad = 0;
	job->user_id = c->auth->user_id;
	TRY(record_update(c, &import_record, &old, job, arena_format(c->arena, "import.%s", state), NULL, NULL));
	struct started *s = ARENA_NEW(c->arena, struct started);
	*s = (struct started){ c->services->importer, c->tenant, job->id };
	after_commit(c, begin, s);
	return 0;
}

static int move(struct ctx *c, const struct step_in *in, const char *state, void *out)
{
	struct import_job job;
	struct text t = text_in(c->arena);
	TRY(import_move(c, in->id, in->version, state, &job));
	TRY(record_json(c, &import_record, &job, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int check(struct ctx *c, const void *in, void *out)
{
	return move(c, in, "checking", out);
}

static int start(struct ctx *c, const void *in, void *out)
{
	return move(c, in, "running", out);
}

/* The worker sees it with its next chunk. What is written stays; starting again goes through all rows. */
static int cancel(struct ctx *c, const void *input, void *out)
{
	const struct id_in *in = input;
	struct import_job old, job;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &import_record, in->id, &job));
	TRY(require(c, text_equal(job.state, "new") || text_equal(job.state, "checking") || text_equal(job.state, "checked") || text_equal(job.state, "running"), ERR_STATE, NULL));
	TRY(require_permission(c, import_right(c, job.record)));
	old = job;
	job.state = "cancelled";
	TRY(record_update(c, &import_record, &old, &job, "import.cancelled", NULL, NULL));
	TRY(record_json(c, &import_record, &job, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int preview(struct ctx *c, const void *in, void *out)
{
	struct import_job job;
	struct text t = text_in(c->arena);
	TRY(record_get(c, &import_record, ((const struct id_in *)in)->id, &job));
	TRY(require_permission(c, import_right(c, job.record)));
	TRY(import_preview(c, &job, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct rejects_in {
	const char *format;
	int64_t id;
};
static const struct member rejects_members[] = {
	MEMBER(struct rejects_in, format, code, .choices = (const struct choice[]){ { "csv", "CSV", "CSV" }, { 0 } }, .flags = MEMBER_REQUIRED),
	MEMBER(struct rejects_in, id, id, .flags = MEMBER_REQUIRED),
};
static const struct shape rejects_shape = SHAPE("import_rejects", struct rejects_in, rejects_members);

static int write_rejects(struct ctx *c, const void *in, struct export_file *out)
{
	struct import_job job;
	TRY(record_get(c, &import_record, ((const struct rejects_in *)in)->id, &job));
	TRY(require_permission(c, import_right(c, job.record)));
	return import_sheet_of(c, &job, ROWS_REFUSED, out);
}

static void rejects(struct http_request *http, struct ctx *c)
{
	export_send(http, c, "import", write_rejects, NULL);
}

/* Faults ---------------------------------------------------------------------------------------------------------------- */

struct faults_in {
	int64_t id, limit;
	const char *after;
};
static const struct member faults_members[] = {
	MEMBER(struct faults_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct faults_in, limit, count, .most = 200), MEMBER(struct faults_in, after, code, .most = 40),
};
static const struct shape faults_shape = SHAPE("import_faults", struct faults_in, faults_members);

static int faults(struct ctx *c, const void *in, void *out)
{
	const struct faults_in *q = in;
	struct import_job job;
	struct import_errors_page_row *rows;
	size_t n;
	long long row = 0, column = 0;
	int64_t limit = q->limit ? q->limit : FAULTS_AT_ONCE;
	TRY(record_get(c, &import_record, q->id, &job));
	if (q->after && sscanf(q->after, "%18lld-%18lld", &row, &column) != 2)
		return fail(c, ERR_CURSOR, NULL);
	TRY(import_errors_page(c, job.id, row, column, limit + 1, &rows, &n));
	size_t shown = n > (size_t)limit ? (size_t)limit : n;
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < shown; i++) {
		text_format(&t, "%s{\"row\":%lld,\"column\":%lld,\"head\":", i ? "," : "", (long long)rows[i].row_no, (long long)rows[i].column_no);
		json_text(&t, rows[i].head);
		text_append(&t, ",\"value\":");
		json_text(&t, rows[i].value);
		text_format(&t, ",\"code\":\"%s\",\"message\":", rows[i].code);
		json_text(&t, rows[i].message);
		text_char(&t, '}');
	}
	text_append(&t, "],\"next\":");
	if (n > shown)
		text_format(&t, "\"%lld-%lld\"}", (long long)rows[shown - 1].row_no, (long long)rows[shown - 1].column_no);
	else
		text_append(&t, "null}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route import_routes[] = {
	ROUTE(POST, "/api/v1/import", "import.create", RAW, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &announce_shape, .raw = announce,
	      .zh = "导入：选择文件", .en = "Import: take a file"),
	ROUTE(POST, "/api/v1/import/{id}/check", "import.create", WRITE, .body = BODY_JSON, .in = &step_shape, .out = &raw_shape, .run = check,
	      .zh = "导入：试运行", .en = "Import: dry run"),
	ROUTE(POST, "/api/v1/import/{id}/start", "import.create", WRITE, .body = BODY_JSON, .in = &step_shape, .out = &raw_shape, .run = start,
	      .zh = "导入：开始", .en = "Import: start"),
	ROUTE(POST, "/api/v1/import/{id}/cancel", "import.create", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = cancel,
	      .zh = "导入：取消", .en = "Import: cancel"),
	ROUTE(GET, "/api/v1/import/{id}/preview", "import.create", POOL, .in = &id_shape, .out = &raw_shape, .run = preview,
	      .zh = "导入：预览", .en = "Import: preview"),
	ROUTE(GET, "/api/v1/import/{id}/reject", "import.create", RAW, .in = &rejects_shape, .raw = rejects,
	      .zh = "导入：退回的行", .en = "Import: refused rows"),
	ROUTE(GET, "/api/v1/import/{id}/error", "import.read", POOL, .in = &faults_shape, .out = &raw_shape, .run = faults,
	      .zh = "导入：错误清单", .en = "Import: faults"),
};
const size_t import_route_count = sizeof(import_routes) / sizeof(import_routes[0]);
