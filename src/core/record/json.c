/* Rows as JSON: fields, titles of what they refer to, and the actions that the actor may take now. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/custom/custom.h"
#include "core/flow/flow.h"
#include "core/list/list.h"
#include "core/record/record.h"
#include "core/services.h"

static int compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* A person must not learn of a reference's title what the list of that record would not show at all. */
static bool may_read(struct ctx *c, const struct record_model *m)
{
	return may(c, m->read_right) || may(c, "title.read") || c->actor_kind == ACTOR_CUSTOMER;
}

/* Rows whose titles are wanted, read but perhaps still sealed. */
struct named {
	const struct record_model *m;
	void *rows;
	size_t n;
	struct slot *slots;
};

static int titles_begin(struct ctx *c, const struct record *to, int64_t *ids, size_t n, struct named *named, struct opening *o)
{
	const struct record_model *m = model_of(c, to);
	*named = (struct named){ .m = m };
	if (!may_read(c, m))
		return 0;
	if (n > 1)
		qsort(ids, n, sizeof(*ids), compare_ids);
	size_t distinct = 0;
	for (size_t k = 0; k < n; k++)
		if (ids[k] > 0 && (distinct == 0 || ids[k] != ids[distinct - 1]))
			ids[distinct++] = ids[k];
	if (!distinct)
		return 0;
	TRY(list_titles(c, m, ids, distinct, &named->rows, &named->n));
	named->slots = ARENA_ARRAY(c->arena, struct slot, named->n * to->field_count + 1);
	record_slots_begin(c, m, named->rows, named->n, m->title_fields, named->slots, o);
	return 0;
}

static void titles_end(struct ctx *c, const struct named *named, struct titles *out)
{
	const struct record *r = named->m->record;
	*out = (struct titles){ 0 };
	if (!named->n)
		return;
	out->n = named->n;
	out->at = ARENA_ARRAY(c->arena, struct title, out->n);
	for (size_t k = 0; k < out->n; k++) {
		out->at[k].id = *member_int(named->m->id, (char *)named->rows + k * r->table->row->size);
		out->at[k].text = record_title(c, named->m, named->slots + k * r->field_count);
	}
	if (out->n > 1)
		qsort(out->at, out->n, sizeof(*out->at), compare_ids);
}

int record_titles(struct ctx *c, const struct record *to, int64_t *ids, size_t n, struct titles *out)
{
	struct named named;
	struct opening o = { 0 };
	TRY(titles_begin(c, to, ids, n, &named, &o));
	TRY(record_slots_end(c, &o, MASKED));
	titles_end(c, &named, out);
	return 0;
}

const char *titles_find(const struct titles *titles, int64_t id)
{
	const struct title *t = titles->n ? bsearch(&id, titles->at, titles->n, sizeof(*t), compare_ids) : NULL;
	return t ? t->text : NULL;
}

/* The rows that field i of these rows refers to. */
static int begin_titles(struct ctx *c, const struct record *to, const struct slot *slots, size_t field, size_t stride, size_t n, struct named *named, struct opening *o)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t k = 0; k < n; k++)
		ids[k] = slots[k * stride + field].i == NULL_INT ? 0 : slots[k * stride + field].i;
	return titles_begin(c, to, ids, n, named, o);
}

static void write_head(struct text *out, const struct piece *head)
{
	text_append_n(out, head->text, head->n);
}

static void write_titles(const struct record_model *m, const struct titles *titles, const struct slot *slots, struct text *out)
{
	text_append(out, ",\"titles\":{");
	bool any = false;
	for (size_t i = 0; i < m->record->field_count; i++) {
		const char *title = titles_find(&titles[i], slots[i].i);
		if (!title)
			continue;
		text_append_n(out, m->head[i].text + !any, m->head[i].n - !any);        /* the first without its comma */
		json_text(out, title);
		any = true;
	}
	text_char(out, '}');
}

static void write_column(struct text *out, const char *head, const struct member *column, const void *row)
{
	if (!column)
		return;
	text_append(out, head);
	json_member(out, column, row);
}

