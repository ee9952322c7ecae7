/* WebP by libwebp: still pictures only; an animation is refused by the decoder. */
#include "core/file/picture.h"

#include <webp/decode.h>
#include <webp/encode.h>

enum { LARGEST_FILE = 64 * 1024 * 1024 };

static struct bytes read_all(struct arena *a, FILE *in)
{
	if (fseek(in, 0, SEEK_END) != 0)
		picture_bad();
	long n = ftell(in);
	if (n < 12 || n > LARGEST_FILE || fseek(in, 0, SEEK_SET) != 0)
		picture_bad();
	uint8_t *p = arena_alloc(a, (size_t)n);
	if (fread(p, 1, (size_t)n, in) != (size_t)n)
		picture_bad();
	return (struct bytes){ p, (size_t)n };
}

void webp_read(struct arena *a, FILE *in, struct picture *out)
{
	struct bytes file = read_all(a, in);
	WebPBitstreamFeatures is;
	if (WebPGetFeatures(file.p, file.n, &is) != VP8_STATUS_OK || is.has_animation)
		picture_bad();
	int channels = is.has_alpha ? 4 : 3;
	picture_make(a, out, is.width, is.height, channels);
	int stride = is.width * channels;
	size_t size = (size_t)stride * (size_t)is.height;
	if (!(channels == 4 ? WebPDecodeRGBAInto : WebPDecodeRGBInto)(file.p, file.n, out->pixels, size, stride))
		picture_bad();
}

static int write_piece(const uint8_t *p, size_t n, const WebPPicture *picture)
{
	return fwrite(p, 1, n, picture->custom_ptr) == n;
}

void webp_write(FILE *out, const struct picture *p, int quality)
{
	WebPConfig config;
	WebPPicture picture;
	if (!WebPConfigPreset(&config, WEBP_PRESET_PHOTO, (float)quality) || !WebPPictureInit(&picture))
		picture_bad();
	config.method = 2;
	picture.width = p->width;
	picture.height = p->height;
	picture.use_argb = 0;
	picture.writer = write_piece;
	picture.custom_ptr = out;
	int stride = p->width * p->channels;
	if (!(p->channels == 4 ? WebPPictureImportRGBA : WebPPictureImportRGB)(&picture, p->pixels, stride) ||
	    !WebPEncode(&config, &picture))
		picture_bad();
	WebPPictureFree(&picture);
}
