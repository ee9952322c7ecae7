/* Home, a product, an article, the map of the site. */
#include <string.h>

#include "base/id.h"
#include "core/file/file.h"
#include "core/services.h"
#include "domain/help/help_private.h"
#include "net/url.h"

enum { HOME_ENTRIES = 8 };

struct picked {
	const struct article_entry **at;
	size_t n;
};

static struct picked pick(struct help *h, unsigned kinds, const char *product, const char *topic)
{
	size_t all;
	knowledge_all(h->k, &all);
	struct picked p = { ARENA_ARRAY(h->c->arena, const struct article_entry *, all + 1) };
	for (const struct article_entry *e = NULL; (e = knowledge_next(h->k, e ? e->code : NULL, kinds, AUDIENCE_PUBLIC));)
		if ((!product || text_equal(e->product, product)) && (!topic || text_equal(e->topic, topic)))
			p.at[p.n++] = e;
	return p;
}

static void section(struct help *h, const char *title, struct picked p)
{
	if (!p.n)
		return;
	put(h, "<section><h2>");
	say(h, title);
	put(h, "</h2>");
	help_entries(h, p.at, p.n);
	put(h, "</section>");
}

/* Home --------------------------------------------------------------------------------------------------------------------- */

static void write_products(struct help *h)
{
	bool any = false;
	for (size_t i = 0; i < h->product_count; i++) {
		struct picked p = pick(h, ARTICLES_ALL, h->products[i].code, NULL);
		if (!p.n)
			continue;
		if (!any)
			text_format(&h->body, "<section><h2>%s</h2><ul class=\"products\">", SAY(h, "按产品找", "By product"));
		any = true;
		put(h, "<li><a ");
		help_link(h, (const char *const[]){ "product", h->products[i].code, NULL }, NULL, NULL);
		put(h, "><span>");
		say(h, help_product_name(h, h->products[i].code));
		text_format(&h->body, "</span> <small>%zu %s</small></a></li>", p.n, SAY(h, "篇", p.n == 1 ? "article" : "articles"));
	}
	put(h, any ? "</ul></section>" : "");
}

int help_home(struct help *h)
{
	const char *title = SAY(h, "帮助中心", "Help centre");
	help_begin(h, title, SAY(h, "按产品、问题或故障码找答案", "Answers by product, by question or by fault code"));
	text_format(&h->body, "<h1>%s</h1>", SAY(h, "有什么可以帮您？", "How can we help?"));
	help_search_form(h, "", NULL);
	write_products(h);
	if (pick(h, ARTICLES_OF(ARTICLE_FAULT_CODE), NULL, NULL).n) {
		text_format(&h->body, "<section><h2>%s</h2>", SAY(h, "查故障码", "Fault codes"));
		help_code_form(h, NULL, "");
		put(h, "</section>");
	}
	section(h, SAY(h, "安全须知", "Safety"), pick(h, ARTICLES_OF(ARTICLE_FAQ) | ARTICLES_OF(ARTICLE_TEXT), "", "safety"));
	for (const struct choice *t = article_topics; t->value; t++) {
		struct picked p = pick(h, ARTICLES_OF(ARTICLE_FAQ) | ARTICLES_OF(ARTICLE_TEXT), "", t->value);
		if (strcmp(t->value, "safety") != 0)
			section(h, SAY(h, t->zh, t->en), p);
	}
	section(h, SAY(h, "其他", "More"), pick(h, ARTICLES_ALL, "", ""));
	help_end(h);
	return 0;
}

/* Product -------------------------------------------------------------------------------------------------------------------- */

static void crumbs(struct help *h, const char *product)
{
	text_format(&h->body, "<nav class=\"crumbs\" aria-label=\"%s\"><a ", SAY(h, "所在位置", "Where you are"));
	help_link(h, (const char *const[]){ NULL }, NULL, NULL);
	text_format(&h->body, ">%s</a>", SAY(h, "帮助中心", "Help centre"));
	if (!text_empty(product) && help_product_name(h, product)) {
		put(h, " › <a ");
		help_link(h, (const char *const[]){ "product", product, NULL }, NULL, NULL);
		put(h, ">");
		say(h, help_product_name(h, product));
		put(h, "</a>");
	}
	put(h, "</nav>");
}

