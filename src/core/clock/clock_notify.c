/* Who hears of a clock: those whom the policy's ladder names for a step. */
#include "core/clock/clock_row.h"

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/notify/staff.h"
#include "core/services.h"
#include "gen/clock_sql.h"

struct hearers {
	const int64_t *ids;
	size_t n;
};

static int supervisors(struct ctx *c, struct hearers *out)
{
	struct clock_supervisors_row *rows;
	TRY(clock_supervisors(c, &rows, &out->n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		ids[i] = rows[i].id;
	out->ids = ids;
	return 0;
}

static int team_of(struct ctx *c, int64_t team, struct hearers *out)
{
	struct clock_team_row *rows;
	TRY(clock_team(c, team, &rows, &out->n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		ids[i] = rows[i].id;
	out->ids = ids;
	return 0;
}

/* Without an owner the team hears of it, without a team the supervisors: somebody has to. */
static int find(struct ctx *c, const struct record_model *m, const void *row, const char *to, struct hearers *out)
{
	int64_t owner = m->owner ? *member_int(m->owner, (void *)row) : 0, team = m->team ? *member_int(m->team, (void *)row) : 0;
	if (text_equal(to, "owner") && owner) {
		int64_t *one = ARENA_NEW(c->arena, int64_t);
		*one = owner;
		*out = (struct hearers){ one, 1 };
		return 0;
	}
	return !text_equal(to, "supervisor") && team ? team_of(c, team, out) : supervisors(c, out);
}

static void write_data(struct text *t, const struct clock_case *k, const struct record_model *m, int64_t percent)
{
	const struct ready_object *o = clock_set_object(k->set, m);
	text_format(t, "{\"percent\":%lld,\"measure\":\"%s\"", (long long)percent, k->row.measure);
	for (size_t i = 0; o && i < o->count; i++)
		if (text_equal(o->measures[i].code, k->row.measure)) {
			text_append(t, ",\"label\":{\"zh\":");
			json_text(t, o->measures[i].label.zh);
			text_append(t, ",\"en\":");
			json_text(t, text_empty(o->measures[i].label.en) ? o->measures[i].label.zh : o->measures[i].label.en);
			text_char(t, '}');
		}
	text_char(t, '}');
}

int clock_notify(struct ctx *c, const struct clock_case *k, const char *kind, int64_t percent, const char *to)
{
	const struct record_model *m = registry_find(&c->services->registry, k->row.object);
	struct ctx all = ctx_as_system(c);
	struct error error = { 0 };
	struct hearers hearers = { 0 };
	void *row = arena_alloc(c->arena, m->record->table->row->size);
	all.error = &error;
	int r = record_get(&all, m->record, k->row.object_id, row);
	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;      /* a new row is not there yet: nothing of it is due */
	struct text data = text_in(c->arena);
	write_data(&data, k, m, percent);
	TRY(find(c, m, row, to, &hearers));
	const struct staff_notice notice = { .kind = arena_format(c->arena, "clock_%s", kind), .object = k->row.object, .object_id = k->row.object_id, .data = text_end(&data) };
	for (size_t i = 0; i < hearers.n; i++)
		TRY(notify_staff(c, hearers.ids[i], &notice));
	return 0;
}
