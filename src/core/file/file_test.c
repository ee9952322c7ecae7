/* Files from the first part to the last trace, on both engines, with the real writer, key store and media child.
 * This program is its own media child. */
#include <fcntl.h>
#include <setjmp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <utime.h>

#include "base/text.h"
#include "core/core_fixture_test.h"
#include "core/file/file_private.h"
#include "core/file/media.h"
#include "core/file/moov.h"
#include "core/file/picture.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "gen/file_sql.h"

#include <cmocka.h>     /* last: its macro fail() would hide ours */

static struct {
	struct fixture f;
	struct blob_store *blobs;
	struct file_store *store;
	struct writer *writer;
} the;

static int setup(void **state, enum db_engine engine)
{
	struct fixture *f = *state = &the.f;
	the.writer = NULL;
	TRY(fixture_make(f, engine));
	TRY(db_commit(f->db));
	f->c.now = clock_now(&f->clock);
	struct setting_server small = { .values = setting_defaults };
	small.values.at[SETTING_FILE_SIZE] = 3 * 1024 * 1024;
	small.values.at[SETTING_FILE_OPEN] = 3;
	small.values.at[SETTING_FILE_PICTURE_SIDE] = 64;
	f->services.settings = settings_new(&small);
	TRY(blob_folder_open(arena_format(f->a, "%s/blob", f->place.folder), &the.blobs));
	TRY(file_store_open(arena_format(f->a, "%s/upload", f->place.folder), the.blobs, "/proc/self/exe", 2, &f->log, &the.store));
	f->services.files = the.store;
	struct writer_options o = { .url = f->place.url, .log = &f->log, .clock = &f->clock };
	return writer_open(&o, &the.writer);
}

static int setup_sqlite(void **state)
{
	return setup(state, DB_SQLITE);
}

static int setup_postgresql(void **state)
{
	return setup(state, DB_POSTGRESQL);
}

static int teardown(void **state)
{
	(void)state;
	if (the.writer)
		writer_close(the.writer);
	file_store_close(the.store);
	settings_free(the.f.services.settings);
	blob_close(the.blobs);
	fixture_drop(&the.f);
	return 0;
}

/* One call in the writer: what it takes and gives. */
struct call {
	const char *name, *object;
	int64_t id, object_id, size, from, to, customer_id, count;
	struct upload_place place;
	struct file_ready ready;
	int64_t actor_id;
};

static int in_writer(int (*run)(struct ctx *c, void *arg), struct call *call)
{
	struct fixture *f = &the.f;
	struct write_request r = { .run = run, .arg = call, .ctx = f->c };
	error_clear(&f->error);
	r.ctx.now = clock_now(&f->clock);
	r.ctx.tenant = TENANT;
	r.ctx.db = NULL;
	if (call->actor_id)
		r.ctx.actor_id = call->actor_id;
	return writer_run(the.writer, &r);
}

/* Outside of the writer, as the pool does it. */
static struct ctx *reading(void)
{
	struct fixture *f = &the.f;
	error_clear(&f->error);
	f->c.now = clock_now(&f->clock);
	assert_int_equal(db_begin_read(f->db, TENANT), 0);
	return &f->c;
}

static void done_reading(void)
{
	assert_int_equal(db_end_read(the.f.db), 0);
}

static int run_begin(struct ctx *c, void *arg)
{
	struct call *call = arg;
	return file_begin(c, call->name, call->size, &call->place);
}

static int run_advance(struct ctx *c, void *arg)
{
	struct call *call = arg;
	return file_advance(c, call->id, call->from, call->to);
}

static int run_finish(struct ctx *c, void *arg)
{
	struct call *call = arg;
	return file_finish(c, call->id, &call->ready);
}

static int run_attach(struct ctx *c, void *arg)
{
	struct call *call = arg;
	return file_attach(c, call->id, call->object, call->object_id, call->customer_id);
}

static int run_release(struct ctx *c, void *arg)
{
	struct call *call = arg;
	return file_release(c, call->object, call->object_id, &call->count);
}

static int run_sweep(struct ctx *c, void *arg)
{
	struct call *call = arg;
	return file_sweep(c, &call->count);
}

