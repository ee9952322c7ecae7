/* device: products, models, and the appliances in customers' homes with their warranty dates and purchase proofs. */
#pragma once

#include "core/record/record.h"

struct device;
struct product;
struct purchase_proof;

extern const struct record product_record, model_record, device_record, proof_record;

/* In a language; names in English may be missing. */
const char *product_name(const struct product *p, enum lang lang);
/* "Fridge BCD-500": product and model, as far as they are known. */
int device_name(struct ctx *c, const struct device *d, enum lang lang, const char **out) MUST_CHECK;

/* Last day under warranty: counted from installation if later than purchase, else from purchase; 0 when neither is known.
 * Months count as in 民法典 art. 202: the same day of the month, or its last day. The term itself is the company's promise
 * in the model; statutory terms are engine/law's. */
int64_t warranty_until(int64_t purchased_on, int64_t installed_on, int64_t months);

/* Writer. An accepted proof dates the purchase of its device, and with it the warranty. */
int proof_date_device(struct ctx *c, const struct purchase_proof *proof) MUST_CHECK;
/* Writer. The device of a ticket has become known: proofs that came with the ticket are that device's from now on. */
int proofs_settle(struct ctx *c, int64_t ticket_id, int64_t device_id) MUST_CHECK;
/* Writer, for the sweep that comes every so many ms: proofs of purchase that would be older than keep.proof without a verdict before it
 * comes again lapse, their files are released. One chunk; sets *more when there may be another, leaves it otherwise. */
int proof_sweep(struct ctx *c, int64_t every_ms, bool *more) MUST_CHECK;
