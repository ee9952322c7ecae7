/* Which product a talk is about, once a person is asked for: queues and skills go by it. What she names herself goes first, then what a flow was told, then what was
 * answered; a talk that names several at once, or none, is about what her conversation was about before. */
#include <string.h>

#include "core/pii/pii.h"
#include "core/services.h"
#include "core/understand/understand.h"
#include "domain/bot/bot.h"
#include "domain/device/device.h"
#include "gen/conversation_sql.h"

/* The one product that a text names, by its words alone; NULL: none, or several. */
static const char *named_in(struct ctx *c, const char *text)
{
	struct understood u = { 0 };
	if (!c->services->understanding || text_empty(text))
		return NULL;
	understanding_read_words(c->services->understanding, c->arena, text, strlen(text), &u);
	return u.product_count == 1 ? u.products[0] : NULL;
}

/* The newest of her messages that names one. */
static int named_before(struct ctx *c, const struct bot_scene *s, const char **code)
{
	struct message *rows;
	struct pii_field opened[BOT_LOOKED_BACK];
	size_t n;
	TRY(bot_her_messages(c, s, 0, &rows, opened, &n));
	for (size_t i = 0; i < n && !*code; i++)
		*code = named_in(c, opened[i].text);
	return 0;
}

/* Of a slot that was filled with a product or with a device of hers. */
static int in_flow(struct ctx *c, const struct flow_state *f, int64_t *id)
{
	for (size_t i = 0; f->flow && i < f->n && !*id; i++) {
		struct device d;
		bool there = false;
		int64_t device_id = flow_id_behind(f->at[i].value, "device");
		*id = flow_id_behind(f->at[i].value, "product");
		if (device_id)
			TRY(record_look(c, &device_record, device_id, &d, &there));
		*id = there ? d.product_id : *id;
	}
	return 0;
}

int bot_about(struct ctx *c, const struct bot_scene *s, int64_t *id)
{
	const char *code = s->understood.product_count == 1 ? s->understood.products[0] : NULL;
	*id = 0;
	if (!code)
		TRY(in_flow(c, &s->flow.state, id));
	if (*id)
		return 0;
	if (!code)
		TRY(named_before(c, s, &code));
	if (!code && s->told && !text_empty(s->told->product))
		code = s->told->product;
	return code ? bot_product_coded(c, code, id) : 0;
}
