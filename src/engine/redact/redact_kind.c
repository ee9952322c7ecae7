/* Which numbers are personal: phones by the numbering plan, identity numbers by GB 11643, bank cards by Luhn (ISO/IEC 7812-1). */
#include <string.h>

#include "engine/redact/redact_private.h"

static unsigned pair(const uint8_t *d)
{
	return d[0] * 10u + d[1];
}

/* ---- identity numbers ---- */

static bool is_province(unsigned code)
{
	return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) || (code >= 41 && code <= 46) ||
	       (code >= 50 && code <= 54) || (code >= 61 && code <= 65) || code == 71 || (code >= 81 && code <= 83) || code == 91;
}

static bool is_birth(const uint8_t *month_day)
{
	unsigned month = pair(month_day), day = pair(month_day + 2);
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* ISO 7064 MOD 11-2: weights 2^(18-i) mod 11. */
static bool is_checked(const uint8_t *d, unsigned check)
{
	static const unsigned weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	unsigned sum = 0;
	for (size_t i = 0; i < 17; i++)
		sum += d[i] * weights[i];
	return (12 - sum % 11) % 11 == check;
}

/* A wrong last digit does not make it less personal: a plausible birth day is enough when it is written in one piece. */
static bool is_identity(const struct number_shape *s)
{
	const uint8_t *d = s->digits;
	if (s->n == 15 && !s->ends_in_x && s->group_count == 1)
		return is_province(pair(d)) && is_birth(d + 8);
	if (s->n != (s->ends_in_x ? 17u : 18u) || !is_province(pair(d)))
		return false;
	bool birth = (pair(d + 6) == 19 || pair(d + 6) == 20) && is_birth(d + 10);
	bool checked = is_checked(d, s->ends_in_x ? 10 : d[17]);
	return s->group_count == 1 ? birth || checked : birth && checked;
}

/* ---- cards ---- */

static bool is_luhn(const uint8_t *d, size_t n)
{
	unsigned sum = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned digit = d[n - 1 - i] * (i % 2 ? 2u : 1u);
		sum += digit > 9 ? digit - 9 : digit;
	}
	return sum % 10 == 0;
}

static bool is_card(const struct number_shape *s)
{
	if (s->ends_in_x || s->plus)
		return false;
	bool amex = s->n == 15 && s->digits[0] == 3 && (s->digits[1] == 4 || s->digits[1] == 7);
	bool other = s->n >= 16 && s->n <= 19 && ((s->digits[0] >= 3 && s->digits[0] <= 6) || s->digits[0] == 9);
	if (!amex && !other)
		return false;
	for (size_t i = 0; i + 1 < s->group_count; i++)
		if (s->groups[i] < 4)
			return false;
	return is_luhn(s->digits, s->n);
}

/* ---- phones ---- */

/* Without this, 1500 1600 180 would be a mobile. Groups are written as digits: 344 is 138 1234 5678. */
static bool is_usual_grouping(const uint8_t *groups, size_t count)
{
	static const char *const usual[] = { "B", "344", "38", "74", "335", "353", "32222", "56", "65", "3323", "3332" };
	char shape[24];
	bool singles = count == 11;
	for (size_t i = 0; i < count && i < sizeof(shape) - 1; i++) {
		singles = singles && groups[i] == 1;
		shape[i] = (char)(groups[i] < 10 ? '0' + groups[i] : 'A' + groups[i] - 10);
	}
	shape[count < sizeof(shape) - 1 ? count : sizeof(shape) - 1] = '\0';
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (strcmp(shape, usual[i]) == 0)
			return true;
	return singles;
}

/* Drops `prefix` digits from the front, also when they share a group with others; false when a group ends inside them. */
static bool drop(const struct number_shape *s, size_t prefix, struct number_shape *rest, uint8_t groups[24])
{
	size_t skipped = 0, i = 0;
	*rest = (struct number_shape){ .digits = s->digits + prefix, .n = s->n - prefix, .groups = groups };
	for (; i < s->group_count && skipped + s->groups[i] <= prefix; i++)
		skipped += s->groups[i];
	for (; i < s->group_count && rest->group_count < 24; i++) {
		groups[rest->group_count++] = (uint8_t)(s->groups[i] - (prefix - skipped));
		skipped = prefix;
	}
	return rest->group_count > 0;
}

static bool is_mobile_after(const struct number_shape *s, size_t prefix)
{
	uint8_t groups[24];
	struct number_shape rest;
	if (s->n != prefix + 11 || s->digits[prefix] != 1 || s->digits[prefix + 1] < 3 || !drop(s, prefix, &rest, groups))
		return false;
	return is_usual_grouping(rest.groups, rest.group_count);
}

static bool starts(const struct number_shape *s, const char *prefix)
{
	size_t n = strlen(prefix);
	for (size_t i = 0; i < n; i++)
		if (i >= s->n || s->digits[i] != prefix[i] - '0')
			return false;
	return true;
}

static bool is_mobile(const struct number_shape *s)
{
	return is_mobile_after(s, 0) || (starts(s, "0") && is_mobile_after(s, 1)) || (starts(s, "86") && is_mobile_after(s, 2)) ||
	       (starts(s, "0086") && is_mobile_after(s, 4));
}

static size_t area_digits(const struct number_shape *s)
{
	if (starts(s, "010") || (starts(s, "02") && s->n > 2 && s->digits[2] != 6))
		return 3;
	return starts(s, "0") && s->n > 1 && s->digits[1] >= 3 ? 4 : 0;
}

/* Area code first, in a group of its own or in one piece with the rest. */
static bool is_landline(const struct number_shape *s)
{
	size_t area = area_digits(s);
	if (!area || s->n < area + 7 || s->n > area + 8 || s->digits[area] < 2 || s->digits[area] > 8)
		return false;
	return s->group_count == 1 || (s->groups[0] == area && s->group_count <= 3);
}

enum number_kind redact_kind(const struct number_shape *s)
{
	if (s->n + s->ends_in_x < 10)
		return s->plus && s->n >= 8 ? NUMBER_PHONE : NUMBER_OTHER;
	if (is_identity(s))
		return NUMBER_IDENTITY;
	if (is_card(s))
		return NUMBER_CARD;
	if (s->ends_in_x)
		return NUMBER_OTHER;
	return is_mobile(s) || is_landline(s) || (s->plus && s->n <= 15) ? NUMBER_PHONE : NUMBER_OTHER;
}
