/* The head of each chain, sent elsewhere once an hour: whoever can write to our database and our disk cannot take it back. */
#pragma once

#include "db/job.h"

/* Where heads go; both may be NULL. Kept as they are. */
struct audit_elsewhere {
	const char *path;       /* a file that lines are added to */
	const char *url;        /* gets the lines by POST */
};

extern const struct job_kind audit_send_job;

/* At start: the next hour's, if heads go anywhere. */
int audit_send_start(struct services *services, const struct clock *clock) MUST_CHECK;
/* In a handler that makes the first company. */
int audit_send_begin(struct ctx *c) MUST_CHECK;
