/* What a conversation is about before a person has read it: its language and its product, by her words. Queues, and who is given it, go by them. */
#include <string.h>

#include "core/services.h"
#include "domain/conversation/routing.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "engine/language/language.h"
#include "gen/conversation_sql.h"
#include "gen/portal_sql.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A washer is named by no "dishwasher", an oven by nothing "proven". */
static bool names(const char *text, const char *name)
{
	if (text_empty(name))
		return false;
	for (const char *at = text; (at = strcasestr(at, name)); at++)
		if (at == text || !is_letter(at[-1]) || !is_letter(*name))
			return true;
	return false;
}

int conversation_guess_product(struct ctx *c, const char *text, int64_t *id)
{
	struct product *rows;
	size_t n, named = 0;
	*id = 0;
	TRY(products_all(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if ((names(text, rows[i].name) || names(text, rows[i].name_en)) && ++named)
			*id = rows[i].id;
	*id = named == 1 ? *id : 0;
	return 0;
}

int conversation_is_corrected(struct ctx *c, const struct conversation *k, const char *what, bool *is)
{
	struct conversation_mark *rows;
	size_t n;
	*is = false;
	if (!k->last_no)
		return 0;       /* it begins */
	TRY(marks_of_conversation(c, k->id, &rows, &n));
	for (size_t i = 0; i < n; i++)
		*is = *is || text_equal(rows[i].what, what);
	return 0;
}

/* Chinese is what a file says of whom nobody asked; another language is one that somebody has chosen. */
static int hear_language(struct ctx *c, const struct customer *customer, const char *words, struct conversation *k)
{
	bool corrected;
	const char *heard = language_of(words);
	TRY(conversation_is_corrected(c, k, "language", &corrected));
	if (corrected)
		return 0;
	k->lang = text_empty(customer->lang) ? "zh" : customer->lang;
	if (heard && text_equal(k->lang, "zh"))
		k->lang = heard;
	return 0;
}

static int hear_product(struct ctx *c, const char *words, struct conversation *k)
{
	struct device d;
	bool there = false;
	if (k->product_id > 0)
		return 0;
	if (k->device_id > 0)
		TRY(record_look(c, &device_record, k->device_id, &d, &there));
	k->product_id = there ? d.product_id : 0;
	return there ? 0 : conversation_guess_product(c, words, &k->product_id);
}

int conversation_hear(struct ctx *c, const struct customer *customer, const char *words, struct conversation *k)
{
	if (!words)
		TRY(conversation_her_words(c, k, &words));
	TRY(hear_language(c, customer, words, k));
	return conversation_is_bots(k) && !k->last_no ? 0 : hear_product(c, words, k);
}
