/* One record after the other: rows that refer to the person are found by the list engine, a page at a time. */
#include "core/pii/scrub.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/audit/audit.h"
#include "core/custom/custom.h"
#include "core/file/file.h"
#include "core/pii/person.h"
#include "core/pii/pii.h"
#include "core/search/search.h"
#include "core/services.h"
#include "core/tag/tag.h"
#include "gen/pii_sql.h"
#include "gen/upkeep_sql.h"

enum { REPLIES = 200 };

static const struct member place_members[] = {
	MEMBER(struct scrub_place, record, count), MEMBER(struct scrub_place, archived, count, .most = 1), MEMBER(struct scrub_place, still, flag), MEMBER(struct scrub_place, after, text, .flags = MEMBER_NULLABLE),
};
const struct shape scrub_place_shape = SHAPE("scrub_place", struct scrub_place, place_members);

/* History ------------------------------------------------------------------------------------------------------------------ */

/* Sealed values are not in it anyway. A field that is gone from the definitions may have held anything. */
static bool may_stay(const char *name, void *arg)
{
	const struct record_model *m = arg;
	size_t i = field_index(m, name);
	return i != SIZE_MAX && !m->record->fields[i].personal;
}

/* The row stays, with a new proof: that something changed, when and by whom. The reason is somebody's own words, too. */
static int scrub_history(struct ctx *c, const struct record_model *m, int64_t id, struct scrub_counts *counts)
{
	struct change *rows;
	size_t n;
	TRY(scrub_changes(c, m->record->name, id, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct text fields = text_in(c->arena);
		bool blanked = json_blank(&fields, rows[i].fields, may_stay, (void *)m);
		if (!blanked && !*rows[i].reason)
			continue;
		rows[i].fields = text_end(&fields);
		rows[i].reason = "";
		if (rows[i].mac.p)
			TRY(audit_mark_change(c, &rows[i]));
		TRY(scrub_change(c, rows[i].object, id, rows[i].version, rows[i].fields, rows[i].mac, NULL));
		counts->changes++;
	}
	return 0;
}

/* Rows --------------------------------------------------------------------------------------------------------------------- */

/* Where no key dies, what it sealed goes itself. */
static bool empty_sealed(const struct record_model *m, void *row)
{
	bool changed = false;
	for (size_t i = 0; i < m->record->field_count; i++) {
		if (!field_is_sealed(&m->record->fields[i]))
			continue;
		struct bytes *value = member_bytes(m->column[i], row);
		changed |= value->p != NULL;
		*value = (struct bytes){ 0 };
	}
	return changed;
}

/* What must not be empty becomes a dash. */
static bool empty_fields(const struct record_model *m, void *row)
{
	bool changed = false;
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (!f->personal)
			continue;
		const char *nothing = f->kind == FIELD_JSON || f->kind == FIELD_CUSTOM ? "{}" : f->required ? "—" : "";
		changed |= !text_equal(*member_text(m->column[i], row), nothing);
		*member_text(m->column[i], row) = nothing;
	}
	return changed;
}

int scrub_traces(struct ctx *c, const struct record_model *m, int64_t id, struct scrub_counts *counts)
{
	int64_t removed = 0;
	TRY(lookup_remove(c, m->record->name, id, &removed));
	counts->hashes += removed;
	TRY(search_forget(c, m->record->name, id, &removed));
	counts->documents += removed;
	TRY(file_release(c, m->record->name, id, &removed));
	counts->files += removed;
	TRY(upkeep_messages_of(c, m->record->name, id, &removed));
	counts->replies += removed;
	TRY(custom_forget(c, m, id));
	TRY(tags_forget(c, m, id));
	return scrub_history(c, m, id, counts);
}

/* by_row: of an object whose key is somebody else's. */
static int scrub_row(struct ctx *c, const struct record_model *m, void *row, bool by_row, struct scrub_counts *counts)
{
	int64_t removed = 0;
	TRY(scrub_traces(c, m, *member_int(m->id, row), counts));
	if (by_row && m->record->emptied)
		TRY(m->record->emptied(c, *member_int(m->id, row)));
	if (empty_fields(m, row) | (by_row && empty_sealed(m, row))) {
		TRY(db_exec(c->db, c->arena, m->record->table->update, row, &removed));
		counts->parts += removed;
	}
	return 0;
}

