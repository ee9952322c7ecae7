/* Routes of customers that the record does not give: erasing a person for good, and the proof of it. */
#pragma once

#include "domain/customer/customer.h"
#include "net/route.h"

extern const struct route customer_routes[];
extern const size_t customer_route_count;
extern const struct route customer_merge_routes[];
extern const size_t customer_merge_route_count;