static int64_t begun(const char *name, size_t size)
{
	struct call call = { .name = name, .size = (int64_t)size };
	assert_int_equal(in_writer(run_begin, &call), 0);
	return call.place.id;
}

static int send_part(int64_t id, int64_t at, struct bytes part)
{
	struct upload_place place;
	int r = file_place(reading(), id, &place);
	done_reading();
	if (r == 0)
		r = file_part(&the.f.c, &place, at, part);
	struct call call = { .id = id, .from = at, .to = at + (int64_t)part.n };
	return r < 0 ? r : in_writer(run_advance, &call);
}

static int run_drop(struct ctx *c, void *arg)
{
	return file_drop(c, ((struct call *)arg)->id);
}

static int finish(int64_t id)
{
	struct call call = { .id = id };
	int r = file_place(reading(), id, &call.place);
	done_reading();
	if (r == 0)
		r = file_prepare(&the.f.c, &call.place, &call.ready);
	return r < 0 ? r : in_writer(run_finish, &call);
}

static int upload(const char *name, struct bytes content, int64_t *id)
{
	*id = begun(name, content.n);
	TRY(send_part(*id, 0, content));
	return finish(*id);
}

static struct bytes text_of(const char *text)
{
	return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static int read_back(int64_t id, enum file_form form, struct bytes *out)
{
	int r = file_read(reading(), id, form, out);
	done_reading();
	return r;
}

static struct bytes letters(size_t n)
{
	uint8_t *p = arena_alloc(the.f.a, n);
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)('a' + (i * 7 + i / 1000) % 26);
	return (struct bytes){ p, n };
}

static void parts_become_a_file_that_reads_back(void **state)
{
	(void)state;
	struct bytes all = letters(200001), out;
	int64_t id = begun("../../记录.txt", all.n);
	struct upload_place place;
	assert_int_equal(send_part(id, 0, (struct bytes){ all.p, 70000 }), 0);
	assert_int_equal(finish(id), ERR_OFFSET);
	assert_int_equal(file_place(reading(), id, &place), 0);
	done_reading();
	assert_int_equal(place.offset, 70000);
	assert_int_equal(send_part(id, 70000, (struct bytes){ all.p + 70000, all.n - 70000 }), 0);
	assert_int_equal(finish(id), 0);
	assert_int_equal(read_back(id, FILE_CONTENT, &out), 0);
	assert_int_equal(out.n, all.n);
	assert_memory_equal(out.p, all.p, all.n);
	assert_int_equal(read_back(id, FILE_THUMBNAIL, &out), ERR_NOT_FOUND);
	struct file_info info;
	assert_int_equal(file_show(reading(), id, &info), 0);
	done_reading();
	assert_string_equal(info.name, "记录.txt");
	assert_string_equal(info.type, "text/plain");
	assert_false(info.is_inline);
	assert_int_equal(file_place(reading(), id, &place), 0);
	done_reading();
	assert_int_equal(place.offset, place.size);
	assert_int_not_equal(access(upload_path(the.store, the.f.a, id), F_OK), 0);
	struct call again = { .id = id };
	assert_int_equal(in_writer(run_finish, &again), 0);
}

static void any_place_of_a_file_can_be_read(void **state)
{
	(void)state;
	struct bytes all = letters(3 * SEAL_CHUNK + 5);
	struct file_reader r;
	int64_t id;
	uint8_t p[16];
	size_t got;
	assert_int_equal(upload("a.txt", all, &id), 0);
	assert_int_equal(file_open(reading(), id, FILE_CONTENT, &r), 0);
	done_reading();
	assert_int_equal(file_reader_read(&r, SEAL_CHUNK - 3, p, sizeof(p), &got), 0);
	assert_int_equal(got, 3);
	assert_memory_equal(p, all.p + SEAL_CHUNK - 3, 3);
	assert_int_equal(file_reader_read(&r, (int64_t)all.n - 5, p, sizeof(p), &got), 0);
	assert_int_equal(got, 5);
	assert_memory_equal(p, all.p + all.n - 5, 5);
	assert_int_equal(file_reader_read(&r, (int64_t)all.n, p, sizeof(p), &got), 0);
	assert_int_equal(got, 0);
	file_reader_close(&r);
}

