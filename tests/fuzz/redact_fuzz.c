/* Redaction of any bytes: what was valid stays valid, and a second pass finds nothing that the first one left. */
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
	const char *out = redact(a, text, n, &first), *again = redact(a, out, strlen(out), &second);
	if (utf8_is_text(text, n) && !utf8_is_text(out, strlen(out)))
		abort();
	if (second.phones || second.identities || second.cards || second.mails || second.addresses || strcmp(out, again))
		abort();
	return 0;
}
