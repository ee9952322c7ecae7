/* The entries of a zip by name. Names come in UTF-8 or, from Windows in Chinese, in GB18030 without saying so. */
#include <string.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>

#include "engine/bundle/bundle_private.h"

static const char *decoded(struct bundle *b, const char *raw)
{
	size_t n = strlen(raw), room = 3 * n + 4;
	if (utf8_is_text(raw, n))
		return raw;
	UErrorCode status = U_ZERO_ERROR;
	char *text = arena_alloc(b->arena, room);
	int32_t made = ucnv_convert("UTF-8", "GB18030", text, (int32_t)room, raw, (int32_t)n, &status);
	if (U_FAILURE(status) || made < 0 || (size_t)made >= room)
		return NULL;
	text[made] = 0;
	return text;
}

/* Where this name is kept, or would be (FNV-1a). */
static struct bundle_name *place_of(struct bundle *b, const char *path)
{
	uint32_t hash = 2166136261u;
	for (const char *p = path; *p; p++)
		hash = (hash ^ (uint8_t)*p) * 16777619u;
	for (size_t i = hash & (b->room - 1);; i = (i + 1) & (b->room - 1))
		if (!b->names[i].path || !strcmp(b->names[i].path, path))
			return &b->names[i];
}

/* All entries in one folder: tables name their files as they lay in it. */
static void note_top(struct bundle *b, const char *path, bool *mixed)
{
	size_t n = strcspn(path, "/");
	if (!path[n])
		*mixed = true;
	else if (!*b->top)
		b->top = arena_string_n(b->arena, path, n + 1);
	else if (strncmp(b->top, path, n + 1) != 0)
		*mixed = true;
}

static int add_entry(struct bundle *b, uint64_t index, uint64_t *left, bool *mixed)
{
	zip_stat_t st;
	const char *raw = zip_get_name(b->zip, index, ZIP_FL_ENC_RAW);
	if (!raw || zip_stat_index(b->zip, index, 0, &st) < 0 || !(st.valid & ZIP_STAT_SIZE))
		return 0;       /* nobody finds it */
	if (st.size > *left)
		return ERR_BUNDLE_LIMIT;
	*left -= st.size;
	size_t n = strlen(raw);
	const char *name = decoded(b, raw), *path = name ? bundle_path(b->arena, name) : NULL;
	if (!path || (n && raw[n - 1] == '/') || !strncmp(path, "__MACOSX/", 9))
		return 0;
	struct bundle_name *place = place_of(b, path);
	if (place->path) {
		place->twice = true;
		return 0;
	}
	*place = (struct bundle_name){ path, index, false };
	note_top(b, path, mixed);
	return 0;
}

int bundle_zip_open(struct bundle *b, const char *path, const char **arg)
{
	int error;
	b->zip = zip_open(path, ZIP_RDONLY, &error);
	if (!b->zip)
		return ERR_BUNDLE_FORMAT;
	zip_int64_t n = zip_get_num_entries(b->zip, 0);
	if (n < 0 || n > (zip_int64_t)b->limits.entries) {
		*arg = arena_format(b->arena, "entries ≤ %u", b->limits.entries);
		return ERR_BUNDLE_LIMIT;
	}
	for (b->room = 16; b->room < 2 * (size_t)n; b->room *= 2)
		;
	b->names = ARENA_ARRAY(b->arena, struct bundle_name, b->room);
	uint64_t left = b->limits.bytes;
	bool mixed = false;
	for (zip_int64_t i = 0; i < n; i++) {
		if (add_entry(b, (uint64_t)i, &left, &mixed) == 0)
			continue;
		*arg = arena_format(b->arena, "≤ %llu MB", (unsigned long long)b->limits.bytes >> 20);
		return ERR_BUNDLE_LIMIT;
	}
	if (mixed)
		b->top = "";
	return 0;
}

/* A link, a device or a folder, as Unix programs note it. */
static bool is_odd(struct bundle *b, uint64_t index)
{
	zip_uint8_t system;
	zip_uint32_t attributes;
	if (zip_file_get_external_attributes(b->zip, index, 0, &system, &attributes) < 0)
		return true;
	mode_t mode = (mode_t)(attributes >> 16) & S_IFMT;
	return (system == ZIP_OPSYS_UNIX || system == ZIP_OPSYS_OS_X) && mode && mode != S_IFREG;
}

int bundle_zip_find(struct bundle *b, const char *path)
{
	zip_stat_t st;
	struct bundle_name *found = place_of(b, path);
	if (!found->path && *b->top)
		found = place_of(b, arena_format(b->arena, "%s%s", b->top, path));
	if (!found->path)
		return ERR_BUNDLE_ABSENT;
	if (found->twice)
		return ERR_BUNDLE_TWICE;
	if (is_odd(b, found->index))
		return ERR_BUNDLE_KIND;
	if (zip_stat_index(b->zip, found->index, 0, &st) < 0)
		return ERR_SHEET_DAMAGED;
	if (!(st.valid & ZIP_STAT_ENCRYPTION_METHOD) || st.encryption_method != ZIP_EM_NONE)
		return ERR_BUNDLE_LOCKED;
	b->size = st.size;
	b->packed = st.comp_size;
	b->file = zip_fopen_index(b->zip, found->index, 0);
	return b->file ? 0 : ERR_SHEET_DAMAGED;
}
