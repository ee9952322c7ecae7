/* What is planned, as records: patterns, shifts, absences, reasons for a break, and what people said.
 *
 * Two shifts of one person may touch but not overlap, nor may two absences; the second is refused and names the first. Writes of a company
 * are serial, so of two supervisors who fill the same square at once one is told. A shift stays where its person is absent: whoever covers
 * for her has to know it. */
#include "core/clock/clock_set.h"
#include "core/services.h"
#include "domain/duty/duty.h"
#include "domain/org/org.h"
#include "engine/calendar/calendar_form.h"

static int hours_check(struct ctx *c, const char **hours)
{
	struct calendar_hours read;
	if (text_empty(*hours))
		return 0;       /* reported as required */
	int r = calendar_hours_parse(*hours, &read);
	if (r < 0)
		return fail_field(c, "hours", r, NULL);
	*hours = calendar_hours_text(c->arena, read);
	return 0;
}

/* Patterns ----------------------------------------------------------------------------------------------------------------- */

static int kind_before(struct ctx *c, const void *old, void *row)
{
	return hours_check(c, &((struct shift_kind *)row)->hours);
}

static const struct field kind_fields[] = {
	CODE (shift_kind, code,    L("班别编号", "Pattern code"), .required = true, .unique = true, .fixed = true, .most = 40),
	CODE (shift_kind, name,    L("名称", "Name"), .required = true, .search = true, .most = 20),
	CODE (shift_kind, name_en, L("英文名称", "English name"), .search = true, .most = 20),
	CODE (shift_kind, hours,   L("时段", "Hours"), .required = true, .most = 25),
	COUNT(shift_kind, place,   L("次序", "Order"), .sort = true),
};

const struct record shift_kind_record = {
	.name = "shift_kind", .label = L("班别", "Shift pattern"), .plural = "Shift patterns", .table = &table_shift_kind, FIELDS(kind_fields), .title = { "name" },
	.default_sort = "place", .before = kind_before,
};

/* Shifts ------------------------------------------------------------------------------------------------------------------- */

/* Whose it is, and on whose wall: that of her team's calendar. */
static int place_of(struct ctx *c, struct shift *s)
{
	struct user_account user;
	struct team team;
	CLOCK_SET set = NULL;
	int r = user_account_row_get(c, s->user_id, &user);
	if (r == ERR_NOT_FOUND)
		return fail_field(c, "user_id", ERR_FIELD_REFERENCE, NULL);
	TRY(r);
	s->team_id = user.team_id;
	if (!user.team_id)
		return 0;
	TRY(team_row_get(c, user.team_id, &team));
	TRY(clock_set_take(c, &set));
	const struct ready_calendar *k = team.calendar_id ? clock_set_ready(set, team.calendar_id) : NULL;
	if (k)
		s->zone = arena_string(c->arena, k->zone->name);
	return 0;
}

/* A pattern gives its hours to a shift that has none of its own, and to one that changes its pattern alone. */
static int take_hours(struct ctx *c, const struct shift *was, struct shift *s)
{
	struct shift_kind kind;
	bool wanted = text_empty(s->hours) || (was && was->kind_id != s->kind_id && text_equal(was->hours, s->hours));
	if (!wanted || !s->kind_id)
		return 0;
	int r = shift_kind_row_get(c, s->kind_id, &kind);
	if (r == 0)
		s->hours = kind.hours;
	return r == ERR_NOT_FOUND ? fail_field(c, "kind_id", ERR_FIELD_REFERENCE, NULL) : r;
}

enum { NEIGHBOUR_DAYS = 2 };

static int overlap_check(struct ctx *c, const struct shift *s)
{
	struct shift *rows;
	struct time_span own, other;
	size_t n;
	char day[16];
	CLOCK_SET set = NULL;
	TRY(clock_set_take(c, &set));
	TRY(duty_span(c, set, s, &own));
	TRY(shifts_of_user(c, s->user_id, s->day - NEIGHBOUR_DAYS, s->day + NEIGHBOUR_DAYS, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].id == s->id)
			continue;
		TRY(duty_span(c, set, &rows[i], &other));
		if (!duty_overlap(&own, &other))
			continue;
		day_format(rows[i].day, day);
		return fail_field(c, "hours", ERR_TIME_OVERLAP, arena_format(c->arena, "%s %s", day, rows[i].hours));
	}
	return 0;
}

