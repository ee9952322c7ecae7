/* Numbers from a series per kind and day. */
#include "core/event/number.h"

#include "db/writer.h"
#include "gen/schema.h"

int number_next(struct ctx *c, const char *series, const char **no)
{
	return number_at(c, series, c->now, no);
}

int number_at(struct ctx *c, const char *series, time_ms at, const char **no)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	int year, month, date;
	day_split(day_of(at, (int)tenant.zone_minutes), &year, &month, &date);
	const char *day = arena_format(c->arena, "%s%04d%02d%02d", series, year, month, date);
	int64_t number;
	TRY(series_next(c, day, &number));
	*no = arena_format(c->arena, "%s%03lld", day, (long long)number);
	return 0;
}
