/* What every cmocka test of this house includes, in the order cmocka demands. Only tests include this. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
/* cmocka's macro fail() would hide ctx.h's function. */
#undef fail
#undef fail_msg
#define fail_msg(...)                                                                              \
	do {                                                                                       \
		print_error(__VA_ARGS__);                                                          \
		_fail(__FILE__, __LINE__);                                                         \
	} while (0)

#include "base/arena.h"

/* How much of something a test does: it says so for each level of a run; by hand it is the full one. */
static inline size_t by_level(size_t quick, size_t full, size_t longer)
{
	const char *level = getenv("ANXIN_TEST_LEVEL");
	if (level && !strcmp(level, "quick"))
		return quick;
	return level && !strcmp(level, "long") ? longer : full;
}
