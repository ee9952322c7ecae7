/* What anybody can send to a company's chat: bodies of messages and proofs through their shapes, and tokens and origins as text. Whatever is
 * accepted keeps to its bounds and is written and read back as the same. The first byte chooses. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "domain/conversation/conversation.h"
#include "domain/visitor/visitor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void keeps_its_bounds(const struct visit_message *m)
{
	must(m->external_id && utf8_count(m->external_id) >= 8 && utf8_count(m->external_id) <= 64);
	must(!m->text || utf8_count(m->text) <= 2000);
	must(!m->name || utf8_count(m->name) <= 40);
	must(m->file_ids.n <= MESSAGE_FILES_MOST);
	for (size_t i = 0; i < m->file_ids.n; i++)
		must(((const int64_t *)m->file_ids.at)[i] > 0);
}

static void again(struct arena *a, const struct shape *shape, const void *first)
{
	struct text once = text_in(a), twice = text_in(a);
	struct error e = { 0 };
	void *second = arena_alloc(a, shape->size);
	json_write(&once, shape, first);
	if (json_read(a, shape, text_end(&once), once.n, second, NULL, &e) < 0)
		return;                 /* members that were absent may be required to hold something */
	json_write(&twice, shape, second);
	must(once.n == twice.n && !memcmp(once.p, twice.p, once.n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct shape *const shapes[] = { &visit_message_shape, &visit_proof_shape, &conversation_rate_shape, &messages_read_shape };
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	if (n < 1)
		return 0;
	const struct shape *shape = shapes[data[0] % 4];
	void *read = arena_alloc(a, shape->size);
	char *origin = arena_string_n(a, (const char *)data + 1, n - 1);
	if (web_chat_is_origin(origin))
		must(strlen(origin) <= 200 && !strpbrk(origin, " \t\r\n\"'<>*@?#") && strstr(origin, "://") && !strchr(strstr(origin, "://") + 3, '/'));
	int r = json_read(a, shape, (const char *)data + 1, n - 1, read, NULL, &e);
	must(r >= 0 || e.code);
	if (r < 0)
		return 0;
	if (shape == &visit_message_shape)
		keeps_its_bounds(read);
	again(a, shape, read);
	return 0;
}
