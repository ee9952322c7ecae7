/* What companies taught beside the pack: the newest model of each company and product, found by whoever asks, put in the place of an older one.
 *
 * It is derived and lies on a shelf (understand_shelf.h): whoever finds none, or one of an older lesson, has it learned again. Safe from any thread. */
#pragma once

#include "core/understand/understand_lesson.h"

struct taught;

/* folder NULL, or one that cannot be made: in memory alone. */
struct taught *taught_new(const char *folder);
void taught_free(struct taught *t);             /* accepts NULL */

/* Of whichever lesson, told by `sign`; as long as `a`. NULL: there is none. */
const struct classify_model *taught_find(struct taught *t, struct arena *a, int64_t tenant, const char *product, uint8_t sign[static LESSON_SIGN]);
/* What lesson_learn() made of the product last, for the next lesson; nothing where it is not known. */
struct bytes taught_before(struct taught *t, struct arena *a, int64_t tenant, const char *product);
int taught_keep(struct taught *t, int64_t tenant, const char *product, struct bytes lesson) MUST_CHECK;
void taught_drop(struct taught *t, int64_t tenant);     /* all of a company, from memory; files stay */
