/* Lists of 50,000 rows as ERP programs export them (tests/data/make_sheets.py), uploaded and imported through the public API.
 * Timed by the clock from the upload's first byte to the end of the run; the dry run before it has a line of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/bench_server.h"
#include "domain/device/device.h"

enum { PART = 1 << 20, LONGEST_S = 600 };

struct sheet_of {
	const char *figure, *record, *file, *mapping;   /* mapping NULL: the one that is proposed */
};
static const struct sheet_of sheets[] = {
	{ "customers", "customer", "customer_utf8.csv", NULL },
	{ "owners", "customer", "device.xlsx", "{\"客户姓名\":\"name\",\"联系电话\":\"phone\"}" },
	{ "devices", "device", "device.xlsx", NULL },
};

static int read_file(struct arena *a, const char *path, struct bytes *out)
{
	struct stat st;
	FILE *f = fopen(path, "rb");
	if (!f)
		return ERR_NOT_FOUND;
	uint8_t *p = fstat(fileno(f), &st) == 0 ? arena_alloc(a, (size_t)st.st_size) : NULL;
	bool whole = p && fread(p, 1, (size_t)st.st_size, f) == (size_t)st.st_size;
	fclose(f);
	*out = (struct bytes){ p, whole ? (size_t)st.st_size : 0 };
	return whole ? 0 : ERR_INTERNAL;
}

static int send_part(struct bench_run *b, const char *id, const struct bytes *all, size_t at)
{
	ARENA_SCOPED a = arena_new();
	size_t n = all->n - at < PART ? all->n - at : PART;
	const char *head = arena_format(a, "PATCH /api/v1/file/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\nCookie: %s\r\n"
	                                "Content-Type: application/octet-stream\r\nUpload-Offset: %zu\r\nContent-Length: %zu\r\n\r\n", id, b->port, b->port, b->cookie, at, n);
	size_t head_n = strlen(head);
	char *request = arena_alloc(a, head_n + n);
	const char *answer, *cookie;
	int status;
	memcpy(request, head, head_n);
	memcpy(request + head_n, all->p + at, n);
	TRY(load_send(b->port, a, request, head_n + n, &status, &answer, &cookie));
	if (status != 200)
		fprintf(stderr, "bench: part at %zu: %d %.300s\n", at, status, answer);
	return status == 200 ? 0 : ERR_INTERNAL;
}

/* Upload, job, mapping: the job's JSON. */
static int announce(struct bench_run *b, const struct sheet_of *s, const struct bytes *all, const char **job)
{
	const char *answer;
	TRY(bench_call(b, "POST", "/api/v1/file", arena_format(b->arena, "{\"name\":\"%s\",\"size\":%zu}", s->file, all->n), &answer));
	const char *id = bench_value(b->arena, answer, "id");
	for (size_t at = 0; at < all->n; at += PART)
		TRY(send_part(b, id, all, at));
	TRY(bench_call(b, "POST", "/api/v1/import", arena_format(b->arena, "{\"record\":\"%s\",\"file_id\":\"%s\"}", s->record, id), job));
	if (!s->mapping)
		return 0;
	const char *path = arena_format(b->arena, "/api/v1/import/%s", bench_value(b->arena, *job, "id"));
	return bench_call(b, "PATCH", path, arena_format(b->arena, "{\"version\":%s,\"mapping\":%s}", bench_value(b->arena, *job, "version"), s->mapping), job);
}

/* "check" or "start", and its end. */
static int step(struct bench_run *b, const char *what, const char **job)
{
	const char *id = bench_value(b->arena, *job, "id"), *path = arena_format(b->arena, "/api/v1/import/%s", id);
	TRY(bench_call(b, "POST", arena_format(b->arena, "%s/%s", path, what), arena_format(b->arena, "{\"version\":%s}", bench_value(b->arena, *job, "version")), job));
	int64_t until = monotonic_ns() + LONGEST_S * INT64_C(1000000000);
	while (monotonic_ns() < until) {
		const char *state;
		TRY(bench_call(b, "GET", path, "", job));
		state = bench_value(b->arena, *job, "state");
		if (!strcmp(state, "checked") || !strcmp(state, "done"))
			return 0;
		if (!strcmp(state, "failed"))
			return ERR_INTERNAL;
		usleep(50000);
	}
	return ERR_BUSY;
}

