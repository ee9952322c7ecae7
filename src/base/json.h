/* JSON read and written through shapes.
 *
 * Reading refuses: unknown and duplicate keys, wrong types, out-of-range numbers, text that is too long or not text,
 * more than 32 levels. Every fault is noted by field ("contact.phone", "items[3].name"), all of them, not only the first.
 * Formats: id, ref → decimal string · day → "2026-11-22" · time_ms, fen, count, i64 → number · flag → true/false ·
 * bytes, hash → base64 · json, raw → any value. A ref of 0 is null. A sealed member cannot be read or written here: it is
 * opened before. Texts hold at most 10,000 characters, codes 100, lists 1,000 elements, unless the member says otherwise. */
#pragma once

#include "base/error.h"
#include "base/shape.h"
#include "base/text.h"

/* Which members a reader found: bit i = member i of the top shape (first 64 members). PATCH needs it. */
struct json_present {
	uint64_t bits;
};

/* Fills `out` (zeroed here; absent members hold 0, NULL_INT for nullable numbers, NULL). `present` may be NULL.
 * All text is copied into the arena. Text of length n need not end with NUL. */
int json_read(struct arena *a, const struct shape *shape, const char *text, size_t n, void *out,
              struct json_present *present, struct error *e) MUST_CHECK;

/* Appends one object. Members with MEMBER_SECRET are left out. */
void json_write(struct text *t, const struct shape *shape, const void *row);

void json_text(struct text *t, const char *s);                          /* quoted and escaped; NULL → null */
void json_member(struct text *t, const struct member *m, const void *row); /* one value */

/* {"zh":…,"en":…}; an English text that is missing or empty is the Chinese one. */
void json_label(struct text *t, const char *zh, const char *en);

/* {"id":"12","name":"林晓" of a list, its end left to the caller; `before`: how many stand before it. */
void json_named(struct text *t, size_t before, int64_t id, const char *name);

/* A value that yyjson has read, as text in the arena; NULL of NULL. */
struct yyjson_val;
const char *json_value(struct arena *a, struct yyjson_val *v);

/* True if text is one valid JSON value of at most `depth` levels. */
bool json_is_valid(const char *text, size_t n, int depth);

/* Appends the value in a form that all texts of it share: members by name, numbers by value, no blanks. What is no JSON is appended as
 * it is. */
enum { JSON_PLAIN_DEPTH = 64 };
void json_plain(struct text *t, const char *json);
/* The same of an object, with null for each member that may not stay. True when one had to go. */
bool json_blank(struct text *t, const char *json, bool (*may_stay)(const char *name, void *arg), void *arg);
