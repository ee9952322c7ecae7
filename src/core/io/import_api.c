/* Routes of imports: announce, map, try, start, faults. The job itself is a record: list and reading come from there. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/pool.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/file/file.h"
#include "core/io/import.h"
#include "core/services.h"
#include "gen/import_sql.h"

enum { SAMPLES = 3, FAULTS_AT_ONCE = 100 };

static const struct choice states[] = {
	{ "new", "待核对", "To be mapped", "hollow" }, { "checking", "试运行中", "Checking", "half" }, { "checked", "已试运行", "Checked", "half" },
	{ "running", "导入中", "Running", "half" }, { "done", "已完成", "Done", "tick" }, { "failed", "失败", "Failed", "dash" }, { "cancelled", "已取消", "Cancelled", "dash" }, { 0 },
};

static const struct field fields[] = {
	CODE  (import_job, record,    L("档案", "Record"), .system = true),
	CODE  (import_job, file_name, L("文件", "File"), .system = true),
	CHOICE(import_job, state,     L("状态", "State"), .of = states, .system = true),
	JSON  (import_job, columns,   L("列", "Columns"), .system = true, .hidden = true),
	JSON  (import_job, mapping,   L("对应关系", "Mapping")),
	COUNT (import_job, rows,      L("行数", "Rows"), .system = true),
	COUNT (import_job, done,      L("已处理", "Done"), .system = true),
	COUNT (import_job, created,   L("新建", "Created"), .system = true),
	COUNT (import_job, changed,   L("更新", "Changed"), .system = true),
	COUNT (import_job, bad,       L("有误", "With faults"), .system = true),
	TEXT  (import_job, last_error, L("错误", "Error"), .system = true, .hidden = true),
};

/* The mapping may change until the run has begun. */
static int before(struct ctx *c, const void *old, void *row)
{
	const struct import_job *was = old;
	struct import_job *job = row;
	struct import_map map;
	if (!was || text_equal(was->mapping, job->mapping))
		return 0;
	if (!text_equal(was->state, "new") && !text_equal(was->state, "checked"))
		return fail(c, ERR_STATE, NULL);
	const struct record_model *m = registry_find(&c->services->registry, job->record);
	TRY(import_map_read(c, m, job->columns, job->mapping, &map));
	job->state = "new";
	return 0;
}

const struct record import_record = {
	.name = "import", .label = L("导入", "Import"), .table = &table_import_job, FIELDS(fields), .title = { "file_name" },
	.no_create = true, .no_import = true, .before = before,
};

/* Announce ----------------------------------------------------------------------------------------------------------- */

struct announce_in {
	const char *record;
	int64_t file_id;
};
static const struct member announce_members[] = {
	MEMBER(struct announce_in, record, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct announce_in, file_id, id, .flags = MEMBER_REQUIRED),
};
static const struct shape announce_shape = SHAPE("import_announce", struct announce_in, announce_members);

struct announce {
	struct http_request *http;
	struct ctx *c;
	struct readers *readers;
	const struct announce_in *in;
	const struct record_model *model;
	struct import_job job;
	const char *path;
	struct write_request write;
	const char *reply;
};

static int find_file(struct ctx *c, void *arg)
{
	struct announce *a = arg;
	struct file_info info;
	TRY(file_show(c, a->in->file_id, &info));
	/* A stranger's file is not even opened: what its contents are like would show in the error. */
	TRY(require(c, info.actor_kind == (int64_t)c->actor_kind && info.actor_id == c->actor_id, ERR_NOT_FOUND, NULL));
	a->job.file_name = arena_string_n(c->arena, info.name, utf8_prefix(info.name, 80));
	return file_read_to(c, a->in->file_id, &a->path);
}

static int64_t read_fd(void *self, uint64_t offset, void *buffer, size_t n)
{
	ssize_t got = pread(*(int *)self, buffer, n, (off_t)offset);
	return got < 0 ? ERR_INTERNAL : got;
}

static bool counts(const struct sheet_row *row)
{
	enum row_shape shape = sheet_row_shape(row);
	return shape == ROW_DATA || shape == ROW_BANNER;
}

