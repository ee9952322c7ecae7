/* Who hears of a clock: those whom the policy's ladder names for a step. */
#include "core/clock/clock_row.h"

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/demo/demo.h"
#include "core/duty.h"
#include "core/notify/staff.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "gen/clock_sql.h"

/* Those of them who are there; *told: whether anybody is. */
static int tell_present(struct ctx *c, int64_t *ids, size_t n, const struct staff_notice *notice, bool *told)
{
	TRY(duty_choose(c, ids, &n));
	for (size_t i = 0; i < n; i++)
		TRY(notify_staff(c, ids[i], notice));
	*told = n > 0;
	return 0;
}

static int tell_supervisors(struct ctx *c, const struct staff_notice *notice)
{
	struct clock_supervisors_row *rows;
	size_t n;
	bool told;
	TRY(clock_supervisors(c, &rows, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	TRY(tell_present(c, ids, n, notice, &told));
	for (size_t i = 0; i < n && !told; i++)
		TRY(notify_staff(c, rows[i].id, notice));
	return 0;
}

static int tell_team(struct ctx *c, int64_t team, const struct staff_notice *notice, bool *told)
{
	struct clock_team_row *rows;
	size_t n;
	TRY(clock_team(c, team, &rows, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	return tell_present(c, ids, n, notice, told);
}

/* Whoever is there: the owner or who covers for her; without one the team hears of it, without a team the supervisors, all of them when none is
 * there: somebody has to. */
static int tell(struct ctx *c, const struct record_model *m, const void *row, const char *to, const struct staff_notice *notice)
{
	struct scope_place place = scope_place_of(m, row);
	int64_t owner[] = { place.owner };
	bool told = false;
	if (text_equal(to, "owner") && place.owner)
		TRY(tell_present(c, owner, 1, notice, &told));
	if (!told && !text_equal(to, "supervisor") && place.team)
		TRY(tell_team(c, place.team, notice, &told));
	return told ? 0 : tell_supervisors(c, notice);
}

static void write_data(struct text *t, const struct clock_case *k, const struct record_model *m, int64_t percent)
{
	const struct ready_object *o = clock_set_object(k->set, m);
	text_format(t, "{\"percent\":%lld,\"measure\":\"%s\"", (long long)percent, k->row.measure);
	for (size_t i = 0; o && i < o->count; i++)
		if (text_equal(o->measures[i].code, k->row.measure)) {
			text_append(t, ",\"label\":");
			json_label(t, o->measures[i].label.zh, o->measures[i].label.en);
		}
	text_char(t, '}');
}

int clock_notify(struct ctx *c, const struct clock_case *k, const char *kind, int64_t percent, const char *to)
{
	const struct record_model *m = registry_find(&c->services->registry, k->row.object);
	struct ctx all = ctx_as_system(c);
	bool there, invented;
	TRY(demo_is(c, k->row.object_id, &invented));
	if (invented)
		return 0;       /* nobody is called because of it */
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	TRY(record_look(&all, m->record, k->row.object_id, row, &there));
	if (!there)
		return 0;       /* a new row: nothing of it is due */
	struct text data = text_in(c->arena);
	write_data(&data, k, m, percent);
	const struct staff_notice notice = { .kind = arena_format(c->arena, "clock_%s", kind), .object = k->row.object, .object_id = k->row.object_id, .data = text_end(&data) };
	return tell(c, m, row, to, &notice);
}
