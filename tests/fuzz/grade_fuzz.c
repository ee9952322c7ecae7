/* Grading any text: every reason lies inside the text, and the grade is that of the strongest reason. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "engine/grade/grade.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	const char *text = arena_string_n(a, (const char *)data, n);
	size_t length = strlen(text);
	struct grade_proposal p;
	grade_propose(NULL, 0, text, &p);
	enum grade strongest = GRADE_NORMAL;
	for (size_t i = 0; i < p.count; i++) {
		if (p.reasons[i].length == 0 || p.reasons[i].start + p.reasons[i].length > length)
			abort();
		strongest = p.reasons[i].grade > strongest ? p.reasons[i].grade : strongest;
	}
	if (strongest != p.grade && p.count < GRADE_MOST_REASONS)
		abort();
	return 0;
}
