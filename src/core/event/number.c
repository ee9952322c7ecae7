/* Numbers from a counter row per series and day. */
#include "core/event/number.h"

#include "gen/number_sql.h"

int number_next(struct ctx *c, const char *series, const char **no)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	int year, month, date;
	day_split(day_of(c->now, (int)tenant.zone_minutes), &year, &month, &date);
	const char *day = arena_format(c->arena, "%s%04d%02d%02d", series, year, month, date);
	struct number_take_row taken;
	TRY(number_take(c, day, &taken));
	*no = arena_format(c->arena, "%s%03lld", day, (long long)taken.last);
	return 0;
}
