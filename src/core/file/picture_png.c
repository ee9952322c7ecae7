/* PNG by libpng: 8 bits, palettes and depths expanded; no chunk of the original but its pixels survives. */
#include "core/file/picture.h"

#include <png.h>

static void on_error(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
	picture_bad();
}

static void on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void expand(png_structp png, png_infop info)
{
	png_set_expand(png);
	png_set_strip_16(png);
	png_set_gray_to_rgb(png);
	png_set_interlace_handling(png);
	png_read_update_info(png, info);
}

void png_read(struct arena *a, FILE *in, struct picture *out)
{
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	if (!info)
		picture_bad();
	png_set_user_limits(png, PICTURE_LONGEST_SIDE, PICTURE_LONGEST_SIDE);
	png_set_chunk_malloc_max(png, 8 * 1024 * 1024);
	png_set_chunk_cache_max(png, 64);
	png_init_io(png, in);
	png_read_info(png, info);
	expand(png, info);
	int channels = png_get_channels(png, info);
	if (channels != 3 && channels != 4)
		picture_bad();
	picture_make(a, out, (int)png_get_image_width(png, info), (int)png_get_image_height(png, info), channels);
	png_bytep *rows = ARENA_ARRAY(a, png_bytep, (size_t)out->height);
	for (int y = 0; y < out->height; y++)
		rows[y] = out->pixels + (size_t)y * (size_t)out->width * (size_t)channels;
	png_read_image(png, rows);
	png_destroy_read_struct(&png, &info, NULL);
}

void png_write(FILE *out, const struct picture *p)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	if (!info)
		picture_bad();
	png_init_io(png, out);
	png_set_IHDR(png, info, (png_uint_32)p->width, (png_uint_32)p->height, 8, p->channels == 4 ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB,
	             PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (int y = 0; y < p->height; y++)
		png_write_row(png, p->pixels + (size_t)y * (size_t)p->width * (size_t)p->channels);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
}
