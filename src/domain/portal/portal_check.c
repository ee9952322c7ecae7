/* Whether a customer's report says what the form asks. */
#include "core/form/form.h"
#include "core/services.h"
#include "domain/portal/portal.h"
#include "gen/schema.h"

/* Her device or the kind of product that she named; what is neither hers nor there is told by whoever files the report. */
static int product_of(struct ctx *c, const struct ticket_report *r, const char **code)
{
	struct device device = { .product_id = r->product_id };
	struct product product;
	*code = NULL;
	int found = r->device_id > 0 ? device_row_get(c, r->device_id, &device) : 0;
	if (found == 0)
		found = device.product_id > 0 ? product_row_get(c, device.product_id, &product) : ERR_NOT_FOUND;
	if (found == 0)
		*code = product.code;
	else if (found == ERR_NOT_FOUND)
		error_clear(c->error);
	return found == ERR_NOT_FOUND ? 0 : found;
}

int portal_check_report(struct ctx *c, const struct ticket_report *r, bool device, bool proof)
{
	struct form form;
	const char *const *symptoms;
	struct form_report in = {
		.scene = r->scene, .text = r->text, .answers = r->answers, .device = device, .proof = proof, .danger = !text_empty(r->danger),
		.when = (r->preferred_day != NULL_INT && r->preferred_day != 0) || !text_empty(r->preferred_time),
	};
	TRY(form_of(c, &form));
	TRY(ticket_symptoms(c, r->symptoms, &symptoms, &in.symptoms));
	if (!in.symptoms && form_needs(&form, r->scene, "symptoms"))
		TRY(product_of(c, r, &in.product));
	return form_check_report(c, &form, &in);
}
