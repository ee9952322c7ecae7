/* A company's flows, compiled once. A request that has asked for one holds the set until its memory goes. */
#include "core/flow/flow_set.h"

#include "core/services.h"
#include "gen/flow_sql.h"
#include "gen/schema.h"

const struct flow *flow_built_in(struct ctx *c, const char *object)
{
	const struct record_model *m = registry_find(&c->services->registry, object);
	return m ? m->record->flow : NULL;
}

const struct flow *flow_read_kept(struct ctx *c, struct arena *a, const struct company_flow *row)
{
	struct error error = { 0 };
	struct ctx own = *c;
	const struct flow *ready;
	own.error = &error;
	if (flow_read(&own, a, row, &ready) == 0)
		return ready;
	log_write(c->log, LOG_ERROR, "a flow does not hold any more", "flow", row->name, "code", error_name(error.code), NULL);
	return NULL;
}

static int compile(struct ctx *c, struct definition_set *set)
{
	struct flow_set *s = (struct flow_set *)set;
	struct company_flow *rows;
	size_t n;
	if (!set->stamp)
		return 0;
	TRY(company_flows_on(c, &rows, &n));
	struct flow *flows = ARENA_ARRAY(set->arena, struct flow, n + 1);
	s->flows = flows;
	for (size_t i = 0; i < n; i++) {
		const struct flow *ready = flow_read_kept(c, set->arena, &rows[i]);
		if (ready)
			flows[s->count++] = *ready;
	}
	return 0;
}

int flow_of(struct ctx *c, const struct flow *built_in, const struct flow **out)
{
	struct definition_set *base;
	*out = built_in;
	TRY(definition_take(c, DEFINITION_FLOW, sizeof(struct flow_set), compile, &base));
	const struct flow_set *set = (const struct flow_set *)base;
	for (size_t i = 0; i < set->count; i++)
		if (set->flows[i].record == built_in->record)
			*out = &set->flows[i];
	definition_give_at_end(c, base);
	return 0;
}
