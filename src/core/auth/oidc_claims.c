/* What an ID token must say. Times may be off by a minute: clocks of two houses. */
#include <strings.h>
#include <yyjson.h>

#include "base/json.h"
#include "core/auth/oidc.h"

enum { SKEW_S = 60, SUBJECT_MOST = 255, TEXT_MOST = 300 };

/* An issuer's time in seconds; −1: there is none. */
static int64_t seconds_of(yyjson_val *claims, const char *name)
{
	yyjson_val *v = yyjson_obj_get(claims, name);
	double at = yyjson_is_num(v) ? yyjson_get_num(v) : -1;
	return at >= 0 && at < 1e11 ? (int64_t)at : -1;
}

static bool is_for(yyjson_val *audience, const char *client_id)
{
	if (yyjson_is_str(audience))
		return yyjson_equals_str(audience, client_id);
	for (size_t i = 0; i < yyjson_arr_size(audience); i++)
		if (yyjson_equals_str(yyjson_arr_get(audience, i), client_id))
			return true;
	return false;
}

static const char *check_times(yyjson_val *claims, int64_t now)
{
	int64_t until = seconds_of(claims, "exp"), since = seconds_of(claims, "iat"), not_before = seconds_of(claims, "nbf");
	if (until < 0 || until + SKEW_S <= now)
		return "exp";
	if (since < 0 || since > now + SKEW_S)
		return "iat";
	return not_before > now + SKEW_S ? "nbf" : NULL;
}

/* "mfa" of RFC 8176: more than one was shown. */
static bool shows_two(yyjson_val *methods)
{
	for (size_t i = 0; i < yyjson_arr_size(methods); i++)
		if (yyjson_equals_str(yyjson_arr_get(methods, i), "mfa"))
			return true;
	return false;
}

static void take_identity(struct arena *a, yyjson_val *claims, struct oidc_identity *out)
{
	yyjson_val *verified = yyjson_obj_get(claims, "email_verified");
	*out = (struct oidc_identity){
		.subject = object_text(claims, "sub", SUBJECT_MOST), .email = object_text(claims, "email", TEXT_MOST), .name = object_text(claims, "name", TEXT_MOST),
		.account = object_text(claims, "preferred_username", TEXT_MOST), .second_factor = shows_two(yyjson_obj_get(claims, "amr")),
		.email_verified = yyjson_is_true(verified) || yyjson_equals_str(verified, "true"), .claims = json_value(a, claims),
	};
}

const char *oidc_check_claims(const struct oidc_call *k, const char *nonce, const struct jwt *token, struct oidc_identity *out)
{
	yyjson_val *claims = token->claims, *audience = yyjson_obj_get(claims, "aud"), *party = yyjson_obj_get(claims, "azp");
	if (!yyjson_equals_str(yyjson_obj_get(claims, "iss"), k->issuer))
		return "iss";
	if (!is_for(audience, k->client_id))
		return "aud";
	if (party ? !yyjson_equals_str(party, k->client_id) : yyjson_arr_size(audience) > 1)
		return "azp";
	const char *late = check_times(claims, k->now / SECOND_MS);
	if (late)
		return late;
	if (!yyjson_equals_str(yyjson_obj_get(claims, "nonce"), nonce))
		return "nonce";
	take_identity(k->arena, claims, out);
	return out->subject ? NULL : "sub";
}
