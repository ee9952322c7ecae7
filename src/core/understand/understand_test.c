/* A small pack of its own is learned, mapped and asked; what a server would meet: no model, damaged files, many threads. */
#include "base/test.h"

#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "core/understand/understand_learn.h"
#include "core/understand/understand_spaces.h"
#include "core/understand/understand_taught.h"

static const char words[] = "{\"same\":{\"不\":[\"唔\"]},\"courtesies\":[\"你好\"],\"products\":{\"air\":[\"空调\",\"挂机\"],\"fridge\":[\"冰箱\"]}}";
static const char air[] = "[{\"id\":\"A1\",\"question\":{\"zh\":\"空调不制冷怎么办\"},\"phrasings\":[\"空调吹热风\",\"开了还是热\"],\"do\":\"report\"},"
			  "{\"id\":\"A2\",\"question\":{\"zh\":\"空调漏水怎么办\"},\"phrasings\":[\"内机滴水\",\"墙都湿了\"],\"codes\":[\"E1\"]}]";
static const char fridge[] = "[{\"id\":\"F1\",\"question\":{\"zh\":\"冰箱不制冷怎么办\"},\"phrasings\":[\"冰箱里东西化了\",\"冰箱一点不凉\"]},"
			     "{\"id\":\"F2\",\"question\":{\"zh\":\"冰箱漏水怎么办\"},\"phrasings\":[\"冰箱底下一摊水\",\"冰箱往外流水\"]}]";

struct place {
	struct arena *arena;
	const char *folder;             /* of the pack, and of what comes of it */
	const char *model;              /* NULL where the build found none */
};

static void put(struct place *p, const char *name, const char *text)
{
	FILE *f = fopen(arena_format(p->arena, "%s/%s", p->folder, name), "we");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
	struct arena *a = arena_new();
	struct place *p = ARENA_NEW(a, struct place);
	char folder[] = "/tmp/anxin-understand-XXXXXX";
	assert_int_equal(crypto_start(), 0);
	assert_non_null(mkdtemp(folder));
	p->arena = a;
	p->folder = arena_string(a, folder);
	p->model = arena_format(a, "%s/%s", understanding_folder(a), UNDERSTANDING_MODEL);
	if (access(p->model, R_OK) != 0 || !embed_is_possible())
		p->model = NULL;
	mkdir(arena_format(a, "%s/air", folder), 0700);
	mkdir(arena_format(a, "%s/fridge", folder), 0700);
	put(p, "words.json", words);
	put(p, "out_of_scope.txt", "# none of ours\n今天天气怎么样\n讲个笑话\n你是谁\n\n手机没电了\n");
	put(p, "air/questions.json", air);
	put(p, "fridge/questions.json", fridge);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	const char *command = arena_format(p->arena, "rm -rf '%s'", p->folder);
	int r = system(command);
	arena_free(p->arena);
	return r;
}

static void learn(struct place *p, const char *model, struct understand_result *result)
{
	const struct understand_course course = {
		.folder = p->folder, .model = model, .cache = arena_format(p->arena, "%s/cache", p->folder), .out = arena_format(p->arena, "%s/test.knowledge", p->folder),
	};
	assert_int_equal(understand_learn(p->arena, &course, result), 0);
}

static struct classify_ask question(struct understanding *u, struct arena *a, const char *text)
{
	struct understood *t = ARENA_NEW(a, struct understood);
	struct classify_ask ask;
	understanding_read(u, a, text, strlen(text), t);
	understood_ask(t, &ask);
	return ask;
}

static void takes_for(const struct classify_decision *d, const char *id)
{
	assert_true(d->choice_count > 0);
	assert_string_equal(d->choices[0].id, id);
}

static void asks(struct understanding *u, const char *text, const char *id)
{
	ARENA_SCOPED a = arena_new();
	const struct classify_ask ask = question(u, a, text);
	struct classify_decision d;
	understanding_decide(u, &ask, NULL, &d);
	takes_for(&d, id);
}

static void what_was_learned_is_understood_with_words_alone(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	struct understanding *u;
	size_t models;
	learn(p, NULL, &result);
	assert_int_equal(result.questions, 4);
	assert_int_equal(result.phrasings, 12);
	assert_int_equal(result.outside, 4);
	assert_false(result.found);
	assert_int_equal(understanding_open(p->folder, "test", &u), 0);
	assert_false(understanding_has_vectors(u));
	understanding_models(u, &models);
	assert_int_equal(models, 3);
	assert_int_equal(understanding_source(u)->phrasing_count, 12);
	asks(u, "你好，空調唔制冷", "A1");
	asks(u, "挂机报E1", "A2");
	asks(u, "冰箱漏水", "F2");
	understanding_close(u);
}

