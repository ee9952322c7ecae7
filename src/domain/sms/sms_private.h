/* What the files of this folder know of one another. */
#pragma once

#include "channel/sms/sms_call.h"
#include "core/notify/sender.h"
#include "domain/sms/sms.h"

/* A gateway with what opens it; secret NULL: not set. */
struct sms_opened {
	struct sms_gateway row;
	const char *secret;
};
int sms_open(struct ctx *c, int64_t gateway, struct sms_opened *out) MUST_CHECK;

/* In the pool: one call. ERR_OUTBOUND: nothing was sent and it may be later. */
int sms_send(struct ctx *c, const struct sms_opened *k, const struct sms_parcel *p, struct sms_sent *out) MUST_CHECK;
