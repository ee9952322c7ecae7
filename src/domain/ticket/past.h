/* past: tickets of another system and what was said on them, with their own number and the times that were (docs/adr/0029).
 *
 * Nothing happens because of them: no clock, no rule, no message. Their cells fill a row in memory alone, of which ticket,
 * customer and device are found or made, and to which remarks are added. */
#pragma once

#include "core/record/record.h"
#include "gen/schema.h"

extern const struct record past_ticket_record, past_comment_record, past_file_record;
extern const struct choice past_visibilities[];

/* The ticket that had this number there, 0: none. */
int past_ticket_find(struct ctx *c, const char *source, const char *old_no, int64_t *id) MUST_CHECK;
/* Who here has that account, e-mail or name; id 0: nobody. Some have left (archived_at). */
int past_user_find(struct ctx *c, const char *words, struct user_account *out) MUST_CHECK;
/* The ticket of a row about it, seen by who imports, else a fault of old_no. */
int past_ticket_of(struct ctx *c, const struct bringing *b, const char *old_no, struct ticket *out) MUST_CHECK;
/* What is sealed, NULL once its person is erased. */
int past_opened(struct ctx *c, int64_t key, const char *context, struct bytes sealed, const char **text) MUST_CHECK;
/* Something was added to what a ticket was: search learns of it, once a chunk; rules and webhooks wait for nothing of the kind. */
int past_tell(struct ctx *c, const struct bringing *b, const struct ticket *t) MUST_CHECK;
