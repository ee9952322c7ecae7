/* Tags of a row on their way in: names given, ids kept, and which rows have them. */
#include <stdlib.h>
#include <string.h>

#include "core/auth/auth.h"
#include "core/services.h"
#include "core/tag/tag_private.h"
#include "db/writer.h"
#include "gen/schema.h"

/* ---- ids ---- */

struct tag_ids tag_ids_of(struct arena *a, const char *column)
{
	size_t room = 1;
	for (const char *p = column ? column : ""; *p; p++)
		room += *p == ',';
	int64_t *ids = ARENA_ARRAY(a, int64_t, room);
	struct tag_ids out = { ids, 0 };
	for (const char *p = column; p && *p >= '0' && *p <= '9';) {
		char *end;
		ids[out.n++] = strtoll(p, &end, 10);
		p = *end == ',' ? end + 1 : NULL;
	}
	return out;
}

bool tag_ids_hold(const struct tag_ids *ids, int64_t id)
{
	return id_among(ids->at, ids->n, id);
}

const char *tag_column(struct arena *a, const struct tag_ids *ids)
{
	struct text t = text_in(a);
	for (size_t i = 0; i < ids->n; i++)
		text_format(&t, "%s%lld", i ? "," : "", (long long)ids->at[i]);
	return text_end(&t);
}

int tags_look_up(struct ctx *c, const struct tag_ids *ids, struct tags_shown_row **rows, size_t *n)
{
	*rows = NULL;
	*n = 0;
	return ids->n ? tags_shown(c, ids->at, ids->n, rows, n) : 0;
}

const struct tags_shown_row *tag_shown(const struct tags_shown_row *rows, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

int tags_find(struct ctx *c, const struct tag_names *names, struct tags_named_row **rows, size_t *n)
{
	const char **folded = ARENA_ARRAY(c->arena, const char *, names->n + 1);
	*rows = NULL;
	*n = 0;
	for (size_t i = 0; i < names->n; i++)
		folded[i] = tag_fold(c->arena, names->at[i]);
	return names->n ? tags_named(c, folded, names->n, rows, n) : 0;
}

const struct tags_named_row *tag_named(struct arena *a, const struct tags_named_row *rows, size_t n, const char *name)
{
	const char *folded = tag_fold(a, name);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].folded, folded))
			return &rows[i];
	return NULL;
}

/* ---- filling ---- */

/* What the row has already may stay, archived or not. */
static bool stands_among(const struct tags_shown_row *had, size_t n, int64_t stands_for)
{
	for (size_t i = 0; i < n; i++)
		if (had[i].stands_for == stands_for)
			return true;
	return false;
}

static int check_names(struct ctx *c, const char *field, const struct tag_names *names, const char *column)
{
	struct tags_named_row *rows;
	struct tags_shown_row *had;
	struct tag_ids ids = tag_ids_of(c->arena, column);
	size_t n, had_count;
	TRY(tags_find(c, names, &rows, &n));
	TRY(tags_look_up(c, &ids, &had, &had_count));
	for (size_t i = 0; i < names->n; i++) {
		const struct tags_named_row *tag = tag_named(c->arena, rows, n, names->at[i]);
		if (!tag && !may(c, "tag.create"))
			fail_field(c, field, ERR_TAG_UNKNOWN, names->at[i]);
		if (tag && tag->archived_at && !stands_among(had, had_count, tag->stands_for))
			fail_field(c, field, ERR_TAG_ARCHIVED, tag->name);
	}
	return 0;
}

int tags_fill(struct ctx *c, const struct field *f, const char *json, const char **column)
{
	struct tag_names names = { 0 };
	size_t has = tag_ids_of(c->arena, *column).n;   /* more than there may be, after rows were merged */
	if (json && tags_read(c, f->name, json, has > TAGS_MOST ? has : TAGS_MOST, &names) < 0)
		return 0;       /* noted; the other fields are still checked */
	TRY(check_names(c, f->name, &names, *column));
	*column = names.n ? tags_json(c->arena, &names) : "";
	return 0;
}

/* ---- settling ---- */

/* The id that the row has for what this tag is, else the tag. */
static int64_t id_kept(const struct tags_shown_row *had, size_t n, const struct tag_ids *order, int64_t stands_for)
{
	for (size_t i = 0; i < order->n; i++) {
		const struct tags_shown_row *row = tag_shown(had, n, order->at[i]);
		if (row && row->stands_for == stands_for)
			return row->id;
	}
	return stands_for;
}

