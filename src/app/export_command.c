/* anxin export: what the console's export gives, on standard output; as the system, so of all rows, masked all the same. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/company.h"
#include "core/io/export.h"
#include "db/writer.h"

struct order {
	const char *company;
	int64_t tenant;
	const struct record *record;
	struct export_query query;
	struct export_file file;
	struct arena *arena;
};

static int find(struct ctx *c, void *arg)
{
	struct order *o = arg;
	TRY(company_find(c, o->company, &o->tenant));
	return o->tenant ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}

static int run(struct ctx *c, void *arg)
{
	struct order *o = arg;
	TRY(export_run(c, o->record, &o->query, &o->file));
	o->file.path = arena_string(o->arena, o->file.path);
	return 0;
}

/* Before a byte leaves. */
static int tell(struct ctx *c, void *arg)
{
	const struct order *o = arg;
	return event_add(c, arena_format(c->arena, "%s.exported", o->record->name), o->record->name, 0,
	                 arena_format(c->arena, "{\"rows\":%lld,\"format\":\"%s\"}", (long long)o->file.rows, o->query.format));
}

static int print(const char *path)
{
	char buffer[1 << 16];
	ssize_t n = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	unlink(path);
	while (fd >= 0 && (n = read(fd, buffer, sizeof(buffer))) > 0)
		if (fwrite(buffer, 1, (size_t)n, stdout) != (size_t)n)
			break;
	if (fd >= 0)
		close(fd);
	return n == 0 && fflush(stdout) == 0 ? 0 : ERR_INTERNAL;
}

int command_export(const struct app_options *options, int argc, char **argv)
{
	struct app *app;
	if (argc != 3 || (strcmp(argv[2], "csv") && strcmp(argv[2], "xlsx"))) {
		fputs("anxin export --data DIR TENANT RECORD csv|xlsx > FILE\n", stderr);
		return 2;
	}
	if (app_open(options, &app) < 0)
		return 1;
	const struct record_model *m = registry_find(&app->services.registry, argv[1]);
	struct order o = { .company = argv[0], .record = m ? m->record : NULL, .query.format = argv[2], .arena = app->arena };
	if (!m)
		fprintf(stderr, "anxin: there is no record %s\n", argv[1]);
	int r = m ? app_read(app, 0, find, &o) : ERR_NOT_FOUND;
	if (r == 0)
		r = app_read(app, o.tenant, run, &o);
	if (r == 0)
		r = app_write(app, o.tenant, tell, &o);
	if (r == 0)
		r = print(o.file.path);
	app_close(app);
	return r < 0;
}
