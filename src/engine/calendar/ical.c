/* Events of a file, one after another, become rows of days; at the end the rows of a day are made one. */
#include "engine/calendar/ical.h"

#include <stdlib.h>
#include <string.h>

#include "engine/calendar/ical_private.h"

enum { MOST_DEPTH = 8, MOST_ROWS = 40000, MOST_EXCLUDED = 1000, LONGEST_EVENT_DAYS = 366, NAME_CHARACTERS = 60 };

enum mark { UNMARKED, MARKED_OFF, MARKED_WORK };

struct event {
	unsigned line;
	bool has_start, has_end, has_fault, is_cancelled;
	enum mark mark;
	struct ical_moment start, end;
	int64_t duration_ms;            /* -1: not given */
	struct ical_rule rule;
	struct ical_moment *excluded;
	size_t excluded_count, excluded_room;
	const char *name;
};

struct row {
	int64_t day;
	int32_t from, to;               /* without: the closed times; else 0 */
	bool is_work, is_marked;
	unsigned line;
	const char *name;
};

struct import {
	struct arena *arena;
	const struct ical_wish *wish;
	struct ical_result *out;
	struct event event;
	const char *open[MOST_DEPTH];   /* components that are open */
	size_t depth;
	struct row *rows;
	size_t row_count, row_room, marked_events, used_events;
	struct zone zone;               /* of the TZID seen last */
};

static void add_fault(struct import *im, unsigned line, int code, const char *arg)
{
	struct ical_result *out = im->out;
	if (out->fault_count < ICAL_MOST_FAULTS)
		out->faults[out->fault_count++] = (struct ical_fault){
			line, code, arg ? arena_string_n(im->arena, arg, utf8_prefix(arg, 80)) : NULL,
		};
}

/* ---- rows ---- */

static int add_row(struct import *im, const struct row *row)
{
	if (row->day < im->wish->first || row->day > im->wish->last)
		return 0;
	if (im->row_count == MOST_ROWS)
		return ERR_ICAL_LIMIT;
	ARENA_GROW(im->arena, im->rows, im->row_count, im->row_room);
	im->rows[im->row_count++] = *row;
	return 0;
}

static int64_t floor_day(int64_t wall_ms)
{
	return wall_ms / DAY_MS - (wall_ms % DAY_MS < 0);
}

static bool is_excluded(const struct import *im, int64_t day, time_ms at)
{
	const struct event *e = &im->event;
	for (size_t i = 0; i < e->excluded_count; i++) {
		const struct ical_moment *x = &e->excluded[i];
		if (e->start.is_day || x->is_day ? floor_day(x->wall_ms) == day : ical_instant(x, im->wish->home) == at)
			return true;
	}
	return false;
}

static bool is_after_until(const struct import *im, int64_t day, time_ms at)
{
	const struct event *e = &im->event;
	struct ical_moment until = e->rule.until;
	if (!e->rule.has_until)
		return false;
	if (until.is_day)
		return day > floor_day(until.wall_ms);
	if (!until.zone)
		until.zone = e->start.zone;
	return at > ical_instant(&until, im->wish->home);
}

/* The closed times of one occurrence, day by day on the wall at home. */
static int add_times(struct import *im, time_ms from, time_ms to, const struct row *pattern)
{
	const struct zone *home = im->wish->home;
	int64_t wall_from = from + zone_offset(home, from), wall_to = to + zone_offset(home, to);
	for (int64_t day = floor_day(wall_from); day * DAY_MS < wall_to; day++) {
		struct row row = *pattern;
		row.day = day;
		row.from = wall_from > day * DAY_MS ? (int32_t)(wall_from - day * DAY_MS) : 0;
		row.to = wall_to < (day + 1) * DAY_MS ? (int32_t)(wall_to - day * DAY_MS) : (int32_t)DAY_MS;
		if (row.to <= row.from)
			continue;                                 /* nothing, or an hour that the wall shows twice */
		if (row.is_work || row.to - row.from == DAY_MS)
			row.from = row.to = 0;                    /* all of the day */
		TRY(add_row(im, &row));
	}
	return 0;
}

