/* Finding phrases in what people type, whatever they put between the letters.
 *
 * A text becomes characters that each know where they stood: capitals small, full width half, blanks, marks without width and emphasis gone. Latin words end where their letters end. */
#include "engine/quality/quality_private.h"

#include <string.h>

#include "base/text.h"

enum { GAP_MOST = 8, GAPS_MOST = 3, LINE_MOST = 80, PHRASES_MOST = 400, ANY = 1 };

struct phrase {
	const struct letter *at;
	size_t n;
};
struct quality_words {
	struct phrase *at;
	size_t n;
};

static bool is_blank(uint32_t c)
{
	return c <= ' ' || c == 0x3000 || c == 0xa0 || (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff || c == 0xfffd;
}

static uint32_t fold(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0;
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c == 0x2019 ? '\'' : c;
}

static bool is_latin(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool ends_sentence(uint32_t c)
{
	return c == '.' || c == '!' || c == '?' || c == ';' || c == 0x3002 || c == '\n';
}

/* Bytes that are no text are passed over one by one. */
static size_t letters_of(const char *text, size_t bytes, struct letter *out, size_t most)
{
	const char *s = text, *end = text + bytes;
	bool apart = true;
	size_t n = 0;
	while (s < end && n < most) {
		const char *from = s;
		uint32_t c = utf8_next(&s, end);
		if (s <= from)
			s = from + 1;
		if (c == '\n' || !is_blank(c))
			out[n++] = (struct letter){ fold(c), (uint32_t)(from - text), (uint32_t)(s - text), apart };
		apart = is_blank(c);
	}
	return n;
}

/* Gaps stand between letters, one at a time and a few of them: each costs as many tries as it may be long. */
static size_t with_gaps(struct letter *line, size_t n)
{
	size_t kept = 0, gaps = 0;
	for (size_t i = 0; i < n; i++) {
		bool is_gap = line[i].c == '*';
		if (is_gap && (!kept || line[kept - 1].c == ANY || gaps == GAPS_MOST))
			continue;
		gaps += is_gap;
		line[kept] = line[i];
		line[kept++].c = is_gap ? ANY : line[i].c;
	}
	return kept && line[kept - 1].c == ANY ? kept - 1 : kept;
}

/* Lines, blank ones too. */
static size_t room_for(const char *lines)
{
	size_t n = 1;
	for (const char *s = lines; (s = strchr(s, '\n')) && n < PHRASES_MOST; s++)
		n++;
	return n;
}

struct quality_words *quality_words_new(struct arena *a, const char *lines)
{
	struct quality_words *w = ARENA_NEW(a, struct quality_words);
	struct letter line[LINE_MOST];
	lines = lines ? lines : "";
	w->at = ARENA_ARRAY(a, struct phrase, room_for(lines));
	for (const char *s = lines; *s && w->n < PHRASES_MOST;) {
		size_t bytes = strcspn(s, "\n"), n = with_gaps(line, letters_of(s, bytes, line, LINE_MOST));
		if (n) {
			struct letter *kept = ARENA_ARRAY(a, struct letter, n);
			memcpy(kept, line, n * sizeof(*kept));
			w->at[w->n++] = (struct phrase){ kept, n };
		}
		s += bytes + (s[bytes] == '\n');
	}
	return w;
}

size_t quality_words_count(const struct quality_words *w)
{
	return w ? w->n : 0;
}

/* A Latin word neither begins nor ends within another. */
static bool is_cut(const struct letter *t, size_t n, size_t from, size_t to)
{
	bool before = from > 0 && is_latin(t[from].c) && is_latin(t[from - 1].c) && !t[from].apart;
	return before || (to < n && is_latin(t[to - 1].c) && is_latin(t[to].c) && !t[to].apart);
}

/* Where the rest of a phrase ends when it begins at `at`; 0: it does not. Blanks of a Latin phrase have to be there: "no ne" is not "none". */
static size_t match(const struct phrase *p, size_t i, const struct letter *t, size_t n, size_t at)
{
	for (; i < p->n && p->at[i].c != ANY; i++, at++) {
		if (at >= n || t[at].c != p->at[i].c)
			return 0;
		if (i > 0 && p->at[i - 1].c != ANY && is_latin(t[at].c) && is_latin(t[at - 1].c) && t[at].apart != p->at[i].apart)
			return 0;
	}
	if (i == p->n)
		return at;
	for (size_t gap = 0; gap <= GAP_MOST && at + gap < n; gap++) {
		size_t to = match(p, i + 1, t, n, at + gap);
		if (to)
			return to;
		if (ends_sentence(t[at + gap].c))
			return 0;
	}
	return 0;
}

static size_t found_at(const struct phrase *p, const struct letter *t, size_t n, size_t at)
{
	size_t to = match(p, 0, t, n, at);
	return to && !is_cut(t, n, at, to) ? to : 0;
}

/* Whether an exception stands over the letter at which a phrase begins: "不要把验证码" excuses "验证码发给". */
static bool is_excused(const struct quality_words *except, const struct letter *t, size_t n, size_t from)
{
	for (size_t i = 0; except && i < except->n; i++)
		for (size_t at = from > LINE_MOST ? from - LINE_MOST : 0; at <= from; at++)
			if (found_at(&except->at[i], t, n, at) > from)
				return true;
	return false;
}

struct letters quality_letters(struct arena *a, const char *text)
{
	struct letters t = { 0 };
	if (!text)
		return t;
	size_t bytes = strlen(text), most = bytes < LETTERS_MOST ? bytes : LETTERS_MOST;
	struct letter *at = ARENA_ARRAY(a, struct letter, most + 1);
	t.n = letters_of(text, bytes, at, most);
	t.at = at;
	return t;
}

bool quality_find(const struct quality_words *w, const struct quality_words *except, const struct letters *t, size_t *from, size_t *to)
{
	for (size_t at = 0; w && w->n && at < t->n; at++)
		for (size_t i = 0; i < w->n; i++) {
			size_t end = t->at[at].c == w->at[i].at[0].c ? found_at(&w->at[i], t->at, t->n, at) : 0;
			if (!end || is_excused(except, t->at, t->n, at))
				continue;
			*from = t->at[at].from;
			*to = t->at[end - 1].to;
			return true;
		}
	*from = *to = 0;
	return false;
}

bool quality_words_find(const struct quality_words *w, const struct quality_words *except, const char *text, size_t *from, size_t *to)
{
	ARENA_SCOPED a = arena_new();
	struct letters t = quality_letters(a, text);
	return quality_find(w, except, &t, from, to);
}
