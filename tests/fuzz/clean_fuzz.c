/* Every cleaner on every text. A value that was accepted must be accepted again and stay the same: cleaning twice changes nothing. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/clean/clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void same(int r, const char *again, const char *value)
{
	if (r < 0 || strcmp(again, value) != 0)
		abort();
}

static void check_phone(struct arena *a, const char *s)
{
	struct clean_phone phone, again;
	if (clean_phone(a, s, &phone) < 0)
		return;
	size_t digits = strspn(phone.value + 1, "0123456789");
	if (phone.value[0] != '+' || phone.value[digits + 1] || digits < 8 || digits > 15)
		abort();
	same(clean_phone(a, phone.value, &again), again.value, phone.value);
}

static void check_date(struct arena *a, const char *s)
{
	struct clean_date date, again;
	char day[16];
	if (clean_date(a, s, DATE_BASE_1900, &date) < 0)
		return;
	day_format(date.day, day);
	if (date.second < -1 || date.second > 86399 || clean_date(a, day, DATE_BASE_1900, &again) < 0 || again.day != date.day)
		abort();
}

static void check_codes(struct arena *a, const char *s)
{
	const char *value, *again = "";
	if (clean_serial(a, s, &value) == 0) {
		/* A label is taken off once: SN:SN:1 keeps its second one out by its colon. */
		int r = clean_serial(a, value, &again);
		if (r != ERR_NUMBER_ROUNDED && !(r == 0 && strlen(again) < 24))
			same(r, again, value);
	}
	if (clean_mail(a, s, &value) == 0) {
		int r = clean_mail(a, value, &again);
		same(r, again, value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	const char *s = arena_string_n(a, (const char *)data, n), *text = clean_text(a, s);
	same(0, clean_text(a, text), text);
	clean_is_nothing(s);
	check_phone(a, s);
	check_date(a, s);
	check_codes(a, s);
	int64_t fen;
	if (clean_money(a, s, &fen) == 0 && (fen > INT64_C(100000000000000) || fen < -INT64_C(100000000000000)))
		abort();
	struct clean_name name;
	if (clean_name(a, s, &name) == 0 && !*name.name)
		abort();
	struct clean_address address;
	if (clean_address(a, s, &address) == 0 && strlen(address.street) > strlen(text))
		abort();
	return 0;
}
