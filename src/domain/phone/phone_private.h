/* What the files of this folder know of one another. */
#pragma once

#include "domain/phone/phone.h"

/* Whoever rings or speaks for longer has hung up unheard. */
enum { PHONE_LONGEST_MS = 4 * HOUR_MS };

/* A telephone system with what signs; secret NULL: not set. */
struct phone_opened {
	struct phone_line row;
	const char *secret;
};
int phone_open(struct ctx *c, int64_t line, struct phone_opened *out) MUST_CHECK;

/* What an event says. */
struct phone_said {
	const char *name;               /* of the event: the same again is nothing */
	const char *call, *event, *direction, *caller, *called, *extension, *recording;
	int64_t at;                     /* by their clock; 0: now */
	int64_t ref;                    /* of a call that we asked for: our own name of it */
};
/* Writer: takes it in. */
int phone_take(struct ctx *c, const struct phone_line *line, const struct phone_said *said) MUST_CHECK;

/* Writer: a call to this customer that the telephone system is about to be asked for. */
int phone_call_begin(struct ctx *c, const struct phone_line *line, int64_t customer_id, const char *number, int64_t user_id, const char *extension, struct phone_call *out) MUST_CHECK;
/* Writer: it is looked at when its events have had time to come. */
int phone_settle_at(struct ctx *c, int64_t call, time_ms at) MUST_CHECK;
/* Hex HMAC-SHA-256 of "timestamp.name.body". */
const char *phone_sign(struct arena *a, const char *secret, const char *timestamp, const char *name, struct bytes body);
