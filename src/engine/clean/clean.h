/* Turns what people and programs write into one form, or says what to mend.
 *
 * Pure functions over one cell. Every function returns 0 and a value, or an error code of errors.def whose text tells the
 * user what to do; ERR_FIELD_REQUIRED means the cell holds nothing (empty, 无, -, N/A …), which the caller may allow.
 * Strings are NUL-ended valid UTF-8 and come from the arena. What can be read in two ways is refused, never guessed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* Half-width, every kind of space and line break to one blank, control and invisible characters gone, trimmed. */
char *clean_text(struct arena *a, const char *s);

/* The words of a text that is HTML, a line a paragraph; any other text as it is. */
const char *clean_html(struct arena *a, const char *s);

/* True for the ways to write nothing: empty, -, /, 无, 暂无, N/A, NULL, #N/A … */
bool clean_is_nothing(const char *s);

enum phone_kind { PHONE_MOBILE, PHONE_LANDLINE, PHONE_SERVICE, PHONE_FOREIGN };

struct clean_phone {
	const char *value;       /* +8613812345678, +861088886666, +864001234567, +85291234567 */
	const char *extension;   /* 8001, or "" */
	enum phone_kind kind;
};
int clean_phone(struct arena *a, const char *s, struct clean_phone *out) MUST_CHECK;

/* Day zero of a spreadsheet: Windows programs count from 1900, old Macintosh ones from 1904. */
enum date_base { DATE_BASE_1900, DATE_BASE_1904 };

struct clean_date {
	int64_t day;             /* days since 1970-01-01, see base/clock.h */
	int32_t second;          /* of that day, as written; -1 when no time was given */
};
int clean_date(struct arena *a, const char *s, enum date_base base, struct clean_date *out) MUST_CHECK;

/* Upper case, no blanks, no label such as SN:. Letters, digits and - . / _ + only, 4 to 40 of them. */
int clean_serial(struct arena *a, const char *s, const char **out) MUST_CHECK;
/* Of an order, "" of none. ERR_ORDER_CHARACTERS; *out is "" then. */
int clean_order(struct arena *a, const char *s, const char **out) MUST_CHECK;

enum name_title { TITLE_NONE, TITLE_MR, TITLE_MS, TITLE_OTHER };

struct clean_name {
	const char *name;        /* 王, 王小明, Zhang Wei, a company */
	const char *title;       /* 女士, 师傅 … as written, or "" */
	const char *note;        /* what stood in brackets behind it, or "" */
	enum name_title title_kind;
	bool company;
};
int clean_name(struct arena *a, const char *s, struct clean_name *out) MUST_CHECK;
/* For lists that keep 姓 and 名 (or given and family name) in two columns. */
int clean_name_pair(struct arena *a, const char *family, const char *given, struct clean_name *out) MUST_CHECK;

/* Yuan as written (1,234.50 · ¥1234 · 1.2万 · (500.00)) to fen. */
int clean_money(struct arena *a, const char *s, int64_t *fen) MUST_CHECK;

struct clean_address {
	const char *province, *city, *district;   /* full names where known, or "" */
	const char *street;                       /* the rest, as written but cleaned */
};
int clean_address(struct arena *a, const char *s, struct clean_address *out) MUST_CHECK;

/* Lower-cased address, checked for shape only. */
int clean_mail(struct arena *a, const char *s, const char **out) MUST_CHECK;
