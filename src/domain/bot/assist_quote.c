/* Articles to be quoted by who answers: found by words, or by what the customer asked last. Each comes as what is put into the line to write: its answer as the bot gives it or,
 * where that is no message (a fault tree, a long text), its title and where to read it. Nothing is written here. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "domain/bot/assist.h"
#include "domain/help/help.h"
#include "gen/knowledge_sql.h"

enum { QUOTES = 20, LOOKED_AT = 60, WORDS_MOST = 100, MESSAGE_LONGEST = 1000 };
/* What is about the product of the talk stands before what fits the words a little better. */
#define HER_PRODUCT 2.0

struct quote_in {
	int64_t id, inside;             /* inside: for a note, with what staff alone may read */
	const char *q;
};
static const struct member quote_members[] = {
	MEMBER(struct quote_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct quote_in, inside, count, .most = 1), MEMBER(struct quote_in, q, code, .most = WORDS_MOST),
};
const struct shape assist_quote_shape = SHAPE("assist_quote", struct quote_in, quote_members);

static size_t find_by_words(struct ctx *c, const struct assist *a, const char *words, const char *product, enum article_audience whom, struct article_hit *hits)
{
	size_t n = knowledge_search(c, a->knowledge, words, ARTICLES_ALL, NULL, whom, hits, LOOKED_AT);
	for (size_t i = 0; i < n; i++)
		if (product && text_equal(hits[i].entry->product, product))
			hits[i].score *= HER_PRODUCT;
	qsort(hits, n, sizeof(*hits), article_hit_better);
	return n;
}

/* She has asked nothing yet, and no word is typed. */
static size_t list_first(const struct assist *a, const char *product, enum article_audience whom, struct article_hit *hits)
{
	size_t n = 0;
	const struct article_entry *e = NULL;
	while (n < LOOKED_AT && (e = knowledge_next(a->knowledge, e ? e->code : NULL, ARTICLES_ALL, whom)))
		if (!product || text_equal(e->product, product))
			hits[n++] = (struct article_hit){ e, 1 };
	return n;
}

/* "": there is nothing to say of it. */
static const char *text_of(struct ctx *c, const struct assist *a, const struct article_entry *e, const char *company)
{
	const char *body = assist_body(c, e, a->lang);
	bool is_message = e->kind != ARTICLE_FAULT_TREE && utf8_count(body) <= MESSAGE_LONGEST;
	if (is_message || !article_is_live(e, AUDIENCE_PUBLIC))
		return body;
	return arena_format(c->arena, "%s\n%s", label_text(&e->title, a->lang), help_address(c, e, a->lang, company));
}

struct products {
	struct knowledge_products_row *at;
	size_t n;
};

static void write_one(struct ctx *c, const struct article_entry *e, const struct products *products, const char *text, struct text *t)
{
	text_format(t, "{\"internal\":%s,\"code\":", e->audience == AUDIENCE_STAFF ? "true" : "false");
	json_text(t, e->code);
	text_append(t, ",\"title\":");
	json_text(t, article_called(c->arena, e, c->lang));
	text_append(t, ",\"product\":");
	const char *product = product_called(products->at, products->n, e->product, c->lang);
	json_text(t, product ? product : "");   /* many say the same of several products */
	text_append(t, ",\"text\":");
	json_text(t, text);
	text_char(t, '}');
}

int assist_quote(struct ctx *c, const void *in, void *out)
{
	const struct quote_in *q = in;
	struct article_hit hits[LOOKED_AT];
	struct assist a;
	struct products products;
	struct tenant tenant;
	struct text t = text_in(c->arena);
	const char *product;
	TRY(assist_read(c, q->id, &a));
	TRY(bot_product_of(c, &a.k, &product));
	TRY(knowledge_products(c, &products.at, &products.n));
	TRY(tenant_row_get(c, &tenant));
	enum article_audience whom = q->inside == 1 ? AUDIENCE_STAFF : AUDIENCE_CUSTOMER;
	const char *words = text_empty(q->q) ? a.text : q->q;
	size_t n = text_empty(words) ? list_first(&a, product, whom, hits) : find_by_words(c, &a, words, product, whom, hits), shown = 0;
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n && shown < QUOTES; i++) {
		const char *text = text_of(c, &a, hits[i].entry, tenant.code);
		if (text_empty(text))
			continue;
		text_append(&t, shown++ ? "," : "");
		write_one(c, hits[i].entry, &products, text, &t);
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}