static void a_repeated_or_late_part_is_told_where_to_go_on(void **state)
{
	(void)state;
	int64_t id = begun("a.txt", 10);
	assert_int_equal(send_part(id, 0, text_of("hello")), 0);
	assert_int_equal(send_part(id, 0, text_of("hello")), ERR_OFFSET);
	assert_string_equal(the.f.error.arg, "5");
	assert_int_equal(send_part(id, 7, text_of("abc")), ERR_OFFSET);
	assert_int_equal(send_part(id, 5, text_of("more than announced")), ERR_BAD_REQUEST);
	assert_int_equal(send_part(id, 5, text_of("")), ERR_BAD_REQUEST);
	/* on disk but not acknowledged: sent again */
	struct upload_place place = { .id = id, .offset = 5, .size = 10 };
	assert_int_equal(file_part(&the.f.c, &place, 5, text_of("XXXXX")), 0);
	assert_int_equal(send_part(id, 5, text_of("world")), 0);
	assert_int_equal(finish(id), 0);
	struct bytes out;
	assert_int_equal(read_back(id, FILE_CONTENT, &out), 0);
	assert_memory_equal(out.p, "helloworld", 10);
	assert_true(file_part(&the.f.c, &place, 5, text_of("EVIL!")) < 0);
}

static void nobody_writes_into_a_file_that_is_being_judged(void **state)
{
	(void)state;
	int64_t id = begun("a.txt", 5);
	struct upload_place place = { .id = id, .size = 5 };
	assert_int_equal(send_part(id, 0, text_of("hello")), 0);
	int fd = open(upload_path(the.store, the.f.a, id), O_RDONLY);
	assert_int_equal(flock(fd, LOCK_EX), 0);                /* as file_prepare holds it */
	assert_int_equal(file_part(&the.f.c, &place, 0, text_of("MZ...")), ERR_BUSY);
	assert_int_equal(finish(id), ERR_BUSY);
	close(fd);
	assert_int_equal(finish(id), 0);
}

/* The last part on disk, then a crash: the row still wants it, and gets it. */
static void a_crash_before_the_end_asks_for_the_last_part_again(void **state)
{
	(void)state;
	int64_t id = begun("a.txt", 10);
	struct upload_place place;
	struct file_ready lost;
	assert_int_equal(send_part(id, 0, text_of("hello")), 0);
	assert_int_equal(file_place(reading(), id, &place), 0);
	done_reading();
	assert_int_equal(file_part(&the.f.c, &place, 5, text_of("world")), 0);
	assert_int_equal(file_prepare(&the.f.c, &place, &lost), 0);
	assert_int_equal(file_place(reading(), id, &place), 0);
	done_reading();
	assert_int_equal(place.offset, 5);
	assert_int_equal(send_part(id, 5, text_of("again")), 0);
	assert_int_equal(finish(id), 0);
	struct bytes out;
	assert_int_equal(read_back(id, FILE_CONTENT, &out), 0);
	assert_memory_equal(out.p, "helloagain", 10);
}

static void an_upload_that_is_given_up_leaves_nothing(void **state)
{
	(void)state;
	int64_t id = begun("a.txt", 10);
	struct upload_place place;
	assert_int_equal(send_part(id, 0, text_of("hello")), 0);
	struct call stranger = { .id = id, .actor_id = 99 }, owner = { .id = id };
	assert_int_equal(in_writer(run_drop, &stranger), ERR_NOT_FOUND);
	assert_int_equal(in_writer(run_drop, &owner), 0);
	assert_int_equal(file_place(reading(), id, &place), ERR_NOT_FOUND);
	done_reading();
	assert_int_not_equal(access(upload_path(the.store, the.f.a, id), F_OK), 0);
}

