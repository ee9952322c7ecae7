/* What every page of the help centre has: head, search, foot; links; lists. */
#include <string.h>

#include "core/services.h"
#include "domain/help/help_private.h"
#include "net/url.h"

/* Links ------------------------------------------------------------------------------------------------------------------- */

static void add_query(struct help *h, char *mark, const char *name, const char *value)
{
	if (!value)
		return;
	put(h, *mark == '?' ? "?" : "&amp;");
	put(h, name);
	url_encode(&h->body, value);
	*mark = '&';
}

static void carry_on(struct help *h, char *mark, const char *lang)
{
	add_query(h, mark, "lang=", lang);
	add_query(h, mark, "company=", h->company);
}

static const char *lang_word(const struct help *h)
{
	return h->lang_said ? SAY(h, "zh", "en") : NULL;
}

void help_link(struct help *h, const char *const *path, const char *query, const char *value)
{
	char mark = '?';
	put(h, "href=\"/help");
	for (; *path; path++) {
		text_char(&h->body, '/');
		url_encode(&h->body, *path);
	}
	add_query(h, &mark, query, query ? value : NULL);
	carry_on(h, &mark, lang_word(h));
	text_char(&h->body, '"');
}

void help_link_to(struct help *h, const struct article_entry *e)
{
	help_link(h, (const char *const[]){ "article", e->code, NULL }, NULL, NULL);
}

void help_hidden(struct help *h)
{
	if (h->lang_said)
		text_format(&h->body, "<input type=\"hidden\" name=\"lang\" value=\"%s\">", lang_word(h));
	if (!h->company)
		return;
	put(h, "<input type=\"hidden\" name=\"company\" value=\"");
	say(h, h->company);
	put(h, "\">");
}

/* The same page in the other language. */
static void other_language(struct help *h, const char *lang)
{
	char mark = '?';
	put(h, "href=\"");
	for (const char *p = h->http->path; *p; p++)
		if (*p == '/')
			text_char(&h->body, '/');
		else
			url_encode(&h->body, (const char[]){ *p, 0 });
	for (size_t i = 0; i < h->http->query_count; i++)
		if (text_equal(h->http->query[i].name, "q") || text_equal(h->http->query[i].name, "product") || text_equal(h->http->query[i].name, "code"))
			add_query(h, &mark, arena_format(h->c->arena, "%s=", h->http->query[i].name), h->http->query[i].value);
	carry_on(h, &mark, lang);
	text_char(&h->body, '"');
}

/* Frame --------------------------------------------------------------------------------------------------------------------- */

static void head(struct help *h, const char *title, const char *description)
{
	text_format(&h->body, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	            "<meta name=\"color-scheme\" content=\"light dark\"><title>", SAY(h, "zh-CN", "en"));
	say(h, title);
	put(h, " – ");
	say(h, h->tenant.name);
	put(h, "</title>");
	if (!text_empty(description)) {
		put(h, "<meta name=\"description\" content=\"");
		say(h, description);
		put(h, "\">");
	}
	put(h, h->is_private ? "<meta name=\"robots\" content=\"noindex\">" : "");
	put(h, "<link rel=\"stylesheet\" href=\"/help/help.css\"><link rel=\"alternate\" hreflang=\"zh-CN\" ");
	other_language(h, "zh");
	put(h, "><link rel=\"alternate\" hreflang=\"en\" ");
	other_language(h, "en");
	put(h, "><script src=\"/help/help.js\" defer></script></head>");
}

static void logo(struct help *h)
{
	if (!h->tenant.logo_id)
		return;
	text_format(&h->body, "<img src=\"/api/v1/company/logo?v=%lld", (long long)h->tenant.logo_id);
	if (h->company) {
		put(h, "&amp;tenant=");
		url_encode(&h->body, h->company);
	}
	put(h, "\" alt=\"\" width=\"28\" height=\"28\">");
}

static void hotline(struct help *h)
{
	if (text_empty(h->tenant.service_phone))
		return;
	put(h, "<a class=\"hotline\" href=\"tel:");
	url_encode(&h->body, h->tenant.service_phone);
	put(h, "\">");
	put(h, SAY(h, "热线 ", "Call "));
	say(h, h->tenant.service_phone);
	put(h, "</a>");
}

void help_begin(struct help *h, const char *title, const char *description)
{
	head(h, title, description);
	put(h, "<body><a class=\"skip\" href=\"#main\">");
	put(h, SAY(h, "跳到正文", "Skip to content"));
	put(h, "</a><header><a class=\"brand\" ");
	help_link(h, (const char *const[]){ NULL }, NULL, NULL);
	put(h, ">");
	logo(h);
	put(h, "<span>");
	say(h, h->tenant.name);
	put(h, "</span> <span class=\"where\">");
	put(h, SAY(h, "帮助中心", "Help"));
	put(h, "</span></a><nav aria-label=\"");
	put(h, SAY(h, "语言和热线", "Language and hotline"));
	put(h, "\">");
	hotline(h);
	text_format(&h->body, "<a class=\"language\" hreflang=\"%s\" lang=\"%s\" ", SAY(h, "en", "zh-CN"), SAY(h, "en", "zh-CN"));
	other_language(h, SAY(h, "en", "zh"));
	text_format(&h->body, ">%s</a></nav></header><main id=\"main\">", SAY(h, "English", "中文"));
}

