/* Exact look-up of sealed values: a keyed hash of the normalised text, with a key of each company's own. */
#include "core/pii/pii.h"

#include <string.h>

#include "base/text.h"
#include "core/services.h"
#include "engine/clean/clean.h"
#include "gen/pii_sql.h"
#include "gen/schema.h"

static const char *const kind_names[] = { "phone", "phone_last4", "email", "name" };
/* Labels separate the kinds: the hash of a name is never the hash of an equal e-mail. */
static const char *const kind_labels[] = { "lookup phone", "lookup phone last 4", "lookup email", "lookup name" };

/* Normalising ------------------------------------------------------------------------------------------------------- */

static const char *last_four(struct arena *a, const char *text)
{
	char digits[64];
	size_t n = 0;
	for (const char *p = text_fold(a, text); *p && n < sizeof(digits); p++)
		if (*p >= '0' && *p <= '9')
			digits[n++] = *p;
	return n >= 4 ? arena_string_n(a, digits + n - 4, 4) : "";
}

static const char *without_blanks(struct arena *a, const char *text)
{
	struct text t = text_in(a);
	for (const char *p = text_fold(a, text); *p; p++)
		if (*p != ' ')
			text_char(&t, *p);
	return text_end(&t);
}

/* One text for all ways to write the same value; "" when there is none. */
static const char *normalised(struct arena *a, enum lookup_kind kind, const char *text)
{
	struct clean_phone phone;
	struct clean_name name;
	const char *mail;
	switch (kind) {
	case LOOKUP_PHONE: return clean_phone(a, text, &phone) < 0 ? "" : phone.value;
	case LOOKUP_PHONE_LAST4: return last_four(a, clean_phone(a, text, &phone) < 0 ? text : phone.value);
	case LOOKUP_EMAIL: return clean_mail(a, text, &mail) < 0 ? "" : mail;
	case LOOKUP_NAME: return without_blanks(a, clean_name(a, text, &name) < 0 ? text : name.name);
	}
	return "";
}

/* Hashing ----------------------------------------------------------------------------------------------------------- */

static int company_key(struct ctx *c, struct key *key)
{
	struct tenant row;
	TRY(tenant_row_get(c, &row));   /* kept while a transaction of the writer lasts */
	return keystore_key(c->services->keys, c->arena, row.key, key);
}

static bool hash_with(struct ctx *c, const struct key *key, enum lookup_kind kind, const char *text, uint8_t out[static LOOKUP_SIZE])
{
	const char *value = text ? normalised(c->arena, kind, text) : "";
	if (!*value)
		return false;
	hash_keyed(key, kind_labels[kind], value, strlen(value), out, LOOKUP_SIZE);
	return true;
}

int lookup_hash(struct ctx *c, enum lookup_kind kind, const char *text, uint8_t out[static LOOKUP_SIZE])
{
	struct key key;
	TRY(company_key(c, &key));
	bool made = hash_with(c, &key, kind, text, out);
	crypto_wipe(&key, sizeof(key));
	return made ? 0 : ERR_FIELD_INVALID;
}

/* Rows --------------------------------------------------------------------------------------------------------------- */

static bool is_among(const uint8_t (*hashes)[LOOKUP_SIZE], size_t n, const uint8_t *hash)
{
	for (size_t i = 0; i < n; i++)
		if (!memcmp(hashes[i], hash, LOOKUP_SIZE))
			return true;
	return false;
}

static int put_all(struct ctx *c, const struct key *key, enum lookup_kind kind, const char *object, int64_t object_id, const char *const *texts, size_t n)
{
	uint8_t (*hashes)[LOOKUP_SIZE] = arena_alloc(c->arena, (n + 1) * LOOKUP_SIZE);
	size_t made = 0;
	for (size_t i = 0; i < n; i++) {
		if (!hash_with(c, key, kind, texts[i], hashes[made]) || is_among(hashes, made, hashes[made]))
			continue;
		struct lookup row = { .kind = kind_names[kind], .hash = { hashes[made++], LOOKUP_SIZE }, .object = object, .object_id = object_id };
		TRY(lookup_row_insert(c, &row));
	}
	return 0;
}

int lookup_add(struct ctx *c, enum lookup_kind kind, const char *object, int64_t object_id, const char *const *texts, size_t n)
{
	struct key key;
	TRY(company_key(c, &key));
	int r = put_all(c, &key, kind, object, object_id, texts, n);
	if (r == 0 && kind == LOOKUP_PHONE)
		r = put_all(c, &key, LOOKUP_PHONE_LAST4, object, object_id, texts, n);
	crypto_wipe(&key, sizeof(key));
	return r;
}

int lookup_set(struct ctx *c, enum lookup_kind kind, const char *object, int64_t object_id, const char *const *texts, size_t n)
{
	TRY(lookup_drop_kind(c, object, object_id, kind_names[kind], NULL));
	if (kind == LOOKUP_PHONE)
		TRY(lookup_drop_kind(c, object, object_id, kind_names[LOOKUP_PHONE_LAST4], NULL));
	return lookup_add(c, kind, object, object_id, texts, n);
}

int lookup_remove(struct ctx *c, const char *object, int64_t object_id, int64_t *removed)
{
	return lookup_drop_all(c, object, object_id, removed);
}

int lookup_find_hits(struct ctx *c, enum lookup_kind kind, const char *text, const char *object, size_t most,
                     struct lookup_hit **hits, size_t *n)
{
	uint8_t hash[LOOKUP_SIZE];
	*n = 0;
	*hits = NULL;
	int r = lookup_hash(c, kind, text, hash);
	if (r == ERR_FIELD_INVALID)
		return 0;
	TRY(r);
	struct bytes b = { hash, sizeof(hash) };
	_Static_assert(sizeof(struct lookup_hit) == sizeof(struct lookup_hits_row), "hits are rows");
	if (object)
		return lookup_hits_of(c, kind_names[kind], b, object, (int64_t)most, (struct lookup_hits_of_row **)hits, n);
	return lookup_hits(c, kind_names[kind], b, (int64_t)most, (struct lookup_hits_row **)hits, n);
}
