/* Files that are mapped and never changed, and how they come about. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/understand/understand_private.h"

#define MARK "AXKNOW01"

int understand_map_open(const char *path, struct understand_map *out)
{
	struct stat st;
	*out = (struct understand_map){ 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ERR_NOT_FOUND;
	int known = fstat(fd, &st);
	void *p = known == 0 && st.st_size > 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	close(fd);
	if (p == MAP_FAILED)
		return ERR_NOT_FOUND;
	*out = (struct understand_map){ p, (size_t)st.st_size };
	return 0;
}

void understand_map_close(struct understand_map *m)
{
	if (m->p)
		munmap(m->p, m->n);
	*m = (struct understand_map){ 0 };
}

int understand_file_write(const char *path, const struct bytes *parts, size_t n)
{
	ARENA_SCOPED a = arena_new();
	const char *beside = arena_format(a, "%s.%d", path, (int)getpid());
	FILE *f = fopen(beside, "we");
	bool good = f;
	if (!f)
		return ERR_INTERNAL;
	for (size_t i = 0; i < n; i++)
		good = good && (!parts[i].n || fwrite(parts[i].p, 1, parts[i].n, f) == parts[i].n);
	good = fclose(f) == 0 && good && rename(beside, path) == 0;
	if (!good)
		unlink(beside);
	return good ? 0 : ERR_INTERNAL;
}

void understand_head_write(struct text *t, const uint8_t hash[static UNDERSTAND_HASH])
{
	text_append_n(t, MARK, 8);
	text_append_n(t, hash, UNDERSTAND_HASH);
}

void understand_part_write(struct text *t, enum understand_part kind, const char *p, size_t n)
{
	static const char nothing[8];
	const uint64_t head[2] = { kind, n };
	text_append_n(t, head, sizeof(head));
	if (n)
		text_append_n(t, p, n);
	text_append_n(t, nothing, (8 - n % 8) % 8);
}

bool understand_head_is(struct bytes file, const uint8_t hash[static UNDERSTAND_HASH])
{
	return file.n >= UNDERSTAND_HEAD && !memcmp(file.p, MARK, 8) && !memcmp(file.p + 8, hash, UNDERSTAND_HASH);
}

void understand_sign_read(struct bytes file, uint8_t out[static UNDERSTAND_HASH])
{
	memcpy(out, file.p + 8, UNDERSTAND_HASH);
}

int understand_parts(struct bytes file, int (*fn)(void *arg, enum understand_part kind, struct bytes part), void *arg)
{
	if (file.n < UNDERSTAND_HEAD || memcmp(file.p, MARK, 8) != 0)
		return ERR_STATE;
	const uint8_t *p = file.p + UNDERSTAND_HEAD;
	size_t left = file.n - UNDERSTAND_HEAD;
	while (left > 0) {
		uint64_t head[2];
		if (left < sizeof(head))
			return ERR_STATE;
		memcpy(head, p, sizeof(head));
		p += sizeof(head);
		left -= sizeof(head);
		if (head[1] > left || head[1] + (8 - head[1] % 8) % 8 > left)
			return ERR_STATE;
		TRY(fn(arg, (enum understand_part)head[0], (struct bytes){ p, (size_t)head[1] }));
		size_t whole = (size_t)(head[1] + (8 - head[1] % 8) % 8);
		p += whole;
		left -= whole;
	}
	return 0;
}
