/* Finding the words and deciding from their surroundings whether they are meant.
 *
 * The text is folded piece by piece (lower case, half-width, simplified, one form of punctuation), each piece ending with a
 * clause, so that nothing has to be allocated. Negation is looked for directly before a word, across fillers; fears and
 * conditions (怕, 如果, in case) before it in its clause; repairs (修好了, fixed) behind it. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "engine/grade/grade_private.h"

enum { PIECE = 2048, REACH = 48 };   /* bytes of a folded piece; how far a context reaches */

struct piece {
	char s[PIECE + 8];
	uint32_t at[PIECE + 8];        /* where each folded byte began in the text */
	size_t n;
};

/* ---- folding ---- */

static uint32_t simplify(uint32_t c)
{
	static const struct {
		uint16_t from, to;
	} pairs[] = {
		{ 0x96FB, 0x7535 }, { 0x7159, 0x70DF }, { 0x89F8, 0x89E6 }, { 0x71D2, 0x70E7 }, { 0x71B1, 0x70ED },
		{ 0x71D9, 0x70EB }, { 0x6C23, 0x6C14 }, { 0x805E, 0x95FB }, { 0x6C92, 0x6CA1 }, { 0x7121, 0x65E0 },
		{ 0x58DE, 0x574F }, { 0x8F49, 0x8F6C }, { 0x767C, 0x53D1 }, { 0x958B, 0x5F00 }, { 0x6A5F, 0x673A },
		{ 0x95DC, 0x5173 }, { 0x6703, 0x4F1A }, { 0x9EDE, 0x70B9 }, { 0x50B7, 0x4F24 }, { 0x904E, 0x8FC7 },
		{ 0x88FD, 0x5236 }, { 0x98A8, 0x98CE }, { 0x8072, 0x58F0 }, { 0x7DDA, 0x7EBF }, { 0x982D, 0x5934 },
		{ 0x9580, 0x95E8 }, { 0x5167, 0x5185 }, { 0x81BD, 0x80C6 }, { 0x8139, 0x80C0 }, { 0x8457, 0x7740 },
		{ 0x7210, 0x7089 }, { 0x934B, 0x9505 }, { 0x52D5, 0x52A8 }, { 0x5713, 0x5706 }, { 0x8655, 0x5904 },
		{ 0x554F, 0x95EE }, { 0x984C, 0x9898 }, { 0x64D4, 0x62C5 },
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (c == pairs[i].from)
			return pairs[i].to;
	return c;
}

static uint32_t fold(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'A' && c <= 'Z')
		return c + 32;
	switch (c) {
	case 0x3002:
		return '.';
	case 0x2018:
	case 0x2019:
		return '\'';
	case 0x3000:
	case '\t':
	case 0xA0:
		return ' ';
	case '\r':
		return '\n';
	default:
		return c > 0x5000 ? simplify(c) : c;
	}
}

