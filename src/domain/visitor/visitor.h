/* visitor: people on a company's own web pages who write before anybody knows them, and the names by which people come at all.
 *
 * A visitor gets a file of her own, of the kind "visitor", with her first message or file. When she shows who she is (a one-time code, a sign-in on
 * the phone page) that file goes into her customer's by an ordinary merge, which the timeline tells and staff can take back. */
#pragma once

#include "core/record/record.h"
#include "gen/schema.h"
#include "net/route.h"

extern const struct record identity_record, web_chat_record;
extern const struct route visitor_routes[], visitor_join_routes[];
extern const size_t visitor_route_count, visitor_join_route_count;
extern const struct route visitor_who_routes[];
extern const size_t visitor_who_route_count;

struct visit_message {
	const char *text, *external_id, *name, *phone;
	int64_t product_id;
	struct list file_ids;                   /* of int64_t */
};
struct visit_proof {
	const char *phone, *code;
};
extern const struct shape visit_message_shape, visit_proof_shape;

/* The chat in force; ERR_NOT_FOUND when the company has none. */
int web_chat_now(struct ctx *c, struct web_chat *row) MUST_CHECK;

/* Scheme, host and port as browsers write them: https://www.example.cn, http://127.0.0.1:8099. Plain http is for trying out on this machine. */
bool web_chat_is_origin(const char *text);

/* What she says of herself before she writes. */
struct visitor_words {
	const char *name, *phone;               /* NULL or "": not said */
	int64_t product_id;
};
/* Writer: the file of the visitor who asks, made with her first word; c and its auth are hers from then on. Faults by field where the chat asks for
 * what she has not said. */
int visitor_file(struct ctx *c, const struct visitor_words *said, struct customer *row) MUST_CHECK;

/* Writer: it was shown (`by`: "code", "session") that the visitor is this customer. Her file goes into his. *token: of a new visitor, where hers is
 * somebody else's already; else NULL. */
int visitor_is(struct ctx *c, int64_t visitor, const struct customer *customer, const char *by, const char **token) MUST_CHECK;