static void the_same_is_learned_once(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	learn(p, NULL, &result);
	learn(p, NULL, &result);
	assert_true(result.found);
	unlink(arena_format(p->arena, "%s/test.knowledge", p->folder));
	learn(p, NULL, &result);
	assert_true(result.found);
	assert_int_equal(access(arena_format(p->arena, "%s/test.knowledge", p->folder), R_OK), 0);
	put(p, "out_of_scope.txt", "今天天气怎么样\n你是谁\n");
	learn(p, NULL, &result);
	assert_false(result.found);
	assert_int_equal(result.outside, 2);
}

static void a_file_that_is_no_good_is_named(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	struct understanding *u;
	const struct understand_course course = { .folder = p->folder, .out = arena_format(p->arena, "%s/test.knowledge", p->folder) };
	put(p, "fridge/questions.json", "[{\"id\":\"F1\"");
	assert_int_equal(understand_learn(p->arena, &course, &result), ERR_STATE);
	assert_string_equal(result.fault, "fridge/questions.json");
	assert_int_equal(understanding_open(p->folder, "test", &u), ERR_NOT_FOUND);
	put(p, "test.knowledge", "AXKNOW01 and nothing of what should follow it, for more than forty bytes");
	assert_int_equal(understanding_open(p->folder, "test", &u), ERR_STATE);
	put(p, "fridge/questions.json", fridge);
}

/* ---- with the model ---- */

struct reader {
	struct understanding *u;
	bool same;
};

static const char *const asked[] = { "空调不制冷", "冰箱漏水", "开了半天还是热", "墙湿了", "讲个笑话" };

static void *read_often(void *arg)
{
	struct reader *r = arg;
	ARENA_SCOPED a = arena_new();
	r->same = true;
	for (size_t i = 0; i < 40; i++) {
		struct understood first, again;
		const char *text = asked[i % 5];
		understanding_read(r->u, a, text, strlen(text), &first);
		understanding_read(r->u, a, text, strlen(text), &again);
		r->same = r->same && !memcmp(first.vector, again.vector, EMBED_SIZE * sizeof(float));
	}
	return NULL;
}

static void many_threads_read_the_same(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	struct understanding *u;
	pthread_t threads[4];
	struct reader readers[4];
	if (!p->model)
		skip();
	learn(p, p->model, &result);
	assert_int_equal(symlink(p->model, arena_format(p->arena, "%s/%s", p->folder, UNDERSTANDING_MODEL)), 0);
	assert_int_equal(understanding_open(p->folder, "test", &u), 0);
	assert_true(understanding_has_vectors(u));
	for (size_t i = 0; i < 4; i++) {
		readers[i] = (struct reader){ .u = u };
		assert_int_equal(pthread_create(&threads[i], NULL, read_often, &readers[i]), 0);
	}
	for (size_t i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_true(readers[i].same);
	}
	asks(u, "屋里还是很热，空调", "A1");
	understanding_close(u);
}

static void a_new_phrasing_costs_only_itself(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	if (!p->model)
		skip();
	learn(p, p->model, &result);
	put(p, "out_of_scope.txt", "今天天气怎么样\n你是谁\n唱首歌\n");
	learn(p, p->model, &result);
	assert_int_equal(result.embedded, 1);
}

/* ---- what a company teaches ---- */

static const char *const *texts(struct place *p, const char *one, const char *other)
{
	const char **out = ARENA_ARRAY(p->arena, const char *, 3);
	out[0] = one;
	out[1] = other;
	return out;
}

static struct lesson fridge_lesson(struct place *p, const char *more)
{
	struct lesson_question *q = ARENA_ARRAY(p->arena, struct lesson_question, 2);
	q[0] = (struct lesson_question){ "F1", "", NULL, texts(p, "冰箱不制冷怎么办", more) };
	q[1] = (struct lesson_question){ "OWN-1", "", "", texts(p, "冰箱的香薰盒怎么换", "换香薰盒") };
	return (struct lesson){ "fridge", q, 2 };
}

static void taught_asks(struct understanding *u, const struct classify_model *m, const char *text, const char *id)
{
	ARENA_SCOPED a = arena_new();
	const struct classify_ask ask = question(u, a, text);
	struct classify_decision d;
	classify_decide(understanding_basis(u), &m, 1, &ask, NULL, &d);
	takes_for(&d, id);
}

