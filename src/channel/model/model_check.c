#include "channel/model/model_check.h"

#include <string.h>

#include "channel/model/model_marks.h"
#include "channel/model/model_points.h"
#include "channel/model/model_words.h"

enum { SENTENCES_MOST = 40, ZH_MOST = 600, EN_MOST = 1500, RULES_ZH = 10, RULES_EN = 32, SHARE = 50, STRAY_HAN = 7, STRAY_WORDS = 3, CLAUSE_SHARE = 70, WORDS_FEW = 4, NEGATION_BEFORE = 3 };

static const char *const names[MODEL_FAULTS] = {
	[MODEL_FINE] = "", [MODEL_FAULT_EMPTY] = "empty", [MODEL_FAULT_LONG] = "long", [MODEL_FAULT_CHARACTER] = "character", [MODEL_FAULT_LINK] = "link", [MODEL_FAULT_LANGUAGE] = "language", [MODEL_FAULT_PROMISE] = "promise",
	[MODEL_FAULT_DEED] = "deed", [MODEL_FAULT_REQUEST] = "request", [MODEL_FAULT_RULES] = "rules", [MODEL_FAULT_CITATION] = "citation", [MODEL_FAULT_NUMBER] = "number", [MODEL_FAULT_GROUND] = "ground", [MODEL_FAULT_NEGATION] = "negation",
};

const char *model_fault_name(enum model_fault fault)
{
	return names[fault];
}

/* Sentences ------------------------------------------------------------------------------------------------------------------ */

struct sentence {
	struct points body;     /* without citations and marks of a list */
	unsigned cited;
};

struct sentences {
	struct sentence at[SENTENCES_MOST];
	size_t n;
	bool strange;           /* cites what was not given, or there are too many */
};

/* "[12]" or 【12】 at i: its length and number; 0: none. */
static size_t citation_at(struct points s, size_t i, unsigned *number)
{
	size_t at = i + 1;
	if (s.at[i] != '[' && s.at[i] != 0x3010)
		return 0;
	for (*number = 0; at < s.n && point_is_digit(s.at[at]) && at < i + 4; at++)
		*number = *number * 10 + (s.at[at] - '0');
	return at > i + 1 && at < s.n && (s.at[at] == ']' || s.at[at] == 0x3011) ? at + 1 - i : 0;
}

/* "1. ", "2)", "- " at the beginning of a line or a sentence. */
static size_t list_mark(struct points s, size_t i)
{
	size_t at = i;
	while (at < s.n && (s.at[at] == ' ' || s.at[at] == '-' || s.at[at] == '*' || s.at[at] == 0x2022))
		at++;
	size_t digits = at;
	while (digits < s.n && digits < at + 2 && point_is_digit(s.at[digits]))
		digits++;
	bool marked = digits > at && digits < s.n && (s.at[digits] == ')' || s.at[digits] == 0x3001 || (s.at[digits] == '.' && (digits + 1 == s.n || !point_is_digit(s.at[digits + 1]))));
	return marked ? digits + 1 : at;
}

static bool ends(struct points s, size_t i)
{
	uint32_t p = s.at[i];
	return p == '\n' || p == 0x3002 || p == '!' || p == '?' || p == ';' || (p == '.' && (i + 1 == s.n || !point_is_word(s.at[i + 1])));
}

static bool has_words(struct points s)
{
	for (size_t i = 0; i < s.n; i++)
		if (point_is_word(s.at[i]))
			return true;
	return false;
}

static struct sentence *next_sentence(struct arena *a, struct sentences *out, size_t room)
{
	if (out->n == SENTENCES_MOST) {
		out->strange = true;
		out->n--;
	}
	struct sentence *s = &out->at[out->n];
	*s = (struct sentence){ .body = { ARENA_ARRAY(a, uint32_t, room + 1), 0 } };
	return s;
}

/* A citation behind the full stop belongs to the sentence before it. */
static void cite(struct sentences *out, struct sentence *now, bool same_line, unsigned number, size_t sources)
{
	struct sentence *of = has_words(now->body) || !out->n || !same_line ? now : &out->at[out->n - 1];
	if (!number || number > sources)
		out->strange = true;
	else
		of->cited |= 1u << (number - 1);
}

