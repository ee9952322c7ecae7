/* intake: other systems of a company hand over what people wrote to them (docs/adr/0054). Answers go back by webhooks. */
#pragma once

#include "net/route.h"

extern const struct route intake_routes[];
extern const size_t intake_route_count;
