/* One slot, filled from what a message says: choices and words here, days and what is on file beside it. */
#include <ctype.h>
#include <string.h>

#include "core/condition/condition_fields.h"
#include "domain/bot/bot_words.h"
#include "domain/bot/flow_slots.h"
#include "engine/clean/clean.h"

enum { TEXT_MOST = 500, ADDRESS_LEAST = 5, ADDRESS_MOST = 120, ORDER_LEAST = 4, ORDER_MOST = 40 };

static const char *in(const struct flow_talk *t, struct label l)
{
	return label_text(&l, t->lang);
}

/* Choices ------------------------------------------------------------------------------------------------------------------- */

static bool says_choice(struct flow_talk *t, const struct flow_choice *o)
{
	if (bot_hears(t->c->arena, t->folded, (const char *const[]){ o->label.zh, o->label.en, NULL }, NULL))
		return true;
	return o->words && bot_hears(t->c->arena, t->folded, o->words, NULL);
}

static enum filled choice_in(struct flow_talk *t, const struct flow_choice *of, size_t n, bool asked, struct flow_value *v)
{
	const struct flow_choice *one = NULL;
	size_t said = 0;
	for (size_t i = 0; i < n; i++)
		if (!strncmp(t->pressed, "value.", 6) ? text_equal(t->pressed + 6, of[i].value) : says_choice(t, &of[i])) {
			one = &of[i];
			said++;
		}
	if (said == 1)
		return slot_filled(v, one->value, in(t, one->label));
	return asked ? slot_wrong(t, SAY("请从下面的选项里选一个。", "Please choose one of these.")) : FILL_NOTHING;
}

static enum filled fill_choice(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v)
{
	return choice_in(t, s->of, s->of_count, asked, v);
}

static enum filled fill_time(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v)
{
	size_t n;
	const struct flow_choice *times = flow_times(&n);
	struct when w = when_of(t->c->arena, t->text, t->today, WHEN_TO_COME);
	for (size_t i = 0; i < n; i++)
		if (w.time && text_equal(w.time, times[i].value))
			return slot_filled(v, times[i].value, in(t, times[i].label));
	return choice_in(t, times, n, asked, v);
}

static enum filled fill_flag(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v)
{
	static const char *const no[] = { "没", "不", "未", "否", "no", "not", "never", "isn't", "hasn't", "haven't", "wasn't", "n", NULL };
	static const char *const yes[] = { "是", "有", "了", "过", "对", "到", "嗯", "yes", "already", "y", NULL };
	if (!asked)
		return FILL_NOTHING;
	unsigned says = bot_says(t->c->arena, t->text);
	if (text_equal(t->pressed, "value.no") || (says & SAYS_NO) || bot_hears(t->c->arena, t->folded, no, NULL))
		return slot_filled(v, "false", in(t, SAY("否", "No")));
	if (text_equal(t->pressed, "value.yes") || (says & SAYS_YES) || bot_hears(t->c->arena, t->folded, yes, NULL))
		return slot_filled(v, "true", in(t, SAY("是", "Yes")));
	return slot_wrong(t, SAY("请回答“是”或“否”。", "Please answer yes or no."));
}

/* Words --------------------------------------------------------------------------------------------------------------------- */

static enum filled words_in(struct flow_talk *t, const char *text, size_t least, size_t most, bool asked, struct flow_value *v)
{
	size_t n = utf8_count(text);
	if (!asked)
		return FILL_NOTHING;
	if (n < least || n > most)
		return slot_wrong(t, n < least ? SAY("能再说详细一点吗？", "Could you say a little more?") : SAY("太长了，请简短一些。", "That is too long, please make it shorter."));
	return slot_filled(v, text, text);
}

static enum filled fill_text(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v)
{
	return words_in(t, t->text, (size_t)s->least, TEXT_MOST, asked, v);
}

/* "地址是…" by itself says what it is. */
static enum filled fill_address(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v)
{
	static const char *const leads[] = { "地址是", "地址：", "地址:", "住在", "address is ", "address: " };
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		const char *p = strstr(t->text, leads[i]);
		if (p)
			return words_in(t, p + strlen(leads[i]), ADDRESS_LEAST, ADDRESS_MOST, true, v);
	}
	return words_in(t, t->text, ADDRESS_LEAST, ADDRESS_MOST, asked, v);
}

