/* Request targets and cookies. */
#include "net/url.h"

#include <string.h>

#include "base/text.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void url_encode(struct text *t, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	for (; *s; s++)
		if (strchr(plain, *s))
			text_char(t, *s);
		else
			text_format(t, "%%%02X", (unsigned char)*s);
}

bool url_is_web(const char *url, const char *without)
{
	bool is_web = !strncmp(url, "https://", 8) || !strncmp(url, "http://", 7);
	return is_web && strlen(url) > 8 && !strpbrk(url, without);
}

int url_decode(const char *in, size_t n, enum url_part part, char *out)
{
	size_t o = 0;
	for (size_t i = 0; i < n; i++) {
		char c = in[i];
		if (c <= ' ' || c == 0x7F || (c & 0x80))
			return ERR_BAD_REQUEST;
		if (c == '+' && part == URL_QUERY_PART)
			c = ' ';
		if (c == '%') {
			int high = i + 2 < n ? hex_digit(in[i + 1]) : -1;
			int low = i + 2 < n ? hex_digit(in[i + 2]) : -1;
			if (high < 0 || low < 0)
				return ERR_BAD_REQUEST;
			c = (char)(high << 4 | low);
			i += 2;
		}
		out[o++] = c;
	}
	out[o] = 0;
	/* a decoded NUL shows as a control character here, because o counts it */
	return utf8_is_text(out, o) ? 0 : ERR_ENCODING;
}

/* A segment as it may stand in a path: no line breaks or tabs either, and nothing a file system reads as more than a name. */
static bool segment_is_plain(const char *s)
{
	if (!strcmp(s, ".") || !strcmp(s, ".."))
		return false;
	for (; *s; s++)
		if (*s == '/' || *s == '\\' || (*s >= 0 && *s < ' '))
			return false;
	return true;
}

static int read_path(struct arena *a, const char *target, size_t n, struct url *out)
{
	struct text path = text_in(a);
	size_t i = 0;
	if (n == 1) {
		out->path = "/";
		return 0;
	}
	while (i < n) {
		size_t start = ++i;
		while (i < n && target[i] != '/')
			i++;
		bool is_last = i == n;
		if ((i == start && !is_last) || out->segment_count == URL_SEGMENTS)
			return ERR_BAD_REQUEST;
		char *segment = arena_alloc(a, i - start + 1);
		TRY(url_decode(target + start, i - start, URL_PATH, segment));
		if (!segment_is_plain(segment))
			return ERR_BAD_REQUEST;
		out->segments[out->segment_count++] = segment;
		text_char(&path, '/');
		text_append(&path, segment);
	}
	out->path = text_end(&path);
	return 0;
}

static int read_query(struct arena *a, const char *q, size_t n, struct url *out)
{
	size_t i = 0;
	while (i < n) {
		size_t start = i;
		while (i < n && q[i] != '&')
			i++;
		size_t end = i++;
		if (end == start)
			continue;
		if (out->query_count == URL_QUERY)
			return ERR_BAD_REQUEST;
		const char *equals = memchr(q + start, '=', end - start);
		size_t middle = equals ? (size_t)(equals - q) : end;
		char *name = arena_alloc(a, middle - start + 1);
		char *value = arena_alloc(a, end - middle + 1);
		TRY(url_decode(q + start, middle - start, URL_QUERY_PART, name));
		if (equals)
			TRY(url_decode(q + middle + 1, end - middle - 1, URL_QUERY_PART, value));
		out->query[out->query_count++] = (struct http_pair){ name, value };
	}
	return 0;
}

int url_read(struct arena *a, const char *target, size_t n, struct url *out)
{
	memset(out, 0, sizeof(*out));
	if (n == 0 || target[0] != '/')
		return ERR_BAD_REQUEST;
	const char *mark = memchr(target, '?', n);
	size_t path = mark ? (size_t)(mark - target) : n;
	TRY(read_path(a, target, path, out));
	if (!mark)
		return 0;
	return read_query(a, mark + 1, n - path - 1, out);
}

/* RFC 6265 cookie-octet; space and comma are let through because browsers send them. */
static bool cookie_value_is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < ' ' || s[i] == 0x7F || s[i] == '"' || s[i] == '\\')
			return false;
	return true;
}

static bool cookie_name_is_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] == 0x7F || strchr("\"(),/:<>?@[\\]{}", s[i]))
			return false;
	return n > 0;
}

static int read_cookie(struct arena *a, const char *p, size_t n, struct http_pair *out, size_t *count)
{
	const char *equals = memchr(p, '=', n);
	if (!equals || *count == URL_COOKIES)
		return ERR_BAD_REQUEST;
	size_t name = (size_t)(equals - p);
	const char *value = equals + 1;
	size_t length = n - name - 1;
	if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
		value++;
		length -= 2;
	}
	if (!cookie_name_is_plain(p, name) || !cookie_value_is_plain(value, length))
		return ERR_BAD_REQUEST;
	out[*count] = (struct http_pair){ arena_string_n(a, p, name), arena_string_n(a, value, length) };
	(*count)++;
	return 0;
}

int cookies_read(struct arena *a, const char *header, struct http_pair *out, size_t *count)
{
	*count = 0;
	while (*header) {
		while (*header == ' ' || *header == ';')
			header++;
		size_t n = strcspn(header, ";");
		size_t trimmed = n;
		while (trimmed > 0 && header[trimmed - 1] == ' ')
			trimmed--;
		if (trimmed)
			TRY(read_cookie(a, header, trimmed, out, count));
		header += n;
	}
	return 0;
}

const char *pair_find(const struct http_pair *pairs, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(pairs[i].name, name))
			return pairs[i].value;
	return NULL;
}
