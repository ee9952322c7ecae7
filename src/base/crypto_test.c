/* Sealed values open only with their key and in their place; the primitives agree with published vectors. */
#include "base/test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/crypto.h"

static int start(void **state)
{
	return crypto_start();
}

static struct key a_key(void)
{
	struct key k;
	crypto_random(k.p, sizeof(k.p));
	return k;
}

static void what_is_sealed_opens_again(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct key k = a_key();
	for (size_t n = 0; n < 200; n += 13) {
		uint8_t plain[200];
		crypto_random(plain, n);
		struct bytes sealed = seal(a, &k, "customer.phone", plain, n), opened;
		assert_int_equal(sealed.n, n + SEAL_OVERHEAD);
		assert_int_equal(seal_open(a, &k, "customer.phone", sealed, &opened), 0);
		assert_int_equal(opened.n, n);
		assert_memory_equal(opened.p, plain, n);
		assert_int_equal(opened.p[n], 0);
	}
}

static void any_changed_byte_key_or_context_refuses_to_open(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct key k = a_key(), other = a_key();
	struct bytes sealed = seal(a, &k, "customer.phone", "13800138000", 11), opened;
	for (size_t i = 0; i < sealed.n; i++) {
		struct bytes bent = arena_bytes(a, sealed);
		((uint8_t *)(uintptr_t)bent.p)[i] ^= 1;
		assert_true(seal_open(a, &k, "customer.phone", bent, &opened) < 0);
	}
	for (size_t n = 0; n < sealed.n; n++)
		assert_true(seal_open(a, &k, "customer.phone", (struct bytes){ sealed.p, n }, &opened) < 0);
	assert_true(seal_open(a, &other, "customer.phone", sealed, &opened) < 0);
	assert_true(seal_open(a, &k, "customer.mail", sealed, &opened) < 0);
	assert_true(seal_open(a, &k, "customer.phone", (struct bytes){ 0 }, &opened) < 0);
}

static void the_same_text_is_never_sealed_the_same_way(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct key k = a_key();
	struct bytes x = seal(a, &k, "c", "a", 1), y = seal(a, &k, "c", "a", 1);
	assert_memory_not_equal(x.p, y.p, x.n);
}

static void hashes_agree_with_published_vectors(void **state)
{
	ARENA_SCOPED a = arena_new();
	uint8_t out[32];
	hash_sha256("abc", 3, out);     /* FIPS 180-4 */
	assert_string_equal(hex(a, out, 32), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	struct key k = { { 0 } };       /* RFC 4231 case 2: key "Jefe", padded with zeros by HMAC itself */
	memcpy(k.p, "Jefe", 4);
	hmac_sha256(&k, "what do ya want for nothing?", 28, out);
	assert_string_equal(hex(a, out, 32), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void labels_and_keys_separate_hashes(void **state)
{
	struct key k = a_key(), other = a_key();
	uint8_t x[16], y[16];
	hash_keyed(&k, "phone", "1", 1, x, 16);
	hash_keyed(&k, "phone", "1", 1, y, 16);
	assert_memory_equal(x, y, 16);
	hash_keyed(&k, "phon", "e1", 2, y, 16);
	assert_memory_not_equal(x, y, 16);
	hash_keyed(&other, "phone", "1", 1, y, 16);
	assert_memory_not_equal(x, y, 16);
	struct key d, e;
	key_derive(&k, "links", &d);
	key_derive(&k, "audit", &e);
	assert_memory_not_equal(&d, &e, sizeof(d));
}

static void a_password_is_verified_and_nothing_else(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *encoded;
	assert_int_equal(password_hash(a, "正确的密码", &encoded), 0);
	assert_non_null(strstr(encoded, "$argon2id$v=19$m=19456,t=2,p=1$"));
	assert_true(password_verify(encoded, "正确的密码"));
	assert_false(password_verify(encoded, "正确的密码 "));
	assert_false(password_verify(encoded, ""));
	assert_false(password_verify("", "正确的密码"));
	assert_false(password_verify("$argon2id$broken", "正确的密码"));
}

static void base64_is_read_only_in_its_one_form(void **state)
{
	static const struct {
		const char *text, *plain;       /* NULL: refused */
	} cases[] = {
		{ "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" }, { "Zm9v", "foo" }, { "Zm9vYmFy", "foobar" },     /* RFC 4648 §10 */
		{ "Zg", NULL }, { "Zg=", NULL }, { "Zg===", NULL }, { "Zm9v\n", NULL }, { " Zm9v", NULL }, { "Zm9_", NULL },
		{ "Zh==", NULL },               /* bits left over */
		{ "====", NULL }, { "Z", NULL },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bytes out;
		int r = base64_read(a, cases[i].text, strlen(cases[i].text), &out);
		if (!cases[i].plain) {
			if (r != ERR_FIELD_INVALID)
				fail_msg("\"%s\" was taken", cases[i].text);
			continue;
		}
		assert_int_equal(r, 0);
		assert_int_equal(out.n, strlen(cases[i].plain));
		assert_memory_equal(out.p, cases[i].plain, out.n);
		assert_string_equal(base64(a, out.p, out.n), cases[i].text);
	}
	struct bytes out;
	assert_string_equal(base64url(a, "\xFB\xFF", 2), "-_8");
	assert_int_equal(base64url_read(a, "-_8", &out), 0);
	assert_memory_equal(out.p, "\xFB\xFF", 2);
	assert_int_equal(base64url_read(a, "-_8=", &out), ERR_FIELD_INVALID);
	assert_int_equal(base64url_read(a, "+/8", &out), ERR_FIELD_INVALID);
}

/* The quickest of some rounds: what else the machine does only makes a round longer. */
static double seconds_to_compare(const uint8_t *x, const uint8_t *y, size_t n, bool same)
{
	double least = 1e9;
	for (int round = 0; round < 40; round++) {
		struct timespec from, to;
		clock_gettime(CLOCK_MONOTONIC, &from);
		assert_int_equal(crypto_equal(x, y, n), same);
		clock_gettime(CLOCK_MONOTONIC, &to);
		double took = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		least = took < least ? took : least;
	}
	return least;
}

/* One that stops at the first difference tells how much of a guess is right: of a megabyte it would take a thousandth. */
static void comparing_takes_as_long_wherever_the_difference_is(void **state)
{
	enum { MANY = 1 << 20 };
	ARENA_SCOPED a = arena_new();
	uint8_t *x = arena_alloc(a, MANY), *y = arena_alloc(a, MANY);
	crypto_random(x, MANY);
	memcpy(y, x, MANY);
	double equal = seconds_to_compare(x, y, MANY, true);
	y[0] ^= 1;
	double first = seconds_to_compare(x, y, MANY, false);
	y[0] ^= 1;
	y[MANY - 1] ^= 1;
	double last = seconds_to_compare(x, y, MANY, false);
	assert_true(first > equal / 2 && last > equal / 2 && first > last / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sealed_opens_again),
		cmocka_unit_test(any_changed_byte_key_or_context_refuses_to_open),
		cmocka_unit_test(the_same_text_is_never_sealed_the_same_way),
		cmocka_unit_test(hashes_agree_with_published_vectors),
		cmocka_unit_test(labels_and_keys_separate_hashes),
		cmocka_unit_test(a_password_is_verified_and_nothing_else),
		cmocka_unit_test(comparing_takes_as_long_wherever_the_difference_is),
		cmocka_unit_test(base64_is_read_only_in_its_one_form),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
