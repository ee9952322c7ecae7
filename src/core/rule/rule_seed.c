/* The rules that a new company begins with, from its industry's pack, written as records like everything else. */
#include <string.h>

#include "base/json.h"
#include "core/pack.h"
#include "core/rule/rule_set.h"
#include "core/services.h"

PACK_FILE(pack_appliance_rules, "appliance/rules.json");

static const char *json_of(struct ctx *c, yyjson_val *v, const char *name, const char *otherwise)
{
	const char *json = json_value(c->arena, yyjson_obj_get(v, name));
	return json ? json : otherwise;
}

static int add(struct ctx *c, yyjson_val *v, int64_t place)
{
	struct rule row = {
		.tenant = c->tenant, .id = new_id(c), .name = pack_text(c->arena, v, "name", ""), .name_en = pack_text(c->arena, v, "name_en", ""), .object = "ticket",
		.state = pack_text(c->arena, v, "state", "draft"), .place = place, .cause = pack_text(c->arena, v, "cause", "event"), .events = json_of(c, v, "events", "[]"),
		.event_data = json_of(c, v, "event_data", "{}"), .changed = json_of(c, v, "changed", "[]"), .condition = pack_text(c->arena, v, "condition", ""),
		.actions = json_of(c, v, "actions", "[]"),
	};
	return record_insert(c, &rule_record, &row);
}

static int seed(struct ctx *c, yyjson_val *pack)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(yyjson_obj_get(pack, "rules"), i, n, v)
		TRY(add(c, v, (int64_t)(i + 1) * 10));
	return 0;
}

int rules_seed(struct ctx *c)
{
	yyjson_doc *doc = yyjson_read(pack_appliance_rules, strlen(pack_appliance_rules), 0);
	int r = seed(c, yyjson_doc_get_root(doc));
	yyjson_doc_free(doc);
	return r;
}
