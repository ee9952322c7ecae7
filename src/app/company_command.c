/* anxin company: one more company in this installation, with its standard roles and its first administrator; and which there are. */
#include <stdio.h>
#include <string.h>

#include "app/company.h"
#include "core/pack/packs.h"
#include "gen/company_sql.h"

struct founding {
	struct company company;
	struct staff admin;
	const char *pack;
};

static const char usage[] = "anxin company add CODE NAME --admin ACCOUNT [--admin-name NAME] [--phone SERVICE-PHONE] [--pack appliance|retail|services] | company list";

static bool read_words(int argc, char **argv, struct founding *f)
{
	const struct { const char *name; const char **text; } words[] = {
		{ "--admin", &f->admin.account }, { "--admin-name", &f->admin.name }, { "--phone", &f->company.service_phone },
		{ "--pack", &f->pack },
	};
	f->company.code = argv[0];
	f->company.name = argv[1];
	for (int i = 2; i < argc; i += 2) {
		size_t k = 0, n = sizeof(words) / sizeof(words[0]);
		while (k < n && strcmp(argv[i], words[k].name) != 0)
			k++;
		if (k == n || i + 1 == argc)
			return false;
		*words[k].text = argv[i + 1];
	}
	f->company.pack = pack_find(f->pack);
	return f->admin.account != NULL;
}

static const char *fault_of(const struct founding *f)
{
	if (!company_is_code(f->company.code))
		return "CODE is 2 to 40 small letters, digits and hyphens";
	if (!f->company.pack)
		return "there is no such pack";
	if (!company_is_name(f->company.name, COMPANY_NAME_MOST) || !company_is_name(f->admin.name, COMPANY_NAME_MOST))
		return "a name is 2 to 100 characters";
	if (!company_is_phone(f->company.service_phone))
		return "a service phone is digits, +, - and spaces, 20 at most";
	return company_is_name(f->admin.account, COMPANY_CODE_MOST) ? NULL : "an account is 2 to 40 characters";
}

static int found(struct ctx *c, void *arg)
{
	struct founding *f = arg;
	return company_found(c, &f->company, &f->admin);
}

static int look(struct ctx *c, void *arg)
{
	struct founding *f = arg;
	TRY(company_find(c, f->company.code, &f->company.tenant));
	return f->company.tenant ? fail(c, ERR_EXISTS, NULL) : 0;
}

static int add(struct app *app, struct founding *f)
{
	TRY(app_read(app, 0, look, f));
	TRY(read_password(app, 0, &f->admin.password_hash));
	TRY(app_write(app, id_next(&app->services.ids, clock_now(&app->clock)), found, f));
	printf("%s\t%s\t%s\n", f->company.code, f->company.name, f->admin.account);
	return 0;
}

static int print_all(struct ctx *c, void *arg)
{
	struct companies_listed_row *rows;
	size_t n;
	TRY(companies_listed(c, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		char day[16];
		day_format(day_of(rows[i].created_at, 0), day);
		printf("%s\t%s\t%s%s\n", rows[i].code, rows[i].name, day, rows[i].demo ? "\tdemo" : "");
	}
	return 0;
}

int command_company(const struct app_options *options, int argc, char **argv)
{
	struct founding f = { .company.service_phone = "", .admin.name = "管理员", .pack = packs[0].name };
	bool lists = argc == 1 && !strcmp(argv[0], "list");
	bool adds = argc >= 3 && !strcmp(argv[0], "add") && read_words(argc - 1, argv + 1, &f);
	const char *fault = adds ? fault_of(&f) : NULL;
	struct app *app;
	if ((!lists && !adds) || fault) {
		fprintf(stderr, "%s%s\n", fault ? "anxin: " : "", fault ? fault : usage);
		return 2;
	}
	if (app_open(options, &app) < 0)
		return 1;
	int r = lists ? app_read(app, 0, print_all, NULL) : add(app, &f);
	app_close(app);
	return r < 0;
}
