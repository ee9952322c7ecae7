/* The command line of anxin: one table of commands. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/crypto.h"
#include "core/file/media.h"

static const struct {
	const char *name;
	int (*run)(const struct app_options *o, int argc, char **argv);
	const char *help;
} commands[] = {
	{ "serve",   command_serve,   "serve the console, the customer pages and the API" },
	{ "migrate", command_migrate, "bring database and key store up to date" },
	{ "demo",    command_demo,    "load a demo company into an empty database: demo [small|bare] [PACK]; small a tenth of it, bare only its people and products" },
	{ "sim",     command_sim,     "sim run [--days N] [--seed S] …: play a brand's days through the API of a server of its own, in a new folder" },
	{ "bench",   command_bench,   "measure; names of figures limit it to them" },
	{ "backup",  command_backup,  "backup [FOLDER]: copy data and files while serving, and keys apart; says where" },
	{ "restore", command_restore, "restore BACKUP KEYS MASTER: checked, into the new folder of --data" },
	{ "doctor",  command_doctor,  "doctor [BACKUPS]: say what is well and what is not" },
	{ "verify-audit", command_verify_audit, "verify-audit [HEADS…]: walk the audit of each company and name every row that was changed, removed or inserted" },
	{ "keys",    command_keys,    "keys rotate: a new master key, while everybody works" },
	{ "export",  command_export,  "export TENANT RECORD csv|xlsx: a list as a spreadsheet, masked, on standard output" },
	{ "import",  command_import,  "import TENANT ACCOUNT RECORD FILE [check]: a spreadsheet, tried or written as that person; faults as CSV on standard output" },
	{ "eval",    command_eval,    "eval FILE [--json] [--ids FILE]: how well the bot understands questions; lines of id, tab, question, id OOS for none of ours" },
	{ "learn",   command_learn,   "learn FOLDER MODEL CACHE OUT: make a pack's questions into what the bot understands by; the build does it" },
	{ "openapi", command_openapi, "print the description of the API (OpenAPI 3.1)" },
	{ "company", command_company, "company add CODE NAME --admin ACCOUNT [--admin-name NAME] [--phone SERVICE-PHONE] [--pack PACK] (reads the password from standard input) | company list" },
	{ "first-run-word", command_first_run_word, "print the word that the first-run page asks for; only before there is a company" },
	{ "setting", command_setting, "setting list | get NAME | set NAME VALUE | reset NAME: of the server, or with --company CODE of a company" },
	{ "user",    command_user,    "user add TENANT ACCOUNT NAME ROLE | user password TENANT ACCOUNT (reads the password from standard input)" },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int help(void)
{
	puts("anxin COMMAND [--data DIR] [--db URL] [--keys URL] [--files URL] [--listen ADDRESS:PORT] [--web DIR] [--public-url URL] [--proxy NETWORK] [--set NAME=VALUE]\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-12s %s\n", commands[i].name, commands[i].help);
	return 2;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "media-child"))
		return media_child_main(argc, argv);
	if (argc < 2 || crypto_start() < 0)
		return help();
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		struct app_options o;
		int rest;
		if (app_options_read(a, argc - 1, argv + 1, &o, &rest) < 0)
			return 2;
		return commands[i].run(&o, argc - 1 - rest, argv + 1 + rest);
	}
	return help();
}
