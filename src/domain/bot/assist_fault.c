/* What is wrong with the product, as the company's report form offers it: recognised from her words, and put right by an agent. */
#include <string.h>

#include "base/json.h"
#include "domain/bot/assist.h"
#include "domain/bot/bot_words.h"

enum { LIKELY = 80 };
#define OTHER "other"
#define SHOWS_A_CODE "code"

static yyjson_val *list_of(const struct form *form, const char *product)
{
	return text_empty(product) ? NULL : yyjson_obj_get(form->symptoms, product);
}

bool fault_is_offered(const struct form *form, const char *product)
{
	yyjson_val *one;
	size_t i, n;
	yyjson_arr_foreach(list_of(form, product), i, n, one)
		if (form_asks(one))
			return true;
	return false;
}

static bool says(struct ctx *c, const char *folded, const char *name, size_t n)
{
	const char *const words[] = { arena_format(c->arena, "%.*s", (int)n, name), NULL };
	return n && bot_hears(c->arena, folded, words, NULL);
}

/* Two names in one that differ in a character: 结冰结霜, 花屏黑屏. */
static bool is_pair(const char *name, size_t n)
{
	enum { HAN = 3 };               /* bytes of a Chinese character */
	size_t half = n / 2;
	if (n < 4 * HAN || n % (2 * HAN))
		return false;
	for (size_t i = 0; i < half; i += HAN)
		if (!memcmp(name + i, name + half + i, HAN))
			return true;
	return false;
}

/* Whether her words say it: the name as it stands, or one of the things that it joins: 破洞、开线. */
static bool says_fault(struct ctx *c, const char *folded, const char *name)
{
	while (!text_empty(name)) {
		const char *cut = strstr(name, "、");
		size_t n = cut ? (size_t)(cut - name) : strlen(name);
		if (says(c, folded, name, n) || (is_pair(name, n) && (says(c, folded, name, n / 2) || says(c, folded, name + n / 2, n / 2))))
			return true;
		name = cut ? cut + strlen("、") : NULL;
	}
	return false;
}

static bool is_said(struct ctx *c, const struct assist *a, const char *folded, yyjson_val *one)
{
	yyjson_val *label = yyjson_obj_get(one, "label");
	const char *code = yyjson_get_str(yyjson_obj_get(one, "code"));
	if (!form_asks(one) || text_equal(code, OTHER))
		return false;
	if (text_equal(code, SHOWS_A_CODE) && !text_empty(a->understood.slots.code))
		return true;
	return says_fault(c, folded, yyjson_get_str(yyjson_obj_get(label, "zh"))) || says_fault(c, folded, yyjson_get_str(yyjson_obj_get(label, "en")));
}

const char *fault_guess(struct ctx *c, const struct form *form, const char *product, const struct assist *a, int64_t *confidence)
{
	const char *folded = bot_fold(c->arena, a->text);
	yyjson_val *one;
	size_t i, n;
	*confidence = 0;
	yyjson_arr_foreach(list_of(form, product), i, n, one)
		if (is_said(c, a, folded, one)) {
			*confidence = LIKELY;
			return arena_string(c->arena, yyjson_get_str(yyjson_obj_get(one, "code")));
		}
	return "";
}

void fault_write_choices(const struct form *form, const char *product, struct text *t)
{
	yyjson_val *one;
	size_t i, n, shown = 0;
	text_append(t, ",\"choices\":[");
	yyjson_arr_foreach(list_of(form, product), i, n, one) {
		yyjson_val *label = yyjson_obj_get(one, "label");
		if (!form_asks(one))
			continue;
		text_append(t, shown++ ? ",{\"value\":" : "{\"value\":");
		json_text(t, yyjson_get_str(yyjson_obj_get(one, "code")));
		text_append(t, ",\"label\":");
		json_label(t, yyjson_get_str(yyjson_obj_get(label, "zh")), yyjson_get_str(yyjson_obj_get(label, "en")));
		text_char(t, '}');
	}
	text_char(t, ']');
}

const char *fault_product(struct ctx *c, const struct form *form, const char *code)
{
	const char *found = NULL;
	yyjson_val *key, *list;
	size_t i, n, having = 0;
	yyjson_obj_foreach(form->symptoms, i, n, key, list)
		if (conversation_fault_is(form, yyjson_get_str(key), code) && ++having)
			found = yyjson_get_str(key);
	return having == 1 ? arena_string(c->arena, found) : NULL;
}

bool fault_may_be(const struct form *form, const char *product, const char *code)
{
	yyjson_val *key, *list;
	size_t i, n;
	if (!text_empty(product))
		return conversation_fault_is(form, product, code);
	yyjson_obj_foreach(form->symptoms, i, n, key, list)
		if (conversation_fault_is(form, yyjson_get_str(key), code))
			return true;
	return false;
}
