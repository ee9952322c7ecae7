/* The worker of one import: reads the sheet, hands chunks to the writer (or to a reader, when it only tries). */
#include <stdlib.h>
#include <unistd.h>

#include "base/pool.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/file/file.h"
#include "core/io/import.h"
#include "core/io/undo.h"
#include "core/pii/mask.h"
#include "core/record/narrowing.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "engine/bundle/bundle.h"
#include "gen/import_sql.h"

struct importer {
	struct services *services;
	struct arena *arena;
	struct pool *pool;
	_Atomic bool closing;
};

/* One import under way. */
struct run {
	struct importer *importer;
	struct arena *arena;            /* lives as long as the run */
	struct arena *scratch;          /* of one chunk */
	struct ctx c;
	struct error error;
	struct auth auth;
	struct import_job job;
	struct import_map map;
	bool tries;                     /* the dry run */
	bool stopped;                   /* somebody cancelled it */
	int64_t rows, done, created, changed, bad, faults;
	struct undo_notes notes;
	int64_t told;                   /* see struct bringing */
	int64_t chunk_created, chunk_changed, chunk_bad, chunk_faults;
	struct import_row chunk[IMPORT_CHUNK];
	size_t chunk_rows;
	struct bundle *bundle;          /* of what names files beside the sheet */
};

static int load(struct ctx *c, void *arg)
{
	struct run *r = arg;
	struct user_rights_row *rights;
	size_t n;
	c->arena = r->arena;
	TRY(import_job_row_get(c, r->job.id, &r->job));
	TRY(user_rights(c, r->job.user_id, &rights, &n));
	if (n == 0)
		return fail(c, ERR_FORBIDDEN, NULL);
	r->auth = (struct auth){ .user_id = r->job.user_id, .role_id = rights[0].role_id, .team_id = rights[0].team_id, .region_id = rights[0].region_id, .scope = scope_read(rights[0].scope) };
	TRY(narrowing_read(c, rights[0].conditions, &r->auth.narrowing));
	TRY(permissions_read(r->arena, rights[0].permissions, &r->auth.permissions, &r->auth.permission_count));
	const struct record_model *m = import_target(c, r->job.record);
	if (!m)
		return fail(c, ERR_NOT_FOUND, NULL);
	/* Asked again at every start: the right may have gone while the server was down. */
	c->auth = &r->auth;
	c->actor_kind = ACTOR_USER;
	int allowed = require_permission(c, import_right(c, r->job.record));
	c->auth = NULL;
	c->actor_kind = ACTOR_SYSTEM;
	TRY(allowed);
	r->tries = text_equal(r->job.state, "checking");
	TRY(import_map_read(c, m, r->job.columns, r->job.mapping, &r->map));
	TRY(import_words_read(c, r->job.words, &r->map));
	r->map.memo = import_memo_new(r->arena);
	return 0;
}

/* What of a value may be kept beside its fault. */
static const char *shown_value(struct ctx *c, const struct field *f, const char *text)
{
	const char *cut = arena_string_n(c->arena, text, utf8_prefix(text, 40));
	return f && field_is_sealed(f) ? mask(c->arena, MASK_ALL, cut) : cut;
}

static int keep_fault(struct ctx *c, struct run *r, const struct import_row *kept, const struct field_error *e)
{
	if (r->faults + r->chunk_faults >= setting_of(c, SETTING_SHEET_IMPORT_FAULTS))
		return 0;
	size_t column = import_column_of(&r->map, e->field), k = field_index(r->map.model, e->field);
	const struct field *f = k == SIZE_MAX ? NULL : &r->map.model->record->fields[k];
	/* A field without a column is shown behind the columns there are. */
	size_t no = column != SIZE_MAX ? column + 1 : f ? r->map.count + 1 + k : 0;
	const char *value = column != SIZE_MAX && column < kept->row.count ? kept->row.cells[column].text : "";
	struct import_error row = {
		.tenant = c->tenant, .import_id = r->job.id, .row_no = kept->number, .column_no = (int64_t)no,
		.head = column == SIZE_MAX ? f ? f->label.zh : e->field : arena_string_n(c->arena, r->map.columns[column].head, utf8_prefix(r->map.columns[column].head, 60)),
		.value = shown_value(c, f, value), .code = error_name(e->code), .message = error_text(e->code, c->lang, e->arg, c->arena),
	};
	r->chunk_faults++;
	return import_error_row_insert(c, &row);
}

