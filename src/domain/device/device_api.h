/* Routes of devices that the record does not give: the label's code, and the verdict on a purchase proof. */
#pragma once

#include "domain/device/device.h"
#include "net/route.h"

extern const struct route device_routes[];
extern const size_t device_route_count;
