/* The vectors of the facts, and what is refused. */
#include "base/test.h"
#include "channel/wechat/wechat_crypt.h"

static const char key_text[] = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", app[] = "wx49f0ab532d5d035a";
static const char sealed[] = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==";

static void signs_as_the_official_example(void **state)
{
	const struct wechat_signed s = { "AAAAA", "1714036504", "1514711492", NULL };
	char out[WECHAT_SIGNATURE_TEXT];
	wechat_sign(&s, out);
	assert_string_equal(out, "f464b24fc39322e44b38aa78f5edd27bd1441696");
	assert_true(wechat_signature_holds(&s, out));
	out[3] ^= 1;
	assert_false(wechat_signature_holds(&s, out));
	assert_false(wechat_signature_holds(&s, "f464b24f"));
	assert_false(wechat_signature_holds(&s, NULL));
	assert_false(wechat_signature_holds(&(struct wechat_signed){ "AAAAA", NULL, "1", NULL }, out));
}

static void reads_what_wechat_encrypted(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct key key;
	struct bytes out;
	char signature[WECHAT_SIGNATURE_TEXT];
	const struct wechat_signed s = { "123456", "1411443780", "437374425", sealed };
	wechat_sign(&s, signature);
	assert_string_equal(signature, "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96");
	assert_int_equal(wechat_key_read(key_text, &key), 0);
	assert_int_equal(wechat_decrypt(a, &key, app, sealed, &out), 0);
	assert_string_equal((const char *)out.p, "5927782489442352469");
	assert_int_equal(out.n, 19);
}

/* The same 16 bytes and message give the same ciphertext, byte by byte. */
static void writes_what_wechat_would(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct key key;
	assert_int_equal(wechat_key_read(key_text, &key), 0);
	assert_string_equal(wechat_encrypt(a, &key, app, (const uint8_t *)"2304fc2fe146f1f8", "5927782489442352469", 19), sealed);
}

static void every_length_comes_back(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct key key;
	char text[100];
	assert_int_equal(wechat_key_read(key_text, &key), 0);
	for (size_t n = 0; n < sizeof(text); n++) {
		struct bytes out;
		memset(text, 'x', n);
		const char *c = wechat_encrypt(a, &key, app, (const uint8_t *)"1234567890123456", text, n);
		assert_int_equal(strlen(c) / 4 * 3 % 32 <= 3, 1);
		assert_int_equal(wechat_decrypt(a, &key, app, c, &out), 0);
		assert_int_equal(out.n, n);
		assert_memory_equal(out.p, text, n);
	}
}

static void refuses_what_is_not_its_own(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct key key, other;
	struct bytes out;
	assert_int_equal(wechat_key_read(key_text, &key), 0);
	assert_int_equal(wechat_key_read("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", &other), 0);
	assert_int_equal(wechat_decrypt(a, &other, app, sealed, &out), ERR_BAD_REQUEST);
	assert_int_equal(wechat_decrypt(a, &key, "wx49f0ab532d5d035b", sealed, &out), ERR_BAD_REQUEST);
	assert_int_equal(wechat_decrypt(a, &key, "wx49f0ab532d5d035", sealed, &out), ERR_BAD_REQUEST);
	assert_int_equal(wechat_decrypt(a, &key, "", sealed, &out), ERR_BAD_REQUEST);
	static const char *const broken[] = { "", "=", "AAAA", "4ByGGj+sVCYcvGeQYhaKIg==", "nonsense!", "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrA=" };
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		assert_int_equal(wechat_decrypt(a, &key, app, broken[i], &out), ERR_BAD_REQUEST);
}

static void refuses_keys_of_other_shapes(void **state)
{
	struct key key;
	assert_int_equal(wechat_key_read(NULL, &key), ERR_FIELD_INVALID);
	assert_int_equal(wechat_key_read("", &key), ERR_FIELD_INVALID);
	assert_int_equal(wechat_key_read("kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1a", &key), ERR_FIELD_INVALID);
	assert_int_equal(wechat_key_read("kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1a=", &key), ERR_FIELD_INVALID);
	assert_int_equal(wechat_key_read("kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR=", &key), ERR_FIELD_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_as_the_official_example), cmocka_unit_test(reads_what_wechat_encrypted), cmocka_unit_test(writes_what_wechat_would),
		cmocka_unit_test(every_length_comes_back), cmocka_unit_test(refuses_what_is_not_its_own), cmocka_unit_test(refuses_keys_of_other_shapes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
