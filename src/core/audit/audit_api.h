/* Routes of the audit: entries with filters, the same as a spreadsheet, and how far the chain is. */
#pragma once

#include "net/route.h"

extern const struct route audit_routes[];
extern const size_t audit_route_count;
