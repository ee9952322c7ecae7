/* phone: calls, told by a company's telephone system as events (docs/adr/0054).
 *
 * Events are signed, come in any order and more than once; the same call comes of them. A call that rings at an extension pops up at whose it is; one that is
 * answered ends the wait; one that was missed becomes a task to call back, one for a caller. Speech itself never passes through here. */
#pragma once

#include "core/record/record.h"
#include "db/job.h"
#include "gen/schema.h"
#include "net/route.h"

extern const struct record phone_line_record, phone_call_record;
extern const struct route phone_line_routes[], phone_event_routes[], phone_call_routes[];
extern const size_t phone_line_route_count, phone_event_route_count, phone_call_route_count;
/* Writes down what became of a call, once its events have had time to arrive. */
extern const struct job_kind phone_settle_job, phone_dial_job;