static void a_lesson_takes_the_place_of_its_product_and_is_found_again(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	struct understanding *u;
	uint8_t sign[LESSON_SIGN], other[LESSON_SIGN], found[LESSON_SIGN];
	struct text out = text_in(p->arena);
	learn(p, p->model, &result);
	assert_int_equal(understanding_open(p->folder, "test", &u), 0);
	const struct lesson l = fridge_lesson(p, "铁柜子闷热"), more = fridge_lesson(p, "铁柜子冒汗");
	lesson_sign(u, &l, sign);
	lesson_sign(u, &more, other);
	assert_memory_not_equal(sign, other, sizeof(sign));
	assert_int_equal(lesson_learn(u, &l, (struct bytes){ 0 }, NULL, &out), 0);

	const char *folder = arena_format(p->arena, "%s/taught", p->folder);
	struct taught *t = taught_new(folder);
	assert_null(taught_find(t, p->arena, 1, "fridge", found));
	assert_int_equal(taught_keep(t, 1, "fridge", (struct bytes){ (const uint8_t *)out.p, out.n }), 0);
	ARENA_SCOPED held = arena_new();
	const struct classify_model *m = taught_find(t, held, 1, "fridge", found);
	assert_non_null(m);
	assert_memory_equal(found, sign, sizeof(sign));
	taught_asks(u, m, "换香薰盒", "OWN-1");
	taught_asks(u, m, "铁柜子闷热", "F1");
	assert_null(taught_find(t, held, 2, "fridge", found));         /* another company */
	assert_null(taught_find(t, held, 1, "air", found));
	taught_free(t);
	taught_asks(u, m, "换香薰盒", "OWN-1");        /* whoever has one goes on with it */

	t = taught_new(folder);                 /* after a restart */
	assert_non_null(taught_find(t, held, 1, "fridge", found));
	assert_memory_equal(found, sign, sizeof(sign));
	struct text again = text_in(p->arena);
	assert_int_equal(lesson_learn(u, &more, taught_before(t, p->arena, 1, "fridge"), NULL, &again), 0);
	taught_free(t);
	understanding_close(u);
}

static void *ask_meanwhile(void *arg)
{
	ARENA_SCOPED a = arena_new();
	uint8_t sign[LESSON_SIGN];
	return taught_find(arg, a, 1, "fridge", sign) ? arg : NULL;
}

