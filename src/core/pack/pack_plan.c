/* Changing packs: what the old one brought and nobody touched is put away, what the new one brings is added or fetched back; what the
 * company wrote or changed itself stays. A row is the pack's as long as it says what the pack says. */
#include <string.h>

#include "core/audit/audit.h"
#include "core/definition/definition.h"
#include "core/pack/pack_kinds.h"
#include "core/services.h"
#include "gen/pack_sql.h"
#include "gen/schema.h"

/* Planning ------------------------------------------------------------------------------------------------------------- */

struct planning {
	struct ctx *c;
	const struct brought *kind;
	const struct record_model *model;
	size_t name, name_en, key, place, state;        /* fields; no place, no state: SIZE_MAX */
	struct rows rows, from, to;
	bool *held;                     /* of rows: stays in use, for somebody works with it */
	struct pack_switch *switches;
	size_t switch_count;
	struct pack_plan *out;
};

static const char *name_of(const struct planning *p, void *row, size_t field)
{
	return *member_text(p->model->column[field], row);
}

static bool is_away(const struct planning *p, void *row)
{
	return *member_int(p->model->archived_at, row) != 0;
}

/* Behind what is there. As they would be stored: conditions in their plain spelling. */
static int entries(struct planning *p, const struct pack *pack, struct rows *out)
{
	yyjson_val *list = pack ? yyjson_obj_get(pack_json(pack, p->kind->part), p->kind->list) : NULL, *v;
	size_t i, n;
	void **at = ARENA_ARRAY(p->c->arena, void *, out->n + yyjson_arr_size(list) + 1);
	if (out->n)
		memcpy(at, out->at, out->n * sizeof(*at));
	out->at = at;
	yyjson_arr_foreach(list, i, n, v) {
		void *row = arena_alloc(p->c->arena, p->model->record->table->row->size);
		TRY(p->kind->read(p->c, v, (int64_t)(i + 1) * 10, row));
		TRY(p->model->record->before(p->c, NULL, row));
		out->at[out->n++] = row;
	}
	return 0;
}

static void *twin_among(const struct planning *p, const struct rows *rows, const void *row)
{
	for (size_t i = 0; i < rows->n; i++)
		if (p->kind->same(p->c, rows->at[i], row))
			return rows->at[i];
	return NULL;
}

static bool is_among(const struct planning *p, const struct rows *rows, const void *row)
{
	return twin_among(p, rows, row) != NULL;
}

/* Of what goes by order; 0 for everything else. */
static int64_t place_of(const struct planning *p, const void *row)
{
	return p->place == SIZE_MAX ? 0 : *member_int(p->model->column[p->place], (void *)row);
}

static void note(struct planning *p, enum pack_step step, void *row, const void *entry)
{
	struct pack_plan *out = p->out;
	ARENA_GROW(p->c->arena, out->at, out->n, out->room);
	bool draft = (step == PACK_ADD || step == PACK_RESTORE) && p->state != SIZE_MAX && text_equal(name_of(p, entry ? (void *)entry : row, p->state), "draft");
	out->at[out->n++] = (struct pack_change){ p->kind, p->model->record, step, row, entry, name_of(p, row, p->name), name_of(p, row, p->name_en), .draft = draft };
}

/* In use, and it stays so: what still uses it is told. */
static int note_held(struct planning *p, void *row, const void *entry, bool *held)
{
	struct text why = text_in(p->c->arena);
	TRY(p->kind->held(p->c, row, held, &why));
	if (!*held)
		return 0;
	note(p, PACK_KEEP, row, entry);
	p->out->at[p->out->n - 1].held = why.n ? text_end(&why) : NULL;
	return 0;
}

/* A change of packs put it away, and no person: any change, for two packs may bring the same. */
static bool put_away_by_switch(const struct planning *p, void *row)
{
	for (size_t i = 0; i < p->switch_count; i++)
		if (p->switches[i].at == *member_int(p->model->archived_at, row))
			return true;
	return false;
}

/* The old pack's, and nobody has touched it: it goes. */
static bool is_leaving(const struct planning *p, const void *row)
{
	return is_among(p, &p->from, row) && !is_among(p, &p->to, row);
}

