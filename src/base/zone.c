/* The zone database on disk, and the two questions to a table. */
#include "base/zone.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DATABASE "/usr/share/zoneinfo"

enum { LONGEST_NAME = 64, LARGEST_FILE = 16 << 10 };

/* Names of zones begin with a capital; localtime, posix/ and right/ beside them are no zones, and no name leads out of the folder. */
static bool is_name(const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
	return s[0] >= 'A' && s[0] <= 'Z' && strlen(s) <= LONGEST_NAME && s[strspn(s, letters)] == '\0';
}

static void close_file(const int *file)
{
	if (*file >= 0)
		close(*file);
}

int zone_load(struct arena *a, const char *name, struct zone *out)
{
	char path[sizeof(DATABASE) + LONGEST_NAME + 2];
	if (!is_name(name))
		return ERR_ZONE;
	snprintf(path, sizeof(path), DATABASE "/%s", name);
	__attribute__((cleanup(close_file))) int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return ERR_ZONE;
	uint8_t content[LARGEST_FILE];
	ssize_t n = read(file, content, sizeof(content));
	return n < 0 ? ERR_ZONE : zone_parse(a, name, (struct bytes){ content, (size_t)n }, out);
}

int32_t zone_offset(const struct zone *z, time_ms at)
{
	size_t low = 0, high = z->n;              /* low has happened, or is the first; high has not */
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (z->shifts[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return z->shifts[low].offset_ms;
}

time_ms zone_instant(const struct zone *z, int64_t wall_ms)
{
	size_t i = 0;                             /* the last shift that has happened when the wall, on the offset before it, shows wall_ms */
	while (i + 1 < z->n && z->shifts[i + 1].at <= wall_ms - z->shifts[i].offset_ms)
		i++;
	time_ms at = wall_ms - z->shifts[i].offset_ms;
	return i && at < z->shifts[i].at ? wall_ms - z->shifts[i - 1].offset_ms : at;
}
