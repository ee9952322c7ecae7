/* Words of entries and their places, and search over them: the pack's words are indexed once a process, a company's with its own set. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "domain/knowledge/knowledge_private.h"
#include "engine/cut/cut.h"

/* What a word tells by where it stands; the same word again adds less and less. */
#define WEIGHT_CODE 8.0f
#define WEIGHT_TITLE 4.0f
#define WEIGHT_PHRASING 2.0f
#define WEIGHT_BODY 0.7f
enum { PREFIX_MOST = 40, PREFIX_SHORTEST = 2 };

static uint64_t hash_of(const char *word)
{
	uint64_t h = UINT64_C(14695981039346656037);
	for (; *word; word++)
		h = (h ^ (uint8_t)*word) * UINT64_C(1099511628211);
	return h;
}

/* Making -------------------------------------------------------------------------------------------------------------------- */

struct making {
	struct arena *a, *scratch;
	struct word_place *at;
	const char **latin;
	size_t n, room, latin_count, latin_room;
};

static void add_text(struct making *m, uint32_t document, const char *text, float weight)
{
	struct arena_mark mark = arena_mark(m->scratch);
	struct words w;
	if (text_empty(text))
		return;
	cut(m->scratch, text, CUT_DOCUMENT, &w);
	for (size_t i = 0; i < w.n; i++) {
		ARENA_GROW(m->a, m->at, m->n, m->room);
		m->at[m->n++] = (struct word_place){ hash_of(w.word[i]), document, weight };
		if ((signed char)w.word[i][0] <= 0)
			continue;
		ARENA_GROW(m->a, m->latin, m->latin_count, m->latin_room);
		m->latin[m->latin_count++] = arena_string(m->a, w.word[i]);
	}
	arena_rewind(m->scratch, mark);
}

static void add_label(struct making *m, uint32_t document, const struct label *l, float weight)
{
	add_text(m, document, l->zh, weight);
	add_text(m, document, l->en, weight);
}

static int by_word(const void *a, const void *b)
{
	const struct word_place *x = a, *y = b;
	if (x->word != y->word)
		return x->word < y->word ? -1 : 1;
	return (x->document > y->document) - (x->document < y->document);
}

/* One place a word and document: twice as much of it is not twice as telling. */
static void settle(struct making *m)
{
	size_t n = 0;
	if (m->n)
		qsort(m->at, m->n, sizeof(*m->at), by_word);
	for (size_t i = 0; i < m->n; i++)
		if (n && m->at[n - 1].word == m->at[i].word && m->at[n - 1].document == m->at[i].document)
			m->at[n - 1].weight += m->at[i].weight;
		else
			m->at[n++] = m->at[i];
	for (size_t i = 0; i < n; i++)
		m->at[i].weight = m->at[i].weight / (m->at[i].weight + 2);
	m->n = n;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void settle_latin(struct making *m)
{
	size_t n = 0;
	if (m->latin_count)
		qsort(m->latin, m->latin_count, sizeof(*m->latin), by_text);
	for (size_t i = 0; i < m->latin_count; i++)
		if (!n || strcmp(m->latin[n - 1], m->latin[i]) != 0)
			m->latin[n++] = m->latin[i];
	m->latin_count = n;
}

static void add_entry(struct making *m, uint32_t document, const struct article_entry *e)
{
	add_text(m, document, e->code, WEIGHT_CODE);
	add_text(m, document, e->fault_code, WEIGHT_CODE);
	for (const char *const *model = e->models; *model; model++)
		add_text(m, document, *model, WEIGHT_TITLE);
	add_label(m, document, &e->title, WEIGHT_TITLE);
	add_label(m, document, &e->cause, WEIGHT_BODY);
	add_label(m, document, &e->body, WEIGHT_BODY);
	for (size_t i = 0; i < e->phrasing_count; i++)
		if (!e->phrasings[i].off)
			add_text(m, document, e->phrasings[i].text, WEIGHT_PHRASING);
}

const struct word_index *word_index_make(struct arena *a, const struct article_entry *const *entries, size_t n)
{
	ARENA_SCOPED scratch = arena_new();
	ARENA_SCOPED work = arena_new();
	struct making m = { .a = work, .scratch = scratch };
	struct word_index *index = ARENA_NEW(a, struct word_index);
	for (size_t i = 0; i < n; i++)
		add_entry(&m, (uint32_t)i, entries[i]);
	settle(&m);
	settle_latin(&m);
	const char **latin = ARENA_ARRAY(a, const char *, m.latin_count + 1);
	for (size_t i = 0; i < m.latin_count; i++)
		latin[i] = arena_string(a, m.latin[i]);
	*index = (struct word_index){ m.n ? arena_copy(a, m.at, m.n * sizeof(*m.at)) : NULL, m.n, n, latin, m.latin_count };
	return index;
}

/* Searching ----------------------------------------------------------------------------------------------------------------- */

/* The first place of the word; *n: how many. */
static const struct word_place *places_of(const struct word_index *x, uint64_t word, size_t *n)
{
	size_t low = 0, high = x->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (x->at[middle].word < word)
			low = middle + 1;
		else
			high = middle;
	}
	size_t end = low;
	while (end < x->n && x->at[end].word == word)
		end++;
	*n = end - low;
	return x->at + low;
}

struct scoring {
	const struct knowledge *k;
	const struct word_index *pack, *own;
	float *score;                   /* by place in k */
	float all;                      /* what an entry with every word would have */
};

