/* portal_self: what is held on a customer, seen and put right by herself: GET and PATCH /my/self, PATCH /my/address/{id}. */
#pragma once

#include "net/route.h"

extern const struct route portal_self_routes[];
extern const size_t portal_self_route_count;
