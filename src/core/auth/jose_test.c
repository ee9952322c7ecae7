/* jose: what a token has to be before anybody believes it. Keys and signature are those of RFC 7515, appendix A.3. */
#include "base/test.h"

#include <string.h>

#include "core/auth/jose.h"

#define HEAD "eyJhbGciOiJFUzI1NiJ9"
#define CLAIMS "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
#define SIGNATURE "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
#define KEY "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""

static bool holds(struct arena *a, const char *keys, const char *text)
{
	struct jose_keys set;
	struct jwt token;
	assert_int_equal(jose_keys_read(a, keys, strlen(keys), &set), 0);
	if (jwt_read(a, text, &token) < 0)
		return false;
	const struct jose_key *key = jose_key_for(&set, &token);
	return key && jwt_signed_by(&token, key);
}

static void the_example_of_the_standard_holds(void **state)
{
	ARENA_SCOPED a = arena_new();
	assert_true(holds(a, "{\"keys\":[" KEY "}]}", HEAD "." CLAIMS "." SIGNATURE));
}

static void any_change_of_it_does_not(void **state)
{
	ARENA_SCOPED a = arena_new();
	char text[] = HEAD "." CLAIMS "." SIGNATURE;
	for (size_t i = 0; text[i]; i++) {
		char was = text[i];
		text[i] = was == 'B' ? 'D' : 'B';
		/* the last character of a part holds bits that are not the signature's; reading refuses them or they are the same */
		assert_false(text[i] != was && holds(a, "{\"keys\":[" KEY "}]}", text));
		text[i] = was;
	}
}

static void a_key_serves_its_own_purpose_alone(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *text = HEAD "." CLAIMS "." SIGNATURE;
	assert_false(holds(a, "{\"keys\":[" KEY ",\"use\":\"enc\"}]}", text));
	assert_false(holds(a, "{\"keys\":[" KEY ",\"alg\":\"ES384\"}]}", text));
	assert_false(holds(a, "{\"keys\":[" KEY ",\"kty\":\"EC\"}]}", text));           /* twice the same name */
	assert_false(holds(a, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}", text));
	assert_false(holds(a, "{\"keys\":[]}", text));
	assert_false(holds(a, "{\"keys\":[" KEY "}," KEY ",\"kid\":\"b\"}]}", text));  /* either could be meant */
}

static void what_is_no_token_is_none(void **state)
{
	static const char *const wrong[] = {
		"", ".", "..", "a.b", HEAD "." CLAIMS, HEAD "." CLAIMS ".", HEAD "." CLAIMS "." SIGNATURE ".", "." CLAIMS "." SIGNATURE, HEAD ".." SIGNATURE,
		HEAD "." HEAD "=." SIGNATURE, "eyJhbGciOiJub25lIn0." CLAIMS "." SIGNATURE, "eyJhbGciOiJIUzI1NiJ9." CLAIMS "." SIGNATURE, HEAD ".W10." SIGNATURE,
	};
	ARENA_SCOPED a = arena_new();
	struct jwt token;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(jwt_read(a, wrong[i], &token), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_standard_holds), cmocka_unit_test(any_change_of_it_does_not),
		cmocka_unit_test(a_key_serves_its_own_purpose_alone), cmocka_unit_test(what_is_no_token_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
