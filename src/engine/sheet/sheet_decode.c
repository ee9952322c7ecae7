/* Text of unknown encoding to UTF-8, piece by piece.
 *
 * The encoding is decided over the whole file: a BOM, else whether the bytes are valid UTF-8 or valid GB18030. A few broken
 * places do not change the verdict (exports cut texts in the middle of a character); they become U+FFFD. */
#include <string.h>
#include <unicode/ucnv.h>

#include "engine/sheet/sheet_private.h"

enum { PIECE = 65536 };

struct decoder {
	struct sheet *sheet;
	uint64_t at;                 /* of the next byte to read */
	bool utf8, broken, ended;
	size_t carried;              /* UTF-8: bytes of a character cut at the end of the last piece */
	UConverter *from, *to;       /* other encodings */
	UChar pivot[1024], *pivot_source, *pivot_target;
	const char *source, *source_end;
	bool fresh;
	char raw[PIECE + 8];
	char out[3 * PIECE + 32];    /* every broken byte may become three */
};

/* Length of the valid character at p, 0 when broken, -1 when cut by `end`. RFC 3629 table 3-7. */
static int utf8_length(const uint8_t *p, const uint8_t *end)
{
	uint8_t lead = *p;
	if (lead < 0x80)
		return 1;
	int n = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
	if (!n)
		return 0;
	uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
	uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
	for (int i = 1; i < n; i++, low = 0x80, high = 0xBF) {
		if (p + i == end)
			return -1;
		if (p[i] < low || p[i] > high)
			return 0;
	}
	return n;
}

/* Length of the GB18030 character at p by its shape, 0 when broken, -1 when cut. */
static int gb18030_length(const uint8_t *p, const uint8_t *end)
{
	if (*p < 0x80)
		return 1;
	if (*p == 0x80 || *p == 0xFF)
		return 0;
	if (end - p < 2)
		return -1;
	if (p[1] >= 0x40 && p[1] != 0x7F && p[1] != 0xFF)
		return 2;
	if (p[1] < 0x30 || p[1] > 0x39)
		return 0;
	if (end - p < 4)
		return -1;
	return p[2] >= 0x81 && p[2] != 0xFF && p[3] >= 0x30 && p[3] <= 0x39 ? 4 : 0;
}

struct tally {
	uint64_t good, bad;          /* characters of several bytes; broken places */
};

typedef int length_of(const uint8_t *p, const uint8_t *end);

/* Returns the bytes left over: a character that continues in the next piece. */
static size_t count_valid(length_of *length, const uint8_t *p, size_t n, struct tally *t)
{
	const uint8_t *end = p + n;
	while (p < end) {
		int step = length(p, end);
		if (step < 0)
			return (size_t)(end - p);
		t->good += step > 1;
		t->bad += step == 0;
		p += step ? step : 1;
	}
	return 0;
}

static int tally_file(struct sheet *s, struct decoder *d, length_of *length, struct tally *t, uint64_t *zeros)
{
	size_t left = 0;
	for (uint64_t at = 0;;) {
		int64_t n = sheet_read(s, at, d->raw + left, PIECE);
		TRY((int)n);
		if (n == 0)
			break;
		if (zeros)
			for (int64_t i = 0; i < n; i++)
				*zeros += d->raw[left + (size_t)i] == '\0';
		at += (uint64_t)n;
		size_t whole = left + (size_t)n;
		left = count_valid(length, (uint8_t *)d->raw, whole, t);
		memmove(d->raw, d->raw + whole - left, left);
	}
	t->bad += left > 0;
	return 0;
}

static int detect(struct sheet *s, struct decoder *d)
{
	struct tally utf8 = { 0 }, gb = { 0 };
	uint64_t zeros = 0;
	TRY(tally_file(s, d, utf8_length, &utf8, &zeros));
	if (zeros * 1000 > s->source.size)
		return sheet_fail(s, ERR_SHEET_FORMAT, 0, 0, NULL);
	s->info.encoding = "UTF-8";
	if (utf8.bad == 0 || utf8.good > 20 * utf8.bad)
		return 0;
	TRY(tally_file(s, d, gb18030_length, &gb, NULL));
	if (gb.bad && gb.good < 20 * gb.bad)
		return sheet_fail(s, ERR_SHEET_FORMAT, 0, 0, NULL);
	s->info.encoding = "GB18030";
	return 0;
}

