/* By the documents: help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature and cloud.tencent.com/document/api/382/52072. */
#include "channel/sms/sms_sign.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "net/url.h"

const char sms_acs3_no_body[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static const char *sha256_of(struct arena *a, const char *text)
{
	uint8_t hash[HASH_SIZE];
	hash_sha256(text, strlen(text), hash);
	return hex(a, hash, sizeof(hash));
}

/* Aliyun ------------------------------------------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct sms_pair *)a)->name, ((const struct sms_pair *)b)->name);
}

const char *sms_query(struct arena *a, const struct sms_pair *pairs, size_t n)
{
	struct text t = text_in(a);
	struct sms_pair *sorted = ARENA_ARRAY(a, struct sms_pair, n + 1);
	memcpy(sorted, pairs, n * sizeof(*pairs));
	qsort(sorted, n, sizeof(*sorted), by_name);
	for (size_t i = 0; i < n; i++) {
		text_append(&t, i ? "&" : "");
		url_encode(&t, sorted[i].name);
		text_char(&t, '=');
		url_encode(&t, sorted[i].value);
	}
	return text_end(&t);
}

const char *sms_acs3_date(struct arena *a, time_ms now)
{
	char date[32];
	time_format(now, date);
	return arena_format(a, "%.*sZ", (int)strlen("2026-11-22T06:32:00"), date);
}

const char *sms_acs3_sign(struct arena *a, const struct sms_key *key, const struct acs3_request *q)
{
	static const char heads[] = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
	uint8_t mac[32];
	const char *request = arena_format(a, "POST\n/\n%s\nhost:%s\nx-acs-action:%s\nx-acs-content-sha256:%s\nx-acs-date:%s\nx-acs-signature-nonce:%s\nx-acs-version:%s\n\n%s\n%s",
	                                   q->query, q->host, q->action, sms_acs3_no_body, q->date, q->nonce, q->version, heads, sms_acs3_no_body);
	const char *text = arena_format(a, "ACS3-HMAC-SHA256\n%s", sha256_of(a, request));
	hmac_sha256_by(key->secret, strlen(key->secret), text, strlen(text), mac);
	return arena_format(a, "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s", key->id, heads, hex(a, mac, sizeof(mac)));
}

/* Tencent Cloud ------------------------------------------------------------------------------------------------------------ */

const char *sms_tc3_sign(struct arena *a, const struct sms_key *key, const struct tc3_request *q)
{
	char day[16];
	uint8_t day_key[32], service_key[32], sign_key[32], mac[32];
	day_format(day_of(q->timestamp * SECOND_MS, 0), day);
	const char *scope = arena_format(a, "%s/%s/tc3_request", day, q->service);
	const char *request = arena_format(a, "POST\n/\n\ncontent-type:application/json; charset=utf-8\nhost:%s\n\ncontent-type;host\n%s", q->host, sha256_of(a, q->body));
	const char *text = arena_format(a, "TC3-HMAC-SHA256\n%lld\n%s\n%s", (long long)q->timestamp, scope, sha256_of(a, request));
	const char *secret = arena_format(a, "TC3%s", key->secret);
	hmac_sha256_by(secret, strlen(secret), day, strlen(day), day_key);
	hmac_sha256_by(day_key, sizeof(day_key), q->service, strlen(q->service), service_key);
	hmac_sha256_by(service_key, sizeof(service_key), "tc3_request", strlen("tc3_request"), sign_key);
	hmac_sha256_by(sign_key, sizeof(sign_key), text, strlen(text), mac);
	return arena_format(a, "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%s", key->id, scope, hex(a, mac, sizeof(mac)));
}