static int write_row(struct ctx *c, const struct record_model *m, struct flow_asking *flow, const struct customs *custom, const void *row, const struct slot *slots, const struct titles *titles, struct text *out)
{
	text_append(out, "{\"id\":");
	json_member(out, m->id, row);
	for (size_t i = 0; i < m->record->field_count; i++) {
		if (i == m->custom_field) {
			custom_members(c, custom, slots[i].text, out);
			continue;
		}
		if (i == m->tags_field && c->actor_kind == ACTOR_CUSTOMER)
			continue;       /* what is said of her among colleagues */
		write_head(out, &m->head[i]);
		json_member(out, &m->wire.members[i], slots);
	}
	write_column(out, ",\"version\":", m->version, row);
	write_column(out, ",\"created_at\":", m->created_at, row);
	write_column(out, ",\"updated_at\":", m->updated_at, row);
	write_column(out, ",\"archived_at\":", m->archived_at, row);
	if (!m->has_title) {    /* a field of that name is the title */
		text_append(out, ",\"title\":");
		json_text(out, record_title(c, m, slots));
	}
	write_titles(m, titles, slots, out);
	if (flow->flow) {
		text_append(out, ",\"actions\":");
		TRY(flow_write_actions(c, flow, row, out));
	}
	text_char(out, '}');
	return 0;
}

/* Most rows of most companies have none: then nobody asks what there is. */
static int customs_of_rows(struct ctx *c, const struct record_model *m, const struct slot *slots, size_t n, struct customs *out)
{
	bool any = false;
	*out = (struct customs){ 0 };
	for (size_t k = 0; k < n && m->custom_field != SIZE_MAX; k++) {
		const char *object = slots[k * m->record->field_count + m->custom_field].text;
		any |= object && strcmp(object, "{}");
	}
	return any ? customs_of(c, m, out) : 0;
}

int record_shown(struct ctx *c, const struct record *record, const void **rows, size_t n)
{
	if (!record->show || n == 0)
		return 0;
	size_t size = record->table->row->size;
	char *copies = arena_copy(c->arena, *rows, n * size);
	for (size_t i = 0; i < n; i++)
		TRY(record->show(c, copies + i * size));
	*rows = copies;
	return 0;
}

/* The sealed values of the rows and of all that they refer to are opened together: one question to the key store. */
static int write_rows(struct ctx *c, const struct record *record, const void *rows, size_t n, struct text *out)
{
	const struct record_model *m = model_of(c, record);
	size_t stride = record->field_count;
	struct opening o = { 0 };
	struct slot *slots = ARENA_ARRAY(c->arena, struct slot, n * stride + 1);
	struct named *named = ARENA_ARRAY(c->arena, struct named, stride + 1);
	struct titles *titles = ARENA_ARRAY(c->arena, struct titles, stride + 1);
	TRY(record_shown(c, record, &rows, n));
	record_slots_begin(c, m, rows, n, (uint64_t)ALL_FIELDS, slots, &o);
	for (size_t i = 0; i < stride; i++)
		if (record->fields[i].kind == FIELD_REF && record->fields[i].to)
			TRY(begin_titles(c, record->fields[i].to, slots, i, stride, n, &named[i], &o));
	TRY(record_slots_end(c, &o, MASKED));
	for (size_t i = 0; i < stride; i++)
		if (named[i].n)
			titles_end(c, &named[i], &titles[i]);
	struct customs custom;
	struct flow_asking flow = { 0 };
	TRY(customs_of_rows(c, m, slots, n, &custom));
	if (record->flow)
		TRY(flow_of(c, record->flow, &flow.flow));
	for (size_t k = 0; k < n; k++) {
		if (k)
			text_char(out, ',');
		TRY(write_row(c, m, &flow, &custom, (const char *)rows + k * record->table->row->size, slots + k * stride, titles, out));
	}
	return 0;
}

int record_json(struct ctx *c, const struct record *record, const void *row, struct text *out)
{
	return write_rows(c, record, row, 1, out);
}

int record_json_list(struct ctx *c, const struct record *record, const void *rows, size_t n, struct text *out)
{
	text_char(out, '[');
	TRY(write_rows(c, record, rows, n, out));
	text_char(out, ']');
	return 0;
}