static void score_word(struct scoring *s, uint64_t word, float share)
{
	size_t n, own_n;
	const struct word_place *p = places_of(s->pack, word, &n), *o = places_of(s->own, word, &own_n);
	float documents = (float)(s->pack->documents + s->own->documents + 1), rare = logf(1 + documents / (float)(n + own_n + 1)) * share;
	s->all += rare;
	for (size_t i = 0; i < n; i++) {
		size_t at = s->k->place[p[i].document];
		if (!s->k->at[at].changed)
			s->score[at] += rare * p[i].weight;
	}
	for (size_t i = 0; i < own_n; i++)
		s->score[s->k->own[o[i].document]] += rare * o[i].weight;
}

/* "refri" finds refrigerator. */
static void score_prefix(struct scoring *s, const struct word_index *x, const char *prefix)
{
	size_t low = 0, high = x->latin_count, n = strlen(prefix);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(x->latin[middle], prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	float all = s->all;
	for (size_t k = 0; low < x->latin_count && k < PREFIX_MOST && !strncmp(x->latin[low], prefix, n); low++, k++)
		if (strcmp(x->latin[low], prefix) != 0)
			score_word(s, hash_of(x->latin[low]), 0.5f);
	s->all = all;
}

/* Who says 不凉 means 不制冷 as well, where the company says so. */
static void score_synonyms(struct arena *a, struct scoring *s, const char *text)
{
	const char *folded = text_fold(a, text);
	float all = s->all;
	for (size_t i = 0; i < s->k->synonym_count; i++) {
		const char *const *group = s->k->synonyms[i], *const *said = group;
		while (*said && !strstr(folded, *said))
			said++;
		for (const char *const *w = group; *said && *w; w++) {
			struct words words;
			cut(a, w == said ? "" : *w, CUT_QUESTION, &words);
			for (size_t k = 0; k < words.n; k++)
				score_word(s, hash_of(words.word[k]), 0.6f);
		}
	}
	s->all = all;
}

int article_hit_better(const void *a, const void *b)
{
	const struct article_hit *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return strcmp(x->entry->code, y->entry->code);
}

/* An entry that holds but a rare word's worth of the question is no answer. */
#define LEAST_SHARE 0.12f

size_t knowledge_search(struct ctx *c, const struct knowledge *k, const char *text, unsigned kinds, const char *product,
                        enum article_audience for_whom, struct article_hit *out, size_t room)
{
	struct scoring s = { .k = k, .pack = knowledge_base_words(k->pack), .own = k->words, .score = ARENA_ARRAY(c->arena, float, k->n + 1) };
	struct words w;
	size_t n = 0;
	cut(c->arena, text, CUT_QUESTION, &w);
	for (size_t i = 0; i < w.n; i++) {
		score_word(&s, hash_of(w.word[i]), 1);
		if (w.open && i + 1 == w.n && (signed char)w.word[i][0] > 0 && strlen(w.word[i]) >= PREFIX_SHORTEST) {
			score_prefix(&s, s.pack, w.word[i]);
			score_prefix(&s, s.own, w.word[i]);
		}
	}
	score_synonyms(c->arena, &s, text);
	struct article_hit *all = ARENA_ARRAY(c->arena, struct article_hit, k->n + 1);
	for (size_t i = 0; i < k->n; i++) {
		const struct article_entry *e = &k->at[i];
		if (s.score[i] <= 0 || s.score[i] < LEAST_SHARE * s.all || !(kinds & ARTICLES_OF(e->kind)) || !article_is_live(e, for_whom))
			continue;
		if (text_empty(product) || !strcmp(product, e->product))
			all[n++] = (struct article_hit){ e, s.score[i] };
	}
	qsort(all, n, sizeof(*all), article_hit_better);
	n = n < room ? n : room;
	memcpy(out, all, n * sizeof(*out));
	return n;
}

/* Pairs ------------------------------------------------------------------------------------------------------------------------ */

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* Letters and digits of any script; marks and blanks tell nothing. */
static bool counts(uint32_t character)
{
	if (character < 0x80)
		return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z');
	return character >= 0xC0 && !(character >= 0x2000 && character <= 0x206F) && !(character >= 0x3000 && character <= 0x303F) && !(character >= 0xFF00 && character <= 0xFFEF);
}

struct pairs pairs_of(struct arena *a, const char *text)
{
	const char *p = text_fold(a, text), *end = p + strlen(p);
	uint32_t *at = ARENA_ARRAY(a, uint32_t, (size_t)(end - p) + 1), last = 0;
	size_t n = 0, kept = 0;
	while (p < end) {
		uint32_t now = utf8_next(&p, end);
		if (!counts(now))
			continue;
		if (last)
			at[n++] = last * UINT32_C(2654435761) ^ now;
		last = now;
	}
	if (!n && last)
		at[n++] = last;
	qsort(at, n, sizeof(*at), by_number);
	for (size_t i = 0; i < n; i++)
		if (!kept || at[kept - 1] != at[i])
			at[kept++] = at[i];
	return (struct pairs){ at, kept };
}

double pairs_alike(const struct pairs *a, const struct pairs *b)
{
	size_t common = 0;
	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		common += a->at[i] == b->at[k];
		if (a->at[i] < b->at[k])
			i++;
		else if (a->at[i] > b->at[k])
			k++;
		else
			i++, k++;
	}
	return a->n + b->n ? 2.0 * (double)common / (double)(a->n + b->n) : 0;
}
