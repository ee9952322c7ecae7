/* Memory of one request or job: taken in small pieces, given back all at once.
 *
 * Nothing taken from an arena is freed on its own. A mark lets a re-run give back what the first run took.
 * An arena belongs to one thread at a time. Running out of memory aborts the process: a server that cannot
 * have 64 KB cannot promise anything. Hostile input is capped before it is copied here. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct arena_mark {
	void *chunk;
	size_t used;
	void *ends;
};

/* A span of bytes that somebody else owns. p is NULL only for SQL NULL. */
struct bytes {
	const uint8_t *p;
	size_t n;
};

struct arena *arena_new(void);
struct arena *arena_small(void);                 /* begins with 2 KB instead of 16: for what there are thousands of */
void arena_free(struct arena *a);                /* accepts NULL */
void arena_free_pointer(struct arena **a);       /* for __attribute__((cleanup)) */
#define ARENA_SCOPED __attribute__((cleanup(arena_free_pointer))) struct arena *

/* Gives everything back but keeps the first chunk. */
void arena_reset(struct arena *a);
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);
size_t arena_size(const struct arena *a);        /* bytes held from the system */
/* Calls fn(arg) when what was taken up to here is given back, the newest first: for what is shared and only held by this request. */
void arena_at_end(struct arena *a, void (*fn)(void *arg), void *arg);

/* n zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull, malloc));
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
/* count zeroed elements; aborts when count × sizeof overflows. */
void *arena_array(struct arena *a, size_t count, size_t size) __attribute__((returns_nonnull));
#define ARENA_ARRAY(a, type, count) ((type *)arena_array((a), (count), sizeof(type)))

/* An array with room for one element behind its n: `at` itself, or a copy of twice the room. *room: 0 to begin with. */
void *arena_grown(struct arena *a, const void *at, size_t n, size_t *room, size_t size);
#define ARENA_GROW(a, at, n, room) ((at) = arena_grown((a), (at), (n), &(room), sizeof(*(at))))

void *arena_copy(struct arena *a, const void *p, size_t n);
struct bytes arena_bytes(struct arena *a, struct bytes b);
char *arena_string(struct arena *a, const char *s);            /* NULL gives NULL */
char *arena_string_n(struct arena *a, const char *s, size_t n);
char *arena_format(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3), returns_nonnull));
char *arena_format_v(struct arena *a, const char *format, va_list args) __attribute__((returns_nonnull));
