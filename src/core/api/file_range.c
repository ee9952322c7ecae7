#include "core/api/file_range.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_MOST = 18 };

/* A number of digits alone; −1: there is none. */
static int64_t number(const char **p)
{
	size_t n = strspn(*p, "0123456789");
	int64_t value = !n ? -1 : n > DIGITS_MOST ? INT64_MAX : strtoll(*p, NULL, 10);
	*p += n;
	return value;
}

static struct file_range from_to(int64_t first, int64_t last)
{
	return first <= last ? (struct file_range){ RANGE_PART, first, last - first + 1 } : (struct file_range){ .kind = RANGE_OUTSIDE };
}

struct file_range file_range_of(const char *header, int64_t size)
{
	static const char unit[] = "bytes=";
	const struct file_range whole = { .kind = RANGE_WHOLE };
	if (!header || strncmp(header, unit, strlen(unit)) != 0)
		return whole;
	const char *p = header + strlen(unit);
	int64_t first = number(&p);
	if (*p++ != '-')
		return whole;
	int64_t last = number(&p);
	if (*p || (first < 0 && last < 0) || (first >= 0 && last >= 0 && last < first))
		return whole;
	if (first < 0)                  /* so many at the end */
		return from_to(last < size ? size - last : 0, last ? size - 1 : -1);
	return from_to(first, last < 0 || last >= size ? size - 1 : last);
}
