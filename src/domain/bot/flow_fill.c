/* One slot, filled from what a message says. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock/clock_set.h"
#include "core/condition/condition_fields.h"
#include "core/services.h"
#include "domain/bot/bot_words.h"
#include "domain/bot/flow.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"
#include "engine/clean/clean.h"
#include "gen/bot_sql.h"
#include "gen/portal_sql.h"
#include "gen/ticket_sql.h"

enum { DAYS_AHEAD = 90, DAYS_BACK = 3650, DAYS_OFFERED = 4, DEVICES_OFFERED = 4, TEXT_MOST = 500, ADDRESS_LEAST = 5, ADDRESS_MOST = 120, ORDER_LEAST = 4, ORDER_MOST = 40 };
#define SAY(zh_text, en_text) ((struct label)L(zh_text, en_text))

static struct label same(const char *text)
{
	return (struct label){ text, text };
}

static enum filled wrong(struct flow_talk *t, struct label why)
{
	t->why = why;
	return FILL_WRONG;
}

static enum filled filled(struct flow_value *v, const char *value, const char *shown)
{
	v->value = value;
	v->shown = shown;
	return FILLED;
}

static const char *in(const struct flow_talk *t, struct label l)
{
	return label_text(&l, t->lang);
}

/* "device.12" behind its kind: 12; 0: it is none of that kind. */
static int64_t pressed_id(const char *code, const char *kind)
{
	size_t n = strlen(kind);
	return !strncmp(code, kind, n) && code[n] == '.' ? strtoll(code + n + 1, NULL, 10) : 0;
}

/* Devices and products ------------------------------------------------------------------------------------------------------- */

static int devices_of(struct flow_talk *t, struct device **rows, size_t *n)
{
	*n = 0;
	return t->known ? devices_of_customer(t->c, t->k->customer_id, rows, n) : 0;
}

static int device_shown(struct flow_talk *t, const struct device *d, const char **out)
{
	struct product product = { .name = "" };
	struct model model = { .code = "" };
	bool there;
	TRY(record_look(t->c, &product_record, d->product_id, &product, &there));
	TRY(record_look(t->c, &model_record, d->model_id, &model, &there));
	size_t n = strlen(d->serial);
	const char *name = t->lang == LANG_EN && !text_empty(product.name_en) ? product.name_en : product.name;
	*out = arena_format(t->c->arena, t->lang == LANG_EN ? "%s %s (…%s)" : "%s %s（尾号%s）", name, model.code, d->serial + (n > 4 ? n - 4 : 0));
	return 0;
}

static const char *product_shown(const struct flow_talk *t, const struct product *p)
{
	return t->lang == LANG_EN && !text_empty(p->name_en) ? p->name_en : p->name;
}

static bool names_product(struct flow_talk *t, const struct product *p)
{
	for (size_t i = 0; i < t->product_count; i++)
		if (text_equal(t->products[i], p->code))
			return true;
	return (!text_empty(p->name) && strstr(t->folded, bot_fold(t->c->arena, p->name))) || (!text_empty(p->name_en) && strstr(t->folded, bot_fold(t->c->arena, p->name_en)));
}

static int device_value(struct flow_talk *t, const struct device *d, struct flow_value *v, enum filled *out)
{
	const char *shown;
	TRY(device_shown(t, d, &shown));
	*out = filled(v, arena_format(t->c->arena, "device.%lld", (long long)d->id), shown);
	return 0;
}

