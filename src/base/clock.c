/* Clocks and the civil calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil). */
#include "base/clock.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"

static time_ms system_now(const struct clock *c)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (time_ms)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000 + c->offset_ms;
}

static time_ms manual_now(const struct clock *c)
{
	return c->manual_ms;
}

void clock_system(struct clock *c)
{
	c->now = system_now;
	c->manual_ms = 0;
	c->offset_ms = 0;
}

void clock_manual(struct clock *c, time_ms at)
{
	c->now = manual_now;
	c->manual_ms = at;
	c->offset_ms = 0;
}

static time_ms file_now(const struct clock *c)
{
	return *c->shown;
}

int clock_in_file(struct clock *c, const char *path)
{
	struct stat is;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ERR_INTERNAL;
	bool fits = fstat(fd, &is) == 0 && is.st_size == sizeof(int64_t);
	void *at = fits ? mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
	close(fd);
	if (at == MAP_FAILED)
		return ERR_INTERNAL;
	*c = (struct clock){ .now = file_now, .shown = at };
	return 0;
}

void clock_move(struct clock *c, int64_t by_ms)
{
	if (c->now == manual_now)
		c->manual_ms += by_ms;
	else
		c->offset_ms += by_ms;
}

int64_t monotonic_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t day_of(time_ms at, int offset_minutes)
{
	int64_t local = at + (int64_t)offset_minutes * MINUTE_MS;
	int64_t day = local / DAY_MS;
	return local % DAY_MS < 0 ? day - 1 : day;
}

int64_t day_join(int year, int month, int day_of_month)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

void day_split(int64_t day, int *year, int *month, int *day_of_month)
{
	int64_t z = day + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted_month = (5 * day_of_year + 2) / 153;
	*day_of_month = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
	*month = (int)(shifted_month + (shifted_month < 10 ? 3 : -9));
	*year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static bool digits_at(const char *text, int from, int n, int *value)
{
	*value = 0;
	for (int i = from; i < from + n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

int day_parse(const char *text, int64_t *day)
{
	int year, month, date;
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return ERR_FIELD_DAY;
	if (!digits_at(text, 0, 4, &year) || !digits_at(text, 5, 2, &month) || !digits_at(text, 8, 2, &date))
		return ERR_FIELD_DAY;
	if (year < 1700 || month < 1 || month > 12 || date < 1)
		return ERR_FIELD_DAY;
	int64_t found = day_join(year, month, date);
	int y, m, d;
	day_split(found, &y, &m, &d);
	if (y != year || m != month || d != date)
		return ERR_FIELD_DAY;
	*day = found;
	return 0;
}

void day_format(int64_t day, char out[static 16])
{
	int year, month, date;
	day_split(day, &year, &month, &date);
	snprintf(out, 16, "%04d-%02d-%02d", year % 10000, month % 100, date % 100);
}

void time_format(time_ms at, char out[static 32])
{
	int64_t day = day_of(at, 0);
	int year, month, date;
	day_split(day, &year, &month, &date);
	unsigned ms = (unsigned)(at - day * DAY_MS);
	snprintf(out, 32, "%04d-%02d-%02dT%02u:%02u:%02u.%03uZ", year % 10000, month % 100, date % 100, ms / HOUR_MS % 24,
	         ms / MINUTE_MS % 60, ms / SECOND_MS % 60, ms % SECOND_MS);
}
