/* Slots that name something on file: a device or its product, a model, a serial number, a ticket. */
#include <string.h>

#include "domain/bot/bot_words.h"
#include "domain/bot/flow_slots.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"
#include "engine/clean/clean.h"
#include "gen/bot_sql.h"
#include "gen/portal_sql.h"
#include "gen/ticket_sql.h"

enum { DEVICES_OFFERED = 4 };

/* Devices and products ------------------------------------------------------------------------------------------------------- */

static int devices_of(struct flow_talk *t, struct device **rows, size_t *n)
{
	*n = 0;
	return t->known ? devices_of_customer(t->c, t->k->customer_id, rows, n) : 0;
}

/* By name, and by the end of the number that is printed on it. */
static int device_shown(struct flow_talk *t, const struct device *d, const char **out)
{
	const char *name;
	size_t n = strlen(d->serial);
	TRY(device_name(t->c, d, t->lang, &name));
	*out = arena_format(t->c->arena, t->lang == LANG_EN ? "%s (…%s)" : "%s（尾号%s）", name, d->serial + (n > 4 ? n - 4 : 0));
	return 0;
}

static bool names_product(struct flow_talk *t, const struct product *p)
{
	for (size_t i = 0; i < t->product_count; i++)
		if (text_equal(t->products[i], p->code))
			return true;
	return bot_hears(t->c->arena, t->folded, (const char *const[]){ p->name ? p->name : "", p->name_en ? p->name_en : "", NULL }, NULL);
}

static int device_value(struct flow_talk *t, const struct device *d, struct flow_value *v, enum filled *out)
{
	const char *shown;
	TRY(device_shown(t, d, &shown));
	*out = slot_filled(v, arena_format(t->c->arena, "device.%lld", (long long)d->id), shown);
	return 0;
}

