/* Daily work with the real writer, scheduler, key store and files: what nobody needs goes, what was erased is gone. */
#include <dirent.h>
#include <setjmp.h>

#include "base/pool.h"
#include "core/api/readers.h"
#include "core/core_fixture_test.h"
#include "core/file/file.h"
#include "core/search/search.h"
#include "core/upkeep.h"
#include "gen/upkeep_sql.h"

#include <cmocka.h>     /* last: its macro fail() would hide ours */

enum { PATIENCE_MS = 20000 };

static struct {
	struct fixture f;
	struct blob_store *blobs;
	struct pool *pool;
	struct writer *writer;
	struct jobs *jobs;
} the;

static int setup(void **state, enum db_engine engine)
{
	static const struct job_kind *const kinds[] = { &upkeep_company, &upkeep_store, &upkeep_search, &upkeep_erase, &upkeep_log };
	struct fixture *f = *state = &the.f;
	TRY(fixture_make(f, engine));
	TRY(db_commit(f->db));
	TRY(blob_folder_open(arena_format(f->a, "%s/blob", f->place.folder), &the.blobs));
	TRY(file_store_open(arena_format(f->a, "%s/upload", f->place.folder), the.blobs, "/proc/self/exe", 2, &f->log, &f->services.files));
	TRY(writer_open(&(struct writer_options){ .url = f->place.url, .log = &f->log, .clock = &f->clock }, &the.writer));
	TRY(readers_open(f->place.url, 2, &f->log, &f->services.readers));
	TRY(pool_open(2, 16, &the.pool));
	f->services.writer = the.writer;
	f->services.log = &f->log;
	f->services.key_copies = f->place.folder;
	const struct jobs_options o = { .url = f->place.url, .writer = the.writer, .pool = the.pool, .log = &f->log, .clock = &f->clock,
		                        .services = &f->services, .kinds = kinds, .count = 5, .tick_ms = 10 };
	return jobs_open(&o, &the.jobs);
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
	jobs_close(the.jobs);
	file_store_stop(the.f.services.files);
	pool_close(the.pool);
	writer_close(the.writer);
	readers_close(the.f.services.readers);
	file_store_close(the.f.services.files);
	blob_close(the.blobs);
	fixture_drop(&the.f);
	return 0;
}

static int in_writer(int (*run)(struct ctx *c, void *arg), void *arg)
{
	struct write_request r = { .run = run, .arg = arg, .ctx = the.f.c };
	r.ctx.tenant = TENANT;
	r.ctx.now = clock_now(&the.f.clock);
	r.ctx.db = NULL;
	return writer_run(the.writer, &r);
}

/* Asks again until it holds: the scheduler works in its own time. */
static void wait_until(bool (*holds)(void))
{
	for (int waited = 0; waited < PATIENCE_MS; waited += 5) {
		if (holds())
			return;
		usleep(5000);
	}
	fail_msg("waited in vain");
}

struct upload_call {
	struct upload_place place;
};

static int begin_upload(struct ctx *c, void *arg)
{
	return file_begin(c, "left behind.txt", 10, &((struct upload_call *)arg)->place);
}

static bool upload_is_gone(void)
{
	struct upload_place place;
	struct ctx *c = &the.f.c;
	static int64_t id;
	if (!id) {
		struct upload_call call;
		assert_int_equal(in_writer(begin_upload, &call), 0);
		id = call.place.id;
		assert_int_equal(upkeep_start(&the.f.services, &the.f.clock), 0);
		clock_move(&the.f.clock, 2 * DAY_MS);
		jobs_wake(the.jobs);
	}
	assert_int_equal(db_begin_read(the.f.db, TENANT), 0);
	int r = file_place(c, id, &place);
	assert_int_equal(db_end_read(the.f.db), 0);
	error_clear(c->error);
	if (r == ERR_NOT_FOUND)
		id = 0;
	return r == ERR_NOT_FOUND;
}

static bool keys_are_copied(void)
{
	bool found = false;
	DIR *d = opendir(the.f.place.folder);
	for (struct dirent *e; (e = readdir(d));)
		found |= !strncmp(e->d_name, "keys-", 5) && strstr(e->d_name, "Z.db") && !strstr(e->d_name, "partial");
	closedir(d);
	return found;
}

static void the_night_removes_what_was_left_behind_and_copies_the_keys(void **state)
{
	(void)state;
	wait_until(upload_is_gone);
	wait_until(keys_are_copied);
}

struct person {
	int64_t key, erasure_id;
	struct bytes sealed;
};
static struct person person;

static int make_person(struct ctx *c, void *arg)
{
	struct search_text text = { SEARCH_TITLE, "冰箱漏水" };
	static const char *const phones[] = { "13812345678" };
	struct outbox message = { .id = 901, .channel = "sms", .template = "code", .object = "customer", .object_id = 10, .subject = "",
		                  .state = "sent", .last_error = "", .created_at = c->now };
	TRY(pii_key_new(c, "customer", 10, &person.key));
	message.key = person.key;
	TRY(pii_seal(c, person.key, "customer.name", "王小明", &person.sealed));
	TRY(lookup_set(c, LOOKUP_PHONE, "customer", 10, phones, 1));
	TRY(outbox_row_insert(c, &message));
	return search_index(c, &(struct search_item){ "customer", 10, c->now, { &text, 1 } }, 1);
}

static int erase_person(struct ctx *c, void *arg)
{
	return upkeep_erase_person(c, "customer", 10, "asked by the person", &person.erasure_id);
}

static bool person_is_erased(void)
{
	struct erasure row;
	assert_int_equal(db_begin_read(the.f.db, TENANT), 0);
	assert_int_equal(erasure_row_get(&the.f.c, person.erasure_id, &row), 0);
	assert_int_equal(db_end_read(the.f.db), 0);
	if (strcmp(row.state, "done") != 0)
		return false;
	assert_int_equal(row.keys, 1);
	assert_int_equal(row.hashes, 2);
	assert_int_equal(row.documents, 1);
	assert_int_equal(row.replies, 1);
	return true;
}

static void erasing_a_person_ends_with_her_keys(void **state)
{
	(void)state;
	struct key key;
	assert_int_equal(in_writer(make_person, NULL), 0);
	assert_int_equal(keystore_key(the.f.keys, the.f.a, person.key, &key), 0);
	assert_int_equal(in_writer(erase_person, NULL), 0);
	wait_until(person_is_erased);
	assert_int_equal(keystore_key(the.f.keys, the.f.a, person.key, &key), ERR_ERASED);
}

static const struct CMUnitTest upkeep[] = {
	ON_BOTH(the_night_removes_what_was_left_behind_and_copies_the_keys),
	ON_BOTH(erasing_a_person_ends_with_her_keys),
};

int main(void)
{
	RUN_ON_BOTH(upkeep);
}
