/* Learned, written, read and asked: with vectors made up so that what lies near is known. */
#include "base/test.h"

#include <math.h>

#include "engine/classify/classify_score.h"

enum { QUESTIONS = 6, EACH = 4, OUTSIDE_TEXTS = 6 };

struct school {
	struct classify_question questions[QUESTIONS];
	struct classify_phrasing phrasings[QUESTIONS * EACH], outside[OUTSIDE_TEXTS];
	float vectors[QUESTIONS * EACH + OUTSIDE_TEXTS][EMBED_SIZE];
	struct classify_source source;
	struct classify_basis basis;
	struct classify_model *models[3];
};

static float wobble(void) { return (float)rand() / (float)RAND_MAX - 0.5f; }

/* Length 1, mostly along axis `axis`. */
static void near_axis(float *out, size_t axis)
{
	double squares = 0;
	for (size_t i = 0; i < EMBED_SIZE; i++) {
		out[i] = 0.05f * wobble() + (i == axis ? 1 : 0) + 0.5f;
		squares += (double)out[i] * (double)out[i];
	}
	for (size_t i = 0; i < EMBED_SIZE; i++)
		out[i] /= (float)sqrt(squares);
}

static const char *const texts[QUESTIONS][EACH] = {
	{ "空调不制冷", "空调吹热风", "屋里还是热", "一点不凉" },
	{ "空调漏水", "内机滴水", "水往下流", "墙湿了" },
	{ "空调显示e1", "报e1", "e1是什么", "跳e1停机" },
	{ "洗衣机不脱水", "衣服湿答答", "甩不干", "不甩" },
	{ "洗衣机显示e1", "洗衣服报e1", "滚筒e1", "e1不进水" },
	{ "怎么退货", "我要退款", "不想要了", "退给你们" },
};

static void fill(struct school *s, bool vectors)
{
	static const char *const products[QUESTIONS] = { "air", "air", "air", "washer", "washer", "general" };
	static const char *const chat[OUTSIDE_TEXTS] = { "今天天气", "讲个笑话", "你是谁", "股票涨了", "手机坏了", "唱首歌" };
	srand(3);
	*s = (struct school){ .source = { s->questions, s->phrasings, s->outside, QUESTIONS, QUESTIONS * EACH, OUTSIDE_TEXTS } };
	for (uint32_t q = 0; q < QUESTIONS; q++) {
		static const char *const ids[] = { "A1", "A2", "A3", "W1", "W2", "G1" };
		s->questions[q] = (struct classify_question){ ids[q], products[q], q == 5 ? "return" : "", q == 2 || q == 4 ? "e1 " : "" };
		for (size_t i = 0; i < EACH; i++) {
			near_axis(s->vectors[q * EACH + i], q);
			s->phrasings[q * EACH + i] = (struct classify_phrasing){ q, texts[q][i], vectors ? s->vectors[q * EACH + i] : NULL };
		}
	}
	for (size_t i = 0; i < OUTSIDE_TEXTS; i++) {
		near_axis(s->vectors[QUESTIONS * EACH + i], 100 + i);
		s->outside[i] = (struct classify_phrasing){ 0, chat[i], vectors ? s->vectors[QUESTIONS * EACH + i] : NULL };
	}
}

static void teach(struct arena *a, struct school *s, bool vectors)
{
	static const char *const products[] = { "air", "washer", "general" };
	fill(s, vectors);
	classify_basis_make(a, &s->source, &s->basis);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(classify_train(a, &s->basis, &s->source, products[i], &s->models[i]), 0);
}

static void ask(struct school *s, const struct classify_ask *ask, struct classify_decision *d)
{
	classify_decide(&s->basis, (const struct classify_model *const *)s->models, 3, ask, NULL, d);
}

static void each_phrasing_means_its_question(void **state)
{
	for (int vectors = 0; vectors < 2; vectors++) {
		ARENA_SCOPED a = arena_new();
		struct school s;
		struct classify_decision d;
		teach(a, &s, vectors);
		for (size_t i = 0; i < QUESTIONS * EACH; i++) {
			ask(&s, &(struct classify_ask){ .normal = s.phrasings[i].normal, .vector = s.phrasings[i].vector, .code = "" }, &d);
			assert_string_equal(d.choices[0].id, s.questions[i / EACH].id);
			assert_true(d.exact && d.choice_count == CLASSIFY_CHOICES);
			assert_int_equal(d.kind, i / EACH == 5 ? CLASSIFY_FLOW : CLASSIFY_ANSWER);
		}
	}
}

static void a_vector_near_decides_where_no_word_is_shared(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct school s;
	struct classify_decision d;
	float vector[EMBED_SIZE];
	teach(a, &s, true);
	for (size_t q = 0; q < QUESTIONS; q++) {
		near_axis(vector, q);
		ask(&s, &(struct classify_ask){ .normal = "xyz", .vector = vector, .code = "" }, &d);
		assert_string_equal(d.choices[0].id, s.questions[q].id);
		assert_false(d.exact);
	}
}