static void split(struct arena *a, struct points s, size_t sources, struct sentences *out)
{
	struct sentence *now = next_sentence(a, out, s.n);
	bool same_line = false;
	for (size_t i = list_mark(s, 0); i < s.n; i++) {
		unsigned number;
		size_t length = citation_at(s, i, &number);
		if (length) {
			cite(out, now, same_line, number, sources);
			i += length - 1;
			continue;
		}
		if (!ends(s, i)) {
			now->body.at[now->body.n++] = s.at[i];
			continue;
		}
		same_line = s.at[i] != '\n';
		if (has_words(now->body)) {
			out->n++;
			now = next_sentence(a, out, s.n - i);
		}
		i = list_mark(s, i + 1) - 1;
	}
	out->n += has_words(now->body);
}

/* One sentence against its sources -------------------------------------------------------------------------------------------- */

struct ground {
	struct points text;     /* of all that it cites */
	struct pairs pairs;
};

static struct ground ground_of(struct arena *a, const struct model_prompt *p, unsigned cited)
{
	struct text t = text_in(a);
	for (size_t i = 0; i < p->source_count; i++)
		if (cited & 1u << i) {
			text_append(&t, p->sources[i].title);
			text_append(&t, "\n");
			text_append_n(&t, p->sources[i].text, utf8_prefix(p->sources[i].text, MODEL_SOURCE_CHARACTERS));
			text_append(&t, "\n");
		}
	struct ground g = { .text = points_of(a, text_end(&t)) };
	g.pairs = pairs_sorted(a, g.text);
	return g;
}

static bool is_token(uint32_t p)
{
	return point_is_latin(p) || point_is_digit(p);
}

static size_t token_end(struct points s, size_t i)
{
	while (i < s.n && (is_token(s.at[i]) || (s.at[i] == '.' && i + 1 < s.n && point_is_digit(s.at[i + 1]) && point_is_digit(s.at[i - 1]))))
		i++;
	return i;
}

static bool has_token(struct points s, const uint32_t *token, size_t n)
{
	for (size_t i = 0; i < s.n; i++) {
		size_t end = is_token(s.at[i]) ? token_end(s, i) : i;
		if (end - i == n && !memcmp(s.at + i, token, n * sizeof(*token)))
			return true;
		i = end > i ? end - 1 : i;
	}
	return false;
}

/* Each that holds a digit: whole, or as a number before its unit. */
static bool numbers_stand(struct points body, struct points source)
{
	for (size_t i = 0; i < body.n; i++) {
		if (!is_token(body.at[i]))
			continue;
		size_t end = token_end(body, i), digits = i, any = 0;
		for (size_t k = i; k < end; k++)
			any += point_is_digit(body.at[k]);
		while (digits < end && (point_is_digit(body.at[digits]) || body.at[digits] == '.'))
			digits++;
		if (any && !has_token(source, body.at + i, end - i) && !(digits > i && has_token(source, body.at + i, digits - i)))
			return false;
		i = end - 1;
	}
	return true;
}

static bool one_of(uint32_t p, const char *set)
{
	const char *end = set + strlen(set);
	while (set < end)
		if (utf8_next(&set, end) == p)
			return true;
	return false;
}

/* 三百元, 两个小时, 百分之五十: numerals with what they count. */
static bool numerals_stand(struct points body, struct points source)
{
	static const char numerals[] = "零〇一二两三四五六七八九十百千万亿半几", units[] = "元块毛角折倍年月日天周号点时分秒度成米升瓦斤次", counted[] = "个";
	for (size_t i = 0; i < body.n; i++) {
		size_t end = i;
		while (end < body.n && one_of(body.at[end], numerals))
			end++;
		if (end == i)
			continue;
		bool counts = end < body.n && (one_of(body.at[end], units) || (one_of(body.at[end], counted) && end + 1 < body.n && one_of(body.at[end + 1], "月小星钟")));
		for (end += counts; counts && end < body.n && one_of(body.at[end], "之零〇一二两三四五六七八九十百千万点"); end++)
			;
		if (counts && !points_have(source, (struct points){ body.at + i, end - i }))
			return false;
		i = end - 1;
	}
	return true;
}