static void limits_are_kept(void **state)
{
	(void)state;
	struct call large = { .name = "a", .size = 3 * 1024 * 1024 + 1 }, empty = { .name = "a" }, nameless = { .name = " ../ ", .size = 1 };
	assert_int_equal(in_writer(run_begin, &large), ERR_TOO_LARGE);
	assert_int_equal(in_writer(run_begin, &empty), ERR_INVALID);
	assert_string_equal(the.f.error.fields->field, "size");
	assert_int_equal(in_writer(run_begin, &nameless), ERR_INVALID);
	for (int i = 0; i < 3; i++)
		begun("a", 1);
	struct call fourth = { .name = "a", .size = 1 }, other = { .name = "a", .size = 1, .actor_id = 99 };
	assert_int_equal(in_writer(run_begin, &fourth), ERR_RATE);
	assert_int_equal(in_writer(run_begin, &other), 0);
}

static void dangerous_content_is_refused_whatever_its_name(void **state)
{
	(void)state;
	int64_t id;
	assert_int_equal(upload("photo.jpg", text_of("MZ\x90 this program cannot be run"), &id), ERR_MEDIA_TYPE);
	assert_int_equal(upload("photo.jpg", text_of("<html><script>alert(1)</script>"), &id), ERR_MEDIA_TYPE);
	assert_int_equal(upload("photo.jpg", text_of("\xFF\xD8\xFF\xE0 not a picture at all"), &id), ERR_MEDIA_TYPE);
}

static struct bytes photo(void)
{
	struct picture p;
	FILE *f = tmpfile();
	picture_make(the.f.a, &p, 400, 200, 3);
	memset(p.pixels, 120, 400 * 200 * 3);
	jpeg_write(f, &p, 90);
	long n = ftell(f);
	uint8_t *b = arena_alloc(the.f.a, (size_t)n + 16);
	rewind(f);
	assert_int_equal(fread(b, 1, 2, f), 2);
	memcpy(b + 2, "\xFF\xFE\x00\x0EGPS 30.25 N!", 16);             /* a comment that says where */
	assert_int_equal(fread(b + 18, 1, (size_t)n - 2, f), (size_t)n - 2);
	fclose(f);
	return (struct bytes){ b, (size_t)n + 16 };
}

static void a_photo_is_made_small_and_loses_its_place(void **state)
{
	(void)state;
	struct bytes content, thumbnail;
	struct file_info info;
	int64_t id;
	assert_int_equal(upload("家里.jpg", photo(), &id), 0);
	assert_int_equal(file_show(reading(), id, &info), 0);
	done_reading();
	assert_int_equal(info.width, 64);
	assert_int_equal(info.height, 32);
	assert_true(info.is_inline && info.has_thumbnail);
	assert_int_equal(read_back(id, FILE_CONTENT, &content), 0);
	assert_int_equal(read_back(id, FILE_THUMBNAIL, &thumbnail), 0);
	assert_null(memmem(content.p, content.n, "GPS", 3));
	assert_memory_equal(thumbnail.p, "\xFF\xD8\xFF", 3);
}

static const char *blob_path(int64_t id)
{
	struct file row;
	assert_int_equal(file_row_get(reading(), id, &row), 0);
	done_reading();
	return arena_format(the.f.a, "%s/blob/%.2s/%.2s/%s", the.f.place.folder, row.blob, row.blob + 2, row.blob);
}

static void a_stored_file_is_sealed_and_its_name_is_its_hash(void **state)
{
	(void)state;
	struct bytes out;
	int64_t id;
	uint8_t hash[32], sealed[200];
	assert_int_equal(upload("a.txt", text_of("王小明 13812345678"), &id), 0);
	const char *path = blob_path(id);
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, sealed, sizeof(sealed));
	close(fd);
	assert_int_equal(n, (ssize_t)strlen("王小明 13812345678") + SEAL_OVERHEAD);
	assert_null(memmem(sealed, (size_t)n, "138", 3));
	hash_sha256(sealed, (size_t)n, hash);
	assert_string_equal(hex(the.f.a, hash, 32), strrchr(path, '/') + 1);
	/* a byte that was changed on disk is noticed */
	assert_int_equal(chmod(path, 0600), 0);
	fd = open(path, O_WRONLY);
	sealed[30] ^= 1;
	assert_int_equal(pwrite(fd, sealed, (size_t)n, 0), n);
	close(fd);
	assert_true(read_back(id, FILE_CONTENT, &out) < 0);
}

