/* portal_request: what a customer asks about her data (PIPL art 44 to 47, 50), each a task of the supervisors with its day: GET and POST /my/request. */
#pragma once

#include "net/route.h"

extern const struct route portal_request_routes[];
extern const size_t portal_request_route_count;
