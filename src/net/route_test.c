/* Routes: what is found, what a table may not hold. */
#include "base/test.h"
#include "net/route.h"

#include <string.h>

static int run(struct ctx *c, const void *in, void *out)
{
	return 0;
}

static const struct route table[] = {
	ROUTE(GET, "/a", "x", HOT, .run = run),
	ROUTE(POST, "/a", "x", WRITE, .run = run),
	ROUTE(GET, "/a/{id}", "x", HOT, .run = run),
	ROUTE(PATCH, "/a/{id}", "x", WRITE, .run = run),
	ROUTE(GET, "/a/counts", "x", HOT, .run = run),
	ROUTE(POST, "/a/{id}/action/{action}", "x", WRITE, .run = run),
	ROUTE(GET, "/a/counts/deep/er", "x", HOT, .run = run),
};

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

static struct router *built(struct arena *a)
{
	struct router *r;
	const char *fault;
	assert_int_equal(router_build(a, table, sizeof(table) / sizeof(table[0]), &r, &fault), 0);
	return r;
}

static int find(struct router *r, enum http_method m, size_t n, const char *const *segments, struct route_match *match)
{
	return router_find(r, m, segments, n, match);
}

static void literal_wins_and_going_back_finds_the_parameter(void **state)
{
	struct router *r = built(*state);
	struct route_match m;
	assert_int_equal(find(r, HTTP_GET, 2, (const char *[]){ "a", "counts" }, &m), 0);
	assert_int_equal(m.index, 4);
	assert_int_equal(m.param_count, 0);
	assert_int_equal(find(r, HTTP_POST, 4, (const char *[]){ "a", "counts", "action", "close" }, &m), 0);
	assert_int_equal(m.index, 5);
	assert_int_equal(m.param_count, 2);
	assert_string_equal(m.params[0].value, "counts");
	assert_string_equal(m.params[1].name, "action");
}

static void head_is_get_and_the_rest_is_named(void **state)
{
	struct router *r = built(*state);
	struct route_match m;
	assert_int_equal(find(r, HTTP_HEAD, 1, (const char *[]){ "a" }, &m), 0);
	assert_int_equal(m.index, 0);
	assert_int_equal(find(r, HTTP_DELETE, 1, (const char *[]){ "a" }, &m), ERR_METHOD);
	assert_string_equal(http_methods_text(*state, m.allowed), "GET, HEAD, POST, OPTIONS");
	assert_int_equal(find(r, HTTP_GET, 4, (const char *[]){ "a", "1", "action", "x" }, &m), ERR_METHOD);
	assert_string_equal(http_methods_text(*state, m.allowed), "POST, OPTIONS");
}

static void what_is_not_there_is_not_found(void **state)
{
	struct router *r = built(*state);
	struct route_match m;
	assert_int_equal(find(r, HTTP_GET, 0, NULL, &m), ERR_NOT_FOUND);
	assert_int_equal(find(r, HTTP_GET, 1, (const char *[]){ "b" }, &m), ERR_NOT_FOUND);
	assert_int_equal(find(r, HTTP_GET, 2, (const char *[]){ "a", "" }, &m), ERR_NOT_FOUND);
	assert_int_equal(find(r, HTTP_GET, 3, (const char *[]){ "a", "counts", "deep" }, &m), ERR_NOT_FOUND);
	assert_int_equal(find(r, HTTP_GET, 3, (const char *[]){ "a", "1", "action" }, &m), ERR_NOT_FOUND);
}

static void refused(struct arena *a, const struct route *rows, size_t n)
{
	struct router *r;
	const char *fault = NULL;
	assert_int_equal(router_build(a, rows, n, &r, &fault), ERR_INTERNAL);
	assert_non_null(fault);
}

static void bad_table_does_not_start(void **state)
{
	refused(*state, (struct route[]){ { HTTP_GET, "/a", NULL, .run = run } }, 1);
	refused(*state, (struct route[]){ { HTTP_GET, "/a", "", .run = run } }, 1);
	refused(*state, (struct route[]){ { HTTP_GET, NULL, "x", .run = run } }, 1);
	refused(*state, (struct route[]){ { HTTP_GET, "a", "x", .run = run } }, 1);
	refused(*state, (struct route[]){ { HTTP_GET, "/a//b", "x", .run = run } }, 1);
	refused(*state, (struct route[]){ { HTTP_GET, "/", "x", .run = run } }, 1);
	refused(*state, (struct route[]){ { HTTP_GET, "/a", "x" } }, 1);
	refused(*state, (struct route[]){ { HTTP_GET, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}", "x", .run = run } }, 1);
	refused(*state, (struct route[]){ { HTTP_GET, "/a", "x", .run = run }, { HTTP_GET, "/a", "y", .run = run } }, 2);
	refused(*state, (struct route[]){ { HTTP_GET, "/{a}", "x", .run = run }, { HTTP_POST, "/{b}", "y", .run = run } }, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(literal_wins_and_going_back_finds_the_parameter, setup, teardown),
		cmocka_unit_test_setup_teardown(head_is_get_and_the_rest_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_there_is_not_found, setup, teardown),
		cmocka_unit_test_setup_teardown(bad_table_does_not_start, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
