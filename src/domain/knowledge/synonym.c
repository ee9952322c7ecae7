/* Thesaurus as a record: words that mean the same to customers, in one line. */
#include <string.h>

#include "core/services.h"
#include "domain/knowledge/knowledge_private.h"

enum { WORDS_MOST = 20, WORD_MOST = 40, LINE_MOST = 400 };

static const struct field fields[] = {
	CODE(synonym, words, L("同义词", "Words alike"), .required = true, .personal = true, .search = true, .most = LINE_MOST),
};

/* Between words stand commas of any kind. */
static size_t comma(const char *p)
{
	static const char *const commas[] = { ",", "、", "，", ";", "；" };
	for (size_t i = 0; i < sizeof(commas) / sizeof(commas[0]); i++)
		if (!strncmp(p, commas[i], strlen(commas[i])))
			return strlen(commas[i]);
	return 0;
}

const char *const *synonym_words(struct arena *a, const char *line)
{
	const char **out = ARENA_ARRAY(a, const char *, strlen(line) + 2), *from = line;
	size_t n = 0;
	for (const char *p = line;; p += *p ? 1 : 0) {
		size_t skip = comma(p);
		if (*p && !skip)
			continue;
		const char *word = text_fold(a, arena_string_n(a, from, (size_t)(p - from)));
		if (*word)
			out[n++] = word;
		if (!*p)
			return out;
		from = p + skip;
		p += skip - 1;
	}
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct synonym *s = row;
	size_t n = 0;
	bool fits = true;
	if (text_empty(s->words))
		return 0;       /* reported as required */
	for (const char *const *w = synonym_words(c->arena, s->words); *w; w++, n++)
		fits = fits && utf8_count(*w) <= WORD_MOST;
	return fits && n >= 2 && n <= WORDS_MOST ? 0 : fail_field(c, "words", ERR_FIELD_INVALID, "：不制冷、不凉");
}

static int after(struct ctx *c, const void *old, const void *row)
{
	return definition_changed(c, DEFINITION_KNOWLEDGE);
}

static int gone(struct ctx *c, const void *row)
{
	return definition_changed(c, DEFINITION_KNOWLEDGE);
}

const struct record synonym_record = {
	.name = "synonym", .label = L("同义词", "Words alike"), .plural = "Thesaurus", .table = &table_synonym, FIELDS(fields), .title = { "words" }, .before = before, .after = after, .gone = gone,
};
