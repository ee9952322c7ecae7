/* Chance from one seed, a hash of what happened, and the heap of what comes next. */
#include <string.h>

#include "app/sim.h"

/* xorshift64*, as in the demo: variety, not secrecy. */
uint64_t sim_draw(struct sim *s, uint64_t n)
{
	s->random ^= s->random >> 12;
	s->random ^= s->random << 25;
	s->random ^= s->random >> 27;
	return ((s->random * UINT64_C(2685821657736338717)) >> 33) % n;
}

bool sim_chance(struct sim *s, int percent)
{
	return sim_draw(s, 100) < (uint64_t)percent;
}

int64_t sim_between(struct sim *s, int64_t least, int64_t most)
{
	uint64_t span = (uint64_t)(most - least) + 1, a = sim_draw(s, span), b = sim_draw(s, span);
	return least + (int64_t)(a < b ? a : b);
}

/* FNV-1a. */
static void mix(struct sim *s, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s->hash = (s->hash ^ ((const unsigned char *)p)[i]) * UINT64_C(1099511628211);
}

void sim_note(struct sim *s, const char *word, int64_t a, int64_t b)
{
	mix(s, &s->now, sizeof(s->now));
	mix(s, word, strlen(word));
	mix(s, &a, sizeof(a));
	mix(s, &b, sizeof(b));
}

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
	return a->at != b->at ? a->at < b->at : a->seq < b->seq;
}

static void swap(struct sim_event *a, struct sim_event *b)
{
	struct sim_event t = *a;
	*a = *b;
	*b = t;
}

void sim_plan(struct sim *s, time_ms at, enum sim_act act, size_t who)
{
	ARENA_GROW(s->arena, s->heap, s->heap_n, s->heap_room);
	size_t i = s->heap_n++;
	s->heap[i] = (struct sim_event){ .at = at < s->now ? s->now : at, .seq = s->seq++, .act = act, .who = who };
	for (; i && is_before(&s->heap[i], &s->heap[(i - 1) / 2]); i = (i - 1) / 2)
		swap(&s->heap[i], &s->heap[(i - 1) / 2]);
}

bool sim_next(struct sim *s, struct sim_event *out)
{
	if (!s->heap_n)
		return false;
	*out = s->heap[0];
	s->heap[0] = s->heap[--s->heap_n];
	for (size_t i = 0;;) {
		size_t least = i;
		for (size_t k = 2 * i + 1; k <= 2 * i + 2 && k < s->heap_n; k++)
			if (is_before(&s->heap[k], &s->heap[least]))
				least = k;
		if (least == i)
			return true;
		swap(&s->heap[i], &s->heap[least]);
		i = least;
	}
}
