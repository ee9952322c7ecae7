/* What an endpoint may answer: read, and held against sources. Whatever passes is plain text that cites what was given; the request stays JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "channel/model/model_answer.h"
#include "channel/model/model_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *text_part(struct arena *a, const uint8_t *data, size_t n)
{
	const char *text = arena_string_n(a, (const char *)data, n);
	return utf8_is_text(text, strlen(text)) ? text : NULL;
}

/* First byte: language and task; then a source and an answer, parted by a zero. */
static void check(struct arena *a, const uint8_t *data, size_t n)
{
	const uint8_t *split = memchr(data + 1, 0, n - 1);
	size_t first = split ? (size_t)(split - data) - 1 : n - 1;
	const char *source = text_part(a, data + 1, first), *answer = split ? text_part(a, split + 1, n - first - 2) : NULL;
	if (!source || !answer)
		return;
	const struct model_source sources[] = { { "题", source } };
	const struct model_prompt p = { .task = data[0] & 2 ? MODEL_SUMMARY : MODEL_ANSWER, .lang = data[0] & 1 ? LANG_EN : LANG_ZH, .question = source, .sources = sources, .source_count = 1 };
	struct text body = text_in(a);
	unsigned cited = 0;
	model_request_write(&body, "m", &p, 100);
	if (!json_is_valid(body.p, body.n, 8))
		abort();
	if (model_check(a, &p, answer, &cited) == MODEL_FINE && p.task == MODEL_ANSWER && (cited != 1 || strstr(answer, "://") || strstr(answer, "<script")))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct model_answer out;
	model_answer_read(a, 200, (const char *)data, n, &out);
	if (out.verdict == MODEL_SAID && !utf8_is_text(out.text, strlen(out.text)))
		abort();
	if (n > 2)
		check(a, data, n);
	return 0;
}
