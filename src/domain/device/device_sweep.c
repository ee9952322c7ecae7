/* Proofs of purchase live a day at most (keep.proof): without a verdict in that time they lapse and their picture goes (A10). */
#include "core/file/file.h"
#include "core/setting/settings.h"
#include "domain/device/device.h"
#include "gen/device_sql.h"
#include "gen/schema.h"

enum { CHUNK = 50 };

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

int proof_sweep(struct ctx *c, bool *more)
{
	struct purchase_proof *rows;
	size_t n;
	TRY(proofs_past(c, c->now - setting_ms(c, SETTING_KEEP_PROOF), CHUNK, &rows, &n));
	for (size_t i = 0; i < n; i++)
		TRY(lapse(c, &rows[i]));
	*more |= n == CHUNK;
	return 0;
}
