/* anxin import: a spreadsheet into a record, as a member of staff who may, by the same steps as on the page: the file is kept,
 * inspected, tried or written by the import's own worker. Faults come as CSV on standard output, one a cell. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/company.h"
#include "core/auth/sign_in.h"
#include "core/file/file.h"
#include "core/io/export.h"
#include "core/io/import.h"
#include "core/record/narrowing.h"
#include "gen/import_sql.h"
#include "gen/sign_in_sql.h"

enum { PART = 1 << 20, LOOK_MS = 100, FAULTS_AT_ONCE = 200, EXIT_FAULTS = 3, WORDS_MOST = 20000 };

struct order {
	struct app *app;
	const char *company, *account, *path, *state;
	const char *source, *words, *folder;    /* of another system; its words from a file; where the files are that rows name */
	const struct record_model *model;
	int64_t tenant;
	struct auth auth;
	struct import_job job;
	struct upload_place place;
	struct file_ready ready;
	const char *name;
	int64_t size, sent;                     /* of the file */
	struct bytes part;
	int64_t row, column;                    /* of the last fault shown */
	struct import_errors_page_row *faults;
	size_t fault_count;
};

/* From here on the order is that person's, with that person's rights. */
static void act(struct ctx *c, const struct order *o)
{
	c->actor_kind = ACTOR_USER;
	c->actor_id = o->auth.user_id;
	c->auth = &o->auth;
}

static int find(struct ctx *c, void *arg)
{
	struct order *o = arg;
	TRY(company_find(c, o->company, &o->tenant));
	return o->tenant ? 0 : fail(c, ERR_NOT_FOUND, o->company);
}

static int find_person(struct ctx *c, void *arg)
{
	struct order *o = arg;
	struct user_account *users;
	struct user_rights_row *rights;
	size_t n, m = 0;
	c->arena = o->app->arena;
	TRY(user_by_account(c, o->account, &users, &n));
	if (n)
		TRY(user_rights(c, users[0].id, &rights, &m));
	if (n == 0 || m == 0)
		return fail(c, ERR_NOT_FOUND, o->account);
	o->auth = (struct auth){ .user_id = users[0].id, .role_id = rights[0].role_id, .team_id = rights[0].team_id,
	                         .region_id = rights[0].region_id, .scope = scope_read(rights[0].scope) };
	TRY(narrowing_read(c, rights[0].conditions, &o->auth.narrowing));
	TRY(permissions_read(c->arena, rights[0].permissions, &o->auth.permissions, &o->auth.permission_count));
	act(c, o);
	return require_permission(c, import_right(c, o->model->record->name));
}

/* The file ---------------------------------------------------------------------------------------------------------- */

static int begin(struct ctx *c, void *arg)
{
	struct order *o = arg;
	act(c, o);
	return file_begin(c, o->name, o->size, &o->place);
}

static int advance(struct ctx *c, void *arg)
{
	struct order *o = arg;
	act(c, o);
	return file_advance(c, o->place.id, o->place.offset, o->sent);
}

static int prepare(struct ctx *c, void *arg)
{
	struct order *o = arg;
	struct customs custom;
	c->arena = o->app->arena;
	act(c, o);
	TRY(customs_of(c, o->model, &custom));
	TRY(file_place(c, o->place.id, &o->place));
	o->place.offset = o->size;
	return file_prepare(c, &o->place, &o->ready);
}

static int finish(struct ctx *c, void *arg)
{
	struct order *o = arg;
	act(c, o);
	return file_finish(c, o->place.id, &o->ready);
}

static int write_part(struct ctx *c, void *arg)
{
	struct order *o = arg;
	act(c, o);
	return file_part(c, &o->place, o->place.offset, o->part);
}

/* All parts but the last are told to the database; the last one is, as soon as the file is ready. */
static int send_parts(struct order *o, int fd)
{
	uint8_t *buffer = arena_alloc(o->app->arena, PART);
	for (o->sent = 0; o->sent < o->size;) {
		ssize_t n = pread(fd, buffer, PART, o->sent);
		if (n <= 0)
			return ERR_INTERNAL;
		o->part = (struct bytes){ buffer, (size_t)n };
		o->place.offset = o->sent;
		TRY(app_read(o->app, o->tenant, write_part, o));
		o->sent += n;
		if (o->sent < o->size)
			TRY(app_write(o->app, o->tenant, advance, o));
	}
	return 0;
}

static int take_file(struct order *o)
{
	struct stat st;
	const char *slash = strrchr(o->path, '/');
	int fd = open(o->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		fprintf(stderr, "anxin: %s cannot be read\n", o->path);
		if (fd >= 0)
			close(fd);
		return ERR_NOT_FOUND;
	}
	o->name = slash ? slash + 1 : o->path;
	o->size = st.st_size;
	int r = app_write(o->app, o->tenant, begin, o);
	if (r == 0)
		r = send_parts(o, fd);
	close(fd);
	TRY(r);
	TRY(app_read(o->app, o->tenant, prepare, o));
	return app_write(o->app, o->tenant, finish, o);
}

/* The import ---------------------------------------------------------------------------------------------------------- */

static int inspect(struct ctx *c, void *arg)
{
	struct order *o = arg;
	struct customs custom;
	c->arena = o->app->arena;
	act(c, o);
	TRY(customs_of(c, o->model, &custom));
	o->job = (struct import_job){ .record = o->model->record->name, .source = o->source, .words = o->words, .folder = o->folder, .file_id = o->place.id,
	                              .file_name = arena_string_n(c->arena, o->name, utf8_prefix(o->name, 80)) };
	return import_inspect(c, o->model, &custom, o->path, &o->job);
}

