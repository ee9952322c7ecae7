/* From events to the search index. */
#include "core/search/follow.h"

#include <string.h>

#include "core/list/list.h"
#include "core/pii/pii.h"
#include "core/record/record.h"
#include "core/search/search.h"
#include "core/services.h"
#include "gen/schema.h"

enum { FILL_PAGE = 50 };

static bool is_searchable(const struct field *f)
{
	return f->search && !field_has_lookup(f);
}

static size_t own_texts(const struct record_model *m, const struct slot *slots, struct search_text *texts)
{
	size_t n = 0;
	for (size_t i = 0; i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (is_searchable(f) && slots[i].text && *slots[i].text)
			texts[n++] = (struct search_text){ field_is_sealed(f) || f->kind == FIELD_TEXT ? SEARCH_BODY : SEARCH_TITLE, slots[i].text };
	}
	return n;
}

static time_ms changed_at(const struct record_model *m, const void *row)
{
	return *member_int(m->updated_at ? m->updated_at : m->created_at, (void *)row);
}

/* Own words of each row, then what its record adds. */
static int texts_of_rows(struct ctx *c, const struct record_model *m, const void *const *rows, size_t n, struct search_texts *texts)
{
	struct search_texts *more = ARENA_ARRAY(c->arena, struct search_texts, n);
	if (m->record->search_more)
		TRY(m->record->search_more(c, rows, n, more));
	for (size_t i = 0; i < n; i++) {
		struct slot slots[MOST_FIELDS_OF_RECORD];
		TRY(record_slots(c, m, rows[i], OPENED, slots));
		texts[i].at = ARENA_ARRAY(c->arena, struct search_text, m->record->field_count + more[i].n);
		texts[i].n = own_texts(m, slots, texts[i].at);
		if (more[i].n)
			memcpy(texts[i].at + texts[i].n, more[i].at, more[i].n * sizeof(*more[i].at));
		texts[i].n += more[i].n;
	}
	return 0;
}

int search_texts_of(struct ctx *c, const char *object, int64_t object_id, struct search_texts *texts)
{
	const struct record_model *m = registry_find(&c->services->registry, object);
	*texts = (struct search_texts){ 0 };
	if (!m)
		return 0;
	const void *row = arena_alloc(c->arena, m->record->table->row->size);
	int r = record_get(c, m->record, object_id, (void *)row);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	return texts_of_rows(c, m, &row, 1, texts);
}

int search_said_on(struct ctx *c, const char *context, const struct search_said *said, size_t count, const int64_t *rows, size_t n, struct search_texts *more)
{
	struct pii_field *opened = ARENA_ARRAY(c->arena, struct pii_field, count + 1);
	struct search_text *texts = ARENA_ARRAY(c->arena, struct search_text, count + 1);
	for (size_t i = 0; i < count; i++)
		opened[i] = (struct pii_field){ .key = said[i].key, .context = context, .sealed = said[i].sealed };
	if (count)
		TRY(pii_open_many(c, opened, count));
	for (size_t i = 0; i < n; i++) {
		more[i].at = texts;
		for (size_t k = 0; k < count; k++)
			if (said[k].of == rows[i] && opened[k].text)
				more[i].at[more[i].n++] = (struct search_text){ SEARCH_BODY, opened[k].text };
		texts += more[i].n;
	}
	return 0;
}

static bool has_words(const struct record_model *m)
{
	for (size_t i = 0; i < m->record->field_count; i++)
		if (is_searchable(&m->record->fields[i]))
			return true;
	return false;
}

static int follow_objects(struct ctx *c, const struct record_model *m, const int64_t *ids, size_t n)
{
	const void **rows = ARENA_ARRAY(c->arena, const void *, n);
	struct search_texts *texts = ARENA_ARRAY(c->arena, struct search_texts, n);
	struct search_item *items = ARENA_ARRAY(c->arena, struct search_item, n);
	size_t live = 0;
	TRY(list_rows_in_order(c, m->record, ids, n, rows));
	for (size_t i = 0; i < n; i++) {
		int64_t removed;
		if (!rows[i]) {
			TRY(search_forget(c, m->record->name, ids[i], &removed));
			continue;
		}
		rows[live] = rows[i];
		items[live++] = (struct search_item){ m->record->name, ids[i], changed_at(m, rows[i]), { 0 } };
	}
	if (live == 0)
		return 0;
	TRY(texts_of_rows(c, m, rows, live, texts));
	for (size_t i = 0; i < live; i++)
		items[i].texts = texts[i];
	return search_index(c, items, live);
}

static bool names_again(const struct event *const *events, size_t i, size_t n)
{
	for (size_t k = i + 1; k < n; k++)
		if (events[k]->object_id == events[i]->object_id && !strcmp(events[k]->object, events[i]->object))
			return true;
	return false;
}

/* Those after which a row may be found by other words. */
static size_t that_matter(struct ctx *c, const struct event *events, size_t n, const struct event **out)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		const struct record_model *m = registry_find(&c->services->registry, events[i].object);
		if (m && has_words(m) && !(m->record->unworded && m->record->unworded(events[i].kind)))
			out[count++] = &events[i];
	}
	return count;
}

/* The objects of one record together: a chunk costs a few questions, not a few for each of its events. */
static int step(struct ctx *c, const struct event *events, size_t all)
{
	const struct event **some = ARENA_ARRAY(c->arena, const struct event *, all + 1);
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, all + 1);
	bool *done = ARENA_ARRAY(c->arena, bool, all + 1);
	size_t n = that_matter(c, events, all, some);
	for (size_t i = 0; i < n; i++) {
		size_t count = 0;
		if (done[i])
			continue;
		for (size_t k = i; k < n; k++) {
			if (strcmp(some[k]->object, some[i]->object) != 0)
				continue;
			done[k] = true;
			if (!names_again(some, k, n))
				ids[count++] = some[k]->object_id;
		}
		TRY(follow_objects(c, registry_find(&c->services->registry, some[i]->object), ids, count));
	}
	return 0;
}

static const struct member fill_members[] = {
	MEMBER(struct search_fill_place, archived, count, .most = 1), MEMBER(struct search_fill_place, after, text, .flags = MEMBER_NULLABLE),
};
const struct shape search_fill_shape = SHAPE("search_fill_place", struct search_fill_place, fill_members);

int search_fill_step(struct ctx *c, const char *object, struct search_fill_place *at, bool *more)
{
	const struct record_model *m = registry_find(&c->services->registry, object);
	struct list_page page;
	*more = false;
	if (!m)
		return 0;
	TRY(list_page(c, m->record, &(struct list_query){ .sort = m->record->default_sort, .after = at->after, .archived = at->archived, .limit = FILL_PAGE }, &page));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, page.n + 1);
	for (size_t i = 0; i < page.n; i++)
		ids[i] = *member_int(m->id, (char *)page.rows + i * m->record->table->row->size);
	TRY(follow_objects(c, m, ids, page.n));
	*more = page.next || !at->archived;
	*at = (struct search_fill_place){ .archived = at->archived || !page.next, .after = page.next };
	return 0;
}

const struct follower search_follower = { .name = "search", .step = step };
