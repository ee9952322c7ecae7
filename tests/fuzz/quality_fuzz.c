/* Rules and messages of any bytes: what is found stands in its message, and phrases are matched in time. The first line are words, the second exceptions, the others are said in turn. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/quality/quality.h"

enum { MESSAGES = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *line_of(struct arena *a, const char **at, const char *end)
{
	const char *from = *at, *stop = from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
	stop = stop ? stop : end;
	*at = stop < end ? stop + 1 : end;
	return arena_string_n(a, from, (size_t)(stop - from));
}

static char *in_lines(struct arena *a, const char *text)
{
	char *copy = arena_format(a, "%s", text);
	for (char *p = copy; *p; p++)
		*p = *p == '|' ? '\n' : *p;
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	const char *at = (const char *)data, *end = at + n;
	const struct quality_words *words = quality_words_new(a, in_lines(a, line_of(a, &at, end))), *except = quality_words_new(a, in_lines(a, line_of(a, &at, end)));
	struct quality_message m[MESSAGES];
	struct quality_check rules[QUALITY_KINDS];
	struct quality_spot *found;
	size_t count = 0;
	time_ms look;
	bool fatal;
	for (; at < end && count < MESSAGES; count++)
		m[count] = (struct quality_message){ .no = (int64_t)count + 1, .at = (time_ms)count * 60000, .side = (enum quality_side)(count % 4), .is_public = count % 5 != 3, .by = 1, .text = line_of(a, &at, end) };
	for (size_t k = 0; k < QUALITY_KINDS; k++)
		rules[k] = (struct quality_check){ .kind = (enum quality_kind)k, .words = words, .except = except, .answers = except, .count = 2, .ms = 120000, .weight = 7 };
	const struct quality_talk talk = { .messages = m, .n = count, .taken_at = 1, .now = 3600000, .closed_at = n % 2 ? 3600000 : 0 };
	size_t findings = quality_inspect(a, &talk, rules, QUALITY_KINDS, &found, &look);
	for (size_t i = 0; i < findings; i++)
		if (found[i].no < 1 || found[i].no > (int64_t)count || found[i].from > found[i].to || found[i].to > strlen(m[found[i].no - 1].text))
			abort();
	int64_t score = quality_score(found, findings, rules, NULL, &fatal);
	if (score < 0 || score > 100)
		abort();
	return 0;
}
