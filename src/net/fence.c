/* The fence around request heads (RFC 9110, RFC 9112). */
#include "net/fence.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "net/route.h"

struct fence_limits fence_limits_of(const struct setting_values *v)
{
	return (struct fence_limits){
		.whole = (size_t)v->at[SETTING_HTTP_HEAD], .target = (size_t)v->at[SETTING_HTTP_TARGET], .value = (size_t)v->at[SETTING_HTTP_HEADER],
		.cookie = (size_t)v->at[SETTING_HTTP_COOKIE], .headers = (size_t)v->at[SETTING_HTTP_HEADERS],
	};
}

static const struct {
	const char *name;
	int error;
} reasons[FENCE_REASON_COUNT] = {
	[FENCE_PASS] = { "pass", 0 },
	[FENCE_METHOD] = { "method", ERR_METHOD },
	[FENCE_TARGET] = { "target", ERR_BAD_REQUEST },
	[FENCE_TARGET_SIZE] = { "target_size", ERR_URL_TOO_LONG },
	[FENCE_VERSION] = { "version", ERR_BAD_REQUEST },
	[FENCE_LAYOUT] = { "layout", ERR_BAD_REQUEST },
	[FENCE_HEADER_NAME] = { "header_name", ERR_BAD_REQUEST },
	[FENCE_HEADER_VALUE] = { "header_value", ERR_BAD_REQUEST },
	[FENCE_HEADER_SIZE] = { "header_size", ERR_HEADERS_TOO_LARGE },
	[FENCE_HEADER_COUNT] = { "header_count", ERR_HEADERS_TOO_LARGE },
	[FENCE_DUPLICATE] = { "duplicate", ERR_BAD_REQUEST },
	[FENCE_HOST] = { "host", ERR_BAD_REQUEST },
	[FENCE_LENGTH] = { "length", ERR_BAD_REQUEST },
	[FENCE_FRAMING] = { "framing", ERR_BAD_REQUEST },
	[FENCE_BODY] = { "body", ERR_BAD_REQUEST },
	[FENCE_EXPECT] = { "expect", ERR_EXPECTATION },
	[FENCE_COOKIE] = { "cookie", ERR_BAD_REQUEST },
};

/* Headers that mean something to us or to a proxy's framing: each may stand once (RFC 9110 §5.3). */
static const struct {
	const char *name;
	size_t n;
} fields[HEADER_COUNT] = {
#define FIELD(index, text) [index] = { text, sizeof(text) - 1 }
	FIELD(HEADER_HOST, "host"),
	FIELD(HEADER_CONTENT_LENGTH, "content-length"),
	FIELD(HEADER_TRANSFER_ENCODING, "transfer-encoding"),
	FIELD(HEADER_EXPECT, "expect"),
	FIELD(HEADER_COOKIE, "cookie"),
	FIELD(HEADER_AUTHORIZATION, "authorization"),
	FIELD(HEADER_CONTENT_TYPE, "content-type"),
	FIELD(HEADER_CONTENT_ENCODING, "content-encoding"),
	FIELD(HEADER_ORIGIN, "origin"),
	FIELD(HEADER_SEC_FETCH_SITE, "sec-fetch-site"),
	FIELD(HEADER_ACCEPT_LANGUAGE, "accept-language"),
	FIELD(HEADER_ACCEPT_ENCODING, "accept-encoding"),
	FIELD(HEADER_IF_NONE_MATCH, "if-none-match"),
	FIELD(HEADER_FORWARDED_FOR, "x-forwarded-for"),
	FIELD(HEADER_REQUEST_ID, "x-request-id"),
	FIELD(HEADER_IDEMPOTENCY_KEY, "idempotency-key"),
	FIELD(HEADER_UPLOAD_OFFSET, "upload-offset"),
	FIELD(HEADER_CONNECTION, "connection"),
	FIELD(HEADER_UPGRADE, "upgrade"),
	FIELD(HEADER_WEBSOCKET_KEY, "sec-websocket-key"),
	FIELD(HEADER_WEBSOCKET_VERSION, "sec-websocket-version"),
	FIELD(HEADER_USER_AGENT, "user-agent"),
	FIELD(HEADER_FORWARDED_PROTO, "x-forwarded-proto"),
	FIELD(HEADER_PROOF, "x-proof"),
	FIELD(HEADER_RANGE, "range"),
	FIELD(HEADER_IF_RANGE, "if-range"),
#undef FIELD
};

int fence_error(enum fence_reason reason)
{
	return reasons[reason].error;
}

const char *fence_name(enum fence_reason reason)
{
	return reasons[reason].name;
}

static void refuse(struct fence *f, enum fence_reason reason)
{
	if (!f->reason)
		f->reason = reason;
}

