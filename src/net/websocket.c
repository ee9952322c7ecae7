/* WebSocket frames in, by wslay. */
#include "net/websocket.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

struct websocket {
	wslay_event_context_ptr wslay;
	const struct websocket_sink *sink;
	const uint8_t *p;               /* what is fed now */
	size_t n;
	uint64_t taken, framed;         /* bytes read, and bytes of complete frames: equal between frames */
	bool is_in_message;             /* a message was begun and not ended */
	bool is_broken;
	size_t answer_n;
	uint8_t answer[1024];
};

static ssize_t give(wslay_event_context_ptr ctx, uint8_t *to, size_t room, int flags, void *arg)
{
	struct websocket *w = arg;
	size_t n = w->n < room ? w->n : room;
	if (n == 0) {
		wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	memcpy(to, w->p, n);
	w->p += n;
	w->n -= n;
	w->taken += n;
	return (ssize_t)n;
}

static ssize_t answer(wslay_event_context_ptr ctx, const uint8_t *p, size_t n, int flags, void *arg)
{
	struct websocket *w = arg;
	if (w->answer_n + n > sizeof(w->answer)) {
		/* more pings at once than anybody sends who means well */
		wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
		return -1;
	}
	memcpy(w->answer + w->answer_n, p, n);
	w->answer_n += n;
	return (ssize_t)n;
}

/* Head of a client's frame: two bytes, the longer forms of the length, the mask. */
static void frame_begins(wslay_event_context_ptr ctx, const struct wslay_event_on_frame_recv_start_arg *frame, void *arg)
{
	struct websocket *w = arg;
	uint64_t n = frame->payload_length;
	w->framed += 2 + 4 + (n > 65535 ? 8u : n > 125 ? 2u : 0u) + n;
	if (!wslay_is_ctrl_frame(frame->opcode))
		w->is_in_message = !frame->fin;
}

static void message_ends(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *message, void *arg)
{
	struct websocket *w = arg;
	if (message->opcode == WSLAY_TEXT_FRAME)
		w->sink->message(w->sink->arg, message->msg ? (const char *)message->msg : "", message->msg_length);
	else if (message->opcode == WSLAY_BINARY_FRAME)
		wslay_event_queue_close(ctx, WSLAY_CODE_UNSUPPORTED_DATA, NULL, 0);
}

struct websocket *websocket_new(size_t message_most)
{
	static const struct wslay_event_callbacks callbacks = {
		.recv_callback = give,
		.send_callback = answer,
		.on_frame_recv_start_callback = frame_begins,
		.on_msg_recv_callback = message_ends,
	};
	struct websocket *w = calloc(1, sizeof(*w));
	if (!w || wslay_event_context_server_init(&w->wslay, &callbacks, w) != 0)
		abort();
	wslay_event_config_set_max_recv_msg_length(w->wslay, message_most);
	return w;
}

void websocket_free(struct websocket *w)
{
	if (!w)
		return;
	wslay_event_context_free(w->wslay);
	free(w);
}

/* wslay's own close for a broken frame would not say why. */
static void close_for_protocol(struct websocket *w)
{
	static const uint8_t frame[] = { 0x88, 2, 1002 >> 8, 1002 & 0xFF };
	memcpy(w->answer, frame, sizeof(frame));
	w->answer_n = sizeof(frame);
}

enum websocket_state websocket_feed(struct websocket *w, const struct websocket_sink *sink, const void *p, size_t n)
{
	w->sink = sink;
	w->answer_n = 0;
	w->p = p;
	w->n = n;
	while (w->n > 0 && !w->is_broken && wslay_event_get_read_enabled(w->wslay))
		w->is_broken = wslay_event_recv(w->wslay) != 0;
	if (w->is_broken)
		close_for_protocol(w);
	else if (wslay_event_want_write(w->wslay))
		w->is_broken |= wslay_event_send(w->wslay) != 0;
	if (w->is_broken || !wslay_event_get_read_enabled(w->wslay) || wslay_event_get_close_received(w->wslay) ||
	    wslay_event_get_close_sent(w->wslay))
		return WEBSOCKET_ENDED;
	return w->taken == w->framed && !w->is_in_message ? WEBSOCKET_BETWEEN : WEBSOCKET_INSIDE;
}

const void *websocket_answer(const struct websocket *w, size_t *n)
{
	*n = w->answer_n;
	return w->answer;
}

bool websocket_accept_key(const char *key, char out[static 29])
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";     /* RFC 6455 §1.3 */
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char joined[24 + sizeof(guid)];
	unsigned char hash[EVP_MAX_MD_SIZE];
	if (!key || strlen(key) != 24 || strspn(key, alphabet) != 22 || strcmp(key + 22, "=="))
		return false;
	memcpy(joined, key, 24);
	memcpy(joined + 24, guid, sizeof(guid));
	if (!EVP_Digest(joined, 24 + sizeof(guid) - 1, hash, NULL, EVP_sha1(), NULL))
		return false;
	EVP_EncodeBlock((unsigned char *)out, hash, 20);
	return true;
}
