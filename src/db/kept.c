/* A small table of rows by question and key; each place has an arena of its own for the texts. */
#include "db/kept.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES = 256, KEY_MOST = 2, TABLES = 64 };

struct place {
	const struct query *query;      /* NULL: empty */
	int64_t key[KEY_MOST];
	struct arena *arena;
	void *row;
};

struct kept {
	struct place places[PLACES];
	uint16_t of_table[TABLES];      /* places in use, by table number modulo TABLES: most writes need not look */
	size_t used;
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
	return &k->places[hash >> 56];
}
_Static_assert(PLACES == 1 << 8, "the upper eight bits of the hash name a place");

static void empty_place(struct kept *k, struct place *p)
{
	k->of_table[p->query->table % TABLES]--;
	k->used--;
	p->query = NULL;
}

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
	if (!k || !k->used || !(q->flags & QUERY_KEPT))
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
	if (p->query)
		empty_place(k, p);
	if (!p->arena)
		p->arena = arena_small();
	arena_reset(p->arena);
	p->row = arena_copy(p->arena, row, q->row->size);
	copy_texts(p->arena, q->row, p->row);
	memcpy(p->key, key, sizeof(key));
	p->query = q;
	k->of_table[q->table % TABLES]++;
	k->used++;
}

/* The generated update names its row. */
static void forget_row(struct kept *k, const struct table *table, const void *in)
{
	int64_t key[KEY_MOST] = { 0 };
	for (size_t i = 0; i < table->get->in->count; i++)
		key[i] = *member_int(shape_member(table->row, table->get->in->members[i].name), (void *)in);
	for (struct place *p = k->places; p < k->places + PLACES; p++)
		if (p->query == table->get && memcmp(p->key, key, sizeof(key)) == 0)
			empty_place(k, p);
}

/* A new row changes none that is kept; a statement of several tables forgets everything. */
void kept_forget(struct kept *k, const struct query *q, const void *in)
{
	if (!k || !k->used || (q->flags & QUERY_INSERTS_ROW) || (q->table && !k->of_table[q->table % TABLES]))
		return;
	const struct table *table = q->table && q->table <= table_count ? all_tables[q->table - 1] : NULL;
	if (table && q == table->update && (table->get->flags & QUERY_KEPT)) {
		forget_row(k, table, in);
		return;
	}
	for (struct place *p = k->places; p < k->places + PLACES; p++)
		if (p->query && (!q->table || p->query->table == q->table))
			empty_place(k, p);
}

void kept_forget_all(struct kept *k)
{
	if (!k || !k->used)
		return;
	for (struct place *p = k->places; p < k->places + PLACES; p++)
		if (p->query)
			empty_place(k, p);
}