/* Whoever opens the file is held there until the lease is given back. */
static int leased(struct place *p, const char *folder)
{
	glob_t found;
	assert_int_equal(glob(arena_format(p->arena, "%s/1-*.lesson", folder), 0, NULL, &found), 0);
	int fd = open(found.gl_pathv[0], O_RDONLY | O_CLOEXEC);
	globfree(&found);
	assert_true(fd >= 0);
	signal(SIGIO, SIG_IGN);
	if (fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
		skip();         /* a file system without leases */
	return fd;
}

/* Who reads the older one from its file while the newer one comes does not put it in its place. */
static void an_older_lesson_does_not_come_back(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	struct understanding *u;
	struct text older = text_in(p->arena), newer = text_in(p->arena);
	uint8_t wanted[LESSON_SIGN], found[LESSON_SIGN];
	pthread_t asking;
	void *had;
	learn(p, NULL, &result);
	assert_int_equal(understanding_open(p->folder, "test", &u), 0);
	const struct lesson l = fridge_lesson(p, "铁柜子闷热"), more = fridge_lesson(p, "铁柜子冒汗");
	assert_int_equal(lesson_learn(u, &l, (struct bytes){ 0 }, NULL, &older), 0);
	assert_int_equal(lesson_learn(u, &more, (struct bytes){ 0 }, NULL, &newer), 0);
	lesson_sign(u, &more, wanted);
	understanding_close(u);
	const char *folder = arena_format(p->arena, "%s/taught", p->folder);
	struct taught *t = taught_new(folder);
	assert_int_equal(taught_keep(t, 1, "fridge", (struct bytes){ (const uint8_t *)older.p, older.n }), 0);
	taught_free(t);
	t = taught_new(folder);         /* knows it as a file alone */
	int fd = leased(p, folder);
	assert_int_equal(pthread_create(&asking, NULL, ask_meanwhile, t), 0);
	while (fcntl(fd, F_GETLEASE) == F_WRLCK)
		sched_yield();
	assert_int_equal(taught_keep(t, 1, "fridge", (struct bytes){ (const uint8_t *)newer.p, newer.n }), 0);
	assert_int_equal(fcntl(fd, F_SETLEASE, F_UNLCK), 0);
	assert_int_equal(pthread_join(asking, &had), 0);
	close(fd);
	assert_non_null(had);
	ARENA_SCOPED held = arena_new();
	assert_non_null(taught_find(t, held, 1, "fridge", found));
	assert_memory_equal(found, wanted, sizeof(wanted));
	taught_free(t);
}

static void bytes_that_are_no_lesson_are_refused(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	struct understanding *u;
	struct classify_model *m;
	uint8_t sign[LESSON_SIGN];
	struct text out = text_in(p->arena);
	learn(p, NULL, &result);
	assert_int_equal(understanding_open(p->folder, "test", &u), 0);
	const struct lesson l = fridge_lesson(p, "铁柜子闷热"), none = { "fridge", NULL, 0 };
	assert_int_equal(lesson_learn(u, &none, (struct bytes){ 0 }, NULL, &out), ERR_NOT_FOUND);
	out = text_in(p->arena);
	assert_int_equal(lesson_learn(u, &l, (struct bytes){ 0 }, NULL, &out), 0);
	const atomic_bool given_up = true;
	struct text never = text_in(p->arena);
	assert_int_equal(lesson_learn(u, &l, (struct bytes){ 0 }, &given_up, &never), ERR_BUSY);
	/* before a text is reckoned, not only when all of them are there */
	const struct lesson_question blank = { "OWN-1", "", "", texts(p, "？", "……") };
	assert_int_equal(lesson_learn(u, &(struct lesson){ "fridge", &blank, 1 }, (struct bytes){ 0 }, NULL, &never), ERR_NOT_FOUND);
	assert_int_equal(lesson_learn(u, &(struct lesson){ "fridge", &blank, 1 }, (struct bytes){ 0 }, &given_up, &never), ERR_BUSY);
	for (size_t n = 0; n < out.n; n += out.n / 50 + 1)
		assert_int_equal(lesson_read(p->arena, (struct bytes){ (const uint8_t *)out.p, n }, sign, &m), ERR_STATE);
	understanding_close(u);
}

/* ---- spaces ---- */

/* As an endpoint might: phrasings of a question lie close together. */
static void give_vectors(struct place *p, struct classify_source *s)
{
	for (size_t i = 0; i < s->phrasing_count + s->outside_count; i++) {
		bool inside = i < s->phrasing_count;
		struct classify_phrasing *one = (struct classify_phrasing *)(uintptr_t)(inside ? &s->phrasings[i] : &s->outside[i - s->phrasing_count]);
		float *v = ARENA_ARRAY(p->arena, float, EMBED_SIZE);
		v[inside ? one->question : 100 + i] = 1;
		v[200 + i] = 0.2f;
		one->vector = v;
	}
}

static struct text space_of(struct place *p, struct understanding *u, const struct lesson *l, const struct space *before)
{
	struct classify_source s;
	uint8_t *sign = arena_alloc(p->arena, LESSON_SIGN);
	struct text out = text_in(p->arena);
	assert_int_equal(lessons_gather(p->arena, u, &l, l != NULL, NULL, &s), 0);
	give_vectors(p, &s);
	if (l)
		lesson_sign(u, l, sign);
	const struct space_lesson known = { l ? l->product : "", sign };
	const struct space_course course = { .u = u, .source = &s, .name = "test", .lessons = &known, .lesson_count = l != NULL, .before = before };
	assert_int_equal(space_learn(&course, &out), 0);
	return out;
}

static const struct classify_model *model_of(const struct space *s, const char *product)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(classify_model_product(s->models[i]), product))
			return s->models[i];
	return NULL;
}

static void same_model(const struct space *x, const struct space *y, const char *product, bool same)
{
	ARENA_SCOPED a = arena_new();
	struct text one = text_in(a), other = text_in(a);
	classify_model_write(&one, model_of(x, product));
	classify_model_write(&other, model_of(y, product));
	assert_int_equal(same, one.n == other.n && !memcmp(one.p, other.p, one.n));
}

