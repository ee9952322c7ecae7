/* Entries of the audit as people read them: who, what, when, why; newest first. */
#pragma once

#include "core/audit/audit.h"

struct audit_query {
	const char *area;               /* of audit_areas; NULL: all that auditors look at */
	int64_t actor_id;               /* a member of staff or a program: everything that it did; 0: anybody */
	const char *object;             /* with object_id: everything about that one */
	int64_t object_id;
	time_ms from, to;               /* to: not with it; 0: open */
	const char *kind;               /* "user.locked,user.sign_in_failed": one of these; NULL: any */
	const char *field;              /* "phone,contact_phone": a reading of one of these; NULL: whatever */
	const char *q;                  /* in kind, reason or purpose, and data */
	int64_t before;                 /* a number; 0: the newest */
	int64_t limit;
};

struct audit_entry {
	const struct event *event;
	const char *why;                /* reason of a change, purpose of a reading; "" for none */
	const char *fields;             /* JSON: {"field":[old,new]} of a change; NULL for none, or not for this reader */
	const char *field;              /* of a reading; else NULL */
};

struct audit_entries {
	struct audit_entry *at;
	size_t n;
	int64_t next;                   /* before of the next page; 0: there are no more */
	bool tired;                     /* fewer than asked for, for so many were looked at: go on from next */
};

/* In c's arena. ERR_FIELD_INVALID for an area that there is none of. */
int audit_find(struct ctx *c, const struct audit_query *q, struct audit_entries *out) MUST_CHECK;
