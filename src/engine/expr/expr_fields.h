/* What a condition may name: the fields that its author may read, as the caller describes them. What he may not read is left out, so he
 * learns nothing by asking for it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/shape.h"

enum expr_type {
	EXPR_NUMBER,    /* int64_t */
	EXPR_REAL,      /* double */
	EXPR_FLAG,      /* int64_t, 0 or 1 */
	EXPR_TIME,      /* UTC ms, never below 0 */
	EXPR_DAY,       /* days since 1970-01-01 */
	EXPR_ID,        /* int64_t above 0 */
	EXPR_CHOICE,    /* const char *, one of `of` */
	EXPR_CODE,      /* const char *, compared byte by byte: numbers, serials */
	EXPR_TEXT,      /* const char *, compared without the case of ASCII letters */
	EXPR_SEALED,    /* equality only; given to the evaluation as a set of one text, in the form that `normalise` makes */
	EXPR_SET,       /* several texts of one row: words, tags */
};

/* How a column says "there is none", beside NULL and the empty text. */
enum expr_none { EXPR_NONE_ZERO = 1, EXPR_NONE_FAR = 2 };

struct expr_record;

struct expr_field {
	const char *name;               /* letters, digits and _; a reference that ends with _id is walked through without it */
	enum expr_type type;
	unsigned none;                  /* enum expr_none */
	bool nullable;                  /* its column may be NULL */
	bool apart;                     /* its value lies in a row of its own, which may not be there (expr_sql: apart); an EXPR_TEXT with small letters */
	uint32_t offset;                /* of the value in the row given to expr_holds() */
	const char *column;             /* in SQL; NULL: as `name` */
	const struct choice *of;        /* EXPR_CHOICE */
	const struct expr_record *to;   /* EXPR_ID: the record it refers to, if the author may read that */
	int (*normalise)(struct arena *a, const char *text, const char **out);   /* a text as it is stored, or an error code; NULL: as it is */
	const char *(*fold)(struct arena *a, const char *text);         /* EXPR_SET: the form in which its texts are compared; NULL: as they are */
	const void *self;               /* the caller's own */
};

struct expr_record {
	const char *name;
	const struct expr_field *fields;
	size_t count;
};
