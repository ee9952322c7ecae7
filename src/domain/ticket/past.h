/* past: tickets of another system, with their own number and the times that were (docs/adr/0029).
 *
 * Nothing happens because of them: no clock, no rule, no message. Their cells fill a row in memory alone, of which ticket,
 * customer and device are found or made. */
#pragma once

#include "core/record/record.h"

extern const struct record past_ticket_record;
