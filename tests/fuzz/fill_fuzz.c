/* Any text as a template, with itself as the value of each variable: what is written is as long as its pieces say, so nothing was read
 * twice, and a text without braces stays as it is. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/fill/fill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = { "customer.name", "ticket.no", "company.phone" };
	ARENA_SCOPED a = arena_new();
	const char *text = arena_string_n(a, (const char *)data, n);
	const char *const values[] = { text, NULL, text };
	size_t length = strlen(text), expected = 0;
	struct fill f;
	struct fill_fault fault;
	uint64_t missing;
	if (fill_cut(a, text, names, 3, &f, &fault) < 0) {
		if (!fault.code || fault.at + fault.n > length)
			abort();
		return 0;
	}
	for (size_t i = 0; i < f.n; i++) {
		const struct fill_piece *p = &f.at[i];
		bool has = p->variable >= 0 && !text_empty(values[p->variable]);
		expected += has ? length : p->variable < 0 || p->may_lack ? p->n : 0;
	}
	const char *out = fill_write(a, &f, values, &missing);
	if (strlen(out) != expected || (missing & ~f.used) || (!strstr(text, "{{") && strcmp(out, text)))
		abort();
	return 0;
}