/* Columns as [{"head","samples":[…]}], with up to three values each; samples of sealed fields are what the user just brought. */
static int describe(struct announce *a, struct sheet *sheet, const struct sheet_row *header)
{
	struct ctx *c = a->c;
	struct text columns = text_in(c->arena), mapping = text_in(c->arena), samples[IMPORT_COLUMNS];
	const char *heads[IMPORT_COLUMNS];
	size_t n = header->count < IMPORT_COLUMNS ? header->count : IMPORT_COLUMNS;
	uint64_t used = 0;
	for (size_t i = 0; i < n; i++) {
		heads[i] = arena_string(c->arena, header->cells[i].text);
		samples[i] = text_in(c->arena);
		text_end(&samples[i]);
	}
	struct sheet_row row;
	int more = 1;
	for (int k = 0; more && k < SAMPLES; k++) {
		more = sheet_next(sheet, &row);
		TRY(more);
		a->job.rows += more && counts(&row);
		for (size_t i = 0; more && i < n && i < row.count; i++) {
			text_append(&samples[i], samples[i].n ? "," : "");
			json_text(&samples[i], arena_string_n(c->arena, row.cells[i].text, utf8_prefix(row.cells[i].text, 40)));
		}
	}
	for (size_t i = 0; i < n; i++) {
		text_format(&columns, "%s{\"head\":", i ? "," : "");
		json_text(&columns, heads[i]);
		text_format(&columns, ",\"samples\":[%s]}", text_end(&samples[i]));
		size_t field = text_empty(heads[i]) ? SIZE_MAX : import_field_of(c, a->model, heads[i]);
		if (field == SIZE_MAX || (used >> field & 1))
			continue;
		used |= UINT64_C(1) << field;
		text_append(&mapping, mapping.n ? "," : "");
		json_text(&mapping, heads[i]);
		text_format(&mapping, ":\"%s\"", a->model->record->fields[field].name);
	}
	a->job.columns = arena_format(c->arena, "[%s]", text_end(&columns));
	a->job.mapping = arena_format(c->arena, "{%s}", text_end(&mapping));
	return 0;
}

static int count_rows(struct sheet *sheet, int64_t *rows)
{
	struct sheet_row row;
	int more;
	while ((more = sheet_next(sheet, &row)) == 1)
		*rows += counts(&row);
	return more;
}

static int inspect(struct announce *a)
{
	struct ctx *c = a->c;
	struct sheet_fault fault = { 0 };
	struct stat st;
	struct sheet_row header;
	SHEET_SCOPED sheet = NULL;
	const char *words[MOST_FIELDS_OF_RECORD * 2];
	size_t n = 0;
	int fd = open(a->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return ERR_INTERNAL;
	for (size_t i = 0; i < a->model->record->field_count; i++)
		words[n++] = a->model->record->fields[i].label.zh;
	const struct sheet_source source = { .size = (uint64_t)st.st_size, .read_at = read_fd, .self = &fd };
	int r = sheet_open(c->arena, &source, NULL, &fault, &sheet);
	if (r == 0)
		r = sheet_header(sheet, words, n, &header);
	if (r >= 0)
		r = describe(a, sheet, &header);
	if (r >= 0)
		r = count_rows(sheet, &a->job.rows);
	if (r >= 0 && a->job.rows == 0)
		r = ERR_SHEET_EMPTY;
	sheet_close(sheet);
	sheet = NULL;
	close(fd);
	return r < 0 ? fail(c, r, fault.arg) : 0;
}

static int keep(struct ctx *c, void *arg)
{
	struct announce *a = arg;
	struct import_job row = a->job;
	row.tenant = c->tenant;
	row.id = new_id(c);
	row.record = a->in->record;
	row.file_id = a->in->file_id;
	row.state = "new";
	row.last_error = "";
	row.user_id = c->auth->user_id;
	struct text t = text_in(c->arena);
	TRY(record_insert(c, &import_record, &row));
	TRY(file_attach(c, row.file_id, "import", row.id, 0));
	TRY(record_json(c, &import_record, &row, &t));
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
		r = inspect(a);
	if (a->path)
		unlink(a->path);
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
		a->model = registry_find(&c->services->registry, a->in->record);
		bool possible = a->model && !a->model->record->read_only && !a->model->record->no_create && !a->model->record->no_import;
		r = possible ? require_permission(c, arena_format(c->arena, "%s.import", a->in->record)) : fail_field(c, "record", ERR_FIELD_REFERENCE, NULL);
	}
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

static int move(struct ctx *c, const struct step_in *in, const char *state, void *out)
{
	struct import_job job, old;
	int64_t n;
	TRY(record_get(c, &import_record, in->id, &job));
	TRY(require(c, job.version == in->version, ERR_VERSION_CONFLICT, NULL));
	TRY(require(c, text_equal(job.state, "new") || text_equal(job.state, "checked"), ERR_STATE, NULL));
	TRY(require_permission(c, arena_format(c->arena, "%s.import", job.record)));
	TRY(import_errors_clear(c, job.id, &n));
	old = job;
	job.state = state;
	job.done = job.created = job.changed = job.bad = 0;
	job.user_id = c->auth->user_id;
	TRY(record_update(c, &import_record, &old, &job, arena_format(c->arena, "import.%s", state), NULL, NULL));
	struct started *s = ARENA_NEW(c->arena, struct started);
	*s = (struct started){ c->services->importer, c->tenant, job.id };
	after_commit(c, begin, s);
	struct text t = text_in(c->arena);
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
	if (q->after && sscanf(q->after, "%lld-%lld", &row, &column) != 2)
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
	ROUTE(GET, "/api/v1/import/{id}/error", "import.read", POOL, .in = &faults_shape, .out = &raw_shape, .run = faults,
	      .zh = "导入：错误清单", .en = "Import: faults"),
};
const size_t import_route_count = sizeof(import_routes) / sizeof(import_routes[0]);
