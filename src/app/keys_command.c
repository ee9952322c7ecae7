/* anxin keys: a new master key, while everybody works. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "db/writer.h"
#include "gen/upkeep_sql.h"

struct companies {
	struct arena *arena;
	int64_t *tenants;
	size_t n;
};

static int list(struct ctx *c, void *arg)
{
	struct companies *all = arg;
	struct upkeep_tenants_row *rows;
	TRY(upkeep_tenants(c, &rows, &all->n));
	all->tenants = ARENA_ARRAY(all->arena, int64_t, all->n + 1);
	for (size_t i = 0; i < all->n; i++)
		all->tenants[i] = rows[i].tenant;
	return 0;
}

static int tell(struct ctx *c, void *arg)
{
	return event_add(c, "keys.rotated", "tenant", c->tenant, "{}");
}

/* Every company's audit is told: it is about the keys of each. */
static int rotate(struct app *app)
{
	struct companies all = { .arena = app->arena };
	TRY(keystore_rotate(app->services.keys));
	TRY(app_read(app, 0, list, &all));
	for (size_t i = 0; i < all.n; i++)
		TRY(app_write(app, all.tenants[i], tell, NULL));
	printf("%s/master.key is new; %s/master.key.before opens the copies of the key store that were made until now, and goes with them\n", app->o.data, app->o.data);
	return 0;
}

int command_keys(const struct app_options *options, int argc, char **argv)
{
	struct app *app;
	if (argc != 1 || strcmp(argv[0], "rotate")) {
		fputs("anxin keys --data DIR rotate\n", stderr);
		return 2;
	}
	if (app_open(options, &app) < 0)
		return 1;
	int r = rotate(app);
	if (r < 0)
		fprintf(stderr, "anxin: the keys were not all wrapped anew (%s): call it again, it goes on where it was\n", error_name(r));
	app_close(app);
	return r < 0;
}
