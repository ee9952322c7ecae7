/* What an operand stands for among the integers: a number for itself, a day for its milliseconds, a word for days of the calendar.
 * From there on, memory and SQL see two numbers and no time any more. */
#include <string.h>

#include "engine/expr/expr_private.h"

static const struct span nothing = { 1, 0 };

int64_t unit_ms(enum expr_unit unit)
{
	static const int64_t ms[] = {
		[EXPR_SECONDS] = SECOND_MS, [EXPR_MINUTES] = MINUTE_MS, [EXPR_HOURS] = HOUR_MS, [EXPR_DAYS] = DAY_MS,
		[EXPR_WEEKS] = 7 * DAY_MS, [EXPR_YEARS] = 0,
	};
	return ms[unit];
}

/* ---- days ---- */

static int64_t days_in(int year, int month)
{
	return day_join(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) - day_join(year, month, 1);
}

/* The same day of another month, or that month's last. */
static int64_t move_months(int64_t day, int64_t months)
{
	int year, month, date;
	day_split(day, &year, &month, &date);
	int64_t sum = (int64_t)year * 12 + month - 1 + months;
	year = (int)(sum >= 0 ? sum / 12 : (sum - 11) / 12);
	month = (int)(sum - (int64_t)year * 12) + 1;
	int64_t most = days_in(year, month);
	return day_join(year, month, date < most ? date : (int)most);
}

static int64_t move_day(int64_t day, int64_t shift, enum expr_unit unit)
{
	switch (unit) {
	case EXPR_DAYS:   return day + shift;
	case EXPR_WEEKS:  return day + 7 * shift;
	case EXPR_MONTHS: return move_months(day, shift);
	case EXPR_YEARS:  return move_months(day, 12 * shift);
	default:          return day;
	}
}

static int64_t wall_of(const struct expr_env *env)
{
	return env->now + zone_offset(env->zone, env->now);
}

static struct span days_of_week(int64_t today, int64_t weeks)
{
	int64_t monday = today - ((today + 3) % 7 + 7) % 7 + 7 * weeks;         /* 1970-01-01 was a Thursday */
	return (struct span){ monday, monday + 6 };
}

static struct span days_of_months(int64_t day, int64_t months)
{
	return (struct span){ day, move_months(day, months) - 1 };
}

static struct span days_of(enum expr_word word, const struct expr_env *env)
{
	int year, month, date;
	int64_t today = day_of(wall_of(env), 0);
	day_split(today, &year, &month, &date);
	int64_t first = day_join(year, month, 1), new_year = day_join(year, 1, 1);
	switch (word) {
	case WORD_YESTERDAY:  return (struct span){ today - 1, today - 1 };
	case WORD_TOMORROW:   return (struct span){ today + 1, today + 1 };
	case WORD_LAST_WEEK:  return days_of_week(today, -1);
	case WORD_THIS_WEEK:  return days_of_week(today, 0);
	case WORD_NEXT_WEEK:  return days_of_week(today, 1);
	case WORD_LAST_MONTH: return days_of_months(move_months(first, -1), 1);
	case WORD_THIS_MONTH: return days_of_months(first, 1);
	case WORD_NEXT_MONTH: return days_of_months(move_months(first, 1), 1);
	case WORD_LAST_YEAR:  return days_of_months(day_join(year - 1, 1, 1), 12);
	case WORD_THIS_YEAR:  return days_of_months(new_year, 12);
	case WORD_NEXT_YEAR:  return days_of_months(day_join(year + 1, 1, 1), 12);
	default:              return (struct span){ today, today };
	}
}

/* ---- instants ---- */

/* Hours are exact, months follow the wall. */
static time_ms move_instant(time_ms at, int64_t shift, enum expr_unit unit, const struct zone *z)
{
	if (unit < EXPR_MONTHS)
		return at + shift * unit_ms(unit);
	int64_t wall = at + zone_offset(z, at), day = day_of(wall, 0);
	return zone_instant(z, move_day(day, shift, unit) * DAY_MS + (wall - day * DAY_MS));
}

static struct span instants_of(struct span days, const struct zone *z)
{
	return (struct span){ zone_instant(z, days.first * DAY_MS), zone_instant(z, (days.last + 1) * DAY_MS) - 1 };
}