static void a_space_decides_by_its_own_vectors_and_an_edit_costs_its_product(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	struct understanding *u;
	struct space *first, *second;
	struct classify_decision d;
	learn(p, NULL, &result);
	assert_int_equal(understanding_open(p->folder, "test", &u), 0);
	struct text out = space_of(p, u, NULL, NULL);
	assert_int_equal(space_read(p->arena, (struct bytes){ (const uint8_t *)out.p, out.n }, &first), 0);
	assert_int_equal(first->n, 3);
	assert_false(first->sure);      /* of so few nobody can say how far they hold */
	float near_f2[EMBED_SIZE] = { [3] = 1, [380] = 0.2f };
	classify_decide(&first->basis, first->models, first->n, &(struct classify_ask){ .normal = "没有一个字相同", .vector = near_f2, .code = "" }, NULL, &d);
	assert_string_equal(d.choices[0].id, "F2");

	const struct lesson l = fridge_lesson(p, "铁柜子闷热");
	out = space_of(p, u, &l, first);
	assert_int_equal(space_read(p->arena, (struct bytes){ (const uint8_t *)out.p, out.n }, &second), 0);
	assert_memory_equal(first->root, second->root, SPACE_SIGN);
	assert_memory_not_equal(first->sign, second->sign, SPACE_SIGN);
	same_model(first, second, "air", true);
	same_model(first, second, "fridge", false);
	out = space_of(p, u, NULL, second);     /* as the pack says it again */
	assert_int_equal(space_read(p->arena, (struct bytes){ (const uint8_t *)out.p, out.n }, &first), 0);
	same_model(first, second, "fridge", false);
	assert_int_equal(classify_model_questions(model_of(first, "fridge")), 2);
	understanding_close(u);
}

static void spaces_are_found_again_and_bytes_that_are_none_are_refused(void **state)
{
	struct place *p = *state;
	struct understand_result result;
	struct understanding *u;
	struct space *s;
	learn(p, NULL, &result);
	assert_int_equal(understanding_open(p->folder, "test", &u), 0);
	struct text out = space_of(p, u, NULL, NULL);
	for (size_t n = 0; n < out.n; n += out.n / 50 + 1)
		assert_int_equal(space_read(p->arena, (struct bytes){ (const uint8_t *)out.p, n }, &s), ERR_STATE);
	struct classify_source source;
	const atomic_bool given_up = true;
	assert_int_equal(lessons_gather(p->arena, u, NULL, 0, NULL, &source), 0);
	struct text never = text_in(p->arena);
	struct space_course course = { .u = u, .source = &source, .name = "test", .given_up = &given_up };
	assert_int_equal(space_learn(&course, &never), ERR_STATE);      /* without vectors */
	give_vectors(p, &source);
	assert_int_equal(space_learn(&course, &never), ERR_BUSY);

	const char *folder = arena_format(p->arena, "%s/spaces", p->folder);
	struct spaces *all = spaces_new(folder);
	assert_null(spaces_find(all, p->arena, 1));
	assert_int_equal(spaces_keep(all, 1, (struct bytes){ (const uint8_t *)out.p, out.n }), 0);
	assert_int_equal(spaces_keep(all, 2, (struct bytes){ (const uint8_t *)out.p, 60 }), ERR_STATE);
	spaces_free(all);
	all = spaces_new(folder);               /* after a restart */
	ARENA_SCOPED held = arena_new();
	const struct space *found = spaces_find(all, held, 1);
	assert_non_null(found);
	assert_null(spaces_find(all, held, 2));
	const float vector[EMBED_SIZE] = { 1 };
	assert_false(spaces_has_heard(all, 1));
	spaces_heard(all, 1, found->root, "一句话", vector);
	assert_memory_equal(spaces_vector(all, held, 1, found->root, "一句话"), vector, sizeof(vector));
	assert_null(spaces_vector(all, held, 2, found->root, "一句话"));       /* another company */
	const uint8_t other[SPACE_SIGN] = { 1 };
	assert_null(spaces_vector(all, held, 1, other, "一句话"));     /* another endpoint */
	assert_true(spaces_may_be_missed(all, 1, 100000));
	assert_false(spaces_may_be_missed(all, 1, 100001));
	spaces_free(all);
	assert_int_equal(model_of(found, "air") != NULL, 1);    /* whoever has it goes on with it */
	understanding_close(u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_learned_is_understood_with_words_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_same_is_learned_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_is_no_good_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_threads_read_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_new_phrasing_costs_only_itself, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_lesson_takes_the_place_of_its_product_and_is_found_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_older_lesson_does_not_come_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bytes_that_are_no_lesson_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_space_decides_by_its_own_vectors_and_an_edit_costs_its_product, set_up, tear_down),
		cmocka_unit_test_setup_teardown(spaces_are_found_again_and_bytes_that_are_none_are_refused, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
