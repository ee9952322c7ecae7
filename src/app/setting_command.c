/* anxin setting: settings without the console. A company's own go into the database, beside a running server that hears of it; the
 * server's go into settings.conf, which it reads when it starts. */
#include <stdio.h>
#include <string.h>

#include "app/company.h"
#include "core/setting/setting_store.h"

struct order {
	const char *company;            /* code; NULL: the server */
	const char *name, *value;       /* name NULL: all of them */
	int64_t tenant;
};

static void print(struct arena *a, const struct setting_def *def, int64_t value, int64_t fallback, const char *source)
{
	printf("%s\t%s\t%s\t%s\t%lld\t%lld\t%s\n", def->name, setting_write(a, def, value), setting_unit_name(def->unit), setting_write(a, def, fallback),
	       (long long)def->least, (long long)def->most, source);
}

/* The server's --------------------------------------------------------------------------------------------------------- */

static void show_server(struct arena *a, const struct app_options *o, const char *name)
{
	static const char *const sources[] = { "default", "file", "environment", "command line" };
	for (int i = 0; i < SETTING_COUNT; i++)
		if (!name || !strcmp(setting_defs[i].name, name))
			print(a, &setting_defs[i], o->settings->values.at[i], setting_defs[i].initial, sources[o->settings->source[i]]);
}

static int refuse(struct arena *a, const char *name, int code, const char *arg)
{
	fprintf(stderr, "anxin: %s: %s\n", name, error_text(code, LANG_ZH, arg, a));
	return code;
}

static int write_server(struct arena *a, const struct app_options *o, const struct order *order)
{
	const char *arg = NULL;
	int64_t value;
	int r = order->value ? setting_read(a, &setting_defs[setting_find(order->name)], order->value, LANG_ZH, &value, &arg) : 0;
	if (r < 0)
		return refuse(a, order->name, r, arg);
	TRY(server_settings_write(a, o, order->name, order->value));
	fputs("anxin: in force when the server starts again\n", stderr);
	return 0;
}

/* A company's ---------------------------------------------------------------------------------------------------------- */

static int find(struct ctx *c, void *arg)
{
	struct order *o = arg;
	TRY(company_find(c, o->company, &o->tenant));
	return o->tenant ? 0 : ERR_NOT_FOUND;
}

static int show_company(struct ctx *c, void *arg)
{
	const struct order *o = arg;
	struct setting_state *all = ARENA_ARRAY(c->arena, struct setting_state, SETTING_COUNT);
	TRY(setting_states(c, all));
	for (int i = 0; i < SETTING_COUNT; i++)
		if (setting_defs[i].whose == SETTING_COMPANY && (!o->name || !strcmp(setting_defs[i].name, o->name)))
			print(c->arena, &setting_defs[i], all[i].value, all[i].fallback, all[i].own ? "company" : "server");
	return 0;
}

static int write_company(struct ctx *c, void *arg)
{
	const struct order *o = arg;
	struct setting_state now;
	return setting_choose(c, &(struct setting_wish){ o->name, o->value, ANY_VERSION, NULL }, &now);
}

static int for_company(const struct app_options *options, struct order *o, bool writes)
{
	struct app *app;
	TRY(app_open(options, &app));
	int r = app_read(app, 0, find, o);
	if (r == 0)
		r = writes ? app_write(app, o->tenant, write_company, o) : app_read(app, o->tenant, show_company, o);
	app_close(app);
	return r;
}

int command_setting(const struct app_options *options, int argc, char **argv)
{
	static const struct { const char *verb; int words; } verbs[] = { { "list", 1 }, { "get", 2 }, { "set", 3 }, { "reset", 2 } };
	bool known = false;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		known |= argc == verbs[i].words && !strcmp(argv[0], verbs[i].verb);
	if (!known) {
		fputs("anxin setting [--company CODE] list | get NAME | set NAME VALUE | reset NAME\n", stderr);
		return 2;
	}
	ARENA_SCOPED a = arena_new();
	bool writes = !strcmp(argv[0], "set") || !strcmp(argv[0], "reset");
	struct order o = { .company = options->company, .name = argc > 1 ? argv[1] : NULL, .value = argc > 2 ? argv[2] : NULL };
	if (o.name && setting_find(o.name) < 0)
		return refuse(a, o.name, ERR_NOT_FOUND, NULL) < 0;
	if (o.company)
		return for_company(options, &o, writes) < 0;
	if (writes)
		return write_server(a, options, &o) < 0;
	show_server(a, options, o.name);
	return 0;
}
