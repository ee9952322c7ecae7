/* The plan of a week: people by days, with the days that differ, who is absent, and the stretches of a team's service hours in which nobody would be
 * there. */

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/clock/clock_set.h"
#include "core/services.h"
#include "domain/duty/duty.h"
#include "domain/duty/duty_json.h"
#include "domain/org/org.h"

enum { PAGE = 60, WEEK = 7, MOST_SERVICE = 400 };

struct week_in {
	int64_t team_id, first, after;
};
static const struct member week_members[] = {
	MEMBER(struct week_in, team_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct week_in, first, day, .flags = MEMBER_REQUIRED),
	MEMBER(struct week_in, after, ref, .flags = MEMBER_NULLABLE),
};
static const struct shape week_shape = SHAPE("duty_week", struct week_in, week_members);

/* A week of one team: the one named, else one's own, else of those who are in none. */
struct week {
	const struct week_in *in;
	struct team team;
	const struct zone *zone;
	struct time_span span;          /* its seven days on the wall */
	struct duty_desk desk;          /* of the people of this page */
};

/* Days that differ, and service hours ---------------------------------------------------------------------------------------- */

static int write_days(struct ctx *c, const struct week *w, const struct ready_calendar *k, struct text *t)
{
	struct work_calendar row;
	struct calendar_source *source = NULL;
	if (k) {
		TRY(work_calendar_row_get(c, k->id, &row));
		TRY(clock_source_of(c, c->arena, row.form, &source));
	}
	size_t shown = 0;
	text_append(t, ",\"days\":[");
	for (size_t i = 0; source && i < source->day_count; i++) {
		const struct calendar_day *d = &source->days[i];
		char day[16];
		if (d->day < w->in->first || d->day >= w->in->first + WEEK)
			continue;
		day_format(d->day, day);
		text_format(t, "%s{\"day\":\"%s\",\"closed\":%s,\"zh\":", shown++ ? "," : "", day, d->kind == DAY_CLOSED ? "true" : "false");
		json_text(t, d->zh);
		text_append(t, ",\"en\":");
		json_text(t, d->en);
		text_char(t, '}');
	}
	text_char(t, ']');
	return 0;
}

static size_t service_spans(const struct calendar *k, const struct time_span *within, struct time_span *out)
{
	size_t n = 0;
	for (time_ms at = calendar_next_open(k, within->from); at < within->to && n < MOST_SERVICE; at = calendar_next_open(k, out[n - 1].to)) {
		time_ms end = calendar_next_close(k, at);
		out[n++] = (struct time_span){ at, end < within->to ? end : within->to };
	}
	return n;
}

/* Of the whole team, whatever the page. A team that plans nothing has none. */
static int write_gaps(struct ctx *c, const struct week *w, const struct ready_calendar *k, struct text *t)
{
	struct duty_person *people;
	struct duty_desk d;
	size_t n, planned = 0;
	struct time_span *service = ARENA_ARRAY(c->arena, struct time_span, MOST_SERVICE);
	struct duty_spans gaps = { 0 };
	TRY(duty_people_of_teams(c, &w->team.id, 1, &people, &n));
	TRY(duty_load(c, people, n, w->span.from, w->span.to, &d));
	for (size_t i = 0; i < n; i++)
		planned += d.members[i].is_planned;
	if (k && planned)
		gaps = duty_gaps(c->arena, &d.roster, d.members, n, service, service_spans(k->calendar, &w->span, service));
	text_format(t, ",\"planned\":%s,\"gaps\":[", planned ? "true" : "false");
	for (size_t i = 0; i < gaps.n; i++)
		text_format(t, "%s{\"from_at\":%lld,\"to_at\":%lld}", i ? "," : "", (long long)gaps.at[i].from, (long long)gaps.at[i].to);
	text_char(t, ']');
	return 0;
}

/* People and what is planned for them ------------------------------------------------------------------------------------------ */

static void write_people(const struct week *w, struct text *t)
{
	text_append(t, ",\"people\":[");
	for (size_t i = 0; i < w->desk.n; i++) {
		json_named(t, i, w->desk.people[i].id, w->desk.people[i].name);
		text_char(t, '}');
	}
	text_char(t, ']');
}

static bool is_shown(const struct week *w, int64_t user_id)
{
	for (size_t i = 0; i < w->desk.n; i++)
		if (w->desk.people[i].id == user_id)
			return true;
	return false;
}

