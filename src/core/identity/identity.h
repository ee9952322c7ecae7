/* identity: which customer a name in a channel belongs to, whatever the channel: the number of a visitor's browser, an openid, a mail address.
 *
 * A name is kept as a hash keyed with a secret of the company, so the table tells nobody's address. Several names lead to one customer; who
 * joins them (domain) says so on her timeline. Merging files takes their names along, parting gives them back, erasing her removes them. */
#pragma once

#include "db/ctx.h"
#include "gen/schema.h"

/* *there: the name is known; then *row is it. */
int identity_find(struct ctx *c, const char *channel, const char *name, struct identity *row, bool *there) MUST_CHECK;

struct identity_new {
	const char *channel, *name;
	int64_t customer_id, key;               /* the customer's */
	bool keeps_name;                        /* the channel is answered by it: it is kept, sealed */
	const char *verified_by;                /* "code", "session"; NULL: nobody has shown that it is she */
};
/* Writer: a name that is not known yet. */
int identity_add(struct ctx *c, const struct identity_new *in, struct identity *row) MUST_CHECK;
/* Writer: it was shown that the name is hers. */
int identity_verify(struct ctx *c, struct identity *row, const char *by) MUST_CHECK;
/* Writer: she takes that back; the name goes on leading to her file. */
int identity_unverify(struct ctx *c, struct identity *row) MUST_CHECK;
/* Writer: a customer's names, when she is erased. */
int identity_forget(struct ctx *c, int64_t customer_id) MUST_CHECK;
