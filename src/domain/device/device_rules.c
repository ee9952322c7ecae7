/* Pure decisions about devices. */
#include "base/clock.h"
#include "domain/device/device.h"

static int days_in_month(int year, int month)
{
	int64_t next = month == 12 ? day_join(year + 1, 1, 1) : day_join(year, month + 1, 1);
	return (int)(next - day_join(year, month, 1));
}

int64_t warranty_until(int64_t purchased_on, int64_t installed_on, int64_t months)
{
	int64_t from = installed_on > purchased_on ? installed_on : purchased_on;
	if (from == 0 || months <= 0)
		return 0;
	int year, month, date;
	day_split(from, &year, &month, &date);
	int64_t count = (int64_t)year * 12 + month - 1 + months;
	int to_year = (int)(count / 12), to_month = (int)(count % 12) + 1;
	int most = days_in_month(to_year, to_month);
	return day_join(to_year, to_month, date < most ? date : most);
}