/* Her own by its serial, by what was pressed, or the only one of the product that she names; else the product alone. */
int slot_fill_device(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out)
{
	struct device *rows = NULL;
	struct product *products;
	size_t n, count, named = 0;
	const struct product *product = NULL;
	TRY(devices_of(t, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == flow_id_behind(t->pressed, "device") || (!text_empty(t->slots->serial) && text_equal(t->slots->serial, rows[i].serial)))
			return device_value(t, &rows[i], v, out);
	TRY(products_all(t->c, &products, &count));
	for (size_t i = 0; i < count; i++)
		if (flow_id_behind(t->pressed, "product") ? products[i].id == flow_id_behind(t->pressed, "product") : names_product(t, &products[i])) {
			product = &products[i];
			named++;
		}
	if (named != 1) {
		*out = asked ? slot_wrong(t, named ? SAY("一次办理一台产品，请选其中一台。", "One product at a time, please.") : SAY("没有认出是哪种产品。", "I did not recognise the product.")) : FILL_NOTHING;
		return 0;
	}
	const struct device *one = NULL;
	size_t hers = 0;
	for (size_t i = 0; i < n; i++)
		if (rows[i].product_id == product->id) {
			one = &rows[i];
			hers++;
		}
	if (hers == 1 && !flow_id_behind(t->pressed, "product"))
		return device_value(t, one, v, out);
	*out = slot_filled(v, arena_format(t->c->arena, "product.%lld", (long long)product->id), product_name(product, t->lang));
	return 0;
}

int slot_offer_devices(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	struct device *rows = NULL;
	struct product *products;
	size_t n, count;
	TRY(devices_of(t, &rows, &n));
	for (size_t i = 0; i < n && i < DEVICES_OFFERED; i++) {
		const char *shown;
		TRY(device_shown(t, &rows[i], &shown));
		slot_offer(p, slot_same(shown), arena_format(t->c->arena, "device.%lld", (long long)rows[i].id));
	}
	TRY(products_all(t->c, &products, &count));
	for (size_t i = 0; i < count; i++) {
		const char *name = product_name(&products[i], t->lang);
		slot_offer(p, n ? (struct label){ arena_format(t->c->arena, "其他%s", products[i].name), arena_format(t->c->arena, "Another %s", name) } : slot_same(name),
		           arena_format(t->c->arena, "product.%lld", (long long)products[i].id));
	}
	return 0;
}

int slot_fill_model(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out)
{
	struct bot_models_row *rows;
	const char *text = text_fold(t->c->arena, t->text);     /* numbers, too */
	size_t n, longest = 0;
	TRY(bot_models(t->c, &rows, &n));
	*out = FILL_NOTHING;
	for (size_t i = 0; i < n; i++) {
		const char *code = text_fold(t->c->arena, rows[i].code);
		if (flow_id_behind(t->pressed, "model") == rows[i].id || (strlen(code) > longest && strstr(text, code))) {
			longest = strlen(code);
			*out = slot_filled(v, arena_format(t->c->arena, "%lld", (long long)rows[i].id), rows[i].code);
		}
	}
	if (*out == FILL_NOTHING && asked)
		*out = slot_wrong(t, SAY("没有找到这个型号，请对照机身铭牌再发一次。", "I do not know this model. Please look at the rating plate and write it again."));
	return 0;
}

/* Nobody's device is taken by her; of somebody else's nothing is told. */
int slot_fill_serial(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out)
{
	struct device *rows;
	size_t n;
	const char *serial = t->slots->serial, *model;
	*out = FILL_NOTHING;
	if (text_empty(serial) && (!asked || clean_serial(t->c->arena, t->text, &serial) != 0 || strlen(serial) < 5)) {
		*out = asked ? slot_wrong(t, SAY("这不像序列号。序列号由字母和数字组成，一般不少于 5 位。", "This does not look like a serial number: letters and digits, five or more.")) : FILL_NOTHING;
		return 0;
	}
	TRY(device_by_serial(t->c, serial, &rows, &n));
	if (n && rows[0].customer_id == t->k->customer_id) {
		*out = slot_wrong(t, SAY("这台产品已经登记在您名下，不用再登记。要登记别的产品，请发它的序列号。", "This one is on your file already. To register another, write its serial number."));
		return 0;
	}
	*out = slot_filled(v, serial, serial);
	if (n && !rows[0].customer_id) {
		struct model row;
		bool there;
		TRY(record_look(t->c, &model_record, rows[0].model_id, &row, &there));
		model = there ? row.code : "";
		flow_put(&t->state, (struct flow_value){ "model", arena_format(t->c->arena, "%lld", (long long)rows[0].model_id), model });
	}
	return 0;
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

int slot_fill_ticket(struct flow_talk *t, const struct flow_slot *s, bool asked, struct flow_value *v, enum filled *out)
{
	struct ticket *rows = NULL;
	const char *text = text_fold(t->c->arena, t->text);
	size_t n;
	TRY(open_tickets(t, &rows, &n));
	*out = asked ? slot_wrong(t, SAY("没有找到这张服务单，请从下面选一张。", "I did not find that ticket. Please choose one.")) : FILL_NOTHING;
	for (size_t i = 0; i < n; i++)
		if (n == 1 || rows[i].id == flow_id_behind(t->pressed, "ticket") || strstr(text, text_fold(t->c->arena, rows[i].no))) {
			*out = slot_filled(v, arena_format(t->c->arena, "%lld", (long long)rows[i].id), ticket_shown(t, &rows[i]));
			break;
		}
	return 0;
}

int slot_offer_tickets(struct flow_talk *t, const struct flow_slot *s, struct flow_prompt *p)
{
	struct ticket *rows = NULL;
	size_t n;
	TRY(open_tickets(t, &rows, &n));
	for (size_t i = 0; i < n; i++)
		slot_offer(p, slot_same(ticket_shown(t, &rows[i])), arena_format(t->c->arena, "ticket.%lld", (long long)rows[i].id));
	return 0;
}
