/* What was recognised of a conversation: scene, product, urgency, mood and language, and what an agent said instead. */
#include <string.h>

#include "base/json.h"
#include "core/form/form.h"
#include "core/services.h"
#include "domain/bot/assist.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"
#include "gen/bot_sql.h"
#include "gen/conversation_sql.h"
#include "gen/portal_sql.h"

/* Rules are surer than a first guess; of what only the words say, as much. */
enum { SURE = 95, LIKELY = 80, GUESSED = 50 };

static const struct choice languages[] = { { "zh", "中文", "Chinese" }, { "en", "英文", "English" }, { 0 } };
static const char *const names[] = { "scene", "product", "fault", "urgency", "emotion", "language" };

static int guess_product(struct ctx *c, const struct assist *a, const char **value, int64_t *confidence)
{
	*confidence = SURE;
	if (a->understood.product_count == 1) {
		*value = a->understood.products[0];
		return 0;
	}
	TRY(bot_product_of(c, &a->k, value));
	if (!*value && a->understands && a->decision.choice_count && a->decision.kind != CLASSIFY_UNKNOWN && !text_equal(a->decision.choices[0].product, "")) {
		*value = a->decision.choices[0].product;
		*confidence = (int64_t)(a->decision.confidence * 100);
	}
	*value = *value ? *value : "";
	return 0;
}

/* What was recognised under one name of a mark; "" of none. */
static int guess(struct ctx *c, const struct assist *a, const char *what, const char **value, int64_t *confidence)
{
	*value = "";
	*confidence = 0;
	if (text_equal(what, "product"))
		return guess_product(c, a, value, confidence);
	if (text_equal(what, "language")) {
		*value = a->lang == LANG_EN ? "en" : "zh";
		*confidence = SURE;
	} else if (text_equal(what, "emotion")) {
		*value = text_empty(a->k.emotion) ? "none" : a->k.emotion;
		*confidence = LIKELY;
	} else if (text_equal(what, "urgency")) {
		*value = grade_name(ticket_propose_grade(NULL, 0, "", "", a->text));
		*confidence = LIKELY;
	} else {
		const char *words;
		TRY(conversation_her_words(c, &a->k, &words));
		TRY(conversation_guess_scene(c, words, value));
		*confidence = GUESSED;
	}
	*value = *value ? *value : "";
	return 0;
}

static const struct choice *choices_of(const char *what)
{
	return text_equal(what, "scene") ? ticket_scenes : text_equal(what, "urgency") ? ticket_grades : text_equal(what, "emotion") ? conversation_moods : text_equal(what, "language") ? languages : NULL;
}

static bool may_be_fault(struct ctx *c, const struct conversation *k, const char *value)
{
	struct form form;
	const char *product;
	return form_of(c, &form) == 0 && bot_product_of(c, k, &product) == 0 && fault_may_be(&form, product, value);
}

bool assist_mark_may_be(struct ctx *c, const struct conversation *k, const char *what, const char *value)
{
	const struct choice *all = choices_of(what);
	if (text_equal(what, "fault"))
		return may_be_fault(c, k, value);
	if (text_equal(what, "answer"))
		return text_equal(value, "used") || text_equal(value, "unhelpful");
	if (all)
		return choice_find(all, value) != NULL;
	int64_t id = 0;
	return bot_product_coded(c, value, &id) == 0 && id;
}

static const char *corrected(const struct conversation_mark *rows, size_t n, const char *what)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(rows[i].what, what))
			return rows[i].value;
	return NULL;
}

static int write_choices(struct ctx *c, const char *what, const struct form *form, struct text *t)
{
	const struct choice *all = choices_of(what);
	struct product *rows = NULL;
	size_t n = 0, shown = 0;
	TRY(all ? 0 : products_all(c, &rows, &n));
	text_append(t, ",\"choices\":[");
	for (size_t i = 0; all ? all[i].value != NULL : i < n; i++) {
		if (text_equal(what, "scene") && !form_asks(form_scene(form, all[i].value)))
			continue;
		text_append(t, shown++ ? ",{\"value\":" : "{\"value\":");
		json_text(t, all ? all[i].value : rows[i].code);
		text_append(t, ",\"label\":");
		json_label(t, all ? all[i].zh : rows[i].name, all ? all[i].en : rows[i].name_en);
		text_char(t, '}');
	}
	text_char(t, ']');
	return 0;
}

/* One under its name. A fault is one of the product that is meant. */
static int write_mark(struct ctx *c, const struct assist *a, const struct form *form, const char *what, const char *said, const char **product, struct text *t)
{
	bool fault = text_equal(what, "fault");
	const char *value;
	int64_t confidence;
	if (fault && !fault_is_offered(form, *product))
		return 0;
	if (fault)
		value = fault_guess(c, form, *product, a, &confidence);
	else
		TRY(guess(c, a, what, &value, &confidence));
	said = fault && !fault_may_be(form, *product, said) ? NULL : said;
	if (text_equal(what, "product"))
		*product = said ? said : value;
	text_format(t, "%s{\"what\":\"%s\",\"confidence\":%lld,\"corrected\":%s,\"guess\":", t->p[t->n - 1] == '[' ? "" : ",", what, (long long)confidence, said ? "true" : "false");
	json_text(t, value);
	text_append(t, ",\"value\":");
	json_text(t, said ? said : value);
	if (fault)
		fault_write_choices(form, *product, t);
	else
		TRY(write_choices(c, what, form, t));
	text_char(t, '}');
	return 0;
}

int assist_write_marks(struct ctx *c, const struct assist *a, struct text *t)
{
	struct conversation_mark *rows;
	struct form form;
	const char *product = "";
	size_t n;
	TRY(form_of(c, &form));
	TRY(marks_of_conversation(c, a->k.id, &rows, &n));
	text_append(t, ",\"marks\":[");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		TRY(write_mark(c, a, &form, names[i], corrected(rows, n, names[i]), &product, t));
	text_char(t, ']');
	return 0;
}
