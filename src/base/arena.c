/* Arena of growing chunks. The only place, with wrappers of libraries, that calls malloc. */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CHUNK = 16 * 1024, SMALL_CHUNK = 2 * 1024, LARGEST_STEP = 1024 * 1024, ALIGN = 16 };

struct chunk {
	struct chunk *before;
	size_t size;
	size_t used;
	_Alignas(ALIGN) uint8_t data[];
};

struct end {
	struct end *before;
	void (*fn)(void *arg);
	void *arg;
};

struct arena {
	struct chunk *top;
	size_t held;
	struct end *ends;
};

static struct chunk *chunk_new(struct arena *a, size_t least)
{
	size_t step = a->top ? a->top->size * 2 : least;
	if (step > LARGEST_STEP)
		step = LARGEST_STEP;
	if (step < least)
		step = least;
	struct chunk *c = malloc(sizeof(*c) + step);
	if (!c)
		abort();
	c->before = a->top;
	c->size = step;
	c->used = 0;
	a->top = c;
	a->held += sizeof(*c) + step;
	return c;
}

static struct arena *arena_with(size_t first)
{
	struct arena *a = calloc(1, sizeof(*a));
	if (!a)
		abort();
	chunk_new(a, first);
	return a;
}

struct arena *arena_new(void)
{
	return arena_with(FIRST_CHUNK);
}

struct arena *arena_small(void)
{
	return arena_with(SMALL_CHUNK);
}

static void drop_top(struct arena *a)
{
	struct chunk *c = a->top;
	a->top = c->before;
	a->held -= sizeof(*c) + c->size;
	free(c);
}

static void end_back_to(struct arena *a, struct end *kept)
{
	while (a->ends != kept) {
		struct end *e = a->ends;
		a->ends = e->before;
		e->fn(e->arg);
	}
}

void arena_at_end(struct arena *a, void (*fn)(void *arg), void *arg)
{
	struct end *e = arena_alloc(a, sizeof(*e));
	*e = (struct end){ a->ends, fn, arg };
	a->ends = e;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	end_back_to(a, NULL);
	while (a->top)
		drop_top(a);
	free(a);
}

void arena_free_pointer(struct arena **a)
{
	arena_free(*a);
}

void arena_reset(struct arena *a)
{
	end_back_to(a, NULL);
	while (a->top->before)
		drop_top(a);
	a->top->used = 0;
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){ .chunk = a->top, .used = a->top->used, .ends = a->ends };
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
	end_back_to(a, mark.ends);
	while (a->top != mark.chunk)
		drop_top(a);
	a->top->used = mark.used;
}

size_t arena_size(const struct arena *a)
{
	return a->held;
}

void *arena_alloc(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2)
		abort();
	size_t rounded = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	struct chunk *c = a->top;
	if (c->size - c->used < rounded)
		c = chunk_new(a, rounded);
	void *p = c->data + c->used;
	c->used += rounded;
	return memset(p, 0, n);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t n;
	if (__builtin_mul_overflow(count, size, &n))
		abort();
	return arena_alloc(a, n);
}

void *arena_grown(struct arena *a, const void *at, size_t n, size_t *room, size_t size)
{
	enum { FIRST = 16 };
	if (n < *room)
		return (void *)(uintptr_t)at;
	*room = *room ? *room * 2 : FIRST;
	void *more = arena_array(a, *room, size);
	if (n)
		memcpy(more, at, n * size);
	return more;
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
	void *copy = arena_alloc(a, n ? n : 1);
	if (n)
		memcpy(copy, p, n);
	return copy;
}

struct bytes arena_bytes(struct arena *a, struct bytes b)
{
	if (!b.p)
		return b;
	return (struct bytes){ .p = arena_copy(a, b.p, b.n), .n = b.n };
}

char *arena_string(struct arena *a, const char *s)
{
	return s ? arena_string_n(a, s, strlen(s)) : NULL;
}

char *arena_string_n(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1);
	if (n)
		memcpy(copy, s, n);
	return copy;
}

/* Formats into what is left of the top chunk, which is nearly always enough, and a second time only when it is not. */
char *arena_format_v(struct arena *a, const char *format, va_list args)
{
	va_list again;
	struct chunk *c = a->top;
	char *s = (char *)c->data + c->used;
	size_t room = c->size - c->used;
	va_copy(again, args);
	int n = vsnprintf(s, room, format, args);
	if (n < 0)
		abort();
	size_t rounded = ((size_t)n + ALIGN) & ~(size_t)(ALIGN - 1);
	if ((size_t)n < room && rounded <= room) {
		c->used += rounded;
	} else {
		s = arena_alloc(a, (size_t)n + 1);
		vsnprintf(s, (size_t)n + 1, format, again);
	}
	va_end(again);
	return s;
}

char *arena_format(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *s = arena_format_v(a, format, args);
	va_end(args);
	return s;
}
