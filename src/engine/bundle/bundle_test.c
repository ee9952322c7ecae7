/* Attacks by a zip or a folder beside a spreadsheet, each against what reads it. The zips are made here. */
#include "base/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "engine/bundle/bundle.h"

static const struct bundle_limits limits = { .bytes = 8 << 20, .entries = 100, .ratio = 200 };

struct made {
	const char *name, *content;     /* content NULL: so many zeros */
	size_t zeros;
	mode_t mode;
	bool locked;
};
#define ZIP(a, ...) zip_of(a, (struct made[]){ __VA_ARGS__ }, sizeof((struct made[]){ __VA_ARGS__ }) / sizeof(struct made))

static const char *folder(struct arena *a)
{
	char *path = arena_string(a, "/tmp/bundle-XXXXXX");
	assert_non_null(mkdtemp(path));
	return path;
}

static const char *zip_of(struct arena *a, const struct made *entries, size_t n)
{
	static char zeros[4 << 20];
	const char *path = arena_format(a, "%s/x.zip", folder(a));
	zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	assert_non_null(z);
	for (size_t i = 0; i < n; i++) {
		const struct made *e = &entries[i];
		zip_source_t *source = zip_source_buffer(z, e->content ? e->content : zeros, e->content ? strlen(e->content) : e->zeros, 0);
		zip_int64_t at = zip_file_add(z, e->name, source, 0);
		assert_true(at >= 0);
		if (e->mode)
			assert_int_equal(zip_file_set_external_attributes(z, (zip_uint64_t)at, 0, ZIP_OPSYS_UNIX, (zip_uint32_t)e->mode << 16), 0);
		if (e->locked)
			assert_int_equal(zip_file_set_encryption(z, (zip_uint64_t)at, ZIP_EM_AES_256, "secret"), 0);
	}
	assert_int_equal(zip_close(z), 0);
	return path;
}

/* Bytes of the file at `path` written over wherever they stand: what no honest program would make. */
static void forge(struct arena *a, const char *path, const void *from, const void *to, size_t n)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CLOEXEC), found = 0;
	assert_int_equal(fstat(fd, &st), 0);
	char *all = arena_alloc(a, (size_t)st.st_size), *p = all, *end = all + st.st_size;
	assert_int_equal(pread(fd, all, (size_t)st.st_size, 0), st.st_size);
	while ((p = memmem(p, (size_t)(end - p), from, n)) != NULL) {
		memcpy(p, to, n);
		found++;
	}
	assert_true(found > 0);
	assert_int_equal(pwrite(fd, all, (size_t)st.st_size, 0), st.st_size);
	close(fd);
}

static int open_code(struct arena *a, const char *path, const struct bundle_limits *l)
{
	struct bundle *b;
	const char *arg;
	int r = bundle_open(a, path, l, &b, &arg);
	bundle_close(b);
	return r;
}

/* What asking for a file comes to: its content, or the name of the refusal. */
static const char *ask(struct arena *a, const char *bundle, const char *path)
{
	struct bundle *b;
	const char *arg;
	int64_t size, got = 0, n = 0;
	char *buffer = arena_alloc(a, 65537), *first = arena_alloc(a, 65537);
	*first = 0;
	assert_int_equal(bundle_open(a, bundle, &limits, &b, &arg), 0);
	int r = bundle_find(b, path, &size);
	while (r == 0 && (n = bundle_read(b, buffer, 65536)) > 0) {
		buffer[n] = 0;
		if (!got)
			memcpy(first, buffer, (size_t)n + 1);
		got += n;
	}
	bundle_close(b);
	if (r == 0 && n == 0)
		assert_int_equal(got, size);
	return r < 0 ? error_name(r) : n < 0 ? error_name((int)n) : first;
}

