/* QR codes for device labels. One path of unit squares: sharp at any size, some kilobytes. */
#include "core/file/file.h"

#include <string.h>

#include <qrencode.h>

#include "base/text.h"

enum { QUIET_ZONE = 4, LONGEST_TEXT = 1000 };    /* ISO/IEC 18004 §9.1: four modules of white around */

static void draw_rows(struct text *svg, const QRcode *code)
{
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width;) {
			int run = 0;
			while (x + run < code->width && (code->data[y * code->width + x + run] & 1))
				run++;
			if (run)
				text_format(svg, "M%d %dh%dv1h-%dz", x + QUIET_ZONE, y + QUIET_ZONE, run, run);
			x += run ? run : 1;
		}
}

int qr_svg(struct arena *a, const char *text, const char **svg)
{
	size_t n = strlen(text);
	if (n == 0 || n > LONGEST_TEXT)
		return ERR_FIELD_INVALID;
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	if (!code)
		return ERR_FIELD_INVALID;
	int side = code->width + 2 * QUIET_ZONE;
	struct text out = text_in(a);
	text_format(&out,
	            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
	            "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path d=\"",
	            side, side, side, side);
	draw_rows(&out, code);
	text_append(&out, "\"/></svg>");
	QRcode_free(code);
	*svg = text_end(&out);
	return 0;
}
