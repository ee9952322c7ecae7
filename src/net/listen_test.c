/* Listening: what an address may look like. Taking over a socket is tested with a whole server (tests/api). */
#include "base/test.h"
#include "net/http.h"

#include <unistd.h>

static void addresses_of_both_families_are_listened_on(void **state)
{
	static const char *const good[] = { "127.0.0.1", "::1", "[::1]", "0.0.0.0" };
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int fd = http_listen(good[i], 0);
		assert_true(fd >= 0);
		assert_true(http_listen_port(fd) > 0);
		close(fd);
	}
}

static void names_and_broken_addresses_are_refused(void **state)
{
	static const char *const bad[] = { "", "localhost", "[::1", "::1]", "[]", "[127.0.0.1", "1.2.3.4.5", "[[::1]]", "127.0.0.1:80" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(http_listen(bad[i], 0) < 0);
}

static void port_in_use_is_refused(void **state)
{
	int first = http_listen("127.0.0.1", 0);
	assert_true(first >= 0);
	assert_true(http_listen("127.0.0.1", http_listen_port(first)) < 0);
	close(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_both_families_are_listened_on),
		cmocka_unit_test(names_and_broken_addresses_are_refused),
		cmocka_unit_test(port_in_use_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
