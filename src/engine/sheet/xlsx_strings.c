/* Shared strings: every text of the workbook once, by number. The only part that is held as a whole. */
#include <string.h>

#include "engine/sheet/xlsx.h"

enum { BLOCK = 4096, PACK = 65536 };

/* A string is packed as four bytes of length, its bytes, NUL. */

static char *reserve(struct strings *t, size_t n)
{
	if ((size_t)(t->packed_end - t->packed) < n) {
		size_t room = n > PACK ? n : PACK;
		t->packed = arena_alloc(t->arena, room);
		t->packed_end = t->packed + room;
	}
	char *p = t->packed;
	t->packed += n;
	return p;
}

static void add(struct strings *t, const char *p, size_t n)
{
	ARENA_GROW(t->arena, t->blocks, t->count / BLOCK, t->block_room);
	if (t->count % BLOCK == 0)
		t->blocks[t->count / BLOCK] = ARENA_ARRAY(t->arena, const char *, BLOCK);
	uint32_t length = (uint32_t)n;
	char *to = reserve(t, n + 5);
	memcpy(to, &length, 4);
	memcpy(to + 4, p, n);
	to[4 + n] = '\0';
	t->blocks[t->count / BLOCK][t->count % BLOCK] = to;
	t->count++;
	t->bytes += n;
}

const char *strings_get(const struct strings *t, uint64_t index, size_t *n)
{
	if (index >= t->count)
		return NULL;
	const char *p = t->blocks[index / BLOCK][index % BLOCK];
	uint32_t length;
	memcpy(&length, p, 4);
	*n = length;
	return p + 4;
}

/* ---- _xHHHH_ ---- */

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character of an escape at p, or -1. */
static int escape_at(const char *p, size_t n)
{
	if (n < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
		return -1;
	int value = 0;
	for (int i = 2; i < 6; i++) {
		if (hex(p[i]) < 0)
			return -1;
		value = value * 16 + hex(p[i]);
	}
	return value;
}

/* Writes only what fits in the seven bytes of the escape; halves of surrogates and most controls are dropped. */
static size_t write_escaped(char *to, int c)
{
	if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xC0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	to[0] = (char)(0xE0 | c >> 12);
	to[1] = (char)(0x80 | (c >> 6 & 0x3F));
	to[2] = (char)(0x80 | (c & 0x3F));
	return 3;
}

size_t xlsx_unescape(char *p, size_t n)
{
	if (!memmem(p, n, "_x", 2))
		return n;
	size_t w = 0;
	for (size_t r = 0; r < n;) {
		int c = escape_at(p + r, n - r);
		if (c < 0) {
			p[w++] = p[r++];
		} else {
			w += write_escaped(p + w, c);
			r += 7;
		}
	}
	return w;
}

/* ---- sharedStrings.xml ---- */

struct reading {
	struct strings *strings;
	struct text value;
	bool in_text;
	uint32_t phonetic;             /* depth of rPh: how to pronounce, not part of the text */
};

static void string_start(struct xml *x, const char *name, const char **attributes)
{
	struct reading *r = x->self;
	if (xml_is(name, "si"))
		r->value.n = 0;
	else if (xml_is(name, "rPh"))
		r->phonetic++;
	else if (xml_is(name, "t"))
		r->in_text = r->phonetic == 0;
}

static void string_end(struct xml *x, const char *name)
{
	struct reading *r = x->self;
	const struct sheet_limits *most = &x->sheet->limits;
	if (xml_is(name, "t"))
		r->in_text = false;
	else if (xml_is(name, "rPh"))
		r->phonetic--;
	if (!xml_is(name, "si"))
		return;
	if (r->strings->count == most->strings)
		xml_stop(x, sheet_over(x->sheet, 0, 0, "shared strings", most->strings));
	else if (r->strings->bytes + r->value.n > most->string_bytes)
		xml_stop(x, sheet_over(x->sheet, 0, 0, "shared string bytes", most->string_bytes));
	else
		add(r->strings, r->value.p, xlsx_unescape(r->value.p, r->value.n));
}

static void string_characters(struct xml *x, const char *p, int n)
{
	struct reading *r = x->self;
	if (!r->in_text)
		return;
	if (r->value.n + (size_t)n > x->sheet->limits.cell_bytes)
		xml_stop(x, sheet_over(x->sheet, 0, 0, "cell bytes", x->sheet->limits.cell_bytes));
	else
		text_append_n(&r->value, p, (size_t)n);
}

int strings_read(struct sheet *s, struct package *p, const char *path, struct strings *out)
{
	*out = (struct strings){ .arena = s->arena };
	if (!path)
		return 0;
	struct reading reading = { .strings = out, .value = text_in(s->arena) };
	text_end(&reading.value);      /* so that an empty string has a place */
	struct xml x = { .sheet = s, .self = &reading, .start = string_start, .end = string_end, .characters = string_characters };
	int r = xml_read_part(&x, p, path);
	return r == ERR_NOT_FOUND ? 0 : r;
}
