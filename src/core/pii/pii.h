/* Personal data: sealed with the key of its person, found by keyed hash only, shown masked, read in clear with a purpose,
 * erased for good.
 *
 * Each sealed row names its key. Merging people moves references (pii_key_move), never ciphertext. Erasing destroys every
 * key listed for the person, merged files and uploads included, and takes away what could still find them. */
#pragma once

#include <stdbool.h>

#include "base/crypto.h"
#include "core/pii/keystore.h"
#include "core/pii/mask.h"
#include "db/ctx.h"

/* A new key of this object (customer, user_account, file, tenant), listed as its own. In the writer's transaction. */
int pii_key_new(struct ctx *c, const char *object, int64_t object_id, int64_t *key) MUST_CHECK;
/* Lists a key that was taken from the store before, for one file. */
int pii_key_of_file(struct ctx *c, int64_t key, int64_t file_id) MUST_CHECK;
/* Every key of one object becomes another's: merging two files, a file upload getting its customer. */
int pii_key_move(struct ctx *c, const char *from, int64_t from_id, const char *to, int64_t to_id) MUST_CHECK;

/* context: "table.column". NULL text gives p = NULL and back. ERR_ERASED when the key is destroyed. */
int pii_seal(struct ctx *c, int64_t key, const char *context, const char *text, struct bytes *out) MUST_CHECK;
int pii_open(struct ctx *c, int64_t key, const char *context, struct bytes sealed, const char **text) MUST_CHECK;

struct pii_field {
	int64_t key;
	const char *context;
	struct bytes sealed;
	const char *text;       /* out; NULL when result < 0 */
	int result;             /* out: 0 or ERR_ERASED */
};
/* For lists: all keys in one query. Fails only when the stores are broken. */
int pii_open_many(struct ctx *c, struct pii_field *fields, size_t n) MUST_CHECK;

/* Exact look-up ----------------------------------------------------------------------------------------------------- */

enum lookup_kind { LOOKUP_PHONE, LOOKUP_PHONE_LAST4, LOOKUP_EMAIL, LOOKUP_NAME };

/* Keyed hash of the normalised text with the company's look-up key. ERR_FIELD_INVALID when nothing is left to hash. */
int lookup_hash(struct ctx *c, enum lookup_kind kind, const char *text, uint8_t out[static LOOKUP_SIZE]) MUST_CHECK;
/* The object is found by these values and no others of that kind; LOOKUP_PHONE keeps LOOKUP_PHONE_LAST4 in step.
 * Empty and NULL texts are left out. */
int lookup_set(struct ctx *c, enum lookup_kind kind, const char *object, int64_t object_id, const char *const *texts,
               size_t n) MUST_CHECK;
/* The same for an object that is new: there is nothing to take away. */
int lookup_add(struct ctx *c, enum lookup_kind kind, const char *object, int64_t object_id, const char *const *texts,
               size_t n) MUST_CHECK;
int lookup_remove(struct ctx *c, const char *object, int64_t object_id, int64_t *removed) MUST_CHECK;

struct lookup_hit {
	const char *object;
	int64_t object_id;
};
/* At most `most` hits, oldest object first. object NULL: of any kind. */
int lookup_find_hits(struct ctx *c, enum lookup_kind kind, const char *text, const char *object, size_t most,
                     struct lookup_hit **hits, size_t *n) MUST_CHECK;

/* Reading and erasing ------------------------------------------------------------------------------------------------ */

/* Writer: notes that the actor read a field in clear, and tells it (event "<object>.revealed"). Write it before the value is handed out. ERR_FIELD_REQUIRED without purpose. */
int pii_reading(struct ctx *c, const char *object, int64_t object_id, const char *field, const char *purpose) MUST_CHECK;

/* What else has to go when a person is erased: search documents, files, stored replies, messages. Each adds what it removed. */
struct erase_step {
	const char *name;               /* documents, files or replies: the column of `erasure` it counts in */
	int (*run)(struct ctx *c, const char *object, int64_t object_id, int64_t *removed);
};

struct erasure_certificate {
	int64_t id;
	const char *object;
	int64_t object_id, asked_at, done_at, keys, hashes, documents, files, replies;
	int64_t complete_at;            /* when the last copy of the keys is gone: done_at + 30 days */
};

/* In the writer's transaction: lists the erasure, removes hashes and runs the steps; the keys are destroyed after COMMIT by
 * pii_erase_finish (a job that the caller adds: it repeats until done). */
int pii_erase(struct ctx *c, const char *object, int64_t object_id, const char *reason, const struct erase_step *steps,
              size_t step_count, int64_t *erasure_id) MUST_CHECK;
int pii_erase_finish(struct ctx *c, int64_t erasure_id, struct erasure_certificate *out) MUST_CHECK;
/* The two things before it, for the job: the keys at once; then what else tells of her (scrub.h), counted for the certificate. */
int pii_erase_keys(struct ctx *c, int64_t erasure_id) MUST_CHECK;
struct scrub_counts;
int pii_erase_count(struct ctx *c, int64_t erasure_id, const struct scrub_counts *n) MUST_CHECK;

/* After a restore, before serving: whoever's own key is destroyed is erased again in these (older) data. One company, one
 * chunk of the key store's tombstones, going on from *after; *more: call again. Files whose key is gone need nothing: they
 * do not open. */
int pii_erase_replay(struct ctx *c, const struct erase_step *steps, size_t step_count, int64_t *after, int64_t *people,
                     bool *more) MUST_CHECK;

/* Data and key store belong together: writes the pair's name into new data, ERR_INTERNAL (logged) when they are strangers. */
int pii_pair_check(struct ctx *c) MUST_CHECK;

/* Removes keys that no row names, made more than KEYSTORE_RECLAIM_AGE_MS ago; one chunk, going on
 * from *after (0 at the start and again at the end). */
int pii_reclaim(struct ctx *c, int64_t *after, int64_t *removed) MUST_CHECK;