static void write_shifts(const struct week *w, struct text *t)
{
	size_t shown = 0;
	text_append(t, ",\"shifts\":[");
	for (size_t i = 0; i < w->desk.roster.shift_count; i++) {
		const struct shift *s = &w->desk.shifts[i];
		const struct time_span *at = &w->desk.roster.shifts[i].at;
		char day[16];
		if (!is_shown(w, s->user_id) || s->day < w->in->first || s->day >= w->in->first + WEEK)
			continue;
		day_format(s->day, day);
		text_format(t, "%s{\"id\":\"%lld\",\"version\":%lld,\"user_id\":\"%lld\",\"day\":\"%s\",\"hours\":\"%s\",\"kind_id\":", shown++ ? "," : "", (long long)s->id,
		            (long long)s->version, (long long)s->user_id, day, s->hours);
		duty_write_id(t, s->kind_id);
		text_format(t, ",\"from_at\":%lld,\"to_at\":%lld}", (long long)at->from, (long long)at->to);
	}
	text_char(t, ']');
}

/* That somebody is away and who covers, everybody who plans has to know; why is for those who may read it. */
static void write_absences(struct ctx *c, const struct week *w, struct text *t)
{
	size_t shown = 0;
	bool why = may(c, "absence.read");
	text_append(t, ",\"absences\":[");
	for (size_t i = 0; i < w->desk.roster.absence_count; i++) {
		const struct absence *a = &w->desk.absences[i];
		if (!is_shown(w, a->user_id))
			continue;
		text_format(t, "%s{\"id\":\"%lld\",\"user_id\":\"%lld\",\"from_at\":%lld,\"to_at\":%lld,\"cover_id\":", shown++ ? "," : "", (long long)a->id, (long long)a->user_id,
		            (long long)a->from_at, (long long)a->to_at);
		duty_write_id(t, w->desk.roster.absences[i].cover_id);
		text_append(t, ",\"reason\":");
		json_text(t, why ? a->reason : NULL);
		text_char(t, '}');
	}
	text_char(t, ']');
}

static int write_kinds(struct ctx *c, struct text *t)
{
	struct shift_kind *rows;
	size_t n;
	TRY(shift_kinds_all(c, &rows, &n));
	text_append(t, ",\"kinds\":[");
	for (size_t i = 0; i < n; i++) {
		json_named(t, i, rows[i].id, rows[i].name);
		text_append(t, ",\"name_en\":");
		json_text(t, rows[i].name_en);
		text_format(t, ",\"hours\":\"%s\"}", rows[i].hours);
	}
	text_char(t, ']');
	return 0;
}

