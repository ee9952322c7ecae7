/* What a message means: what it names, and which article answers it, for the bot as for whoever answers herself. */
#include <string.h>

#include "core/services.h"
#include "domain/bot/bot.h"
#include "domain/device/device.h"
#include "gen/portal_sql.h"

/* Articles among which the answer is. */
struct among {
	const struct knowledge *knowledge;
	enum article_audience audience;
};

static bool is_live(const char *id, void *arg)
{
	const struct among *a = arg;
	const struct article_entry *e = knowledge_find(a->knowledge, id);
	return e && article_is_live(e, a->audience);
}

/* What she asks is known here, and nothing that she may read answers it (HO-11): she was understood all the same. */
static void hear_unanswered(struct ctx *c, const struct knowledge *k, const struct classify_ask *ask, struct classify_decision *d)
{
	struct classify_ask all = *ask;
	struct classify_decision any;
	all.allowed = NULL;
	knowledge_decide(c, k, &all, &any);
	if ((any.kind == CLASSIFY_ANSWER || any.kind == CLASSIFY_FLOW) && any.inside > d->inside)
		d->inside = any.inside;
}

bool bot_understand(struct ctx *c, const struct knowledge *k, enum article_audience audience, const char *text, const char **about, struct understood *t, struct classify_decision *d)
{
	struct among among = { k, audience };
	struct classify_ask ask = { 0 };
	if (!c->services->understanding)
		return false;
	understanding_read(c->services->understanding, c->arena, text, strlen(text), t);
	understood_ask(t, &ask);
	if (!ask.product_count && *about) {
		ask.products = about;
		ask.product_count = 1;
	}
	ask.allowed = is_live;
	ask.arg = &among;
	knowledge_decide(c, k, &ask, d);
	if (d->kind == CLASSIFY_UNKNOWN && audience == AUDIENCE_CUSTOMER)
		hear_unanswered(c, k, &ask, d);
	*about = ask.product_count == 1 ? ask.products[0] : NULL;
	return true;
}

int bot_product_of(struct ctx *c, const struct conversation *k, const char **out)
{
	struct product product;
	bool there = false;
	if (k->product_id > 0)
		TRY(record_look(c, &product_record, k->product_id, &product, &there));
	*out = there ? product.code : NULL;
	return 0;
}

int bot_product_coded(struct ctx *c, const char *code, int64_t *id)
{
	struct product *rows;
	size_t n;
	TRY(products_all(c, &rows, &n));
	for (size_t i = 0; code && i < n; i++)
		if (text_equal(rows[i].code, code))
			*id = rows[i].id;
	return 0;
}

const struct article_entry *bot_tree_of(const struct knowledge *k, const struct article_entry *e, enum article_audience audience)
{
	if (e && e->kind == ARTICLE_FAULT_TREE)
		return e;
	for (const char *const *see = e ? e->see : NULL; see && *see; see++) {
		const struct article_entry *other = knowledge_find(k, *see);
		if (other && other->kind == ARTICLE_FAULT_TREE && article_is_live(other, audience))
			return other;
	}
	return NULL;
}
