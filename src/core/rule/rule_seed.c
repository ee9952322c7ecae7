/* The rules that a new company begins with, from its industry's pack, written as records like everything else. */
#include <string.h>
#include <yyjson.h>

#include "base/json.h"
#include "core/rule/rule_set.h"
#include "core/services.h"

extern const char pack_appliance_rules[];
__asm__(".pushsection .rodata\n.global pack_appliance_rules\npack_appliance_rules:\n"
        ".incbin \"packs/appliance/rules.json\"\n.byte 0\n.popsection\n");

static const char *text_of(struct ctx *c, yyjson_val *v, const char *name, const char *otherwise)
{
	const char *text = yyjson_get_str(yyjson_obj_get(v, name));
	return text ? arena_string(c->arena, text) : otherwise;
}

static const char *json_of(struct ctx *c, yyjson_val *v, const char *name, const char *otherwise)
{
	const char *json = json_value(c->arena, yyjson_obj_get(v, name));
	return json ? json : otherwise;
}

static int add(struct ctx *c, yyjson_val *v, int64_t place)
{
	struct rule row = {
		.tenant = c->tenant, .id = new_id(c), .name = text_of(c, v, "name", ""), .name_en = text_of(c, v, "name_en", ""), .object = "ticket",
		.state = text_of(c, v, "state", "draft"), .place = place, .cause = text_of(c, v, "cause", "event"), .events = json_of(c, v, "events", "[]"),
		.event_data = json_of(c, v, "event_data", "{}"), .changed = json_of(c, v, "changed", "[]"), .condition = text_of(c, v, "condition", ""),
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
