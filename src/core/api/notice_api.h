/* A person's own notices: GET /notification, POST /notification/read. */
#pragma once

#include "net/route.h"

extern const struct route notice_routes[];
extern const size_t notice_route_count;
