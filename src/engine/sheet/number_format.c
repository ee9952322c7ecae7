/* Number formats of workbooks. */
#include "engine/sheet/number_format.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

unsigned char number_format_built_in(unsigned id)
{
	bool date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
	return date ? FORMAT_DATE : FORMAT_PLAIN;
}

/* Moves over what is shown as it stands: "text", \c, _c, *c, [colour]. False when p is not such a part. */
static bool skip_literal(const char **p)
{
	char close = **p == '"' ? '"' : **p == '[' ? ']' : 0;
	if (close) {
		/* [h], [mm], [ss] count hours past 24: a length of time, read like a time of day. */
		if (close == ']' && strchr("hmsHMS", (*p)[1]) && (*p)[1])
			return false;
		const char *end = strchr(*p + 1, close);
		*p = end ? end + 1 : *p + strlen(*p);
		return true;
	}
	if (**p != '\\' && **p != '_' && **p != '*')
		return false;
	*p += (*p)[1] ? 2 : 1;
	return true;
}

unsigned char number_format_of_code(const char *code)
{
	size_t zeros = strspn(code, "0");
	if (zeros > 1 && zeros < 100 && (code[zeros] == '\0' || code[zeros] == ';'))
		return (unsigned char)zeros;
	if (strncmp(code, "General", 7) == 0)
		return FORMAT_PLAIN;
	for (const char *p = code; *p && *p != ';';) {
		if (skip_literal(&p))
			continue;
		if (strchr("yYmMdDhHsS", *p))
			return FORMAT_DATE;
		p++;
	}
	return FORMAT_PLAIN;
}

static bool parse(const char *raw, double *value)
{
	char *end;
	*value = strtod(raw, &end);
	return end != raw && *end == '\0' && isfinite(*value);
}

bool number_write(const char *raw, unsigned char format, char out[64])
{
	double value;
	size_t digits = strspn(raw, "0123456789");
	bool plain = raw[digits] == '\0' && digits && digits <= 15;
	if (plain && (format == FORMAT_PLAIN || format == FORMAT_DATE)) {
		memcpy(out, raw, digits + 1);
		return true;
	}
	if (!parse(raw, &value))
		return false;
	bool whole = value == floor(value) && fabs(value) < 1e15;
	if (whole && format != FORMAT_PLAIN && format != FORMAT_DATE)
		snprintf(out, 64, "%0*.0f", format > 60 ? 60 : format, value);
	else if (whole)
		snprintf(out, 64, "%.0f", value + 0.0);
	else if (fabs(value) >= 1e15)
		snprintf(out, 64, "%.14E", value);
	else if (fabs(value) >= 1e-4)
		snprintf(out, 64, "%.15g", value);
	else
		snprintf(out, 64, "%.12f", value);
	return true;
}

bool number_write_date(const char *raw, bool base_1904, char out[64])
{
	double serial;
	if (!parse(raw, &serial) || serial < 0 || serial >= 2958466)
		return false;
	int64_t second = (int64_t)llround((serial - floor(serial)) * 86400);
	int64_t day = (int64_t)floor(serial) + second / 86400;
	second %= 86400;
	int hour = (int)(second / 3600), minute = (int)(second / 60 % 60);
	if (day == 0 && !base_1904) {
		snprintf(out, 64, "%02d:%02d:%02d", hour, minute, (int)(second % 60));
		return true;
	}
	/* Day 60 of the 1900 calendar is 29 February 1900, which never was: days before it are one too small. */
	day = base_1904 ? day - 24107 : day < 60 ? day - 25568 : day - 25569;
	char written[16];
	day_format(day, written);
	if (second)
		snprintf(out, 64, "%s %02d:%02d:%02d", written, hour, minute, (int)(second % 60));
	else
		snprintf(out, 64, "%s", written);
	return true;
}
