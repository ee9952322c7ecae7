/* One form for what means the same: how people type becomes how phrasings are compared.
 *
 * Full width to half, capitals to small, traditional characters to simplified, 三 behind a letter to 3, long runs of digits and
 * emoji gone, any other punctuation one comma, a character written more than twice only twice, and then the words of a thesaurus (咋 becomes
 * 怎么, 致冷 becomes 制冷). Any bytes may go in; valid UTF-8 comes out. What went in once comes out of a second pass unchanged
 * but for thesaurus words that its own words make. Pure; a `struct normal` is never changed and may be shared by threads. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

enum { NORMAL_MOST_BYTES = 16384 };     /* of a text; what follows is not looked at */

struct normal_pair {
	const char *from, *to;          /* `from` is looked for as a whole, the longest first */
};

struct normal;

/* Everything is copied into the arena. */
struct normal *normal_new(struct arena *a, const struct normal_pair *pairs, size_t n);
const char *normal_text(struct arena *a, const struct normal *s, const char *text, size_t n);