/* All cells of the chunk made slots; what the rows are going to ask is known then. */
static int read_chunk(struct ctx *c, struct run *r)
{
	struct error *outer = c->error;
	TRY(import_ask_for_names(c, &r->map, r->chunk, r->chunk_rows));
	for (size_t i = 0; i < r->chunk_rows; i++) {
		struct import_row *kept = &r->chunk[i];
		kept->slots = ARENA_ARRAY(c->arena, struct slot, r->map.model->record->field_count);
		kept->error = (struct error){ 0 };
		c->error = &kept->error;
		kept->result = import_slots(c, &r->map, &kept->row, kept->slots, &kept->present);
		c->error = outer;
	}
	return import_ask_for_rows(c, &r->map, r->chunk, r->chunk_rows);
}

/* True for faults of the row itself; others end the import. */
static bool is_rows_fault(int code)
{
	int status = error_status(code);
	return status >= 400 && status < 500;
}

/* A row of what only comes by imports. */
static int bring_row(struct ctx *c, struct run *r, const struct import_row *kept)
{
	const struct record *record = r->map.model->record;
	const struct bringing how = { .source = r->job.source, .tries = r->tries, .told = &r->told, .file_id = kept->file_id, .file = &kept->file };
	bool made;
	if (kept->file_fault)
		fail_field(c, record->file_of, kept->file_fault, kept->file_arg);
	TRY(c->error->code);
	TRY(record->bring(c, &how, kept->slots, kept->present, &made));
	r->chunk_created += made;
	return 0;
}

/* Which rows are going to want the file that they name. */
static int try_chunk(struct ctx *c, void *arg)
{
	struct run *r = arg;
	const struct bringing how = { .source = r->job.source, .tries = true, .told = &r->told };
	struct error *outer = c->error;
	TRY(read_chunk(c, r));
	for (size_t i = 0; i < r->chunk_rows; i++) {
		struct import_row *kept = &r->chunk[i];
		c->error = &kept->error;
		int result = kept->result < 0 || kept->error.code ? ERR_INVALID : r->map.model->record->bring(c, &how, kept->slots, kept->present, &kept->wants_file);
		c->error = outer;
		if (result < 0 && !is_rows_fault(result))
			return result;
		kept->wants_file &= result == 0;
	}
	return 0;
}

int import_try(struct ctx *c, const struct import_map *map, const struct slot *slots, uint64_t *present, int64_t *id)
{
	const struct record *record = map->model->record;
	TRY(import_find(c, map, slots, *present, id));
	for (size_t i = 0; *id && i < record->field_count; i++)
		if (record->fields[i].fixed || record->fields[i].system)
			*present &= ~(UINT64_C(1) << i);
	TRY(record_try(c, record, slots, *present, *id));
	return c->error->code;
}

/* One row, written or tried. Its faults stay in c->error. */
static int take_row(struct ctx *c, struct run *r, const struct import_row *kept)
{
	const struct record *record = r->map.model->record;
	const struct slot *slots = kept->slots;
	uint64_t present = kept->present;
	int64_t id;
	TRY(kept->result);
	if (record->bring)
		return bring_row(c, r, kept);
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(import_try(c, &r->map, slots, &present, &id));
	id ? r->chunk_changed++ : r->chunk_created++;
	if (r->tries)
		return 0;
	if (!id)
		return record_create(c, record, slots, present, row);
	TRY(record_get(c, record, id, row));
	return record_change(c, record, id, *member_int(r->map.model->version, row), slots, present, "import", row);
}

/* One fault a cell: what it is mistaken for later (empty, unknown) follows from the first. */
static bool is_first(const struct field_error *all, const struct field_error *f)
{
	for (const struct field_error *e = all; e != f; e = e->next)
		if (text_equal(e->field, f->field))
			return false;
	return true;
}

/* A row with faults leaves nothing behind: it is tried before it is written. */
static int take_chunk(struct ctx *c, void *arg)
{
	struct run *r = arg;
	r->chunk_created = r->chunk_changed = r->chunk_bad = r->chunk_faults = r->told = 0;
	struct error *outer = c->error;
	struct import_job job;
	TRY(import_job_row_get(c, r->job.id, &job));
	r->stopped = !text_equal(job.state, r->job.state);
	if (r->stopped)
		return 0;
	TRY(read_chunk(c, r));
	r->notes = (struct undo_notes){ .import_id = r->job.id };
	c->notes = r->tries ? NULL : &r->notes;
	for (size_t i = 0; i < r->chunk_rows; i++) {
		struct error *error = &r->chunk[i].error;
		r->notes.row_no = r->chunk[i].number;
		int64_t created = r->chunk_created, changed = r->chunk_changed;
		c->error = error;
		int result = take_row(c, r, &r->chunk[i]);
		c->error = outer;
		if (result >= 0)
			continue;
		if (!is_rows_fault(result))
			return result;
		r->chunk_created = created;
		r->chunk_changed = changed;
		r->chunk_bad++;
		if (!error->fields)
			error_field(error, c->arena, "row", result, error->arg);
		for (const struct field_error *f = error->fields; f; f = f->next)
			if (is_first(error->fields, f))
				TRY(keep_fault(c, r, &r->chunk[i], f));
	}
	int64_t n;
	return import_progress(c, r->job.id, r->done + (int64_t)r->chunk_rows, r->created + r->chunk_created, r->changed + r->chunk_changed, r->bad + r->chunk_bad, r->notes.n, &n);
}

