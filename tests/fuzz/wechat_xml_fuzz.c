/* Deliveries of WeChat, XML or JSON: what is read can be written, named and shown to people. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "channel/wechat/wechat_message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void show(struct arena *a, const struct wechat_message *m)
{
	const char *words = wechat_message_words(a, LANG_ZH, m);
	if (!*words || !utf8_is_text(words, strlen(words)) || !*wechat_message_name(a, m))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct wechat_fields f;
	struct wechat_message m;
	if (wechat_fields_read(a, (const char *)data, n, &f) < 0)
		return 0;
	if (wechat_message_of(a, &f, &m) == 0)
		show(a, &m);
	if (wechat_message_of_sync(a, &f, &m) == 0)
		show(a, &m);
	return 0;
}
