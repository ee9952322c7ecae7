/* What becomes of proofs of purchase (A10): they date the device, which may be known later than they came, and live a day at most
 * (keep.proof): without a verdict in that time they lapse and their picture goes. */
#include "core/file/file.h"
#include "core/setting/settings.h"
#include "domain/device/device.h"
#include "gen/device_sql.h"
#include "gen/schema.h"

enum { CHUNK = 50 };

int proof_date_device(struct ctx *c, const struct purchase_proof *proof)
{
	struct device old, device;
	if (!proof->device_id)
		return 0;       /* when it is known */
	TRY(record_get(c, &device_record, proof->device_id, &old));
	device = old;
	device.purchased_on = proof->purchased_on;
	return record_update(c, &device_record, &old, &device, "device.changed", NULL, NULL);
}

int proofs_settle(struct ctx *c, int64_t ticket_id, int64_t device_id)
{
	struct purchase_proof *rows;
	size_t n;
	TRY(proofs_of_ticket(c, ticket_id, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		struct purchase_proof row = rows[i];
		if (row.device_id)
			continue;
		row.device_id = device_id;
		row.object = "";
		TRY(record_update(c, &proof_record, &rows[i], &row, "purchase_proof.changed", NULL, NULL));
		if (text_equal(row.verdict, "accepted"))
			TRY(proof_date_device(c, &row));
	}
	return 0;
}

static int lapse(struct ctx *c, const struct purchase_proof *proof)
{
	struct purchase_proof row = *proof;
	int64_t released;
	row.verdict = "lapsed";
	row.file_id = 0;
	row.checked_at = c->now;
	TRY(record_update(c, &proof_record, proof, &row, "purchase_proof.lapsed", "", NULL));
	return file_release(c, "purchase_proof", proof->id, &released);
}

int proof_sweep(struct ctx *c, int64_t every_ms, bool *more)
{
	struct purchase_proof *rows;
	size_t n;
	TRY(proofs_past(c, c->now - setting_ms(c, SETTING_KEEP_PROOF) + every_ms, CHUNK, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(lapse(c, &rows[i]));
	*more |= n == CHUNK;
	return 0;
}
