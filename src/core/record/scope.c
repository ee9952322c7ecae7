/* Row scope of one row in memory, and reading a row with it. */
#include "core/record/scope.h"

#include "base/text.h"
#include "core/record/narrowing.h"
#include "core/services.h"

bool scope_bites(struct ctx *c, const struct record_model *m)
{
	if (!c->auth)
		return false;
	if (m->audience || narrowing_bites(c, m))
		return true;
	if (m->within && scope_bites(c, model_of(c, m->record->fields[m->within_field].to)))
		return true;
	if (m->about && c->auth->narrowing)
		return true;
	return c->auth->scope != SCOPE_ALL && (m->owner || m->team || m->region || m->about);
}

bool scope_asks_about(struct ctx *c, const struct record_model *m)
{
	return !m->audience && !m->about && scope_bites(c, m);
}

static int64_t value_of(const struct member *column, const void *row)
{
	return column ? *member_int(column, (void *)row) : 0;
}

struct scope_place scope_place_of(const struct record_model *m, const void *row)
{
	return (struct scope_place){ value_of(m->owner, row), value_of(m->team, row), value_of(m->region, row) };
}

/* A record that belongs to regions only (a customer) is open to people without a region, and to those of its region or while it
 * has none. What no team has yet waits for all of them. */
bool scope_covers_place(const struct auth *auth, const struct record_model *m, const struct scope_place *place)
{
	if (!auth || auth->scope == SCOPE_ALL || (!m->owner && !m->team && !m->region))
		return true;
	if (!m->owner && !m->team)
		return !auth->region_id || place->region == auth->region_id || place->region == 0;
	if (m->owner && place->owner == auth->user_id)
		return true;
	if (auth->scope >= SCOPE_TEAM && m->team && (place->team == auth->team_id || place->team == 0))
		return true;
	return auth->scope >= SCOPE_REGION && m->region && auth->region_id && place->region == auth->region_id;
}

static bool audience_covers(const struct auth *auth, const struct record_model *m, const void *row)
{
	struct scope_place place = scope_place_of(m, row);
	const char *audience = *member_text(m->audience, (void *)row);
	return place.owner == auth->user_id || text_equal(audience, AUDIENCE_COMPANY) ||
	       (text_equal(audience, AUDIENCE_TEAM) && place.team == auth->team_id);
}

static int get(struct ctx *c, const struct record *record, int64_t id, void *row)
{
	struct { int64_t tenant, id; } key = { c->tenant, id };
	return db_one(c->db, c->arena, record->table->get, &key, row);
}

/* The record that the row is part of or about, and its id; NULL: none that the scope bites. */
static const struct record_model *whole_of(struct ctx *c, const struct record_model *m, const void *row, int64_t *id)
{
	*id = value_of(m->within, row);
	if (*id > 0) {
		const struct record_model *whole = model_of(c, m->record->fields[m->within_field].to);
		return scope_bites(c, whole) ? whole : NULL;
	}
	*id = value_of(m->about_id, row);
	if (*id <= 0)
		return NULL;    /* part of nothing yet */
	const struct record_model *whole = registry_find(&c->services->registry, *member_text(m->about, (void *)row));
	return whole && scope_asks_about(c, whole) ? whole : NULL;
}

int scope_check(struct ctx *c, const struct record_model *m, const void *row)
{
	if (!scope_bites(c, m))
		return 0;
	if (m->audience)
		return audience_covers(c->auth, m, row) ? 0 : ERR_NOT_FOUND;
	struct scope_place place = scope_place_of(m, row);
	bool holds;
	if (!scope_covers_place(c->auth, m, &place))
		return ERR_NOT_FOUND;
	TRY(narrowing_holds(c, m, row, &holds));
	if (!holds)
		return ERR_NOT_FOUND;
	int64_t id;
	const struct record_model *whole = whole_of(c, m, row, &id);
	if (!whole)
		return 0;
	void *whole_row = arena_alloc(c->arena, whole->record->table->row->size);
	TRY(get(c, whole->record, id, whole_row));
	return scope_check(c, whole, whole_row);
}

int scope_require(struct ctx *c, const struct record_model *m, const void *row)
{
	int r = scope_check(c, m, row);
	return r == ERR_NOT_FOUND ? fail(c, ERR_FORBIDDEN, NULL) : r;
}

int record_look(struct ctx *c, const struct record *record, int64_t id, void *row, bool *there)
{
	int r = get(c, record, id, row);
	if (r == 0)
		r = scope_check(c, model_of(c, record), row);
	*there = r == 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

int record_named(struct ctx *c, const struct record *record, const char *field, int64_t id, void *row)
{
	bool there;
	TRY(record_look(c, record, id, row, &there));
	return there ? 0 : fail_field(c, field, ERR_FIELD_REFERENCE, NULL);
}

int record_get(struct ctx *c, const struct record *record, int64_t id, void *row)
{
	bool there;
	TRY(record_look(c, record, id, row, &there));
	return there ? 0 : fail(c, ERR_NOT_FOUND, NULL);
}
