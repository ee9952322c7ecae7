/* Both passes over one text, until neither finds anything more. */
#include "engine/redact/redact_private.h"

/* Both passes. Returns how much was found. */
static size_t once(struct arena *a, const char **text, size_t *n, struct redact_count *count)
{
	struct text numbers = text_in(a), out = text_in(a);
	struct redact_count found = { 0 };
	redact_numbers(&numbers, *text, *n, &found);
	redact_addresses(&out, text_end(&numbers), numbers.n, &found);
	*text = text_end(&out);
	*n = out.n;
	count->phones += found.phones;
	count->identities += found.identities;
	count->cards += found.cards;
	count->mails += found.mails;
	count->addresses += found.addresses;
	return found.phones + found.identities + found.cards + found.mails + found.addresses;
}

/* What was found may have stood beside something that shows only now: 建国路1号@example.com is an address, then a mail address.
 * Each finding takes away digits, an @ or a word for a street, and adds none, so this ends. */
const char *redact(struct arena *a, const char *text, size_t n, struct redact_count *count)
{
	struct redact_count own;
	if (!count)
		count = &own;
	*count = (struct redact_count){ 0 };
	n = strnlen(text, n);
	while (once(a, &text, &n, count))
		;
	return text;
}
