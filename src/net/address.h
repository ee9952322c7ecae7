/* Internet addresses: one form for IPv4 and IPv6, networks, and the question "may we talk to this one?".
 *
 * IPv4 is kept as ::ffff:a.b.c.d, so a mapped address cannot pass for another one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum { ADDRESS_TEXT = 48 };

struct ip_address {
	uint8_t b[16];
};

struct network {
	struct ip_address base;
	int bits;               /* of 128; an IPv4 /8 is 104 */
};

bool address_of(const struct sockaddr *from, struct ip_address *out);     /* false for other families */
bool address_parse(const char *text, struct ip_address *out);             /* no names, no ports, no zones */
void address_format(const struct ip_address *a, char out[static ADDRESS_TEXT]);
bool address_is_ipv4(const struct ip_address *a);

/* "10.0.0.0/8", "fd00::/8" or a single address. */
bool network_parse(const char *text, struct network *out);
bool network_has(const struct network *n, const struct ip_address *a);

/* True for addresses of the open Internet only: not private, loopback, link-local (cloud metadata), shared, multicast,
 * documentation, benchmark, translated (NAT64, 6to4, Teredo) or reserved (IANA special-purpose registries). */
bool address_is_public(const struct ip_address *a);

/* Who asks, when `peer` may be a proxy that we trust: the last address of X-Forwarded-For that is not such a proxy. */
struct ip_address address_behind(const struct ip_address *peer, const char *forwarded_for,
                              const struct network *trusted, size_t trusted_count);
