/* Words of a web page without the page: other systems keep what people wrote as HTML. What comes out is plain text, shown as such. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/clean/clean_private.h"

enum { MOST_NAME = 12 };

/* Tags that begin a new line; their text is told apart by lines alone. */
static const char *const blocks[] = { "p", "div", "br", "li", "tr", "ul", "ol", "table", "hr", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article" };
static const char *const spans[] = { "a", "b", "i", "u", "s", "em", "strong", "span", "font", "img", "td", "th", "tbody", "thead", "small", "sub", "sup", "code", "html", "body",
	                              "head", "meta", "link", "title", "label", "iframe", "svg", "object", "embed", "form", "input", "button", "video", "audio" };
static const char *const unseen[] = { "script", "style", "head", "title" };        /* their content is nobody's words */

static const struct { const char *name; uint32_t character; } entities[] = {
	{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' }, { "hellip", 0x2026 }, { "mdash", 0x2014 }, { "ndash", 0x2013 },
	{ "ldquo", 0x201C }, { "rdquo", 0x201D }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "middot", 0xB7 }, { "yen", 0xA5 }, { "copy", 0xA9 }, { "times", 0xD7 }, { "deg", 0xB0 },
};

struct page {
	const char *at, *end;
	struct text text;
	bool gap;                       /* a blank is due before the next character */
	unsigned lines;                 /* so many line breaks are due */
	bool open;                      /* a tag without end was met: from there on all is text */
};

static bool is_one_of(const char *name, size_t n, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == n && !strncasecmp(list[i], name, n))
			return true;
	return false;
}
#define IS_ONE_OF(name, n, list) is_one_of(name, n, list, sizeof(list) / sizeof((list)[0]))

/* The name of the tag at p ("<p>", "</p>"), its length 0 when there is none that pages have. */
static const char *tag_name(const char *p, size_t *n)
{
	p += p[1] == '/' ? 2 : 1;
	*n = 0;
	while (*n < MOST_NAME && (((p[*n] | 32) >= 'a' && (p[*n] | 32) <= 'z') || is_digit(p[*n])))
		++*n;
	bool ends = p[*n] == '>' || p[*n] == '/' || p[*n] == ' ' || (p[*n] >= '\t' && p[*n] <= '\r');
	if (!ends || !(IS_ONE_OF(p, *n, blocks) || IS_ONE_OF(p, *n, spans) || IS_ONE_OF(p, *n, unseen)))
		*n = 0;
	return p;
}

static bool is_page(const char *s)
{
	size_t n;
	for (; (s = strchr(s, '<')) != NULL; s++) {
		tag_name(s, &n);
		if (n || !strncasecmp(s, "<!doctype", 9))
			return true;
	}
	return false;
}

/* Past the sign that ends the tag at p, quoted ones left out; NULL when nothing ends it. */
static const char *tag_end(const char *p)
{
	const char *plain = strchr(p, '>');
	for (char quote = 0; plain && *p; p++) {
		if (quote)
			quote = *p == quote ? 0 : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else if (*p == '>')
			return p + 1;
	}
	return plain ? plain + 1 : NULL;
}

static void put(struct page *p, uint32_t c)
{
	if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0) {
		p->gap = true;
		return;
	}
	for (unsigned i = 0; p->text.n && i < p->lines && i < 2; i++)
		text_char(&p->text, '\n');
	if (p->gap && !p->lines && p->text.n)
		text_char(&p->text, ' ');
	p->gap = false;
	p->lines = 0;
	if (c >= 0x20 && c != 0x7F)
		utf8_append(&p->text, c);
}

/* &amp; &#20013; &#x4E2D; — anything else is what it is. */
static bool put_entity(struct page *p)
{
	const char *q = p->at + 1;
	if (*q == '#') {
		char *end;
		bool hex = (q[1] | 32) == 'x';
		unsigned long c = is_digit(q[1]) || hex ? strtoul(q + 1 + hex, &end, hex ? 16 : 10) : 0;
		if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) || *end != ';')
			return false;
		put(p, (uint32_t)c);
		p->at = end + 1;
		return true;
	}
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		size_t n = strlen(entities[i].name);
		if (strncmp(q, entities[i].name, n) || q[n] != ';')
			continue;
		put(p, entities[i].character);
		p->at = q + n + 1;
		return true;
	}
	return false;
}

/* Past the end of an element whose content is not shown; without an end all the rest is its content. */
static const char *past_element(const char *p, const char *name, size_t n)
{
	for (; (p = strchr(p, '<')) != NULL; p++)
		if (p[1] == '/' && !strncasecmp(p + 2, name, n)) {
			const char *end = strchr(p, '>');
			return end ? end + 1 : NULL;
		}
	return NULL;
}

static bool take_tag(struct page *p)
{
	size_t n;
	const char *name = tag_name(p->at, &n), *end = NULL;
	if (!strncmp(p->at, "<!--", 4)) {
		end = strstr(p->at + 4, "-->");
		p->at = end ? end + 3 : p->end;
		return true;
	}
	if (n || !strncasecmp(p->at, "<!doctype", 9) || !strncasecmp(p->at, "<?xml", 5))
		end = tag_end(p->at);
	if (!end) {
		p->open |= n > 0;
		return false;
	}
	if (IS_ONE_OF(name, n, unseen) && p->at[1] != '/')
		end = past_element(end, name, n);
	if (IS_ONE_OF(name, n, blocks))
		p->lines += p->lines == 0 || (n == 2 && (*name | 32) == 'b');   /* two of <br> leave a line blank */
	else if (n == 2 && (*name | 32) == 't')
		p->gap = true;          /* cells of a row */
	p->at = end ? end : p->end;
	return true;
}

const char *clean_html(struct arena *a, const char *s)
{
	if (!is_page(s))
		return s;
	struct page p = { .at = s, .end = s + strlen(s), .text = text_in(a) };
	while (p.at < p.end) {
		if (*p.at == '<' && !p.open && take_tag(&p))
			continue;
		if (*p.at == '&' && put_entity(&p))
			continue;
		put(&p, utf8_next(&p.at, p.end));
	}
	return text_end(&p.text);
}
