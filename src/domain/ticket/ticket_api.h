/* Routes of tickets that record and flow do not give: report on behalf, timeline, comments, files. */
#pragma once

#include "domain/ticket/ticket.h"
#include "net/route.h"

struct retention_kind;
extern const struct retention_kind ticket_retention;

extern const struct route ticket_routes[];
extern const size_t ticket_route_count;
extern const struct route ticket_merge_routes[];
extern const size_t ticket_merge_route_count;
extern const struct choice ticket_link_kinds[];
extern const struct route ticket_link_routes[];
extern const size_t ticket_link_route_count;
extern const struct route ticket_same_routes[];
extern const size_t ticket_same_route_count;
extern const struct route ticket_split_routes[];
extern const size_t ticket_split_route_count;
extern const struct route ticket_slip_routes[];
extern const size_t ticket_slip_route_count;
