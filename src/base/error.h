/* Errors: one code, one HTTP status, one text in each language.
 *
 * A function that can fail returns int: 0 or a negative `enum error_code`. The caller returns at once with TRY().
 * What the user has to mend (field, argument) is noted in a `struct error` where it happens; it is logged and
 * turned into a reply once, at the border. Codes live in errors.def; their names are public and never change. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

#define MUST_CHECK __attribute__((warn_unused_result))

#define TRY(expression)                                                                            \
	do {                                                                                       \
		int try_result = (expression);                                                     \
		if (try_result < 0)                                                                \
			return try_result;                                                         \
	} while (0)

enum error_index {
#define ERROR(name, status, code, zh, en) ERROR_INDEX_##name,
#include "base/errors.def"
#undef ERROR
	ERROR_COUNT
};

enum error_code {
#define ERROR(name, status, code, zh, en) ERR_##name = -1 - ERROR_INDEX_##name,
#include "base/errors.def"
#undef ERROR
};

enum lang { LANG_ZH, LANG_EN };

/* One field at fault. `arg` fills the single %s that the text of the code may hold. */
struct field_error {
	const char *field;
	int code;
	const char *arg;
	struct field_error *next;
};

/* What went wrong in one request. All strings live in the arena of the request. */
struct error {
	int code;                    /* 0 while nothing went wrong */
	const char *arg;             /* fills %s of the text, or NULL */
	struct field_error *fields;  /* in the order they were found */
	struct field_error **tail;
	size_t field_count;
	const char *current;         /* version conflict: the row as it is now, as JSON; else NULL */
};

void error_clear(struct error *e);
/* Takes back what was noted since `before` was copied from *e; what was noted earlier stays. */
void error_take_back(struct error *e, const struct error *before);

/* Notes a failure as a whole and returns `code`, for `return error_set(…)`. `arg` is copied. */
void error_note(struct error *e, struct arena *a, int code, const char *arg);
static inline MUST_CHECK int error_set(struct error *e, struct arena *a, int code, const char *arg)
{
	error_note(e, a, code, arg);
	return code;    /* here, so that compilers and analysers see that a failure stays one */
}

/* Notes a failure of one field; the error as a whole becomes ERR_INVALID (or stays what it is). Returns `code`.
 * At most 50 fields are kept. */
int error_field(struct error *e, struct arena *a, const char *field, int code, const char *arg);

/* HTTP status of a code; 500 for numbers that are no code. */
int error_status(int code);

/* The public name, such as "version_conflict". */
const char *error_name(int code);
/* The code of that name; 0: there is none. */
int error_named(const char *name);

/* The text with %s filled by `arg` (or by nothing), in the arena. */
const char *error_text(int code, enum lang lang, const char *arg, struct arena *a);
