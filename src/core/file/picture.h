/* Pictures inside the media child: decoded, turned upright, scaled, written anew without anything that came along
 * (place, camera, comments, profiles). Whatever is wrong ends the process with MEDIA_EXIT_BAD: nothing is mended. */
#pragma once

#include <stdio.h>

#include "base/arena.h"

struct picture {
	int width, height;
	int channels;           /* 3 RGB, 4 RGB and alpha */
	uint8_t *pixels;        /* rows without padding */
	int turn;               /* EXIF orientation 1 … 8 still to be applied */
};

enum { MEDIA_EXIT_BAD = 3, MEDIA_EXIT_TOO_LARGE = 4 };

/* More than any phone takes; caps memory before the first pixel is decoded. */
enum { PICTURE_MOST_PIXELS = 110 * 1000 * 1000, PICTURE_LONGEST_SIDE = 30000 };

void picture_bad(void) __attribute__((noreturn));
/* Checks the size and takes memory for the pixels. */
void picture_make(struct arena *a, struct picture *p, int width, int height, int channels);

/* `side`: the longest side that is needed; a decoder may deliver a larger picture, never a smaller one than it has. */
void jpeg_read(struct arena *a, FILE *in, int side, struct picture *out);
void png_read(struct arena *a, FILE *in, struct picture *out);
void webp_read(struct arena *a, FILE *in, struct picture *out);

void jpeg_write(FILE *out, const struct picture *p, int quality);
void png_write(FILE *out, const struct picture *p);
void webp_write(FILE *out, const struct picture *p, int quality);

/* Area average to at most `side`; the same picture when it is small enough. */
struct picture picture_fit(struct arena *a, const struct picture *p, int side);
/* Applies `turn`. */
struct picture picture_upright(struct arena *a, const struct picture *p);
/* Alpha over white: for JPEG. */
struct picture picture_opaque(struct arena *a, const struct picture *p);
