/* Routes of customers that the record does not give: erasing a person for good, and the proof of it. */
#pragma once

#include "domain/customer/customer.h"
#include "net/route.h"

extern const struct route customer_routes[];
extern const size_t customer_route_count;
/* Writer: erases her as she could have asked for; *erasure: what its certificate is known by. */
int customer_erase(struct ctx *c, int64_t id, const char *reason, int64_t *erasure) MUST_CHECK;

struct retention_kind;
extern const struct retention_kind customer_retention;

extern const struct route customer_merge_routes[];
extern const size_t customer_merge_route_count;
