/* Promises that packs bring. One code is one promise in all packs: its figures go on, by the new pack's words and target. */
#include "core/pack/pack_kinds.h"
#include "core/services.h"
#include "gen/schema.h"

int pack_promise_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	*(struct promise *)row = (struct promise){
		.tenant = c->tenant, .id = new_id(c), .place = place, .code = pack_text(c->arena, v, "code", ""), .area = pack_text(c->arena, v, "area", ""),
		.name = pack_text(c->arena, v, "name", ""), .name_en = pack_text(c->arena, v, "name_en", ""), .meaning = pack_text(c->arena, v, "meaning", ""),
		.meaning_en = pack_text(c->arena, v, "meaning_en", ""), .object = pack_text(c->arena, v, "object", "ticket"),
		.measure = pack_text(c->arena, v, "measure", ""), .target = yyjson_get_num(yyjson_obj_get(v, "target")), .period = "week",
		.condition = pack_text(c->arena, v, "condition", ""),
	};
	return 0;
}

bool pack_promise_same(struct ctx *c, const void *a, const void *b)
{
	const struct promise *x = a, *y = b;
	return text_equal(x->code, y->code) && text_equal(x->area, y->area) && text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) &&
	       text_equal(x->meaning, y->meaning) && text_equal(x->meaning_en, y->meaning_en) && text_equal(x->object, y->object) &&
	       text_equal(x->measure, y->measure) && text_equal(x->condition, y->condition) && text_equal(x->period, y->period) && x->target == y->target;
}
