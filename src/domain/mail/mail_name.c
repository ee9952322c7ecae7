/* By what a mail is known again: hashes of Message-IDs, ids and addresses of ours that nobody else can make. */
#include <string.h>

#include "base/crypto.h"
#include "base/json.h"
#include "core/auth/sign_in.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/mail/mail_private.h"

enum { MARK_BYTES = 8, TOKEN_BYTES = 10 };

struct bytes mail_name(struct ctx *c, const char *id)
{
	uint8_t *hash = arena_alloc(c->arena, HASH_SIZE);
	hash_sha256(id, strlen(id), hash);
	return (struct bytes){ hash, HASH_SIZE };
}

/* Lower-case hex: servers fold the case of addresses. */
static int signed_as(struct ctx *c, const char *use, int64_t number, size_t bytes, const char **out)
{
	struct key key;
	uint8_t hash[HASH_SIZE];
	const char *text = arena_format(c->arena, "%s %lld", use, (long long)number);
	TRY(tenant_secret(c, "mail", &key));
	hmac_sha256(&key, text, strlen(text), hash);
	crypto_wipe(&key, sizeof(key));
	*out = hex(c->arena, hash, bytes);
	return 0;
}

int mail_mark(struct ctx *c, const char **mark)
{
	return signed_as(c, "mark", c->tenant, MARK_BYTES, mark);
}

int mail_own_id(struct ctx *c, const struct mail_account *a, int64_t letter, const char **id)
{
	const char *mac, *at = strchr(a->address, '@');
	TRY(signed_as(c, "letter", letter, MARK_BYTES, &mac));
	*id = arena_format(c->arena, "anxin.%lld.%s%s", (long long)letter, mac, at ? at : "@localhost");
	return 0;
}

int mail_reply_address(struct ctx *c, const struct mail_account *a, int64_t conversation, const char **address)
{
	const char *mac, *at = strchr(a->address, '@');
	TRY(signed_as(c, "reply", conversation, TOKEN_BYTES, &mac));
	*address = at ? arena_format(c->arena, "%.*s+%llx.%s%s", (int)(at - a->address), a->address, (unsigned long long)conversation, mac, at) : a->address;
	return 0;
}

int mail_reply_of(struct ctx *c, const char *address, int64_t *conversation)
{
	unsigned long long id = 0;
	int n = 0;
	const char *plus = strrchr(address, '+'), *mac;
	*conversation = 0;
	if (!plus || strlen(address) > 254 || sscanf(plus + 1, "%16llx.%n", &id, &n) != 1 || !n || !id || id > INT64_MAX)
		return 0;
	TRY(signed_as(c, "reply", (int64_t)id, TOKEN_BYTES, &mac));
	const char *given = plus + 1 + n;
	size_t length = 2 * TOKEN_BYTES;
	if (strlen(given) > length && given[length] == '@' && crypto_equal(given, mac, length))
		*conversation = (int64_t)id;
	return 0;
}

/* Heads ------------------------------------------------------------------------------------------------------------------ */

static const struct member head_members[] = {
	MEMBER(struct mail_head, id, text), MEMBER(struct mail_head, from, text), MEMBER(struct mail_head, subject, text), MEMBER(struct mail_head, refs, list, .item = TYPE_text, .most = MAIL_REFERENCES_MOST),
};
static const struct shape head_shape = SHAPE("mail_head", struct mail_head, head_members);

int mail_head_seal(struct ctx *c, int64_t key, const struct mail_head *h, struct bytes *out)
{
	struct text t = text_in(c->arena);
	struct mail_head kept = *h;
	kept.refs.n = h->refs.n < MAIL_REFERENCES_MOST ? h->refs.n : MAIL_REFERENCES_MOST;
	json_write(&t, &head_shape, &kept);
	return pii_seal(c, key, "mail_letter.head", text_end(&t), out);
}

int mail_head_open(struct ctx *c, const struct mail_letter *l, struct mail_head *out)
{
	const char *text;
	*out = (struct mail_head){ .id = "", .from = "", .subject = "" };
	if (!l->head.p)
		return 0;
	TRY(pii_open(c, l->key, "mail_letter.head", l->head, &text));
	return json_read(c->arena, &head_shape, text, strlen(text), out, NULL, c->error);
}