static int scrub_own(struct ctx *c, const struct record_model *m, int64_t id, struct scrub_counts *counts)
{
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	struct { int64_t tenant, id; } key = { c->tenant, id };
	int r = db_one(c->db, c->arena, m->record->table->get, &key, row);
	return r == ERR_NOT_FOUND ? 0 : r < 0 ? r : scrub_row(c, m, row, record_borrows_key(m), counts);
}

static int scrub_page(struct ctx *c, const struct record_model *m, const struct field *by, int64_t id, bool by_row, struct scrub_place *at, struct scrub_counts *counts)
{
	struct list_page page;
	TRY(person_page(c, m, by, id, at->after, at->archived, &page));
	at->after = page.next;
	for (size_t i = 0; i < page.n; i++)
		TRY(scrub_row(c, m, (char *)page.rows + i * m->record->table->row->size, by_row, counts));
	return 0;
}

/* Replies ------------------------------------------------------------------------------------------------------------------ */

/* What staff got for an answer about her, kept for a while in case they ask again. */
static int scrub_replies(struct ctx *c, int64_t id, struct scrub_place *at, struct scrub_counts *counts)
{
	struct scrub_reply_page_row *rows;
	size_t n;
	const char *named = arena_format(c->arena, "\"%lld\"", (long long)id);
	TRY(scrub_reply_page(c, strtoll(at->after ? at->after : "0", NULL, 10), REPLIES, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		int64_t removed = 0;
		if (strstr(rows[i].reply, named))
			TRY(scrub_reply(c, rows[i].actor_kind, rows[i].actor_id, rows[i].key, &removed));
		counts->replies += removed;
	}
	/* A page of one instant would come again for ever: go past it. */
	at->after = n < REPLIES ? NULL : arena_format(c->arena, "%lld", (long long)(rows[n - 1].created_at + (rows[0].created_at == rows[n - 1].created_at)));
	return 0;
}

/* Steps -------------------------------------------------------------------------------------------------------------------- */

/* The next record from `first` on whose rows refer to it; `count` when there is none. */
static size_t next_record(const struct registry *all, const char *object, size_t first)
{
	while (first < all->count && !person_reference(&all->models[first], object))
		first++;
	return first;
}

static int scrub_end(struct ctx *c, int64_t object_id, struct scrub_place *at, struct scrub_counts *counts, bool *more)
{
	*more = false;
	if (at->still)
		return 0;
	TRY(scrub_replies(c, object_id, at, counts));
	*more = at->after != NULL;
	return 0;
}

/* Place 0 is her own row, then one a record, then the replies. */
int scrub_step(struct ctx *c, const char *object, int64_t object_id, struct scrub_place *at, struct scrub_counts *counts, bool *more)
{
	const struct registry *all = &c->services->registry;
	const struct record_model *own = registry_find(all, object);
	*more = true;
	if (at->record == 0) {
		if (own)
			TRY(scrub_own(c, own, object_id, counts));
		*at = (struct scrub_place){ .record = 1, .still = at->still };
		return 0;
	}
	size_t place = next_record(all, object, (size_t)at->record - 1);
	if (place == all->count) {
		at->record = (int64_t)all->count + 1;
		return scrub_end(c, object_id, at, counts, more);
	}
	const struct record_model *m = &all->models[place];
	if (text_empty(at->after))
		at->after = "";
	at->record = (int64_t)place + 1;
	TRY(scrub_page(c, m, person_reference(m, object), object_id, own && record_borrows_key(own), at, counts));
	if (text_empty(at->after))
		*at = m->archived_at && !at->archived ? (struct scrub_place){ .record = at->record, .archived = 1, .still = at->still }
		                                      : (struct scrub_place){ .record = at->record + 1, .still = at->still };
	return 0;
}