static enum filled fill_phone(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v)
{
	struct clean_phone phone;
	const char *said = t->slots->phone;
	if (text_empty(said) && asked && clean_phone(t->c->arena, t->text, &phone) == 0)
		said = phone.value;
	if (text_empty(said))
		return asked ? slot_wrong(t, SAY("手机号不对，请核对后再发一次。", "This is no phone number. Please check it.")) : FILL_NOTHING;
	size_t n = strlen(said);
	return slot_filled(v, said, arena_format(t->c->arena, "…%s", said + (n > 4 ? n - 4 : 0)));
}

static enum filled fill_order(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v)
{
	const char *order = t->slots->order;
	if (text_empty(order) && asked) {
		order = t->text;
		for (const char *p = order; *p; p++)
			if (!isalnum((unsigned char)*p) && *p != '-' && *p != ' ')
				return slot_wrong(t, SAY("订单号由字母和数字组成，请核对。", "An order number is made of letters and digits. Please check it."));
		if (strlen(order) < ORDER_LEAST || strlen(order) > ORDER_MOST)
			return slot_wrong(t, SAY("订单号不对，请核对后再发一次。", "This is no order number. Please check it."));
	}
	return text_empty(order) ? FILL_NOTHING : slot_filled(v, order, order);
}

/* Where a tree fits what is wrong. */
static enum filled fill_tree(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v)
{
	return asked ? slot_filled(v, t->tree && text_equal(t->pressed, "tree") ? "yes" : "no", "") : FILL_NOTHING;
}

/* What can be pressed ------------------------------------------------------------------------------------------------------- */

static int offer_all(struct flow_talk *t, const struct flow_choice *of, size_t n, struct flow_prompt *p)
{
	for (size_t i = 0; i < n; i++)
		slot_offer(p, of[i].label, arena_format(t->c->arena, "value.%s", of[i].value));
	return 0;
}

static int offer_choices(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	return offer_all(t, s->of, s->of_count, p);
}

static int offer_times(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	size_t n;
	const struct flow_choice *times = flow_times(&n);
	return offer_all(t, times, n, p);
}

static int offer_flag(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	static const struct flow_choice flags[] = { { "yes", NULL, L("是", "Yes"), NULL }, { "no", NULL, L("否", "No"), NULL } };
	return offer_all(t, flags, 2, p);
}

static int offer_tree(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	slot_offer(p, SAY("一步步排查", "Check step by step"), "tree");
	slot_offer(p, SAY("直接报修", "File it now"), "straight");
	return 0;
}

/* The doors ----------------------------------------------------------------------------------------------------------------- */

static const struct {
	enum filled (*reads)(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v);         /* the message alone; or … */
	int (*looks_up)(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out);    /* … what is stored, too */
	int (*offers)(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p);
} kinds[SLOT_KINDS] = {
	[SLOT_DEVICE] = { .looks_up = slot_fill_device, .offers = slot_offer_devices },
	[SLOT_MODEL] = { .looks_up = slot_fill_model },
	[SLOT_SERIAL] = { .looks_up = slot_fill_serial },
	[SLOT_TICKET] = { .looks_up = slot_fill_ticket, .offers = slot_offer_tickets },
	[SLOT_DAY] = { .looks_up = slot_fill_day, .offers = slot_offer_days },
	[SLOT_TIME] = { .reads = fill_time, .offers = offer_times },
	[SLOT_CHOICE] = { .reads = fill_choice, .offers = offer_choices },
	[SLOT_FLAG] = { .reads = fill_flag, .offers = offer_flag },
	[SLOT_TREE] = { .reads = fill_tree, .offers = offer_tree },
	[SLOT_TEXT] = { .reads = fill_text },
	[SLOT_ADDRESS] = { .reads = fill_address },
	[SLOT_PHONE] = { .reads = fill_phone },
	[SLOT_ORDER] = { .reads = fill_order },
};

static bool skips(struct flow_talk *t)
{
	static const char *const words[] = { "跳过", "没有", "没", "不填", "不用", "不记得", "不记得了", "不知道", "不想说", "忘了", "无", "skip", "none", "no", "idontknow", "skipthis", NULL };
	return text_equal(t->pressed, "skip") || bot_is_one_of(t->folded, words);
}

int flow_fill(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out)
{
	*v = (struct flow_value){ s->name, "", "" };
	*out = FILLED;
	if (asked && s->optional && skips(t))
		return 0;
	if (kinds[s->kind].looks_up)
		return kinds[s->kind].looks_up(t, s, asked, v, out);
	*out = kinds[s->kind].reads(t, s, asked, v);
	return 0;
}

int flow_offers(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	if (kinds[s->kind].offers)
		TRY(kinds[s->kind].offers(t, s, p));
	if (s->optional)
		flow_offer(p, SAY("跳过", "Skip"), "skip");
	return 0;
}
