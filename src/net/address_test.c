/* Addresses: what is public, what is behind a proxy. */
#include "base/test.h"
#include "net/address.h"

#include <string.h>

static struct ip_address at(const char *text)
{
	struct ip_address a;
	assert_true(address_parse(text, &a));
	return a;
}

static void only_the_open_internet_is_public(void **state)
{
	static const char *const closed[] = {
		"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
		"64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1",
		"ff02::1", "3fff::1", "5f00::1", "4000::1",
	};
	static const char *const open[] = {
		"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.167.255.255", "193.0.0.1",
		"223.255.255.255", "::ffff:8.8.8.8", "2400:3200::1", "2606:4700:4700::1111", "2a00:1450::1",
	};
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		struct ip_address a = at(closed[i]);
		if (address_is_public(&a))
			fail_msg("%s is not public", closed[i]);
	}
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		struct ip_address a = at(open[i]);
		if (!address_is_public(&a))
			fail_msg("%s is public", open[i]);
	}
}

static void mapped_address_is_the_same_as_ipv4(void **state)
{
	struct ip_address a = at("::ffff:10.0.0.1"), b = at("10.0.0.1");
	char text[ADDRESS_TEXT];
	assert_memory_equal(&a, &b, sizeof(a));
	address_format(&a, text);
	assert_string_equal(text, "10.0.0.1");
}

static void odd_spellings_are_no_addresses(void **state)
{
	static const char *const odd[] = { "", "127.1", "0x7f.0.0.1", "2130706433", "127.0.0.01", "1.2.3.4:80", "[::1]", "fe80::1%lo",
	                                   "localhost", " 1.2.3.4", "1.2.3.4 " };
	struct ip_address a;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		if (address_parse(odd[i], &a))
			fail_msg("'%s' was taken", odd[i]);
}

static void network_has_its_prefix(void **state)
{
	struct network n;
	struct ip_address inside = at("10.20.255.1"), outside = at("10.32.0.1"), six = at("fd12::1");
	assert_true(network_parse("10.16.0.0/12", &n));
	assert_true(network_has(&n, &inside));
	assert_false(network_has(&n, &outside));
	assert_true(network_parse("fd00::/8", &n));
	assert_true(network_has(&n, &six));
	assert_false(network_has(&n, &inside));
	assert_true(network_parse("10.20.255.1", &n));
	assert_true(network_has(&n, &inside));
	assert_false(network_parse("10.0.0.0/33", &n));
	assert_false(network_parse("10.0.0.0/", &n));
	assert_false(network_parse("10.0.0.0/8x", &n));
	assert_false(network_parse("/8", &n));
}

static const char *behind(const char *peer, const char *list)
{
	static char text[ADDRESS_TEXT];
	struct network trusted[2];
	struct ip_address p = at(peer);
	assert_true(network_parse("10.0.0.0/8", &trusted[0]) && network_parse("fd00::/8", &trusted[1]));
	struct ip_address a = address_behind(&p, list, trusted, 2);
	address_format(&a, text);
	return text;
}

static void only_trusted_proxies_are_believed(void **state)
{
	assert_string_equal(behind("1.2.3.4", "5.6.7.8"), "1.2.3.4");
	assert_string_equal(behind("10.0.0.1", NULL), "10.0.0.1");
	assert_string_equal(behind("10.0.0.1", "5.6.7.8"), "5.6.7.8");
	assert_string_equal(behind("10.0.0.1", "9.9.9.9, 5.6.7.8"), "5.6.7.8");
	assert_string_equal(behind("10.0.0.1", "5.6.7.8, 10.0.0.2 ,\tfd00::1"), "5.6.7.8");
	assert_string_equal(behind("10.0.0.1", "10.0.0.3,10.0.0.2"), "10.0.0.3");
	assert_string_equal(behind("10.0.0.1", "5.6.7.8, nonsense"), "10.0.0.1");
	assert_string_equal(behind("10.0.0.1", ","), "10.0.0.1");
	assert_string_equal(behind("fd00::5", "2a00::1"), "2a00::1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_open_internet_is_public),
		cmocka_unit_test(mapped_address_is_the_same_as_ipv4),
		cmocka_unit_test(odd_spellings_are_no_addresses),
		cmocka_unit_test(network_has_its_prefix),
		cmocka_unit_test(only_trusted_proxies_are_believed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
