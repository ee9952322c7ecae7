/* The demo company: words and people from which `anxin demo` draws a believable year. Everything it shows is invented. */
#pragma once

#include <stddef.h>

#include "app/company.h"

struct pack;

struct demo_product {
	const char *code, *name, *name_en;
	int months;
};

struct demo_model {
	const char *product, *code, *name;
};

struct demo_problem {
	const char *product, *symptoms, *text, *steps, *result, *grade;
	const char *scene;              /* "": what a household reports most */
};

struct demo_line {
	const char *who, *text;         /* "customer", "agent", or "note" for colleagues alone */
};

/* A conversation about a model. Where `agent` is nobody she still waits. */
struct demo_talk {
	const char *model, *words;
	size_t agent;                   /* place in demo_staff */
	int64_t minutes, rating;        /* how long ago it began; 0: not rated */
	bool closed;
	const struct demo_line *lines;
	size_t line_count;
};

struct demo_words {
	const char **at;
	size_t n;
};

/* What the demo of an industry is about (packs/NAME/demo.json). The stories are problems 0 and 3, of models 0 and 2. */
struct demo_content {
	const char *company, *phone, *waits, *cancelled;
	struct demo_words notes, replies, facts, bought_at;
	const struct demo_product *products;
	const struct demo_model *models;
	const struct demo_problem *problems;
	const struct demo_talk *talks;
	size_t product_count, model_count, problem_count, talk_count;
};
/* pack NULL: the first. */
const struct demo_content *demo_content_of(const struct pack *pack);

extern const struct demo_staff { const char *account, *name, *team, *phone; int role; } demo_staff[];
extern const char *const demo_surnames[], *const demo_given[], *const demo_streets[];
extern const struct demo_place { const char *province, *city, *district; } demo_places[];
extern const size_t demo_staff_count, demo_surname_count, demo_given_count, demo_street_count, demo_place_count;

/* Making it ---------------------------------------------------------------------------------------------------------------- */

enum { DEMO_HOMES_MOST = 600, DEMO_STAFF_MOST = 16, DEMO_MODELS_MOST = 32 };

struct demo {
	struct company company;
	const struct pack *pack;        /* NULL: the first */
	bool open;                      /* conversations are taken at any hour: for tests and figures that do not ask what time it is */
	const struct demo_content *content;
	const char *password_hash;
	bool prefix;                    /* beside a company's own: numbers and accounts say where they are from */
	uint64_t random, chunk_random;  /* a chunk that is run again draws the same */
	time_ms now;
	int64_t team_ids[2], region_ids[2];
	struct staff staff[DEMO_STAFF_MOST];
	int64_t product_ids[DEMO_MODELS_MOST], model_ids[DEMO_MODELS_MOST];
	size_t customers, tickets;      /* how many to make */
	struct { int64_t customer, device; size_t model; bool talks; } homes[DEMO_HOMES_MOST];
	size_t from;                    /* first customer or ticket of this chunk */
};

struct demo_matter {
	size_t home;
	time_ms at;
	const struct demo_problem *problem;
	const char *scene;
	int stage;                      /* how far it has come (demo.c: live) */
};

struct ticket;

size_t demo_draw(struct demo *d, size_t n);
const struct demo_problem *demo_problem_of(struct demo *d, size_t model);
int demo_stage_of(struct demo *d, int64_t age);
/* Writer. What is there already is found and taken. */
int demo_add_catalogue(struct ctx *c, struct demo *d) MUST_CHECK;
int demo_add_teams(struct ctx *c, struct demo *d) MUST_CHECK;
int demo_add_home(struct ctx *c, struct demo *d, size_t i) MUST_CHECK;
/* t->id 0: that home waits for somebody already. */
int demo_add_ticket(struct ctx *c, struct demo *d, const struct demo_matter *m, struct ticket *t) MUST_CHECK;

/* A void *arg of struct demo, for app_write(). */
int demo_add_talks(struct ctx *c, void *arg) MUST_CHECK;

/* Who does what comes next, and when; a colleague with the rights of her role. */
void demo_as_customer(struct ctx *c, int64_t id, time_ms at);
int demo_as_staff(struct ctx *c, const struct demo *d, size_t i, time_ms at) MUST_CHECK;

#define DEMO_PASSWORD "anxin-demo"
