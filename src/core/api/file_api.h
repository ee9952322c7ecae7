/* Files over HTTP: announce, send parts, read. The same for staff and customers. */
#pragma once

#include "net/route.h"

extern const struct route file_routes[];
extern const size_t file_route_count;
