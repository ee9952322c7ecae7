/* Routes of tickets that record and flow do not give: report on behalf, timeline, comments, files. */
#pragma once

#include "domain/ticket/ticket.h"
#include "net/route.h"

extern const struct route ticket_routes[];
extern const size_t ticket_route_count;

/* Which part of the timeline. Customers see the public part only. */
enum timeline_part { TIMELINE_ALL, TIMELINE_TALK, TIMELINE_INTERNAL, TIMELINE_CHANGE, TIMELINE_PUBLIC };

/* {"items":[{"no","at","kind","actor","text","data","files"}],"next":…}, newest first, events before number `before` (0: all). */
int ticket_timeline(struct ctx *c, const struct ticket *t, enum timeline_part part, int64_t before, struct text *out) MUST_CHECK;
