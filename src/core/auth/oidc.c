/* Talking to providers. What is kept follows from the issuer alone and is the same for all companies that name it; the oldest makes room. */
#include "core/auth/oidc.h"

#include <pthread.h>
#include <string.h>
#include <yyjson.h>

#include "base/crypto.h"
#include "base/text.h"
#include "net/url.h"

enum { KEPT = 64, DOCUMENT_MOST = 256 * 1024, URL_MOST = 1000, WORD_MOST = 40, AGAIN_MS = 60 * 1000 };

struct kept {
	struct arena *arena;            /* of this document; NULL: none */
	const char *url, *json;
	time_ms at;
};

struct oidc {
	struct arena *arena;
	struct client *client;
	pthread_mutex_t lock;
	struct kept kept[KEPT];
};

struct oidc *oidc_new(struct client *client)
{
	struct arena *a = arena_new();
	struct oidc *o = ARENA_NEW(a, struct oidc);
	o->arena = a;
	o->client = client;
	pthread_mutex_init(&o->lock, NULL);
	return o;
}

void oidc_free(struct oidc *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < KEPT; i++)
		arena_free(o->kept[i].arena);
	pthread_mutex_destroy(&o->lock);
	arena_free(o->arena);
}

static int wrong(const struct oidc_call *k, const char *what)
{
	return error_set(k->error, k->arena, ERR_PROVIDER_ANSWER, what);
}

const char *oidc_word(struct arena *a, const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	return n && n <= WORD_MOST && !word[n] ? arena_string(a, word) : "unknown";
}

/* Documents ------------------------------------------------------------------------------------------------------------ */

/* NULL: none that is young enough. */
static const char *kept_of(const struct oidc_call *k, const char *url, time_ms kept_ms)
{
	const char *json = NULL;
	pthread_mutex_lock(&k->oidc->lock);
	for (size_t i = 0; i < KEPT && !json; i++) {
		const struct kept *d = &k->oidc->kept[i];
		if (d->url && !strcmp(d->url, url) && k->now - d->at < kept_ms)
			json = arena_string(k->arena, d->json);
	}
	pthread_mutex_unlock(&k->oidc->lock);
	return json;
}

static void keep(const struct oidc_call *k, const char *url, const char *json)
{
	struct arena *a = arena_small();
	struct kept fresh = { a, arena_string(a, url), arena_string(a, json), k->now };
	pthread_mutex_lock(&k->oidc->lock);
	struct kept *place = &k->oidc->kept[0];
	for (size_t i = 0; i < KEPT; i++) {
		struct kept *d = &k->oidc->kept[i];
		if (d->url && !strcmp(d->url, url)) {
			place = d;
			break;
		}
		if (!d->url || (place->url && d->at < place->at))
			place = d;
	}
	arena_free(place->arena);
	*place = fresh;
	pthread_mutex_unlock(&k->oidc->lock);
}

/* *is_new: it was not kept, and is the caller's to keep once it has proved to hold. */
static int fetch(const struct oidc_call *k, const char *url, time_ms kept_ms, const char **json, bool *is_new)
{
	struct client_reply reply;
	*json = kept_of(k, url, kept_ms);
	*is_new = !*json;
	if (!*is_new)
		return 0;
	const struct http_pair accept = { "Accept", "application/json" };
	TRY(client_send(k->oidc->client, k->arena, &(struct client_request){
		.method = "GET", .url = url, .headers = &accept, .header_count = 1, .timeout_ms = k->timeout_ms, .reply_most = DOCUMENT_MOST,
	}, &reply, k->error));
	if (reply.status != 200)
		return error_set(k->error, k->arena, ERR_OUTBOUND, arena_format(k->arena, "HTTP %d", reply.status));
	*json = arena_string_n(k->arena, (const char *)reply.body.p, reply.body.n);
	return 0;
}

/* Discovery -------------------------------------------------------------------------------------------------------------- */

static bool is_here(const char *rest)
{
	static const char *const hosts[] = { "127.0.0.1", "[::1]", "localhost" };
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		size_t n = strlen(hosts[i]);
		if (!strncmp(rest, hosts[i], n) && (!rest[n] || strchr(":/?", rest[n])))
			return true;
	}
	return false;
}

bool oidc_is_address(const char *url)
{
	size_t n = url ? strlen(url) : 0;
	if (n == 0 || n > URL_MOST || strpbrk(url, " \"<>\\^`{|}#\t\r\n"))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)url[i] >= 0x7F || (unsigned char)url[i] < ' ')
			return false;
	const char *rest = !strncmp(url, "https://", 8) ? url + 8 : !strncmp(url, "http://", 7) && is_here(url + 7) ? url + 7 : NULL;
	size_t host = rest ? strcspn(rest, "/?") : 0;
	return host && !memchr(rest, '@', host);
}

static bool lists(yyjson_val *about, const char *name, const char *word)
{
	yyjson_val *list = yyjson_obj_get(about, name);
	for (size_t i = 0; i < yyjson_arr_size(list); i++)
		if (yyjson_equals_str(yyjson_arr_get(list, i), word))
			return true;
	return false;
}

static const char *address_in(yyjson_val *about, const char *name)
{
	const char *url = object_text(about, name, URL_MOST);
	return oidc_is_address(url) ? url : NULL;
}