/* A row of that name that stays in use, or that somebody put away on purpose, is the company's answer to what the pack says. */
static void plan_entry(struct planning *p, void *entry)
{
	void *back = NULL;
	for (size_t i = 0; i < p->rows.n; i++) {
		void *row = p->rows.at[i];
		if (!text_equal(name_of(p, row, p->name), name_of(p, entry, p->name)))
			continue;
		if (!is_away(p, row) && is_leaving(p, row) && !p->held[i])
			continue;
		if (!is_away(p, row) || !put_away_by_switch(p, row))
			return;
		if (p->kind->same(p->c, row, entry))
			back = row;
	}
	bool takes = back && (p->kind->take || place_of(p, back) != place_of(p, entry));
	note(p, back ? PACK_RESTORE : PACK_ADD, back ? back : entry, takes ? entry : NULL);
}

/* Both packs bring it: it takes its place among what the new one brings, unless the company has put it elsewhere. */
static void plan_place(struct planning *p, void *row, void *entry)
{
	void *before = twin_among(p, &p->from, row);
	if (before && place_of(p, row) == place_of(p, before) && place_of(p, row) != place_of(p, entry))
		note(p, PACK_CHANGE, row, entry);
}

/* Rows in use: those that the new pack brings too, and the others. */
static int plan_rows(struct planning *p, int (*other)(struct planning *p, size_t i))
{
	for (size_t i = 0; i < p->rows.n; i++) {
		void *row = p->rows.at[i], *entry = twin_among(p, &p->to, row);
		if (is_away(p, row))
			continue;
		if (entry)
			plan_place(p, row, entry);
		else
			TRY(other(p, i));
	}
	return 0;
}

static int plan_leaving(struct planning *p, size_t i)
{
	void *row = p->rows.at[i];
	if (!is_among(p, &p->from, row)) {
		note(p, PACK_KEEP, row, NULL);
		return 0;
	}
	if (p->kind->held)
		TRY(note_held(p, row, NULL, &p->held[i]));
	if (!p->held[i])
		note(p, PACK_ARCHIVE, row, NULL);
	return 0;
}

static int plan_named(struct planning *p)
{
	p->held = ARENA_ARRAY(p->c->arena, bool, p->rows.n + 1);
	TRY(plan_rows(p, plan_leaving));
	for (size_t i = 0; i < p->to.n; i++)
		plan_entry(p, p->to.at[i]);
	return 0;
}

/* Where the key is given once only ----------------------------------------------------------------------------------------- */

static void *with_key(const struct planning *p, const struct rows *rows, void *like)
{
	for (size_t i = 0; i < rows->n; i++)
		if (text_equal(name_of(p, rows->at[i], p->key), name_of(p, like, p->key)))
			return rows->at[i];
	return NULL;
}

/* In use, and not what the new pack says. */
static int plan_other(struct planning *p, size_t i)
{
	void *row = p->rows.at[i];
	bool own = !is_among(p, &p->from, row), held = false;
	void *entry = with_key(p, &p->to, row);
	if (!own && p->kind->held)
		TRY(note_held(p, row, entry, &held));
	if (!held)
		note(p, own ? PACK_KEEP : entry ? PACK_CHANGE : PACK_ARCHIVE, row, entry);
	return 0;
}

static int plan_keyed(struct planning *p)
{
	TRY(plan_rows(p, plan_other));
	for (size_t i = 0; i < p->to.n; i++) {
		void *entry = p->to.at[i], *row = with_key(p, &p->rows, entry);
		if (!row)
			note(p, PACK_ADD, entry, NULL);
		else if (is_away(p, row) && put_away_by_switch(p, row))
			note(p, PACK_RESTORE, row, entry);
	}
	return 0;
}

