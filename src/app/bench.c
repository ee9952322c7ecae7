/* The table of figures: which names there are and who measures them. */
#include "app/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/bench_server.h"
#include "core/search/search_bench.h"
#include "engine/expr/expr_bench.h"

enum { DOCUMENTS = 1000000, QUESTIONS = 2000 };

static int search_figure(const struct app_options *o, struct arena *arena, int argc, char **argv)
{
	struct log log;
	struct clock clock;
	struct migrate_report report;
	const char *shared = getenv("ANXIN_SHARED");
	clock_system(&clock);
	log_init(&log, 2, LOG_WARN, &clock);
	struct search_bench s = {
		.url = arena_format(arena, "%s/search.db", o->data), .documents = DOCUMENTS, .questions = QUESTIONS, .log = &log, .clock = &clock,
		.texts = shared ? arena_format(arena, "%s/data/voices/electronics_reviews.tsv", shared) : NULL,
	};
	if (s.texts && access(s.texts, R_OK) < 0) {
		fprintf(stderr, "search_1m: shared texts are absent, built-in sentences instead\n");
		s.texts = NULL;
	}
	TRY(db_migrate(s.url, &data_migrations, &log, arena, &report));
	TRY(search_bench_run(&s));
	bench_print("search_1m", s.p99_ms, "ms p99", 0);
	bench_print("search_1m_p50", s.p50_ms, "ms", 0);
	return 0;
}

/* Millions a second on one core, beside the same condition written in C. */
static int condition_figure(const struct app_options *o, struct arena *arena, int argc, char **argv)
{
	struct expr_bench b;
	expr_bench_run(&b);
	bench_print("conditions", b.mixed_per_second / 1e6, "M/s", b.mixed_floor / 1e6);
	bench_print("conditions_whole", b.whole_per_second / 1e6, "M/s", b.whole_floor / 1e6);
	return 0;
}

enum { NAMES = 5 };

static const struct group {
	const char *names[NAMES];
	int (*run)(const struct app_options *o, struct arena *a, int argc, char **argv);
} groups[] = {
	{ { "ticket_create_16", "ticket_create_64", "ticket_create_256", "ticket_get" }, bench_create },
	{ { "pg_ticket_create_64" }, bench_postgresql },
	{ { "stream_2000" }, bench_stream },
	{ { "intake" }, bench_intake },
	{ { "messages" }, bench_talk },
	{ { "intake_api", "intake_widget", "assist", "pg_intake_api", "pg_intake_widget" }, bench_messages },
	{ { "visitors_5000", "visitors_5000_answer", "visitors_5000_kb" }, bench_visitors },
	{ { "import_50k", "pg_import_50k" }, bench_import },
	{ { "fill_1m", "start_1m", "ticket_list_1m", "memory_mb" }, bench_million },
	{ { "clocks_100k" }, bench_clocks },
	{ { "rules_50" }, bench_rules },
	{ { "promises_100k", "promises_1m", "promises_10m" }, bench_promises },
	{ { "search_1m" }, search_figure },
	{ { "conditions" }, condition_figure },
	{ { "bot", "questions_100k", "questions_100k_long", "learn_product", "learn_edit" }, bench_questions },
};

static bool group_has(const struct group *g, const char *name)
{
	for (size_t i = 0; i < NAMES && g->names[i]; i++)
		if (!strcmp(g->names[i], name))
			return true;
	return false;
}

static bool is_known(const char *name)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (group_has(&groups[i], name))
			return true;
	return !strncmp(name, "--", 2);
}

static bool is_wanted(const struct group *g, int argc, char **argv)
{
	for (size_t i = 0; i < NAMES && g->names[i]; i++)
		if (bench_wants(argc, argv, g->names[i]))
			return true;
	return false;
}

static int refuse(const char *name)
{
	fprintf(stderr, "bench: no figure is called %s; there are:", name);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		for (size_t k = 0; k < NAMES && groups[i].names[k]; k++)
			fprintf(stderr, " %s", groups[i].names[k]);
	fputc('\n', stderr);
	return 2;
}

/* A figure that fails does not keep the others from being measured. */
int command_bench(const struct app_options *options, int argc, char **argv)
{
	ARENA_SCOPED arena = arena_new();
	int failed = 0;
	for (int i = 0; i < argc; i++)
		if (!is_known(argv[i]))
			return refuse(argv[i]);
	if (system(arena_format(arena, "mkdir -p '%s'", options->data)) != 0)
		return 1;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		int r = is_wanted(&groups[i], argc, argv) ? groups[i].run(options, arena, argc, argv) : 0;
		if (r < 0)
			fprintf(stderr, "bench: %s: %s\n", groups[i].names[0], error_name(r));
		failed |= r < 0;
	}
	return failed;
}
