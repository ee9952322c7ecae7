/* What a file is taken for: by content, and never for a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#undef fail                    /* ctx.h has its own */

#include "core/file/file.h"
#include "core/file/sniff.h"

static void judges_as_the_table_says(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		size_t n;
		const char *type;
		enum file_class class;
	} cases[] = {
#define CASE(head, type, class) { head, sizeof(head) - 1, type, class }
		CASE("\xFF\xD8\xFF\xE0....", "image/jpeg", FILE_PICTURE),
		CASE("\x89PNG\r\n\x1A\n", "image/png", FILE_PICTURE),
		CASE("RIFF....WEBPVP8L", "image/webp", FILE_PICTURE),
		CASE("RIFF....WAVEfmt ", "audio/wav", FILE_MEDIA),
		CASE("\0\0\0\x18" "ftypheic", "image/heic", FILE_REFUSED),
		CASE("\0\0\0\x18" "ftypisom", "video/mp4", FILE_MEDIA),
		CASE("\x1A\x45\xDF\xA3....webm..V_VP8..A_OPUS", "video/webm", FILE_MEDIA),
		CASE("\x1A\x45\xDF\xA3....webm..A_OPUS", "audio/webm", FILE_MEDIA),
		CASE("\x1A\x45\xDF\xA3....webm", "video/webm", FILE_MEDIA),
		CASE("\0\0\0\x18" "ftypiso5....moov..hdlr....soun", "audio/mp4", FILE_MEDIA),
		CASE("\0\0\0\x18" "ftypiso5....moov..hdlr....vide..hdlr....soun", "video/mp4", FILE_MEDIA),
		CASE("%PDF-1.7", "application/pdf", FILE_ATTACHMENT),
		CASE("GIF89a<script>", "image/gif", FILE_ATTACHMENT),
		CASE("PK\x03\x04................xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		     FILE_ATTACHMENT),
		CASE("PK\x03\x04................evil.exe", "application/zip", FILE_ATTACHMENT),
		CASE("MZ\x90", "application/x-msdownload", FILE_REFUSED),
		CASE("\x7F" "ELF\x02", "application/x-elf", FILE_REFUSED),
		CASE("#!/bin/sh\n", "text/x-shellscript", FILE_REFUSED),
		CASE("姓名,电话\n王小明,13812345678\n", "text/plain", FILE_ATTACHMENT),
		CASE("\xD0\xD5\xC3\xFB,1\n", "text/plain", FILE_ATTACHMENT),
		CASE("\xFF\xFE" "a\0b\0", "text/plain", FILE_ATTACHMENT),
		CASE("<!DOCTYPE html>", "application/octet-stream", FILE_REFUSED),
		CASE("hello\n  <SCRIPT src=x>", "application/octet-stream", FILE_REFUSED),
		CASE("<svg xmlns=", "application/octet-stream", FILE_REFUSED),
		CASE("a\0b", "application/octet-stream", FILE_REFUSED),
		CASE("", "application/octet-stream", FILE_REFUSED),
		CASE("no,words\n1,\"<p>hello</p>\n<script>x</script>, \"\"y\"\"\"\n2,b\n", "text/plain", FILE_ATTACHMENT),
		CASE("\xEF\xBB\xBF单号;内容\r\n1;<div>你好</div>\r\n\r\n2;<img src=x onerror=y>\r\n", "text/plain", FILE_ATTACHMENT),
		CASE("no,words\n1,\"<html>", "text/plain", FILE_ATTACHMENT),                                 /* the rest lies behind what is looked at */
		CASE("no,words\n<script>alert(1)</script>\n", "application/octet-stream", FILE_REFUSED),      /* a page that begins like a list */
		CASE("no,words\n<script>a,b,c</script>\n", "application/octet-stream", FILE_REFUSED),
		CASE("<script>a,b\n1,2\n", "application/octet-stream", FILE_REFUSED),
		CASE("words\n<p>1</p><script>\n", "application/octet-stream", FILE_REFUSED),
		CASE("5 < 6 and 7 > 2", "text/plain", FILE_ATTACHMENT),
#undef CASE
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct file_kind *k = sniff((const uint8_t *)cases[i].head, cases[i].n);
		assert_string_equal(k->type, cases[i].type);
		assert_int_equal(k->class, cases[i].class);
	}
}

static void a_type_from_the_database_keeps_its_class(void **state)
{
	(void)state;
	assert_int_equal(file_kind_of("image/png")->class, FILE_PICTURE);
	assert_int_equal(file_kind_of("text/plain")->class, FILE_ATTACHMENT);
	assert_int_equal(file_kind_of("text/html")->class, FILE_ATTACHMENT);
}

static void a_label_is_drawn_with_its_white_frame(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	const char *svg;
	assert_int_equal(qr_svg(a, "https://example.com/d/abc", &svg), 0);
	assert_non_null(strstr(svg, "viewBox=\"0 0 33 33\""));          /* version 2: 25 modules and 4 of white on each side */
	assert_non_null(strstr(svg, "M4 4h7v1h-7z"));                   /* the finder pattern's upper edge */
	assert_int_equal(qr_svg(a, "", &svg), ERR_FIELD_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_as_the_table_says),
		cmocka_unit_test(a_type_from_the_database_keeps_its_class),
		cmocka_unit_test(a_label_is_drawn_with_its_white_frame),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
