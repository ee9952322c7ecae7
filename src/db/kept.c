/* A small table of rows by question and key; each place has an arena of its own for the texts. */
#include "db/kept.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES = 32, KEY_MOST = 2 };

struct place {
	const struct query *query;      /* NULL: empty */
	int64_t key[KEY_MOST];
	struct arena *arena;
	void *row;
};

struct kept {
	struct place places[PLACES];
	bool any;
};

struct kept *kept_new(void)
{
	struct kept *k = calloc(1, sizeof(*k));
	if (!k)
		abort();
	return k;
}

void kept_free(struct kept *k)
{
	for (size_t i = 0; k && i < PLACES; i++)
		arena_free(k->places[i].arena);
	free(k);
}

/* Keys of kept rows are one or two integers (tools/gen sees to it). */
static struct place *place_of(struct kept *k, const struct query *q, const void *in, int64_t key[static KEY_MOST])
{
	uint64_t hash = q->number;
	memset(key, 0, KEY_MOST * sizeof(*key));
	for (size_t i = 0; i < q->in->count; i++) {
		key[i] = *member_int(&q->in->members[i], (void *)in);
		hash = (hash ^ (uint64_t)key[i]) * UINT64_C(0x9E3779B97F4A7C15);
	}
	return &k->places[hash >> 59];
}
_Static_assert(PLACES == 1 << 5, "the upper five bits of the hash name a place");

/* Texts and bytes of a row, copied; its numbers are in the struct. */
static void copy_texts(struct arena *a, const struct shape *s, void *row)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct member *m = &s->members[i];
		if (type_kind(m->type) == KIND_TEXT)
			*member_text(m, row) = arena_string(a, *member_text(m, row));
		else if (type_kind(m->type) == KIND_BYTES && member_bytes(m, row)->p)
			*member_bytes(m, row) = arena_bytes(a, *member_bytes(m, row));
	}
}

bool kept_find(struct kept *k, struct arena *a, const struct query *q, const void *in, void *row)
{
	int64_t key[KEY_MOST];
	if (!k || !k->any || !(q->flags & QUERY_KEPT))
		return false;
	const struct place *p = place_of(k, q, in, key);
	if (p->query != q || memcmp(p->key, key, sizeof(key)) != 0)
		return false;
	memcpy(row, p->row, q->row->size);
	copy_texts(a, q->row, row);
	return true;
}

void kept_put(struct kept *k, const struct query *q, const void *in, const void *row)
{
	int64_t key[KEY_MOST];
	if (!k || !(q->flags & QUERY_KEPT))
		return;
	struct place *p = place_of(k, q, in, key);
	if (!p->arena)
		p->arena = arena_small();
	arena_reset(p->arena);
	p->row = arena_copy(p->arena, row, q->row->size);
	copy_texts(p->arena, q->row, p->row);
	memcpy(p->key, key, sizeof(key));
	p->query = q;
	k->any = true;
}

/* A new row changes none that is kept; a statement of several tables forgets everything. */
void kept_forget(struct kept *k, const struct query *q)
{
	if (!k || !k->any || (q->flags & QUERY_INSERTS_ROW))
		return;
	for (struct place *p = k->places; p < k->places + PLACES; p++)
		if (p->query && (!q->table || p->query->table == q->table))
			p->query = NULL;
}

void kept_forget_all(struct kept *k)
{
	if (!k || !k->any)
		return;
	for (struct place *p = k->places; p < k->places + PLACES; p++)
		p->query = NULL;
	k->any = false;
}
