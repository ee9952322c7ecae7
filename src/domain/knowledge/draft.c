/* A draft as if it were published, for a trial: compiled for one asker, never shared. What it teaches is learned apart (learning.c). */
#include <string.h>

#include "base/crypto.h"
#include "domain/knowledge/knowledge_private.h"

static const struct article_entry *entry_of(const struct knowledge *k, int64_t id)
{
	size_t i = 0;
	while (i < k->n && k->at[i].id != id)
		i++;
	return i < k->n ? &k->at[i] : NULL;
}

/* Another version, a phrasing more or less, or one switched off is another draft. */
static const char *sign_of(struct ctx *c, const struct article_entry *e)
{
	uint8_t sum[HASH_SIZE];
	struct text t = text_in(c->arena);
	text_format(&t, "%lld %lld", (long long)e->id, (long long)e->version);
	for (size_t i = 0; i < e->phrasing_count; i++)
		text_format(&t, "\n%d%s", e->phrasings[i].off, e->phrasings[i].text);
	hash_sha256(t.p, t.n, sum);
	return hex(c->arena, sum, 4);
}

int knowledge_trial(struct ctx *c, int64_t draft, struct knowledge_trial *out)
{
	const struct knowledge *live;
	struct knowledge *now = ARENA_NEW(c->arena, struct knowledge), *then = ARENA_NEW(c->arena, struct knowledge);
	TRY(knowledge_of(c, &live));
	/* Not its head, which counts who holds it. */
	memcpy((char *)now + sizeof(now->base), (const char *)live + sizeof(live->base), sizeof(*now) - sizeof(now->base));
	now->tried = then->tried = true;
	then->base.arena = c->arena;
	TRY(knowledge_compile(c, then, draft));
	*out = (struct knowledge_trial){ .now = now, .sign = "" };
	if (!then->draft)
		return 0;
	out->then = then;
	out->sign = sign_of(c, entry_of(then, draft));
	return 0;
}