static int all_rows(struct ctx *c, const struct query *all, struct rows *out)
{
	struct { int64_t tenant; } in = { c->tenant };
	void *rows;
	TRY(db_many(c->db, c->arena, all, &in, &rows, &out->n));
	out->at = ARENA_ARRAY(c->arena, void *, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		out->at[i] = (char *)rows + i * all->row->size;
	return 0;
}

static int plan_kind(struct planning *p, const struct pack *from, const struct pack *to)
{
	p->model = registry_find(&p->c->services->registry, p->kind->record);
	p->name = field_index(p->model, "name");
	p->name_en = field_index(p->model, "name_en");
	p->place = field_index(p->model, "place");
	p->state = field_index(p->model, "state");
	p->from = p->to = (struct rows){ 0 };
	TRY(all_rows(p->c, p->kind->all, &p->rows));
	for (const struct pack *one = packs; one->name; one++)
		if (one == from || (p->kind->late && one != to))
			TRY(entries(p, one, &p->from));
	TRY(entries(p, to, &p->to));
	if (p->kind->key) {
		p->key = field_index(p->model, p->kind->key);
		return plan_keyed(p);
	}
	return plan_named(p);
}

int pack_plan(struct ctx *c, const struct pack *from, const struct pack *to, struct pack_plan *out)
{
	struct planning p = { .c = c, .out = out };
	*out = (struct pack_plan){ 0 };
	if (from == to)
		return 0;
	TRY(pack_switches(c, &p.switches, &p.switch_count));
	for (p.kind = pack_kinds; p.kind->record; p.kind++)
		TRY(plan_kind(&p, from, to));
	return 0;
}

/* Doing ---------------------------------------------------------------------------------------------------------------- */

/* What the row is to say: of one that says it already the place may be another, and what its kind takes besides. */
static void say(struct ctx *c, const struct pack_change *change, const void *old, void *row)
{
	const struct record_model *m = model_of(c, change->record);
	if (change->kind->same(c, row, change->entry)) {
		size_t place = field_index(m, "place");
		if (place != SIZE_MAX)
			*member_int(m->column[place], row) = *member_int(m->column[place], (void *)change->entry);
		if (change->kind->take)
			change->kind->take(row, change->entry);
		return;
	}
	memcpy(row, change->entry, change->record->table->row->size);
	*member_int(m->id, row) = *member_int(m->id, (void *)old);
	*member_int(m->version, row) = *member_int(m->version, (void *)old);
	*member_int(m->archived_at, row) = *member_int(m->archived_at, (void *)old);
	*member_int(m->created_at, row) = *member_int(m->created_at, (void *)old);
}

static int adopt(struct ctx *c, const struct pack_change *change, void *row)
{
	void *old = arena_copy(c->arena, row, change->record->table->row->size);
	say(c, change, old, row);
	if (!memcmp(old, row, change->record->table->row->size))
		return 0;
	return record_update(c, change->record, old, row, arena_format(c->arena, "%s.changed", change->record->name), NULL, NULL);
}

static int carry_out(struct ctx *c, const struct pack_change *change)
{
	const struct record_model *m = model_of(c, change->record);
	void *row = arena_alloc(c->arena, change->record->table->row->size);
	switch (change->step) {
	case PACK_KEEP:    return 0;
	case PACK_ADD:     return record_insert(c, change->record, change->row);
	case PACK_CHANGE:  return adopt(c, change, change->row);
	case PACK_ARCHIVE:
	case PACK_RESTORE: break;
	}
	TRY(record_archive(c, change->record, *member_int(m->id, change->row), *member_int(m->version, change->row),
	                   change->step == PACK_ARCHIVE ? ARCHIVE : RESTORE, row));
	return change->entry && change->step == PACK_RESTORE ? adopt(c, change, row) : 0;
}

static int carry_out_all(struct ctx *c, const struct pack *from, const struct pack *to, struct pack_plan *out)
{
	TRY(pack_calendars_add(c, to));      /* first: the plan's policies name them */
	TRY(pack_plan(c, from, to, out));
	for (size_t i = 0; i < out->n; i++)
		TRY(carry_out(c, &out->at[i]));
	return 0;
}

int pack_begin(struct ctx *c, const struct pack *to)
{
	struct pack_plan plan;
	return carry_out_all(c, NULL, to, &plan);
}

int pack_take_up(struct ctx *c, const struct pack *to, struct pack_plan *out)
{
	const struct pack *from;
	struct tenant tenant;
	TRY(pack_of(c, &from));
	*out = (struct pack_plan){ 0 };
	if (from == to)
		return 0;
	TRY(carry_out_all(c, from, to, out));
	struct pack_switch row = {
		.tenant = c->tenant, .id = new_id(c), .from_pack = from->name, .to_pack = to->name, .at = c->now, .actor_kind = c->actor_kind, .actor_id = c->actor_id,
	};
	TRY(pack_switch_row_insert(c, &row));
	TRY(tenant_row_get(c, &tenant));
	tenant.pack = to->name;
	TRY(tenant_row_update(c, &tenant));
	TRY(definition_changed(c, DEFINITION_KNOWLEDGE));      /* what the pack knows is read from it, never written down */
	return event_add(c, "company.pack_changed", "company", c->tenant, arena_format(c->arena, "{\"from\":\"%s\",\"to\":\"%s\"}", from->name, to->name));
}
