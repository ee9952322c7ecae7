/* What a customer is worth and what to mind, from devices, tickets and compensations of twelve months: GET /customer/{id}/value. */
#pragma once

#include "net/route.h"

extern const struct route customer_value_routes[];
extern const size_t customer_value_route_count;
