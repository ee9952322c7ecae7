/* The first line that begins a quotation ends what was said. */
#include "channel/mail/mail_quote.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { LINE_MOST = 400, LOOK_AHEAD = 3 };

/* A line, trimmed; its end in the text. */
struct line {
	const char *p;
	size_t n;
	const char *next;
};

static struct line line_at(const char *p)
{
	const char *end = strchrnul(p, '\n');
	struct line l = { .p = p, .n = (size_t)(end - p), .next = *end ? end + 1 : end };
	while (l.n && (l.p[0] == ' ' || l.p[0] == '\t' || l.p[0] == '*'))
		l.p++, l.n--;
	while (l.n && (l.p[l.n - 1] == ' ' || l.p[l.n - 1] == '\t' || l.p[l.n - 1] == '*'))
		l.n--;
	return l;
}

static bool has(const struct line *l, const char *word)
{
	return memmem(l->p, l->n, word, strlen(word)) != NULL;
}

static bool begins(const struct line *l, const char *word)
{
	return l->n >= strlen(word) && !strncasecmp(l->p, word, strlen(word));
}

static bool ends(const struct line *l, const char *word)
{
	size_t n = strlen(word);
	return l->n >= n && !memcmp(l->p + l->n - n, word, n);
}

/* "----- 原始邮件 -----", "-----Original Message-----", "------------------ 原始邮件 ------------------" */
static bool is_rule(const struct line *l)
{
	static const char *const words[] = { "原始邮件", "原邮件", "转发邮件", "转发的邮件", "回复的邮件", "Original Message", "Original message", "Forwarded message", "Forwarded Message", "Original E-Mail", "元のメッセージ" };
	bool ruled = l->n >= 2 && (!strncmp(l->p, "--", 2) || !strncmp(l->p, "__", 2) || !strncmp(l->p, "==", 2) || (l->n >= 3 && !memcmp(l->p, "—", 3)));
	for (size_t i = 0; ruled && l->n < LINE_MOST && i < sizeof(words) / sizeof(words[0]); i++)
		if (has(l, words[i]))
			return true;
	return false;
}

/* "在 2026年1月2日 …写道：", "On Mon, 2 Jan 2026 … wrote:", "张三 <z@x> 于2026年…写道：" */
static bool is_wrote(const struct line *l)
{
	if (l->n > LINE_MOST)
		return false;
	bool chinese = ends(l, "写道：") || ends(l, "写道:") || ends(l, "编写：") || ends(l, "寫道：") || ends(l, "寫道:");
	bool english = (ends(l, "wrote:") || ends(l, "writes:")) && (begins(l, "On ") || has(l, "@"));
	return english || (chinese && (has(l, "年") || has(l, "@") || has(l, "20") || begins(l, "在")));
}

static bool is_head(const struct line *l, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(words[i]);
		if (!begins(l, words[i]))
			continue;
		const char *p = l->p + length, *end = l->p + l->n;
		while (p < end && (*p == ' ' || *p == '*'))
			p++;
		if (p < end && (*p == ':' || (end - p >= 3 && !memcmp(p, "：", 3))))
			return true;
	}
	return false;
}

/* "发件人: …" with "发送时间:", "收件人:" or "主题:" close behind it: one of them alone may be a sentence. */
static bool is_headers(const struct line *l)
{
	static const char *const first[] = { "发件人", "發件人", "寄件者", "From", "差出人" };
	static const char *const other[] = { "发送时间", "发送日期", "日期", "时间", "收件人", "主题", "抄送", "發送時間", "收件者", "主旨", "Sent", "Date", "To", "Subject", "Cc", "送信日時", "宛先", "件名" };
	if (!is_head(l, first, sizeof(first) / sizeof(first[0])))
		return false;
	struct line next = *l;
	for (int i = 0; i < LOOK_AHEAD && *next.next; i++) {
		next = line_at(next.next);
		if (is_head(&next, other, sizeof(other) / sizeof(other[0])))
			return true;
	}
	return false;
}

/* Nothing but quoted and blank lines from here on. */
static bool all_quoted(const char *p)
{
	size_t quoted = 0;
	while (*p) {
		struct line l = line_at(p);
		if (l.n && *l.p != '>')
			return false;
		quoted += l.n > 0;
		p = l.next;
	}
	return quoted > 0;
}

/* "On Mon, 2 Nov 2026, somebody" / "<a@b> wrote:" over two lines. */
static bool is_wrote_in_two(const struct line *l)
{
	if (!*l->next || l->n > LINE_MOST || !has(l, "20") || !(begins(l, "On ") || begins(l, "在")))
		return false;
	struct line next = line_at(l->next);
	return next.n && next.n < LINE_MOST && (ends(&next, "wrote:") || ends(&next, "写道：") || ends(&next, "写道:"));
}

static const char *trimmed(struct arena *a, const char *p, size_t n)
{
	while (n && strchr(" \t\n", *p))
		p++, n--;
	while (n && strchr(" \t\n", p[n - 1]))
		n--;
	return arena_string_n(a, p, n);
}

/* Where the last quoted line begins; NULL: none does. */
static const char *last_quoted(const char *p)
{
	const char *last = NULL;
	while ((p = strstr(p, "\n>")))
		last = p++;
	return last;
}

void mail_split(struct arena *a, const char *text, const char **said, const char **quoted)
{
	const char *cut = NULL, *p = text;
	bool quoted_seen = false;       /* with answers between the quoted lines, nothing can be folded away */
	while (*p && !cut) {
		struct line l = line_at(p);
		if (is_rule(&l) || is_wrote(&l) || is_wrote_in_two(&l) || is_headers(&l) || (l.n && *l.p == '>' && !quoted_seen && all_quoted(p)))
			cut = p;
		quoted_seen |= l.n && *l.p == '>';
		p = l.next;
	}
	*said = trimmed(a, text, cut ? (size_t)(cut - text) : strlen(text));
	*quoted = cut ? trimmed(a, cut, strlen(cut)) : "";
	/* an answer written between the lines of what it answers */
	bool between = false;
	if (cut) {
		bool inside = false;
		const char *last = last_quoted(cut);
		for (p = line_at(cut).next; *p && !between;) {
			struct line l = line_at(p);
			inside |= l.n && *l.p == '>';
			between = inside && l.n && *l.p != '>' && !is_wrote(&l) && last && l.next <= last;
			p = l.next;
		}
	}
	if (!**said || between) {
		*said = trimmed(a, text, strlen(text));
		*quoted = "";
	}
}
