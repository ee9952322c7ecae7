/* Consents of the customer who asks: purpose, the text that she sees, whether it is given. */
#pragma once

#include "net/route.h"

extern const struct route portal_consent_routes[];
extern const size_t portal_consent_route_count;