/* Her own by its serial, by what was pressed, or the only one of the product that she names; else the product alone. */
static int fill_device(struct flow_talk *t, bool asked, struct flow_value *v, enum filled *out)
{
	struct device *rows = NULL;
	struct product *products;
	size_t n, count, named = 0;
	const struct product *product = NULL;
	TRY(devices_of(t, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == pressed_id(t->pressed, "device") || (!text_empty(t->slots->serial) && text_equal(t->slots->serial, rows[i].serial)))
			return device_value(t, &rows[i], v, out);
	TRY(products_all(t->c, &products, &count));
	for (size_t i = 0; i < count; i++)
		if (pressed_id(t->pressed, "product") ? products[i].id == pressed_id(t->pressed, "product") : names_product(t, &products[i])) {
			product = &products[i];
			named++;
		}
	if (named != 1) {
		*out = asked ? wrong(t, named ? SAY("一次办理一台产品，请选其中一台。", "One product at a time, please.") : SAY("没有认出是哪种产品。", "I did not recognise the product.")) : FILL_NOTHING;
		return 0;
	}
	const struct device *one = NULL;
	size_t hers = 0;
	for (size_t i = 0; i < n; i++)
		if (rows[i].product_id == product->id) {
			one = &rows[i];
			hers++;
		}
	if (hers == 1 && !pressed_id(t->pressed, "product"))
		return device_value(t, one, v, out);
	*out = filled(v, arena_format(t->c->arena, "product.%lld", (long long)product->id), product_shown(t, product));
	return 0;
}

static int offer_devices(struct flow_talk *t, struct flow_prompt *p)
{
	struct device *rows = NULL;
	struct product *products;
	size_t n, count;
	TRY(devices_of(t, &rows, &n));
	for (size_t i = 0; i < n && i < DEVICES_OFFERED && p->n < FLOW_OFFERS_MOST; i++) {
		const char *shown;
		TRY(device_shown(t, &rows[i], &shown));
		p->say[p->n] = same(shown);
		p->code[p->n++] = arena_format(t->c->arena, "device.%lld", (long long)rows[i].id);
	}
	TRY(products_all(t->c, &products, &count));
	for (size_t i = 0; i < count && p->n < FLOW_OFFERS_MOST - 1; i++) {
		p->say[p->n] = n ? (struct label){ arena_format(t->c->arena, "其他%s", products[i].name), arena_format(t->c->arena, "Another %s", product_shown(t, &products[i])) } : same(product_shown(t, &products[i]));
		p->code[p->n++] = arena_format(t->c->arena, "product.%lld", (long long)products[i].id);
	}
	return 0;
}

static int fill_model(struct flow_talk *t, bool asked, struct flow_value *v, enum filled *out)
{
	struct bot_models_row *rows;
	const char *text = text_fold(t->c->arena, t->text);     /* numbers, too */
	size_t n, longest = 0;
	TRY(bot_models(t->c, &rows, &n));
	*out = FILL_NOTHING;
	for (size_t i = 0; i < n; i++) {
		const char *code = text_fold(t->c->arena, rows[i].code);
		if (pressed_id(t->pressed, "model") == rows[i].id || (strlen(code) > longest && strstr(text, code))) {
			longest = strlen(code);
			*out = filled(v, arena_format(t->c->arena, "%lld", (long long)rows[i].id), rows[i].code);
		}
	}
	if (*out == FILL_NOTHING && asked)
		*out = wrong(t, SAY("没有找到这个型号，请对照机身铭牌再发一次。", "I do not know this model. Please look at the rating plate and write it again."));
	return 0;
}

/* Nobody's device is taken by her; of somebody else's nothing is told. */
static int fill_serial(struct flow_talk *t, bool asked, struct flow_value *v, enum filled *out)
{
	struct device *rows;
	size_t n;
	const char *serial = t->slots->serial, *model;
	*out = FILL_NOTHING;
	if (text_empty(serial) && (!asked || clean_serial(t->c->arena, t->text, &serial) != 0 || strlen(serial) < 5)) {
		*out = asked ? wrong(t, SAY("这不像序列号。序列号由字母和数字组成，一般不少于 5 位。", "This does not look like a serial number: letters and digits, five or more.")) : FILL_NOTHING;
		return 0;
	}
	TRY(device_by_serial(t->c, serial, &rows, &n));
	if (n && rows[0].customer_id == t->k->customer_id) {
		*out = wrong(t, SAY("这台产品已经登记在您名下，不用再登记。要登记别的产品，请发它的序列号。", "This one is on your file already. To register another, write its serial number."));
		return 0;
	}
	*out = filled(v, serial, serial);
	if (n && !rows[0].customer_id) {
		struct model row;
		bool there;
		TRY(record_look(t->c, &model_record, rows[0].model_id, &row, &there));
		model = there ? row.code : "";
		flow_put(&t->state, (struct flow_value){ "model", arena_format(t->c->arena, "%lld", (long long)rows[0].model_id), model });
	}
	return 0;
}

/* Days ---------------------------------------------------------------------------------------------------------------------- */

static const char *day_shown(const struct flow_talk *t, int64_t day)
{
	static const char *const zh[] = { "周一", "周二", "周三", "周四", "周五", "周六", "周日" };
	static const char *const en[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	char out[16];
	int y, m, d, week = calendar_weekday(day);
	day_split(day, &y, &m, &d);
	day_format(day, out);
	return t->lang == LANG_EN ? arena_format(t->c->arena, "%s %s", en[week], out) : arena_format(t->c->arena, "%d月%d日（%s）", m, d, zh[week]);
}

/* The first days from `from` on that are open, as many as there is room for: by the calendar of the first policy for tickets that has one. */
static int open_days(struct flow_talk *t, int64_t from, size_t most, int64_t *days, size_t *n)
{
	CLOCK_SET set = NULL;
	const struct zone *zone;
	const struct calendar *calendar = NULL;
	*n = 0;
	TRY(company_zone(t->c, t->c->arena, &zone));
	TRY(clock_set_take(t->c, &set));
	for (size_t i = 0; i < set->policy_count && !calendar; i++)
		if (text_equal(set->policies[i].row->object, "ticket") && set->policies[i].row->calendar_id)
			calendar = set->policies[i].calendar;
	for (int64_t day = from; day <= from + DAYS_AHEAD && *n < most; day++) {
		time_ms begins = zone_instant(zone, day * DAY_MS), ends = zone_instant(zone, (day + 1) * DAY_MS);
		if (ends > t->c->now && (!calendar || calendar_between(calendar, begins > t->c->now ? begins : t->c->now, ends, NULL) > 0))
			days[(*n)++] = day;
	}
	return 0;
}

static int fill_day_to_come(struct flow_talk *t, const struct when *w, struct flow_value *v, enum filled *out)
{
	int64_t open = 0;
	size_t n;
	t->meant = true;
	if (w->day < t->today || w->day > t->today + DAYS_AHEAD) {
		*out = wrong(t, w->day < t->today ? SAY("这一天已经过去了。", "That day has passed.") : SAY("最多可以预约 90 天以内。", "At most 90 days ahead."));
		return 0;
	}
	TRY(open_days(t, w->day, 1, &open, &n));
	if (n && open == w->day) {
		char day[16];
		day_format(w->day, day);
		*out = filled(v, arena_string(t->c->arena, day), day_shown(t, w->day));
		return 0;
	}
	*out = wrong(t, n ? (struct label){ arena_format(t->c->arena, "%s不提供服务，最近可以约%s。", day_shown(t, w->day), day_shown(t, open)), arena_format(t->c->arena, "There is no service on %s; the next possible day is %s.", day_shown(t, w->day), day_shown(t, open)) }
	                : SAY("这段时间都不提供服务。", "There is no service in that time."));
	return 0;
}

static int fill_day(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out)
{
	struct when w = when_of(t->c->arena, !strncmp(t->pressed, "day.", 4) ? t->pressed + 4 : t->text, t->today, s->past ? WHEN_PAST : WHEN_TO_COME);
	char day[16];
	t->meant = w.impossible;
	if (!w.has_day) {
		*out = w.impossible ? wrong(t, SAY("没有这一天，请再看一下日期。", "There is no such day. Please check the date."))
		                    : asked ? wrong(t, SAY("没有看出是哪一天。", "I did not recognise a day.")) : FILL_NOTHING;
		return 0;
	}
	if (!s->past)
		return fill_day_to_come(t, &w, v, out);
	if (w.day > t->today || w.day < t->today - DAYS_BACK) {
		*out = asked ? wrong(t, SAY("这一天还没有到。", "That day is still to come.")) : FILL_NOTHING;
		return 0;
	}
	day_format(w.day, day);
	*out = filled(v, arena_string(t->c->arena, day), day_shown(t, w.day));
	return 0;
}

static int offer_days(struct flow_talk *t, struct flow_prompt *p)
{
	int64_t days[DAYS_OFFERED];
	size_t n;
	TRY(open_days(t, t->today + 1, DAYS_OFFERED, days, &n));
	for (size_t i = 0; i < n; i++) {
		char day[16];
		day_format(days[i], day);
		p->say[p->n] = same(day_shown(t, days[i]));
		p->code[p->n++] = arena_format(t->c->arena, "day.%s", day);
	}
	return 0;
}

/* Choices ------------------------------------------------------------------------------------------------------------------- */

static bool says_choice(struct flow_talk *t, const struct flow_choice *o)
{
	if (bot_hears(t->c->arena, t->folded, (const char *const[]){ o->label.zh, o->label.en, NULL }, NULL))
		return true;
	return o->words && bot_hears(t->c->arena, t->folded, o->words, NULL);
}

static enum filled fill_choice(struct flow_talk *t, const struct flow_choice *of, size_t n, bool asked, struct flow_value *v)
{
	const struct flow_choice *one = NULL;
	size_t said = 0;
	for (size_t i = 0; i < n; i++)
		if (!strncmp(t->pressed, "value.", 6) ? text_equal(t->pressed + 6, of[i].value) : says_choice(t, &of[i])) {
			one = &of[i];
			said++;
		}
	if (said == 1)
		return filled(v, one->value, in(t, one->label));
	return asked ? wrong(t, SAY("请从下面的选项里选一个。", "Please choose one of these.")) : FILL_NOTHING;
}

static enum filled fill_time(struct flow_talk *t, bool asked, struct flow_value *v)
{
	size_t n;
	const struct flow_choice *times = flow_times(&n);
	struct when w = when_of(t->c->arena, t->text, t->today, WHEN_TO_COME);
	for (size_t i = 0; i < n; i++)
		if (w.time && text_equal(w.time, times[i].value))
			return filled(v, times[i].value, in(t, times[i].label));
	return fill_choice(t, times, n, asked, v);
}

/* Whether one of the words stands in an English text by itself: "no" is not in "I know". */
static bool has_word(struct flow_talk *t, const char *const *words)
{
	const char *text = text_fold(t->c->arena, t->text);
	for (const char *const *w = words; *w; w++)
		for (const char *p = text; (p = strstr(p, *w)); p++)
			if ((p == text || !isalnum((unsigned char)p[-1])) && !isalnum((unsigned char)p[strlen(*w)]))
				return true;
	return false;
}

static enum filled fill_flag(struct flow_talk *t, bool asked, struct flow_value *v)
{
	static const char *const no[] = { "没", "不", "未", "否", NULL }, *const yes[] = { "是", "有", "了", "过", "对", "到", "嗯", NULL };
	static const char *const no_en[] = { "no", "not", "never", "isn't", "hasn't", "haven't", "wasn't", "n", NULL }, *const yes_en[] = { "yes", "already", "y", NULL };
	unsigned says = bot_says(t->c->arena, t->text);
	if (!asked)
		return FILL_NOTHING;
	if (text_equal(t->pressed, "value.no") || (says & SAYS_NO) || bot_hears(t->c->arena, t->folded, no, NULL) || has_word(t, no_en))
		return filled(v, "false", in(t, SAY("否", "No")));
	if (text_equal(t->pressed, "value.yes") || (says & SAYS_YES) || bot_hears(t->c->arena, t->folded, yes, NULL) || has_word(t, yes_en))
		return filled(v, "true", in(t, SAY("是", "Yes")));
	return wrong(t, SAY("请回答“是”或“否”。", "Please answer yes or no."));
}

static void offer_choices(struct flow_prompt *p, struct arena *a, const struct flow_choice *of, size_t n)
{
	for (size_t i = 0; i < n && p->n < FLOW_OFFERS_MOST - 1; i++) {
		p->say[p->n] = of[i].label;
		p->code[p->n++] = arena_format(a, "value.%s", of[i].value);
	}
}

/* Words --------------------------------------------------------------------------------------------------------------------- */

static enum filled fill_text(struct flow_talk *t, const char *text, size_t least, size_t most, bool asked, struct flow_value *v)
{
	size_t n = utf8_count(text);
	if (!asked)
		return FILL_NOTHING;
	if (n < least || n > most)
		return wrong(t, n < least ? SAY("能再说详细一点吗？", "Could you say a little more?") : SAY("太长了，请简短一些。", "That is too long, please make it shorter."));
	return filled(v, text, text);
}

/* "地址是…" by itself says what it is. */
static enum filled fill_address(struct flow_talk *t, bool asked, struct flow_value *v)
{
	static const char *const leads[] = { "地址是", "地址：", "地址:", "住在", "address is ", "address: " };
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		const char *p = strstr(t->text, leads[i]);
		if (p)
			return fill_text(t, p + strlen(leads[i]), ADDRESS_LEAST, ADDRESS_MOST, true, v);
	}
	return fill_text(t, t->text, ADDRESS_LEAST, ADDRESS_MOST, asked, v);
}

static enum filled fill_phone(struct flow_talk *t, bool asked, struct flow_value *v)
{
	struct clean_phone phone;
	const char *said = t->slots->phone;
	if (text_empty(said) && asked && clean_phone(t->c->arena, t->text, &phone) == 0)
		said = phone.value;
	if (text_empty(said))
		return asked ? wrong(t, SAY("手机号不对，请核对后再发一次。", "This is no phone number. Please check it.")) : FILL_NOTHING;
	size_t n = strlen(said);
	return filled(v, said, arena_format(t->c->arena, "…%s", said + (n > 4 ? n - 4 : 0)));
}

static enum filled fill_order(struct flow_talk *t, bool asked, struct flow_value *v)
{
	const char *order = t->slots->order;
	if (text_empty(order) && asked) {
		order = t->text;
		for (const char *p = order; *p; p++)
			if (!isalnum((unsigned char)*p) && *p != '-' && *p != ' ')
				return wrong(t, SAY("订单号由字母和数字组成，请核对。", "An order number is made of letters and digits. Please check it."));
		if (strlen(order) < ORDER_LEAST || strlen(order) > ORDER_MOST)
			return wrong(t, SAY("订单号不对，请核对后再发一次。", "This is no order number. Please check it."));
	}
	return text_empty(order) ? FILL_NOTHING : filled(v, order, order);
}

/* Tickets ------------------------------------------------------------------------------------------------------------------- */

static int open_tickets(struct flow_talk *t, struct ticket **out, size_t *n)
{
	size_t kept = 0;
	*n = 0;
	if (!t->known)
		return 0;
	TRY(tickets_of_customer(t->c, t->k->customer_id, out, n));
	for (size_t i = 0; i < *n; i++)
		if (ticket_is_open(&(*out)[i]) && !text_equal((*out)[i].state, "resolved"))
			(*out)[kept++] = (*out)[i];
	*n = kept;
	return 0;
}

static const char *ticket_shown(struct flow_talk *t, const struct ticket *k)
{
	return arena_format(t->c->arena, "%s %s", k->no, k->title);
}

static int fill_ticket(struct flow_talk *t, bool asked, struct flow_value *v, enum filled *out)
{
	struct ticket *rows = NULL;
	const char *text = text_fold(t->c->arena, t->text);
	size_t n;
	TRY(open_tickets(t, &rows, &n));
	*out = asked ? wrong(t, SAY("没有找到这张服务单，请从下面选一张。", "I did not find that ticket. Please choose one.")) : FILL_NOTHING;
	for (size_t i = 0; i < n; i++)
		if (n == 1 || rows[i].id == pressed_id(t->pressed, "ticket") || strstr(text, text_fold(t->c->arena, rows[i].no))) {
			*out = filled(v, arena_format(t->c->arena, "%lld", (long long)rows[i].id), ticket_shown(t, &rows[i]));
			break;
		}
	return 0;
}

static int offer_tickets(struct flow_talk *t, struct flow_prompt *p)
{
	struct ticket *rows = NULL;
	size_t n;
	TRY(open_tickets(t, &rows, &n));
	for (size_t i = 0; i < n && p->n < FLOW_OFFERS_MOST - 1; i++) {
		p->say[p->n] = same(ticket_shown(t, &rows[i]));
		p->code[p->n++] = arena_format(t->c->arena, "ticket.%lld", (long long)rows[i].id);
	}
	return 0;
}

/* The doors ----------------------------------------------------------------------------------------------------------------- */

static bool skips(struct flow_talk *t)
{
	static const char *const words[] = { "跳过", "没有", "没", "不填", "不用", "不记得", "不记得了", "不知道", "不想说", "忘了", "无", "skip", "none", "no", "idontknow", "skipthis", NULL };
	if (text_equal(t->pressed, "skip"))
		return true;
	for (const char *const *w = words; *w; w++)
		if (!strcmp(t->folded, *w))
			return true;
	return false;
}

int flow_fill(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out)
{
	*v = (struct flow_value){ s->name, "", "" };
	*out = FILL_NOTHING;
	if (asked && s->optional && skips(t)) {
		*out = FILLED;
		return 0;
	}
	switch (s->kind) {
	case SLOT_DEVICE: return fill_device(t, asked, v, out);
	case SLOT_MODEL: return fill_model(t, asked, v, out);
	case SLOT_SERIAL: return fill_serial(t, asked, v, out);
	case SLOT_TICKET: return fill_ticket(t, asked, v, out);
	case SLOT_DAY: return fill_day(t, s, asked, v, out);
	case SLOT_TIME: *out = fill_time(t, asked, v); return 0;
	case SLOT_CHOICE: *out = fill_choice(t, s->of, s->of_count, asked, v); return 0;
	case SLOT_FLAG: *out = fill_flag(t, asked, v); return 0;
	case SLOT_TEXT: *out = fill_text(t, t->text, (size_t)s->least, TEXT_MOST, asked, v); return 0;
	case SLOT_ADDRESS: *out = fill_address(t, asked, v); return 0;
	case SLOT_PHONE: *out = fill_phone(t, asked, v); return 0;
	case SLOT_ORDER: *out = fill_order(t, asked, v); return 0;
	case SLOT_TREE:
		*out = !asked ? FILL_NOTHING : filled(v, t->tree && text_equal(t->pressed, "tree") ? "yes" : "no", "");
		return 0;
	default: return 0;
	}
}

int flow_offers(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	static const struct flow_choice flags[] = { { "yes", NULL, L("是", "Yes"), NULL }, { "no", NULL, L("否", "No"), NULL } };
	size_t n;
	switch (s->kind) {
	case SLOT_DEVICE: TRY(offer_devices(t, p)); break;
	case SLOT_DAY: TRY(s->past ? 0 : offer_days(t, p)); break;
	case SLOT_TIME: {
		const struct flow_choice *times = flow_times(&n);
		offer_choices(p, t->c->arena, times, n);
		break;
	}
	case SLOT_CHOICE: offer_choices(p, t->c->arena, s->of, s->of_count); break;
	case SLOT_FLAG: offer_choices(p, t->c->arena, flags, 2); break;
	case SLOT_TICKET: TRY(offer_tickets(t, p)); break;
	case SLOT_TREE:
		p->say[p->n] = SAY("一步步排查", "Check step by step");
		p->code[p->n++] = "tree";
		p->say[p->n] = SAY("直接报修", "File it now");
		p->code[p->n++] = "straight";
		break;
	default: break;
	}
	if (s->optional && p->n < FLOW_OFFERS_MOST) {
		p->say[p->n] = SAY("跳过", "Skip");
		p->code[p->n++] = "skip";
	}
	return 0;
}
