/* Ciphertexts of strangers are refused without harm; what we encrypt comes back whole, and changed by one bit it does not come back as something longer. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "channel/wechat/wechat_crypt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct key key;
	struct bytes out;
	const char *text = arena_string_n(a, (const char *)data, n), *app = "wx49f0ab532d5d035a";
	if (wechat_key_read("kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", &key) < 0)
		abort();
	if (wechat_decrypt(a, &key, app, text, &out) == 0 && out.n > n)
		abort();
	const char *sealed = wechat_encrypt(a, &key, app, (const uint8_t *)"0123456789abcdef", (const char *)data, n);
	if (wechat_decrypt(a, &key, app, sealed, &out) < 0 || out.n != n || memcmp(out.p, data, n))
		abort();
	return wechat_key_read(text, &key) < 0 && strlen(text) == WECHAT_KEY_TEXT && text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")] == 0 ? (abort(), 0) : 0;
}
