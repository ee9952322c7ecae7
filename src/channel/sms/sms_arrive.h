/* What a vendor delivers: messages of people and reports of what became of ours. Pure. */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "base/arena.h"

struct sms_arrived {
	bool is_report;
	const char *phone, *text;       /* of a message */
	const char *name;               /* of the message, the same each time it is delivered */
	const char *own_id, *serial;    /* of a report: our id, or the vendor's; "" where it names none */
	bool arrived;
	const char *code;
};

/* A batch; ERR_BAD_REQUEST for what is none. Parts that are neither are left out. */
int sms_arrive_read(struct arena *a, const char *kind, struct bytes body, struct sms_arrived **out, size_t *n) MUST_CHECK;
/* What the vendor wants to hear. */
const char *sms_arrive_answer(const char *kind);
/* Whether these words ask for no more messages. */
bool sms_opts_out(const char *text);
