/* Sizes, scaling and turning of decoded pictures. */
#include "core/file/picture.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

void picture_bad(void)
{
	_exit(MEDIA_EXIT_BAD);
}

void picture_make(struct arena *a, struct picture *p, int width, int height, int channels)
{
	if (width < 1 || height < 1)
		picture_bad();
	if (width > PICTURE_LONGEST_SIDE || height > PICTURE_LONGEST_SIDE || (int64_t)width * height > PICTURE_MOST_PIXELS)
		_exit(MEDIA_EXIT_TOO_LARGE);
	*p = (struct picture){ .width = width, .height = height, .channels = channels, .turn = 1 };
	p->pixels = arena_array(a, (size_t)width * (size_t)height, (size_t)channels);
}

/* Mean of the source rectangle that one target pixel covers, whole source pixels only: at least one, none left out. */
static void average(const struct picture *p, int x0, int x1, int y0, int y1, uint8_t *out)
{
	uint64_t sum[4] = { 0 };
	for (int y = y0; y < y1; y++) {
		const uint8_t *row = p->pixels + ((size_t)y * (size_t)p->width + (size_t)x0) * (size_t)p->channels;
		for (int x = x0; x < x1; x++, row += p->channels)
			for (int i = 0; i < p->channels; i++)
				sum[i] += row[i];
	}
	uint64_t n = (uint64_t)(x1 - x0) * (uint64_t)(y1 - y0);
	for (int i = 0; i < p->channels; i++)
		out[i] = (uint8_t)((sum[i] + n / 2) / n);
}

static int scaled(int length, int from, int to)
{
	int n = (int)((int64_t)length * to / from);
	return n ? n : 1;
}

struct picture picture_fit(struct arena *a, const struct picture *p, int side)
{
	int longest = p->width > p->height ? p->width : p->height;
	if (longest <= side)
		return *p;
	struct picture out;
	picture_make(a, &out, scaled(p->width, longest, side), scaled(p->height, longest, side), p->channels);
	out.turn = p->turn;
	uint8_t *to = out.pixels;
	for (int y = 0; y < out.height; y++) {
		int y0 = (int)((int64_t)y * p->height / out.height), y1 = (int)((int64_t)(y + 1) * p->height / out.height);
		for (int x = 0; x < out.width; x++, to += out.channels) {
			int x0 = (int)((int64_t)x * p->width / out.width), x1 = (int)((int64_t)(x + 1) * p->width / out.width);
			average(p, x0, x1 > x0 ? x1 : x0 + 1, y0, y1 > y0 ? y1 : y0 + 1, to);
		}
	}
	return out;
}

/* Where the pixel of the upright picture lies in the stored one (EXIF 2.3, table of Orientation). */
static void source_of(const struct picture *p, int x, int y, int *sx, int *sy)
{
	int right = p->width - 1, bottom = p->height - 1;
	switch (p->turn) {
	case 2: *sx = right - x; *sy = y; break;
	case 3: *sx = right - x; *sy = bottom - y; break;
	case 4: *sx = x; *sy = bottom - y; break;
	case 5: *sx = y; *sy = x; break;
	case 6: *sx = y; *sy = bottom - x; break;
	case 7: *sx = right - y; *sy = bottom - x; break;
	case 8: *sx = right - y; *sy = x; break;
	default: *sx = x; *sy = y;
	}
}

struct picture picture_upright(struct arena *a, const struct picture *p)
{
	if (p->turn <= 1 || p->turn > 8)
		return *p;
	struct picture out;
	bool swapped = p->turn >= 5;
	picture_make(a, &out, swapped ? p->height : p->width, swapped ? p->width : p->height, p->channels);
	uint8_t *to = out.pixels;
	for (int y = 0; y < out.height; y++)
		for (int x = 0; x < out.width; x++, to += out.channels) {
			int sx, sy;
			source_of(p, x, y, &sx, &sy);
			memcpy(to, p->pixels + ((size_t)sy * (size_t)p->width + (size_t)sx) * (size_t)p->channels, (size_t)p->channels);
		}
	return out;
}

struct picture picture_opaque(struct arena *a, const struct picture *p)
{
	if (p->channels == 3)
		return *p;
	struct picture out;
	picture_make(a, &out, p->width, p->height, 3);
	size_t n = (size_t)p->width * (size_t)p->height;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *from = p->pixels + i * 4;
		for (int k = 0; k < 3; k++)
			out.pixels[i * 3 + (size_t)k] = (uint8_t)((from[k] * from[3] + 255 * (255 - from[3]) + 127) / 255);
	}
	return out;
}
