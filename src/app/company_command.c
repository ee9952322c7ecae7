/* anxin company: one more company in this installation, with its standard roles and its first administrator; and which there are. */
#include <stdio.h>
#include <string.h>

#include "app/company.h"
#include "base/text.h"
#include "gen/company_sql.h"

enum { CODE_LEAST = 2, CODE_MOST = 40, NAME_MOST = 100 };

struct founding {
	struct company company;
	struct staff admin;
};

static const char usage[] = "anxin company add CODE NAME --admin ACCOUNT [--admin-name NAME] [--phone SERVICE-PHONE] | company list";

static bool read_words(int argc, char **argv, struct founding *f)
{
	const struct { const char *name; const char **text; } words[] = {
		{ "--admin", &f->admin.account }, { "--admin-name", &f->admin.name }, { "--phone", &f->company.service_phone },
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
	return f->admin.account != NULL;
}

/* It stands in links and is typed when signing in: nothing that needs quoting or looks like something else. */
static bool is_code(const char *code)
{
	size_t n = strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return !code[n] && n >= CODE_LEAST && n <= CODE_MOST && code[0] != '-' && code[n - 1] != '-';
}

static bool is_name(const char *name, size_t most)
{
	return utf8_is_text(name, strlen(name)) && utf8_count(name) >= 2 && utf8_count(name) <= most;
}

static const char *fault_of(const struct founding *f)
{
	if (!is_code(f->company.code))
		return "CODE is 2 to 40 small letters, digits and hyphens";
	if (!is_name(f->company.name, NAME_MOST) || !is_name(f->admin.name, NAME_MOST))
		return "a name is 2 to 100 characters";
	return is_name(f->admin.account, CODE_MOST) ? NULL : "an account is 2 to 40 characters";
}

static int found(struct ctx *c, void *arg)
{
	struct founding *f = arg;
	TRY(company_create(c, &f->company));
	f->admin.role_id = f->company.role_ids[ROLE_ADMINISTRATOR];
	return company_add_staff(c, &f->admin);
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
	struct founding f = { .company.service_phone = "", .admin.name = "管理员" };
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
