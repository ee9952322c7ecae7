/* From events to the search index. */
#include "core/search/follow.h"

#include <string.h>

#include "core/record/record.h"
#include "core/search/search.h"
#include "core/services.h"
#include "gen/schema.h"

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

static int texts_of_row(struct ctx *c, const struct record_model *m, const void *row, time_ms *at, struct search_text **texts, size_t *n)
{
	struct slot slots[MOST_FIELDS_OF_RECORD];
	struct search_text *more = NULL;
	size_t more_count = 0;
	TRY(record_slots(c, m, row, OPENED, slots));
	if (m->record->search_more)
		TRY(m->record->search_more(c, row, &more, &more_count));
	*texts = ARENA_ARRAY(c->arena, struct search_text, MOST_FIELDS_OF_RECORD + more_count);
	*n = own_texts(m, slots, *texts);
	if (more_count)
		memcpy(*texts + *n, more, more_count * sizeof(*more));
	*n += more_count;
	*at = m->updated_at ? *member_int(m->updated_at, (void *)row) : *member_int(m->created_at, (void *)row);
	return 0;
}

static int index_row(struct ctx *c, const struct record_model *m, int64_t id, const void *row)
{
	struct search_text *texts;
	time_ms at;
	size_t n;
	TRY(texts_of_row(c, m, row, &at, &texts, &n));
	return search_index(c, m->record->name, id, at, texts, n);
}

int search_texts_of(struct ctx *c, const char *object, int64_t object_id, time_ms *at, struct search_text **texts, size_t *n)
{
	const struct record_model *m = registry_find(&c->services->registry, object);
	*n = 0;
	if (!m)
		return 0;
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	int r = record_get(c, m->record, object_id, row);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	return texts_of_row(c, m, row, at, texts, n);
}

static bool has_words(const struct record_model *m)
{
	for (size_t i = 0; i < m->record->field_count; i++)
		if (is_searchable(&m->record->fields[i]))
			return true;
	return false;
}

static int follow_object(struct ctx *c, const struct record_model *m, int64_t id)
{
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	int r = record_get(c, m->record, id, row);
	if (r == ERR_NOT_FOUND) {
		int64_t removed;
		error_clear(c->error);
		return search_forget(c, m->record->name, id, &removed);
	}
	TRY(r);
	return index_row(c, m, id, row);
}

/* True if a later event of this batch names the same object: only the last counts. */
static bool comes_again(const struct event *events, size_t i, size_t n)
{
	for (size_t k = i + 1; k < n; k++)
		if (events[k].object_id == events[i].object_id && !strcmp(events[k].object, events[i].object))
			return true;
	return false;
}

static int step(struct ctx *c, const struct event *events, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct record_model *m = registry_find(&c->services->registry, events[i].object);
		if (m && has_words(m) && !comes_again(events, i, n))
			TRY(follow_object(c, m, events[i].object_id));
	}
	return 0;
}

const struct follower search_follower = { .name = "search", .step = step };
