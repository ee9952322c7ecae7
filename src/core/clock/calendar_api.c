/* Calendars while somebody edits them: what a form means day by day, and days off out of an iCalendar file. Nothing is kept. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/clock/clock_set.h"
#include "core/services.h"
#include "engine/calendar/ical.h"

/* Day by day -------------------------------------------------------------------------------------------------------------- */

enum { SHOWN_DAYS = 42 };       /* a month in whole weeks */

struct preview_in {
	const char *form;
	int64_t first;
};
static const struct member preview_members[] = {
	MEMBER(struct preview_in, form, json, .flags = MEMBER_REQUIRED, .most = 1 << 20),
	MEMBER(struct preview_in, first, day, .flags = MEMBER_REQUIRED),
};
static const struct shape preview_shape = SHAPE("calendar_preview", struct preview_in, preview_members);

/* The row that holds for a day; NULL: a day like its weekday. */
static const struct calendar_day *differing(const struct calendar_source *s, int64_t day)
{
	const struct calendar_day *found = NULL;
	for (size_t i = 0; i < s->day_count; i++)
		if (s->days[i].day == day)
			found = &s->days[i];
	return found;
}

static const struct calendar_plan *plan_of(const struct calendar_source *s, int64_t day, const struct calendar_day *d)
{
	static const struct calendar_plan none = { 0 };
	if (d && d->kind == DAY_CLOSED)
		return &none;
	if (d && d->kind == DAY_HOURS)
		return &d->plan;
	return &s->week[d && d->kind == DAY_AS ? d->as : calendar_weekday(day)];
}

static void write_hours(struct ctx *c, const struct calendar_plan *plan, struct text *t)
{
	text_char(t, '[');
	for (size_t i = 0; i < plan->n; i++)
		text_format(t, "%s\"%s\"", i ? "," : "", calendar_hours_text(c->arena, plan->hours[i]));
	text_char(t, ']');
}

static void write_day(struct ctx *c, const struct calendar_source *s, int64_t day, struct text *t)
{
	static const char *const kinds[] = { [DAY_CLOSED] = "closed", [DAY_HOURS] = "hours", [DAY_AS] = "work", [DAY_WITHOUT] = "without" };
	const struct calendar_day *d = differing(s, day);
	char text[16];
	day_format(day, text);
	text_format(t, "{\"day\":\"%s\",\"kind\":\"%s\",\"hours\":", text, d ? kinds[d->kind] : "plain");
	write_hours(c, plan_of(s, day, d), t);
	text_append(t, ",\"without\":");
	write_hours(c, d && d->kind == DAY_WITHOUT ? &d->plan : &(struct calendar_plan){ 0 }, t);
	text_append(t, ",\"zh\":");
	json_text(t, d ? d->zh : NULL);
	text_append(t, ",\"en\":");
	json_text(t, d ? d->en : NULL);
	text_format(t, ",\"provisional\":%s}", d && d->provisional ? "true" : "false");
}

static int preview(struct ctx *c, const void *in, void *out)
{
	const struct preview_in *q = in;
	struct calendar_source *source;
	TRY(clock_source_of(c, c->arena, q->form, &source));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"days\":[");
	for (int64_t i = 0; i < SHOWN_DAYS; i++) {
		text_append(&t, i ? "," : "");
		write_day(c, source, q->first + i, &t);
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* iCalendar --------------------------------------------------------------------------------------------------------------- */

struct ical_in {
	const char *text, *zone;
	int64_t first, last;
};
static const struct member ical_members[] = {
	MEMBER(struct ical_in, text, text, .flags = MEMBER_REQUIRED, .most = ICAL_MOST_BYTES),
	MEMBER(struct ical_in, zone, code, .flags = MEMBER_REQUIRED, .most = 64),
	MEMBER(struct ical_in, first, day, .flags = MEMBER_REQUIRED),
	MEMBER(struct ical_in, last, day, .flags = MEMBER_REQUIRED),
};
static const struct shape ical_shape = SHAPE("calendar_ical", struct ical_in, ical_members);

static void write_faults(struct ctx *c, const struct ical_result *r, struct text *t)
{
	text_append(t, ",\"faults\":[");
	for (size_t i = 0; i < r->fault_count; i++) {
		const struct ical_fault *f = &r->faults[i];
		text_format(t, "%s{\"line\":%u,\"code\":\"%s\",\"message\":", i ? "," : "", f->line, error_name(f->code));
		json_text(t, error_text(f->code, c->lang, f->arg, c->arena));
		text_char(t, '}');
	}
	text_char(t, ']');
}

/* A file of which nothing can be used answers like one with faults: what is wrong stands at its line. */
static int ical(struct ctx *c, const void *in, void *out)
{
	const struct ical_in *q = in;
	struct zone home;
	struct ical_result r = { 0 };
	if (zone_load(c->arena, q->zone, &home) < 0)
		return fail_field(c, "zone", ERR_FIELD_INVALID, "");
	if (q->last < q->first || q->last - q->first > ICAL_MOST_YEARS * 366)
		return fail_field(c, "last", ERR_FIELD_INVALID, "");
	const struct ical_wish wish = { .home = &home, .zone = zone_load, .first = q->first, .last = q->last };
	int failed = ical_read(c->arena, q->text, strlen(q->text), &wish, &r);
	struct text t = text_in(c->arena);
	text_format(&t, "{\"events\":%zu,\"left_out\":%zu,\"usable\":%s,\"days\":[", r.events, r.left_out, failed < 0 ? "false" : "true");
	for (size_t i = 0; failed >= 0 && i < r.n; i++) {
		text_append(&t, i ? "," : "");
		json_write(&t, &day_shape, &r.days[i]);
	}
	text_char(&t, ']');
	write_faults(c, &r, &t);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* What may be promised ------------------------------------------------------------------------------------------------------ */

struct measures_in {
	const char *object;
};
static const struct member measures_members[] = { MEMBER(struct measures_in, object, code, .flags = MEMBER_REQUIRED) };
static const struct shape measures_shape = SHAPE("clock_measures_query", struct measures_in, measures_members);

static int measures(struct ctx *c, const void *in, void *out)
{
	CLOCK_SET set = NULL;
	TRY(clock_set_take(c, &set));
	const struct ready_object *o = clock_set_object(set, registry_find(&c->services->registry, ((const struct measures_in *)in)->object));
	TRY(require(c, o != NULL, ERR_NOT_FOUND, NULL));
	struct text t = text_in(c->arena);
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < o->count; i++) {
		text_format(&t, "%s{\"code\":\"%s\",\"label\":", i ? "," : "", o->measures[i].code);
		json_label(&t, o->measures[i].label.zh, o->measures[i].label.en);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route calendar_routes[] = {
	ROUTE(POST, "/api/v1/calendar/preview", "calendar.read", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &preview_shape, .out = &raw_shape, .run = preview,
	      .zh = "日历：逐日预览", .en = "Calendar: what it means day by day"),
	ROUTE(POST, "/api/v1/calendar/ical", "calendar.read", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &ical_shape, .out = &raw_shape, .run = ical,
	      .zh = "日历：读取 iCalendar 文件", .en = "Calendar: read an iCalendar file"),
	ROUTE(GET, "/api/v1/clock/measures", "clock_policy.read", POOL, .in = &measures_shape, .out = &raw_shape, .run = measures,
	      .zh = "时限：可用的指标", .en = "Clocks: measures there are"),
};
const size_t calendar_route_count = sizeof(calendar_routes) / sizeof(calendar_routes[0]);
