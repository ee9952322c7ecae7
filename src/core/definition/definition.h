/* definition: what a company has defined (clock policies, rules, roles), compiled once and used by every request until it changes.
 *
 * Each kind has a stamp in the database that moves on in the transaction of every change, so all nodes, and requests of the same
 * batch, see by one read (kept while a writing transaction lasts) whether what they have compiled still holds. A stamp never comes
 * twice: what was compiled in a transaction that was undone is not found again. */
#pragma once

#include "core/record/record.h"

enum definition_kind { DEFINITION_CLOCK = 1, DEFINITION_RULE, DEFINITION_PROMISE, DEFINITION_CUSTOM, DEFINITION_FLOW, DEFINITION_FORM, DEFINITION_STAFF, DEFINITION_DEMO, DEFINITION_KNOWLEDGE, DEFINITION_KINDS };

struct definitions;             /* what has been compiled, by company and kind */

/* What compile() made: begins with this. */
struct definition_set {
	struct arena *arena;    /* its own */
	int64_t tenant, stamp;  /* 0: the company has never defined anything of the kind */
	enum definition_kind kind;
	_Atomic int refs;
};

struct definitions *definitions_new(void);
void definitions_free(struct definitions *d);           /* accepts NULL */

/* For `after` of a record that defines: others compile anew from this transaction on. */
int definition_changed(struct ctx *c, enum definition_kind kind) MUST_CHECK;

/* The set of c's company, to be given back. `compile` fills a struct of `size` bytes in set->arena; c->arena is the request's. */
int definition_take(struct ctx *c, enum definition_kind kind, size_t size, int (*compile)(struct ctx *c, struct definition_set *set),
                    struct definition_set **out) MUST_CHECK;
void definition_give(struct definition_set *set);       /* accepts NULL */
/* Whoever asked holds the set until c->arena goes. */
void definition_give_at_end(struct ctx *c, struct definition_set *set);
