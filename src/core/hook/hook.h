/* hook: events on their way to other systems. A delivery is a row, written with its cause and sent by a job that is tried again with
 * growing pauses; it has one id in every attempt, so a repeated call can be recognised. Signed as the Standard Webhooks
 * specification 1.0 says: HMAC-SHA256 over "id.timestamp.body" in the head webhook-signature. The body is made for each attempt from what may be
 * shown then, masked, and is kept nowhere. */
#pragma once

#include "core/action/action.h"
#include "db/job.h"
#include "net/route.h"

extern const struct record webhook_record, delivery_record;
extern const struct action_kind webhook_action;
extern const struct job_kind hook_send_job;
extern const struct route hook_routes[];
extern const size_t hook_route_count;
