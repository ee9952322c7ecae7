/* queue: open work in the order in which it is to be done, and who takes what of it (docs/adr/0033).
 *
 * A ticket that is open stands in one list: its owner's own, or the waiting list of its team; without a team it waits for all of them, and
 * each team's waiting list shows it among its own. By itself it stands by danger, grade, what is due next, age. Whoever puts it elsewhere
 * writes that one row; there it stays until it leaves the list, waits for its customer, or its danger or grade changes. */
#pragma once

#include "core/record/place.h"
#include "gen/schema.h"

/* Where a ticket stands by itself; lower comes first, and between any two there is room for 2^16 others. */
enum queue_band { BAND_DANGER = 1, BAND_CRITICAL, BAND_URGENT, BAND_NORMAL, BAND_CUSTOMER };
enum queue_band queue_band(const struct ticket *t);
enum queue_band queue_band_at(place_number at);
place_number queue_place(const struct ticket *t);
/* As it is stored: 32 hexadecimal digits. */
const char *queue_place_text(struct arena *a, place_number at);
bool queue_place_read(const char *text, place_number *out);

/* A waiting list is that of a team and that of none, read as one. */
struct queue_lists {
	int64_t id, also;               /* also: NO_LIST for a list of one's own */
};
enum { NO_LIST = -1 };
struct queue_lists queue_own(int64_t user_id);
struct queue_lists queue_waiting(int64_t team_id);

/* The first `most` tickets behind a place, "" and 0: from the front. */
struct queue_behind_row;
int queue_read(struct ctx *c, struct queue_lists lists, const char *place, int64_t id, int64_t most, struct queue_behind_row **rows, size_t *n) MUST_CHECK;

/* Part of a list, and the tickets that stand there: NULL where the actor may not see one. */
struct queue_page {
	struct queue_behind_row *entries;
	const void **tickets;
	size_t n;
	bool more;                      /* something stands behind it */
};
int queue_page(struct ctx *c, struct queue_lists lists, const char *place, int64_t id, size_t most, struct queue_page *out) MUST_CHECK;

/* Brings a ticket's place up to what its row says; was NULL: it is new. Called in the transaction that writes the ticket. */
int queue_follow(struct ctx *c, const struct ticket *was, const struct ticket *t) MUST_CHECK;

/* What the actor would take: the first ticket that waits for her team and that she may have, or, when that does not suit what she knows, the first of
 * its band that does (queue_take.c). */
struct queue_next {
	bool found, by_skill;
	int64_t ahead;                  /* how many were left for others because of her skill */
	struct ticket ticket;
};
/* front: the first of her team's waiting list, where the caller has read them already; or NULL. */
int queue_next(struct ctx *c, const struct queue_page *front, struct queue_next *out) MUST_CHECK;

/* Gives it to her as her own. TAKEN_AWAY: she is on leave, on a break or off duty. *run: what takes it back (POST /ticket/undo). */
enum taken { TAKEN, TAKEN_NONE, TAKEN_AWAY };
int queue_take(struct ctx *c, struct queue_next *out, enum taken *taken, int64_t *run) MUST_CHECK;
