/* By the documents: help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature and cloud.tencent.com/document/api/382/52072. */
#include "channel/sms/sms_sign.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"
#include "base/text.h"

const char sms_acs3_no_body[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static const char *sha256_of(struct arena *a, const char *text)
{
	uint8_t hash[HASH_SIZE];
	hash_sha256(text, strlen(text), hash);
	return hex(a, hash, sizeof(hash));
}

static void utc(time_ms at, struct tm *out)
{
	time_t seconds = (time_t)(at / SECOND_MS);
	gmtime_r(&seconds, out);
}

/* Aliyun ------------------------------------------------------------------------------------------------------------------- */

static void encode(struct text *t, const char *value)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
	for (const char *p = value; *p; p++)
		if (strchr(plain, *p))
			text_char(t, *p);
		else
			text_format(t, "%%%02X", (unsigned)(uint8_t)*p);
}

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
		encode(&t, sorted[i].name);
		text_char(&t, '=');
		encode(&t, sorted[i].value);
	}
	return text_end(&t);
}

const char *sms_acs3_date(struct arena *a, time_ms now)
{
	struct tm tm;
	utc(now, &tm);
	return arena_format(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
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
	struct tm tm;
	uint8_t day_key[32], service_key[32], sign_key[32], mac[32];
	utc(q->timestamp * SECOND_MS, &tm);
	const char *day = arena_format(a, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
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
