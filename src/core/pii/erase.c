/* Erasing people, proving it, doing it again after a restore; and giving back keys that nobody used. */
#include "core/pii/pii.h"

#include <string.h>

#include "core/pii/certificate.h"
#include "core/pii/scrub.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/pii_sql.h"

enum { CHUNK = 500 };

/* Erasing ------------------------------------------------------------------------------------------------------------ */

static int64_t *column_of(struct erasure *row, const char *name)
{
	if (!strcmp(name, "documents"))
		return &row->documents;
	return !strcmp(name, "files") ? &row->files : &row->replies;
}

static int run_steps(struct ctx *c, struct erasure *row, const struct erase_step *steps, size_t n)
{
	TRY(lookup_remove(c, row->object, row->object_id, &row->hashes));
	for (size_t i = 0; i < n; i++) {
		int64_t removed = 0;
		TRY(steps[i].run(c, row->object, row->object_id, &removed));
		*column_of(row, steps[i].name) += removed;
	}
	return 0;
}

int pii_erase(struct ctx *c, const char *object, int64_t object_id, const char *reason, const struct erase_step *steps,
              size_t step_count, int64_t *erasure_id)
{
	struct erasure row = { .id = new_id(c), .object = object, .object_id = object_id, .asked_at = c->now,
		               .asked_by_kind = c->actor_kind, .asked_by = c->actor_id, .reason = reason, .state = "running" };
	TRY(run_steps(c, &row, steps, step_count));
	*erasure_id = row.id;
	return erasure_row_insert(c, &row);
}

static int keys_of(struct ctx *c, const struct erasure *row, int64_t **ids, size_t *n)
{
	struct pii_keys_of_row *rows;
	TRY(pii_keys_of(c, row->object, row->object_id, &rows, n));
	*ids = ARENA_ARRAY(c->arena, int64_t, *n + 1);
	for (size_t i = 0; i < *n; i++)
		(*ids)[i] = rows[i].key;
	return 0;
}

/* For good, and before anything else that takes time: from here on whatever they sealed is noise. What they were is noted at once, for
 * keys of files are forgotten with their files. */
static int erase_keys(struct ctx *c, struct erasure *row)
{
	int64_t *ids;
	size_t n;
	TRY(keys_of(c, row, &ids, &n));
	TRY(keystore_destroy(c->services->keys, ids, n));
	if (*row->certificate)
		return 0;
	row->keys = (int64_t)n;
	row->certificate = certificate_keys(c, ids, n);
	return erasure_keys(c, row->id, row->keys, row->certificate, NULL);
}

int pii_erase_keys(struct ctx *c, int64_t erasure_id)
{
	struct erasure row;
	TRY(erasure_row_get(c, erasure_id, &row));
	return erase_keys(c, &row);
}

int pii_erase_count(struct ctx *c, int64_t erasure_id, const struct scrub_counts *n)
{
	return erasure_counts(c, &(struct erasure_counts_in){ .tenant = c->tenant, .id = erasure_id, .hashes = n->hashes, .documents = n->documents, .files = n->files,
	                                                      .replies = n->replies, .parts = n->parts, .changes = n->changes }, NULL);
}

/* If the row is not marked after all, the next run finds the keys gone and marks it. */
int pii_erase_finish(struct ctx *c, int64_t erasure_id, struct erasure_certificate *out)
{
	struct erasure row;
	TRY(erasure_row_get(c, erasure_id, &row));
	if (strcmp(row.state, "done") != 0) {
		TRY(erase_keys(c, &row));
		row.done_at = c->now;
		TRY(certificate_make(c, &row));
		TRY(erasure_done(c, row.id, row.done_at, row.certificate, row.signature, NULL));
	}
	*out = (struct erasure_certificate){
		.id = row.id, .object = row.object, .object_id = row.object_id, .asked_at = row.asked_at, .done_at = row.done_at,
		.keys = row.keys, .hashes = row.hashes, .documents = row.documents, .files = row.files, .replies = row.replies,
		.complete_at = row.done_at + setting_ms(c, SETTING_KEEP_KEY_COPIES) };
	return 0;
}

/* Replaying ---------------------------------------------------------------------------------------------------------- */

static int scrub_all(struct ctx *c, const char *object, int64_t object_id, int64_t erasure_id)
{
	struct scrub_place at = { 0 };
	for (bool more = true; more;) {
		struct scrub_counts counts = { 0 };
		TRY(scrub_step(c, object, object_id, &at, &counts, &more));
		TRY(pii_erase_count(c, erasure_id, &counts));
	}
	return 0;
}

int pii_erase_replay(struct ctx *c, const struct erase_step *steps, size_t step_count, int64_t *after, int64_t *people, bool *more)
{
	int64_t ids[CHUNK];
	size_t n = CHUNK, found;
	struct pii_people_of_row *rows;
	TRY(keystore_tombstones(c->services->keys, c->arena, *after, ids, &n));
	*more = n == CHUNK;
	if (n == 0)
		return 0;
	*after = ids[n - 1];
	TRY(pii_people_of(c, ids, n, &rows, &found));
	for (size_t i = 0; i < found; i++) {
		int64_t erasure_id;
		struct erasure_certificate certificate;
		TRY(pii_erase(c, rows[i].object, rows[i].object_id, "restore", steps, step_count, &erasure_id));
		TRY(pii_erase_keys(c, erasure_id));
		TRY(scrub_all(c, rows[i].object, rows[i].object_id, erasure_id));
		TRY(pii_erase_finish(c, erasure_id, &certificate));
	}
	*people += (int64_t)found;
	return 0;
}

/* Reclaiming --------------------------------------------------------------------------------------------------------- */

static size_t without(int64_t *ids, size_t n, int64_t used)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (ids[i] != used)
			ids[kept++] = ids[i];
	return kept;
}

int pii_reclaim(struct ctx *c, int64_t *after, int64_t *removed)
{
	int64_t ids[CHUNK];
	size_t n = CHUNK, found;
	struct pii_keys_listed_row *listed;
	struct pii_keys_named_row *named;
	*removed = 0;
	TRY(keystore_old_keys(c->services->keys, c->arena, *after, c->now - KEYSTORE_RECLAIM_AGE_MS, ids, &n));
	*after = n == CHUNK ? ids[n - 1] : 0;
	TRY(pii_keys_listed(c, ids, n, &listed, &found));
	for (size_t i = 0; i < found; i++)
		n = without(ids, n, listed[i].key);
	if (n == 0)
		return 0;
	TRY(pii_keys_named(c, ids, n, ids, n, ids, n, ids, n, &named, &found));
	for (size_t i = 0; i < found; i++)
		n = without(ids, n, named[i].key);
	*removed = (int64_t)n;
	return keystore_reclaim(c->services->keys, ids, n);
}