static bool only_w1(const char *id, void *arg) { return !strcmp(id, arg); }

static void limits_are_kept(void **state)
{
	static const char *const washer[] = { "washer" };
	ARENA_SCOPED a = arena_new();
	struct school s;
	struct classify_decision d;
	teach(a, &s, true);
	struct classify_ask q = { .normal = "报e1", .vector = s.vectors[2 * EACH + 1], .products = washer, .product_count = 1, .general = "general", .code = "e1" };
	ask(&s, &q, &d);
	assert_string_equal(d.choices[0].id, "W2");
	for (size_t i = 0; i < d.choice_count; i++)
		assert_string_not_equal(d.choices[i].product, "air");
	q = (struct classify_ask){ .normal = "怎么退货", .vector = s.vectors[5 * EACH], .products = washer, .product_count = 1, .general = "general", .code = "" };
	ask(&s, &q, &d);
	assert_string_equal(d.choices[0].id, "G1");
	/* another code than both: neither is meant */
	q = (struct classify_ask){ .normal = "空调显示e9", .vector = s.vectors[2 * EACH], .code = "e9" };
	ask(&s, &q, &d);
	for (size_t i = 0; i < d.choice_count; i++)
		assert_true(strcmp(d.choices[i].id, "A3") && strcmp(d.choices[i].id, "W2"));
	q = (struct classify_ask){ .normal = "空调漏水", .vector = s.vectors[EACH], .code = "", .allowed = only_w1, .arg = (void *)"W1" };
	ask(&s, &q, &d);
	assert_int_equal(d.choice_count, 1);
	assert_string_equal(d.choices[0].id, "W1");
	q.arg = (void *)"nothing";
	ask(&s, &q, &d);
	assert_int_equal(d.choice_count, 0);
	assert_int_equal(d.kind, CLASSIFY_UNKNOWN);
}

/* The same sums, the long way round. */
static void scores_are_what_a_simple_sum_says(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct school s;
	teach(a, &s, true);
	const struct classify_model *m = s.models[0];
	for (size_t i = 0; i < QUESTIONS * EACH; i++) {
		struct terms t;
		float direction[EMBED_SIZE], scores[QUESTIONS];
		classify_direction(&s.basis, s.vectors[i], direction);
		terms_of(a, &s.basis.terms, s.phrasings[i].normal, &t);
		classify_scores(m, direction, &t, scores);
		for (size_t q = 0; q < m->question_count; q++) {
			double sum = (double)m->bias[q];
			for (size_t k = 0; k < EMBED_SIZE; k++)
				sum += (double)m->lines[q * EMBED_SIZE + k] * (double)direction[k];
			for (size_t k = 0; k < t.n; k++)
				for (size_t w = 0; w < m->term_count; w++)
					for (size_t p = m->first[w]; m->terms[w] == t.term[k].hash && p < m->first[w + 1]; p++)
						sum += m->postings[p].question == q ? (double)t.term[k].weight * (double)m->postings[p].joint : 0;
			assert_true(fabs(sum - (double)scores[q]) < 1e-3);
		}
	}
}

static void what_is_written_reads_back_the_same(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct school s;
	teach(a, &s, true);
	struct classify_decision before, after;
	struct classify_ask q = { .normal = "空调滴水", .vector = s.vectors[EACH + 1], .code = "" };
	ask(&s, &q, &before);
	struct text basis = text_in(a), source = text_in(a);
	classify_basis_write(&basis, &s.basis);
	assert_int_equal(classify_basis_read(a, (struct bytes){ (uint8_t *)basis.p, basis.n }, &s.basis), 0);
	for (size_t i = 0; i < 3; i++) {
		struct text t = text_in(a);
		classify_model_write(&t, s.models[i]);
		assert_int_equal(classify_model_read(a, (struct bytes){ (uint8_t *)t.p, t.n }, &s.models[i]), 0);
		struct text again = text_in(a);
		classify_model_write(&again, s.models[i]);
		assert_int_equal(t.n, again.n);
		assert_memory_equal(t.p, again.p, t.n);
	}
	ask(&s, &q, &after);
	assert_string_equal(before.choices[0].id, after.choices[0].id);
	assert_true(before.confidence == after.confidence && before.evidence.nearest == after.evidence.nearest);
	struct classify_source read;
	classify_source_write(&source, &s.source);
	assert_int_equal(classify_source_read(a, (struct bytes){ (uint8_t *)source.p, source.n }, &read), 0);
	assert_int_equal(read.phrasing_count, QUESTIONS * EACH);
	assert_string_equal(read.phrasings[9].normal, s.phrasings[9].normal);
	assert_memory_equal(read.phrasings[9].vector, s.phrasings[9].vector, sizeof(s.vectors[0]));
}

