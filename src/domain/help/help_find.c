/* Finding: by words, while one types, by the letters on a display. */
#include <string.h>

#include "base/json.h"
#include "core/services.h"
#include "domain/help/help.h"
#include "domain/help/help_private.h"
#include "net/url.h"

enum { WORDS_MOST = 100, HITS = 20, SUGGESTED = 6, CODES_MOST = 20 };

/* As it was typed, cut where nobody types on. */
static const char *asked(struct help *h, const char *name)
{
	const char *text = http_query(h->http, name);
	if (!text || !utf8_is_text(text, strlen(text)))
		return "";
	return utf8_count(text) <= WORDS_MOST ? text : arena_string_n(h->c->arena, text, utf8_prefix(text, WORDS_MOST));
}

static size_t find(struct help *h, const char *words, struct article_hit *hits, size_t room)
{
	return text_empty(words) ? 0 : knowledge_search(h->c, h->k, words, ARTICLES_ALL, asked(h, "product"), AUDIENCE_PUBLIC, hits, room);
}

static void write_hit(struct help *h, const struct article_entry *e)
{
	const char *product = help_product_name(h, e->product);
	help_item(h, e);
	if (product) {
		put(h, " <small>");
		say(h, product);
		put(h, "</small>");
	}
	put(h, "<p>");
	say(h, help_plain(h, help_word(h, &e->body), 90));
	put(h, "</p></li>");
}

static void begin(struct help *h, const char *title)
{
	h->is_private = true;
	help_begin(h, title, NULL);
	text_format(&h->body, "<h1>%s</h1>", title);
}

static void write_found(struct help *h, const struct article_entry *const *found, size_t n)
{
	if (!n)
		return;
	put(h, "<ol class=\"hits\">");
	for (size_t i = 0; i < n; i++)
		write_hit(h, found[i]);
	put(h, "</ol>");
}

static void write_nothing(struct help *h, const char *before, const char *words, const char *behind)
{
	put(h, "<p role=\"status\">");
	put(h, before);
	say(h, words);
	put(h, behind);
	put(h, "</p>");
}

int help_search(struct help *h)
{
	struct article_hit hits[HITS];
	const char *words = asked(h, "q"), *product = asked(h, "product");
	const struct article_entry *found[HITS];
	size_t n = find(h, words, hits, HITS);
	for (size_t i = 0; i < n; i++)
		found[i] = hits[i].entry;
	begin(h, SAY(h, "搜索", "Search"));
	help_search_form(h, words, product);
	write_found(h, found, n);
	if (!n && !text_empty(words))
		write_nothing(h, SAY(h, "没有找到“", "Nothing was found for “"), words, SAY(h, "”。换个说法试试，或直接联系客服。", "”. Try other words, or ask us."));
	help_end(h);
	return 0;
}

static const char *address(struct arena *a, const char *code, enum lang lang, const char *company)
{
	struct text url = text_in(a);
	text_append(&url, "/help/article/");
	url_encode(&url, code);
	text_format(&url, "?lang=%s", lang == LANG_EN ? "en" : "zh");
	if (company) {
		text_append(&url, "&company=");
		url_encode(&url, company);
	}
	return text_end(&url);
}

const char *help_address(const struct ctx *c, const struct article_entry *e, enum lang lang, const char *company)
{
	return arena_format(c->arena, "%s%s", c->services->public_url, address(c->arena, e->code, lang, company));
}

/* {"items":[{"title","product","url"}]} */
int help_suggest(struct help *h)
{
	struct article_hit hits[SUGGESTED];
	size_t n = find(h, asked(h, "q"), hits, SUGGESTED);
	h->type = "application/json; charset=utf-8";
	put(h, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		const struct article_entry *e = hits[i].entry;
		put(h, i ? ",{\"title\":" : "{\"title\":");
		json_text(&h->body, article_called(h->c->arena, e, h->lang));
		put(h, ",\"product\":");
		json_text(&h->body, help_product_name(h, e->product));
		put(h, ",\"url\":");
		json_text(&h->body, address(h->c->arena, e->code, h->lang, h->company));
		put(h, "}");
	}
	put(h, "]}");
	return 0;
}

/* One meaning: its page. More: which of them. */
int help_code(struct help *h)
{
	const struct article_entry *found[CODES_MOST];
	const char *code = asked(h, "code"), *product = asked(h, "product");
	size_t n = knowledge_fault_codes(h->c->arena, h->k, product, asked(h, "model"), code, AUDIENCE_PUBLIC, found, CODES_MOST);
	begin(h, SAY(h, "查故障码", "Fault codes"));
	help_code_form(h, product, code);
	write_found(h, found, n);
	if (!n && !text_empty(code))
		write_nothing(h, SAY(h, "没有找到代码“", "There is no code “"), code, SAY(h, "”。请核对屏幕上的字母和数字，或报修时告诉我们。", "”. Please check letters and digits on the display, or tell us when you report it."));
	help_end(h);
	return 0;
}
