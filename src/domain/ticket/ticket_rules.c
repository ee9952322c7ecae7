/* Pure decisions about tickets: no database, no clock. */
#include <string.h>

#include "base/text.h"
#include "domain/ticket/ticket.h"

enum { TITLE_CHARACTERS = 40, TITLE_ENOUGH = 6 };

enum grade ticket_propose_grade(const char *const *symptoms, size_t n, const char *danger, const char *scene, const char *text)
{
	if (!text_empty(danger) || text_equal(scene, "emergency"))
		return GRADE_CRITICAL;
	struct grade_proposal proposal;
	grade_propose(symptoms, n, text ? text : "", &proposal);
	return proposal.grade;
}

/* The first sentence, cut at a character. */
static const char *first_sentence(struct arena *a, const char *text)
{
	static const char *const ends[] = { "。", "！", "？", "；", "\n", "!", "?", ";" };
	size_t n = utf8_prefix(text, TITLE_CHARACTERS);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const char *end = strstr(text, ends[i]);
		if (end && (size_t)(end - text) < n && utf8_count(arena_string_n(a, text, (size_t)(end - text))) >= TITLE_ENOUGH)
			n = (size_t)(end - text);
	}
	return arena_string_n(a, text, n);
}

const char *ticket_title(struct arena *a, const char *redacted, const char *symptom_words, const char *scene_word)
{
	const char *sentence = first_sentence(a, redacted ? redacted : "");
	if (utf8_count(sentence) >= TITLE_ENOUGH || text_empty(symptom_words))
		return text_empty(sentence) ? (text_empty(symptom_words) ? scene_word : symptom_words) : sentence;
	const char *both = text_empty(sentence) ? symptom_words : arena_format(a, "%s，%s", symptom_words, sentence);
	return arena_string_n(a, both, utf8_prefix(both, TITLE_CHARACTERS));
}

void ticket_responded(struct ticket *t, time_ms at)
{
	if (!t->first_response_at)
		t->first_response_at = at;
	t->waiting_since = 0;
}

bool ticket_is_open(const struct ticket *t)
{
	return !text_equal(t->state, "closed") && !text_equal(t->state, "cancelled");
}

int64_t ticket_remind_wait(const struct ticket *t, time_ms now, int64_t pause_ms)
{
	int64_t wait = t->reminded_at ? t->reminded_at + pause_ms - now : 0;
	return wait > 0 ? wait : 0;
}

bool ticket_may_reopen(const struct ticket *t, time_ms now, int64_t reopen_ms)
{
	bool closed = text_equal(t->state, "closed");
	return text_equal(t->state, "resolved") || (closed && now - t->closed_at <= reopen_ms);
}

/* Pairs of characters that follow each other, without blanks; each packed into a number. */
static size_t pairs_of(const char *text, uint64_t *out, size_t most)
{
	const char *s = text, *end = text + strlen(text);
	uint32_t before = 0;
	size_t n = 0;
	while (s < end && n < most) {
		uint32_t k = utf8_next(&s, end);
		if (k == ' ')
			continue;
		if (before)
			out[n++] = (uint64_t)before << 32 | k;
		before = k;
	}
	return n;
}

/* How much of the shorter one the other says as well, in percent. */
static int64_t alike(const char *a, const char *b)
{
	enum { MOST = 80 };
	uint64_t x[MOST], y[MOST];
	size_t n = pairs_of(a, x, MOST), m = pairs_of(b, y, MOST), shared = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			if (x[i] == y[k]) {
				shared++;
				y[k] = 0;
				break;
			}
	size_t least = n < m ? n : m;
	return least ? (int64_t)(100 * shared / least) : 0;
}

bool ticket_looks_same(const struct ticket *a, const struct ticket *b)
{
	enum { ENOUGH = 3, SOME = 40, MOST = 80 };
	int64_t words = alike(a->title, b->title);
	int score = words >= MOST ? 3 : words >= SOME ? 2 : 0;
	score += a->device_id && a->device_id == b->device_id ? 2 : 0;
	score += a->product_id && a->product_id == b->product_id ? 1 : 0;
	score += text_equal(a->scene, b->scene) ? 1 : 0;
	return score >= ENOUGH;
}

int ticket_step(const struct ticket *t)
{
	static const struct { const char *state; int step; } steps[] = {
		{ "new", 0 }, { "accepted", 1 }, { "working", 2 }, { "waiting_customer", 2 }, { "resolved", 3 }, { "closed", 4 }, { "cancelled", 4 },
	};
	if (!text_empty(t->rating) && text_equal(t->state, "closed"))
		return 5;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (text_equal(steps[i].state, t->state))
			return steps[i].step;
	return 0;
}
