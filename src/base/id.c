/* Id maker: one atomic word holds time and counter, so it needs no lock. */
#include "base/id.h"

#include <stdatomic.h>

#include "base/error.h"

enum { COUNTER_BITS = 12, PROCESS_BITS = 10 };

void id_maker_init(struct id_maker *m, int64_t number)
{
	m->last = 0;
	m->process = number & ((1 << PROCESS_BITS) - 1);
}

int64_t id_next(struct id_maker *m, time_ms now)
{
	int64_t want = (now > ID_EPOCH_MS ? now - ID_EPOCH_MS : 1) << COUNTER_BITS;
	int64_t last = m->last, next;
	do {
		next = want > last ? want : last + 1;
	} while (!atomic_compare_exchange_weak_explicit(&m->last, &last, next, memory_order_relaxed, memory_order_relaxed));
	int64_t counter = next & ((1 << COUNTER_BITS) - 1);
	return next >> COUNTER_BITS << (COUNTER_BITS + PROCESS_BITS) | m->process << COUNTER_BITS | counter;
}

int64_t id_first(time_ms at)
{
	return (at > ID_EPOCH_MS ? at - ID_EPOCH_MS : 1) << (COUNTER_BITS + PROCESS_BITS);
}

int id_parse(const char *text, int64_t *id)
{
	int64_t value = 0;
	if (!*text)
		return ERR_FIELD_INVALID;
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9')
			return ERR_FIELD_INVALID;
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *p - '0', &value))
			return ERR_FIELD_INVALID;
	}
	if (value <= 0)
		return ERR_FIELD_INVALID;
	*id = value;
	return 0;
}

bool id_among(const int64_t *ids, size_t n, int64_t id)
{
	while (n && ids[n - 1] != id)
		n--;
	return n > 0;
}
