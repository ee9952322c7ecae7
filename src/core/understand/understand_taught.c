/* A shelf of models, each with the sign of its lesson. */
#include "core/understand/understand_taught.h"

#include <string.h>

#include "core/understand/understand_shelf.h"

struct taught {
	struct arena *arena;
	struct shelf *shelf;
};

struct kept_model {
	uint8_t sign[LESSON_SIGN];
	struct classify_model *model;
};

static int read_model(struct arena *a, const char *product, struct bytes b, void **out)
{
	struct kept_model *k = ARENA_NEW(a, struct kept_model);
	*out = k;
	TRY(lesson_read(a, b, k->sign, &k->model));
	return strcmp(classify_model_product(k->model), product) != 0 ? ERR_STATE : 0;
}

static const struct shelf_kind kind = { .ending = "lesson", .most = 1024, .most_bytes = 96 << 20, .read = read_model };

struct taught *taught_new(const char *folder)
{
	struct arena *a = arena_new();
	struct taught *t = ARENA_NEW(a, struct taught);
	*t = (struct taught){ a, shelf_new(a, folder, &kind) };
	return t;
}

void taught_free(struct taught *t)
{
	if (t)
		arena_free(t->arena);
}

struct bytes taught_before(struct taught *t, struct arena *a, int64_t tenant, const char *product)
{
	return shelf_file(t->shelf, a, tenant, product);
}

const struct classify_model *taught_find(struct taught *t, struct arena *a, int64_t tenant, const char *product, uint8_t sign[static LESSON_SIGN])
{
	const struct kept_model *k = shelf_find(t->shelf, a, tenant, product);
	if (!k)
		return NULL;
	memcpy(sign, k->sign, LESSON_SIGN);
	return k->model;
}

int taught_keep(struct taught *t, int64_t tenant, const char *product, struct bytes lesson)
{
	return shelf_keep(t->shelf, tenant, product, lesson);
}

void taught_drop(struct taught *t, int64_t tenant) { shelf_drop(t->shelf, tenant); }
