/* How many demo rows there are, and which of them removing would leave. */
#include <string.h>

#include "core/demo/demo_private.h"
#include "core/services.h"
#include "gen/demo_sql.h"

enum { MARKS = 500 };

static struct demo_count *counts_of(struct ctx *c)
{
	const struct registry *all = &c->services->registry;
	struct demo_count *counts = ARENA_ARRAY(c->arena, struct demo_count, all->count);
	for (size_t i = 0; i < all->count; i++)
		counts[i] = (struct demo_count){ .model = &all->models[i] };
	return counts;
}

static size_t without_empty(struct demo_count *counts, size_t count)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		if (counts[i].rows)
			counts[n++] = counts[i];
	return n;
}

int demo_counts(struct ctx *c, struct demo_count **out, size_t *n)
{
	struct demo_mark_counts_row *rows;
	size_t found;
	TRY(demo_mark_counts(c, &rows, &found));
	*out = counts_of(c);
	for (size_t i = 0; i < c->services->registry.count; i++)
		for (size_t k = 0; k < found; k++)
			if (text_equal(rows[k].record, (*out)[i].model->record->name))
				(*out)[i].rows = rows[k].rows;
	*n = without_empty(*out, c->services->registry.count);
	return 0;
}

/* Which stay ---------------------------------------------------------------------------------------------------------------- */

struct node {
	int64_t id;
	size_t count;           /* place among the counts */
	bool stays;
	const int64_t *by;      /* demo rows that refer to it */
	size_t by_n;
};

struct nodes {
	struct node *at;
	size_t n, room;
};

static int read_nodes(struct ctx *c, const struct demo_count *counts, struct nodes *all)
{
	struct demo_marks_before_row *marks;
	int64_t before = INT64_MAX;
	size_t n, count = c->services->registry.count;
	do {
		TRY(demo_marks_before(c, before, MARKS, &marks, &n));
		if (all->n + n > all->room) {
			struct node *more = ARENA_ARRAY(c->arena, struct node, all->room = all->n * 2 + MARKS);
			if (all->n)
				memcpy(more, all->at, all->n * sizeof(*more));
			all->at = more;
		}
		for (size_t i = 0; i < n; i++) {
			size_t k = 0;
			while (k < count && !text_equal(counts[k].model->record->name, marks[i].record))
				k++;
			if (k < count)
				all->at[all->n++] = (struct node){ .id = marks[i].object_id, .count = k };
			before = marks[i].place;
		}
	} while (n == MARKS);
	return 0;
}

/* A row of the company's own makes it stay; those of the demo may. */
static int ask(struct ctx *c, const struct demo_count *counts, struct node *node)
{
	struct arena_mark mark = arena_mark(c->arena);
	static _Thread_local struct referers by;
	static _Thread_local bool are[REFERERS_MOST];
	TRY(demo_referers(c, counts[node->count].model, node->id, false, &by));
	TRY(demo_are(c, by.ids, by.n, are));
	node->stays = by.unknown;
	size_t n = 0;
	for (size_t i = 0; i < by.n; i++)
		if (are[i])
			by.ids[n++] = by.ids[i];
		else
			node->stays = true;
	arena_rewind(c->arena, mark);
	if (!node->stays && n) {
		node->by = arena_copy(c->arena, by.ids, n * sizeof(*by.ids));
		node->by_n = n;
	}
	return 0;
}

static bool stays(const struct nodes *all, int64_t id)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].id == id)
			return all->at[i].stays;
	return false;
}

static bool spread(struct nodes *all)
{
	bool more = false;
	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; k < all->at[i].by_n && !all->at[i].stays; k++)
			if (stays(all, all->at[i].by[k]))
				more = all->at[i].stays = true;
	return more;
}

int demo_forecast(struct ctx *c, struct demo_count **out, size_t *n)
{
	struct nodes all = { 0 };
	*out = counts_of(c);
	TRY(read_nodes(c, *out, &all));
	for (size_t i = 0; i < all.n; i++)
		TRY(ask(c, *out, &all.at[i]));
	while (spread(&all))
		;
	for (size_t i = 0; i < all.n; i++) {
		(*out)[all.at[i].count].rows++;
		(*out)[all.at[i].count].stays += all.at[i].stays;
	}
	*n = without_empty(*out, c->services->registry.count);
	return 0;
}
