/* Frames of a client in pieces of every size, and the messages in them. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/hub_message.h"
#include "net/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MOST_MESSAGE = 4096 };

static void read_message(void *arg, const char *text, size_t n)
{
	if (n > MOST_MESSAGE)
		abort();
	ARENA_SCOPED a = arena_new();
	struct hub_message message;
	struct error e = { 0 };
	if (hub_message_read(a, text, n, &message, &e) < 0)
		return;
	for (size_t i = 0; i < message.topic_count; i++)
		if (strlen(message.topics[i]) > HUB_TOPIC_TEXT)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	if (n < 1)
		return 0;
	size_t piece = data[0] % 32 + 1;
	struct websocket_sink sink = { .message = read_message };
	struct websocket *w = websocket_new(MOST_MESSAGE);
	for (size_t at = 1; at < n; at += piece) {
		size_t length = n - at < piece ? n - at : piece;
		enum websocket_state state = websocket_feed(w, &sink, data + at, length);
		size_t answer;
		websocket_answer(w, &answer);
		if (state == WEBSOCKET_ENDED)
			break;
	}
	websocket_free(w);
	/* The message reader also alone, since masking hides texts from the fuzzer. */
	read_message(NULL, (const char *)data, n > MOST_MESSAGE ? MOST_MESSAGE : n);
	return 0;
}
