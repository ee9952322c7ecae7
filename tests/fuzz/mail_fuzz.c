/* Mail from hostile names, subjects and texts: the header that comes out has our lines and no others. The input is cut at NULs
 * into sender's name, subject, recipient, text and html. */
#include <stdlib.h>
#include <string.h>

#include "net/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *next(struct arena *a, const uint8_t **p, size_t *left)
{
	size_t n = strnlen((const char *)*p, *left);
	const char *s = arena_string_n(a, (const char *)*p, n);
	*p += n < *left ? n + 1 : n;
	*left -= n < *left ? n + 1 : n;
	return s;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Every line of the header is one of ours or goes on with one. */
static void check(const char *text)
{
	static const char *const names[] = { "From: ", "To: ", "Subject: ", "Date: ", "Message-ID: ", "Auto-Submitted: ", "MIME-Version: ",
	                                     "Content-Type: ", "Content-Transfer-Encoding: " };
	const char *end = strstr(text, "\r\n\r\n");
	unsigned seen = 0;
	must(end != NULL);
	for (const char *line = text; line < end; line = strstr(line, "\r\n") + 2) {
		bool is_ours = *line == ' ' && line > text;
		for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			if (strncmp(line, names[i], strlen(names[i])))
				continue;
			must(!(seen & 1u << i));
			seen |= 1u << i;
			is_ours = true;
		}
		must(is_ours && strcspn(line, "\r\n") < 1000);
		must(memchr(line, '\n', strcspn(line, "\r")) == NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	const uint8_t *p = data;
	struct error e = { 0 };
	struct bytes out;
	struct mail m = { .from = "service@anxin.example", .id = "1" };
	m.from_name = next(a, &p, &n);
	m.subject = next(a, &p, &n);
	const char *to[] = { next(a, &p, &n), NULL };
	m.to = to;
	m.text = next(a, &p, &n);
	m.html = n ? next(a, &p, &n) : NULL;
	if (mail_compose(a, &m, 0, &out, &e) == 0)
		check((const char *)out.p);
	return 0;
}
