/* iCalendar files from anywhere. What comes out is within the days asked for, in order, and the calendar's form takes it as it is. */
#include <stdlib.h>
#include <string.h>

#include "engine/calendar/ical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Every day is allowed to differ from a week that is open, so nothing but the days can be refused. */
static void check_form(struct arena *a, const struct ical_result *r)
{
	static const char json[] = "{\"name\":{\"zh\":\"x\",\"en\":\"x\"},\"zone\":\"Europe/Berlin\","
	                           "\"week\":[{\"days\":[\"mon\",\"sun\"],\"hours\":[\"22:00-06:00\"]}]}";
	static const struct calendar_names names = { .zone = zone_load };
	struct error e = { 0 };
	struct calendar_form form;
	struct calendar_source s;
	must(json_read(a, &calendar_shape, json, sizeof(json) - 1, &form, NULL, &e) == 0);
	form.days = (struct list){ r->days, r->n };
	must(calendar_source_of(a, &form, &names, &s, &e) == 0);
	struct text t = text_in(a);
	json_write(&t, &calendar_shape, &form);
	must(json_read(a, &calendar_shape, t.p, t.n, &form, NULL, &e) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct zone home;
	struct ical_result r;
	must(zone_load(a, "Europe/Berlin", &home) == 0);
	struct ical_wish wish = { &home, zone_load, day_join(2020, 1, 1), day_join(2029, 12, 31) };
	if (ical_read(a, (const char *)data, n, &wish, &r) < 0) {
		must(r.fault_count > 0);
		return 0;
	}
	for (size_t i = 0; i < r.n; i++) {
		must(r.days[i].day >= wish.first && r.days[i].day <= wish.last);
		must(i == 0 || r.days[i - 1].day <= r.days[i].day);
	}
	for (size_t i = 1; i < r.fault_count; i++)
		must(r.faults[i - 1].line <= r.faults[i].line);
	check_form(a, &r);
	return 0;
}
