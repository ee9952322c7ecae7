/* Files in, one file out: nothing is learned when the same was learned before. */
#include "core/understand/understand_learn.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "core/understand/understand_texts.h"
#include "core/understand/understand_vectors.h"

enum { MOST_PRODUCTS = 63 };

struct school {
	struct arena *arena;
	const struct understand_course *course;
	struct understand_files files;
	struct understand_words words;
	struct classify_source source;
	struct classify_basis basis;
	uint8_t hash[UNDERSTAND_HASH];
	struct text lessons[MOST_PRODUCTS + 1]; /* a product's model as bytes, in an arena of its own */
	size_t lesson_count;
	atomic_size_t next;
	atomic_int failed;
};

/* ---- was it learned before? ---- */

static void add_to(struct text *sums, struct bytes b)
{
	uint8_t sum[HASH_SIZE];
	hash_sha256(b.p, b.n, sum);
	text_append_n(sums, sum, sizeof(sum));
}

static void hash_all(struct school *s)
{
	ARENA_SCOPED scratch = arena_new();
	struct text sums = text_in(s->arena);
	struct stat st = { 0 };
	add_to(&sums, s->files.words);
	add_to(&sums, s->files.outside);
	for (size_t i = 0; i < s->files.product_count; i++) {
		text_append(&sums, s->files.products[i].product);
		add_to(&sums, s->files.products[i].text);
	}
	for (size_t i = 0; i < s->course->also_count; i++, arena_reset(scratch))
		add_to(&sums, understand_slurp(scratch, s->course->also[i]));
	/* deps.lock holds the model's hash; here its size tells whether there is one */
	bool model = s->course->model && embed_is_possible() && stat(s->course->model, &st) == 0;
	text_format(&sums, "%lld", model ? (long long)st.st_size : 0);
	hash_sha256(sums.p, sums.n, s->hash);
}

static const char *kept_result(const struct school *s)
{
	return s->course->cache ? arena_format(s->arena, "%s/%.32s.knowledge", s->course->cache, hex(s->arena, s->hash, sizeof(s->hash))) : NULL;
}

static bool was_learned(const struct school *s)
{
	const char *places[] = { s->course->out, kept_result(s) };
	for (size_t i = 0; i < 2; i++) {
		struct bytes file = places[i] ? understand_slurp(s->arena, places[i]) : (struct bytes){ 0 };
		if (file.p && understand_head_is(file, s->hash))
			return understand_file_write(s->course->out, &file, 1) == 0;
	}
	return false;
}

/* ---- learning ---- */

static int take_vectors(struct school *s, struct understand_result *out)
{
	struct understand_map language;
	struct embed *embed;
	if (!s->course->model || !embed_is_possible() || understand_map_open(s->course->model, &language) < 0)
		return 0;
	const char *kept = s->course->cache ? arena_format(s->arena, "%s/vectors", s->course->cache) : NULL;
	int r = embed_open(s->arena, language.p, language.n, &embed);
	if (r == 0)
		r = understand_vectors(s->arena, embed, s->course->model, kept, &s->source, &out->embedded);
	if (r == 0)
		embed_close(embed);
	understand_map_close(&language);
	return r;
}

/* Products first, what lies outside last. */
static const char *lesson_name(const struct school *s, size_t i)
{
	return i < s->files.product_count ? s->files.products[i].product : "";
}

static void *teach(void *arg)
{
	struct school *s = arg;
	for (size_t i; (i = atomic_fetch_add(&s->next, 1)) < s->lesson_count;) {
		struct classify_model *m;
		ARENA_SCOPED scratch = arena_new();
		int r = classify_train(scratch, &s->basis, &s->source, lesson_name(s, i), &m);
		if (r == 0)
			classify_model_write(&s->lessons[i], m);
		else if (r != ERR_NOT_FOUND)    /* a product without a phrasing teaches nothing */
			atomic_store(&s->failed, r);
	}
	return NULL;
}

static int teach_all(struct school *s)
{
	pthread_t threads[MOST_PRODUCTS];
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = 0, wanted = processors > 1 ? (size_t)processors - 1 : 0;
	for (size_t i = 0; i < s->lesson_count; i++)
		s->lessons[i] = text_in(arena_new());
	while (n < wanted && n < MOST_PRODUCTS && pthread_create(&threads[n], NULL, teach, s) == 0)
		n++;
	teach(s);
	while (n > 0)
		pthread_join(threads[--n], NULL);
	return atomic_load(&s->failed);
}

static int write_all(struct school *s)
{
	struct text file = text_in(s->arena), basis = text_in(s->arena);
	understand_head_write(&file, s->hash);
	understand_part_write(&file, PART_WORDS, (const char *)s->files.words.p, s->files.words.n);
	classify_basis_write(&basis, &s->basis);
	understand_part_write(&file, PART_BASIS, basis.p, basis.n);
	for (size_t i = 0; i < s->lesson_count; i++)
		if (s->lessons[i].n)
			understand_part_write(&file, PART_MODEL, s->lessons[i].p, s->lessons[i].n);
	struct text source = text_in(s->arena);
	classify_source_write(&source, &s->source);
	understand_part_write(&file, PART_SOURCE, source.p, source.n);
	const char *kept = kept_result(s);
	const struct bytes whole = { (const uint8_t *)file.p, file.n };
	if (kept)
		TRY(understand_file_write(kept, &whole, 1));
	return understand_file_write(s->course->out, &whole, 1);
}

static int learn(struct school *s, struct understand_result *out)
{
	TRY(understand_words_read(s->arena, (const char *)s->files.words.p, s->files.words.n, &s->words));
	TRY(understand_texts_read(s->arena, &s->files, &s->words, &s->source, &out->fault));
	out->questions = s->source.question_count;
	out->phrasings = s->source.phrasing_count;
	out->outside = s->source.outside_count;
	TRY(take_vectors(s, out));
	classify_basis_make(s->arena, &s->source, &s->basis);
	s->lesson_count = s->files.product_count + 1;
	int r = teach_all(s);
	if (r == 0)
		r = write_all(s);
	for (size_t i = 0; i < s->lesson_count; i++)
		arena_free(s->lessons[i].arena);
	return r;
}

int understand_learn(struct arena *a, const struct understand_course *course, struct understand_result *out)
{
	struct school *s = ARENA_NEW(a, struct school);
	s->arena = a;
	s->course = course;
	*out = (struct understand_result){ 0 };
	TRY(understand_files_read(a, course->folder, &s->files));
	if (s->files.product_count > MOST_PRODUCTS)
		return ERR_STATE;
	if (course->cache)
		mkdir(course->cache, 0755);
	hash_all(s);
	out->found = was_learned(s);
	return out->found ? 0 : learn(s, out);
}
