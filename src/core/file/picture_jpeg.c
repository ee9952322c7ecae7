/* JPEG by libjpeg-turbo. Of all that may come with a picture only the orientation is read. */
#include "core/file/picture.h"

#include <string.h>

#include <jpeglib.h>

/* A picture of more scans than any camera writes is a bomb: each costs a pass over all pixels. */
enum { MOST_SCANS = 64, ORIENTATION = 0x0112 };

static void on_error(j_common_ptr info)
{
	(void)info;
	picture_bad();
}

static void on_message(j_common_ptr info)
{
	(void)info;
}

static struct jpeg_error_mgr *quiet(struct jpeg_error_mgr *errors)
{
	jpeg_std_error(errors);
	errors->error_exit = on_error;
	errors->output_message = on_message;
	return errors;
}

static unsigned number(const uint8_t *p, int n, int big_endian)
{
	unsigned value = 0;
	for (int i = 0; i < n; i++)
		value |= (unsigned)p[i] << 8 * (big_endian ? n - 1 - i : i);
	return value;
}

/* TIFF directory inside APP1 "Exif\0\0": the first directory's entry 0x0112, or 1. */
static int orientation_of(const uint8_t *p, size_t n)
{
	if (n < 14 || memcmp(p, "Exif\0\0", 6) != 0)
		return 1;
	p += 6;
	n -= 6;
	int big = p[0] == 'M';
	size_t at = number(p + 4, 4, big);
	if (at > n || n - at < 2)
		return 1;
	unsigned entries = number(p + at, 2, big);
	for (at += 2; entries && at <= n && n - at >= 12; at += 12, entries--)
		if (number(p + at, 2, big) == ORIENTATION) {
			unsigned turn = number(p + at + 8, 2, big);
			return turn >= 1 && turn <= 8 ? (int)turn : 1;
		}
	return 1;
}

static int orientation(struct jpeg_decompress_struct *info)
{
	for (jpeg_saved_marker_ptr m = info->marker_list; m; m = m->next)
		if (m->marker == JPEG_APP0 + 1 && orientation_of(m->data, m->data_length) != 1)
			return orientation_of(m->data, m->data_length);
	return 1;
}

/* Decoding at 1/2, 1/4, 1/8 is nearly free: take the smallest that is still large enough. */
static void choose_scale(struct jpeg_decompress_struct *info, int side)
{
	unsigned longest = info->image_width > info->image_height ? info->image_width : info->image_height;
	info->scale_num = 1;
	info->scale_denom = 1;
	while (info->scale_denom < 8 && longest / (info->scale_denom * 2) >= (unsigned)side)
		info->scale_denom *= 2;
}

static void count_scans(j_common_ptr info)
{
	if (((j_decompress_ptr)info)->input_scan_number > MOST_SCANS)
		picture_bad();
}

void jpeg_read(struct arena *a, FILE *in, int side, struct picture *out)
{
	struct jpeg_error_mgr errors;
	struct jpeg_decompress_struct info = { .err = quiet(&errors) };
	struct jpeg_progress_mgr progress = { .progress_monitor = count_scans };
	jpeg_create_decompress(&info);
	info.progress = &progress;
	jpeg_stdio_src(&info, in);
	jpeg_save_markers(&info, JPEG_APP0 + 1, 0xFFFF);
	jpeg_read_header(&info, TRUE);
	struct picture whole = { 0 };
	if (info.image_width > PICTURE_LONGEST_SIDE || info.image_height > PICTURE_LONGEST_SIDE ||
	    (uint64_t)info.image_width * info.image_height > PICTURE_MOST_PIXELS)
		picture_make(a, &whole, (int)info.image_width, (int)info.image_height, 3);
	info.out_color_space = JCS_RGB;
	choose_scale(&info, side);
	jpeg_start_decompress(&info);
	picture_make(a, out, (int)info.output_width, (int)info.output_height, 3);
	out->turn = orientation(&info);
	while (info.output_scanline < info.output_height) {
		JSAMPROW row = out->pixels + (size_t)info.output_scanline * info.output_width * 3;
		jpeg_read_scanlines(&info, &row, 1);
	}
	jpeg_finish_decompress(&info);
	jpeg_destroy_decompress(&info);
}

void jpeg_write(FILE *out, const struct picture *p, int quality)
{
	struct jpeg_error_mgr errors;
	struct jpeg_compress_struct info = { .err = quiet(&errors) };
	jpeg_create_compress(&info);
	jpeg_stdio_dest(&info, out);
	info.image_width = (JDIMENSION)p->width;
	info.image_height = (JDIMENSION)p->height;
	info.input_components = 3;
	info.in_color_space = JCS_RGB;
	jpeg_set_defaults(&info);
	jpeg_set_quality(&info, quality, TRUE);
	info.optimize_coding = TRUE;
	jpeg_start_compress(&info, TRUE);
	while (info.next_scanline < info.image_height) {
		JSAMPROW row = p->pixels + (size_t)info.next_scanline * (size_t)p->width * 3;
		jpeg_write_scanlines(&info, &row, 1);
	}
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);
}
