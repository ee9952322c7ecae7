/* Pictures through the real child process: what survives, what is refused, and that a decoder gone wild can do nothing.
 * This program is its own child: run as `media-child …` it behaves as the server's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file/media.h"
#include "core/file/picture.h"

enum { WIDTH = 40, HEIGHT = 24 };

/* Red, green, blue and white quarters. */
static struct picture quarters(struct arena *a, int channels)
{
	struct picture p;
	picture_make(a, &p, WIDTH, HEIGHT, channels);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			uint8_t *at = p.pixels + (y * WIDTH + x) * channels;
			bool right = x >= WIDTH / 2, low = y >= HEIGHT / 2;
			at[0] = (!right && !low) || (right && low) ? 255 : 0;
			at[1] = right ? 255 : 0;
			at[2] = low ? 255 : 0;
			if (channels == 4)
				at[3] = right ? 255 : 0;
		}
	return p;
}

static struct bytes content(struct arena *a, FILE *f)
{
	fflush(f);
	long n = lseek(fileno(f), 0, SEEK_END);
	uint8_t *p = arena_alloc(a, (size_t)n + 1);
	assert_int_equal(pread(fileno(f), p, (size_t)n, 0), n);
	return (struct bytes){ p, (size_t)n };
}

static struct bytes jpeg_of(struct arena *a, const struct picture *p)
{
	FILE *f = tmpfile();
	jpeg_write(f, p, 95);
	struct bytes b = content(a, f);
	fclose(f);
	return b;
}

/* Behind the first two bytes: APP1 with an orientation and something that looks like a place. */
static struct bytes with_exif(struct arena *a, struct bytes jpeg, int turn)
{
	uint8_t exif[] = { 0xFF, 0xE1, 0, 44, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0,
		           1, 0, 0, 0, (uint8_t)turn, 0, 0, 0, 0, 0, 0, 0, 'G', 'P', 'S', '3', '0', '.', '2', '5', 'N', '!' };
	uint8_t *p = arena_alloc(a, jpeg.n + sizeof(exif));
	memcpy(p, jpeg.p, 2);
	memcpy(p + 2, exif, sizeof(exif));
	memcpy(p + 2 + sizeof(exif), jpeg.p + 2, jpeg.n - 2);
	return (struct bytes){ p, jpeg.n + sizeof(exif) };
}

struct run {
	struct media_job job;
	struct bytes out, thumbnail;
	int result;
};

static struct run run(struct arena *a, const char *type, struct bytes in)
{
	FILE *f = tmpfile(), *out = tmpfile(), *thumbnail = tmpfile();
	assert_int_equal(fwrite(in.p, 1, in.n, f), in.n);
	rewind(f);
	struct run r = { .job = { .program = "/proc/self/exe", .type = type, .in = fileno(f), .out = fileno(out),
		                  .thumbnail = fileno(thumbnail), .side = 32, .thumbnail_side = 16 } };
	r.result = media_run(&r.job);
	r.out = content(a, out);
	r.thumbnail = content(a, thumbnail);
	fclose(f);
	fclose(out);
	fclose(thumbnail);
	return r;
}

static struct picture decoded(struct arena *a, struct bytes b, void (*read)(struct arena *, FILE *, struct picture *))
{
	FILE *f = tmpfile();
	fwrite(b.p, 1, b.n, f);
	rewind(f);
	struct picture p;
	if (read)
		read(a, f, &p);
	else
		jpeg_read(a, f, 10000, &p);
	fclose(f);
	return p;
}

static bool is_near(const struct picture *p, int x, int y, int red, int green, int blue)
{
	const uint8_t *at = p->pixels + (y * p->width + x) * p->channels;
	return abs(at[0] - red) < 40 && abs(at[1] - green) < 40 && abs(at[2] - blue) < 40;
}

static void a_photo_is_turned_upright_and_loses_its_place(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	struct picture p = quarters(a, 3);
	struct run r = run(a, "image/jpeg", with_exif(a, jpeg_of(a, &p), 6));
	assert_int_equal(r.result, 0);
	assert_null(memmem(r.out.p, r.out.n, "Exif", 4));
	assert_null(memmem(r.out.p, r.out.n, "GPS", 3));
	struct picture out = decoded(a, r.out, NULL);
	assert_int_equal(out.height, 32);
	assert_int_equal(out.width, HEIGHT * 32 / WIDTH);
	assert_int_equal(r.job.height, 32);
	/* turned right by a quarter: the lower left corner (blue) comes up left, the upper left (red) up right */
	assert_true(is_near(&out, 2, 2, 0, 0, 255));
	assert_true(is_near(&out, out.width - 3, 2, 255, 0, 0));
	assert_true(is_near(&out, out.width - 3, 29, 0, 255, 0));
	assert_true(is_near(&out, 2, 29, 255, 255, 255));
}

static void every_orientation_of_the_standard_keeps_the_red_corner_where_a_viewer_sees_it(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	/* where the stored upper left corner is seen: right, low (EXIF 2.3 §4.6.4 Orientation) */
	static const int right[] = { 0, 1, 1, 0, 0, 1, 1, 0 }, low[] = { 0, 0, 1, 1, 0, 0, 1, 1 };
	for (int turn = 1; turn <= 8; turn++) {
		struct picture p = quarters(a, 3);
		p.turn = turn;
		p = picture_upright(a, &p);
		assert_int_equal(p.width, turn >= 5 ? HEIGHT : WIDTH);
		assert_true(is_near(&p, right[turn - 1] ? p.width - 2 : 1, low[turn - 1] ? p.height - 2 : 1, 255, 0, 0));
	}
}