static int shift_before(struct ctx *c, const void *old, void *row)
{
	const struct shift *was = old;
	struct shift *s = row;
	if (s->archived_at)
		return 0;
	if (!was)
		TRY(place_of(c, s));
	TRY(take_hours(c, was, s));
	TRY(hours_check(c, &s->hours));
	return text_empty(s->hours) ? fail_field(c, "hours", ERR_FIELD_REQUIRED, NULL) : overlap_check(c, s);
}

static const struct field shift_fields[] = {
	REF (shift, user_id, L("员工", "User"), .to = &user_record, .required = true, .fixed = true, .index = true),
	DAY (shift, day,     L("日期", "Day"), .required = true, .sort = true),
	REF (shift, kind_id, L("班别", "Shift pattern"), .to = &shift_kind_record),
	CODE(shift, hours,   L("时段", "Hours"), .most = 25),
	CODE(shift, zone,    L("时区", "Time zone"), .system = true, .hidden = true),
	REF (shift, team_id, L("小组", "Team"), .to = &team_record, .system = true, .index = true),
};

const struct record shift_record = {
	.name = "shift", .label = L("班次", "Shift"), .plural = "Shifts", .table = &table_shift, FIELDS(shift_fields), .title = { "hours" }, .default_sort = "day",
	.owner = "user_id", .team = "team_id", .before = shift_before,
};

/* Absences ----------------------------------------------------------------------------------------------------------------- */

const struct choice absence_reasons[] = {
	{ "annual", "年假", "Annual leave" }, { "sick", "病假", "Sick leave" }, { "personal", "事假", "Personal leave" }, { "in_lieu", "调休", "Time off in lieu" },
	{ "training", "培训", "Training" }, { "travel", "出差", "Business trip" }, { "other", "其他", "Other" }, { 0 },
};

