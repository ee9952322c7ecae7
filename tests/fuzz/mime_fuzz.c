/* A mail of anybody's: read without harm, what comes of it can be shown, and a quotation is a part of the text. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "channel/mail/mail_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void show(const char *s)
{
	if (!utf8_is_text(s, strlen(s)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct mail_read m;
	mail_read(a, (struct bytes){ data, n }, &m);
	const char *const texts[] = { m.id, m.from, m.from_name, m.subject, m.said, m.quoted, m.mark, m.bounce_of, m.bounce_action, m.bounce_status, m.bounce_to, m.bounce_words };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		show(texts[i]);
	for (size_t i = 0; i < m.file_n; i++) {
		show(m.files[i].name);
		show(m.files[i].type);
	}
	show(mail_bare_subject(m.subject));
	if (!*mail_verdict(a, &m, "mx.example.cn"))
		abort();
	return 0;
}
