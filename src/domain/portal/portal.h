/* portal: what customers do for themselves, without a password: report, follow, remind, add, confirm, rate.
 *
 * Every route here belongs to the customer of the session; each object is asked for through portal_ticket() or
 * portal_device(), which see nobody else's. A session that came from a signed link sees the ticket of that link only,
 * and where it went when it was merged. */
#pragma once

#include "domain/ticket/ticket.h"
#include "net/route.h"

extern const struct route portal_routes[];
extern const size_t portal_route_count;
extern const struct route portal_session_routes[];
extern const size_t portal_session_route_count;
extern const struct route portal_form_routes[];
extern const size_t portal_form_route_count;
extern const struct route portal_talk_routes[];
extern const size_t portal_talk_route_count;

/* Sets c->tenant to the company that a page of nobody known belongs to: named by code, or the only one. */
int portal_company(struct ctx *c, const char *code) MUST_CHECK;

/* Writer: a one-time code goes to a number; *body: {"wait_s"}. A right one gives the customer of that number, made if there was none. A wrong one
 * counts, so the caller succeeds either way. */
struct customer;
int portal_code_send(struct ctx *c, const char *phone, const char **body) MUST_CHECK;
int portal_code_check(struct ctx *c, const char *phone, const char *code, bool *right, struct customer *customer) MUST_CHECK;

/* Whether a live event of this object is hers to hear. */
bool portal_sees(struct ctx *c, const char *object, int64_t id);

/* Whether events of this kind are for customers at all. */
bool portal_hears(const char *kind);

/* Whether she may read a file because it belongs to a ticket of hers; not those of internal notes. */
bool portal_reads_file(struct ctx *c, const char *object, int64_t object_id, int64_t file_id);

/* What the form asks has been said; `device`: she named one in some way. Faults by the names of the report. */
int portal_check_report(struct ctx *c, const struct ticket_report *r, bool device, bool proof) MUST_CHECK;

/* The customer's own ticket, or the one that it went into by a merge; else ERR_NOT_FOUND. */
int portal_ticket(struct ctx *c, int64_t id, struct ticket *t) MUST_CHECK;
int portal_device(struct ctx *c, int64_t id, struct device *d) MUST_CHECK;

/* Writer: a device that nobody owned becomes the customer's; id 0 and somebody's: nothing happens. */
int portal_claim_device(struct ctx *c, int64_t id) MUST_CHECK;

enum portal_detail { PORTAL_BRIEF, PORTAL_FULL };
/* A ticket as its customer sees it; flow: of tickets, as flow_of() gives it. */
struct flow;
int portal_ticket_json(struct ctx *c, const struct flow *flow, const struct ticket *t, enum portal_detail detail, struct text *out) MUST_CHECK;
int portal_device_json(struct ctx *c, const struct device *d, struct text *out) MUST_CHECK;

/* Proof of work ------------------------------------------------------------------------------------------------------ */

/* A challenge bound to customer and hour, no state: HMAC of both. */
int proof_challenge(struct ctx *c, const char **challenge) MUST_CHECK;
/* "challenge:nonce": of this customer, of this hour or the last, SHA-256(challenge ":" nonce) with report.proof zero bits. */
int proof_check(struct ctx *c, const char *proof, bool *holds) MUST_CHECK;
