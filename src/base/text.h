/* Growing text in an arena, and the few rules of UTF-8 that everything shares. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"

struct text {
	struct arena *arena;
	char *p;                /* NUL-ended at all times after the first append */
	size_t n, room;
};

static inline struct text text_in(struct arena *a) { return (struct text){ .arena = a }; }

void text_reserve(struct text *t, size_t more); /* room for what will be appended, so that it need not move */
void text_append_more(struct text *t, const void *s, size_t n);
static inline void text_append_n(struct text *t, const void *s, size_t n)
{
	if (n == 0 || t->room - t->n <= n) {
		text_append_more(t, s, n);
		return;
	}
	memcpy(t->p + t->n, s, n);
	t->n += n;
	t->p[t->n] = 0;
}
static inline void text_append(struct text *t, const char *s) { text_append_n(t, s, strlen(s)); }
static inline void text_char(struct text *t, char c) { text_append_n(t, &c, 1); }
void text_int(struct text *t, int64_t value);
void text_format(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *text_end(struct text *t);           /* never NULL */

/* Valid UTF-8 (no overlong forms, surrogates or values past U+10FFFF) and no control character except tab, CR, LF. */
bool utf8_is_text(const char *s, size_t n);
size_t utf8_count(const char *s);               /* characters of valid UTF-8 */
/* Bytes of the first `characters` characters. */
size_t utf8_prefix(const char *s, size_t characters);
/* Reads one character, moves *s; U+FFFD for a broken byte. */
uint32_t utf8_next(const char **s, const char *end);
void utf8_append(struct text *t, uint32_t character);

/* Folded form for comparing and searching: full-width → half-width, ASCII letters lower, spaces collapsed and trimmed. */
char *text_fold(struct arena *a, const char *s);

bool text_equal(const char *a, const char *b);  /* NULL equals NULL only */
bool text_empty(const char *s);                 /* NULL, "" or only spaces */
const char *lang_text(enum lang lang, const char *zh, const char *en);  /* the Chinese one where there is no English */
bool text_is_word(const char *s, const char *also);     /* not empty, and nothing but letters and digits of ASCII and what is in `also` */
