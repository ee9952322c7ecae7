/* Who hears of a clock: those whom the policy's ladder names for a step. */
#include "core/clock/clock_row.h"

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/notify/tell.h"
#include "core/services.h"

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
