/* What staff hear of: a line in somebody's list of notices, behind the bell. Messages to customers are notify.h's. */
#pragma once

#include "core/record/record.h"

struct staff_notice {
	const char *kind;               /* "mention", "assigned", "watched", or a word of the caller's: screens have its text */
	const char *object;             /* what it is about; its row is judged again when the notice is read */
	int64_t object_id;
	const char *data;               /* JSON object of what the text needs, without personal data; NULL: {} */
	const char *text;               /* what somebody says in it, kept sealed with `key`; NULL: nothing */
	int64_t key;                    /* of the person whom it is about */
};

/* Writer: tells one of staff. Nobody is told of what he did himself. */
int notify_staff(struct ctx *c, int64_t user_id, const struct staff_notice *n) MUST_CHECK;
