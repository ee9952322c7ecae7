/* Questions on one core, all included: normal form, vector, scores over a hundred thousand phrasings, decision. And what an edit costs. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/bench_listen.h"
#include "core/understand/understand_lesson.h"

enum { PHRASINGS = 100000, MOST_SETS = 4096, ASKED = 400 };

/* The pack's models as often as it takes, each copy in memory of its own. */
struct sets {
	struct arena *arena;
	const struct classify_model *models[MOST_SETS];
	size_t n, phrasings;
};

static double seconds_of(clockid_t which)
{
	struct timespec t;
	clock_gettime(which, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int copy_models(const struct understanding *u, struct sets *s)
{
	size_t n;
	const struct classify_model *const *pack = understanding_models(u, &n);
	while (s->phrasings < PHRASINGS && s->n + n < MOST_SETS)
		for (size_t i = 0; i < n; i++) {
			struct text t = text_in(s->arena);
			struct classify_model *copy;
			classify_model_write(&t, pack[i]);
			TRY(classify_model_read(s->arena, (struct bytes){ (const uint8_t *)t.p, t.n }, &copy));
			s->models[s->n++] = copy;
			s->phrasings += *classify_model_product(copy) ? classify_model_phrasings(copy) : 0;
		}
	return 0;
}

/* Texts that nobody asked before: parts of the pack's own phrasings put together until they are long enough. */
static const char *make_question(struct arena *a, const struct classify_source *s, size_t number, size_t characters)
{
	struct text t = text_in(a);
	for (size_t i = 0; utf8_count(text_end(&t)) < characters; i++) {
		const char *from = s->phrasings[(number * 7919 + i * 104729) % s->phrasing_count].normal;
		text_append(&t, i ? "，" : "");
		text_append(&t, from);
	}
	return arena_string_n(a, text_end(&t), utf8_prefix(text_end(&t), characters));
}

static void ask(struct understanding *u, const struct sets *s, const char *text)
{
	ARENA_SCOPED a = arena_new();
	struct understood t;
	struct classify_ask ask;
	struct classify_decision d;
	understanding_read(u, a, text, strlen(text), &t);
	understood_ask(&t, &ask);
	classify_decide(understanding_basis(u), s->models, s->n, &ask, NULL, &d);
}

static void measure(struct understanding *u, const struct sets *s, size_t characters, const char *name)
{
	double ms[ASKED], sum = 0;
	struct listen_times took = { .ms = ms, .most = ASKED };
	char middle[100];
	const struct classify_source *source = understanding_source(u);
	for (size_t i = 0; i < ASKED; i++) {
		/* of every length up to the one that is measured: as people write */
		size_t length = characters > 40 ? characters : 5 + i % (characters - 4);
		const char *text = make_question(s->arena, source, i, length);
		double from = seconds_of(CLOCK_THREAD_CPUTIME_ID);
		ask(u, s, text);
		listen_time(&took, (seconds_of(CLOCK_THREAD_CPUTIME_ID) - from) * 1e3);
		sum += ms[i];
	}
	if (characters == 40)
		bench_print("bot", ASKED * 1e3 / sum, "1/s", 0);
	bench_print(name, listen_within(&took, 0.99), "ms p99", 0);
	snprintf(middle, sizeof(middle), "%s_p50", name);
	bench_print(middle, listen_within(&took, 0.5), "ms", 0);
}

/* The slowest of the pack's products, learned again. */
static int measure_learning(const struct understanding *u)
{
	size_t n;
	double slowest = 0;
	const struct classify_model *const *pack = understanding_models(u, &n);
	for (size_t i = 0; i < n; i++) {
		ARENA_SCOPED a = arena_new();
		struct classify_model *again;
		double from = seconds_of(CLOCK_THREAD_CPUTIME_ID);
		TRY(classify_train(a, understanding_basis(u), understanding_source(u), classify_model_product(pack[i]), &again));
		double took = seconds_of(CLOCK_THREAD_CPUTIME_ID) - from;
		slowest = took > slowest ? took : slowest;
	}
	bench_print("learn_product", slowest, "s", 0);
	return 0;
}

/* The product with most questions as a company would teach it, with one phrasing more: its vector, the product, the bytes. */
static const char *biggest(const struct understanding *u)
{
	size_t n;
	const struct classify_model *const *pack = understanding_models(u, &n), *most = pack[0];
	for (size_t i = 1; i < n; i++)
		if (classify_model_questions(pack[i]) > classify_model_questions(most))
			most = pack[i];
	return classify_model_product(most);
}

static struct lesson lesson_of(const struct understanding *u, struct arena *a, const char *product)
{
	const struct classify_source *s = understanding_source(u);
	struct lesson_question *questions = ARENA_ARRAY(a, struct lesson_question, s->question_count + 1);
	struct lesson l = { .product = product, .questions = questions };
	for (size_t i = 0, from = 0; i < s->question_count; i++) {
		size_t end = from, n = 0;
		while (end < s->phrasing_count && s->phrasings[end].question == i)
			end++;
		const char **texts = ARENA_ARRAY(a, const char *, end - from + 2);
		for (; from < end; from++)
			texts[n++] = s->phrasings[from].normal;
		if (strcmp(s->questions[i].product, product) != 0)
			continue;
		if (!l.n)
			texts[n++] = "一句谁也没这么问过的新问法";
		questions[l.n++] = (struct lesson_question){ s->questions[i].id, s->questions[i].flow, s->questions[i].codes, texts };
	}
	return l;
}

static int measure_edit(struct understanding *u)
{
	ARENA_SCOPED a = arena_new();
	struct lesson l = lesson_of(u, a, biggest(u));
	struct text out = text_in(a);
	double from = seconds_of(CLOCK_THREAD_CPUTIME_ID);
	TRY(lesson_learn(u, &l, (struct bytes){ 0 }, NULL, &out));
	bench_print("learn_edit", seconds_of(CLOCK_THREAD_CPUTIME_ID) - from, "s", 0);
	return 0;
}

int bench_questions(const struct app_options *options, struct arena *arena, int argc, char **argv)
{
	struct understanding *u;
	struct sets s = { .arena = arena };
	int r = understanding_open(understanding_folder(arena), "appliance", &u);
	if (r < 0)
		return r;
	if (!understanding_has_vectors(u))
		fputs("questions: no model of language on this machine, by words alone\n", stderr);
	r = copy_models(u, &s);
	if (r == 0) {
		measure(u, &s, 40, "questions_100k");
		measure(u, &s, 250, "questions_100k_long");
		r = measure_learning(u);
		if (r == 0)
			r = measure_edit(u);
	}
	understanding_close(u);
	return r;
}