static int settle(struct ctx *c, const char *field, const char *old, const char **column)
{
	struct tag_names names;
	struct tags_named_row *rows;
	struct tags_shown_row *had;
	struct tag_ids before = tag_ids_of(c->arena, old), now = { 0 };
	size_t n, had_count;
	TRY(tags_read(c, field, *column, SIZE_MAX, &names));
	TRY(tags_find(c, &names, &rows, &n));
	TRY(tags_look_up(c, &before, &had, &had_count));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, names.n + 1);
	for (size_t i = 0; i < names.n; i++) {
		const struct tags_named_row *tag = tag_named(c->arena, rows, n, names.at[i]);
		int64_t id = tag ? id_kept(had, had_count, &before, tag->stands_for) : 0;
		if (!tag)
			TRY(tag_make(c, names.at[i], &id));
		now.at = ids;
		if (!tag_ids_hold(&now, id))
			ids[now.n++] = id;
	}
	*column = tag_column(c->arena, &now);
	return 0;
}

int tags_settle(struct ctx *c, const struct record_model *m, const void *old, void *row)
{
	if (m->tags_field == SIZE_MAX)
		return 0;
	const struct member *place = m->column[m->tags_field];
	const char **column = member_text(place, row);
	if (!*column)
		*column = "";
	return tag_is_unsettled(*column) ? settle(c, place->name, old ? *member_text(place, (void *)old) : NULL, column) : 0;
}

/* ---- beside the row ---- */

/* Made by typing, and nobody has it any more: a slip, or a word about one person. All of its names go. */
static int drop_unused(struct ctx *c, int64_t stand)
{
	struct tag_uses_left_row *left;
	struct tag_curated_row *curated;
	struct tag *rows;
	size_t count, own;
	TRY(tag_uses_left(c, stand, &left, &count));
	TRY(tag_curated(c, stand, &curated, &own));
	if (count || own)
		return 0;
	TRY(tags_standing(c, stand, &rows, &count));
	for (size_t i = 0; i < count; i++) {
		TRY(tag_row_remove(c, rows[i].id));
		TRY(event_add(c, "tag.dropped", tag_record.name, rows[i].id, "{}"));
	}
	return 0;
}

/* Of a row, before its uses go: those whose tags may be nobody's then. */
static int drop_all_unused(struct ctx *c, const struct tags_typed_of_row *typed, size_t n, const struct tag_ids *kept)
{
	for (size_t i = 0; i < n; i++)
		if (!tag_ids_hold(kept, typed[i].tag_id))
			TRY(drop_unused(c, typed[i].stands_for));
	return 0;
}

int tags_follow(struct ctx *c, const struct record_model *m, const void *old, const void *row)
{
	if (m->tags_field == SIZE_MAX)
		return 0;
	const struct member *column = m->column[m->tags_field];
	const char *was = old ? *member_text(column, (void *)old) : "", *is = *member_text(column, (void *)row);
	if (text_equal(was, is))
		return 0;
	struct tag_ids before = tag_ids_of(c->arena, was), now = tag_ids_of(c->arena, is);
	struct tags_typed_of_row *typed = NULL;
	size_t typed_count = 0;
	int64_t id = *member_int(m->id, (void *)row);
	if (before.n)
		TRY(tags_typed_of(c, id, &typed, &typed_count));
	for (size_t i = 0; i < before.n; i++)
		if (!tag_ids_hold(&now, before.at[i]))
			TRY(tag_use_drop(c, id, before.at[i], NULL));
	for (size_t i = 0; i < now.n; i++) {
		struct tag_use use = { .tenant = c->tenant, .object_id = id, .tag_id = now.at[i], .object = m->record->name };
		if (!tag_ids_hold(&before, now.at[i]))
			TRY(tag_use_row_insert(c, &use));
	}
	return drop_all_unused(c, typed, typed_count, &now);
}

int tags_forget(struct ctx *c, const struct record_model *m, int64_t id)
{
	struct tags_typed_of_row *typed;
	size_t n;
	if (m->tags_field == SIZE_MAX)
		return 0;
	TRY(tags_typed_of(c, id, &typed, &n));
	TRY(tag_uses_forget(c, id, NULL));
	return drop_all_unused(c, typed, n, &(struct tag_ids){ 0 });
}