/* Worker ----------------------------------------------------------------------------------------------------------------- */

static struct write_request as_user(struct run *r, int (*fn)(struct ctx *c, void *arg))
{
	struct write_request request = { .run = fn, .arg = r, .queue = QUEUE_JOBS, .ctx = r->c };
	request.ctx.arena = r->scratch;
	request.ctx.auth = &r->auth;
	request.ctx.actor_kind = ACTOR_USER;
	request.ctx.actor_id = r->job.user_id;
	request.ctx.now = clock_now(r->importer->services->clock);
	error_clear(&r->error);
	return request;
}

static int write_as_user(struct run *r, int (*fn)(struct ctx *c, void *arg))
{
	struct write_request request = as_user(r, fn);
	return writer_run(r->importer->services->writer, &request);
}

/* Ahead of the writer: a dry run only looks, else what a row wants is made ready, so that the writer waits for nothing. */
static int take_files(struct run *r)
{
	const struct record_model *m = r->map.model;
	size_t column = m->record->file_of ? import_column_of(&r->map, m->record->file_of) : SIZE_MAX;
	if (column == SIZE_MAX)
		return 0;
	struct write_request request = as_user(r, NULL);
	TRY(readers_run(r->importer->services->readers, &request.ctx, try_chunk, r));
	for (size_t i = 0; i < r->chunk_rows; i++) {
		struct import_row *kept = &r->chunk[i];
		const char *path = column < kept->row.count ? kept->row.cells[column].text : "";
		request = as_user(r, NULL);
		if (r->tries && !text_empty(path))
			import_file_look(&request.ctx, r->bundle, path, kept);
		else if (!r->tries && kept->wants_file)
			TRY(import_file_take(&request, r->bundle, path, kept));
	}
	return 0;
}

static int flush(struct run *r)
{
	if (!r->chunk_rows)
		return 0;
	TRY(take_files(r));
	TRY(write_as_user(r, take_chunk));
	if (r->stopped)
		return ERR_BUSY;        /* what is written stays, what is counted is told */
	r->done += (int64_t)r->chunk_rows;
	r->created += r->chunk_created;
	r->changed += r->chunk_changed;
	r->bad += r->chunk_bad;
	r->faults += r->chunk_faults;
	r->chunk_rows = 0;
	arena_reset(r->scratch);
	return 0;
}

/* Cells live until the next row is read: a chunk keeps copies. */
static void keep_row(struct run *r, const struct sheet_row *row)
{
	struct import_row *kept = &r->chunk[r->chunk_rows++];
	struct cell *cells = ARENA_ARRAY(r->scratch, struct cell, row->count + 1);
	for (size_t i = 0; i < row->count; i++) {
		cells[i] = row->cells[i];
		cells[i].text = arena_string_n(r->scratch, row->cells[i].text, row->cells[i].n);
	}
	*kept = (struct import_row){ .number = row->number, .row = { row->number, row->count, cells } };
}

static int read_rows(struct run *r, struct sheet *sheet, int64_t skip)
{
	struct sheet_row row;
	int more;
	while ((more = sheet_next(sheet, &row)) == 1) {
		if (!sheet_row_counts(&row))
			continue;
		r->rows++;
		if (r->rows <= skip)
			continue;
		keep_row(r, &row);
		/* A file is judged and sealed before its row is written: what is ready is written at once. */
		if (r->chunk_rows == IMPORT_CHUNK || (r->bundle && !r->tries))
			TRY(flush(r));
		if (r->importer->closing)
			return ERR_BUSY;        /* goes on from `done` at the next start */
	}
	TRY(more);
	return flush(r);
}

