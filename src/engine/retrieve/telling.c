/* A clause ends at a comma of the normal form, or at a blank between two Chinese characters. */
#include "engine/retrieve/telling.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { MOST_CLAUSES = 200 };

struct clause {
	const char *p;
	size_t n, characters;
	float weight;                   /* rarity of its terms, each once */
	bool kept;
};

static const char *without_courtesies(struct arena *a, const char *const *courtesies, size_t n, const char *text)
{
	struct text out = text_in(a);
	while (*text) {
		size_t skip = 0;
		for (size_t i = 0; i < n; i++) {
			size_t size = strlen(courtesies[i]);
			if (size > skip && !strncmp(text, courtesies[i], size))
				skip = size;
		}
		bool pause = skip || *text == ',', begins = !out.n || out.p[out.n - 1] == ',';
		if (pause && !begins)
			text_char(&out, ',');
		else if (!pause && !(begins && *text == ' '))
			text_char(&out, *text);
		text += skip ? skip : 1;
	}
	while (out.n && (out.p[out.n - 1] == ',' || out.p[out.n - 1] == ' '))
		out.p[--out.n] = 0;
	return text_end(&out);
}

static bool ends_clause(const char *p)
{
	return *p == ',' || (*p == ' ' && (p[1] & 0x80));
}

static size_t split(const char *text, struct clause *out)
{
	size_t n = 0;
	for (const char *p = text; *p && n < MOST_CLAUSES;) {
		const char *end = p;
		while (*end && !ends_clause(end))
			end++;
		/* one that goes on for ever is cut: its beginning is as good a guess as any */
		size_t size = utf8_prefix(p, TELLING_CHARACTERS);
		if (size > (size_t)(end - p))
			size = (size_t)(end - p);
		if (size) {
			out[n] = (struct clause){ .p = p, .n = size };
			n++;
		}
		p = *end ? end + 1 : end;
	}
	return n;
}

static void weigh(struct arena *a, const struct term_table *table, struct clause *c)
{
	const char *text = arena_string_n(a, c->p, c->n);
	struct terms t;
	terms_of(a, table, text, &t);
	c->characters = utf8_count(text);
	for (size_t i = 0; i < t.n; i++)
		c->weight += term_rarity(table, t.term[i].hash);
}

static void keep_the_telling(struct clause *c, size_t n)
{
	size_t left = TELLING_CHARACTERS;
	for (;;) {
		struct clause *best = NULL;
		for (size_t i = 0; i < n; i++)
			if (!c[i].kept && c[i].characters <= left && (!best || c[i].weight > best->weight))
				best = &c[i];
		if (!best)
			break;
		best->kept = true;
		left -= best->characters < left ? best->characters + 1 : left;
	}
}

const char *telling_part(struct arena *a, const struct term_table *table, const char *const *courtesies, size_t n, const char *normal)
{
	const char *plain = without_courtesies(a, courtesies, n, normal);
	if (!*plain)
		plain = normal;                 /* nothing but courtesy: that is what it says */
	if (utf8_count(plain) <= TELLING_CHARACTERS)
		return plain;
	struct clause clauses[MOST_CLAUSES];
	size_t count = split(plain, clauses);
	for (size_t i = 0; i < count; i++)
		weigh(a, table, &clauses[i]);
	keep_the_telling(clauses, count);
	struct text out = text_in(a);
	for (size_t i = 0; i < count; i++)
		if (clauses[i].kept) {
			text_append(&out, out.n ? "," : "");
			text_append_n(&out, clauses[i].p, clauses[i].n);
		}
	return out.n ? text_end(&out) : arena_string_n(a, plain, utf8_prefix(plain, TELLING_CHARACTERS));
}
