/* Maps what the build made, and reads texts by it. */
#include "core/understand/understand.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "core/understand/understand_private.h"

enum { KEPT = 2048, MOST_MODELS = 64 };

/* A vector by a keyed hash of its text: what people wrote is not kept. */
struct kept_vector {
	uint64_t hash[2];
	float vector[EMBED_SIZE];
};

struct understanding {
	struct arena *arena;
	struct understand_map knowledge, language;
	struct understand_words words;
	struct classify_basis basis;
	struct classify_source source;
	const struct classify_model *models[MOST_MODELS];
	size_t model_count;
	struct embed *embed;            /* NULL: words alone */
	pthread_mutex_t lock;           /* of `kept` */
	struct key key;
	struct kept_vector *kept;
};

const char *understanding_folder(struct arena *a)
{
	const char *told = getenv("ANXIN_UNDERSTANDING");
	char program[1024];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (told && *told)
		return told;
	program[n > 0 ? n : 0] = 0;
	char *slash = strrchr(program, '/');
	if (!slash)
		return ".";
	*slash = 0;
	const char *model = arena_format(a, "%s/%s", program, UNDERSTANDING_MODEL);
	return access(model, R_OK) == 0 ? arena_string(a, program) : arena_format(a, "%s/../share/anxin/understanding", program);
}

/* ---- opening ---- */

static int take_part(void *arg, enum understand_part kind, struct bytes part)
{
	struct understanding *u = arg;
	struct classify_model *m;
	switch (kind) {
	case PART_WORDS: return understand_words_read(u->arena, (const char *)part.p, part.n, &u->words);
	case PART_BASIS: return classify_basis_read(u->arena, part, &u->basis);
	case PART_MODEL:
		if (u->model_count == MOST_MODELS)
			return ERR_STATE;
		TRY(classify_model_read(u->arena, part, &m));
		u->models[u->model_count++] = m;
		return 0;
	case PART_SOURCE: return classify_source_read(u->arena, part, &u->source);
	case PART_VECTORS: case PART_SPACE: break;
	}
	return 0;
}

static int take_knowledge(struct understanding *u, const char *path)
{
	TRY(understand_map_open(path, &u->knowledge));
	TRY(understand_parts((struct bytes){ u->knowledge.p, u->knowledge.n }, take_part, u));
	return u->words.normal && u->basis.terms.hash ? 0 : ERR_STATE;
}

/* Whatever keeps it from being used: words alone do then. */
static void take_language(struct understanding *u, const char *path)
{
	if (!u->basis.middle || !embed_is_possible() || understand_map_open(path, &u->language) < 0)
		return;
	if (embed_open(u->arena, u->language.p, u->language.n, &u->embed) < 0) {
		understand_map_close(&u->language);
		return;
	}
	u->kept = ARENA_ARRAY(u->arena, struct kept_vector, KEPT);
	crypto_random(&u->key, sizeof(u->key));
}

int understanding_open(const char *folder, const char *pack, struct understanding **out)
{
	struct arena *a = arena_new();
	struct understanding *u = ARENA_NEW(a, struct understanding);
	*out = NULL;
	u->arena = a;
	pthread_mutex_init(&u->lock, NULL);
	int r = take_knowledge(u, arena_format(u->arena, "%s/%s.knowledge", folder, pack));
	if (r < 0) {
		understanding_close(u);
		return r;
	}
	take_language(u, arena_format(u->arena, "%s/%s", folder, UNDERSTANDING_MODEL));
	*out = u;
	return 0;
}

void understanding_close(struct understanding *u)
{
	if (!u)
		return;
	embed_close(u->embed);
	understand_map_close(&u->language);
	understand_map_close(&u->knowledge);
	pthread_mutex_destroy(&u->lock);
	arena_free(u->arena);
}

bool understanding_has_vectors(const struct understanding *u) { return u->embed; }
const struct classify_basis *understanding_basis(const struct understanding *u) { return &u->basis; }

const struct classify_source *understanding_source(const struct understanding *u) { return &u->source; }

const struct classify_model *const *understanding_models(const struct understanding *u, size_t *n)
{
	*n = u->model_count;
	return u->models;
}

/* ---- reading ---- */

static bool find_kept(struct understanding *u, const uint64_t hash[static 2], float *out)
{
	const struct kept_vector *k = &u->kept[hash[0] % KEPT];
	pthread_mutex_lock(&u->lock);
	bool found = k->hash[0] == hash[0] && k->hash[1] == hash[1];
	if (found)
		memcpy(out, k->vector, sizeof(k->vector));
	pthread_mutex_unlock(&u->lock);
	return found;
}

static void keep(struct understanding *u, const uint64_t hash[static 2], const float *vector)
{
	struct kept_vector *k = &u->kept[hash[0] % KEPT];
	pthread_mutex_lock(&u->lock);
	memcpy(k->hash, hash, sizeof(k->hash));
	memcpy(k->vector, vector, sizeof(k->vector));
	pthread_mutex_unlock(&u->lock);
}

static const float *vector_of(struct understanding *u, struct arena *a, const char *text)
{
	uint64_t hash[2];
	float *out = ARENA_ARRAY(a, float, EMBED_SIZE);
	hash_for_table(&u->key, text, strlen(text), hash);
	if (find_kept(u, hash, out))
		return out;
	embed_text(u->embed, text, out);
	keep(u, hash, out);
	return out;
}

void understanding_read_words(const struct understanding *u, struct arena *a, const char *text, size_t n, struct understood *out)
{
	const struct understand_words *w = &u->words;
	*out = (struct understood){ .normal = normal_text(a, w->normal, text, n) };
	out->telling = telling_part(a, &u->basis.terms, w->courtesies, w->courtesy_count, out->normal);
	slots_of(a, w->products, w->product_count, arena_string_n(a, text, n < NORMAL_MOST_BYTES ? n : NORMAL_MOST_BYTES), out->normal, &out->slots);
	for (size_t i = 0; i < w->product_count; i++)
		if (out->slots.products >> i & 1)
			out->products[out->product_count++] = w->products[i].product;
}

void understanding_read(struct understanding *u, struct arena *a, const char *text, size_t n, struct understood *out)
{
	understanding_read_words(u, a, text, n, out);
	if (u->embed && *out->telling)
		out->vector = vector_of(u, a, out->telling);
}

/* As understand_texts.c makes the pack's. */
const char *understanding_phrasing(const struct understanding *u, struct arena *a, const char *text)
{
	static const struct term_table none;
	const struct understand_words *w = &u->words;
	return telling_part(a, &none, w->courtesies, w->courtesy_count, normal_text(a, w->normal, text, strlen(text)));
}

const float *understanding_vector(struct understanding *u, struct arena *a, const char *normal)
{
	if (!u->embed)
		return NULL;
	float *out = ARENA_ARRAY(a, float, EMBED_SIZE);
	embed_text(u->embed, normal, out);
	return out;
}

void understanding_sign(const struct understanding *u, struct text *out)
{
	text_append_n(out, (const char *)u->knowledge.p + 8, UNDERSTAND_HASH);
	text_char(out, u->embed ? 'v' : 'w');
}

void understood_ask(const struct understood *t, struct classify_ask *out)
{
	*out = (struct classify_ask){
		.normal = t->telling, .vector = t->vector, .products = t->product_count ? t->products : NULL, .product_count = t->product_count,
		.general = "general", .code = t->slots.code,
	};
}

void understanding_decide(const struct understanding *u, const struct classify_ask *ask, const struct classify_limits *limits, struct classify_decision *out)
{
	classify_decide(&u->basis, u->models, u->model_count, ask, limits, out);
}
