/* Opening a sheet: which format it is, told by its content; then rows until the end. */
#include "engine/sheet/sheet_private.h"

#include <string.h>

static void fill_limits(struct sheet_limits *l)
{
	const struct sheet_limits *d = &sheet_limits_default;
#define FILL(field) (l->field = l->field ? l->field : d->field)
	FILL(rows), FILL(columns), FILL(cell_bytes), FILL(entries), FILL(ratio);
	FILL(uncompressed), FILL(strings), FILL(string_bytes), FILL(merges);
#undef FILL
}

static bool starts(const char *head, size_t n, const char *magic, size_t magic_n)
{
	return n >= magic_n && memcmp(head, magic, magic_n) == 0;
}

/* By content, never by file name: programs export HTML and old binary workbooks under every name. */
static int open_by_magic(struct sheet *s)
{
	char head[512];
	int64_t n = sheet_read(s, 0, head, sizeof(head));
	TRY((int)n);
	if (n == 0)
		return sheet_fail(s, ERR_SHEET_EMPTY, 0, 0, NULL);
	if (starts(head, (size_t)n, "PK\3\4", 4))
		return xlsx_open(s);
	if (starts(head, (size_t)n, "\xD0\xCF\x11\xE0", 4))
		return sheet_fail(s, ERR_SHEET_OLD, 0, 0, NULL);
	const char *p = head, *end = head + n;
	if (starts(p, (size_t)n, "\xEF\xBB\xBF", 3))
		p += 3;
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	if (p < end && *p == '<')
		return sheet_fail(s, ERR_SHEET_FORMAT, 0, 0, NULL);
	return csv_open(s);
}

int sheet_open(struct arena *a, const struct sheet_source *source, const struct sheet_limits *limits,
	       struct sheet_fault *fault, struct sheet **out)
{
	*out = NULL;
	*fault = (struct sheet_fault){ 0 };
	struct sheet *s = ARENA_NEW(a, struct sheet);
	s->arena = a;
	s->source = *source;
	s->fault = fault;
	if (limits)
		s->limits = *limits;
	fill_limits(&s->limits);
	int r = open_by_magic(s);
	if (r < 0) {
		sheet_close(s);
		return r;
	}
	*out = s;
	return 0;
}

int sheet_next(struct sheet *s, struct sheet_row *row)
{
	if (s->held_next < s->held_count) {
		*row = s->held[s->held_next++];
		return 1;
	}
	return s->reader->next(s, row);
}

void sheet_info(const struct sheet *s, struct sheet_info *info)
{
	*info = s->info;
}

void sheet_close(struct sheet *s)
{
	if (s && s->reader)
		s->reader->close(s);
	if (s)
		s->reader = NULL;
}

void sheet_close_pointer(struct sheet **s)
{
	sheet_close(*s);
}
