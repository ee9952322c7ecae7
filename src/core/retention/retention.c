/* Times of kinds, and how many rows are past them. */
#include "core/retention/retention.h"

#include <stdlib.h>
#include <string.h>

#include "core/services.h"
#include "core/setting/setting_store.h"
#include "core/setting/settings.h"

enum { PAGE = 500, LOOK_MOST = 20000 };

const struct retention_kind *retention_find(const struct ctx *c, const char *name)
{
	for (const struct retention_kind *const *k = c->services->retention; k && *k; k++)
		if (!strcmp((*k)->name, name))
			return *k;
	return NULL;
}

/* "5_years" is at least as many days as any five years have; "kept" is none. */
static int64_t length_of(const struct setting_def *def, int64_t value)
{
	if (def->kind != SETTING_CHOICE)
		return value * setting_unit_ms(def->unit);
	int64_t years = strtoll(def->choices[value].value, NULL, 10);
	return (years * 1461 + 3) / 4 * DAY_MS;
}

void retention_before(const struct ctx *c, const struct retention_kind *kind, int64_t value, time_ms *before)
{
	int64_t length = kind->setting == KEPT ? 0 : length_of(&setting_defs[kind->setting], value);
	*before = length ? c->now - length : INT64_MIN;
}

int retention_now(struct ctx *c, const struct retention_kind *kind, time_ms *before, time_ms *force_at)
{
	struct setting_state s;
	*force_at = 0;
	*before = INT64_MIN;
	if (kind->setting == KEPT)
		return 0;
	TRY(setting_state(c, setting_defs[kind->setting].name, &s));
	*force_at = s.version ? s.changed_at + DAY_MS : 0;
	retention_before(c, kind, s.value, before);
	return 0;
}

static int count_rows(struct ctx *c, const struct retention_kind *kind, time_ms before, struct retention_count *out)
{
	struct retention_place after = { 0 };
	struct retention_row *rows = ARENA_ARRAY(c->arena, struct retention_row, PAGE);
	size_t n = PAGE;
	for (int64_t seen = 0; n == PAGE; seen += PAGE) {
		if (seen >= LOOK_MOST) {
			out->more = true;
			return 0;
		}
		struct arena_mark mark = arena_mark(c->arena);
		TRY(kind->look(c, before, &after, PAGE, rows, &n));
		for (size_t i = 0; i < n; i++) {
			out->held += !rows[i].live && rows[i].held;
			out->due += !rows[i].live && !rows[i].held;
		}
		if (n)
			after = (struct retention_place){ rows[n - 1].at, rows[n - 1].id };
		arena_rewind(c->arena, mark);
	}
	return 0;
}

int retention_count(struct ctx *c, const struct retention_kind *kind, time_ms before, struct retention_count *out)
{
	*out = (struct retention_count){ 0 };
	if (before == INT64_MIN)
		return 0;
	if (kind->look)
		return count_rows(c, kind, before, out);
	TRY(kind->count(c, before, LOOK_MOST, &out->due));
	out->more = out->due >= LOOK_MOST;
	return 0;
}
