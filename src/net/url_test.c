/* Targets and cookies. */
#include "base/test.h"
#include "base/text.h"
#include "net/url.h"

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

static int read_url(void **state, const char *target, struct url *out)
{
	return url_read(*state, target, strlen(target), out);
}

static void parts_are_decoded_once(void **state)
{
	struct url u;
	assert_int_equal(read_url(state, "/a/%E5%AE%89%252F/c+d?x=1%262&y=+%2B&z&&e=", &u), 0);
	assert_string_equal(u.path, "/a/安%2F/c+d");
	assert_int_equal(u.segment_count, 3);
	assert_string_equal(u.segments[1], "安%2F");
	assert_int_equal(u.query_count, 4);
	assert_string_equal(pair_find(u.query, u.query_count, "x"), "1&2");
	assert_string_equal(pair_find(u.query, u.query_count, "y"), " +");
	assert_string_equal(pair_find(u.query, u.query_count, "z"), "");
	assert_null(pair_find(u.query, u.query_count, "q"));
}

static void root_and_last_slash(void **state)
{
	struct url u;
	assert_int_equal(read_url(state, "/", &u), 0);
	assert_int_equal(u.segment_count, 0);
	assert_int_equal(read_url(state, "/h5/?a=1", &u), 0);
	assert_int_equal(u.segment_count, 2);
	assert_string_equal(u.path, "/h5/");
}

static void whatever_could_be_read_in_two_ways_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "a", "*", "http://x/", "//", "//a", "/a//b", "/.", "/..", "/a/../b", "/%2e", "/%2E%2e/", "/a%2fb", "/a%5Cb", "/a\\b",
		"/%00", "/%0d%0a", "/%7f", "/%", "/%1", "/%g1", "/%c0%80", "/%ff", "/%f5%80%80%80", "/a b", "/\xe5", "/?a=%00", "/?%ff=1",
		"/?a=%", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
	};
	struct url u;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (read_url(state, bad[i], &u) >= 0)
			fail_msg("'%s' was taken", bad[i]);
}

static void cookies_are_taken_apart(void **state)
{
	struct http_pair c[URL_COOKIES];
	size_t n;
	assert_int_equal(cookies_read(*state, "a=1; b=\"two\";c=x=y ;  d=", c, &n), 0);
	assert_int_equal(n, 4);
	assert_string_equal(pair_find(c, n, "b"), "two");
	assert_string_equal(pair_find(c, n, "c"), "x=y");
	assert_string_equal(pair_find(c, n, "d"), "");
	assert_int_equal(cookies_read(*state, "a=1; a=2", c, &n), 0);
	assert_string_equal(pair_find(c, n, "a"), "1");
	assert_int_equal(cookies_read(*state, "", c, &n), 0);
	assert_int_equal(n, 0);
}

static void broken_cookies_are_refused(void **state)
{
	static const char *const bad[] = { "a", "=1", "a b=1", "a=\"", "a=\"x\"y\"", "a=\x01", "a=b\\c", "(a)=1" };
	struct http_pair c[URL_COOKIES];
	size_t n;
	char many[URL_COOKIES * 4 + 8] = "";
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (cookies_read(*state, bad[i], c, &n) >= 0)
			fail_msg("'%s' was taken", bad[i]);
	for (int i = 0; i <= URL_COOKIES; i++)
		memcpy(many + 4 * i, "a=b;", 4);
	assert_int_equal(cookies_read(*state, many, c, &n), ERR_BAD_REQUEST);
}

static void what_is_encoded_is_one_value(void **state)
{
	struct text t = text_in(*state);
	url_encode(&t, "aZ9-._~ /?&=+%\"安");
	assert_string_equal(text_end(&t), "aZ9-._~%20%2F%3F%26%3D%2B%25%22%E5%AE%89");
}

static void an_address_of_the_web_is_known(void **state)
{
	assert_true(url_is_web("https://a.cn/x?y", "#@ "));
	assert_true(url_is_web("http://a.cn", "#@ "));
	for (const char *const *bad = (const char *const[]){ "", "https://", "ftp://a.cn/", "https:/a.cn", "https://u@a.cn", "https://a.cn/ x", NULL }; *bad; bad++)
		assert_false(url_is_web(*bad, "#@ "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(parts_are_decoded_once, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_encoded_is_one_value, setup, teardown),
		cmocka_unit_test_setup_teardown(an_address_of_the_web_is_known, setup, teardown),
		cmocka_unit_test_setup_teardown(root_and_last_slash, setup, teardown),
		cmocka_unit_test_setup_teardown(whatever_could_be_read_in_two_ways_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(cookies_are_taken_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(broken_cookies_are_refused, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
