/* The head of a request, fuzzed: split as leniently as libmicrohttpd 0.9.75 does it, then judged by the fence, by the limits that
 * a server has. Whatever the fence lets pass must be exactly what RFC 9112 allows when its bytes are read again, strictly, and
 * within those limits: that is the oracle. Target and cookies that pass must be clean text. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "net/http.h"
#include "net/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MOST = 64 * 1024 };             /* more than a lawful head, as much as a connection holds */

struct head {
	char p[MOST + 2];
	size_t n, at;
};

/* The next line, its end replaced by NUL as libmicrohttpd does it; NULL when it is not complete. */
static char *next_line(struct head *h)
{
	char *line = h->p + h->at;
	size_t i = h->at;
	while (i < h->n && h->p[i] != '\r' && h->p[i] != '\n')
		i++;
	if (i >= h->n || (h->p[i] == '\r' && i + 1 >= h->n))
		return NULL;
	if (h->p[i] == '\r' && h->p[i + 1] == '\n')
		h->p[i++] = 0;
	h->p[i++] = 0;
	h->at = i;
	return line;
}

struct line {
	char *method, *target, *version;
	size_t target_n;
};

static bool split_first(char *line, struct line *out)
{
	char *blank = strchr(line, ' ');
	char *last = strrchr(line, ' ');
	if (!blank || blank == last)
		return false;
	out->method = line;
	*blank = 0;
	out->target = blank + 1;
	while (*out->target == ' ')
		out->target++;
	*last = 0;
	out->version = last + 1;
	out->target_n = strlen(out->target);
	return out->target < last;
}

/* Headers until the line that looks empty, folded lines swallowed as libmicrohttpd swallows them. */
static bool feed(struct head *h, struct fence *f)
{
	char *name = NULL, *value = NULL, *line;
	while ((line = next_line(h))) {
		if (name && (*line == ' ' || *line == '\t'))
			continue;
		if (name)
			fence_header(f, name, value);
		if (!*line)
			return true;
		char *colon = strchr(line, ':');
		if (!colon)
			return false;
		*colon = 0;
		name = line;
		value = colon + 1 + strspn(colon + 1, " \t");
		if (!*name) {
			/* a colon in front: for libmicrohttpd the head ends here */
			return true;
		}
	}
	return false;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_token_char(char c)
{
	return c > ' ' && c < 0x7F && !strchr("\"(),/:;<=>?@[\\]{}", c);
}

/* The strict reading of the same bytes, but for what leaves no trace (fence.h): NULs beside line ends, and a colon with LF or CR
 * for the blank line. */
static void check_strictly(char *p, size_t n, size_t end, const struct fence_limits *most)
{
	if (memchr(p, 0, end))
		return;
	if (end >= 2 && p[end - 2] == ':' && (p[end - 1] == '\n' || p[end - 1] == '\r'))
		memcpy(p + end - 2, "\r\n", 2);
	const char *stop = p + end;
	int lengths = 0, codings = 0, hosts = 0;
	size_t headers = 0;
	must(end <= n && end >= 4 && !memcmp(stop - 4, "\r\n\r\n", 4));
	const char *line_end = memmem(p, end, "\r\n", 2);
	const char *blank = memchr(p, ' ', end);
	must(blank && blank < line_end && http_method_of(strndupa(p, (size_t)(blank - p))) >= 0 && blank[1] == '/');
	const char *target_end = memchr(blank + 1, ' ', (size_t)(line_end - blank - 1));
	must(target_end && (!memcmp(target_end, " HTTP/1.1\r\n", 11) || !memcmp(target_end, " HTTP/1.0\r\n", 11)));
	must(end <= most->whole && (size_t)(target_end - blank - 1) <= most->target);
	for (const char *at = line_end + 2; at < stop - 2; at = line_end + 2) {
		line_end = memmem(at, (size_t)(stop - at), "\r\n", 2);
		const char *colon = memchr(at, ':', (size_t)(line_end - at));
		must(colon && colon > at);
		for (const char *c = at; c < colon; c++)
			must(is_token_char(*c));
		for (const char *c = colon + 1; c < line_end; c++)
			must((unsigned char)*c >= ' ' || *c == '\t');
		size_t name = (size_t)(colon - at), value = (size_t)(line_end - colon - 1) - strspn(colon + 1, " \t");
		bool is_cookie = name == 6 && !strncasecmp(at, "cookie", 6);
		must(value <= (is_cookie ? most->cookie : most->value) && ++headers <= most->headers);
		lengths += name == 14 && !strncasecmp(at, "content-length", 14);
		codings += name == 17 && !strncasecmp(at, "transfer-encoding", 17);
		hosts += name == 4 && !strncasecmp(at, "host", 4);
	}
	must(lengths <= 1 && codings <= 1 && hosts <= 1 && lengths + codings <= 1);
}

static bool read_parts(const char *target, size_t n, const char *cookie)
{
	ARENA_SCOPED a = arena_new();
	struct url u;
	struct http_pair cookies[URL_COOKIES];
	size_t count;
	if (url_read(a, target, n, &u) < 0)
		return false;
	for (size_t i = 0; i < u.segment_count; i++)
		must(utf8_is_text(u.segments[i], strlen(u.segments[i])) && !strchr(u.segments[i], '/') && strcmp(u.segments[i], ".."));
	for (size_t i = 0; i < u.query_count; i++)
		must(utf8_is_text(u.query[i].value, strlen(u.query[i].value)));
	if (cookie && cookies_read(a, cookie, cookies, &count) == 0)
		for (size_t i = 0; i < count; i++)
			must(cookies[i].name[0] && !strpbrk(cookies[i].value, ";\"\r\n"));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct head h;
	static char raw[MOST];
	struct fence f;
	struct line first;
	if (n > MOST)
		return 0;
	memcpy(h.p, data, n);
	h.p[n] = h.p[n + 1] = 0;
	h.n = n;
	h.at = 0;
	char *line = next_line(&h);
	if (!line || !split_first(line, &first))
		return 0;
	const struct fence_limits limits = fence_limits_of(&setting_defaults);
	fence_line(&f, &limits, first.method, first.target, first.target_n, first.version);
	if (!feed(&h, &f) || fence_end(&f, first.method, h.p + h.at))
		return 0;
	if (read_parts(first.target, first.target_n, f.field[HEADER_COOKIE]))
		check_strictly(memcpy(raw, data, n), n, h.at, &limits);
	return 0;
}
