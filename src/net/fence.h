/* The fence: what the head of a request must look like before anything acts on it. Pure, fuzzed.
 *
 * libmicrohttpd parses the head leniently: it takes bare CR and LF as line ends, folds lines, skips extra spaces in the
 * request line, and lets duplicate framing headers pass. A proxy in front may read the same bytes differently, and that
 * difference is request smuggling. So the fence judges values, and it judges the layout: the parser leaves the head where
 * it was received and only replaces line ends by NUL, so what it swallowed shows as a gap. Should another version keep
 * its headers elsewhere, every request is refused: the fence fails closed. Two things leave no trace, because a NUL
 * stands there anyway: a NUL of the client beside a bare CR or LF, and a colon with a bare CR or LF as the blank line. Both
 * hold bytes that proxies refuse; put one in front that does. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/setting.h"

enum fence_reason {
	FENCE_PASS,
	FENCE_METHOD,           /* a word that is none of our methods */
	FENCE_TARGET,           /* not "/…", bad escape, dot segments, not UTF-8 */
	FENCE_TARGET_SIZE,
	FENCE_VERSION,          /* other than HTTP/1.0 and HTTP/1.1 */
	FENCE_LAYOUT,           /* extra spaces, bare CR or LF, folded lines, NUL */
	FENCE_HEADER_NAME,      /* not a token: spaces, controls, separators */
	FENCE_HEADER_VALUE,     /* control characters */
	FENCE_HEADER_SIZE,
	FENCE_HEADER_COUNT,
	FENCE_DUPLICATE,        /* a header that may stand once stands twice */
	FENCE_HOST,
	FENCE_LENGTH,           /* Content-Length is not a plain number */
	FENCE_FRAMING,          /* both lengths, another coding than chunked, chunked in HTTP/1.0 */
	FENCE_BODY,             /* a body on a method that has none */
	FENCE_EXPECT,
	FENCE_COOKIE,
	FENCE_REASON_COUNT,
};

enum fence_field {
	HEADER_HOST, HEADER_CONTENT_LENGTH, HEADER_TRANSFER_ENCODING, HEADER_EXPECT, HEADER_COOKIE, HEADER_AUTHORIZATION,
	HEADER_CONTENT_TYPE, HEADER_CONTENT_ENCODING, HEADER_ORIGIN, HEADER_SEC_FETCH_SITE, HEADER_ACCEPT_LANGUAGE,
	HEADER_ACCEPT_ENCODING, HEADER_IF_NONE_MATCH, HEADER_FORWARDED_FOR, HEADER_REQUEST_ID, HEADER_IDEMPOTENCY_KEY,
	HEADER_UPLOAD_OFFSET, HEADER_CONNECTION, HEADER_UPGRADE, HEADER_WEBSOCKET_KEY, HEADER_WEBSOCKET_VERSION, HEADER_USER_AGENT,
	HEADER_FORWARDED_PROTO, HEADER_PROOF, HEADER_RANGE, HEADER_IF_RANGE, HEADER_COUNT,
};

struct fence_limits {
	size_t whole;           /* bytes of the head */
	size_t target;          /* bytes of path and query */
	size_t value;           /* bytes of one header value */
	size_t cookie;          /* bytes of Cookie */
	size_t headers;         /* how many */
};
struct fence_limits fence_limits_of(const struct setting_values *v);

struct fence {
	const struct fence_limits *limits;
	enum fence_reason reason;               /* the first found */
	const char *next;                       /* where the next line must start */
	const char *field[HEADER_COUNT];         /* NULL when absent; point into the head */
	size_t headers;
	int64_t content_length;                 /* −1: none given */
	bool is_chunked;
	bool is_1_1;
};

/* The request line as received: `line` is where the method starts, target_n the bytes of the target before it was cut at
 * '?'. Then each header in order of receipt, then the end. */
void fence_line(struct fence *f, const struct fence_limits *limits, const char *method, const char *target,
                size_t target_n, const char *version);
void fence_header(struct fence *f, const char *name, const char *value);
/* `end` is the first byte behind the blank line, as the parser has it. */
enum fence_reason fence_end(struct fence *f, const char *method, const char *end);

int fence_error(enum fence_reason reason);              /* the error code that the client gets */
const char *fence_name(enum fence_reason reason);       /* "duplicate", for logs and metrics */