static int absence_overlap(struct ctx *c, const struct absence *a)
{
	struct absence *rows;
	size_t n;
	char from[32];
	TRY(absences_of_user(c, a->user_id, a->from_at, a->to_at, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		if (rows[i].id == a->id)
			continue;
		time_format(rows[i].from_at, from);
		return fail_field(c, "from_at", ERR_TIME_OVERLAP, from);
	}
	return 0;
}

static int absence_before(struct ctx *c, const void *old, void *row)
{
	const struct absence *was = old;
	struct absence *a = row;
	struct user_account user;
	if (a->archived_at)
		return 0;
	if (a->to_at <= a->from_at)
		return fail_field(c, "to_at", ERR_TIME_ORDER, NULL);
	if (a->cover_id && a->cover_id == a->user_id)
		return fail_field(c, "cover_id", ERR_COVER_SELF, NULL);
	int r = user_account_row_get(c, a->user_id, &user);
	if (r == ERR_NOT_FOUND)
		return fail_field(c, "user_id", ERR_FIELD_REFERENCE, NULL);
	TRY(r);
	if (!was)
		a->team_id = user.team_id;
	return absence_overlap(c, a);
}

static const struct field absence_fields[] = {
	REF   (absence, user_id,  L("员工", "User"), .to = &user_record, .required = true, .fixed = true, .index = true),
	CHOICE(absence, reason,   L("原因", "Reason"), .of = absence_reasons, .initial = "annual"),
	TIME  (absence, from_at,  L("开始", "From"), .required = true, .sort = true),
	TIME  (absence, to_at,    L("结束", "To"), .required = true, .sort = true),
	REF   (absence, cover_id, L("代班人", "Cover"), .to = &user_record),
	REF   (absence, team_id,  L("小组", "Team"), .to = &team_record, .system = true),
};

const struct record absence_record = {
	.name = "absence", .label = L("请假", "Absence"), .plural = "Absences", .table = &table_absence, FIELDS(absence_fields), .title = { "reason" },
	.default_sort = "-from_at", .owner = "user_id", .team = "team_id", .before = absence_before,
};

/* Breaks ------------------------------------------------------------------------------------------------------------------- */

static const struct field reason_fields[] = {
	CODE (break_reason, code,          L("小休编号", "Reason code"), .required = true, .unique = true, .fixed = true, .most = 40),
	CODE (break_reason, name,          L("名称", "Name"), .required = true, .search = true, .most = 20),
	CODE (break_reason, name_en,       L("英文名称", "English name"), .search = true, .most = 20),
	COUNT(break_reason, limit_minutes, L("时限（分钟）", "Limit (minutes)"), .most = 1440, .heads = "时限", .initial = "0"),
	COUNT(break_reason, place,         L("次序", "Order"), .sort = true),
};

const struct record break_reason_record = {
	.name = "break_reason", .label = L("小休原因", "Break reason"), .plural = "Break reasons", .table = &table_break_reason, FIELDS(reason_fields), .title = { "name" },
	.default_sort = "place",
};

const struct choice attendance_states[] = { { "on", "在岗", "On duty" }, { "break", "小休", "On a break" }, { "off", "离岗", "Off" }, { 0 } };
static const struct choice attendance_causes[] = { { "said", "本人选择", "Said so" }, { "signed_out", "退出登录", "Signed out" }, { 0 } };

static const struct field attendance_fields[] = {
	REF   (attendance, user_id,   L("员工", "User"), .to = &user_record, .required = true, .index = true),
	CHOICE(attendance, state,     L("状态", "State"), .of = attendance_states),
	REF   (attendance, reason_id, L("小休原因", "Break reason"), .to = &break_reason_record),
	CHOICE(attendance, cause,     L("由来", "Cause"), .of = attendance_causes),
	TIME  (attendance, from_at,   L("开始", "From"), .sort = true),
	TIME  (attendance, to_at,     L("结束", "To")),
	REF   (attendance, team_id,   L("小组", "Team"), .to = &team_record, .system = true, .index = true),
};

const struct record attendance_record = {
	.name = "attendance", .label = L("在岗记录", "Attendance"), .plural = "Attendance records", .table = &table_attendance, FIELDS(attendance_fields), .title = { "state" },
	.default_sort = "-from_at", .owner = "user_id", .team = "team_id", .read_only = true, .no_import = true,
};

/* To begin with -------------------------------------------------------------------------------------------------------------- */

static const struct shift_kind first_kinds[] = {
	{ .code = "early", .name = "早班", .name_en = "Early", .hours = "08:30-17:30" },
	{ .code = "late", .name = "晚班", .name_en = "Late", .hours = "13:00-22:00" },
	{ .code = "night", .name = "夜班", .name_en = "Night", .hours = "22:00-08:00" },
};
static const struct break_reason first_reasons[] = {
	{ .code = "meal", .name = "用餐", .name_en = "Meal", .limit_minutes = 45 },
	{ .code = "rest", .name = "休息", .name_en = "Rest", .limit_minutes = 15 },
	{ .code = "training", .name = "培训", .name_en = "Training", .limit_minutes = 120 },
	{ .code = "meeting", .name = "会议", .name_en = "Meeting", .limit_minutes = 60 },
};

int duty_seed(struct ctx *c)
{
	for (size_t i = 0; i < sizeof(first_kinds) / sizeof(first_kinds[0]); i++) {
		struct shift_kind row = first_kinds[i];
		row.tenant = c->tenant;
		row.id = new_id(c);
		row.place = (int64_t)(i + 1) * 10;
		TRY(record_insert(c, &shift_kind_record, &row));
	}
	for (size_t i = 0; i < sizeof(first_reasons) / sizeof(first_reasons[0]); i++) {
		struct break_reason row = first_reasons[i];
		row.tenant = c->tenant;
		row.id = new_id(c);
		row.place = (int64_t)(i + 1) * 10;
		TRY(record_insert(c, &break_reason_record, &row));
	}
	return 0;
}