static int add_occurrence(struct import *im, int64_t day, const struct row *pattern)
{
	const struct event *e = &im->event;
	struct ical_moment start = e->start, end = e->end;
	int64_t moved = day * DAY_MS - floor_day(start.wall_ms) * DAY_MS;
	start.wall_ms += moved;
	end.wall_ms += moved;
	time_ms from = ical_instant(&start, im->wish->home), to = ical_instant(&end, im->wish->home);
	if (is_after_until(im, day, from) || is_excluded(im, day, from))
		return 0;
	if (!start.is_day)
		return add_times(im, from, to, pattern);
	for (struct row row = *pattern; (row.day = floor_day(start.wall_ms)) * DAY_MS < end.wall_ms; start.wall_ms += DAY_MS)
		TRY(add_row(im, &row));
	return 0;
}

static bool holds_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strstr(text, *words))
			return true;
	return false;
}

static bool is_working_day(const struct event *e)
{
	static const char *const work[] = { "补班", "上班", "（班）", "(班)", NULL };
	static const char *const rest[] = { "不上班", "不用上班", "无需上班", "停止上班", NULL };
	if (e->mark != UNMARKED)
		return e->mark == MARKED_WORK;
	return holds_one_of(e->name, work) && !holds_one_of(e->name, rest);
}

static int add_event(struct import *im)
{
	const struct event *e = &im->event;
	struct row pattern = { .is_work = is_working_day(e), .is_marked = e->mark != UNMARKED, .line = e->line, .name = e->name };
	struct ical_walk walk;
	int64_t day, start = floor_day(e->start.wall_ms);
	int64_t first = im->wish->first, last = im->wish->last + 1;     /* zones differ by a day at most */
	first -= floor_day(e->end.wall_ms) - start + 2;
	if (e->rule.has_until && floor_day(e->rule.until.wall_ms) + 1 < last)
		last = floor_day(e->rule.until.wall_ms) + 1;
	ical_walk_start(&walk, &e->rule, start, first, last);
	while (ical_walk_next(&walk, &day))
		if (day >= first && day <= last)
			TRY(add_occurrence(im, day, &pattern));
	return 0;
}

/* ---- events ---- */

static int unsupported(struct import *im, const struct ical_line *l)
{
	return ERR_ICAL_RULE;
}

static int find_zone(struct import *im, const struct ical_line *l, struct ical_moment *m)
{
	const char *name = m->is_day || m->zone ? NULL : ical_parameter(im->arena, l, "TZID");
	if (!name || text_equal(name, im->wish->home->name))
		return 0;
	if (!text_equal(name, im->zone.name))
		TRY(im->wish->zone(im->arena, name, &im->zone));
	struct zone *kept = arena_copy(im->arena, &im->zone, sizeof(im->zone));
	m->zone = kept;
	return 0;
}

static int read_moment(struct import *im, const struct ical_line *l, struct ical_moment *out)
{
	TRY(ical_moment_parse(l->value, out));
	return find_zone(im, l, out);
}

static int read_start(struct import *im, const struct ical_line *l)
{
	im->event.has_start = true;
	return read_moment(im, l, &im->event.start);
}

static int read_end(struct import *im, const struct ical_line *l)
{
	im->event.has_end = true;
	return read_moment(im, l, &im->event.end);
}

static int read_duration(struct import *im, const struct ical_line *l)
{
	return ical_duration_parse(l->value, &im->event.duration_ms);
}

static int read_rule(struct import *im, const struct ical_line *l)
{
	return im->event.rule.frequency == ICAL_ONCE ? ical_rule_parse(im->arena, l->value, &im->event.rule) : ERR_ICAL_RULE;
}

static int read_excluded(struct import *im, const struct ical_line *l)
{
	struct event *e = &im->event;
	for (char *s = l->value, *comma; s; s = comma ? comma + 1 : NULL) {
		comma = strchr(s, ',');
		if (comma)
			*comma = '\0';
		struct ical_line one = { l->number, l->name, l->parameters, s };
		if (e->excluded_count == MOST_EXCLUDED)
			return ERR_ICAL_LIMIT;
		ARENA_GROW(im->arena, e->excluded, e->excluded_count, e->excluded_room);
		TRY(read_moment(im, &one, &e->excluded[e->excluded_count]));
		e->excluded_count++;
	}
	return 0;
}

static int read_summary(struct import *im, const struct ical_line *l)
{
	im->event.name = ical_text(im->arena, l->value, NAME_CHARACTERS);
	return 0;
}

static int read_status(struct import *im, const struct ical_line *l)
{
	im->event.is_cancelled = strcasecmp(l->value, "CANCELLED") == 0;
	return 0;
}

