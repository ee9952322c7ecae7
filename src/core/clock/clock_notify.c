/* Who hears of a clock: those whom the policy's ladder names for a step. */
#include "core/clock/clock_row.h"

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/notify/staff.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "gen/clock_sql.h"

static int tell_supervisors(struct ctx *c, const struct staff_notice *notice)
{
	struct clock_supervisors_row *rows;
	size_t n;
	TRY(clock_supervisors(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(notify_staff(c, rows[i].id, notice));
	return 0;
}

static int tell_team(struct ctx *c, int64_t team, const struct staff_notice *notice)
{
	struct clock_team_row *rows;
	size_t n;
	TRY(clock_team(c, team, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(notify_staff(c, rows[i].id, notice));
	return 0;
}

/* Without an owner the team hears of it, without a team the supervisors: somebody has to. */
static int tell(struct ctx *c, const struct record_model *m, const void *row, const char *to, const struct staff_notice *notice)
{
	struct scope_place place = scope_place_of(m, row);
	if (text_equal(to, "owner") && place.owner)
		return notify_staff(c, place.owner, notice);
	return !text_equal(to, "supervisor") && place.team ? tell_team(c, place.team, notice) : tell_supervisors(c, notice);
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
	bool there;
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	TRY(record_look(&all, m->record, k->row.object_id, row, &there));
	if (!there)
		return 0;       /* a new row: nothing of it is due */
	struct text data = text_in(c->arena);
	write_data(&data, k, m, percent);
	const struct staff_notice notice = { .kind = arena_format(c->arena, "clock_%s", kind), .object = k->row.object, .object_id = k->row.object_id, .data = text_end(&data) };
	return tell(c, m, row, to, &notice);
}