static void put(struct piece *p, uint32_t c, size_t at)
{
	char bytes[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint8_t lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		bytes[i] = (char)(0x80 | (c & 0x3F));
	bytes[0] = (char)(lead[n] | c);
	for (size_t i = 0; i < n; i++) {
		p->s[p->n] = bytes[i];
		p->at[p->n++] = (uint32_t)at;
	}
}

static bool ends_clause(char c)
{
	return c && strchr(",.;!?\n", c);
}

/* Folds from `s` until the piece is nearly full and a clause ends. Returns where the next piece begins. */
static const char *fold_piece(struct piece *p, const char *text, const char *s, const char *end)
{
	p->n = 0;
	while (s < end && p->n + 4 <= PIECE) {
		size_t at = (size_t)(s - text);
		uint32_t c = fold(utf8_next(&s, end));
		put(p, c, at);
		if (p->n > PIECE - 256 && c < 0x80 && ends_clause((char)c))
			break;
	}
	p->s[p->n] = '\0';
	p->at[p->n] = (uint32_t)(s - text);
	return s;
}

/* ---- lists between bars ---- */

typedef bool fits(const char *from, const char *to, const char *word, size_t n);

static bool is_behind(const char *from, const char *to, const char *word, size_t n)      /* the text begins with it */
{
	return (size_t)(to - from) >= n && memcmp(from, word, n) == 0;
}

static bool is_before(const char *from, const char *to, const char *word, size_t n)      /* the text ends with it */
{
	return (size_t)(to - from) >= n && memcmp(to - n, word, n) == 0;
}

static bool is_inside(const char *from, const char *to, const char *word, size_t n)
{
	return memmem(from, (size_t)(to - from), word, n) != NULL;
}

/* Length of the first alternative of `list` that fits, 0 for none. */
static size_t any(const char *list, fits *test, const char *from, const char *to)
{
	while (list && *list) {
		size_t n = strcspn(list, "|");
		if (test(from, to, list, n))
			return n;
		list += n + (list[n] == '|');
	}
	return 0;
}

/* ---- surroundings ---- */

struct found {
	const char *from, *to;                 /* the word in the piece */
	const char *before;                    /* the clause before this one */
	const char *clause, *clause_end;
	const struct grade_word *word;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == '\'';
}

/* Takes fillers off the end of from…to, at most five. */
static const char *before_fillers(const char *list, const char *from, const char *to)
{
	for (int i = 0; i < 5; i++) {
		size_t n = any(list, is_before, from, to);
		if (!n)
			break;
		to -= n;
	}
	return to;
}

#define CHINESE_FILLERS \
	"任何|出现过|出现|发生过|发生|发现|看到|看见|见到|闻到|感觉到|感到|明显|异常|什么|怎么|特别|那么|这么|严重|大量|丝毫|" \
	"一点|往外|继续|存在|再|有|过|太|很|的|也|都|会|在|是|用|到|见|能"
#define CHINESE_NEGATORS "没有|没|不|未|无|别|非|莫"
#define ENGLISH_FILLERS \
	" any| visible| sign of| signs of| of| the| a| an| more| longer| been|" \
	" being| seem to be| to be| be| have| had| seen| noticed| see| smell|" \
	" feel| get| getting| even| actually| really| currently|  | "
#define ENGLISH_NEGATORS "no|not|n't|never|without|nor|neither|cannot|isnt|doesnt|didnt|wasnt|wont|dont|nothing"

static bool is_negated_chinese(const struct found *f)
{
	/* 不制冷 says no itself. */
	if (any(CHINESE_NEGATORS, is_behind, f->from, f->to))
		return false;
	const char *p = before_fillers(CHINESE_FILLERS, f->clause, f->from);
	size_t n = any(CHINESE_NEGATORS, is_before, f->clause, p);
	/* 没有不漏水的, 没有一次不漏水: two make a yes. */
	return n && !any("没有|没|无|哪有|不是|不得", is_before, f->clause, p - n) && !any("没有一|没一|没有哪", is_inside, f->clause, p - n);
}

static bool is_negated_english(const struct found *f)
{
	if (any("no |not |wo|does|can|is|won", is_behind, f->from, f->to) && f->word->grade == GRADE_URGENT)
		return false;
	const char *p = before_fillers(ENGLISH_FILLERS, f->clause, f->from);
	size_t n = any(ENGLISH_NEGATORS, is_before, f->clause, p);
	return n && (p - n == f->clause || !is_letter(p[-(ptrdiff_t)n - 1]) || memcmp(p - n, "n't", 3) == 0);
}

#define FEARS \
	"怕|担心|万一|如果|要是|假如|防止|避免|以免|免得|预防|会不会|会否|有没有|有无|杜绝| if |in case|" \
	"afraid it|afraid that|worried it|worried that|prevent|avoid|anti-|" \
	"would it |will it |does it "
#define REPAIRED \
	"没有出现|没有发生|没发生|未出现|修好|已解决|解决了|处理好|排除了|消失了|没有了|已修|好了|不存在|没出现|fixed|" \
	"resolved|repaired|went away|has stopped"

#define UNREPAIRED \
	"没修好|没有修好|未修好|修不好|没解决|没有解决|没处理|未处理|又|再次|还是|仍|not fixed|not been fixed|" \
	"isn't fixed|never fixed|not resolved|again"

static bool is_fear(const struct found *f)
{
	const char *from = f->from - f->clause > REACH ? f->from - REACH : f->clause;
	if (f->from - f->clause >= 3 && memcmp(f->clause, "if ", 3) == 0)
		return true;
	/* 如果散热不好，早就爆炸了: the condition stands in the clause before. */
	if (any("如果|要是|假如|万一|if ", is_inside, f->before, f->clause) && any("早|就会|会|would", is_inside, f->clause, f->from))
		return true;
	return any(FEARS, is_inside, from, f->from);
}

static bool is_repaired(const struct found *f)
{
	const char *to = f->clause_end - f->to > REACH ? f->to + REACH : f->clause_end;
	return any(REPAIRED, is_inside, f->to, to) && !any(UNREPAIRED, is_inside, f->to, to);
}

/* 有点烫 is no danger, and neither is 比较烫手. */
static bool is_weak(const struct found *f)
{
	const char *p = before_fillers("会|是|的|有|感觉|觉得|那么|些许", f->clause, f->from);
	return f->word->kind == GRADE_HEAT &&
	       any("有点|有点儿|有些|有一点|一点点|比较|稍微|略微|略|微微|微|较|稍|不是很|不算|不太|点儿|点|slightly |a bit |little ", is_before, f->clause, p);
}

/* 没有冒烟、漏电: a word joined to a negated one shares its no. */
static bool is_joined(const char *negated_end, const struct found *f)
{
	if (!negated_end || negated_end > f->from)
		return false;
	size_t gap = (size_t)(f->from - negated_end);
	return gap == 0 || any("、|和|或者|或|以及|及|跟|与|也没有|也没| or any | or | and | nor |/", is_behind, negated_end, f->from) == gap;
}

/* ---- finding ---- */

/* The end of `word` when the text at p begins with it, or NULL. */
static const char *match(const char *p, const char *end, const char *word)
{
	const char *gap = strchr(word, '*');
	size_t n = gap ? (size_t)(gap - word) : strlen(word);
	if ((size_t)(end - p) < n || memcmp(p, word, n) != 0)
		return NULL;
	p += n;
	if (!gap)
		return p;
	size_t rest = strlen(gap + 1);
	for (int i = 0; i <= 4 && p < end && !ends_clause(*p); i++) {
		if ((size_t)(end - p) >= rest && memcmp(p, gap + 1, rest) == 0)
			return p + rest;
		p++;
		while (p < end && ((uint8_t)*p & 0xC0) == 0x80)
			p++;
	}
	return NULL;
}

static bool fits_context(const struct found *f)
{
	const struct grade_word *w = f->word;
	if (is_letter(*w->word) && ((f->from > f->clause && is_letter(f->from[-1])) || is_letter(*f->to)))
		return false;
	if (any(w->not_before, is_before, f->clause, f->from) || any(w->not_after, is_behind, f->to, f->clause_end))
		return false;
	if (any(w->unless, is_inside, f->clause, f->clause_end))
		return false;
	return !w->needs || any(w->needs, is_inside, f->clause, f->clause_end);
}

/* The words by their first character, so that a text is not compared with all of them at every place. */
struct index {
	int16_t first[256];
	int16_t next[GRADE_MOST_WORDS];
};

static uint8_t bucket(const char *s)
{
	const uint8_t *u = (const uint8_t *)s;
	return u[0] < 0x80 || !u[1] ? u[0] : (uint8_t)(u[1] * 31 + u[2]);
}

static void index_words(struct index *x)
{
	memset(x->first, -1, sizeof(x->first));
	for (size_t i = grade_word_count; i-- > 0;) {
		uint8_t b = bucket(grade_words[i].word);
		x->next[i] = x->first[b];
		x->first[b] = (int16_t)i;
	}
}

/* The longest word at f->from that its context allows. */
static bool find(const struct index *x, struct found *f, const char *end)
{
	bool any_found = false;
	struct found best = *f;
	for (int16_t i = x->first[bucket(f->from)]; i >= 0; i = x->next[i]) {
		struct found one = *f;
		one.word = &grade_words[i];
		one.to = match(f->from, end, one.word->word);
		if (!one.to || (any_found && one.to <= best.to) || !fits_context(&one))
			continue;
		best = one;
		any_found = true;
	}
	*f = best;
	return any_found;
}

static bool is_meant(const struct found *f, const char **negated_end)
{
	bool english = is_letter(*f->word->word);
	bool negated = (english ? is_negated_english(f) : is_negated_chinese(f)) || is_joined(*negated_end, f);
	*negated_end = negated ? f->to : NULL;
	if (negated || is_weak(f) || is_repaired(f))
		return false;
	return !is_fear(f);
}

static void add(struct grade_proposal *out, const struct grade_reason *reason)
{
	if (reason->grade > out->grade)
		out->grade = reason->grade;
	if (out->count < GRADE_MOST_REASONS)
		out->reasons[out->count++] = *reason;
}

static void read_piece(const struct index *x, const struct piece *p, struct grade_proposal *out)
{
	const char *end = p->s + p->n, *before = p->s, *clause = p->s, *clause_end = p->s + strcspn(p->s, ",.;!?\n"), *negated_end = NULL;
	for (const char *s = p->s; s < end;) {
		if (ends_clause(*s)) {
			before = clause;
			clause = ++s;
			clause_end = s + strcspn(s, ",.;!?\n");
			continue;
		}
		struct found f = { .from = s, .to = s, .before = before, .clause = clause, .clause_end = clause_end };
		if (((uint8_t)*s & 0xC0) == 0x80 || !find(x, &f, clause_end)) {
			s++;
			continue;
		}
		size_t from = p->at[f.from - p->s], to = p->at[f.to - p->s];
		if (is_meant(&f, &negated_end))
			add(out, &(struct grade_reason){ f.word->grade, f.word->kind, from, to - from, NULL });
		s = f.to;
	}
}

/* ---- names and symptoms ---- */

static const char *const kind_names[] = { "smoke", "fire", "leak", "shock", "heat", "gas", "burn", "spark", "blast", "injury",
					   "dead", "function" };
_Static_assert(sizeof(kind_names) / sizeof(kind_names[0]) == GRADE_KIND_COUNT, "every kind has its name");

const char *grade_kind_name(enum grade_kind kind)
{
	return kind_names[kind];
}

const char *grade_name(enum grade grade)
{
	static const char *const names[] = { "normal", "urgent", "critical" };
	return names[grade];
}

static void read_symptom(const char *symptom, struct grade_proposal *out)
{
	for (int kind = 0; kind < GRADE_KIND_COUNT; kind++)
		if (strcmp(symptom, kind_names[kind]) == 0)
			add(out, &(struct grade_reason){ kind < GRADE_DEAD ? GRADE_CRITICAL : GRADE_URGENT, kind, 0, 0, symptom });
}

void grade_propose(const char *const *symptoms, size_t symptom_count, const char *text, struct grade_proposal *out)
{
	*out = (struct grade_proposal){ .grade = GRADE_NORMAL };
	for (size_t i = 0; i < symptom_count; i++)
		read_symptom(symptoms[i], out);
	struct index x;
	struct piece p;
	index_words(&x);
	for (const char *s = text, *end = text + strlen(text); s < end;) {
		s = fold_piece(&p, text, s, end);
		read_piece(&x, &p, out);
	}
}
