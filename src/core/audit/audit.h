/* Audit: who did what, when and why, in a form that cannot be changed afterwards without a trace (ADR 18).
 *
 * Each row of event, change and reading carries a proof over its content. Events are numbered without a gap; a follower chains them,
 * a link a chunk, and signs each link. The key of the proofs and the seed of the signatures come from the company's key in the key
 * store, which the database does not hold. A signed head of the chain, kept elsewhere, tells when the end was cut off. */
#pragma once

#include <stdbool.h>

#include "base/crypto.h"
#include "base/text.h"
#include "db/follower.h"
#include "gen/schema.h"

enum { AUDIT_PROOF_SIZE = 16, AUDIT_LINK_SIZE = 32 };

struct audit_keys {
	struct key proof, seed;
	uint8_t public[SIGN_PUBLIC_SIZE];
};

/* Keys of companies, made when first needed and kept in memory. */
struct audit;
struct audit *audit_new(void);
void audit_free(struct audit *audit);                   /* wipes; accepts NULL */
/* Where the newest head of each company is kept beside the data, a file each; NULL: nowhere. Set before anything is written. */
void audit_keep_heads(struct audit *audit, const char *folder);
const char *audit_head_folder(const struct audit *audit);
/* Those of c->tenant; good until audit_free(), or as long as c's arena where the services keep none. */
int audit_keys_of(struct ctx *c, const struct audit_keys **out) MUST_CHECK;

/* The proof of a row: of every column but `mac`, JSON by its value. In the arena. */
struct bytes audit_proof(struct arena *a, const struct audit_keys *keys, const struct shape *row_shape, const void *row);
bool audit_proves(struct arena *a, const struct audit_keys *keys, const struct shape *row_shape, const void *row, struct bytes mac);

/* For writer_options.mark, arg: the services: says which area an event is of, and proves it. */
int audit_mark_event(void *services, struct ctx *c, struct event *e) MUST_CHECK;
/* Sets tenant and mac of a row that is about to be inserted. */
int audit_mark_change(struct ctx *c, struct change *row) MUST_CHECK;
int audit_mark_reading(struct ctx *c, struct reading *row) MUST_CHECK;

/* What auditors look at. */
extern const struct choice audit_areas[];               /* sign_in, reading, export, right, setting, privacy */
const char *audit_area_of(const char *kind);            /* of an event; "" for the daily work */

/* The chain ---------------------------------------------------------------------------------------------------------- */

extern const struct follower audit_follower;

/* What a link adds to the one before: first, last and the proofs of its events in order. NULL before: the first link. */
struct audit_fold {
	struct arena *arena;
	struct text text;
};
struct audit_fold audit_fold_begin(struct arena *a, const struct audit_start *start, const uint8_t *before);
void audit_fold_add(struct audit_fold *f, int64_t no, struct bytes proof);
void audit_fold_end(const struct audit_fold *f, const struct audit_keys *keys, uint8_t out[static AUDIT_LINK_SIZE]);
/* What is signed: company, number, time and link. */
struct bytes audit_signed_text(struct arena *a, int64_t tenant, const struct audit_link *link);

/* The end of a chain as it is kept elsewhere: one line of JSON. */
struct audit_head {
	int64_t tenant;
	const char *company;            /* its code */
	int64_t no, at;
	struct bytes mac, signature, key;
};
void audit_head_write(struct text *t, const struct audit_head *head);
int audit_head_read(struct arena *a, const char *line, size_t n, struct audit_head *out) MUST_CHECK;
bool audit_head_holds(struct arena *a, const struct audit_head *head);  /* by the key that it names */
/* The newest link of c->tenant; ERR_NOT_FOUND when there is none. */
int audit_head_now(struct ctx *c, struct audit_head *out) MUST_CHECK;