/* ---- operands ---- */

static struct span point(int64_t i)
{
	return (struct span){ i, i };
}

static struct span person(int64_t id)
{
	return id > 0 ? point(id) : nothing;
}

static struct span of_word(enum expr_type type, const struct expr_operand *o, const struct expr_env *env)
{
	switch (o->word) {
	case WORD_ME:        return person(env->me);
	case WORD_MY_TEAM:   return person(env->my_team);
	case WORD_MY_REGION: return person(env->my_region);
	case WORD_NOW:       return point(o->shift ? move_instant(env->now, o->shift, o->unit, env->zone) : env->now);
	default:             break;
	}
	struct span days = days_of(o->word, env);
	if (o->shift)
		days = point(move_day(days.first, o->shift, o->unit));
	return type == EXPR_DAY ? days : instants_of(days, env->zone);
}

/* Of age(x) and until(x): the instant or day that x is compared with. */
static struct span of_function(enum expr_type type, enum expr_function function, const struct expr_operand *o, const struct expr_env *env)
{
	int64_t shift = function == FUNCTION_AGE ? -o->i : o->i;
	if (type == EXPR_TIME)
		return point(move_instant(env->now, shift, o->unit, env->zone));
	return point(move_day(days_of(WORD_TODAY, env).first, shift, o->unit));
}

static struct span of_operand(enum expr_type type, const struct expr_operand *o, const struct expr_env *env)
{
	if (o->kind == OPERAND_WORD)
		return of_word(type, o, env);
	if (o->kind == OPERAND_DAY && type == EXPR_TIME)
		return instants_of(point(o->i), env->zone);
	return point(o->i);
}

/* From what an operand is to what passes beside it. */
static struct span passing(enum expr_op op, struct span is)
{
	if (is.first > is.last)
		return nothing;
	switch (op) {
	case ATOM_LESS:     return (struct span){ SPAN_FROM, is.first - 1 };
	case ATOM_AT_MOST:  return (struct span){ SPAN_FROM, is.last };
	case ATOM_MORE:     return is.last == SPAN_TO ? nothing : (struct span){ is.last + 1, SPAN_TO };
	case ATOM_AT_LEAST: return (struct span){ is.first, SPAN_TO };
	case ATOM_PRESENT:  return (struct span){ SPAN_FROM, SPAN_TO };
	default:            return is;
	}
}

/* An older thing lies further back. */
static enum expr_op turned(enum expr_op op)
{
	static const enum expr_op other[] = {
		[ATOM_LESS] = ATOM_MORE, [ATOM_AT_MOST] = ATOM_AT_LEAST, [ATOM_MORE] = ATOM_LESS, [ATOM_AT_LEAST] = ATOM_AT_MOST,
	};
	return other[op];
}

struct span span_of(enum expr_type type, enum expr_function function, enum expr_op op, const struct expr_operand *o, const struct expr_env *env)
{
	if (op == ATOM_PRESENT)
		return passing(op, point(0));
	if (function == FUNCTION_NONE)
		return passing(op, of_operand(type, o, env));
	return passing(function == FUNCTION_AGE ? turned(op) : op, of_function(type, function, o, env));
}

struct span span_between(enum expr_type type, enum expr_op op, const struct expr_operand *o)
{
	int64_t shift = 0;
	if (o->shift)
		shift = o->shift * (type == EXPR_TIME ? unit_ms(o->unit) : o->unit == EXPR_WEEKS ? 7 : 1);
	return passing(op, point(shift));
}

/* ---- texts and reals ---- */

const char *expr_folded(struct arena *a, enum expr_type type, const char *text)
{
	if (type != EXPR_TEXT)
		return text;
	char *folded = arena_string(a, text);
	for (char *p = folded; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return folded;
}

const char *expr_compared(struct arena *a, const struct expr_field *f, const char *text)
{
	return f->fold ? f->fold(a, text) : expr_folded(a, f->type, text);
}

/* Both sides are exact as doubles, so the quotient is the double nearest to what was written. */
double expr_real(const struct expr_operand *o)
{
	double unit = 1;
	for (unsigned i = 0; i < o->scale; i++)
		unit *= 10;
	return (double)o->i / unit;
}