/* English numerals from two on. */
static bool english_numerals_stand(struct arena *a, struct points body, struct points source)
{
	static const char *const words[] = { "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "ninety", "hundred", "thousand", "million", "dozen", "half", "double", "percent", NULL };
	for (const char *const *w = words; *w; w++) {
		struct points word = points_of(a, *w);
		if (has_token(body, word.at, word.n) && !has_token(source, word.at, word.n))
			return false;
	}
	return true;
}

/* Half of it, and no long stretch that is its own. */
static bool is_grounded(struct arena *a, struct points body, const struct ground *g)
{
	struct pairs own = pairs_listed(a, body);
	size_t found = 0, han = 0, latin = 0;
	for (size_t i = 0; i < own.n; i++) {
		bool there = pairs_hold(&g->pairs, own.at[i]);
		found += there;
		han = there ? 0 : han + pair_is_han(own.at[i]);
		latin = there ? 0 : latin + !pair_is_han(own.at[i]);
		if (han > STRAY_HAN || latin > STRAY_WORDS)
			return false;
	}
	return own.n ? found * 100 >= own.n * SHARE : points_packed(a, body).n < WORDS_FEW;
}

/* Warnings ------------------------------------------------------------------------------------------------------------------------ */

#define NEGATIONS "不勿别未无没禁莫"
static const char *const negations_en[] = { "not", "never", "no", "dont", "without", "cannot", "avoid", "t", NULL };

static size_t negations_in_english(struct arena *a, struct points s)
{
	size_t n = 0;
	for (const char *const *w = negations_en; *w; w++) {
		struct points word = points_of(a, *w);
		n += has_token(s, word.at, word.n);
	}
	return n;
}

static size_t negations_in(struct arena *a, struct points s)
{
	size_t n = negations_in_english(a, s);
	for (size_t i = 0; i < s.n; i++)
		n += one_of(s.at[i], NEGATIONS);
	return n;
}

/* What it says is not so, its source says in the same words. */
static bool negations_stand(struct arena *a, struct points body, const struct ground *g)
{
	struct points packed = points_packed(a, body), source = points_packed(a, g->text);
	for (size_t i = 0; i + 1 < packed.n; i++)
		if (one_of(packed.at[i], NEGATIONS) && point_is_han(packed.at[i + 1]) && !points_have(source, (struct points){ packed.at + i, 2 }))
			return false;
	return !negations_in_english(a, body) || negations_in_english(a, g->text);
}

/* The clause that begins at *from; moves behind it. False: there is none any more. */
static bool next_clause(struct points s, size_t *from, struct points *out)
{
	size_t i = *from;
	if (i >= s.n)
		return false;
	while (i < s.n && !one_of(s.at[i], "，,.。；;！!？?：:\n"))
		i++;
	*out = (struct points){ s.at + *from, i - *from };
	*from = i + 1;
	return true;
}

/* What a clause is about, whether it says so or not. */
static struct pairs matter_of(struct arena *a, struct points clause)
{
	struct points plain = { ARENA_ARRAY(a, uint32_t, clause.n + 1), 0 };
	for (size_t k = 0; k < clause.n; k++)
		if (!one_of(clause.at[k], NEGATIONS "要能可得止请准"))
			plain.at[plain.n++] = clause.at[k];
	return pairs_sorted(a, plain);
}

/* In Chinese a "not" stands right before what it forbids: 不要拆开, not anywhere in the clause. */
static bool negates_there(struct arena *a, struct points clause, const struct pairs *matter)
{
	struct points s = points_packed(a, clause);
	size_t first = s.n, last = 0;
	for (size_t i = 0; i + 1 < s.n; i++)
		if (point_is_han(s.at[i]) && pairs_hold(matter, (uint64_t)s.at[i] << 32 | s.at[i + 1])) {
			first = first == s.n ? i : first;
			last = i;
		}
	if (first == s.n)
		return true;            /* English */
	for (size_t i = first < NEGATION_BEFORE ? 0 : first - NEGATION_BEFORE; i <= last; i++)
		if (one_of(s.at[i], NEGATIONS))
			return true;
	return false;
}

/* The clause of the answer that comes nearest to this matter says "not". */
static bool nearest_negates(struct arena *a, struct points body, const struct pairs *matter)
{
	struct points clause, nearest = { 0 };
	size_t from = 0, best = 0;
	while (next_clause(body, &from, &clause)) {
		struct pairs own = pairs_sorted(a, clause);
		size_t shared = pairs_shared(matter, &own);
		if (shared > best) {
			best = shared;
			nearest = clause;
		}
	}
	return negations_in(a, nearest) > 0 && negates_there(a, nearest, matter);
}

/* A clause of the source that it tells, and that says "do not", is told with its "not"; and of several each with its own. */
static bool warnings_stay(struct arena *a, struct points body, const struct ground *g)
{
	struct pairs own = pairs_sorted(a, body);
	struct points clause;
	size_t from = 0, told = 0;
	while (next_clause(g->text, &from, &clause)) {
		if (!negations_in(a, clause))
			continue;
		struct pairs matter = matter_of(a, clause);
		if (!matter.n || pairs_shared(&matter, &own) * 100 < matter.n * CLAUSE_SHARE)
			continue;
		told += negations_in(a, clause);
		if (!nearest_negates(a, body, &matter))
			return false;
	}
	return told <= negations_in(a, body);
}

static enum model_fault check_sentence(struct arena *a, const struct model_prompt *p, const struct sentence *s)
{
	if (!s->cited)
		return MODEL_FAULT_CITATION;
	const struct ground g = ground_of(a, p, s->cited);
	if (!numbers_stand(s->body, g.text) || !numerals_stand(s->body, g.text) || !english_numerals_stand(a, s->body, g.text))
		return MODEL_FAULT_NUMBER;
	if (!is_grounded(a, s->body, &g))
		return MODEL_FAULT_GROUND;
	return negations_stand(a, s->body, &g) && warnings_stay(a, s->body, &g) ? MODEL_FINE : MODEL_FAULT_NEGATION;
}

/* The whole ------------------------------------------------------------------------------------------------------------------------- */

static bool are_usual(struct points s, struct points sources)
{
	for (size_t i = 0; i < s.n; i++)
		if (!point_is_usual(s.at[i]) && (s.at[i] < ' ' || !points_have(sources, (struct points){ s.at + i, 1 })))
			return false;
	return true;
}

/* Or a mark behind which something of a person stood. */
static bool tells_rules(struct arena *a, const struct model_prompt *p, struct points answer)
{
	static const char *const marks[] = { "_phone_", "_identity_", "_card_", "_mail_", "_address_", "_name_", "_number_", "sources", NULL };
	struct points rules = points_packed(a, points_of(a, model_rules(p->task, p->lang))), packed = points_packed(a, answer);
	size_t window = p->lang == LANG_EN ? RULES_EN : RULES_ZH;
	for (const char *const *m = marks; *m; m++)
		if (points_have_text(a, answer, *m) && p->task != MODEL_SUMMARY)
			return true;
	for (size_t i = 0; i + window <= packed.n; i++)
		if (points_have(rules, (struct points){ packed.at + i, window }))
			return true;
	return false;
}

static bool is_in(struct points s, enum lang lang)
{
	size_t han = 0, latin = 0;
	for (size_t i = 0; i < s.n; i++) {
		han += point_is_han(s.at[i]);
		latin += point_is_latin(s.at[i]);
	}
	return lang == LANG_EN ? !han : han * 2 >= latin && han;
}

static enum model_fault check_form(struct arena *a, const struct model_prompt *p, struct points answer, struct points sources)
{
	if (!has_words(answer))
		return MODEL_FAULT_EMPTY;
	if (answer.n > (p->lang == LANG_EN ? EN_MOST : ZH_MOST))
		return MODEL_FAULT_LONG;
	if (!are_usual(answer, sources))
		return MODEL_FAULT_CHARACTER;
	if (model_has_link(a, answer))
		return MODEL_FAULT_LINK;
	if (tells_rules(a, p, answer))
		return MODEL_FAULT_RULES;
	return is_in(answer, p->lang) ? MODEL_FINE : MODEL_FAULT_LANGUAGE;
}

static enum model_fault check_summary(const struct sentences *s, struct points talk)
{
	for (size_t i = 0; i < s->n; i++)
		if (!numbers_stand(s->at[i].body, talk))
			return MODEL_FAULT_NUMBER;
	return MODEL_FINE;
}

static enum model_fault check_marks(const struct model_prompt *p, const char *answer)
{
	struct model_mark marks[MODEL_MARKS_MOST];
	size_t n;
	return model_marks_read(answer, p->source_count, marks, &n) ? MODEL_FINE : MODEL_FAULT_CITATION;
}

enum model_fault model_check(struct arena *a, const struct model_prompt *p, const char *answer, unsigned *cited)
{
	if (p->task == MODEL_INSPECT)
		return check_marks(p, answer);
	struct points said = points_of(a, answer);
	struct points there = p->task == MODEL_SUMMARY ? points_of(a, p->question) : ground_of(a, p, ~0u).text;
	struct sentences s = { .n = 0 };
	unsigned all = 0;
	enum model_fault fault = check_form(a, p, said, there);
	if (fault)
		return fault;
	split(a, said, p->source_count, &s);
	if (p->task == MODEL_SUMMARY)
		return check_summary(&s, there);
	if ((fault = model_words_check(a, said, there)) != MODEL_FINE)
		return fault;
	for (size_t i = 0; i < s.n && !fault; i++) {
		fault = check_sentence(a, p, &s.at[i]);
		all |= s.at[i].cited;
	}
	if (cited)
		*cited = all;
	return fault ? fault : s.strange || !s.n ? MODEL_FAULT_CITATION : MODEL_FINE;
}
