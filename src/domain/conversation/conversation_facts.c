/* What a conversation is about: its device, its product, and what of a ticket is known from it before anybody fills a form. What an agent said goes before what her
 * words sound like (B6). */
#include <string.h>

#include "core/form/form.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"
#include "gen/conversation_sql.h"
#include "gen/portal_sql.h"

/* Of the row ---------------------------------------------------------------------------------------------------------------- */

/* The device says what product it is. Only hers, or one that nobody owns yet; that of a ticket has been judged with the ticket. */
static int follow_device(struct ctx *c, const struct conversation *was, struct conversation *k)
{
	struct device d;
	TRY(device_row_get(c, k->device_id, &d));
	bool hers = !d.customer_id || d.customer_id == k->customer_id || was->ticket_id != k->ticket_id;
	if (!hers)
		return fail_field(c, "device_id", ERR_FIELD_REFERENCE, NULL);
	k->product_id = d.product_id ? d.product_id : k->product_id;
	return 0;
}

/* It is about another product: that device it was not. */
static int part_from_device(struct ctx *c, struct conversation *k)
{
	struct device d;
	TRY(device_row_get(c, k->device_id, &d));
	if (d.product_id && d.product_id != k->product_id)
		k->device_id = 0;
	return 0;
}

int conversation_settle_facts(struct ctx *c, const void *old, void *row)
{
	const struct conversation *was = old;
	struct conversation *k = row;
	if (!was || k->device_id <= 0)
		return 0;
	if (k->device_id != was->device_id)
		return follow_device(c, was, k);
	return k->product_id != was->product_id ? part_from_device(c, k) : 0;
}

/* Of a ticket --------------------------------------------------------------------------------------------------------------- */

/* The only one she has, unless it is of another product than what she speaks of. */
static int only_device(struct ctx *c, struct ticket_report *r)
{
	struct device *rows, d;
	size_t n;
	bool there;
	TRY(devices_of_customer(c, r->customer_id, &rows, &n));
	if (n != 1 || (r->product_id && rows[0].product_id && rows[0].product_id != r->product_id))
		return 0;
	TRY(record_look(c, &device_record, rows[0].id, &d, &there));
	r->device_id = there ? d.id : 0;
	return 0;
}

static const char *said_of(const struct conversation_mark *rows, size_t n, const char *what)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(rows[i].what, what))
			return rows[i].value;
	return NULL;
}

static int product_code(struct ctx *c, const struct ticket_report *r, const char **code)
{
	struct product product;
	struct device device;
	int64_t id = r->product_id;
	*code = NULL;
	if (r->device_id > 0) {
		TRY(device_row_get(c, r->device_id, &device));
		id = device.product_id ? device.product_id : id;
	}
	if (id <= 0)
		return 0;
	TRY(product_row_get(c, id, &product));
	*code = product.code;
	return 0;
}

bool conversation_fault_is(const struct form *form, const char *product, const char *code)
{
	return form_asks(form_part(yyjson_obj_get(form->symptoms, product), "code", code));
}

/* A fault that was said of another product is left behind with it. */
static int fill_fault(struct ctx *c, const struct form *form, const char *code, struct ticket_report *r)
{
	const char *product;
	if (!code)
		return 0;
	TRY(product_code(c, r, &product));
	if (product && conversation_fault_is(form, product, code))
		r->symptoms = arena_format(c->arena, "[\"%s\"]", code);
	return 0;
}

int conversation_fill_report(struct ctx *c, const struct conversation *k, struct ticket_report *r)
{
	struct conversation_mark *said;
	struct form form;
	size_t n;
	TRY(form_of(c, &form));
	TRY(marks_of_conversation(c, k->id, &said, &n));
	const char *scene = said_of(said, n, "scene");
	if (text_empty(r->scene) && form_asks(form_scene(&form, scene)))
		r->scene = scene;
	if (text_empty(r->scene) && form_asks(form_scene(&form, k->scene)))
		r->scene = k->scene;
	if (text_empty(r->scene))
		TRY(conversation_guess_scene(c, r->text, &r->scene));
	r->grade = said_of(said, n, "urgency");
	if (!r->product_id && !r->device_id)
		TRY(conversation_guess_product(c, r->text, &r->product_id));
	if (!r->device_id)
		TRY(only_device(c, r));
	return fill_fault(c, &form, said_of(said, n, "fault"), r);
}
