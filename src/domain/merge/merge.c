/* What merging and taking back have in common: the row of table merge, and the order of things, each in one transaction. */
#include "domain/merge/merge.h"

#include <string.h>

#include "core/auth/auth.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "db/writer.h"
#include "gen/link_sql.h"
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

/* Tags ------------------------------------------------------------------------------------------------------------- */

static const char **tags_of(struct ctx *c, const struct record *record, const void *row)
{
	const struct record_model *m = model_of(c, record);
	return member_text(m->column[m->tags_field], (void *)row);
}

int merge_join_tags(struct ctx *c, const struct record *record, const struct merge *m, const void *loser, void *winner, bool *changed)
{
	struct tag_ids gained;
	TRY(tags_join(c, *tags_of(c, record, loser), tags_of(c, record, winner), &gained));
	for (size_t i = 0; i < gained.n; i++)
		TRY(merge_note_tag(c, m->id, gained.at[i], NULL));
	*changed = gained.n > 0;
	return 0;
}

/* What the loser of another merge has as well stays: that merge answers for it from now on. */
static int leave_shared(struct ctx *c, const struct record *record, const struct merge *other, int64_t *ids, size_t *n)
{
	struct { int64_t tenant, id; } key = { c->tenant, other->loser_id };
	void *row = arena_alloc(c->arena, record->table->row->size);
	size_t left = 0;
	TRY(db_one(c->db, c->arena, record->table->get, &key, row));
	for (size_t i = 0; i < *n; i++)
		if (!tags_hold(*tags_of(c, record, row), ids[i]))
			ids[left++] = ids[i];
		else
			TRY(merge_note_tag(c, other->id, ids[i], NULL));
	*n = left;
	return 0;
}

int merge_part_tags(struct ctx *c, const struct record *record, const struct merge *m, void *winner, bool *changed)
{
	struct merge_noted_tags_row *rows;
	struct merge *others;
	size_t n, count;
	const char **column = tags_of(c, record, winner), *was = *column;
	TRY(merge_noted_tags(c, m->id, &rows, &n));
	TRY(merges_into(c, record->name, m->winner_id, &others, &count));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].object_id;
	for (size_t i = 0; i < count; i++)
		if (others[i].id != m->id)
			TRY(leave_shared(c, record, &others[i], ids, &n));
	*column = tags_without(c->arena, was, &(struct tag_ids){ ids, n });
	*changed = strcmp(was, *column) != 0;
	return 0;
}

int merge_note_winner(struct ctx *c, const struct record *record, const void *was, void *winner, bool differs, const char *word, const char *data)
{
	const char *kind = arena_format(c->arena, "%s.%s", record->name, word);
	if (differs)
		return record_update(c, record, was, winner, kind, NULL, data);
	return event_add(c, kind, record->name, *member_int(model_of(c, record)->id, winner), data);
}

/* Rows ------------------------------------------------------------------------------------------------------------- */

int merge_apart_from(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, struct merge_apart *out)
{
	return told_apart_from(c, record->name, ids, n, &out->at, &out->n);
}

/* Both ways are stored, but only one may have been asked for. */
bool merge_are_apart(const struct merge_apart *all, int64_t one, int64_t other)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct told_apart_from_row *d = &all->at[i];
		if ((d->object_id == one && d->other_id == other) || (d->object_id == other && d->other_id == one))
			return true;
	}
	return false;
}

int merge_tell_apart(struct ctx *c, const struct record *record, int64_t one, int64_t other, bool on)
{
	const char *kind = arena_format(c->arena, on ? "%s.told_apart" : "%s.not_told_apart", record->name);
	TRY(require(c, one != other, ERR_STATE, NULL));
	if (on) {
		TRY(tell_apart(c, record->name, one, other, c->actor_kind, c->actor_id, c->now, NULL));
		TRY(tell_apart(c, record->name, other, one, c->actor_kind, c->actor_id, c->now, NULL));
	} else {
		TRY(tell_apart_no_more(c, record->name, one, other, NULL));
	}
	TRY(event_add(c, kind, record->name, one, merge_naming(c, "other", other)));
	return event_add(c, kind, record->name, other, merge_naming(c, "other", one));
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
