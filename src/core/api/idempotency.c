/* Stored answers. A reply may hold masked personal data only: what is opened with a purpose is never stored (reveal). */
#include "core/api/idempotency.h"

#include <string.h>

#include "gen/idempotency_sql.h"
#include "gen/schema.h"

int idempotency_find(struct ctx *c, struct idempotent *i)
{
	struct idempotency_read_row *rows;
	size_t n;
	TRY(idempotency_read(c, c->actor_kind, c->actor_id, i->key, &rows, &n));
	if (n == 0)
		return 0;
	if (rows[0].request_hash.n != HASH_SIZE || memcmp(rows[0].request_hash.p, i->request, HASH_SIZE) != 0)
		return fail(c, ERR_IDEMPOTENCY, NULL);
	i->status = (int)rows[0].status;
	i->reply = rows[0].reply;
	return 1;
}

int idempotency_store(struct ctx *c, const struct idempotent *i)
{
	struct idempotency row = {
		.tenant = c->tenant, .actor_kind = c->actor_kind, .actor_id = c->actor_id, .key = i->key,
		.request_hash = { i->request, HASH_SIZE }, .status = i->status, .reply = i->reply, .created_at = c->now,
	};
	return idempotency_row_insert(c, &row);
}