static int read_sheet(struct run *r, const char *path)
{
	struct sheet_fault fault;
	struct import_sheet s;
	struct sheet_row header;
	const char *words[MOST_FIELDS_OF_RECORD];
	size_t n = 0;
	for (size_t i = 0; i < r->map.count; i++)
		if (r->map.columns[i].field != SIZE_MAX && n < MOST_FIELDS_OF_RECORD)
			words[n++] = r->map.columns[i].head;
	int result = import_sheet_open(r->arena, path, words, n, &s, &header, &fault);
	if (result == 0)
		result = read_rows(r, s.sheet, r->done);
	import_sheet_close(&s);
	return result;
}

static int copy_out(struct ctx *c, void *arg)
{
	struct run *r = arg;
	c->arena = r->arena;
	return file_read_to(c, r->job.file_id, (const char **)&r->job.last_error);
}

static int copy_bundle(struct ctx *c, void *arg)
{
	struct run *r = arg;
	c->arena = r->arena;
	return file_read_to(c, r->job.bundle_id, &r->job.folder);
}

/* The rows, with the files that they name. */
static int read_all(struct run *r, const char *path)
{
	bool copied = false;
	int result = 0;
	if (r->map.model->record->file_of && text_empty(r->job.folder)) {
		result = readers_run(r->importer->services->readers, &r->c, copy_bundle, r);
		copied = result == 0;
	}
	if (result == 0 && r->map.model->record->file_of)
		result = import_bundle_open(&r->c, r->arena, r->job.folder, &r->bundle);
	if (result == 0)
		result = read_sheet(r, path);
	bundle_close(r->bundle);
	if (copied)
		unlink(r->job.folder);
	return result;
}

static int end(struct ctx *c, void *arg)
{
	struct run *r = arg;
	int64_t n;
	return import_end(c, r->job.id, r->job.state, r->rows, r->job.last_error, &n);
}

/* Reads, writes, and says how it ended; a server that is stopping leaves the job as it is. */
static void work(struct run *r)
{
	const char *path = NULL;
	int result = readers_run(r->importer->services->readers, &r->c, load, r);
	r->done = r->job.done;
	r->created = r->job.created;
	r->changed = r->job.changed;
	r->bad = r->job.bad;
	if (result == 0)
		result = readers_run(r->importer->services->readers, &r->c, copy_out, r);
	path = r->job.last_error;
	if (result == 0) {
		result = read_all(r, path);
		unlink(path);
	}
	if (r->importer->closing || r->stopped)
		return;
	r->job.state = result < 0 ? "failed" : r->tries ? "checked" : "done";
	r->job.last_error = result < 0 ? error_text(result, LANG_ZH, r->error.arg, r->arena) : "";
	if (write_as_user(r, end) < 0)
		log_write(r->c.log, LOG_ERROR, "an import could not be ended", NULL);
}

static void worker(void *arg)
{
	struct run *r = arg;
	work(r);
	arena_free(r->scratch);
	arena_free(r->arena);
}

void importer_start(struct importer *i, int64_t tenant, int64_t id)
{
	struct arena *a = arena_new();
	struct run *r = ARENA_NEW(a, struct run);
	r->importer = i;
	r->arena = a;
	r->scratch = arena_new();
	r->job.id = id;
	r->c = (struct ctx){
		.arena = a, .tenant = tenant, .actor_kind = ACTOR_SYSTEM, .now = clock_now(i->services->clock), .request_id = IMPORT_REQUEST,
		.error = &r->error, .log = i->services->log, .services = i->services,
	};
	if (pool_submit(i->pool, worker, r) < 0) {      /* stays `running`: taken up at the next start */
		log_write(i->services->log, LOG_WARN, "an import has to wait for a restart", NULL);
		arena_free(r->scratch);
		arena_free(a);
	}
}

int importer_open(struct services *services, struct importer **out)
{
	struct arena *a = arena_new();
	struct importer *i = ARENA_NEW(a, struct importer);
	i->arena = a;
	i->services = services;
	int r = pool_open(1, 64, &i->pool);
	if (r < 0) {
		arena_free(a);
		return r;
	}
	*out = i;
	return 0;
}

void importer_close(struct importer *i)
{
	if (!i)
		return;
	i->closing = true;
	pool_close(i->pool);
	arena_free(i->arena);
}

static int resume(struct ctx *c, void *arg)
{
	struct imports_under_way_row *rows;
	size_t n;
	TRY(imports_under_way(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		importer_start(arg, rows[i].tenant, rows[i].id);
	return 0;
}

int importer_resume(struct importer *i)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct ctx c = { .arena = a, .request_id = "import", .error = &error, .log = i->services->log, .services = i->services };
	return readers_run(i->services->readers, &c, resume, i);
}
