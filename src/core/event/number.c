/* Numbers from a counter row per series and day. */
#include "core/event/number.h"

#include "gen/number_sql.h"

int number_next(struct ctx *c, const char *series, const char **no)
{
	struct tenant_zone_row zone;
	TRY(tenant_zone(c, &zone));
	int year, month, date;
	day_split(day_of(c->now, (int)zone.zone_minutes), &year, &month, &date);
	const char *day = arena_format(c->arena, "%s%04d%02d%02d", series, year, month, date);
	struct number_take_row taken;
	TRY(number_take(c, day, &taken));
	*no = arena_format(c->arena, "%s%03lld", day, (long long)taken.last);
	return 0;
}
