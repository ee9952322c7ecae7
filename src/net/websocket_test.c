/* The WebSocket reader: whole messages from any pieces, and when it may be given back. */
#include "base/test.h"
#include "net/frame.h"
#include "net/websocket.h"

#include <stdio.h>
#include <string.h>

struct heard {
	char text[256];
	size_t n, messages;
};

static void hear(void *arg, const char *text, size_t n)
{
	struct heard *h = arg;
	h->n += (size_t)snprintf(h->text + h->n, sizeof(h->text) - h->n, "%.*s|", (int)n, text);
	h->messages++;
}

/* A client's frame with the mask 0, which changes nothing. */
static size_t frame(uint8_t *to, int first, const char *payload)
{
	size_t n = strlen(payload);
	to[0] = (uint8_t)first;
	to[1] = (uint8_t)(0x80 | n);
	memset(to + 2, 0, 4);
	memcpy(to + 6, payload, n);
	return 6 + n;
}

static void message_in_any_pieces_is_heard_once(void **state)
{
	uint8_t bytes[64];
	size_t n = frame(bytes, 0x01, "hel");
	n += frame(bytes + n, 0x89, "p");
	n += frame(bytes + n, 0x80, "lo");
	n += frame(bytes + n, 0x81, "you");
	for (size_t cut = 1; cut < n; cut++) {
		struct heard h = { 0 };
		struct websocket_sink sink = { hear, &h };
		struct websocket *w = websocket_new(100);
		websocket_feed(w, &sink, bytes, cut);
		assert_int_equal(websocket_feed(w, &sink, bytes + cut, n - cut), WEBSOCKET_BETWEEN);
		assert_string_equal(h.text, "hello|you|");
		websocket_free(w);
	}
}

static void reader_is_free_only_between_messages(void **state)
{
	uint8_t bytes[64];
	struct heard h = { 0 };
	struct websocket_sink sink = { hear, &h };
	struct websocket *w = websocket_new(100);
	size_t n = frame(bytes, 0x81, "hello");
	for (size_t i = 0; i < n; i++)
		assert_int_equal(websocket_feed(w, &sink, bytes + i, 1), i + 1 < n ? WEBSOCKET_INSIDE : WEBSOCKET_BETWEEN);
	assert_int_equal(h.messages, 1);
	websocket_feed(w, &sink, bytes, frame(bytes, 0x01, "a"));
	assert_int_equal(websocket_feed(w, &sink, bytes, frame(bytes, 0x00, "b")), WEBSOCKET_INSIDE);
	assert_int_equal(websocket_feed(w, &sink, bytes, frame(bytes, 0x80, "c")), WEBSOCKET_BETWEEN);
	assert_int_equal(h.messages, 2);
	websocket_free(w);
}

static void limit_ends_it_with_1009(void **state)
{
	uint8_t bytes[64];
	size_t n;
	struct heard h = { 0 };
	struct websocket_sink sink = { hear, &h };
	struct websocket *w = websocket_new(4);
	assert_int_equal(websocket_feed(w, &sink, bytes, frame(bytes, 0x81, "hello")), WEBSOCKET_ENDED);
	const uint8_t *close = websocket_answer(w, &n);
	assert_int_equal(n, 4);
	assert_int_equal(close[2] << 8 | close[3], 1009);
	assert_int_equal(h.messages, 0);
	websocket_free(w);
}

static void frame_heads_have_the_shortest_length(void **state)
{
	static char payload[70000];
	static const struct { size_t n, head; uint8_t second; } cases[] = {
		{ 0, 2, 0 }, { 125, 2, 125 }, { 126, 4, 126 }, { 65535, 4, 126 }, { 65536, 10, 127 }, { 70000, 10, 127 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct frame *f = frame_new(FRAME_TEXT, payload, cases[i].n, 7);
		assert_int_equal(f->n, cases[i].head + cases[i].n);
		assert_int_equal(f->at[0], 0x81);
		assert_int_equal(f->at[1], cases[i].second);
		frame_drop(frame_hold(f));
		frame_drop(f);
	}
}

static void handshake_key_is_answered_as_the_standard_shows(void **state)
{
	char out[29];
	assert_true(websocket_accept_key("dGhlIHNhbXBsZSBub25jZQ==", out));
	assert_string_equal(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	assert_false(websocket_accept_key("dGhlIHNhbXBsZSBub25jZQ=", out));
	assert_false(websocket_accept_key("dGhlIHNhbXBsZSBub25jZ===", out));
	assert_false(websocket_accept_key("dGhlIHNhbXBsZSBub25jZQ==x", out));
	assert_false(websocket_accept_key(NULL, out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_in_any_pieces_is_heard_once),
		cmocka_unit_test(reader_is_free_only_between_messages),
		cmocka_unit_test(limit_ends_it_with_1009),
		cmocka_unit_test(frame_heads_have_the_shortest_length),
		cmocka_unit_test(handshake_key_is_answered_as_the_standard_shows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