static void only_who_uploaded_a_file_gives_it_away(void **state)
{
	(void)state;
	int64_t id;
	assert_int_equal(upload("a.txt", text_of("hello"), &id), 0);
	struct call stranger = { .id = id, .object = "ticket", .object_id = 5, .actor_id = 99 };
	struct call nothing = { .id = 424242, .object = "ticket", .object_id = 5 };
	struct call owner = { .id = id, .object = "ticket", .object_id = 5 };
	assert_int_equal(in_writer(run_attach, &stranger), ERR_INVALID);
	assert_int_equal(in_writer(run_attach, &nothing), ERR_INVALID);
	assert_int_equal(in_writer(run_attach, &owner), 0);
	struct file_holder *holders;
	size_t n;
	assert_int_equal(file_holders(reading(), id, &holders, &n), 0);
	done_reading();
	assert_int_equal(n, 1);
	assert_string_equal(holders[0].object, "ticket");
	struct upload_place place;
	the.f.c.actor_id = 99;
	assert_int_equal(file_place(reading(), id, &place), ERR_NOT_FOUND);
	done_reading();
	the.f.c.actor_id = 77;
}

static int run_erase(struct ctx *c, void *arg)
{
	struct call *call = arg;
	return pii_erase(c, "customer", call->customer_id, "asked", NULL, 0, &call->id);
}

static int run_erase_finish(struct ctx *c, void *arg)
{
	struct call *call = arg;
	struct erasure_certificate certificate;
	TRY(pii_erase_finish(c, call->id, &certificate));
	call->count = certificate.keys;
	return 0;
}

static void erasing_the_person_makes_the_file_unreadable(void **state)
{
	(void)state;
	struct bytes out;
	int64_t id;
	assert_int_equal(upload("a.txt", text_of("hello"), &id), 0);
	struct call attach = { .id = id, .object = "ticket", .object_id = 5, .customer_id = 10 }, erase = { .customer_id = 10 };
	assert_int_equal(in_writer(run_attach, &attach), 0);
	assert_int_equal(in_writer(run_erase, &erase), 0);
	assert_int_equal(in_writer(run_erase_finish, &erase), 0);
	assert_int_equal(erase.count, 1);
	assert_int_equal(read_back(id, FILE_CONTENT, &out), ERR_ERASED);
}

static void a_file_goes_with_the_last_thing_that_holds_it(void **state)
{
	(void)state;
	struct bytes out;
	struct file row;
	struct key key;
	int64_t id;
	assert_int_equal(upload("a.txt", text_of("hello"), &id), 0);
	assert_int_equal(file_row_get(reading(), id, &row), 0);
	done_reading();
	struct call one = { .id = id, .object = "ticket", .object_id = 5 }, two = { .id = id, .object = "purchase_proof", .object_id = 6 };
	assert_int_equal(in_writer(run_attach, &one), 0);
	assert_int_equal(in_writer(run_attach, &two), 0);
	assert_int_equal(in_writer(run_release, &two), 0);
	assert_int_equal(two.count, 0);
	assert_int_equal(read_back(id, FILE_CONTENT, &out), 0);
	assert_int_equal(in_writer(run_release, &one), 0);
	assert_int_equal(one.count, 1);
	assert_int_equal(read_back(id, FILE_CONTENT, &out), ERR_NOT_FOUND);
	assert_int_equal(keystore_key(the.f.keys, the.f.a, row.key, &key), ERR_ERASED);
}

static void age(const char *path, int64_t now_ms, int64_t by_ms)
{
	struct utimbuf t = { (time_t)((now_ms - by_ms) / 1000), (time_t)((now_ms - by_ms) / 1000) };
	assert_int_equal(utime(path, &t), 0);
}