static void a_damaged_file_is_refused_or_harmless(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct school s;
	teach(a, &s, true);
	struct text t = text_in(a);
	classify_model_write(&t, s.models[0]);
	srand(5);
	for (size_t i = 0; i < by_level(200, 2000, 20000); i++) {
		struct arena_mark mark = arena_mark(a);
		uint8_t *copy = arena_copy(a, t.p, t.n);
		size_t n = rand() % 3 ? t.n : (size_t)rand() % t.n;
		for (int k = 0; k < 4; k++)
			copy[(size_t)rand() % (k ? t.n : 600)] ^= (uint8_t)rand();
		struct classify_model *m;
		struct classify_decision d;
		if (classify_model_read(a, (struct bytes){ copy, n }, &m) == 0) {
			const struct classify_model *const models[] = { m };
			classify_decide(&s.basis, models, 1, &(struct classify_ask){ .normal = "空调漏水", .vector = s.vectors[4], .code = "e1" }, NULL, &d);
		}
		arena_rewind(a, mark);
	}
}

static void learning_twice_gives_the_same(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct school s, other;
	struct text one = text_in(a), two = text_in(a);
	teach(a, &s, true);
	teach(a, &other, true);
	classify_model_write(&one, s.models[0]);
	classify_model_write(&two, other.models[0]);
	assert_int_equal(one.n, two.n);
	assert_memory_equal(one.p, two.p, one.n);
}

static void says_what_it_cannot_learn(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct school s;
	struct classify_model *m;
	teach(a, &s, true);
	assert_int_equal(classify_train(a, &s.basis, &s.source, "oven", &m), ERR_NOT_FOUND);
	s.phrasings[7].vector = NULL;
	assert_int_equal(classify_train(a, &s.basis, &s.source, "air", &m), ERR_STATE);
	s.source.outside_count = 0;
	s.phrasings[7].vector = s.vectors[7];
	assert_int_equal(classify_train(a, &s.basis, &s.source, "", &m), ERR_NOT_FOUND);
}

/* ---- what may be believed ---- */

enum { MESSAGES = 4000 };

static double uniform(void) { return (double)rand() / RAND_MAX; }

/* Messages of which the signs tell how likely each is right, by weights that nobody says. */
static void draw(struct classify_sample *samples, size_t n)
{
	static const struct classify_judgement truth = { -2, 0.8, 0.4, -0.5, 1.5, 0.7 };
	for (size_t i = 0; i < n; i++) {
		struct classify_sample *s = &samples[i];
		s->evidence = (struct classify_evidence){ .top = 4 * uniform() - 2, .margin = 8 * uniform(), .outside = 4 * uniform() - 3, .nearest = uniform(), .known = uniform() };
		s->right = uniform() < classify_likely(&truth, &s->evidence);
		s->inside = s->right || uniform() < 0.3;
	}
}

static void of_what_is_promised_at_some_confidence_so_much_is_right(void **state)
{
	struct classify_verdicts v;
	struct classify_sample *seen = calloc(MESSAGES, sizeof(*seen)), *unseen = calloc(MESSAGES, sizeof(*unseen));
	srand(11);
	draw(seen, MESSAGES);
	draw(unseen, MESSAGES);
	classify_calibrate(seen, MESSAGES, &v);
	for (double from = 0; from < 1; from += 0.2) {
		double promised = 0, right = 0, n = 0;
		for (size_t i = 0; i < MESSAGES; i++) {
			double p = classify_likely(&v.right, &unseen[i].evidence);
			if (p < from || p >= from + 0.2)
				continue;
			promised += p;
			right += unseen[i].right;
			n++;
		}
		assert_true(n > 50 && fabs(promised - right) / n < 0.06);
	}
	free(seen);
	free(unseen);
}

/* All right, or none, or parted without fault: weights stay numbers, and say so. */
static void what_is_certain_stays_finite(void **state)
{
	struct classify_sample s[40];
	struct classify_verdicts v;
	for (int right = 0; right < 3; right++) {
		for (size_t i = 0; i < 40; i++)
			s[i] = (struct classify_sample){ { .top = i < 20 ? 3 : -3, .margin = i < 20 ? 5 : 0.1 }, right == 2 ? i < 20 : right, true };
		classify_calibrate(s, 40, &v);
		double high = classify_likely(&v.right, &s[0].evidence), low = classify_likely(&v.right, &s[39].evidence);
		assert_true(isfinite(high) && isfinite(low));
		assert_true(right == 2 ? high > 0.9 && low < 0.1 : right ? low > 0.9 : high < 0.1);
	}
	classify_calibrate(s, 0, &v);
	assert_true(isfinite(classify_likely(&v.right, &s[0].evidence)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_phrasing_means_its_question),
		cmocka_unit_test(a_vector_near_decides_where_no_word_is_shared),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(scores_are_what_a_simple_sum_says),
		cmocka_unit_test(what_is_written_reads_back_the_same),
		cmocka_unit_test(a_damaged_file_is_refused_or_harmless),
		cmocka_unit_test(learning_twice_gives_the_same),
		cmocka_unit_test(says_what_it_cannot_learn),
		cmocka_unit_test(of_what_is_promised_at_some_confidence_so_much_is_right),
		cmocka_unit_test(what_is_certain_stays_finite),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