void help_end(struct help *h)
{
	put(h, "</main><footer><p>");
	put(h, SAY(h, "没有找到答案？", "No answer here? "));
	put(h, "<a href=\"/h5/");
	if (h->company) {
		put(h, "?tenant=");
		url_encode(&h->body, h->company);
	}
	put(h, "\">");
	put(h, SAY(h, "报修或联系客服", "Report a problem or ask us"));
	put(h, "</a></p><p>");
	say(h, h->tenant.name);
	put(h, "</p></footer></body></html>\n");
}

int help_lost(struct help *h)
{
	h->status = 404;
	h->is_private = true;
	help_begin(h, SAY(h, "没有这一页", "There is no such page"), NULL);
	put(h, SAY(h, "<h1>没有这一页</h1><p>它可能已经下架，或链接不完整。可以搜一搜：</p>", "<h1>There is no such page</h1><p>It may have been taken away, or the link is not whole. Try searching:</p>"));
	help_search_form(h, "", NULL);
	help_end(h);
	return 0;
}

/* Forms ----------------------------------------------------------------------------------------------------------------------- */

void help_search_form(struct help *h, const char *words, const char *product)
{
	put(h, "<form class=\"search\" role=\"search\" action=\"/help/search\"><label class=\"unseen\" for=\"q\">");
	put(h, SAY(h, "搜索问题", "Search"));
	put(h, "</label><input id=\"q\" name=\"q\" type=\"search\" maxlength=\"100\" autocomplete=\"off\" enterkeyhint=\"search\" placeholder=\"");
	put(h, SAY(h, "说说遇到了什么，例如：洗衣机不排水", "Say what is wrong, such as: washer does not drain"));
	put(h, "\" value=\"");
	say(h, words);
	put(h, "\">");
	if (!text_empty(product)) {
		put(h, "<input type=\"hidden\" name=\"product\" value=\"");
		say(h, product);
		put(h, "\">");
	}
	help_hidden(h);
	text_format(&h->body, "<button>%s</button></form>", SAY(h, "搜索", "Search"));
}

void help_code_form(struct help *h, const char *product, const char *code)
{
	put(h, "<form class=\"code\" action=\"/help/code\"><p><label for=\"product\">");
	put(h, SAY(h, "产品", "Product"));
	put(h, "</label><select id=\"product\" name=\"product\"><option value=\"\">");
	put(h, SAY(h, "全部", "All"));
	put(h, "</option>");
	for (size_t i = 0; i < h->product_count; i++) {
		put(h, "<option value=\"");
		say(h, h->products[i].code);
		put(h, text_equal(h->products[i].code, product) ? "\" selected>" : "\">");
		say(h, help_product_name(h, h->products[i].code));
		put(h, "</option>");
	}
	put(h, "</select></p><p><label for=\"code\">");
	put(h, SAY(h, "屏幕上的代码", "Code on the display"));
	put(h, "</label><input id=\"code\" name=\"code\" maxlength=\"20\" autocomplete=\"off\" placeholder=\"E1\" value=\"");
	say(h, code);
	put(h, "\"></p>");
	help_hidden(h);
	text_format(&h->body, "<button>%s</button></form>", SAY(h, "查故障码", "Look up"));
}

/* Lists ------------------------------------------------------------------------------------------------------------------------- */

bool help_shows(const struct article_entry *e)
{
	return article_is_live(e, AUDIENCE_PUBLIC);
}

const char *help_product_name(const struct help *h, const char *product)
{
	return product_called(h->products, h->product_count, product, h->lang);
}

void help_title(struct help *h, const struct article_entry *e)
{
	if (e->kind == ARTICLE_FAULT_CODE) {
		put(h, "<b class=\"letters\">");
		say(h, e->fault_code);
		put(h, "</b> ");
	}
	say(h, help_word(h, &e->title));
}

void help_item(struct help *h, const struct article_entry *e)
{
	put(h, "<li><a ");
	help_link_to(h, e);
	put(h, ">");
	help_title(h, e);
	put(h, "</a>");
}

void help_entries(struct help *h, const struct article_entry *const *entries, size_t n)
{
	put(h, "<ul class=\"entries\">");
	for (size_t i = 0; i < n; i++) {
		help_item(h, entries[i]);
		put(h, "</li>");
	}
	put(h, "</ul>");
}

const char *help_plain(struct help *h, const char *markdown, size_t characters)
{
	struct text t = text_in(h->c->arena);
	for (const char *p = markdown; *p; p++)
		if (*p == '\n')
			text_char(&t, ' ');
		else if (!strchr("#*`>_", *p))
			text_char(&t, *p);
	const char *plain = text_end(&t);
	if (utf8_count(plain) <= characters)
		return plain;
	return arena_format(h->c->arena, "%.*s…", (int)utf8_prefix(plain, characters), plain);
}
