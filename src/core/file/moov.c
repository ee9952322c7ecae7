/* Walks the boxes of ISO/IEC 14496-12 §4.2: size, type, content; only moov and trak are entered. */
#include "core/file/moov.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { MOST_BOXES = 10000, DEEPEST = 4, HEAD = 8, LONG_HEAD = 16 };

struct box {
	int64_t at, size, head;
	char type[5];
};

static uint64_t big_endian(const uint8_t *p, int n)
{
	uint64_t v = 0;
	for (int i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static bool read_box(int fd, int64_t at, int64_t end, struct box *b)
{
	uint8_t p[LONG_HEAD] = { 0 };
	if (end - at < HEAD || pread(fd, p, (size_t)(end - at < LONG_HEAD ? end - at : LONG_HEAD), at) < HEAD)
		return false;
	uint64_t size = big_endian(p, 4);
	*b = (struct box){ .at = at, .head = size == 1 ? LONG_HEAD : HEAD };
	memcpy(b->type, p + 4, 4);
	if (size == 1)
		size = big_endian(p + 8, 8);
	if (size == 0)
		size = (uint64_t)(end - at);            /* to the end of the file */
	b->size = (int64_t)size;
	return size >= (uint64_t)b->head && size <= (uint64_t)(end - at);
}

static bool is_one_of(const struct box *b, const char *types)
{
	return strstr(types, b->type) != NULL;
}

static bool write_at(int fd, const void *p, size_t n, int64_t at)
{
	return pwrite(fd, p, n, at) == (ssize_t)n;
}

static bool wipe(int fd, const struct box *b)
{
	static const uint8_t zeros[4096];
	if (!write_at(fd, "free", 4, b->at + 4))
		return false;
	for (int64_t at = b->at + b->head, end = b->at + b->size; at < end;) {
		size_t n = end - at < (int64_t)sizeof(zeros) ? (size_t)(end - at) : sizeof(zeros);
		if (!write_at(fd, zeros, n, at))
			return false;
		at += (int64_t)n;
	}
	return true;
}

static bool walk(int fd, int64_t at, int64_t end, int depth, int *boxes)
{
	while (at < end) {
		struct box b;
		if (depth > DEEPEST || ++*boxes > MOST_BOXES || !read_box(fd, at, end, &b))
			return false;
		if (is_one_of(&b, "meta udta uuid") && !wipe(fd, &b))
			return false;
		if (is_one_of(&b, "moov trak") && !walk(fd, b.at + b.head, b.at + b.size, depth + 1, boxes))
			return false;
		at += b.size;
	}
	return true;
}

int moov_forget_place(int fd, int64_t size)
{
	struct box first;
	int boxes = 0;
	if (!read_box(fd, 0, size, &first) || strcmp(first.type, "ftyp") != 0)
		return 0;
	return walk(fd, 0, size, 0, &boxes) ? 0 : ERR_MEDIA_TYPE;
}
