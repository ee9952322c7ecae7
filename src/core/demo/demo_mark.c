/* Marks: which rows are of the demo, and how a row becomes one. */
#include "core/demo/demo_private.h"

#include <string.h>

#include "core/definition/definition.h"
#include "core/services.h"
#include "gen/demo_sql.h"
#include "gen/schema.h"

/* Nearly all companies have no demo, and rules ask with each row that they make: whether there is any is compiled like a definition. */
struct demo_set {
	struct definition_set base;
	bool any;
};

static int compile(struct ctx *c, struct definition_set *set)
{
	struct demo_mark_first_row *rows;
	size_t n;
	TRY(demo_mark_first(c, &rows, &n));
	((struct demo_set *)set)->any = n > 0;
	return 0;
}

static int there_are_any(struct ctx *c, bool *any)
{
	struct definition_set *set;
	TRY(definition_take(c, DEFINITION_DEMO, sizeof(struct demo_set), compile, &set));
	*any = ((struct demo_set *)set)->any;
	definition_give(set);
	return 0;
}

int demo_are(struct ctx *c, const int64_t *ids, size_t n, bool *out)
{
	struct demo_marks_among_row *rows;
	size_t found = 0;
	bool any = false;
	if (n)
		TRY(there_are_any(c, &any));
	if (any)
		TRY(demo_marks_among(c, ids, n, &rows, &found));
	for (size_t i = 0; i < n; i++) {
		out[i] = false;
		for (size_t k = 0; k < found; k++)
			out[i] |= rows[k].object_id == ids[i];
	}
	return 0;
}

int demo_is(struct ctx *c, int64_t object_id, bool *is)
{
	return demo_are(c, &object_id, 1, is);
}

int demo_hides(struct ctx *c, int64_t object_id, int64_t key, bool *hides)
{
	struct demo_hides_of_row *rows;
	size_t n;
	TRY(demo_hides_of(c, object_id, key, &rows, &n));
	*hides = n > 0;
	return 0;
}

/* Grows as time does, whatever time the demo says it is. */
int demo_mark_as(struct ctx *c, const struct record_model *m, int64_t id)
{
	bool any;
	TRY(there_are_any(c, &any));
	TRY(demo_mark_row_insert(c, &(struct demo_mark){
		.tenant = c->tenant, .object_id = id, .record = m->record->name,
		.place = id_next(&c->services->ids, clock_now(c->services->clock)) }));
	return any ? 0 : definition_changed(c, DEFINITION_DEMO);
}

/* What a rule makes because of a demo row, and what the server itself writes as a part of one, has no other reason to be there. */
static bool comes_of_others(struct ctx *c, const struct record_model *m)
{
	return (c->actor_kind == ACTOR_SYSTEM && m->record->read_only && m->record->within) || (c->request_id && !strncmp(c->request_id, "rule/", 5));
}

static int refers_to_demo(struct ctx *c, const struct record_model *m, const void *row, bool *is)
{
	int64_t ids[MOST_FIELDS_OF_RECORD] = { 0 };
	bool are[MOST_FIELDS_OF_RECORD] = { 0 };
	size_t n = 0;
	*is = false;
	for (size_t i = 0; i < m->record->field_count; i++)
		if (m->record->fields[i].kind == FIELD_REF && *member_int(m->column[i], (void *)row) > 0)
			ids[n++] = *member_int(m->column[i], (void *)row);
	TRY(demo_are(c, ids, n, are));
	for (size_t i = 0; i < n; i++)
		*is |= are[i];
	return 0;
}

int demo_note(struct ctx *c, const struct record_model *m, const void *row)
{
	bool is = demo_makes(c);
	if (!is && comes_of_others(c, m))
		TRY(refers_to_demo(c, m, row, &is));
	return is ? demo_mark_as(c, m, *member_int(m->id, (void *)row)) : 0;
}

static int ask_merges(struct ctx *c, const struct record_model *m, int64_t id, struct referers *out)
{
	struct demo_merged_with_own_row *rows;
	size_t n;
	TRY(demo_merged_with_own(c, m->record->name, id, id, &rows, &n));
	out->unknown |= n > 0;
	return 0;
}

int demo_referers(struct ctx *c, const struct record_model *m, int64_t id, bool any, struct referers *out)
{
	*out = (struct referers){ 0 };
	TRY(ask_merges(c, m, id, out));
	return any && out->unknown ? 0 : removal_referers(c, m, id, any, out);
}
