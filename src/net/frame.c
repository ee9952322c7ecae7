/* Shared frames. */
#include "net/frame.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static struct frame *frame_room(size_t n, int64_t no)
{
	struct frame *f = malloc(sizeof(*f) + n);
	if (!f)
		abort();
	f->holders = 1;
	f->n = (uint32_t)n;
	f->no = no;
	return f;
}

static size_t head_write(uint8_t head[static 10], enum frame_op op, size_t n)
{
	enum { FINAL = 0x80 };
	head[0] = (uint8_t)(FINAL | op);
	if (n < 126) {
		head[1] = (uint8_t)n;
		return 2;
	}
	int length = n < 65536 ? 2 : 8;
	head[1] = length == 2 ? 126 : 127;
	for (int i = 0; i < length; i++)
		head[2 + i] = (uint8_t)(n >> (8 * (length - 1 - i)));
	return 2 + (size_t)length;
}

struct frame *frame_new(enum frame_op op, const void *p, size_t n, int64_t no)
{
	uint8_t head[10];
	size_t head_n = head_write(head, op, n);
	struct frame *f = frame_room(head_n + n, no);
	memcpy(f->at, head, head_n);
	if (n)
		memcpy(f->at + head_n, p, n);
	return f;
}

struct frame *frame_raw(const void *p, size_t n)
{
	struct frame *f = frame_room(n, 0);
	memcpy(f->at, p, n);
	return f;
}

struct frame *frame_hold(struct frame *f)
{
	atomic_fetch_add_explicit(&f->holders, 1, memory_order_relaxed);
	return f;
}

void frame_drop(struct frame *f)
{
	if (atomic_fetch_sub_explicit(&f->holders, 1, memory_order_acq_rel) == 1)
		free(f);
}