int oidc_discover(const struct oidc_call *k, struct oidc_about *out)
{
	static const char *const ways = "token_endpoint_auth_methods_supported";
	const char *json;
	bool is_new;
	size_t n = strlen(k->issuer);
	if (!oidc_is_address(k->issuer))
		return wrong(k, "issuer");
	const char *url = arena_format(k->arena, "%.*s/.well-known/openid-configuration", (int)(n - (k->issuer[n - 1] == '/')), k->issuer);
	TRY(fetch(k, url, k->kept_ms, &json, &is_new));
	yyjson_val *about = object_read(k->arena, json, strlen(json));
	if (!about || !text_equal(object_text(about, "issuer", URL_MOST), k->issuer))
		return wrong(k, "issuer");
	*out = (struct oidc_about){
		.authorize = address_in(about, "authorization_endpoint"), .token = address_in(about, "token_endpoint"), .keys = address_in(about, "jwks_uri"),
		.secret_in_body = yyjson_obj_get(about, ways) && !lists(about, ways, "client_secret_basic"),
		.names_itself = yyjson_is_true(yyjson_obj_get(about, "authorization_response_iss_parameter_supported")),
	};
	if (!out->authorize || !out->token || !out->keys)
		return wrong(k, "discovery");
	if (is_new)
		keep(k, url, json);
	return 0;
}

/* The way there ---------------------------------------------------------------------------------------------------------- */

static void add_pair(struct text *t, const char *name, const char *value)
{
	if (t->n && !strchr("?&", t->p[t->n - 1]))
		text_char(t, '&');
	text_format(t, "%s=", name);
	url_encode(t, value);
}

const char *oidc_address(const struct oidc_call *k, const struct oidc_about *about, const struct oidc_ask *ask)
{
	struct text t = text_in(k->arena);
	uint8_t hash[HASH_SIZE];
	hash_sha256(ask->verifier, strlen(ask->verifier), hash);
	text_append(&t, about->authorize);
	if (!strchr(about->authorize, '?'))
		text_char(&t, '?');
	add_pair(&t, "response_type", "code");
	add_pair(&t, "scope", "openid email profile");
	add_pair(&t, "client_id", k->client_id);
	add_pair(&t, "redirect_uri", ask->redirect);
	add_pair(&t, "state", ask->state);
	add_pair(&t, "nonce", ask->nonce);
	add_pair(&t, "code_challenge", base64url(k->arena, hash, sizeof(hash)));
	add_pair(&t, "code_challenge_method", "S256");
	return text_end(&t);
}

/* The way back ----------------------------------------------------------------------------------------------------------- */

static const char *basic(const struct oidc_call *k)
{
	struct text t = text_in(k->arena);
	url_encode(&t, k->client_id);
	text_char(&t, ':');
	url_encode(&t, k->secret);
	return arena_format(k->arena, "Basic %s", base64(k->arena, text_end(&t), t.n));
}

static int post_code(const struct oidc_call *k, const struct oidc_about *about, const struct oidc_ask *ask, const char *code, struct client_reply *reply)
{
	struct text t = text_in(k->arena);
	bool in_head = k->secret && !about->secret_in_body;
	add_pair(&t, "grant_type", "authorization_code");
	add_pair(&t, "code", code);
	add_pair(&t, "redirect_uri", ask->redirect);
	add_pair(&t, "code_verifier", ask->verifier);
	if (!in_head)
		add_pair(&t, "client_id", k->client_id);
	if (k->secret && !in_head)
		add_pair(&t, "client_secret", k->secret);
	const struct http_pair headers[] = {
		{ "Content-Type", "application/x-www-form-urlencoded" }, { "Accept", "application/json" }, { "Authorization", in_head ? basic(k) : "" },
	};
	return client_send(k->oidc->client, k->arena, &(struct client_request){
		.method = "POST", .url = about->token, .headers = headers, .header_count = in_head ? 3 : 2, .body = { (const uint8_t *)text_end(&t), t.n },
		.timeout_ms = k->timeout_ms, .reply_most = DOCUMENT_MOST,
	}, reply, k->error);
}

static int take_token(const struct oidc_call *k, const struct client_reply *reply, struct jwt *out)
{
	yyjson_val *answer = object_read(k->arena, (const char *)reply->body.p, reply->body.n);
	const char *why = object_text(answer, "error", WORD_MOST), *token = object_text(answer, "id_token", JWT_MOST);
	if (reply->status != 200)
		return error_set(k->error, k->arena, ERR_PROVIDER_REFUSED, why ? oidc_word(k->arena, why) : arena_format(k->arena, "HTTP %d", reply->status));
	if (!token)
		return wrong(k, "id_token");
	return jwt_read(k->arena, token, out) < 0 ? wrong(k, "alg") : 0;
}

/* A key that is not among those kept is looked for at the provider: keys are changed without a word. A forged name of a key makes us ask
 * once a minute, not once a token. */
static int find_key(const struct oidc_call *k, const struct oidc_about *about, const struct jwt *token, const struct jose_key **out)
{
	const time_ms ages[] = { k->kept_ms, AGAIN_MS };
	*out = NULL;
	for (int i = 0; i < 2 && !*out; i++) {
		struct jose_keys keys;
		const char *json;
		bool is_new;
		TRY(fetch(k, about->keys, ages[i], &json, &is_new));
		if (jose_keys_read(k->arena, json, strlen(json), &keys) < 0)
			return wrong(k, "keys");
		if (is_new)
			keep(k, about->keys, json);
		*out = jose_key_for(&keys, token);
	}
	return *out ? 0 : wrong(k, "kid");
}

int oidc_exchange(const struct oidc_call *k, const struct oidc_about *about, const struct oidc_ask *ask, const char *code, struct oidc_identity *out)
{
	struct client_reply reply;
	struct jwt token;
	const struct jose_key *key;
	TRY(post_code(k, about, ask, code, &reply));
	TRY(take_token(k, &reply, &token));
	TRY(find_key(k, about, &token, &key));
	if (!jwt_signed_by(&token, key))
		return wrong(k, "signature");
	const char *fault = oidc_check_claims(k, ask->nonce, &token, out);
	return fault ? wrong(k, fault) : 0;
}
