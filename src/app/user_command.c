/* anxin user: the first administrator, and passwords that were forgotten. */
#include <stdio.h>
#include <string.h>

#include "app/company.h"
#include "base/crypto.h"
#include "core/auth/sign_in.h"
#include "gen/sign_in_sql.h"

struct order {
	const char *tenant, *account, *name, *role;
	const char *hash;
	int64_t id;
};

static int find(struct ctx *c, void *arg)
{
	struct order *o = arg;
	return company_find(c, o->tenant, &o->id);
}

static int add(struct ctx *c, void *arg)
{
	const struct order *o = arg;
	struct staff staff = { .account = o->account, .name = o->name, .password_hash = o->hash };
	TRY(company_role_id(c, o->role, &staff.role_id));
	return company_add_staff(c, &staff);
}

static int set_password(struct ctx *c, void *arg)
{
	const struct order *o = arg;
	struct user_account *rows;
	size_t n;
	int64_t changed;
	TRY(user_by_account(c, o->account, &rows, &n));
	if (n == 0)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(user_password(c, rows[0].id, o->hash, c->now, &changed));
	TRY(session_end_all(c, ACTOR_USER, rows[0].id));
	return event_add(c, "user.password_changed", "user", rows[0].id, "{}");
}

int read_password(struct app *app, int64_t tenant, const char **hash)
{
	char line[4 * (PASSWORD_MOST + 1) + 3];         /* in UTF-8, with an end of line: one too long is read as such */
	struct ctx c = { .arena = app->arena, .tenant = tenant, .services = &app->services };
	const char *arg;
	if (!fgets(line, sizeof(line), stdin))
		return ERR_FIELD_REQUIRED;
	line[strcspn(line, "\r\n")] = 0;
	int r = password_check(&c, line, &arg);
	if (r < 0)
		fprintf(stderr, "anxin: password: %s\n", error_text(r, LANG_EN, arg, app->arena));
	else
		r = password_hash(app->arena, line, hash);
	crypto_wipe(line, sizeof(line));
	return r;
}

int command_user(const struct app_options *options, int argc, char **argv)
{
	bool adds = argc == 5 && !strcmp(argv[0], "add"), sets = argc == 3 && !strcmp(argv[0], "password");
	if (!adds && !sets) {
		fputs("anxin user add TENANT ACCOUNT NAME ROLE | user password TENANT ACCOUNT\n", stderr);
		return 2;
	}
	struct app *app;
	struct order o = { .tenant = argv[1], .account = argv[2], .name = adds ? argv[3] : NULL, .role = adds ? argv[4] : NULL };
	if (app_open(options, &app) < 0)
		return 1;
	int r = app_read(app, 0, find, &o);
	if (r == 0 && o.id == 0)
		r = ERR_NOT_FOUND;
	if (r == 0)
		r = read_password(app, o.id, &o.hash);
	if (r == 0)
		r = app_write(app, o.id, adds ? add : set_password, &o);
	app_close(app);
	return r < 0;
}
