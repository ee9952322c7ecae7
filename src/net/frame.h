/* An encoded WebSocket frame, shared by all the clients it goes to: encoded once, written many times (RFC 6455 §5.2).
 *
 * Counted, because clients finish with it at different times; safe to hold and drop from any thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct frame {
	_Atomic int holders;
	uint32_t n;             /* bytes of the frame, head included */
	int64_t no;             /* number of the event inside; 0 for anything else */
	uint8_t at[];
};

enum frame_op { FRAME_TEXT = 0x1, FRAME_CLOSE = 0x8, FRAME_PING = 0x9, FRAME_PONG = 0xA };

/* One holder: the caller. Unmasked, as servers send. */
struct frame *frame_new(enum frame_op op, const void *p, size_t n, int64_t no) __attribute__((returns_nonnull));
/* Bytes that are frames already. */
struct frame *frame_raw(const void *p, size_t n) __attribute__((returns_nonnull));
struct frame *frame_hold(struct frame *f);
void frame_drop(struct frame *f);
