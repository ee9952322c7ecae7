/* What the readers of JSON share: the parser, working in an arena. */
#pragma once

#include <yyjson.h>

#include "base/arena.h"

yyjson_alc json_memory_of(struct arena *a);