static int figure(struct bench_run *b, const char *before, const char *folder, const struct sheet_of *s, double *longest)
{
	struct bytes all;
	const char *job, *name = arena_format(b->arena, "%simport_50k_%s", before, s->figure);
	TRY(read_file(b->arena, arena_format(b->arena, "%s/%s", folder, s->file), &all));
	int64_t from = monotonic_ns();
	TRY(announce(b, s, &all, &job));
	double announced = (double)(monotonic_ns() - from) / 1e9;
	from = monotonic_ns();
	TRY(step(b, "check", &job));
	bench_print(arena_format(b->arena, "%s_try", name), (double)(monotonic_ns() - from) / 1e9, "s", 0);
	from = monotonic_ns();
	TRY(step(b, "start", &job));
	double took = announced + (double)(monotonic_ns() - from) / 1e9;
	bench_print(name, took, "s", 0);
	*longest = took > *longest ? took : *longest;
	fprintf(stderr, "%s: %lld rows, %lld created, %lld changed, %lld with faults, announced in %.2f s\n", name, (long long)bench_number(b->arena, job, "rows"),
	        (long long)bench_number(b->arena, job, "created"), (long long)bench_number(b->arena, job, "changed"), (long long)bench_number(b->arena, job, "bad"), announced);
	return 0;
}

/* The models that the lists know: ["…","…"] at the head of expected.json. */
static int add_models(struct ctx *c, void *arg)
{
	const char *p = arg;
	struct product product = { .tenant = c->tenant, .id = new_id(c), .code = "BENCH", .name = "空调", .name_en = "Appliance" };
	TRY(record_insert(c, &product_record, &product));
	while ((p = strpbrk(p, "\"]")) != NULL && *p == '"') {
		size_t n = strcspn(++p, "\"");
		struct model model = { .tenant = c->tenant, .id = new_id(c), .product_id = product.id, .code = arena_string_n(c->arena, p, n) };
		model.name = model.code;
		TRY(record_insert(c, &model_record, &model));
		p += n + 1;
	}
	return 0;
}

static int prepare(struct bench_run *b, const char *folder)
{
	static const char name[] = "\"models\": [";
	char head[16384];
	FILE *f = fopen(arena_format(b->arena, "%s/expected.json", folder), "r");
	size_t n = f ? fread(head, 1, sizeof(head) - 1, f) : 0;
	if (f)
		fclose(f);
	head[n] = 0;
	char *models = strstr(head, name);
	if (!models)
		return ERR_NOT_FOUND;
	struct app *app;
	TRY(bench_app(b, &app));
	int r = app_write(app, b->tenant, add_models, models + sizeof(name) - 1);
	app_close(app);
	return r;
}

static int figures(struct bench_run *b, const char *before, const char *folder)
{
	double longest = 0, behind;
	TRY(prepare(b, folder));
	TRY(bench_start(b));
	TRY(bench_sign_in(b));
	for (size_t i = 0; i < sizeof(sheets) / sizeof(sheets[0]); i++)
		TRY(figure(b, before, folder, &sheets[i], &longest));
	TRY(bench_caught_up(b, &behind));
	bench_print(arena_format(b->arena, "%simport_50k", before), longest, "s", 0);
	bench_print(arena_format(b->arena, "%simport_50k_followers", before), behind, "s", 0);
	return 0;
}

static int on_sqlite(const struct app_options *o, struct arena *a, const char *folder)
{
	struct bench_run b;
	TRY(bench_forget(a, o, "import"));
	TRY(bench_open(&b, a, o, "import", NULL));
	int r = figures(&b, "", folder);
	bench_stop(&b.server);
	return r;
}

static int on_postgresql(const struct app_options *o, struct arena *a, const char *folder)
{
	static const char name[] = "bench_import";
	struct bench_run b = { .server = 0 };
	const char *db = bench_database(a, name);
	if (!db)
		return 0;
	int r = bench_forget(a, o, "pg_import");
	if (r == 0)
		r = bench_open(&b, a, o, "pg_import", db);
	if (r == 0)
		r = figures(&b, "pg_", folder);
	bench_stop(&b.server);
	bench_drop(a, name);
	return r;
}

int bench_import(const struct app_options *o, struct arena *a, int argc, char **argv)
{
	const char *folder = getenv("ANXIN_SHEETS");
	if (!folder || access(folder, R_OK) < 0) {
		fprintf(stderr, "import_50k: the lists are absent (ANXIN_SHEETS; ./dev bench makes them): nothing is measured\n");
		return 0;
	}
	if (bench_wants(argc, argv, "import_50k"))
		TRY(on_sqlite(o, a, folder));
	return bench_wants(argc, argv, "pg_import_50k") ? on_postgresql(o, a, folder) : 0;
}
