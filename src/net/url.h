/* What a request line and a Cookie header hold, decoded and checked: pure functions, fuzzed.
 *
 * Everything that comes out is valid UTF-8 without control characters. Nothing is repaired: a bad escape, an empty or a
 * dot segment, a slash or backslash inside a segment refuse the whole. */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "net/route.h"

enum { URL_SEGMENTS = 16, URL_QUERY = 40, URL_COOKIES = 32 };

struct url {
	const char *path;                       /* decoded: "/api/v1/ticket/7" */
	const char *segments[URL_SEGMENTS];
	size_t segment_count;
	struct http_pair query[URL_QUERY];
	size_t query_count;
};

/* target: origin form only ("/path?query"). ERR_BAD_REQUEST or ERR_ENCODING. */
int url_read(struct arena *a, const char *target, size_t n, struct url *out) MUST_CHECK;

/* Decodes n bytes of %XX (and + as space in queries) into out, which has room for n + 1. ERR_BAD_REQUEST, ERR_ENCODING. */
enum url_part { URL_PATH, URL_QUERY_PART };
int url_decode(const char *in, size_t n, enum url_part part, char *out) MUST_CHECK;
/* Appends s with all but what is unreserved in RFC 3986 as %XX: it stays one value wherever it stands. */
struct text;
void url_encode(struct text *t, const char *s);

/* "http://…" or "https://…" with something behind it and none of these characters in it. */
bool url_is_web(const char *url, const char *without);

/* RFC 6265 §4.2.1; quotes around a value are taken off; the first of equal names counts. ERR_BAD_REQUEST when a pair has no
 * name or holds what a cookie may not hold, or when there are more than URL_COOKIES. */
int cookies_read(struct arena *a, const char *header, struct http_pair *out, size_t *count) MUST_CHECK;

const char *pair_find(const struct http_pair *pairs, size_t count, const char *name);   /* NULL when absent */
