/* A WebSocket client that says anything, in pieces of any size: what is heard is text of lawful length, and reading it as a
 * message of the hub gives clean topics or an error. The first byte chooses how the rest is cut. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/hub_message.h"
#include "net/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MESSAGE_MOST = 4096 };

static void hear(void *arg, const char *text, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct hub_message m;
	struct error e = { 0 };
	if (n > MESSAGE_MOST)
		abort();
	const char *end = text + n;
	for (const char *p = text; p < end;) {
		const char *start = p;
		if (utf8_next(&p, end) == 0xFFFD && memcmp(start, "\xEF\xBF\xBD", 3))
			abort();
	}
	if (hub_message_read(a, text, n, &m, &e) < 0)
		return;
	for (size_t i = 0; i < m.topic_count; i++)
		if (hub_topic_check(m.topics[i]) < 0)
			abort();
	if (m.op == HUB_SIGNAL && (!hub_what_name(m.what) || hub_topic_check(m.topic) < 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct websocket_sink sink = { .message = hear };
	if (n == 0)
		return 0;
	struct websocket *w = websocket_new(MESSAGE_MOST);
	size_t step = data[0] ? data[0] : n, answer;
	enum websocket_state state = WEBSOCKET_BETWEEN;
	for (size_t i = 1; i < n && state != WEBSOCKET_ENDED; i += step) {
		state = websocket_feed(w, &sink, data + i, n - i < step ? n - i : step);
		websocket_answer(w, &answer);
		if (state == WEBSOCKET_BETWEEN) {
			websocket_free(w);
			w = websocket_new(MESSAGE_MOST);
		}
	}
	websocket_free(w);

	/* and the message alone, so that masks do not stand in the way of the fuzzer */
	ARENA_SCOPED a = arena_new();
	struct hub_message m;
	struct error e = { 0 };
	if (hub_message_read(a, (const char *)data, n, &m, &e) == 0)
		for (size_t i = 0; i < m.topic_count; i++)
			if (hub_topic_check(m.topics[i]) < 0)
				abort();
	return 0;
}
