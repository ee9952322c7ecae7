/* device: products, models, and the appliances in customers' homes with their warranty dates and purchase proofs. */
#pragma once

#include "core/record/record.h"

extern const struct record product_record, model_record, device_record, proof_record;

/* Last day under warranty: counted from installation if later than purchase, else from purchase; 0 when neither is known.
 * Months count as in 民法典 art. 202: the same day of the month, or its last day. The term itself is the company's promise
 * in the model; statutory terms are engine/law's. */
int64_t warranty_until(int64_t purchased_on, int64_t installed_on, int64_t months);

/* Writer, for the sweep: proofs of purchase without a verdict after a day lapse, their files are released. One chunk; sets
 * *more when there may be another, leaves it otherwise. */
int proof_sweep(struct ctx *c, bool *more) MUST_CHECK;
