/* Products are looked for in the normal form, numbers in what was typed. */
#include "engine/retrieve/slots.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "engine/clean/clean.h"

enum { LONGEST_CODE = 4, SHORTEST_NUMBER = 8, LONGEST_NUMBER = 40 };

static bool is_figure(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_part(char c) { return is_figure(c) || is_letter(c); }

/* A word of Latin letters counts only where it stands by itself: tv in "4ktv" is one, in "cctv5" none. */
static bool names(const char *text, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = text; n && (p = strstr(p, word)); p++) {
		bool before = is_letter(*word) && p > text && is_letter(p[-1]);
		bool behind = is_part(word[n - 1]) && is_letter(p[n]);
		if (!before && !behind)
			return true;
	}
	return false;
}

static void find_products(const struct slot_product *products, size_t n, const char *normal, struct slots *out)
{
	size_t longest = 0;
	for (size_t i = 0; i < n && i < SLOTS_MOST_PRODUCTS; i++)
		for (size_t k = 0; k < products[i].word_count; k++) {
			const char *word = products[i].words[k];
			if (!names(normal, word))
				continue;
			out->products |= (uint64_t)1 << i;
			if (strpbrk(word, "0123456789") && strlen(word) > longest) {
				longest = strlen(word);
				out->model = word;
			}
		}
}

/* One or two letters and one or two digits that stand alone: e1, f0, er3, p12. What begins with a digit (5g, 4k) is none. */
static bool is_code(const char *p, size_t n)
{
	size_t letters = 0, figures = 0;
	while (letters < n && is_letter(p[letters]))
		letters++;
	while (letters + figures < n && is_figure(p[letters + figures]))
		figures++;
	return letters >= 1 && letters <= 2 && figures >= 1 && figures <= 2 && letters + figures == n;
}

static void find_code(struct arena *a, const char *normal, struct slots *out)
{
	for (const char *p = normal, *end; *p; p = end) {
		for (end = p; is_part(*end) || (end > p && *end == '-' && is_part(end[1]));)
			end++;
		if (end == p) {
			end = p + 1;
			continue;
		}
		if ((size_t)(end - p) <= LONGEST_CODE && is_code(p, (size_t)(end - p)) && !*out->code)
			out->code = arena_string_n(a, p, (size_t)(end - p));
	}
}

/* As numbers are printed. */
static const char *capital(struct arena *a, const char *number)
{
	char *out = arena_string(a, number);
	for (char *p = out; *p; p++)
		*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
	return out;
}

/* A run of letters and digits that is too long for a word: whose number it is, its shape tells. */
static void file_number(struct arena *a, const char *p, size_t n, struct slots *out)
{
	size_t figures = 0;
	for (size_t i = 0; i < n; i++)
		figures += is_figure(p[i]);
	const char *number = arena_string_n(a, p, n), *serial;
	struct clean_phone phone;
	if (figures == n && n <= 12 && clean_phone(a, number, &phone) == 0) {
		if (!*out->phone)
			out->phone = phone.value;
	} else if (figures == n || ((p[0] == 'S' || p[0] == 's') && figures + 2 == n && is_letter(p[1]))) {
		if (!*out->order)
			out->order = capital(a, number);
	} else if (figures >= 4 && clean_serial(a, number, &serial) == 0 && !*out->serial) {
		out->serial = serial;
	}
}

static void find_numbers(struct arena *a, const char *text, struct slots *out)
{
	for (const char *p = text, *end; *p; p = end) {
		for (end = p; is_part(*end);)
			end++;
		size_t n = (size_t)(end - p);
		if (n >= SHORTEST_NUMBER && n <= LONGEST_NUMBER)
			file_number(a, p, n, out);
		if (end == p)
			end++;
	}
}

void slots_of(struct arena *a, const struct slot_product *products, size_t n, const char *text, const char *normal, struct slots *out)
{
	*out = (struct slots){ .code = "", .model = "", .order = "", .serial = "", .phone = "" };
	find_products(products, n, normal, out);
	find_code(a, normal, out);
	find_numbers(a, text_fold(a, text), out);
}
