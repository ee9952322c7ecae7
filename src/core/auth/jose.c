/* Tokens and keys, read strictly. */
#include "core/auth/jose.h"

#include <string.h>
#include <strings.h>
#include <yyjson.h>

#include "base/crypto.h"
#include "base/json.h"
#include "base/json_private.h"
#include "base/text.h"
#include "core/auth/openssl.h"

enum { MEMBERS_MOST = 100, RSA_LEAST = 256, RSA_MOST = 1024, EXPONENT_MOST = 8, P256 = 32, ID_MOST = 200 };

static bool is_twice(yyjson_val *object, const char *name, size_t at)
{
	yyjson_obj_iter iter = yyjson_obj_iter_with(object);
	for (size_t i = 0; i < at; i++)
		if (yyjson_equals_str(yyjson_obj_iter_next(&iter), name))
			return true;
	return false;
}

/* An object of which no name stands twice, or holds a NUL. */
static bool is_sound(yyjson_val *object)
{
	yyjson_val *name;
	if (!yyjson_is_obj(object) || yyjson_obj_size(object) > MEMBERS_MOST)
		return false;
	yyjson_obj_iter iter = yyjson_obj_iter_with(object);
	for (size_t i = 0; (name = yyjson_obj_iter_next(&iter)); i++)
		if (strlen(yyjson_get_str(name)) != yyjson_get_len(name) || is_twice(object, yyjson_get_str(name), i))
			return false;
	return true;
}

struct yyjson_val *object_read(struct arena *a, const char *json, size_t n)
{
	yyjson_alc memory = json_memory_of(a);
	char *copy = arena_string_n(a, json, n);
	yyjson_doc *doc = json_is_valid(copy, n, JSON_PLAIN_DEPTH) ? yyjson_read_opts(copy, n, 0, &memory, NULL) : NULL;
	yyjson_val *object = yyjson_doc_get_root(doc);
	return is_sound(object) ? object : NULL;
}

const char *object_text(struct yyjson_val *object, const char *name, size_t most)
{
	yyjson_val *v = yyjson_obj_get(object, name);
	const char *s = yyjson_get_str(v);
	size_t n = yyjson_get_len(v);
	return s && n && n <= most && utf8_is_text(s, n) && !strpbrk(s, "\t\r\n") ? s : NULL;
}

static bool algorithm_of(yyjson_val *head, enum jose_algorithm *out)
{
	const char *name = object_text(head, "alg", 10);
	*out = text_equal(name, "ES256") ? JOSE_ES256 : JOSE_RS256;
	return text_equal(name, "ES256") || text_equal(name, "RS256");
}

/* Each part of three, split at the dots. */
static bool cut(struct arena *a, const char *text, struct bytes part[static 3], size_t *signed_n)
{
	const char *at = text;
	for (int i = 0; i < 3; i++) {
		size_t n = strcspn(at, ".");
		if (n == 0 || (i < 2) != (at[n] == '.') || base64url_read(a, arena_string_n(a, at, n), &part[i]) < 0)
			return false;
		if (i == 1)
			*signed_n = (size_t)(at + n - text);
		at += n + (i < 2);
	}
	return true;
}

int jwt_read(struct arena *a, const char *text, struct jwt *out)
{
	struct bytes part[3];
	*out = (struct jwt){ .text = text };
	if (strnlen(text, JWT_MOST + 1) > JWT_MOST || !cut(a, text, part, &out->text_n))
		return ERR_INVALID;
	yyjson_val *head = object_read(a, (const char *)part[0].p, part[0].n);
	out->claims = object_read(a, (const char *)part[1].p, part[1].n);
	out->signature = part[2];
	/* "crit" names what must be understood, and nothing of it is. */
	if (!head || !out->claims || !algorithm_of(head, &out->algorithm) || yyjson_obj_get(head, "crit"))
		return ERR_INVALID;
	out->key_id = object_text(head, "kid", ID_MOST);
	return !out->key_id && yyjson_obj_get(head, "kid") ? ERR_INVALID : 0;
}

static bool number_of(struct arena *a, yyjson_val *key, const char *name, size_t least, size_t most, struct bytes *out)
{
	const char *text = object_text(key, name, JWT_MOST);
	if (!text || base64url_read(a, text, out) < 0)
		return false;
	while (out->n > least && out->p[0] == 0) {
		out->p++;
		out->n--;
	}
	return out->n >= least && out->n <= most;
}

static bool key_of(struct arena *a, yyjson_val *v, struct jose_key *key)
{
	const char *kind = object_text(v, "kty", 10), *use = object_text(v, "use", 10), *algorithm = object_text(v, "alg", 10);
	if (!is_sound(v))
		return false;
	key->id = object_text(v, "kid", ID_MOST);
	key->algorithm = text_equal(kind, "EC") ? JOSE_ES256 : JOSE_RS256;
	if ((use && strcmp(use, "sig")) || (algorithm && strcmp(algorithm, key->algorithm == JOSE_ES256 ? "ES256" : "RS256")))
		return false;
	if (text_equal(kind, "RSA"))
		return number_of(a, v, "n", RSA_LEAST, RSA_MOST, &key->a) && number_of(a, v, "e", 1, EXPONENT_MOST, &key->b);
	return text_equal(kind, "EC") && text_equal(object_text(v, "crv", 10), "P-256") && number_of(a, v, "x", P256, P256, &key->a) &&
	       number_of(a, v, "y", P256, P256, &key->b);
}

int jose_keys_read(struct arena *a, const char *json, size_t n, struct jose_keys *out)
{
	yyjson_val *list = yyjson_obj_get(object_read(a, json, n), "keys");
	if (!yyjson_is_arr(list) || yyjson_arr_size(list) > JOSE_KEYS_MOST)
		return ERR_INVALID;
	*out = (struct jose_keys){ .at = ARENA_ARRAY(a, struct jose_key, yyjson_arr_size(list) + 1) };
	for (size_t i = 0; i < yyjson_arr_size(list); i++)
		out->n += key_of(a, yyjson_arr_get(list, i), &out->at[out->n]);
	return 0;
}

const struct jose_key *jose_key_for(const struct jose_keys *keys, const struct jwt *t)
{
	const struct jose_key *found = NULL;
	for (size_t i = 0; i < keys->n; i++) {
		const struct jose_key *key = &keys->at[i];
		if (key->algorithm != t->algorithm || (t->key_id && !text_equal(key->id, t->key_id)))
			continue;
		if (found)
			return NULL;    /* two that could be meant */
		found = key;
	}
	return found;
}

bool jwt_signed_by(const struct jwt *t, const struct jose_key *key)
{
	const struct public_number a = { key->a.p, key->a.n }, b = { key->b.p, key->b.n };
	if (key->algorithm != t->algorithm)
		return false;
	if (key->algorithm == JOSE_ES256)
		return t->signature.n == ES256_SIGNATURE && es256_holds(a, b, t->text, t->text_n, t->signature.p);
	return rs256_holds(a, b, t->text, t->text_n, t->signature.p, t->signature.n);
}
