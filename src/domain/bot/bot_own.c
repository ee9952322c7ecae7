/* What the customer has herself: her devices and their warranty, her tickets and what was promised of them; and what a person who takes over
 * has to know of her. Later parts (visits, parts, invoices) add lines here. */
#include "core/services.h"
#include "domain/bot/bot.h"
#include "domain/bot/bot_words.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"
#include "gen/portal_sql.h"
#include "gen/ticket_sql.h"

enum { DEVICES_TOLD = 5, TICKETS_TOLD = 5 };

/* Nobody has shown yet that a visitor is the customer, whomever staff take her for: of hers nothing is told. */
int bot_knows_her(struct ctx *c, const struct conversation *k, bool *known)
{
	struct customer customer;
	struct identity name = { 0 };
	TRY(customer_row_get(c, k->customer_id, &customer));
	if (k->identity_id)
		TRY(identity_row_get(c, k->identity_id, &name));
	*known = !text_equal(customer.kind, "visitor") && (!k->identity_id || name.verified_at);
	return 0;
}

const char *bot_day_text(struct ctx *c, int64_t day)
{
	char out[16];
	day_format(day, out);
	return arena_string(c->arena, out);
}

/* "11-30 14:05" where the company is. */
static const char *moment_text(struct ctx *c, time_ms at, int zone_minutes)
{
	char out[32];
	time_format(at + zone_minutes * MINUTE_MS, out);
	return arena_format(c->arena, "%.5s %.5s", out + 5, out + 11);
}

void bot_warranty_told(struct ctx *c, const struct bot_scene *s, const struct device *d, struct text *t)
{
	bool zh = s->lang == LANG_ZH;
	int64_t until = d->warranty_until;
	if (!until)
		text_append(t, zh ? "没有购买日期，补充购买凭证后可以查到保修期" : "date of purchase unknown: with a proof of purchase the warranty can be told");
	else if (until >= s->flow.today)
		text_format(t, zh ? "在保，保修到 %s" : "under warranty until %s", bot_day_text(c, until));
	else
		text_format(t, zh ? "保修已于 %s 到期" : "warranty ended %s", bot_day_text(c, until));
}

static int warranty(struct ctx *c, const struct bot_scene *s, struct text *t)
{
	struct device *rows;
	size_t n;
	TRY(devices_of_customer(c, s->k->customer_id, &rows, &n));
	for (size_t i = 0; i < n && i < DEVICES_TOLD; i++) {
		const char *name;
		TRY(device_name(c, &rows[i], s->lang, &name));
		text_format(t, "%s%s: ", t->n ? "\n" : "", name);
		bot_warranty_told(c, s, &rows[i], t);
	}
	return 0;
}

int bot_tickets_told(struct ctx *c, const struct bot_scene *s, int64_t device_id, struct text *t)
{
	struct ticket *rows;
	size_t n, told = 0;
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	TRY(tickets_of_customer(c, s->k->customer_id, &rows, &n));
	for (size_t i = 0; i < n && told < TICKETS_TOLD; i++) {
		const struct choice *state = choice_find(ticket_flow.states, rows[i].state);
		if (text_equal(rows[i].state, "closed") || text_equal(rows[i].state, "cancelled") || (device_id && rows[i].device_id != device_id))
			continue;
		told++;
		text_format(t, "%s%s · %s · %s", t->n ? "\n" : "", rows[i].no, rows[i].title, !state ? rows[i].state : s->lang == LANG_ZH ? state->zh : state->en);
		if (rows[i].next_due_at < FAR_FUTURE_MS)
			text_format(t, s->lang == LANG_ZH ? "，承诺 %s 前有进展" : ", next step promised by %s", moment_text(c, rows[i].next_due_at, (int)tenant.zone_minutes));
	}
	return 0;
}

int bot_own_text(struct ctx *c, const struct bot_scene *s, const char *act, const char **out)
{
	struct text t = text_in(c->arena);
	*out = NULL;
	if (!s->flow.known)
		return 0;
	if (text_equal(act, "warranty"))
		TRY(warranty(c, s, &t));
	if (text_equal(act, "progress"))
		TRY(bot_tickets_told(c, s, 0, &t));
	*out = t.n ? text_end(&t) : NULL;
	return 0;
}

/* For the person who takes over ------------------------------------------------------------------------------------------- */

static const struct choice reasons[] = {
	{ "HO-01", "多次未能理解", "Not understood several times" },
	{ "HO-02", "客户要求人工", "Asked for a person" },
	{ "HO-03", "涉及安全", "A topic of safety" },
	{ "HO-04", "可能有危险", "Possible danger" },
	{ "HO-05", "智能客服未及时回答", "The bot did not answer in time" },
	{ "HO-06", "客户情绪不满", "The customer is upset" },
	{ "HO-07", "客户要投诉", "Wants to complain" },
	{ "HO-08", "24 小时内多次来访且不满", "Several visits within 24 hours, dissatisfied" },
	{ "HO-09", "老年客户", "Elderly customer" },
	{ "HO-10", "未成年人", "A minor" },
	{ "HO-11", "知识库没有答案", "No answer in the knowledge base" },
	{ "HO-12", "少见的问题", "Seldom asked" },
	{ "HO-20", "涉及费用、退款或补偿", "About prices, refunds or compensation" },
	{ BOT_FLOW_HANDS_OVER, "申请需要人工完成", "A person has to finish what she began" },
	{ 0 },
};

/* What she has filled in of something that was not finished. */
static void write_filled(const struct flow_state *f, struct text *t)
{
	text_format(t, "\n正在办理：%s", f->flow->title.zh);
	for (size_t i = 0; i < f->n; i++) {
		const struct flow_slot *slot = flow_slot_named(f->flow, f->at[i].slot);
		if (slot && !text_empty(f->at[i].shown))
			text_format(t, "\n· %s：%s", slot->label.zh, f->at[i].shown);
	}
}

/* The reason of a hand-over as staff read it. */
static void write_why(struct text *t, const char *code)
{
	const struct choice *why = choice_find(reasons, code);
	text_format(t, "原因：%s（%s）", why ? why->zh : code, code);
}

const char *bot_note_of(struct arena *a, const char *why, const char *question)
{
	struct text t = text_in(a);
	write_why(&t, why);
	if (question)
		text_format(&t, "\n问题：%s", question);
	return text_end(&t);
}

const char *bot_note_of_flow(struct arena *a, const struct flow_state *f)
{
	struct text t = text_in(a);
	write_why(&t, BOT_FLOW_HANDS_OVER);
	write_filled(f, &t);
	return text_end(&t);
}

/* Why, and what she was about to do: stands before the facts that every hand-over tells. */
const char *bot_hand_over_note(struct arena *a, const struct bot_scene *s)
{
	struct text t = text_in(a);
	bool asks = s->told && bot_says_nothing_else(a, s->text);      /* for a person, about what she was told */
	write_why(&t, s->plan.why);
	text_format(&t, "\n身份：%s\n问题：%s", s->flow.known ? "已登记客户" : "访客，尚未验证身份", asks ? s->told->title.zh : s->text);
	if (!asks && s->heard->decision && s->heard->decision->choice_count && s->article)
		text_format(&t, "\n可能是：%s（%d%%）", s->article->title.zh, (int)(s->heard->decision->confidence * 100));
	if (s->flow.state.flow)
		write_filled(&s->flow.state, &t);
	text_format(&t, "\n历史：24 小时内第 %lld 次来访，本次智能客服连续未理解 %lld 次", (long long)s->heard->visits, (long long)s->heard->misses);
	return text_end(&t);
}