static int week(struct ctx *c, const void *arg, void *out)
{
	struct week w = { .in = arg };
	struct duty_person *people;
	CLOCK_SET set = NULL;
	size_t n;
	int64_t next;
	int64_t team_id = w.in->team_id > 0 ? w.in->team_id : c->auth->team_id;
	if (team_id)
		TRY(record_get(c, &team_record, team_id, &w.team));
	TRY(clock_set_take(c, &set));
	const struct ready_calendar *k = w.team.calendar_id ? clock_set_ready(set, w.team.calendar_id) : NULL;
	w.zone = k ? k->zone : NULL;
	if (!w.zone)
		TRY(company_zone(c, c->arena, &w.zone));
	w.span = (struct time_span){ duty_wall_reached(w.zone, w.in->first * DAY_MS), duty_wall_reached(w.zone, (w.in->first + WEEK) * DAY_MS) };
	TRY(duty_page(c, TEAM, w.team.id, w.in->after > 0 ? w.in->after : 0, PAGE, &people, &n, &next));
	TRY(duty_load(c, people, n, w.span.from, w.span.to, &w.desk));
	struct text t = text_in(c->arena);
	text_format(&t, "{\"from_at\":%lld,\"to_at\":%lld,\"offset_minutes\":%d,\"zone\":", (long long)w.span.from, (long long)w.span.to,
	            (int)(zone_offset(w.zone, w.span.from) / MINUTE_MS));
	json_text(&t, k ? k->zone->name : "");
	TRY(write_days(c, &w, k, &t));
	TRY(write_gaps(c, &w, k, &t));
	TRY(write_kinds(c, &t));
	write_people(&w, &t);
	write_shifts(&w, &t);
	write_absences(c, &w, &t);
	TRY(duty_write_names(c, &w.desk, &t));
	text_append(&t, ",\"next\":");
	duty_write_id(&t, next);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Copying ---------------------------------------------------------------------------------------------------------------------- */

enum { COPIED_MOST = 200, WEEKS_MOST = 12 };

struct copy_in {
	int64_t team_id, from, to, weeks;
};
static const struct member copy_members[] = {
	MEMBER(struct copy_in, team_id, ref, .flags = MEMBER_REQUIRED),
	MEMBER(struct copy_in, from, day, .flags = MEMBER_REQUIRED),
	MEMBER(struct copy_in, to, day, .flags = MEMBER_REQUIRED),
	MEMBER(struct copy_in, weeks, count, .flags = MEMBER_REQUIRED, .least = 1, .most = WEEKS_MOST),
};
static const struct shape copy_shape = SHAPE("duty_copy", struct copy_in, copy_members);

struct copying {
	const struct copy_in *in;
	const struct clock_set *set;
	struct duty_desk desk;          /* of those whose week it is, over all that is written */
	struct duty_shift *added;       /* by this call */
	size_t copied, skipped, left;
};

static bool meets(const struct duty_shift *at, size_t n, int64_t user_id, const struct time_span *s)
{
	for (size_t i = 0; i < n; i++)
		if (at[i].user_id == user_id && duty_overlap(&at[i].at, s))
			return true;
	return false;
}

static bool works_here(const struct copying *k, int64_t user_id)
{
	for (size_t i = 0; i < k->desk.n; i++)
		if (k->desk.people[i].id == user_id)
			return true;
	return false;
}

/* Where something is planned already, it stays. */
static int copy_one(struct ctx *c, struct copying *k, const struct shift *from, int64_t day)
{
	struct shift row = *from;
	struct time_span span;
	row.day = day;
	TRY(duty_span(c, k->set, &row, &span));
	if (!works_here(k, row.user_id) || meets(k->desk.roster.shifts, k->desk.roster.shift_count, row.user_id, &span) || meets(k->added, k->copied, row.user_id, &span)) {
		k->skipped++;
		return 0;
	}
	if (k->copied == COPIED_MOST) {
		k->left++;
		return 0;
	}
	row.id = new_id(c);
	row.version = 1;
	k->added[k->copied++] = (struct duty_shift){ row.user_id, span };
	return record_insert(c, &shift_record, &row);
}

static int copy(struct ctx *c, const void *arg, void *out)
{
	struct copying k = { .in = arg, .added = ARENA_ARRAY(c->arena, struct duty_shift, COPIED_MOST) };
	struct team team;
	struct shift *rows;
	struct duty_person *people;
	CLOCK_SET set = NULL;
	size_t n, people_count;
	TRY(record_get(c, &team_record, k.in->team_id, &team));
	if (k.in->to < k.in->from + WEEK || (k.in->to - k.in->from) % WEEK)
		return fail_field(c, "to", ERR_TIME_ORDER, NULL);
	TRY(clock_set_take(c, &set));
	k.set = set;
	TRY(shifts_of_team(c, team.id, k.in->from, k.in->from + WEEK - 1, &rows, &n));
	TRY(duty_people_of_teams(c, &team.id, 1, &people, &people_count));
	TRY(duty_load(c, people, people_count, k.in->to * DAY_MS, (k.in->to + WEEK * k.in->weeks) * DAY_MS, &k.desk));
	for (int64_t week_no = 0; week_no < k.in->weeks; week_no++)
		for (size_t i = 0; i < n; i++)
			TRY(copy_one(c, &k, &rows[i], rows[i].day - k.in->from + k.in->to + WEEK * week_no));
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"copied\":%zu,\"skipped\":%zu,\"left\":%zu}", k.copied, k.skipped, k.left);
	return 0;
}

const struct route duty_week_routes[] = {
	ROUTE(GET, "/api/v1/duty/week", "shift.read", POOL, .in = &week_shape, .out = &raw_shape, .run = week, .zh = "一周班表", .en = "The plan of a week"),
	ROUTE(POST, "/api/v1/duty/copy", "shift.create", WRITE, .body = BODY_JSON, .in = &copy_shape, .out = &raw_shape, .run = copy,
	      .zh = "把一周的班表复制到以后的几周", .en = "Copy the plan of a week to later weeks"),
};
const size_t duty_week_route_count = sizeof(duty_week_routes) / sizeof(duty_week_routes[0]);
