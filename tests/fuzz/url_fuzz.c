/* Request targets and Cookie headers: what is accepted is text without control characters. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "net/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const char *s)
{
	if (!utf8_is_text(s, strlen(s)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct url url;
	if (url_read(a, (const char *)data, n, &url) == 0) {
		check(url.path);
		/* Only the last one may be empty, behind a slash at the end. */
		for (size_t i = 0; i < url.segment_count; i++)
			if ((!*url.segments[i] && i + 1 < url.segment_count) || strchr(url.segments[i], '/') || strcmp(url.segments[i], "..") == 0)
				abort();
		for (size_t i = 0; i < url.query_count; i++)
			check(url.query[i].value);
	}
	struct http_pair cookies[URL_COOKIES];
	size_t count;
	if (cookies_read(a, arena_string_n(a, (const char *)data, n), cookies, &count) == 0)
		for (size_t i = 0; i < count; i++)
			check(cookies[i].value);
	return 0;
}