static void what_nobody_needs_is_swept_after_a_day(void **state)
{
	(void)state;
	struct fixture *f = &the.f;
	int64_t held, loose, half = begun("half.txt", 100), removed;
	assert_int_equal(send_part(half, 0, text_of("half")), 0);
	assert_int_equal(upload("held.txt", text_of("held"), &held), 0);
	assert_int_equal(upload("loose.txt", text_of("loose"), &loose), 0);
	struct call attach = { .id = held, .object = "ticket", .object_id = 5 }, sweep = { 0 };
	assert_int_equal(in_writer(run_attach, &attach), 0);
	const char *held_path = blob_path(held), *loose_path = blob_path(loose), *part = upload_path(the.store, f->a, half);
	assert_int_equal(in_writer(run_sweep, &sweep), 0);
	assert_int_equal(sweep.count, 0);
	clock_move(&f->clock, 25 * HOUR_MS);
	assert_int_equal(in_writer(run_sweep, &sweep), 0);
	assert_int_equal(sweep.count, 2);
	assert_int_not_equal(access(part, F_OK), 0);
	assert_int_equal(access(loose_path, F_OK), 0);
	age(held_path, clock_now(&f->clock), 30 * HOUR_MS);
	age(loose_path, clock_now(&f->clock), 30 * HOUR_MS);
	assert_int_equal(file_orphans(reading(), &removed), 0);
	done_reading();
	assert_int_equal(removed, 1);
	assert_int_not_equal(access(loose_path, F_OK), 0);
	struct bytes out;
	assert_int_equal(read_back(held, FILE_CONTENT, &out), 0);
}

static void put_box(struct text *t, const char *type, const char *content, size_t n)
{
	uint8_t size[4] = { 0, 0, (uint8_t)((n + 8) >> 8), (uint8_t)(n + 8) };
	text_append_n(t, size, 4);
	text_append_n(t, type, 4);
	text_append_n(t, content, n);
}

static void a_recording_loses_its_place_and_keeps_its_length(void **state)
{
	(void)state;
	struct text trak = text_in(the.f.a), moov = text_in(the.f.a), all = text_in(the.f.a);
	struct bytes out;
	int64_t id;
	put_box(&trak, "tkhd", "TRACKHEAD", 9);
	put_box(&trak, "udta", "+30.25+120.16/", 14);
	put_box(&moov, "mvhd", "MOVIEHEAD", 9);
	put_box(&moov, "trak", trak.p, trak.n);
	put_box(&moov, "meta", "location +30.25", 15);
	put_box(&all, "ftyp", "isom....", 8);
	put_box(&all, "moov", moov.p, moov.n);
	put_box(&all, "uuid", "xmp +30.25", 10);
	put_box(&all, "mdat", "picture +30.25 by chance", 24);
	assert_int_equal(upload("a.mp4", (struct bytes){ (uint8_t *)all.p, all.n }, &id), 0);
	assert_int_equal(read_back(id, FILE_CONTENT, &out), 0);
	assert_int_equal(out.n, all.n);
	assert_null(memmem(out.p, out.n - 24, "+30.25", 6));
	assert_non_null(memmem(out.p, out.n, "TRACKHEAD", 9));
	assert_non_null(memmem(out.p, out.n, "picture +30.25 by chance", 24));
	all.p[27] = 127;                /* a box inside of moov that is longer than moov */
	assert_int_equal(upload("b.mp4", (struct bytes){ (uint8_t *)all.p, all.n }, &id), ERR_MEDIA_TYPE);
}

static const struct CMUnitTest files[] = {
	ON_BOTH(parts_become_a_file_that_reads_back),
	ON_BOTH(any_place_of_a_file_can_be_read),
	ON_BOTH(a_repeated_or_late_part_is_told_where_to_go_on),
	ON_BOTH(nobody_writes_into_a_file_that_is_being_judged),
	ON_BOTH(a_crash_before_the_end_asks_for_the_last_part_again),
	ON_BOTH(an_upload_that_is_given_up_leaves_nothing),
	ON_BOTH(limits_are_kept),
	ON_BOTH(dangerous_content_is_refused_whatever_its_name),
	ON_BOTH(a_photo_is_made_small_and_loses_its_place),
	ON_BOTH(a_stored_file_is_sealed_and_its_name_is_its_hash),
	ON_BOTH(only_who_uploaded_a_file_gives_it_away),
	ON_BOTH(erasing_the_person_makes_the_file_unreadable),
	ON_BOTH(a_file_goes_with_the_last_thing_that_holds_it),
	ON_BOTH(what_nobody_needs_is_swept_after_a_day),
	ON_BOTH(a_recording_loses_its_place_and_keeps_its_length),
};

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "media-child"))
		return media_child_main(argc, argv);
	RUN_ON_BOTH(files);
}
