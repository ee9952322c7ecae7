/* A question of any bytes through all that reads it, and a model of any bytes: nothing breaks, text stays text, shares stay shares. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/classify/classify.h"
#include "engine/retrieve/normal.h"
#include "engine/retrieve/slots.h"
#include "engine/retrieve/telling.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct normal_pair same[] = { { "咋", "怎么" }, { "唔", "不" }, { "致冷", "制冷" } };
static const char *const courtesies[] = { "你好", "请问" };
static const char *const words[] = { "空调", "kfr-35gw", "tv" };
static const struct slot_product product = { "air_conditioner", words, 3 };

/* Learned once: the fuzzer is about what is asked. */
static struct {
	struct arena *arena;
	struct normal *normal;
	struct classify_basis basis;
	struct classify_model *model, *outside;
} school;

static void learn(void)
{
	static const struct classify_question questions[] = { { "A", "air_conditioner", "", "" }, { "B", "air_conditioner", "report", "e1 " } };
	static const struct classify_phrasing phrasings[] = {
		{ 0, "空调不制冷", NULL }, { 0, "吹热风", NULL }, { 1, "空调漏水", NULL }, { 1, "滴水e1", NULL },
	}, chat[] = { { 0, "你是谁", NULL }, { 0, "今天天气", NULL } };
	static const struct classify_source source = { questions, phrasings, chat, 2, 4, 2 };
	school.arena = arena_new();
	school.normal = normal_new(school.arena, same, 3);
	classify_basis_make(school.arena, &source, &school.basis);
	if (classify_train(school.arena, &school.basis, &source, "air_conditioner", &school.model) < 0 ||
	    classify_train(school.arena, &school.basis, &source, "", &school.outside) < 0)
		abort();
}

static void decide(const char *normal, const char *code, const struct classify_model *const *models, size_t n)
{
	struct classify_decision d;
	classify_decide(&school.basis, models, n, &(struct classify_ask){ .normal = normal, .code = code }, NULL, &d);
	for (size_t i = 0; i < d.choice_count; i++)
		if (isfinite(d.choices[i].share) && (d.choices[i].share < 0 || d.choices[i].share > 1.000001))
			abort();
}

static void ask(struct arena *a, const char *text, size_t n)
{
	struct slots slots;
	const struct classify_model *const models[] = { school.model, school.outside };
	const char *normal = normal_text(a, school.normal, text, n);
	const char *part = telling_part(a, &school.basis.terms, courtesies, 2, normal);
	if (!utf8_is_text(normal, strlen(normal)) || !utf8_is_text(part, strlen(part)) || utf8_count(part) > TELLING_CHARACTERS)
		abort();
	slots_of(a, &product, 1, arena_string_n(a, text, n), normal, &slots);
	decide(part, slots.code, models, 2);
}

static void read_model(struct arena *a, const uint8_t *data, size_t n)
{
	struct classify_model *m;
	struct classify_basis basis;
	struct classify_source source;
	uint8_t *aligned = arena_copy(a, data, n);
	if (classify_basis_read(a, (struct bytes){ aligned, n }, &basis) == 0 && basis.terms.n > n)
		abort();
	if (classify_source_read(a, (struct bytes){ aligned, n }, &source) == 0 && source.phrasing_count > n)
		abort();
	if (classify_model_read(a, (struct bytes){ aligned, n }, &m) == 0) {
		const struct classify_model *const models[] = { m };
		decide("空调漏水", "e1", models, 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	if (!school.arena)
		learn();
	ask(a, (const char *)data, n);
	read_model(a, data, n);
	return 0;
}
