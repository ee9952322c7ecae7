/* Word documents, as parts.h makes them. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/document/docx.h"
#include "parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Each mark of a picture is one that the reader counted, and nothing in the words makes another. */
static void check(const struct docx_text *text)
{
	if (!utf8_is_text(text->body, strlen(text->body)) || (text->title && !utf8_is_text(text->title, strlen(text->title))))
		abort();
	if (strstr(text->body, "](file:"))
		abort();
	for (const char *p = text->body; (p = strstr(p, "](picture:"));) {
		p += strlen("](picture:");
		if (strtoul(p, NULL, 10) >= text->pictures)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct bytes file = package_of(a, data, n);
	struct sheet_source source = sheet_from_bytes(&file);
	const struct docx_limits limits = { .text = 64 << 10, .uncompressed = 4 << 20, .pictures = 5, .picture = 64 << 10 };
	struct sheet_fault fault;
	struct docx_text text;
	DOCX_SCOPED d = NULL;
	int r = docx_open(a, &source, &limits, &fault, &d);
	if (r == 0)
		r = docx_read(d, &text);
	if (r == 0)
		check(&text);
	for (size_t i = 0; r == 0 && i < text.pictures; i++) {
		struct bytes bytes;
		r = docx_picture(d, i, a, &bytes);
		if (r == 0 && bytes.n > limits.picture)
			abort();
	}
	if (r < 0 && fault.code != r)
		abort();
	return 0;
}
