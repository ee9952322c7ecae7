/* Files of packs/ are part of the program: one binary is enough to start a shop. Text with a NUL behind it. */
#pragma once

#include <yyjson.h>

#include "base/arena.h"
#include "gen/pack_sum.h"          /* compiled anew when one of them changes */

#define PACK_FILE(symbol, path) PACK_TEXT(symbol, "packs/" path)
/* What the build made of several of them. */
#define PACK_MADE(symbol, path) PACK_TEXT(symbol, "src/gen/" path)
#define PACK_TEXT(symbol, path)                                                                    \
	extern const char symbol[];                                                                \
	__asm__(".pushsection .rodata\n.global " #symbol "\n" #symbol ":\n.incbin \"" path "\"\n.byte 0\n.popsection\n")

/* A text of an object in it, in the arena; `otherwise` when it says nothing. */
static inline const char *pack_text(struct arena *a, yyjson_val *v, const char *name, const char *otherwise)
{
	const char *text = yyjson_get_str(yyjson_obj_get(v, name));
	return text ? arena_string(a, text) : otherwise;
}