int help_product(struct help *h)
{
	const char *code = http_param(h->http, "product"), *name = help_product_name(h, code);
	unsigned words = ARTICLES_OF(ARTICLE_FAQ) | ARTICLES_OF(ARTICLE_TEXT);
	if (!name)
		return help_lost(h);
	help_begin(h, name, arena_format(h->c->arena, SAY(h, "%s的常见问题、故障码和排查步骤", "%s: questions, fault codes and steps to try"), name));
	crumbs(h, NULL);
	put(h, "<h1>");
	say(h, name);
	put(h, "</h1>");
	help_search_form(h, "", code);
	section(h, SAY(h, "一步步排查", "Step by step"), pick(h, ARTICLES_OF(ARTICLE_FAULT_TREE), code, NULL));
	for (const struct choice *t = article_topics; t->value; t++)
		section(h, SAY(h, t->zh, t->en), pick(h, words, code, t->value));
	section(h, SAY(h, "其他", "More"), pick(h, words, code, ""));
	section(h, SAY(h, "故障码一览", "All fault codes"), pick(h, ARTICLES_OF(ARTICLE_FAULT_CODE), code, NULL));
	help_end(h);
	return 0;
}

/* Article ---------------------------------------------------------------------------------------------------------------------- */

static const char *danger_words(const struct help *h, const char *danger)
{
	if (text_equal(danger, "gas"))
		return SAY(h, "闻到燃气味：不要开关任何电器和灯，关闭燃气阀，开窗离开，到室外再打电话。", "You smell gas: switch nothing on or off, close the gas valve, open the windows, leave, and call from outside.");
	if (text_equal(danger, "water"))
		return SAY(h, "先切断电源；接着水管的电器再关进水阀，然后看下面的步骤。", "Cut the power first; close the tap of what is connected to water; then read on.");
	return SAY(h, "有冒烟、起火、漏电或异常发热时：先断电并远离设备，不要自行拆开；有人受伤或起火请立即拨打 119 或 120。",
	           "Smoke, fire, electric shock or unusual heat: cut the power, keep away, open nothing; if anybody is hurt or something burns, call the emergency services at once.");
}

static void write_danger(struct help *h, const struct article_entry *e)
{
	if (text_empty(e->danger))
		return;
	text_format(&h->body, "<aside class=\"danger\"><h2>%s</h2><p>%s</p></aside>", SAY(h, "请注意安全", "Safety first"), danger_words(h, e->danger));
}

struct showing {
	struct help *help;
	const struct article_entry *entry;
	struct file_info *files;        /* that the article shows; NULL: not asked for yet */
	size_t file_count;
};

static const char *file_url(const struct showing *s, const char *name)
{
	struct text url = text_in(s->help->c->arena);
	text_append(&url, "/help/picture/");
	url_encode(&url, s->entry->code);
	text_format(&url, "/%s", name);
	if (s->help->company) {
		text_append(&url, "?company=");
		url_encode(&url, s->help->company);
	}
	return text_end(&url);
}

static void ask_for_files(struct showing *s)
{
	struct ctx *c = s->help->c;
	const struct error before = *c->error;
	if (article_files(c, s->entry, &s->files, &s->file_count) == 0)
		return;
	error_take_back(c->error, &before);
	s->files = ARENA_NEW(c->arena, struct file_info);
	s->file_count = 0;
}

/* One that is gone, or that the article does not hold, is told by its words. */
static bool find_file(void *arg, const char *name, struct markdown_file *out)
{
	struct showing *s = arg;
	int64_t id;
	if (id_parse(name, &id) < 0)
		return false;
	if (!s->files)
		ask_for_files(s);
	for (size_t i = 0; i < s->file_count; i++)
		if (s->files[i].id == id) {
			article_file_as(&s->files[i], file_url(s, name), out);
			return true;
		}
	return false;
}

static void write_markdown(struct help *h, const struct article_entry *e, const char *text, int heading)
{
	struct showing showing = { h, e };
	put(h, "<div class=\"words\">");
	put(h, markdown_html(h->c->arena, text, &(struct markdown_options){ .heading = heading, .file = find_file, .arg = &showing }));
	put(h, "</div>");
}