void fence_line(struct fence *f, const struct fence_limits *limits, const char *method, const char *target,
                size_t target_n, const char *version)
{
	memset(f, 0, sizeof(*f));
	f->limits = limits;
	f->content_length = -1;
	f->is_1_1 = !strcmp(version, "HTTP/1.1");
	if (http_method_of(method) < 0)
		refuse(f, FENCE_METHOD);
	if (!f->is_1_1 && strcmp(version, "HTTP/1.0"))
		refuse(f, FENCE_VERSION);
	if (target_n > limits->target)
		refuse(f, FENCE_TARGET_SIZE);
	if (target != method + strlen(method) + 1 || version != target + target_n + 1)
		refuse(f, FENCE_LAYOUT);
	else if (version[strlen(version) + 1])
		refuse(f, FENCE_LAYOUT);
	f->next = version + strlen(version) + 2;
}

/* RFC 9110 §5.6.2 */
static bool is_token(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		if (c <= ' ' || c == 0x7F || (c & 0x80) || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return n > 0;
}

static bool value_is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < ' ' ? s[i] != '\t' : s[i] == 0x7F)
			return false;
	return true;
}

/* True when the line stands where the one before ended, with nothing but blanks after its colon, and ends with CRLF. */
static bool line_is_whole(struct fence *f, const char *name, size_t name_n, const char *value, size_t value_n)
{
	enum { MOST_BLANKS = 64 };
	const char *after = name + name_n + 1;
	if (name != f->next || value < after || value - after > MOST_BLANKS)
		return false;
	for (; after < value; after++)
		if (*after != ' ' && *after != '\t')
			return false;
	f->next = value + value_n + 2;
	return !value[value_n + 1];
}

static int field_of(const char *name, size_t n)
{
	for (int i = 0; i < HEADER_COUNT; i++)
		if (fields[i].n == n && !strncasecmp(fields[i].name, name, n))
			return i;
	return -1;
}

void fence_header(struct fence *f, const char *name, const char *value)
{
	size_t name_n = strlen(name), value_n = strlen(value);
	if (f->reason)
		return;
	if (!is_token(name, name_n))
		return refuse(f, FENCE_HEADER_NAME);
	if (!line_is_whole(f, name, name_n, value, value_n))
		return refuse(f, FENCE_LAYOUT);
	if (!value_is_plain(value, value_n))
		return refuse(f, FENCE_HEADER_VALUE);
	if (++f->headers > f->limits->headers)
		return refuse(f, FENCE_HEADER_COUNT);
	int i = field_of(name, name_n);
	if (value_n > (i == HEADER_COOKIE ? f->limits->cookie : f->limits->value) || name_n > 128)
		return refuse(f, FENCE_HEADER_SIZE);
	if (i < 0)
		return;
	if (f->field[i])
		return refuse(f, FENCE_DUPLICATE);
	f->field[i] = value;
}

/* 1*DIGIT that fits; anything else (signs, lists, blanks inside) is somebody's other reading. */
static int64_t length_of(const char *s)
{
	int64_t n = 0;
	size_t digits = strlen(s);
	if (digits == 0 || digits > 18)
		return -1;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -1;
		n = n * 10 + (*s - '0');
	}
	return n;
}

static bool host_is_plain(const char *s)
{
	size_t n = strlen(s);
	if (n == 0 || n > 255)
		return false;
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]") == n;
}

static void check_framing(struct fence *f, const char *method)
{
	const char *coding = f->field[HEADER_TRANSFER_ENCODING];
	const char *length = f->field[HEADER_CONTENT_LENGTH];
	if (coding) {
		if (length || !f->is_1_1 || strcasecmp(coding, "chunked"))
			return refuse(f, FENCE_FRAMING);
		f->is_chunked = true;
	}
	if (length) {
		f->content_length = length_of(length);
		if (f->content_length < 0)
			return refuse(f, FENCE_LENGTH);
	}
	int m = http_method_of(method);
	bool has_no_body = m == HTTP_GET || m == HTTP_HEAD || m == HTTP_OPTIONS;
	if (has_no_body && (coding || f->content_length > 0))
		refuse(f, FENCE_BODY);
}

enum fence_reason fence_end(struct fence *f, const char *method, const char *end)
{
	const char *host = f->field[HEADER_HOST];
	const char *expect = f->field[HEADER_EXPECT];
	if (f->reason)
		return f->reason;
	/* a line that starts with a colon ends the head for libmicrohttpd; a bare LF makes it shorter */
	if (end != f->next + 2 || f->next[0] || f->next[1])
		refuse(f, FENCE_LAYOUT);
	if ((size_t)(end - method) > f->limits->whole)
		refuse(f, FENCE_HEADER_SIZE);
	if (host ? !host_is_plain(host) : f->is_1_1)
		refuse(f, FENCE_HOST);
	if (expect && (!f->is_1_1 || strcasecmp(expect, "100-continue")))
		refuse(f, FENCE_EXPECT);
	check_framing(f, method);
	return f->reason;
}