static int keep(struct ctx *c, void *arg)
{
	struct order *o = arg;
	act(c, o);
	return import_keep(c, &o->job);
}

static int start(struct ctx *c, void *arg)
{
	struct order *o = arg;
	struct import_job job;
	act(c, o);
	return import_move(c, o->job.id, 1, o->state, &job);
}

static int look(struct ctx *c, void *arg)
{
	struct order *o = arg;
	c->arena = o->app->arena;
	return import_job_row_get(c, o->job.id, &o->job);
}

/* Until the worker has ended it; on a terminal with what is done so far. */
static int await_end(struct order *o)
{
	bool terminal = isatty(2);
	for (;;) {
		TRY(app_read(o->app, o->tenant, look, o));
		if (terminal)
			fprintf(stderr, "\r%lld / %lld ", (long long)o->job.done, (long long)o->job.rows);
		if (strcmp(o->job.state, "checking") && strcmp(o->job.state, "running"))
			break;
		usleep(LOOK_MS * 1000);
	}
	if (terminal)
		fputc('\n', stderr);
	return 0;
}

static int next_faults(struct ctx *c, void *arg)
{
	struct order *o = arg;
	c->arena = o->app->arena;
	return import_errors_page(c, o->job.id, o->row, o->column, FAULTS_AT_ONCE, &o->faults, &o->fault_count);
}

static void print_number(struct export_sheet *out, int64_t value, struct arena *a)
{
	out->ops->number(out, (double)value, arena_format(a, "%lld", (long long)value));
}

static int print_faults(struct order *o)
{
	static const char *const heads[] = { "row", "column", "head", "value", "code", "message" };
	struct export_sheet *out = export_csv(o->app->arena, 1);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		out->ops->text(out, heads[i]);
	out->ops->end_row(out);
	o->row = o->column = 0;
	do {
		TRY(app_read(o->app, o->tenant, next_faults, o));
		for (size_t i = 0; i < o->fault_count; i++) {
			const struct import_errors_page_row *f = &o->faults[i];
			const char *const texts[] = { f->head, f->value, f->code, f->message };
			print_number(out, o->row = f->row_no, o->app->arena);
			print_number(out, o->column = f->column_no, o->app->arena);
			for (size_t k = 0; k < 4; k++)
				out->ops->text(out, texts[k]);
			out->ops->end_row(out);
		}
	} while (o->fault_count == FAULTS_AT_ONCE);
	return out->ops->close(out);
}

static int run(struct order *o)
{
	TRY(app_read(o->app, 0, find, o));
	TRY(app_read(o->app, o->tenant, find_person, o));
	TRY(take_file(o));
	TRY(app_read(o->app, o->tenant, inspect, o));
	TRY(app_write(o->app, o->tenant, keep, o));
	TRY(app_write(o->app, o->tenant, start, o));
	TRY(await_end(o));
	fprintf(stderr, "anxin: %s: %lld rows, %lld created, %lld changed, %lld with faults%s%s\n", o->job.state, (long long)o->job.rows,
	        (long long)o->job.created, (long long)o->job.changed, (long long)o->job.bad, *o->job.last_error ? ": " : "", o->job.last_error);
	return strcmp(o->job.state, "failed") ? print_faults(o) : ERR_INTERNAL;
}

/* What follows FILE: check, source=NAME, words=FILE.json, files=FOLDER or FILE.zip. */
static bool read_rest(struct order *o, struct arena *a, int argc, char **argv)
{
	char *files = arena_alloc(a, PATH_MAX);
	for (int i = 4; i < argc; i++) {
		FILE *f;
		char *words = arena_alloc(a, WORDS_MOST + 1);
		if (!strcmp(argv[i], "check"))
			o->state = "checking";
		else if (!strncmp(argv[i], "source=", 7))
			o->source = argv[i] + 7;
		else if (!strncmp(argv[i], "files=", 6) && realpath(argv[i] + 6, files))
			o->folder = files;
		else if (!strncmp(argv[i], "words=", 6) && (f = fopen(argv[i] + 6, "re"))) {
			words[fread(words, 1, WORDS_MOST, f)] = 0;
			o->words = words;
			fclose(f);
		} else
			return false;
	}
	return true;
}

int command_import(const struct app_options *options, int argc, char **argv)
{
	struct app *app;
	ARENA_SCOPED a = arena_new();
	struct order o = { .state = "running", .source = "", .words = "{}" };
	if (argc < 4 || !read_rest(&o, a, argc, argv)) {
		fputs("anxin import --data DIR TENANT ACCOUNT RECORD FILE [check] [source=SYSTEM] [words=WORDS.json] [files=FOLDER|FILES.zip] > FAULTS.csv\n", stderr);
		return 2;
	}
	if (app_open(options, &app) < 0)
		return 1;
	o.app = app;
	o.company = argv[0];
	o.account = argv[1];
	o.path = argv[3];
	struct ctx targets = { .services = &app->services };
	o.model = import_target(&targets, argv[2]);
	int r = o.model ? 0 : ERR_NOT_FOUND;
	if (r < 0)
		fprintf(stderr, "anxin: nothing is imported into %s\n", argv[2]);
	if (r == 0)
		r = importer_open(&app->services, &app->services.importer);
	if (r == 0)
		r = run(&o);
	importer_close(app->services.importer);
	app_close(app);
	return r < 0 ? 1 : o.job.bad ? EXIT_FAULTS : 0;
}
