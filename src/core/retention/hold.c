/* Which holds keep a row: of a page of rows at once, for whoever counts what is due asks about thousands. */
#include "core/retention/hold.h"

#include "core/retention/retention.h"
#include "core/services.h"
#include "gen/hold_sql.h"

enum { ROUNDS = 8, REASON_SHOWN = 120 };

/* A row, what was merged into it, and whose it is: each may be what a hold is on. */
struct kin {
	int64_t id;
	size_t row;                     /* of those that are asked about */
};
struct kins {
	struct arena *arena;
	struct kin *at;
	size_t n, room;
};

static void add(struct kins *k, int64_t id, size_t row)
{
	ARENA_GROW(k->arena, k->at, k->n, k->room);
	k->at[k->n++] = (struct kin){ id, row };
}

static const int64_t *ids_from(struct ctx *c, const struct kins *k, size_t first)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, k->n - first + 1);
	for (size_t i = first; i < k->n; i++)
		ids[i - first] = k->at[i].id;
	return ids;
}

/* What was merged into those from `first` on, and into that. */
static int add_losers(struct ctx *c, const char *record, size_t first, struct kins *k)
{
	for (int round = 0; round < ROUNDS && first < k->n; round++) {
		struct hold_losers_row *rows;
		size_t n, end = k->n;
		TRY(hold_losers(c, record, ids_from(c, k, first), end - first, &rows, &n));
		for (size_t i = 0; i < n; i++)
			for (size_t w = first; w < end; w++)
				if (k->at[w].id == rows[i].winner_id)
					add(k, rows[i].loser_id, k->at[w].row);
		first = end;
	}
	return 0;
}

static int add_customers(struct ctx *c, struct kins *k)
{
	struct hold_customers_of_row *rows;
	size_t n, tickets = k->n;
	TRY(hold_customers_of(c, ids_from(c, k, 0), tickets, &rows, &n));
	for (size_t i = 0; i < n; i++)
		for (size_t t = 0; t < tickets; t++)
			if (k->at[t].id == rows[i].id)
				add(k, rows[i].customer_id, k->at[t].row);
	return add_losers(c, "customer", tickets, k);
}

static int gather(struct ctx *c, const char *object, struct kins *k)
{
	TRY(add_losers(c, object, 0, k));
	return text_equal(object, "ticket") && k->n ? add_customers(c, k) : 0;
}

static int is_any(struct ctx *c, const char *object, bool *any)
{
	struct hold_any_row *rows;
	size_t n = 0;
	if (text_equal(object, "customer") || text_equal(object, "ticket"))
		TRY(hold_any(c, c->now, &rows, &n));
	*any = n > 0;
	return 0;
}

int hold_find(struct ctx *c, const char *object, int64_t object_id, struct legal_hold **out, size_t *n)
{
	struct kins kins = { .arena = c->arena }, *k = &kins;
	bool any;
	*n = 0;
	TRY(is_any(c, object, &any));
	if (!any)
		return 0;
	add(k, object_id, 0);
	TRY(gather(c, object, k));
	TRY(holds_on(c, ids_from(c, k, 0), k->n, c->now, out, n));
	return *n || text_equal(object, "ticket") ? 0 : holds_on_tickets_of(c, ids_from(c, k, 0), k->n, c->now, out, n);
}

int hold_refuse(struct ctx *c, const char *object, int64_t object_id)
{
	struct legal_hold *holds;
	size_t n;
	TRY(hold_find(c, object, object_id, &holds, &n));
	return n ? fail(c, ERR_HELD, arena_string_n(c->arena, holds[0].reason, utf8_prefix(holds[0].reason, REASON_SHOWN))) : 0;
}

static void mark(const struct kins *k, int64_t held, struct retention_row *rows)
{
	for (size_t i = 0; i < k->n; i++)
		rows[k->at[i].row].held |= k->at[i].id == held;
}

int hold_mark(struct ctx *c, const char *object, struct retention_row *rows, size_t n)
{
	struct kins kins = { .arena = c->arena }, *k = &kins;
	struct held_among_row *held;
	struct held_by_tickets_row *people;
	size_t found;
	bool any;
	TRY(is_any(c, object, &any));
	for (size_t i = 0; any && i < n; i++)
		if (!rows[i].live && !rows[i].held)
			add(k, rows[i].id, i);
	if (!k->n)
		return 0;
	TRY(gather(c, object, k));
	TRY(held_among(c, ids_from(c, k, 0), k->n, c->now, &held, &found));
	for (size_t i = 0; i < found; i++)
		mark(k, held[i].object_id, rows);
	if (text_equal(object, "ticket"))
		return 0;
	TRY(held_by_tickets(c, ids_from(c, k, 0), k->n, c->now, &people, &found));
	for (size_t i = 0; i < found; i++)
		mark(k, people[i].customer_id, rows);
	return 0;
}
