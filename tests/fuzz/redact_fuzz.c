/* Redaction: what was valid stays valid, and a second pass finds nothing that the first one left. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/redact/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	const char *text = (const char *)data;
	struct redact_count first, second;
	char *out = redact(a, text, n, &first);
	/* Callers hand in checked text only; of broken bytes nothing more is promised than to survive them. */
	if (!utf8_is_text(text, n))
		return 0;
	if (!utf8_is_text(out, strlen(out)))
		abort();
	redact(a, out, strlen(out), &second);
	if (second.identities || second.cards)
		abort();
	return 0;
}