static void a_picture_with_alpha_keeps_it_and_its_thumbnail_stands_on_white(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	struct picture p = quarters(a, 4);
	FILE *f = tmpfile();
	png_write(f, &p);
	struct run r = run(a, "image/png", content(a, f));
	fclose(f);
	assert_int_equal(r.result, 0);
	struct picture out = decoded(a, r.out, png_read), thumbnail = decoded(a, r.thumbnail, NULL);
	assert_int_equal(out.channels, 4);
	assert_int_equal(out.pixels[3], 0);
	assert_true(is_near(&thumbnail, 1, 1, 255, 255, 255));
	assert_int_equal(thumbnail.width, 16);
}

static void webp_is_read_and_written(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	struct picture p = quarters(a, 3);
	FILE *f = tmpfile();
	webp_write(f, &p, 90);
	struct run r = run(a, "image/webp", content(a, f));
	fclose(f);
	assert_int_equal(r.result, 0);
	struct picture out = decoded(a, r.out, webp_read);
	assert_int_equal(out.width, 32);
	assert_true(is_near(&out, 2, 2, 255, 0, 0));
}

/* A few bytes that claim the largest picture PNG can hold. */
static void a_bomb_is_refused_by_its_header(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	struct picture p = quarters(a, 3);
	FILE *f = tmpfile();
	png_write(f, &p);
	struct bytes png = content(a, f);
	fclose(f);
	static const uint8_t wide[] = { 0, 0, 0x75, 0x00, 0, 0, 0x75, 0x00 };      /* 29,952 × 29,952, its checksum below */
	uint8_t *b = (uint8_t *)png.p;
	memcpy(b + 16, wide, sizeof(wide));
	uint32_t crc = 0xFFFFFFFF;
	for (int i = 12; i < 29; i++)
		for (int k = 0, byte = b[i]; k < 8; k++, byte >>= 1)
			crc = (crc >> 1) ^ (0xEDB88320 & -((crc ^ (uint32_t)byte) & 1));
	for (int i = 0; i < 4; i++)
		b[29 + i] = (uint8_t)(~crc >> (24 - 8 * i));
	struct run r = run(a, "image/png", png);
	assert_int_equal(r.result, ERR_MEDIA_TYPE);
	assert_int_equal(r.job.exit_code, MEDIA_EXIT_TOO_LARGE);
}

/* Deterministic noise in a real picture: refused or taken, but no decoder may be broken by it (exit 1 and signals are). */
static void broken_pictures_are_refused_in_order(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	struct picture p = quarters(a, 3);
	static const char *const types[] = { "image/jpeg", "image/png", "image/webp" };
	FILE *png = tmpfile(), *webp = tmpfile();
	png_write(png, &p);
	webp_write(webp, &p, 80);
	struct bytes good[] = { with_exif(a, jpeg_of(a, &p), 3), content(a, png), content(a, webp) };
	fclose(png);
	fclose(webp);
	uint32_t seed = 12345;
	for (int i = 0; i < 60; i++) {
		uint8_t *b = arena_copy(a, good[i % 3].p, good[i % 3].n);
		for (int k = 0; k < 1 + i % 5; k++) {
			seed = seed * 1664525 + 1013904223;
			b[(seed >> 8) % good[i % 3].n] = (uint8_t)(seed >> 24);
		}
		size_t n = i % 4 ? good[i % 3].n : seed % good[i % 3].n;
		struct run r = run(a, types[i % 3], (struct bytes){ b, n });
		assert_true(r.job.exit_code == 0 || r.job.exit_code == MEDIA_EXIT_BAD || r.job.exit_code == MEDIA_EXIT_TOO_LARGE);
	}
}

static void a_type_it_does_not_know_is_refused(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	assert_int_equal(run(a, "image/gif", (struct bytes){ (const uint8_t *)"GIF89a", 6 }).result, ERR_MEDIA_TYPE);
}

/* The tricks of a decoder that was taken over, each tried behind the child's own fences. */
static int try_to_escape(const char *how)
{
	if (!media_give_up_rights())
		return 9;
	int r = -1;
	if (!strcmp(how, "escape/open"))
		r = open("/etc/passwd", O_RDONLY);
	if (!strcmp(how, "escape/socket"))
		r = socket(AF_INET, SOCK_STREAM, 0);
	if (!strcmp(how, "escape/exec"))
		r = execl("/bin/true", "true", NULL);
	_exit(r < 0 ? 8 : 7);
}

static void a_decoder_that_was_taken_over_is_ended(void **state)
{
	(void)state;
	ARENA_SCOPED a = arena_new();
	static const char *const tricks[] = { "escape/open", "escape/socket", "escape/exec" };
	for (size_t i = 0; i < 3; i++) {
		struct run r = run(a, tricks[i], (struct bytes){ (const uint8_t *)"x", 1 });
		assert_int_equal(r.result, ERR_MEDIA_TYPE);
		assert_int_equal(r.job.exit_code, -1);
	}
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "media-child"))
		return strncmp(argv[2], "escape/", 7) ? media_child_main(argc, argv) : try_to_escape(argv[2]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_photo_is_turned_upright_and_loses_its_place),
		cmocka_unit_test(every_orientation_of_the_standard_keeps_the_red_corner_where_a_viewer_sees_it),
		cmocka_unit_test(a_picture_with_alpha_keeps_it_and_its_thumbnail_stands_on_white),
		cmocka_unit_test(webp_is_read_and_written),
		cmocka_unit_test(a_bomb_is_refused_by_its_header),
		cmocka_unit_test(broken_pictures_are_refused_in_order),
		cmocka_unit_test(a_type_it_does_not_know_is_refused),
		cmocka_unit_test(a_decoder_that_was_taken_over_is_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
