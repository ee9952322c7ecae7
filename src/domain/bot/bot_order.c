/* Her orders: the number by which a device was bought, when and where, its warranty and what is open about it. Only devices of her own are looked at, so of an order
 * that is somebody else's nothing can be told, nor that there is one. */
#include <string.h>

#include "core/services.h"
#include "domain/bot/bot.h"
#include "domain/bot/bot_words.h"
#include "gen/portal_sql.h"

enum { ORDERS_TOLD = 5, WORDS_FEW = 24 };

static bool same_number(const char *a, const char *b)
{
	while (*a && *b) {
		if (*a == '-')
			a++;
		else if (*b == '-')
			b++;
		else if (*a++ != *b++)
			return false;
	}
	a += strspn(a, "-");
	b += strspn(b, "-");
	return !*a && !*b;
}

static bool speaks_of_orders(const struct bot_scene *s)
{
	static const char *const words[] = { "订单", "订购", "单号", "order", "ordered", NULL };
	return bot_hears(s->flow.c->arena, bot_fold(s->flow.c->arena, s->text), words, NULL) || (s->told && text_equal(s->told->act, "order"));
}

/* What is asked about the order: said in a few words beside its number, or understood so. Named in passing, in a long message about something else, it is none. */
static bool asks_of_order(const struct bot_scene *s, const char *no)
{
	const struct bot_heard *h = s->heard;
	const struct article_entry *e = h && h->decision && h->decision->kind != CLASSIFY_UNKNOWN ? h->article : NULL;
	return utf8_count(s->text) <= utf8_count(no) + WORDS_FEW || (e && (text_equal(e->act, "order") || text_equal(e->topic, "order")));
}

/* A number of another kind: SR… is a ticket's, and devices have theirs. */
static bool is_other(const char *no, const struct device *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same_number(rows[i].serial, no))
			return true;
	return !strncmp(no, "SR", 2);
}

/* One that is hers is meant wherever it stands; another one where it is asked for. */
int bot_order_named(struct ctx *c, const struct bot_scene *s, const char **out)
{
	const struct slots *named = &s->understood.slots;
	const char *no = !text_empty(named->order) ? named->order : named->serial;
	struct device *rows;
	size_t n;
	*out = NULL;
	if (!s->flow.known || s->flow.state.flow || text_empty(no))
		return 0;
	TRY(devices_of_customer(c, s->k->customer_id, &rows, &n));
	if (is_other(no, rows, n))
		return 0;
	for (size_t i = 0; i < n && !*out; i++)
		*out = !text_empty(rows[i].order_no) && same_number(rows[i].order_no, no) ? no : NULL;
	if (!*out && speaks_of_orders(s) && asks_of_order(s, no))
		*out = no;
	return 0;
}

/* "订单 …：冰箱 BCD-468WP，2026-03-08 购于旗舰店，在保，保修到 2029-03-08", and her open tickets about it. */
static int tell(struct ctx *c, const struct bot_scene *s, const struct device *d, struct text *t)
{
	const char *name;
	bool zh = s->lang == LANG_ZH, where = !text_empty(d->purchase_channel);
	TRY(device_name(c, d, s->lang, &name));
	text_format(t, zh ? "%s订单 %s：%s" : "%sOrder %s: %s", t->n ? "\n" : "", d->order_no, name);
	if (d->purchased_on)
		text_format(t, zh ? "，%s 购买" : ", bought on %s", bot_day_text(c, d->purchased_on));
	if (where)
		text_format(t, zh ? "，购买渠道：%s" : ", bought at: %s", d->purchase_channel);
	text_append(t, zh ? "，" : ", ");
	bot_warranty_told(c, s, d, t);
	return bot_tickets_told(c, s, d->id, t);
}

int bot_order_text(struct ctx *c, const struct bot_scene *s, const char **out, bool *found)
{
	struct text t = text_in(c->arena);
	struct device *rows;
	size_t n, told = 0;
	const char *no;
	bool zh = s->lang == LANG_ZH;
	*found = false;
	if (!s->flow.known) {
		*out = zh ? "还没有确认您是谁，我查不到您的订单和物流。下面是一般的办法；要查具体订单，请转人工客服。" : "I do not know yet who you are and cannot look up orders or deliveries. This is how it goes in general; a person can look up yours.";
		return 0;
	}
	no = s->heard->order;
	TRY(devices_of_customer(c, s->k->customer_id, &rows, &n));
	for (size_t i = 0; i < n && told < ORDERS_TOLD; i++)
		if (!text_empty(rows[i].order_no) && (!no || same_number(rows[i].order_no, no))) {
			TRY(tell(c, s, &rows[i], &t));
			told++;
		}
	*found = told > 0;
	if (*found)
		text_append(&t, zh ? "\n物流进度我这里查不到，需要时请转人工客服。" : "\nI cannot see where a delivery is; a person can.");
	else if (no)
		text_format(&t, zh ? "在您名下没有查到订单 %s。请核对订单号，或者转人工客服查询。" : "There is no order %s on your file. Please check the number, or ask for a person.", no);
	else
		text_append(&t, zh ? "在您名下没有查到登记了订单号的产品，查不到您的订单和物流。要查具体订单，请转人工客服。" : "No product on your file has an order number, so I cannot look up your order or its delivery. A person can.");
	*out = text_end(&t);
	return 0;
}
