/* The series of the running batch: read when first asked for, counted in memory, written once before the commit. All writes of a
 * company go through one lane (ADR 3), so nobody else counts meanwhile. */
#include <string.h>

#include "db/batch.h"
#include "gen/schema.h"
#include "gen/writer_sql.h"

static struct series *find(struct batch *b, int64_t tenant, const char *code)
{
	for (size_t i = 0; i < b->series_count; i++)
		if (b->series[i].tenant == tenant && !strcmp(b->series[i].code, code))
			return &b->series[i];
	return NULL;
}

static int read_series(struct ctx *c, const char *code, struct series **out)
{
	struct batch *b = c->batch;
	struct number_counter row;
	int r = number_counter_row_get(c, code, &row);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	int64_t last = r < 0 ? 0 : row.last;
	ARENA_GROW(b->arena, b->series, b->series_count, b->series_room);
	*out = &b->series[b->series_count++];
	**out = (struct series){ .tenant = c->tenant, .code = arena_string(b->arena, code), .last = last, .before = last, .stored = last };
	return 0;
}

int series_next(struct ctx *c, const char *code, int64_t *number)
{
	if (!c->batch || !c->tenant)
		return fail(c, ERR_INTERNAL, NULL);
	struct series *s = find(c->batch, c->tenant, code);
	if (!s)
		TRY(read_series(c, code, &s));
	*number = ++s->last;
	return 0;
}

void batch_mark_series(struct batch *b)
{
	for (size_t i = 0; i < b->series_count; i++)
		b->series[i].before = b->series[i].last;
}

void batch_undo_series(struct batch *b)
{
	for (size_t i = 0; i < b->series_count; i++)
		b->series[i].last = b->series[i].before;
}

int batch_store_series(struct batch *b, struct ctx *c)
{
	for (size_t i = 0; i < b->series_count; i++) {
		const struct series *s = &b->series[i];
		if (s->last == s->stored)
			continue;
		c->tenant = s->tenant;
		TRY(db_set_tenant(b->db, s->tenant));
		TRY(series_store(c, s->code, s->last, NULL));
	}
	return 0;
}
