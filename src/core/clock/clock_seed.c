/* What a new company begins with: calendars and policies of its industry, written as records like everything else. */
#include <string.h>

#include "base/json.h"
#include "core/clock/clock_set.h"
#include "core/pack.h"
#include "core/services.h"

PACK_FILE(pack_appliance_clocks, "appliance/clocks.json");
PACK_FILE(pack_calendar_hotline, "calendars/hotline.json");
PACK_FILE(pack_calendar_office, "calendars/office.json");

static const struct { const char *name, *form; } forms[] = { { "hotline", pack_calendar_hotline }, { "office", pack_calendar_office } };

struct seeding {
	struct ctx *c;
	const char *codes[8];
	int64_t ids[8];
	size_t n;
};

static int add_calendar(struct seeding *s, yyjson_val *v)
{
	struct ctx *c = s->c;
	struct work_calendar row = { .tenant = c->tenant, .id = new_id(c), .code = pack_text(c->arena, v, "code", "") };
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (text_equal(forms[i].name, pack_text(c->arena, v, "form", "")))
			row.form = forms[i].form;
	yyjson_doc *form = row.form ? yyjson_read(row.form, strlen(row.form), 0) : NULL;
	yyjson_val *name = yyjson_obj_get(yyjson_doc_get_root(form), "name");
	row.name = pack_text(c->arena, name, "zh", "");
	row.name_en = pack_text(c->arena, name, "en", "");
	yyjson_doc_free(form);
	s->codes[s->n] = row.code;
	s->ids[s->n++] = row.id;
	return record_insert(c, &calendar_record, &row);
}

static int64_t calendar_of(const struct seeding *s, const char *code)
{
	for (size_t i = 0; i < s->n; i++)
		if (text_equal(s->codes[i], code))
			return s->ids[i];
	return 0;
}

static int add_policy(struct seeding *s, yyjson_val *v, int64_t place)
{
	struct ctx *c = s->c;
	struct clock_policy row = {
		.tenant = c->tenant, .id = new_id(c), .object = "ticket", .measure = pack_text(c->arena, v, "measure", ""), .name = pack_text(c->arena, v, "name", ""),
		.name_en = pack_text(c->arena, v, "name_en", ""), .place = place, .condition = pack_text(c->arena, v, "condition", ""),
		.target_minutes = yyjson_get_sint(yyjson_obj_get(v, "target_minutes")), .calendar_id = calendar_of(s, pack_text(c->arena, v, "calendar", "")),
		.soon_percent = yyjson_get_sint(yyjson_obj_get(v, "soon_percent")), .ladder = json_value(c->arena, yyjson_obj_get(v, "ladder")),
	};
	return record_insert(c, &clock_policy_record, &row);
}

static int seed(struct seeding *s, yyjson_val *pack)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(yyjson_obj_get(pack, "calendars"), i, n, v)
		TRY(add_calendar(s, v));
	yyjson_arr_foreach(yyjson_obj_get(pack, "policies"), i, n, v)
		TRY(add_policy(s, v, (int64_t)(i + 1) * 10));
	return 0;
}

int clocks_seed(struct ctx *c)
{
	struct seeding s = { .c = c };
	yyjson_doc *doc = yyjson_read(pack_appliance_clocks, strlen(pack_appliance_clocks), 0);
	int r = seed(&s, yyjson_doc_get_root(doc));
	yyjson_doc_free(doc);
	return r;
}
