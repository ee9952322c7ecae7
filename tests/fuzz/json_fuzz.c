/* JSON through a shape: whatever is accepted is written and read back as the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct inner {
	const char *name;
	int64_t at;
};

struct outer {
	int64_t id, count, due, day, money;
	const char *text, *code, *free;
	struct inner *inner;
	struct list inners, words;
};

static const struct member inner_members[] = {
	MEMBER(struct inner, name, text, .flags = MEMBER_REQUIRED, .most = 20),
	MEMBER(struct inner, at, time_ms),
};
static const struct shape inner_shape = SHAPE("inner", struct inner, inner_members);
static const struct member outer_members[] = {
	MEMBER(struct outer, id, id), MEMBER(struct outer, count, count), MEMBER(struct outer, due, time_ms, .flags = MEMBER_NULLABLE),
	MEMBER(struct outer, day, day), MEMBER(struct outer, money, fen), MEMBER(struct outer, text, text), MEMBER(struct outer, code, code),
	MEMBER(struct outer, free, json), MEMBER(struct outer, inner, shape, .shape = &inner_shape),
	MEMBER(struct outer, inners, list, .shape = &inner_shape, .most = 10), MEMBER(struct outer, words, list, .item = TYPE_code, .most = 10),
};
static const struct shape outer_shape = SHAPE("outer", struct outer, outer_members);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct outer first, second;
	struct error e = { 0 };
	bool valid = json_is_valid((const char *)data, n, 32);
	int r = json_read(a, &outer_shape, (const char *)data, n, &first, NULL, &e);
	if (r < 0 && !e.code)
		abort();
	if (r < 0)
		return 0;
	if (!valid)
		abort();
	struct text once = text_in(a), twice = text_in(a);
	json_write(&once, &outer_shape, &first);
	error_clear(&e);
	if (json_read(a, &outer_shape, text_end(&once), once.n, &second, NULL, &e) < 0)
		return 0;              /* members that were absent may be required to hold something */
	json_write(&twice, &outer_shape, &second);
	if (once.n != twice.n || memcmp(once.p, twice.p, once.n) != 0)
		abort();
	return 0;
}
