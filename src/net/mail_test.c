/* Mail as bytes: what goes in cannot become a header. */
#include "base/test.h"
#include "net/mail.h"

#include <string.h>

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static const char *const to_one[] = { "li@example.com", NULL };

static struct mail plain(void)
{
	return (struct mail){ .from = "service@anxin.example", .to = to_one, .subject = "Code", .text = "1234", .id = "7.1" };
}

static const char *composed(void **state, const struct mail *m)
{
	struct error e = { 0 };
	struct bytes out;
	assert_int_equal(mail_compose(*state, m, INT64_C(1763793120000), &out, &e), 0);
	return (const char *)out.p;
}

static void fails(void **state, const struct mail *m, const char *field, int code)
{
	struct error e = { 0 };
	struct bytes out;
	assert_true(mail_compose(*state, m, 0, &out, &e) < 0);
	assert_string_equal(e.fields->field, field);
	assert_int_equal(e.fields->code, code);
}

static void ascii_mail_is_as_one_would_write_it(void **state)
{
	struct mail m = plain();
	assert_string_equal(composed(state, &m),
	                    "From: <service@anxin.example>\r\nTo: <li@example.com>\r\nSubject: Code\r\n"
	                    "Date: Sat, 22 Nov 2025 06:32:00 +0000\r\nMessage-ID: <7.1@anxin.example>\r\n"
	                    "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
	                    "Content-Transfer-Encoding: base64\r\n\r\nMTIzNA==\r\n");
}

static void chinese_subject_becomes_encoded_words_of_whole_characters(void **state)
{
	struct mail m = plain();
	m.subject = "您的服务单已经受理，工程师将在二十四小时内与您联系";
	m.from_name = "安心售后";
	const char *text = composed(state, &m);
	assert_non_null(strstr(text, "From: =?UTF-8?B?5a6J5b+D5ZSu5ZCO?= <service@anxin.example>"));
	assert_non_null(strstr(text, "Subject: =?UTF-8?B?5oKo55qE5pyN5Yqh5Y2V5bey57uP5Y+X55CG77yM?=\r\n"
	                             " =?UTF-8?B?5bel56iL5biI5bCG5Zyo5LqM5Y2B5Zub5bCP5pe25YaF5LiO5oKo6IGU57O7?=\r\n"));
	for (const char *line = text; *line; line = strstr(line, "\r\n") + 2)
		assert_true(strcspn(line, "\r\n") <= 78);
}

static void nothing_becomes_a_header(void **state)
{
	static const char *const bad[] = { "a\r\nBcc: x@example.com", "a\nb", "a\rb", "a\tb", "a\x01" "b", "\xff", "a\x7f" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct mail m = plain();
		m.subject = bad[i];
		fails(state, &m, "subject", ERR_ENCODING);
		m = plain();
		m.from_name = bad[i];
		fails(state, &m, "from_name", ERR_ENCODING);
		m = plain();
		m.id = bad[i];
		fails(state, &m, "id", ERR_FIELD_INVALID);
	}
	struct mail m = plain();
	m.from_name = "Li <x@example.com>, \"Bo\"";
	assert_null(strstr(composed(state, &m), "x@example.com"));
}

static void address_that_is_more_than_an_address_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "a", "@b.c", "a@", "a@b\r\nRCPT TO:<x@y>", "a b@c.d", "a@b c", "<a@b.c>", "a@b.c>", "a@b.c,d@e.f", "a@b@c", "\"a\"@b.c",
		"a(x)@b.c", ".a@b.c", "a.@b.c", "a..b@c.d", "a@.b", "a@b.", "a@-b", "a@b..c", "\xe5\xae\x89@b.c", "a@[127.0.0.1]",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (mail_address_check(bad[i]) == 0)
			fail_msg("'%s' was taken", bad[i]);
	assert_int_equal(mail_address_check("first.last+tag@mail.example.com"), 0);
	struct mail m = plain();
	m.to = (const char *const[]){ "a@b.c", "x@y\r\nBcc: z@z", NULL };
	fails(state, &m, "to", ERR_FIELD_EMAIL);
	m.to = (const char *const[]){ NULL };
	fails(state, &m, "to", ERR_FIELD_REQUIRED);
}

static void html_comes_beside_the_text(void **state)
{
	struct mail m = plain();
	m.html = "<p>--_part_--</p>";
	const char *text = composed(state, &m);
	assert_non_null(strstr(text, "multipart/alternative; boundary=\"_part_\"\r\n\r\n--_part_\r\nContent-Type: text/plain"));
	assert_null(strstr(text, "<p>"));
	assert_string_equal(text + strlen(text) - 12, "--_part_--\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ascii_mail_is_as_one_would_write_it, setup, teardown),
		cmocka_unit_test_setup_teardown(chinese_subject_becomes_encoded_words_of_whole_characters, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_becomes_a_header, setup, teardown),
		cmocka_unit_test_setup_teardown(address_that_is_more_than_an_address_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(html_comes_beside_the_text, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
