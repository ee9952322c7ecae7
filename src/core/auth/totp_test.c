/* One-time passwords: the tables of the standards, and which code is taken when. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>

#include "core/auth/totp.h"

static const struct bytes secret = { (const uint8_t *)"12345678901234567890", 20 };

/* RFC 6238 appendix B, the rows of SHA-1. */
static const struct { int64_t second; uint32_t code; } by_time[] = {
	{ 59, 94287082 }, { 1111111109, 7081804 }, { 1111111111, 14050471 }, { 1234567890, 89005924 }, { 2000000000, 69279037 }, { 20000000000, 65353130 },
};

/* RFC 4226 appendix D. */
static const uint32_t by_count[] = { 755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489 };

static void codes_are_those_of_the_standards(void **state)
{
	for (size_t i = 0; i < sizeof(by_time) / sizeof(by_time[0]); i++)
		assert_int_equal(totp_code(secret, by_time[i].second / TOTP_STEP_S, 8), by_time[i].code);
	for (int64_t i = 0; i < 10; i++)
		assert_int_equal(totp_code(secret, i, 6), by_count[i]);
}

static int64_t match_at(int64_t step_of_code, int64_t step_of_clock, int64_t used)
{
	char text[16];
	snprintf(text, sizeof(text), "%06u", totp_code(secret, step_of_code, 6));
	return totp_match(secret, text, (step_of_clock * TOTP_STEP_S + 7) * 1000, used);
}

static void a_code_is_taken_in_its_step_and_the_one_on_either_side(void **state)
{
	for (int64_t off = -4; off <= 4; off++)
		assert_int_equal(match_at(50000 + off, 50000, 0), off >= -1 && off <= 1 ? 50000 + off : -1);
}

static void a_code_that_was_used_and_those_before_it_are_void(void **state)
{
	assert_int_equal(match_at(50000, 50000, 49999), 50000);
	assert_int_equal(match_at(50000, 50000, 50000), -1);
	assert_int_equal(match_at(49999, 50000, 50000), -1);
	assert_int_equal(match_at(50001, 50000, 50000), 50001);
}

static void what_is_no_six_digits_is_no_code(void **state)
{
	static const char *const texts[] = { "", "1", "12345", "1234567", "94287082", "+94287", "0x1234", "12345a", "-12345", "１２３４５６", "12345\n" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(totp_match(secret, texts[i], 59000, -1), -1);
	assert_int_equal(totp_match(secret, "287 082", 59000, -1), 1);
}

static void secrets_are_written_as_apps_read_them(void **state)
{
	static const struct { const char *plain, *text; } rows[] = {         /* RFC 4648 §10, without padding */
		{ "", "" }, { "f", "MY" }, { "fo", "MZXQ" }, { "foo", "MZXW6" }, { "foob", "MZXW6YQ" }, { "fooba", "MZXW6YTB" }, { "foobar", "MZXW6YTBOI" },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(base32(a, rows[i].plain, strlen(rows[i].plain)), rows[i].text);
	assert_string_equal(totp_uri(a, secret, "安心 A:B", "li&x"),
	                    "otpauth://totp/%E5%AE%89%E5%BF%83%20A%3AB:li%26x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%AE%89%E5%BF%83%20A%3AB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_those_of_the_standards),
		cmocka_unit_test(a_code_is_taken_in_its_step_and_the_one_on_either_side),
		cmocka_unit_test(a_code_that_was_used_and_those_before_it_are_void),
		cmocka_unit_test(what_is_no_six_digits_is_no_code),
		cmocka_unit_test(secrets_are_written_as_apps_read_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
