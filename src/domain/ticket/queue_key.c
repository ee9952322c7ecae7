/* Where a ticket stands by itself, as one number of 128 bits: band 6 | nothing due 1 | moment 42 | id 63 | room 16, from the top.
 *
 * The moment is when something is due next, in milliseconds; for tickets of which nothing is due, when they were filed, and they come
 * behind the others of their band. Of two that are due at the same instant the one that was filed first comes first: ids grow with time.
 * schema/038_queue.sql says the same in SQL for tickets that were there before; tests/api/test_queue.py holds both together. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/ticket/queue.h"

enum { DIGITS = 32 };
#define MOMENT_MOST ((INT64_C(1) << 42) - 1)

enum queue_band queue_band(const struct ticket *t)
{
	if (text_equal(t->state, "waiting_customer"))
		return BAND_CUSTOMER;
	if (!text_empty(t->danger))
		return BAND_DANGER;
	return text_equal(t->grade, "critical") ? BAND_CRITICAL : text_equal(t->grade, "urgent") ? BAND_URGENT : BAND_NORMAL;
}

enum queue_band queue_band_at(place_number at)
{
	return (enum queue_band)(at >> 122);
}

place_number queue_place(const struct ticket *t)
{
	bool due = t->next_due_at < FAR_FUTURE_MS;
	int64_t moment = due ? t->next_due_at : t->created_at;
	if (moment > MOMENT_MOST)
		moment = MOMENT_MOST;
	place_number at = (place_number)queue_band(t) << 122 | (place_number)!due << 121;
	return at | (place_number)moment << 79 | (place_number)t->id << 16;
}

const char *queue_place_text(struct arena *a, place_number at)
{
	return arena_format(a, "%016llx%016llx", (unsigned long long)(at >> 64), (unsigned long long)at);
}

bool queue_place_read(const char *text, place_number *out)
{
	char half[DIGITS / 2 + 1] = "";
	if (!text || strlen(text) != DIGITS || strspn(text, "0123456789abcdef") != DIGITS)
		return false;
	memcpy(half, text, DIGITS / 2);
	*out = (place_number)strtoull(half, NULL, 16) << 64 | strtoull(text + DIGITS / 2, NULL, 16);
	return true;
}