static int detect_bom(struct sheet *s, struct decoder *d)
{
	int64_t n = sheet_read(s, 0, d->raw, 3);
	TRY((int)n);
	if (n >= 3 && memcmp(d->raw, "\xEF\xBB\xBF", 3) == 0) {
		s->info.encoding = "UTF-8";
		d->at = 3;
	} else if (n >= 2 && (memcmp(d->raw, "\xFF\xFE", 2) == 0 || memcmp(d->raw, "\xFE\xFF", 2) == 0)) {
		s->info.encoding = d->raw[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";
		d->at = 2;
	} else {
		TRY(detect(s, d));
	}
	return 0;
}

int decoder_open(struct sheet *s, struct decoder **out)
{
	struct decoder *d = ARENA_NEW(s->arena, struct decoder);
	d->sheet = s;
	*out = d;
	TRY(detect_bom(s, d));
	d->utf8 = strcmp(s->info.encoding, "UTF-8") == 0;
	if (d->utf8)
		return 0;
	UErrorCode status = U_ZERO_ERROR;
	d->from = ucnv_open(s->info.encoding, &status);
	d->to = ucnv_open("UTF-8", &status);
	if (U_FAILURE(status))
		return sheet_fail(s, ERR_INTERNAL, 0, 0, NULL);
	d->fresh = true;
	d->pivot_source = d->pivot_target = d->pivot;
	d->source = d->source_end = d->raw;
	return 0;
}

void decoder_close(struct decoder *d)
{
	if (!d)
		return;
	if (d->from)
		ucnv_close(d->from);
	if (d->to)
		ucnv_close(d->to);
	d->from = d->to = NULL;
}

bool decoder_broken(const struct decoder *d)
{
	return d->broken;
}

/* The rare way: copies, putting U+FFFD for every broken byte. */
static void mend(struct decoder *d, const uint8_t *p, const uint8_t *end, const char **out, size_t *n)
{
	char *w = d->out;
	while (p < end) {
		int step = utf8_length(p, end);
		if (step > 0) {
			memcpy(w, p, (size_t)step);
			w += step;
			p += step;
		} else {
			memcpy(w, "\xEF\xBF\xBD", 3);
			w += 3;
			p++;
		}
	}
	d->broken = true;
	*out = d->out;
	*n = (size_t)(w - d->out);
}

static int read_utf8_piece(struct decoder *d, const char **p, size_t *n)
{
	/* What was cut at the end of the last piece begins this one; it lies at raw[PIECE…]. */
	memmove(d->raw, d->raw + PIECE, d->carried);
	int64_t got = sheet_read(d->sheet, d->at, d->raw + d->carried, PIECE - d->carried);
	TRY((int)got);
	d->at += (uint64_t)got;
	size_t whole = d->carried + (size_t)got;
	d->carried = 0;
	struct tally t = { 0 };
	size_t left = count_valid(utf8_length, (uint8_t *)d->raw, whole, &t);
	if (got == 0 && left) {
		t.bad++;
		left = 0;
	}
	memcpy(d->raw + PIECE, d->raw + whole - left, left);
	d->carried = left;
	*p = d->raw;
	*n = whole - left;
	if (t.bad)
		mend(d, (uint8_t *)d->raw, (uint8_t *)d->raw + whole - left, p, n);
	return got > 0;
}

static int read_utf8(struct decoder *d, const char **p, size_t *n)
{
	int more;
	do {
		more = read_utf8_piece(d, p, n);
		TRY(more);
	} while (more && *n == 0);
	return 0;
}

static int read_converted(struct decoder *d, const char **p, size_t *n)
{
	char *target = d->out;
	while (target == d->out && !d->ended) {
		if (d->source == d->source_end) {
			int64_t got = sheet_read(d->sheet, d->at, d->raw, PIECE);
			TRY((int)got);
			d->at += (uint64_t)got;
			d->source = d->raw;
			d->source_end = d->raw + got;
		}
		bool last = d->source == d->source_end;
		UErrorCode status = U_ZERO_ERROR;
		ucnv_convertEx(d->to, d->from, &target, d->out + sizeof(d->out), &d->source, d->source_end, d->pivot,
			       &d->pivot_source, &d->pivot_target, d->pivot + 1024, d->fresh, last, &status);
		d->fresh = false;
		if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR)
			return sheet_fail(d->sheet, ERR_SHEET_FORMAT, 0, 0, NULL);
		d->ended = last && status != U_BUFFER_OVERFLOW_ERROR;
	}
	*p = d->out;
	*n = (size_t)(target - d->out);
	d->broken = d->broken || memmem(d->out, *n, "\xEF\xBF\xBD", 3);
	return 0;
}

int decoder_read(struct decoder *d, const char **p, size_t *n)
{
	return d->utf8 ? read_utf8(d, p, n) : read_converted(d, p, n);
}