static int read_mark(struct import *im, const struct ical_line *l)
{
	im->event.mark = !strcmp(l->value, "WORK-HOLIDAY") ? MARKED_OFF : !strcmp(l->value, "ALTERNATE-WORKDAY") ? MARKED_WORK : UNMARKED;
	return 0;
}

static const struct property {
	const char *name;
	int (*read)(struct import *im, const struct ical_line *l);
} properties[] = {
	{ "DTSTART", read_start }, { "DTEND", read_end }, { "DURATION", read_duration }, { "RRULE", read_rule }, { "EXDATE", read_excluded },
	{ "SUMMARY", read_summary }, { "STATUS", read_status }, { "X-APPLE-SPECIAL-DAY", read_mark },
	{ "RDATE", unsupported }, { "EXRULE", unsupported }, { "RECURRENCE-ID", unsupported },
};

static void read_property(struct import *im, const struct ical_line *l)
{
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++) {
		if (strcmp(l->name, properties[i].name) != 0)
			continue;
		int r = properties[i].read(im, l);
		if (r == 0)
			return;
		const char *zone = r == ERR_ZONE ? ical_parameter(im->arena, l, "TZID") : NULL;
		add_fault(im, l->number, r, zone ? zone : properties[i].read == unsupported ? l->name : l->value);
		im->event.has_fault = true;
	}
}

/* Fills in what the file left out; ERR_ICAL_EVENT for what cannot be. */
static int complete(struct import *im)
{
	struct event *e = &im->event;
	const struct zone *home = im->wish->home;
	if (!e->has_start || (e->has_end && (e->duration_ms >= 0 || e->end.is_day != e->start.is_day)))
		return ERR_ICAL_EVENT;
	int64_t length = e->duration_ms >= 0 ? e->duration_ms : e->start.is_day ? DAY_MS : 0;
	if (!e->has_end) {
		e->end = e->start;
		e->end.wall_ms += length;
	}
	if (e->start.is_day && e->end.wall_ms == e->start.wall_ms)
		e->end.wall_ms += DAY_MS;                         /* many programs write one day so */
	time_ms from = ical_instant(&e->start, home), to = ical_instant(&e->end, home);
	return to >= from && to - from <= LONGEST_EVENT_DAYS * DAY_MS ? 0 : ERR_ICAL_EVENT;
}

static int end_event(struct import *im)
{
	struct event *e = &im->event;
	if (++im->out->events > ICAL_MOST_EVENTS)
		return ERR_ICAL_LIMIT;
	if (e->is_cancelled)
		im->out->left_out++;
	if (e->is_cancelled || e->has_fault)
		return 0;
	int r = complete(im);
	if (r < 0) {
		add_fault(im, e->line, r, NULL);
		return 0;
	}
	im->used_events++;
	im->marked_events += e->mark != UNMARKED;
	return add_event(im);
}

/* ---- components ---- */

static bool in_event(const struct import *im)
{
	return im->depth == 2 && strcasecmp(im->open[1], "VEVENT") == 0;
}

static int begin(struct import *im, const struct ical_line *l)
{
	if (im->depth == MOST_DEPTH)
		return ERR_ICAL_LIMIT;
	if (im->depth == 0 && strcasecmp(l->value, "VCALENDAR") != 0)
		return ERR_ICAL_FORMAT;
	im->open[im->depth++] = arena_string(im->arena, l->value);
	if (in_event(im))
		im->event = (struct event){ .line = l->number, .duration_ms = -1, .name = "", .rule = { .interval = 1 } };
	return 0;
}

static int end(struct import *im, const struct ical_line *l)
{
	if (im->depth == 0 || strcasecmp(im->open[im->depth - 1], l->value) != 0)
		return ERR_ICAL_FORMAT;
	int r = in_event(im) ? end_event(im) : 0;
	im->depth--;
	return r;
}

/* An error here means that nothing of the file is used. */
static int read_line(struct import *im, const struct ical_line *l)
{
	if (strcmp(l->name, "BEGIN") == 0)
		return begin(im, l);
	if (strcmp(l->name, "END") == 0)
		return end(im, l);
	if (im->depth == 0)
		return ERR_ICAL_FORMAT;
	if (in_event(im))
		read_property(im, l);
	return 0;
}

