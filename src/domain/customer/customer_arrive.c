/* Somebody who writes for the first time, whichever channel she comes by. */
#include "core/identity/identity.h"
#include "domain/customer/customer.h"

int customer_of_newcomer(struct ctx *c, const struct newcomer *in, struct customer *row)
{
	const struct record_model *m = model_of(c, &customer_record);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	size_t called = field_index(m, "name"), kind = field_index(m, "kind"), source = field_index(m, "source"), lang = field_index(m, "lang");
	slots[called].text = in->called;
	slots[kind].text = "visitor";
	slots[source].text = in->channel;
	slots[lang].text = in->lang;
	return record_create(c, &customer_record, slots, UINT64_C(1) << called | UINT64_C(1) << kind | UINT64_C(1) << source | (in->lang ? UINT64_C(1) << lang : 0), row);
}

int customer_by_name(struct ctx *c, const char *name, const struct newcomer *in, struct identity *who, bool *is_new)
{
	struct customer customer;
	bool there;
	TRY(identity_find(c, in->channel, name, who, &there));
	if (is_new)
		*is_new = !there;
	if (there)
		return 0;
	TRY(customer_of_newcomer(c, in, &customer));
	return identity_add(c, &(struct identity_new){ .channel = in->channel, .name = name, .customer_id = customer.id, .key = customer.key, .keeps_name = true }, who);
}
