/* What merging and taking back have in common: the row of table merge, and the order of things, each in one transaction. */
#include "domain/merge/merge.h"

#include "core/auth/auth.h"
#include "core/services.h"
#include "gen/merge_sql.h"

const char *merge_naming(struct ctx *c, const char *word, int64_t id)
{
	return arena_format(c->arena, "{\"%s\":\"%lld\"}", word, (long long)id);
}

static int show(struct ctx *c, const struct record *record, int64_t id, void *out)
{
	struct text t = text_in(c->arena);
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(record_get(c, record, id, row));
	TRY(record_json(c, record, row, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

int merge_show_likely(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, void *out)
{
	size_t size = record->table->row->size, shown = 0;
	char *rows = arena_alloc(c->arena, size * (n + 1));
	for (size_t i = 0; i < n; i++) {
		bool there;
		TRY(record_look(c, record, ids[i], rows + shown * size, &there));
		shown += there;
	}
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":");
	TRY(record_json_list(c, record, rows, shown, &t));
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* from_id goes into id. */
int merge_rows(struct ctx *c, const struct record *record, const struct merge_in *v, merge_away *away, void *out)
{
	struct merge m = {
		.tenant = c->tenant, .id = new_id(c), .record = record->name, .winner_id = v->id, .loser_id = v->from_id,
		.actor_kind = c->actor_kind, .actor_id = c->actor_id, .at = c->now,
	};
	TRY(require(c, v->id != v->from_id, ERR_STATE, NULL));
	TRY(merge_row_insert(c, &m));
	TRY(away(c, &m, v->reason));
	return show(c, record, v->id, out);
}

/* The row comes back out of what it went into. */
int merge_part_row(struct ctx *c, const struct record *record, int64_t id, merge_back *back, void *out)
{
	struct merge *rows;
	size_t n;
	void *row = arena_alloc(c->arena, record->table->row->size);
	TRY(record_get(c, record, id, row));
	TRY(merge_open_of(c, record->name, id, &rows, &n));
	TRY(require(c, n == 1, ERR_STATE, NULL));
	TRY(back(c, &rows[0]));
	TRY(merge_taken_back(c, rows[0].id, c->now, NULL));
	return show(c, record, id, out);
}
