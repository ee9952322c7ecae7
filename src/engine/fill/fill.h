/* fill: texts with variables, "{{customer.name|客户}}您好，{{ticket.no}} 已受理". Pure.
 *
 * A text is cut into its pieces once; the values are put between them and are never read again, so a value that looks like a variable
 * stays what it says. A name that is not in the list is a fault with its place, and so are braces that do not pair. Behind the first "|"
 * stands what is written when the variable has no value, which may be nothing; without it a variable without a value is missing. */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum { FILL_NAMES_MOST = 64, FILL_PIECES_MOST = 400 };

struct fill_piece {
	const char *text;               /* as it stands there, or what is written without a value */
	size_t n;
	int variable;                   /* index of its name; -1: plain text */
	bool may_lack;                  /* it says what is written without a value */
};

struct fill {
	const struct fill_piece *at;
	size_t n;
	uint64_t used;                  /* bit i: variable i stands in it */
};

struct fill_fault {
	int code;                       /* 0: none */
	size_t at, n;                   /* bytes */
};

/* Cuts a text. Returns the fault's code, with its place. */
int fill_cut(struct arena *a, const char *text, const char *const *names, size_t name_count, struct fill *out, struct fill_fault *fault) MUST_CHECK;

/* The text with values[i] for variable i; NULL and what is empty is no value. *missing: bit i when variable i lacks one and nothing else is
 * said; it is left out then. */
const char *fill_write(struct arena *a, const struct fill *f, const char *const *values, uint64_t *missing);
