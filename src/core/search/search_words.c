/* Words of documents and questions. A mark begins with ~, which the cutter never lets into a word: nobody can type one. */
#include "core/search/search_words.h"

#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "engine/redact/redact.h"

enum { MOST_QUESTION_WORDS = 24, SHORTEST_PREFIX = 3 };

/* FNV-1a, 32 bits: told apart is what ranking needs, not proof against anybody. */
static uint32_t short_hash(const char *word)
{
	uint32_t h = 2166136261u;
	for (; *word; word++)
		h = (h ^ (uint8_t)*word) * 16777619u;
	return h;
}

static int64_t sum_of(int64_t sum, const char *word)
{
	return (int64_t)(((uint64_t)sum ^ short_hash(word)) * UINT64_C(0x9E3779B97F4A7C15) >> 1);
}

/* Documents --------------------------------------------------------------------------------------------------------- */

static void add_to_head(uint32_t *head, size_t *n, const struct words *words)
{
	for (size_t i = 0; i < words->n && *n < HEAD_MOST; i++) {
		uint32_t h = short_hash(words->word[i]);
		size_t k = 0;
		while (k < *n && head[k] != h)
			k++;
		if (k == *n)
			head[(*n)++] = h;
	}
}

void document_make(struct ctx *c, const char *object, const struct search_text *texts, size_t n, struct document *out)
{
	struct text t = text_in(c->arena);
	uint32_t head[HEAD_MOST];
	size_t head_count = 0;
	*out = (struct document){ 0 };
	text_format(&t, "~t%lld ~k%s", (long long)c->tenant, object);
	for (size_t i = 0; i < n; i++) {
		struct words words;
		if (text_empty(texts[i].text))
			continue;
		cut(c->arena, redact(c->arena, texts[i].text, strlen(texts[i].text), NULL), CUT_DOCUMENT, &words);
		for (size_t k = 0; k < words.n; k++) {
			text_char(&t, ' ');
			text_append(&t, words.word[k]);
			out->sum = sum_of(out->sum + texts[i].part, words.word[k]);
		}
		out->count += (int64_t)words.n;
		if (texts[i].part == SEARCH_TITLE)
			add_to_head(head, &head_count, &words);
	}
	out->words = text_end(&t);
	out->head = (struct bytes){ arena_copy(c->arena, head, head_count * sizeof(*head)), head_count * sizeof(*head) };
}

/* Questions --------------------------------------------------------------------------------------------------------- */

/* How each engine writes a word, an unfinished word, and, or. Words hold no quotes, so nothing has to be escaped. */
static const struct dialect {
	const char *word, *prefix, *and, *or;
} dialects[] = {
	[DB_SQLITE] = { "\"%s\"", "\"%s\"*", " AND ", " OR " },
	[DB_POSTGRESQL] = { "'%s'", "'%s':*", " & ", " | " },
};

static void add_term(struct text *t, const char *format, const char *word)
{
	const char *hole = strstr(format, "%s");
	text_append_n(t, format, (size_t)(hole - format));
	text_append(t, word);
	text_append(t, hole + 2);
}

static void add_kinds(struct ctx *c, struct text *t, const struct dialect *d, const char *const *kinds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		text_append(t, i ? d->or : d->and);
		if (i == 0)
			text_char(t, '(');
		add_term(t, d->word, arena_format(c->arena, "~k%s", kinds[i]));
	}
	if (n)
		text_char(t, ')');
}

void question_make(struct ctx *c, const char *text, enum cut_use use, const char *const *kinds, size_t kind_count,
                   struct question *out)
{
	const struct dialect *d = &dialects[db_engine_of(c->db)];
	struct words words;
	struct text t = text_in(c->arena);
	*out = (struct question){ 0 };
	cut(c->arena, text, use, &words);
	if (words.n == 0)
		return;
	add_term(&t, d->word, arena_format(c->arena, "~t%lld", (long long)c->tenant));
	for (size_t i = 0; i < words.n && i < MOST_QUESTION_WORDS; i++) {
		bool unfinished = words.open && i + 1 == words.n && strlen(words.word[i]) >= SHORTEST_PREFIX;
		text_append(&t, d->and);
		add_term(&t, unfinished ? d->prefix : d->word, words.word[i]);
		out->words[out->n++] = short_hash(words.word[i]);
	}
	add_kinds(c, &t, d, kinds, kind_count);
	out->text = text_end(&t);
}

/* Ranking ------------------------------------------------------------------------------------------------------------ */

static size_t matches(const struct question *q, struct bytes head)
{
	size_t n = 0;
	for (size_t i = 0; i < q->n; i++)
		for (size_t k = 0; k + sizeof(uint32_t) <= head.n; k += sizeof(uint32_t)) {
			uint32_t h;
			memcpy(&h, head.p + k, sizeof(h));
			if (h == q->words[i]) {
				n++;
				break;
			}
		}
	return n;
}

/* A match in the title outweighs any age; a month halves freshness; fifty words halve brevity. */
double rank(const struct question *q, struct bytes head, int64_t words, int64_t age_ms)
{
	double title = q->n ? (double)matches(q, head) / (double)q->n : 0;
	double days = age_ms > 0 ? (double)age_ms / (double)DAY_MS : 0;
	return 4 * title + 2 * 30 / (30 + days) + 50 / (50.0 + (double)words);
}
