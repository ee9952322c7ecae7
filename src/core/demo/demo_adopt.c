/* Makes what was played demo data (docs/adr/0023): days of a demo company that people of the simulator lived through its API, whose rows nobody
 * marked while they were made, since rules and clocks pass over marked ones. */
#include <string.h>

#include "core/demo/demo_private.h"
#include "core/services.h"
#include "gen/demo_sql.h"
#include "gen/history_sql.h"

enum { EVENTS_A_RUN = 200 };

/* Not what a command made, which is the company's ground or marked by itself, nor who can sign in: somebody has to be there to remove it. */
static bool is_played(const struct event *e, const struct record_model *m)
{
	return m && !text_equal(e->request_id, "command") && !text_equal(e->request_id, DEMO_REQUEST) && !text_equal(e->object, "user");
}

int demo_adopt(struct ctx *c, struct demo_adoption *a)
{
	struct event *events;
	size_t n;
	TRY(events_since(c, a->after, EVENTS_A_RUN, &events, &n));
	for (size_t i = 0; i < n; i++) {
		const struct event *e = &events[i];
		const struct record_model *m = registry_find(&c->services->registry, e->object);
		bool is;
		a->after = e->no;
		if (!is_played(e, m) || !text_equal(e->kind, arena_format(c->arena, "%s.created", e->object)))
			continue;
		TRY(demo_is(c, e->object_id, &is));     /* a rule's row about a product of the ground is */
		if (!is)
			TRY(demo_mark_as(c, m, e->object_id));
		a->rows += !is;
	}
	a->done = n < EVENTS_A_RUN;
	return a->done ? event_add(c, "demo.loaded", "demo", c->tenant, arena_format(c->arena, "{\"rows\":%lld}", (long long)a->rows)) : 0;
}
