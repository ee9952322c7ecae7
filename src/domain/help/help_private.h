/* Inside of help: a page under way and the parts that pages share. */
#pragma once

#include "domain/knowledge/knowledge.h"
#include "engine/markdown/markdown.h"
#include "gen/knowledge_sql.h"
#include "net/http.h"

struct help {
	struct http_request *http;
	struct ctx *c;
	int (*make)(struct help *h);
	struct tenant tenant;
	const struct knowledge *k;
	const struct knowledge_products_row *products;
	size_t product_count;
	enum lang lang;
	const char *lang_said, *company;        /* as the query says them: links carry them on; NULL: not said */
	int status;
	const char *type, *location;            /* location: where to go instead */
	bool is_private;                        /* search engines leave it out */
	struct text body;
};

/* One language or the other. */
#define SAY(h, zh, en) ((h)->lang == LANG_EN ? (en) : (zh))
static inline const char *help_word(const struct help *h, const struct label *l) { return label_text(l, h->lang); }

static inline void put(struct help *h, const char *html) { text_append(&h->body, html); }
static inline void say(struct help *h, const char *text) { html_text(&h->body, text); }

void help_begin(struct help *h, const char *title, const char *description);    /* up to <main> */
void help_end(struct help *h);
int help_lost(struct help *h);                  /* a page that says that there is none */
/* href="/help/PATH…?lang=…": of parts, each escaped; NULL ends them. query: "&q=" and its value, or NULL. */
void help_link(struct help *h, const char *const *path, const char *query, const char *value);
void help_link_to(struct help *h, const struct article_entry *e);
void help_title(struct help *h, const struct article_entry *e);         /* behind the letters on the display, where it is about those */
void help_item(struct help *h, const struct article_entry *e);          /* <li> and its title as a link */
void help_hidden(struct help *h);               /* what a form carries on */
void help_search_form(struct help *h, const char *words, const char *product);
void help_code_form(struct help *h, const char *product, const char *code);
void help_entries(struct help *h, const struct article_entry *const *entries, size_t n);      /* as a list of links */
const char *help_product_name(const struct help *h, const char *product);       /* NULL: there is none */
const char *help_plain(struct help *h, const char *markdown, size_t characters); /* its first words */

bool help_shows(const struct article_entry *e);

int help_home(struct help *h), help_product(struct help *h), help_article(struct help *h), help_step(struct help *h);
int help_search(struct help *h), help_suggest(struct help *h), help_code(struct help *h), help_sitemap(struct help *h);
