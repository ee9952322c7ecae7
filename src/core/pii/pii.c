/* Sealing and opening with the keys of people, and which keys belong to whom. */
#include "core/pii/pii.h"

#include <string.h>

#include "base/text.h"
#include "core/audit/audit.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/pii_sql.h"

/* Keys ------------------------------------------------------------------------------------------------------------- */

static int list_key(struct ctx *c, int64_t key, const char *kind, const char *object, int64_t object_id)
{
	struct pii_key row = { .key = key, .kind = kind, .object = object, .object_id = object_id, .made_at = c->now };
	return pii_key_row_insert(c, &row);
}

int pii_key_new(struct ctx *c, const char *object, int64_t object_id, int64_t *key)
{
	TRY(keystore_take(c->services->keys, key));
	return list_key(c, *key, "own", object, object_id);
}

int pii_key_of_file(struct ctx *c, int64_t key, int64_t file_id)
{
	return list_key(c, key, "file", "file", file_id);
}

int pii_key_move(struct ctx *c, const char *from, int64_t from_id, const char *to, int64_t to_id)
{
	return pii_keys_give(c, from, from_id, to, to_id, NULL);
}

/* Values ----------------------------------------------------------------------------------------------------------- */

int pii_seal(struct ctx *c, int64_t key_id, const char *context, const char *text, struct bytes *out)
{
	struct key key;
	*out = (struct bytes){ 0 };
	if (!text)
		return 0;
	TRY(keystore_key(c->services->keys, c->arena, key_id, &key));
	*out = seal(c->arena, &key, context, text, strlen(text));
	crypto_wipe(&key, sizeof(key));
	return 0;
}

static int open_text(struct ctx *c, const struct key *key, const char *context, struct bytes sealed, const char **text)
{
	struct bytes plain;
	TRY(seal_open(c->arena, key, context, sealed, &plain));
	*text = arena_string_n(c->arena, (const char *)plain.p, plain.n);
	return 0;
}

int pii_open(struct ctx *c, int64_t key_id, const char *context, struct bytes sealed, const char **text)
{
	struct key key;
	*text = NULL;
	if (!sealed.p)
		return 0;
	TRY(keystore_key(c->services->keys, c->arena, key_id, &key));
	int r = open_text(c, &key, context, sealed, text);
	crypto_wipe(&key, sizeof(key));
	return r;
}

int pii_open_many(struct ctx *c, struct pii_field *fields, size_t n)
{
	size_t used = 0;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	struct pii_field **field = ARENA_ARRAY(c->arena, struct pii_field *, n + 1);
	for (size_t i = 0; i < n; i++) {
		fields[i].text = NULL;
		fields[i].result = 0;
		if (fields[i].sealed.p) {
			ids[used] = fields[i].key;
			field[used++] = &fields[i];
		}
	}
	struct key *keys = ARENA_ARRAY(c->arena, struct key, used + 1);
	int *results = ARENA_ARRAY(c->arena, int, used + 1);
	TRY(keystore_open_many(c->services->keys, c->arena, ids, used, keys, results));
	for (size_t i = 0; i < used; i++) {
		struct pii_field *f = field[i];
		f->result = results[i] < 0 ? results[i] : open_text(c, &keys[i], f->context, f->sealed, &f->text);
	}
	crypto_wipe(keys, used * sizeof(*keys));
	return 0;
}

/* Readings --------------------------------------------------------------------------------------------------------- */

int pii_reading(struct ctx *c, const char *object, int64_t object_id, const char *field, const char *purpose)
{
	if (text_empty(purpose)) {
		fail_field(c, "purpose", ERR_FIELD_REQUIRED, NULL);
		return ERR_FIELD_REQUIRED;
	}
	struct reading row = { .id = new_id(c), .at = c->now, .actor_kind = c->actor_kind, .actor_id = c->actor_id,
		               .object = object, .object_id = object_id, .field = field,
		               .purpose = arena_string_n(c->arena, purpose, utf8_prefix(purpose, 100)) };
	TRY(audit_mark_reading(c, &row));
	TRY(reading_row_insert(c, &row));
	return event_add_detail(c, arena_format(c->arena, "%s.revealed", object), object, object_id, row.id, arena_format(c->arena, "{\"field\":\"%s\"}", field));
}

/* The pair --------------------------------------------------------------------------------------------------------- */

int pii_pair_check(struct ctx *c)
{
	struct store_pair *rows;
	size_t n;
	const char *pair = keystore_pair(c->services->keys);
	TRY(store_pair_name(c, &rows, &n));
	if (n == 0)
		return store_pair_row_insert(c, &(struct store_pair){ .one = 1, .pair = pair });
	if (!strcmp(rows[0].pair, pair))
		return 0;
	log_write(c->log, LOG_ERROR, "data and key store are not a pair", "data", rows[0].pair, "keys", pair, NULL);
	return ERR_INTERNAL;
}