static void paths_stay_within(void **state)
{
	static const struct { const char *in, *out; } table[] = {
		{ "a.jpg", "a.jpg" }, { "./x//y/./a.jpg", "x/y/a.jpg" }, { "x\\y\\a.jpg", "x/y/a.jpg" }, { "照片/门封.jpg", "照片/门封.jpg" }, { "..a/b..", "..a/b.." },
		{ "../a", NULL }, { "x/../../a", NULL }, { "x\\..\\..\\a", NULL }, { "/etc/passwd", NULL }, { "\\\\host\\share", NULL }, { "C:\\a", NULL }, { "c:a", NULL },
		{ "a\nb", NULL }, { "a\x01", NULL }, { "a\xE2\x80\xAEgpj.exe", NULL }, { "\xFF.jpg", NULL }, { "", NULL }, { ".", NULL }, { "..", NULL },
	};
	ARENA_SCOPED a = arena_new();
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *got = bundle_path(a, table[i].in);
		if (!got != !table[i].out || (got && strcmp(got, table[i].out) != 0))
			fail_msg("\"%s\": %s", table[i].in, got ? got : "refused");
	}
	assert_null(bundle_path(a, arena_format(a, "%01500d", 0)));
}

static void entries_that_lead_out_are_found_by_nobody(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *z = ZIP(a, { "../../etc/passwd", "evil" }, { "/abs.txt", "evil" }, { "..\\win.txt", "evil" }, { "good.txt", "fine" });
	assert_string_equal(ask(a, z, "good.txt"), "fine");
	assert_string_equal(ask(a, z, "../../etc/passwd"), "file_path");
	assert_string_equal(ask(a, z, "/abs.txt"), "file_path");
	assert_string_equal(ask(a, z, "etc/passwd"), "file_absent");
	assert_string_equal(ask(a, z, "abs.txt"), "file_absent");
	assert_string_equal(ask(a, z, "win.txt"), "file_absent");
}

static void links_and_devices_are_no_files(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *z = ZIP(a, { "link", "/etc/passwd", .mode = S_IFLNK | 0777 }, { "pipe", "x", .mode = S_IFIFO | 0600 }, { "plain", "fine", .mode = S_IFREG | 0600 }, { "empty", "" }, { "d/e", "x" });
	assert_string_equal(ask(a, z, "link"), "file_kind");
	assert_string_equal(ask(a, z, "pipe"), "file_kind");
	assert_string_equal(ask(a, z, "plain"), "fine");
	assert_string_equal(ask(a, z, "empty"), "file_kind");
	assert_string_equal(ask(a, z, "d"), "file_absent");
}

static void a_bomb_does_not_go_off(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *z = ZIP(a, { "zeros", NULL, 4 << 20 }, { "good.txt", "fine" });
	assert_string_equal(ask(a, z, "zeros"), "file_bomb");
	assert_string_equal(ask(a, z, "good.txt"), "fine");
	struct bundle_limits small = limits;
	small.bytes = 1 << 20;
	assert_int_equal(open_code(a, z, &small), ERR_BUNDLE_LIMIT);        /* all of them together */
	small = limits;
	small.entries = 1;
	assert_int_equal(open_code(a, z, &small), ERR_BUNDLE_LIMIT);
}

/* One that declares a hundred bytes and holds four million. */
static void a_lie_about_the_size_is_found_while_reading(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *z = ZIP(a, { "zeros", NULL, 4 << 20 });
	forge(a, z, (const uint8_t[]){ 0, 0, 0x40, 0 }, (const uint8_t[]){ 100, 0, 0, 0 }, 4);
	const char *got = ask(a, z, "zeros");
	if (strcmp(got, "file_bomb") != 0 && strcmp(got, "sheet_damaged") != 0)
		fail_msg("%s", got);
}

static void locked_ones_are_told_from_damaged_ones(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *z = ZIP(a, { "locked", "secret", .locked = true }, { "cut.txt", "0123456789 not what it was" }, { "good.txt", "fine" });
	forge(a, z, "0123456789", "9876543210", 10);
	assert_string_equal(ask(a, z, "locked"), "file_locked");
	assert_string_equal(ask(a, z, "cut.txt"), "sheet_damaged");
	assert_string_equal(ask(a, z, "good.txt"), "fine");
}

static void two_of_one_name_are_neither(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *z = ZIP(a, { "one.txt", "first" }, { "two.txt", "second" }, { "x/y.txt", "third" }, { "x\\z.txt", "fourth" }, { "good.txt", "fine" });
	forge(a, z, "two.txt", "one.txt", 7);
	forge(a, z, "x\\z.txt", "x\\y.txt", 7);
	assert_string_equal(ask(a, z, "one.txt"), "file_twice");
	assert_string_equal(ask(a, z, "x/y.txt"), "file_twice");
	assert_string_equal(ask(a, z, "good.txt"), "fine");
}

