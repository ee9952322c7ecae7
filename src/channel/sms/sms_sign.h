/* Signatures of requests as Aliyun (ACS3-HMAC-SHA256) and Tencent Cloud (TC3-HMAC-SHA256) ask for them. Pure: time and nonce come from outside. */
#pragma once

#include "base/arena.h"
#include "base/clock.h"

struct sms_key {
	const char *id, *secret;
};

/* A POST of Aliyun's API without a body: everything is in the query, sorted and encoded (sms_query). -> the head Authorization. */
struct acs3_request {
	const char *host, *query, *action, *version;
	const char *date;               /* "2023-10-26T10:22:32Z": sms_acs3_date() */
	const char *nonce;
};
const char *sms_acs3_sign(struct arena *a, const struct sms_key *key, const struct acs3_request *q);
const char *sms_acs3_date(struct arena *a, time_ms now);
/* SHA-256 of nothing, in hex: x-acs-content-sha256 of such a request. */
extern const char sms_acs3_no_body[];

struct sms_pair {
	const char *name, *value;
};
/* "a=1&b=%E5%BC%A0": by name, encoded as RFC 3986 says. */
const char *sms_query(struct arena *a, const struct sms_pair *pairs, size_t n);

/* A POST of Tencent Cloud's API with JSON. -> the head Authorization. */
struct tc3_request {
	const char *host, *service, *body;
	int64_t timestamp;              /* seconds */
};
const char *sms_tc3_sign(struct arena *a, const struct sms_key *key, const struct tc3_request *q);