static int read_lines(struct import *im, struct ical_reader *reader)
{
	struct ical_line l;
	int r;
	for (; (r = ical_next_line(reader, &l)) != 0; arena_reset(reader->arena)) {
		if (r == ERR_ICAL_LINE && im->depth) {
			add_fault(im, l.number, r, NULL);
			continue;
		}
		if (r > 0)
			r = read_line(im, &l);
		if (r == ERR_ICAL_LINE)
			r = ERR_ICAL_FORMAT;
		if (r < 0) {
			im->out->fault_count -= im->out->fault_count == ICAL_MOST_FAULTS;       /* room for the one that counts */
			add_fault(im, l.number, r, NULL);
			return r;
		}
	}
	if (im->depth || !reader->number) {
		add_fault(im, reader->number, im->depth ? ERR_ICAL_CUT : ERR_ICAL_FORMAT, NULL);
		return im->depth ? ERR_ICAL_CUT : ERR_ICAL_FORMAT;
	}
	return 0;
}

/* ---- the days ---- */

static bool is_whole(const struct row *r)
{
	return r->to == 0;
}

static int compare_rows(const void *left, const void *right)
{
	const struct row *x = left, *y = right;
	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	if (is_whole(x) != is_whole(y))
		return is_whole(x) ? -1 : 1;
	if (x->from != y->from || x->to != y->to)
		return x->from != y->from ? (x->from < y->from ? -1 : 1) : x->to < y->to ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static void add_day(struct import *im, const struct row *row)
{
	struct day_form *d = &im->out->days[im->out->n++];
	*d = (struct day_form){ .day = row->day, .kind = row->is_work ? "work" : is_whole(row) ? "closed" : "without" };
	if (*row->name) {
		d->name = ARENA_NEW(im->arena, struct label_form);
		d->name->zh = d->name->en = row->name;
	}
	if (is_whole(row))
		return;
	const char **hours = ARENA_NEW(im->arena, const char *);
	*hours = calendar_hours_text(im->arena, (struct calendar_hours){ row->from, row->to });
	d->hours = (struct list){ hours, 1 };
}

/* What a day already has decides whether another row of it says something new. */
static bool is_new(struct import *im, const struct row *row, const struct row *whole, const struct row *before)
{
	if (is_whole(row) && whole && row->is_work != whole->is_work) {
		char day[16];
		day_format(row->day, day);
		add_fault(im, row->line, ERR_ICAL_CONFLICT, day);
	}
	if (whole && (is_whole(row) || !whole->is_work))
		return false;
	return !before || before->from != row->from || before->to != row->to;
}

static int make_days(struct import *im)
{
	const struct row *whole = NULL, *before = NULL;
	if (im->row_count)
		qsort(im->rows, im->row_count, sizeof(*im->rows), compare_rows);
	im->out->days = ARENA_ARRAY(im->arena, struct day_form, im->row_count + 1);
	for (size_t i = 0; i < im->row_count; i++) {
		const struct row *row = &im->rows[i];
		if (im->marked_events && !row->is_marked)
			continue;
		if (before && before->day != row->day)
			whole = before = NULL;
		if (!is_new(im, row, whole, before))
			continue;
		if (im->out->n == CALENDAR_MOST_DAYS)
			return ERR_ICAL_LIMIT;
		add_day(im, row);
		before = row;
		whole = is_whole(row) ? row : whole;
	}
	if (im->marked_events)
		im->out->left_out += im->used_events - im->marked_events;
	return 0;
}

static int compare_faults(const void *left, const void *right)
{
	const struct ical_fault *x = left, *y = right;
	return x->line < y->line ? -1 : x->line > y->line;
}

int ical_read(struct arena *a, const char *text, size_t n, const struct ical_wish *wish, struct ical_result *out)
{
	*out = (struct ical_result){ .faults = ARENA_ARRAY(a, struct ical_fault, ICAL_MOST_FAULTS) };
	struct import im = { .arena = a, .wish = wish, .out = out };
	int r = n > ICAL_MOST_BYTES || wish->last - wish->first > ICAL_MOST_YEARS * 366 ? ERR_ICAL_LIMIT : !utf8_is_text(text, n) ? ERR_ENCODING : 0;
	if (r < 0) {
		add_fault(&im, 1, r, NULL);
		return r;
	}
	size_t mark = n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
	ARENA_SCOPED lines = arena_new();
	struct ical_reader reader = { .arena = lines, .at = text + mark, .end = text + n };
	TRY(read_lines(&im, &reader));
	r = make_days(&im);
	if (r < 0)
		add_fault(&im, reader.number, r, NULL);
	qsort(out->faults, out->fault_count, sizeof(*out->faults), compare_faults);
	return r;
}
