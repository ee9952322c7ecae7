/* Stored answers. A reply may hold masked personal data only: what is opened with a purpose is never stored (reveal). */
#include "core/api/idempotency.h"

#include <string.h>

#include "db/known.h"
#include "gen/idempotency_sql.h"
#include "gen/schema.h"

/* As db/known.h asks for it: what is known is only that a key is new. */
static struct known_question question_of(int64_t actor_kind, int64_t actor_id, const char *key)
{
	return (struct known_question){ .table = &table_idempotency, .column = shape_member(&shape_idempotency, "key"), .of = { actor_kind, actor_id },
		.value = { (const uint8_t *)key, strlen(key) } };
}

int idempotency_ask_ahead(struct ctx *c, const struct idempotency_key *keys, size_t n)
{
	const void **in = ARENA_ARRAY(c->arena, const void *, n);
	struct idempotency_read_row **rows = ARENA_ARRAY(c->arena, struct idempotency_read_row *, n);
	size_t *counts = ARENA_ARRAY(c->arena, size_t, n);
	for (size_t i = 0; i < n; i++) {
		struct idempotency_read_in *one = ARENA_NEW(c->arena, struct idempotency_read_in);
		*one = (struct idempotency_read_in){ .tenant = c->tenant, .actor_kind = keys[i].actor_kind, .actor = keys[i].actor_id, .key = keys[i].key };
		in[i] = one;
	}
	TRY(db_each(c->db, c->arena, &query_idempotency_read, in, n, (void **)rows, counts));
	for (size_t i = 0; i < n; i++) {
		struct known_question q = question_of(keys[i].actor_kind, keys[i].actor_id, keys[i].key);
		if (counts[i] == 0)
			db_know(c->db, &q, 0);
	}
	return 0;
}

int idempotency_find(struct ctx *c, struct idempotent *i)
{
	struct idempotency_read_row *rows;
	struct known_question q = question_of(c->actor_kind, c->actor_id, i->key);
	int64_t none;
	size_t n;
	if (db_known(c->db, &q, &none))
		return 0;
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