static void signs_of_control_in_a_name_hide_nothing(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *z = ZIP(a, { "a.jpg_.exe", "evil" }, { "b_c.txt", "evil" }, { "good.txt", "fine" });
	forge(a, z, "a.jpg_.exe", "a.jpg\0.exe", 10);
	forge(a, z, "b_c.txt", "b\nc.txt", 7);
	if (open_code(a, z, &limits) == ERR_BUNDLE_FORMAT)
		return;         /* refused as a whole is fine, too */
	const char *nul = ask(a, z, "a.jpg");
	assert_true(!strcmp(nul, "file_absent") || !strcmp(nul, "evil"));      /* never by another kind than its content's */
	assert_string_equal(ask(a, z, "b\nc.txt"), "file_path");
	assert_string_equal(ask(a, z, "good.txt"), "fine");
}

static void names_of_windows_and_the_one_folder_are_known(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *z = ZIP(a, { "files/\xD5\xD5\xC6\xAC.txt", "gb" }, { "files/x/b.txt", "in" }, { "__MACOSX/files/._b.txt", "no" });
	assert_string_equal(ask(a, z, "照片.txt"), "gb");
	assert_string_equal(ask(a, z, "files/照片.txt"), "gb");
	assert_string_equal(ask(a, z, "x\\b.txt"), "in");
	assert_string_equal(ask(a, z, "b.txt"), "file_absent");
}

static void what_is_no_zip_is_refused(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *path = arena_format(a, "%s/x", folder(a));
	FILE *f = fopen(path, "we");
	fputs("PK\x03\x04 and no more", f);
	fclose(f);
	assert_int_equal(open_code(a, path, &limits), ERR_BUNDLE_FORMAT);
	assert_int_equal(open_code(a, "/nowhere/at/all", &limits), ERR_BUNDLE_FORMAT);
}

static void a_folder_is_no_way_out(void **state)
{
	ARENA_SCOPED a = arena_new();
	const char *root = folder(a), *in = arena_format(a, "%s/in", root), *out = arena_format(a, "%s/secret.txt", root);
	FILE *f = fopen(out, "we");
	fputs("secret", f);
	fclose(f);
	assert_int_equal(mkdir(in, 0700), 0);
	f = fopen(arena_format(a, "%s/good.txt", in), "we");
	fputs("fine", f);
	fclose(f);
	assert_int_equal(symlink(out, arena_format(a, "%s/link.txt", in)), 0);
	assert_int_equal(symlink(root, arena_format(a, "%s/up", in)), 0);
	assert_int_equal(mkfifo(arena_format(a, "%s/pipe", in), 0600), 0);
	assert_string_equal(ask(a, in, "good.txt"), "fine");
	assert_string_equal(ask(a, in, "./good.txt"), "fine");
	assert_string_equal(ask(a, in, "../secret.txt"), "file_path");
	assert_string_equal(ask(a, in, "link.txt"), "file_kind");
	assert_string_equal(ask(a, in, "up/secret.txt"), "file_kind");
	assert_string_equal(ask(a, in, "pipe"), "file_kind");
	assert_string_equal(ask(a, in, "none.txt"), "file_absent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_stay_within),
		cmocka_unit_test(entries_that_lead_out_are_found_by_nobody),
		cmocka_unit_test(links_and_devices_are_no_files),
		cmocka_unit_test(a_bomb_does_not_go_off),
		cmocka_unit_test(a_lie_about_the_size_is_found_while_reading),
		cmocka_unit_test(locked_ones_are_told_from_damaged_ones),
		cmocka_unit_test(two_of_one_name_are_neither),
		cmocka_unit_test(signs_of_control_in_a_name_hide_nothing),
		cmocka_unit_test(names_of_windows_and_the_one_folder_are_known),
		cmocka_unit_test(what_is_no_zip_is_refused),
		cmocka_unit_test(a_folder_is_no_way_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