static void write_fault_code(struct help *h, const struct article_entry *e)
{
	put(h, "<dl class=\"facts\">");
	if (*e->models) {
		text_format(&h->body, "<dt>%s</dt><dd>", SAY(h, "适用型号", "Models"));
		for (const char *const *m = e->models; *m; m++) {
			put(h, m > e->models ? SAY(h, "、", ", ") : "");
			say(h, *m);
		}
		put(h, "</dd>");
	}
	put(h, "</dl>");
	if (!text_empty(help_word(h, &e->cause))) {
		text_format(&h->body, "<h2>%s</h2>", SAY(h, "可能的原因", "What may be behind it"));
		write_markdown(h, e, help_word(h, &e->cause), 3);
	}
	text_format(&h->body, "<h2>%s</h2>", SAY(h, "怎么处理", "What to do"));
}

static void write_see(struct help *h, const struct article_entry *e)
{
	struct picked p = { 0 };
	size_t n = 0;
	while (e->see[n])
		n++;
	p.at = ARENA_ARRAY(h->c->arena, const struct article_entry *, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct article_entry *other = knowledge_find(h->k, e->see[i]);
		if (!other || !help_shows(other))
			continue;
		if (other->kind == ARTICLE_FAULT_TREE && e->kind != ARTICLE_FAULT_TREE) {
			put(h, "<p><a class=\"button\" ");
			help_link_to(h, other);
			text_format(&h->body, ">%s</a></p>", SAY(h, "一步步帮您排查", "Find it step by step"));
		} else {
			p.at[p.n++] = other;
		}
	}
	section(h, SAY(h, "相关内容", "See also"), p);
}

static void write_act(struct help *h, const struct article_entry *e)
{
	const struct choice *act = choice_find(article_acts, e->act);
	if (!act)
		return;
	put(h, "<p><a class=\"button quiet\" href=\"/h5/");
	if (h->company) {
		put(h, "?tenant=");
		url_encode(&h->body, h->company);
	}
	text_format(&h->body, "\">%s%s</a></p>", SAY(h, "去办理：", ""), SAY(h, act->zh, act->en));
}

static void vote(struct help *h, const struct article_entry *e, const char *how, const char *label)
{
	put(h, "<form method=\"post\" action=\"/help/article/");
	url_encode(&h->body, e->code);
	text_format(&h->body, "/%s?lang=%s", how, SAY(h, "zh", "en"));
	if (h->company) {
		put(h, "&amp;company=");
		url_encode(&h->body, h->company);
	}
	text_format(&h->body, "\"><button>%s</button></form>", label);
}

static void write_vote(struct help *h, const struct article_entry *e)
{
	text_format(&h->body, "<section class=\"say\" id=\"say\"><h2>%s</h2>", SAY(h, "这篇内容有帮助吗？", "Did this help?"));
	if (http_query(h->http, "thanks")) {
		text_format(&h->body, "<p role=\"status\">%s</p></section>", SAY(h, "谢谢，我们记下了。", "Thank you, we have noted it."));
		return;
	}
	vote(h, e, "helpful", SAY(h, "有帮助", "Yes"));
	vote(h, e, "unhelpful", SAY(h, "没有帮助", "No"));
	put(h, "</section>");
}

static void write_source(struct help *h, const struct article_entry *e)
{
	if (text_empty(e->source))
		return;
	text_format(&h->body, "<p class=\"source\">%s", SAY(h, "依据：", "Source: "));
	say(h, e->source);
	put(h, "</p>");
}

static void write_words(struct help *h, const struct article_entry *e)
{
	put(h, "<h1>");
	help_title(h, e);
	put(h, "</h1>");
	write_danger(h, e);
	if (e->kind == ARTICLE_FAULT_CODE)
		write_fault_code(h, e);
	if (!text_empty(help_word(h, &e->body)))
		write_markdown(h, e, help_word(h, &e->body), 2);
}

int help_article(struct help *h)
{
	struct tree_step first;
	const char *code = http_param(h->http, "code");
	const struct article_entry *e = code ? knowledge_find(h->k, code) : NULL;
	if (!e || !help_shows(e))
		return help_lost(h);
	help_begin(h, help_word(h, &e->title), help_plain(h, help_word(h, &e->body), 120));
	crumbs(h, e->product);
	put(h, "<article>");
	write_words(h, e);
	if (e->kind == ARTICLE_FAULT_TREE && article_step(e, NULL, &first)) {
		put(h, "<p><a class=\"button\" ");
		help_link(h, (const char *const[]){ "article", e->code, "step", first.name, NULL }, NULL, NULL);
		text_format(&h->body, ">%s</a></p>", SAY(h, "开始排查", "Begin"));
	}
	write_act(h, e);
	write_source(h, e);
	put(h, "</article>");
	write_see(h, e);
	write_vote(h, e);
	help_end(h);
	return 0;
}

