/* Internet addresses. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

static void set_ipv4(struct ip_address *a, const void *four)
{
	memcpy(a->b, mapped, sizeof(mapped));
	memcpy(a->b + 12, four, 4);
}

bool address_of(const struct sockaddr *from, struct ip_address *out)
{
	if (from->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, from, sizeof(in));
		set_ipv4(out, &in.sin_addr);
		return true;
	}
	if (from->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, from, sizeof(in6));
		memcpy(out->b, &in6.sin6_addr, sizeof(out->b));
		return true;
	}
	return false;
}

bool address_parse(const char *text, struct ip_address *out)
{
	uint8_t four[4];
	if (inet_pton(AF_INET, text, four) == 1) {
		set_ipv4(out, four);
		return true;
	}
	return inet_pton(AF_INET6, text, out->b) == 1;
}

bool address_is_ipv4(const struct ip_address *a)
{
	return !memcmp(a->b, mapped, sizeof(mapped));
}

void address_format(const struct ip_address *a, char out[static ADDRESS_TEXT])
{
	if (address_is_ipv4(a))
		inet_ntop(AF_INET, a->b + 12, out, ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, a->b, out, ADDRESS_TEXT);
}

bool network_parse(const char *text, struct network *out)
{
	char base[ADDRESS_TEXT];
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	if (n >= sizeof(base))
		return false;
	memcpy(base, text, n);
	base[n] = 0;
	if (!address_parse(base, &out->base))
		return false;
	int most = address_is_ipv4(&out->base) ? 32 : 128;
	long bits = most;
	if (slash) {
		char *end;
		bits = strtol(slash + 1, &end, 10);
		if (end == slash + 1 || *end || bits < 0 || bits > most)
			return false;
	}
	out->bits = (int)bits + 128 - most;
	return true;
}

static bool same_prefix(const uint8_t *a, const uint8_t *b, int bits)
{
	int whole = bits / 8, rest = bits % 8;
	if (memcmp(a, b, (size_t)whole))
		return false;
	return !rest || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool network_has(const struct network *n, const struct ip_address *a)
{
	return same_prefix(n->base.b, a->b, n->bits);
}

/* https://www.iana.org/assignments/iana-ipv4-special-registry, every block that is not globally reachable. */
static const struct {
	uint8_t base[4];
	int bits;
} closed_ipv4[] = {
	{ { 0, 0, 0, 0 }, 8 },      { { 10, 0, 0, 0 }, 8 },     { { 100, 64, 0, 0 }, 10 },   { { 127, 0, 0, 0 }, 8 },
	{ { 169, 254, 0, 0 }, 16 }, { { 172, 16, 0, 0 }, 12 },  { { 192, 0, 0, 0 }, 24 },    { { 192, 0, 2, 0 }, 24 },
	{ { 192, 31, 196, 0 }, 24 }, { { 192, 52, 193, 0 }, 24 }, { { 192, 88, 99, 0 }, 24 }, { { 192, 168, 0, 0 }, 16 },
	{ { 192, 175, 48, 0 }, 24 }, { { 198, 18, 0, 0 }, 15 }, { { 198, 51, 100, 0 }, 24 }, { { 203, 0, 113, 0 }, 24 },
	{ { 224, 0, 0, 0 }, 4 },    { { 240, 0, 0, 0 }, 4 },
};

/* The same for IPv6, inside 2000::/3; nothing outside of it is the open Internet. */
static const struct {
	uint8_t base[6];
	int bits;
} closed_ipv6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },           /* Teredo, ORCHID, benchmark */
	{ { 0x20, 0x01, 0x0D, 0xB8 }, 32 },     /* documentation */
	{ { 0x20, 0x02 }, 16 },                 /* 6to4 carries any IPv4 */
	{ { 0x26, 0x20, 0x00, 0x4F, 0x80 }, 48 },
	{ { 0x3F, 0xFF, 0x00 }, 20 },           /* documentation */
};

bool address_is_public(const struct ip_address *a)
{
	if (address_is_ipv4(a)) {
		for (size_t i = 0; i < sizeof(closed_ipv4) / sizeof(closed_ipv4[0]); i++)
			if (same_prefix(closed_ipv4[i].base, a->b + 12, closed_ipv4[i].bits))
				return false;
		return true;
	}
	if ((a->b[0] & 0xE0) != 0x20)
		return false;
	for (size_t i = 0; i < sizeof(closed_ipv6) / sizeof(closed_ipv6[0]); i++)
		if (same_prefix(closed_ipv6[i].base, a->b, closed_ipv6[i].bits))
			return false;
	return true;
}

static bool is_trusted(const struct ip_address *a, const struct network *trusted, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (network_has(&trusted[i], a))
			return true;
	return false;
}

/* Takes the last element off a comma list of length *n; false when it is no address. */
static bool last_address(const char *list, size_t *n, struct ip_address *out)
{
	size_t end = *n;
	while (end > 0 && (list[end - 1] == ' ' || list[end - 1] == '\t'))
		end--;
	size_t start = end;
	while (start > 0 && list[start - 1] != ',' && list[start - 1] != ' ' && list[start - 1] != '\t')
		start--;
	size_t before = start;
	while (before > 0 && list[before - 1] != ',')
		before--;
	*n = before > 0 ? before - 1 : 0;
	char text[ADDRESS_TEXT];
	if (end - start == 0 || end - start >= sizeof(text))
		return false;
	memcpy(text, list + start, end - start);
	text[end - start] = 0;
	return address_parse(text, out);
}

struct ip_address address_behind(const struct ip_address *peer, const char *forwarded_for,
                              const struct network *trusted, size_t trusted_count)
{
	struct ip_address at = *peer;
	size_t n = forwarded_for ? strlen(forwarded_for) : 0;
	while (n > 0 && is_trusted(&at, trusted, trusted_count)) {
		struct ip_address before;
		if (!last_address(forwarded_for, &n, &before))
			break;
		at = before;
	}
	return at;
}
