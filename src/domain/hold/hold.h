/* hold: legal holds as a record, and how people place and release them. What a hold keeps is asked in core/retention/hold.h. */
#pragma once

#include "core/record/record.h"
#include "net/route.h"

extern const struct record hold_record;

extern const struct route hold_routes[];
extern const size_t hold_route_count;