/* A step of a fault tree --------------------------------------------------------------------------------------------------------- */

static void write_end(struct help *h, const struct article_entry *e, const struct tree_step *s)
{
	bool stop = text_equal(s->end, "stop");
	put(h, stop ? "<aside class=\"danger\"><h1>" : "<div class=\"end\"><h1>");
	put(h, stop ? SAY(h, "请停止操作", "Stop here") : text_equal(s->end, "solved") ? SAY(h, "试试这样做", "Try this") : SAY(h, "需要师傅来看", "This needs a technician"));
	put(h, "</h1>");
	write_markdown(h, e, help_word(h, &s->tell), 2);
	put(h, stop ? "</aside>" : "</div>");
	if (text_equal(s->end, "solved")) {
		write_vote(h, e);
		return;
	}
	put(h, "<p><a class=\"button\" href=\"/h5/");
	if (h->company) {
		put(h, "?tenant=");
		url_encode(&h->body, h->company);
	}
	text_format(&h->body, "\">%s</a></p>", SAY(h, "去报修", "Report it"));
}

static void write_choices(struct help *h, const struct article_entry *e, const struct tree_step *s)
{
	put(h, "<h1>");
	say(h, help_word(h, &s->ask));
	put(h, "</h1>");
	if (!text_empty(help_word(h, &s->hint))) {
		put(h, "<p class=\"hint\">");
		say(h, help_word(h, &s->hint));
		put(h, "</p>");
	}
	put(h, "<ul class=\"choices\">");
	for (size_t i = 0; i < s->choice_count; i++) {
		put(h, "<li><a ");
		help_link(h, (const char *const[]){ "article", e->code, "step", s->choices[i].go, NULL }, NULL, NULL);
		put(h, ">");
		say(h, help_word(h, &s->choices[i].say));
		put(h, "</a></li>");
	}
	put(h, "</ul>");
}

int help_step(struct help *h)
{
	struct tree_step step;
	const char *code = http_param(h->http, "code"), *node = http_param(h->http, "node");
	const struct article_entry *e = code ? knowledge_find(h->k, code) : NULL;
	if (!e || !help_shows(e) || !node || !article_step(e, node, &step))
		return help_lost(h);
	h->is_private = true;
	help_begin(h, help_word(h, &e->title), NULL);
	crumbs(h, e->product);
	put(h, "<p class=\"of\"><a ");
	help_link_to(h, e);
	put(h, ">");
	say(h, help_word(h, &e->title));
	put(h, "</a></p>");
	if (step.end)
		write_end(h, e, &step);
	else
		write_choices(h, e, &step);
	put(h, "<p class=\"again\"><a ");
	help_link_to(h, e);
	text_format(&h->body, ">%s</a></p>", SAY(h, "从头再来", "Start again"));
	help_end(h);
	return 0;
}

/* Map ------------------------------------------------------------------------------------------------------------------------------- */

enum { MAP_MOST = 50000 };      /* sitemaps.org: addresses of one file */

static void map_url(struct help *h, const char *base, const char *path, const char *code)
{
	put(h, "<url><loc>");
	say(h, base);
	put(h, path);
	url_encode(&h->body, code);
	if (h->company) {
		put(h, "?company=");
		url_encode(&h->body, h->company);
	}
	put(h, "</loc></url>\n");
}

int help_sitemap(struct help *h)
{
	const char *base = h->c->services->public_url, *host = http_header(h->http, HEADER_HOST);
	size_t n = 0;
	h->type = "application/xml; charset=utf-8";
	if (text_empty(base))
		base = arena_format(h->c->arena, "%s://%s", h->http->is_https ? "https" : "http", host ? host : "");
	put(h, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
	map_url(h, base, "/help", "");
	for (size_t i = 0; i < h->product_count; i++)
		map_url(h, base, "/help/product/", h->products[i].code);
	for (const struct article_entry *e = NULL; (e = knowledge_next(h->k, e ? e->code : NULL, ARTICLES_ALL, AUDIENCE_PUBLIC)) && n < MAP_MOST; n++)
		map_url(h, base, "/help/article/", e->code);
	put(h, "</urlset>\n");
	return 0;
}
