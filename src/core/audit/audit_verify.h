/* Walking the chain of one company and naming each row that was changed, removed or inserted. */
#pragma once

#include "core/audit/audit.h"

enum audit_fault_kind {
	FAULT_CHANGED,          /* the row is not what was written, or was never written by us */
	FAULT_REMOVED,
	FAULT_INSERTED,
	FAULT_LINK,             /* a link does not fit the events that it covers or the link before it */
	FAULT_SIGNATURE,
	FAULT_CUT,              /* a head that is kept elsewhere says that there was more */
};

struct audit_fault {
	enum audit_fault_kind kind;
	const char *table;      /* event, change, reading, audit_link, audit_head */
	const char *row;        /* its key, in words: "no 57" */
};

struct audit_report {
	int64_t events, changes, readings, links;       /* looked at */
	int64_t unproved;                               /* rows from before the audit began */
	int64_t unchained;                              /* events that the follower has not reached */
	int64_t heads;                                  /* that are kept elsewhere and fit */
	int64_t faults;
};

struct audit_check {
	const struct audit_head *heads;                 /* those of this company are compared */
	size_t head_count;
	void (*fault)(void *arg, const struct audit_fault *fault);
	void *arg;
};

/* On a snapshot of c->tenant. Errors are of the database alone; what is wrong with the rows is reported. */
int audit_verify(struct ctx *c, const struct audit_check *check, struct audit_report *out) MUST_CHECK;
