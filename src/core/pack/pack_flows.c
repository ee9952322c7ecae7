/* Flows that packs bring. The flow of the pack is in force unless the company has one of its own in force; it then waits as a draft.
 * One that rows, rules or macros still use is left until the next change of packs after they have let go of it. */
#include "core/flow/flow_define.h"
#include "core/pack/pack_kinds.h"
#include "core/services.h"
#include "gen/flow_sql.h"
#include "gen/schema.h"

static void entry_read(struct ctx *c, yyjson_val *v, struct company_flow *row)
{
	*row = (struct company_flow){
		.tenant = c->tenant, .id = new_id(c), .name = pack_text(c->arena, v, "name", ""), .name_en = pack_text(c->arena, v, "name_en", ""),
		.object = pack_text(c->arena, v, "object", "ticket"), .state = "on",
		.states = pack_json_of(c, v, "states", "[]"), .moves = pack_json_of(c, v, "moves", "[]"),
	};
}

/* Whether it is in force is no part of what a pack says: whoever switches it off has the pack's flow still, switched off. */
bool pack_flow_same(struct ctx *c, const void *a, const void *b)
{
	const struct company_flow *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->object, y->object) &&
	       pack_json_same(x->states, y->states) && pack_json_same(x->moves, y->moves);
}

static bool is_of_a_pack(struct ctx *c, const struct company_flow *row)
{
	struct company_flow entry;
	for (const struct pack *p = packs; p->name; p++) {
		yyjson_val *v;
		size_t i, n;
		yyjson_arr_foreach(yyjson_obj_get(pack_json(p, PACK_FLOWS), "flows"), i, n, v) {
			entry_read(c, v, &entry);
			if (pack_flow_same(c, &entry, row))
				return true;
		}
	}
	return false;
}

int pack_flow_held(struct ctx *c, const void *row, bool *held, struct text *why)
{
	TRY(flow_users(c, row, why));
	*held = why->n > 0;
	return 0;
}

/* Another one of that record stays in force: the company's own, or a pack's that is held. */
static int another_stays(struct ctx *c, const char *object, bool *out)
{
	struct company_flow *rows;
	size_t n;
	*out = false;
	TRY(company_flows_on(c, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		bool held;
		struct text why = text_in(c->arena);
		if (!text_equal(rows[i].object, object))
			continue;
		TRY(pack_flow_held(c, &rows[i], &held, &why));
		*out |= held || !is_of_a_pack(c, &rows[i]);
	}
	return 0;
}

int pack_flow_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	struct company_flow *f = row;
	bool waits;
	entry_read(c, v, f);
	TRY(another_stays(c, f->object, &waits));
	if (waits)
		f->state = "draft";
	return 0;
}

/* A draft was waiting; what is off, somebody switched off. */
void pack_flow_take(void *row, const void *entry)
{
	const struct company_flow *says = entry;
	struct company_flow *f = row;
	if (!text_equal(f->state, "off"))
		f->state = says->state;
}
