/* Queues of conversations that packs bring: the hours in which people answer, and so the nights, from a company's first minute on. They have no team,
 * for a new company has none: whoever takes conversations serves them. */
#include "core/pack/pack_kinds.h"
#include "core/services.h"
#include "gen/schema.h"

enum { USUAL_PRIORITY = 5, USUAL_FAVOUR_S = 60, USUAL_OVERFLOW_S = 120 };

/* Its place is its own, behind those that a company lays: it is for what no other takes. */
int pack_queue_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	struct chat_queue *q = row;
	*q = (struct chat_queue){
		.tenant = c->tenant, .id = new_id(c), .name = pack_text(c->arena, v, "name", ""), .name_en = pack_text(c->arena, v, "name_en", ""), .place = yyjson_get_sint(yyjson_obj_get(v, "place")),
		.condition = pack_text(c->arena, v, "condition", ""), .priority = USUAL_PRIORITY, .give_by = "push", .favour_seconds = USUAL_FAVOUR_S, .overflow_seconds = USUAL_OVERFLOW_S, .night = "", .night_en = "",
	};
	return pack_calendar_find(c, pack_text(c->arena, v, "calendar", ""), &q->calendar_id);
}

bool pack_queue_same(struct ctx *c, const void *a, const void *b)
{
	const struct chat_queue *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->condition, y->condition) && x->team_id == y->team_id && x->priority == y->priority &&
	       text_equal(x->give_by, y->give_by) && x->by_language == y->by_language && x->skill_least == y->skill_least && x->favour_seconds == y->favour_seconds &&
	       x->overflow_id == y->overflow_id && x->overflow_seconds == y->overflow_seconds && x->calendar_id == y->calendar_id && text_equal(x->night, y->night) && text_equal(x->night_en, y->night_en);
}
