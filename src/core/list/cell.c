/* A cell in words: the promise, which of its cases, the first and the last day, then what they belong to. The cases lead and the rows follow
 * by primary key, so a cell costs what is in it, whatever else there is. Its columns are those that the figure was summed from. */
#include <stdlib.h>
#include <string.h>

#include "core/auth/auth.h"
#include "core/list/list_private.h"
#include "core/services.h"
#include "gen/schema.h"

enum { PARTS = 6, IDS = 32 };

static const struct { const char *word, *column; } part_columns[PARTS] = {
	{ "region", "region_id" }, { "product", "product_id" }, { "team", "team_id" }, { "user", "agent_id" }, { "channel", "channel" }, { "symptom", "symptom_id" },
};

struct cell {
	int64_t promise, from, to;
	int held;                       /* -1: either */
	struct cell_part {
		const char *column;
		bool is_without;
		int64_t ids[IDS];
		size_t n;
	} parts[PARTS];
	size_t part_count;
};

static bool read_ids(const char *text, struct cell_part *out)
{
	while (*text && out->n < IDS) {
		char *end;
		if (!strspn(text, "0123456789"))
			return false;
		out->ids[out->n++] = strtoll(text, &end, 10);
		text = *end == ',' && end[1] ? end + 1 : end;
		if (text == end && *end)
			return false;
	}
	return out->n && !*text;
}

/* "region=5,7" or "region!=5" */
static bool read_part(char *word, struct cell *k)
{
	char *value = strchr(word, '=');
	struct cell_part *part = &k->parts[k->part_count];
	if (!value || value == word || k->part_count == PARTS)
		return false;
	part->is_without = value[-1] == '!';
	value[part->is_without ? -1 : 0] = 0;
	for (size_t i = 0; i < PARTS; i++)
		if (!strcmp(word, part_columns[i].word))
			part->column = part_columns[i].column;
	k->part_count++;
	return part->column && read_ids(value + 1, part);
}

static bool read_held(const char *word, int *out)
{
	*out = text_equal(word, "held") ? 1 : text_equal(word, "missed") ? 0 : -1;
	return *out >= 0 || text_equal(word, "all");
}

static bool read_all(struct arena *a, const char *text, struct cell *out)
{
	char *rest, *word = strtok_r(arena_string(a, text), ".", &rest);
	if (!word || id_parse(word, &out->promise) < 0)
		return false;
	if (!(word = strtok_r(NULL, ".", &rest)) || !read_held(word, &out->held))
		return false;
	if (!(word = strtok_r(NULL, ".", &rest)) || day_parse(word, &out->from) < 0)
		return false;
	if (!(word = strtok_r(NULL, ".", &rest)) || day_parse(word, &out->to) < 0)
		return false;
	while ((word = strtok_r(NULL, ".", &rest)))
		if (!read_part(word, out))
			return false;
	return true;
}

int read_cell(struct builder *b, const char *text)
{
	struct promise promise;
	if (text_empty(text))
		return 0;
	TRY(require_permission(b->c, "promise.read"));
	b->cell = ARENA_NEW(b->c->arena, struct cell);
	if (!read_all(b->c->arena, text, b->cell))
		return fail_field(b->c, "cell", ERR_FIELD_INVALID, "17.missed.2026-11-16.2026-11-22.region=5"), b->c->error->code;
	int r = promise_row_get(b->c, b->cell->promise, &promise);
	if (r == 0 && text_equal(promise.object, b->m->record->name))
		return 0;
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	error_clear(b->c->error);
	return fail_field(b->c, "cell", ERR_FIELD_REFERENCE, NULL), b->c->error->code;
}

/* CROSS JOIN: SQLite reads them in this order. */
void add_cell_from(struct builder *b)
{
	text_append(&b->sql, b->cell ? "promise_case k CROSS JOIN " : "");
}

static void add_part(struct builder *b, const struct cell_part *part)
{
	text_format(&b->sql, " AND k.%s %s (", part->column, part->is_without ? "NOT IN" : "IN");
	for (size_t i = 0; i < part->n; i++) {
		text_append(&b->sql, i ? ", " : "");
		bind_int(b, part->ids[i]);
	}
	text_char(&b->sql, ')');
}

void add_cell(struct builder *b, const char *alias)
{
	const struct cell *k = b->cell;
	if (!k)
		return;
	text_format(&b->sql, " AND k.tenant = %s.tenant AND k.tenant = ", alias);
	bind_int(b, b->c->tenant);
	text_append(&b->sql, " AND k.promise_id = ");
	bind_int(b, k->promise);
	text_format(&b->sql, " AND k.held IN (%s) AND k.day BETWEEN ", k->held < 0 ? "0, 1" : k->held ? "1" : "0");
	bind_int(b, k->from);
	text_append(&b->sql, " AND ");
	bind_int(b, k->to);
	for (size_t i = 0; i < k->part_count; i++)
		add_part(b, &k->parts[i]);
	text_format(&b->sql, " AND %s.id = k.object_id", alias);
}
