/* Who refers to a row: asked of every reference that a record of the registry has. */
#include "core/removal/removal.h"

#include "core/list/list.h"
#include "core/services.h"

/* What is written of a row alone, with no key, parts or flow of its own, is dropped with it (record.h: gone) and holds it back no more than its columns do. */
static bool goes_along(const struct record_model *from, size_t i, const struct record_model *to)
{
	const struct record *r = from->record;
	return r->read_only && r->within && from->within_field == i && !r->key_of && !r->gone && !r->flow && to->record->gone;
}

/* A reference that says beside it what it refers to may mean any record; what only tells of a row (a message, a run) does not need it. */
static bool points_at(const struct record_model *from, size_t i, const struct record_model *to)
{
	const struct field *f = &from->record->fields[i];
	return f->kind == FIELD_REF && !goes_along(from, i, to) && (f->to ? f->to == to->record : !from->record->read_only);
}

static void note(struct referers *out, const struct record_model *from, int64_t row)
{
	if (!out->n)
		out->first = from;
	out->ids[out->n++] = row;
}

static int page_of(struct ctx *c, const struct record_model *from, size_t i, int64_t id, int64_t archived, struct list_page *out)
{
	const struct list_query q = {
		.filter = arena_format(c->arena, "[[\"%s\",\"=\",\"%lld\"]]", from->record->fields[i].name, (long long)id),
		.sort = "-created_at", .limit = LIST_LIMIT_MOST, .archived = archived,
	};
	return list_page(c, from->record, &q, out);
}

/* More rows than a list looks through: who knows. */
static int refer_by(struct ctx *c, const struct record_model *from, size_t i, int64_t id, struct referers *out)
{
	for (int64_t archived = 0; archived <= (from->archived_at != NULL); archived++) {
		struct error before = *c->error;
		struct list_page page = { 0 };
		int r = page_of(c, from, i, id, archived, &page);
		if (r == ERR_REPORT_BUDGET) {
			error_take_back(c->error, &before);
			out->unknown = true;
			return 0;
		}
		TRY(r);
		for (size_t k = 0; k < page.n && out->n < REFERERS_MOST; k++) {
			int64_t row = *member_int(from->id, (char *)page.rows + k * from->record->table->row->size);
			if (row != id)
				out->ids[out->n++] = row;
		}
	}
	return 0;
}

/* The same where any one will do and an index finds it. */
static int find_by(struct ctx *c, const struct record_model *from, size_t i, int64_t id, struct referers *out)
{
	int64_t row;
	TRY(list_find(c, from, i, &(struct slot){ .i = id }, &row));
	if (row && row != id)
		note(out, from, row);
	return row == id ? refer_by(c, from, i, id, out) : 0;
}

int removal_referers(struct ctx *c, const struct record_model *m, int64_t id, bool any, struct referers *out)
{
	const struct registry *all = &c->services->registry;
	for (size_t r = 0; r < all->count; r++)
		for (size_t i = 0; i < all->models[r].record->field_count; i++) {
			const struct record_model *from = &all->models[r];
			if (!points_at(from, i, m))
				continue;
			if (any && (out->n || out->unknown))
				return 0;
			TRY(any && from->record->fields[i].index ? find_by(c, from, i, id, out) : refer_by(c, from, i, id, out));
		}
	return 0;
}
