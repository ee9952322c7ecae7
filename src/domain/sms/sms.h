/* sms: a company's own way for SMS (Aliyun, Tencent Cloud or a gateway of its own), what becomes of each message, and people who write back (docs/adr/0054).
 *
 * A message of the outbox goes by the company's gateway, else by the server's. What a vendor did with a call that nobody answered is not known, and such a
 * message is not sent again by itself. */
#pragma once

#include "core/record/record.h"
#include "db/job.h"
#include "gen/schema.h"
#include "domain/conversation/conversation.h"
#include "net/route.h"

extern const struct record sms_gateway_record;
extern const struct route sms_gateway_routes[];
extern const size_t sms_gateway_route_count;
extern const struct route sms_in_routes[];
extern const size_t sms_in_route_count;
struct sms_carrier;
extern const struct sms_carrier sms_gateway_carrier;
/* Conversations of the channel "sms". */
extern const struct reach sms_reach;
struct outbox_end;
extern const struct outbox_end sms_end;
