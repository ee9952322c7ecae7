/* The receiving side of a WebSocket (RFC 6455), on wslay: from bytes to whole, checked messages.
 *
 * Refuses what the standard refuses: frames without mask, reserved bits, unknown opcodes, fragmented or long control
 * frames, text that is not UTF-8, and messages over the limit before they are held. A reader is made when bytes come and
 * given back between messages: an idle client holds none of its 9 KB. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct websocket;

struct websocket_sink {
	/* A whole text message. */
	void (*message)(void *arg, const char *text, size_t n);
	void *arg;
};

struct websocket *websocket_new(size_t message_most);
void websocket_free(struct websocket *w);       /* accepts NULL */

enum websocket_state {
	WEBSOCKET_BETWEEN,      /* nothing of a frame or message is held: may be freed */
	WEBSOCKET_INSIDE,
	WEBSOCKET_ENDED,        /* a close frame came, or one was answered because of an error */
};

enum websocket_state websocket_feed(struct websocket *w, const struct websocket_sink *sink, const void *p, size_t n);

/* Frames that the standard demands in answer to what was fed (pong, close), encoded; valid until the next feed. */
const void *websocket_answer(const struct websocket *w, size_t *n);

/* Sec-WebSocket-Accept for a key (28 characters); false when the key is not 16 bytes in base64. */
bool websocket_accept_key(const char *key, char out[static 29]);
