/* What a company asks otherwise than its pack, product by product, as lessons that can be learned (learning.c). */
#include <string.h>

#include "core/services.h"
#include "domain/knowledge/knowledge_private.h"

#define GENERAL "general"               /* what the understanding calls questions that are about every product */

static const char *product_of(const struct article_entry *e)
{
	return text_empty(e->product) ? GENERAL : e->product;
}

static bool is_touched(const struct article_entry *e)
{
	if (e->changed || (!e->of_pack && e->state == ARTICLE_PUBLISHED))
		return true;
	for (size_t i = 0; i < e->phrasing_count; i++)
		if (e->phrasings[i].id)
			return true;
	return false;
}

/* Codes and trees are found by other ways, unless the company says how people ask for them. */
static bool is_asked_for(const struct article_entry *e)
{
	if (e->state != ARTICLE_PUBLISHED || e->expired || strlen(e->code) >= CLASSIFY_ID)
		return false;
	if (e->kind == ARTICLE_FAQ || (e->kind == ARTICLE_TEXT && !e->of_pack))
		return true;
	for (size_t i = 0; i < e->phrasing_count; i++)
		if (e->phrasings[i].id && !e->phrasings[i].off)
			return true;
	return false;
}

static void touch(const char **products, size_t *n, const char *product)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp(products[i], product))
			return;
	products[(*n)++] = product;
}

static const char *const *texts_of(struct arena *a, const struct article_entry *e)
{
	const char **out = ARENA_ARRAY(a, const char *, e->phrasing_count + 3);
	size_t n = 0;
	if (!text_empty(e->title.zh))
		out[n++] = e->title.zh;
	if (!text_empty(e->title.en))
		out[n++] = e->title.en;
	for (size_t i = 0; i < e->phrasing_count; i++)
		if (!e->phrasings[i].off)
			out[n++] = e->phrasings[i].text;
	return out;
}

static void fill(struct arena *a, const struct knowledge *k, struct lesson *l)
{
	struct lesson_question *questions = ARENA_ARRAY(a, struct lesson_question, k->n + 1);
	for (size_t i = 0; i < k->n; i++) {
		const struct article_entry *e = &k->at[i];
		if (strcmp(product_of(e), l->product) != 0 || !is_asked_for(e))
			continue;
		const char *codes = !text_empty(e->fault_code) ? arena_format(a, "%s ", text_fold(a, e->fault_code)) : e->of_pack ? NULL : "";
		questions[l->n++] = (struct lesson_question){ e->code, e->act ? e->act : "", codes, texts_of(a, e) };
	}
	l->questions = questions;
}

/* Of products about which the company says something of its own; the others are the pack's. */
void knowledge_make_lessons(struct ctx *c, struct knowledge *k)
{
	struct arena *a = k->base.arena;
	const char **products = ARENA_ARRAY(a, const char *, 2 * k->n + 1);
	size_t n = 0;
	if (!c->services->understanding)
		return;
	for (size_t i = 0; i < k->n; i++) {
		const struct article_entry *e = &k->at[i], *pack = e->of_pack ? knowledge_pack_entry(k->pack, e->code) : NULL;
		if (!is_touched(e))
			continue;
		touch(products, &n, product_of(e));
		if (pack)
			touch(products, &n, product_of(pack));
	}
	k->lessons = ARENA_ARRAY(a, struct knowledge_lesson, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct knowledge_lesson *l = &k->lessons[k->lesson_count++];
		l->lesson.product = products[i];
		fill(a, k, &l->lesson);
		lesson_sign(c->services->understanding, &l->lesson, l->sign);
	}
}
