/* The key store on both engines: what is destroyed stays destroyed, what is alive survives rotation, copy and crash. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/core_fixture_test.h"
#include "core/pii/keystore_private.h"
#include "gen/keystore_sql.h"

#include <cmocka.h>     /* last: its macro fail() would hide ours */

struct store_fixture {
	struct fresh place;
	const char *master;
	struct clock clock;
	struct log log;
	struct keystore_options options;
	struct keystore *s;
	struct arena *a;
};

static int setup(void **state, enum db_engine engine)
{
	static struct store_fixture only;
	struct store_fixture *f = *state = &only;
	memset(f, 0, sizeof(*f));
	TRY(crypto_start());
	TRY(fresh_make_with(&f->place, engine, &key_migrations));
	clock_manual(&f->clock, 1795300000000);
	log_init(&f->log, open("/dev/null", O_WRONLY), LOG_INFO, &f->clock);
	f->a = arena_new();
	f->master = arena_format(f->a, "%s/master.key", f->place.folder);
	f->options = (struct keystore_options){ .url = f->place.url, .master_path = f->master, .clock = &f->clock, .log = &f->log };
	return keystore_open(&f->options, &f->s);
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
	struct store_fixture *f = *state;
	keystore_close(f->s);
	arena_free(f->a);
	close(f->log.fd);
	return fresh_drop(&f->place);
}

static void reopen(struct store_fixture *f)
{
	keystore_close(f->s);
	f->s = NULL;
	assert_int_equal(keystore_open(&f->options, &f->s), 0);
}

static struct key key_of(struct store_fixture *f, int64_t id)
{
	struct key key;
	assert_int_equal(keystore_key(f->s, f->a, id, &key), 0);
	return key;
}

static int64_t taken(struct store_fixture *f)
{
	int64_t id = 0;
	assert_int_equal(keystore_take(f->s, &id), 0);
	assert_true(id > 0);
	return id;
}

static void a_key_is_the_same_after_a_restart(void **state)
{
	struct store_fixture *f = *state;
	int64_t one = taken(f), two = taken(f);
	assert_true(one != two);
	struct key first = key_of(f, one), second = key_of(f, two);
	assert_memory_not_equal(&first, &second, KEY_SIZE);
	char pair[33];
	memcpy(pair, keystore_pair(f->s), 33);
	reopen(f);
	struct key again = key_of(f, one);
	assert_memory_equal(&first, &again, KEY_SIZE);
	assert_string_equal(pair, keystore_pair(f->s));
	assert_int_equal(strlen(pair), 32);
}

static void many_keys_come_in_one_question(void **state)
{
	struct store_fixture *f = *state;
	int64_t ids[5] = { taken(f), taken(f), 0, 0, 12345 };
	ids[2] = ids[0];
	ids[3] = taken(f);
	assert_int_equal(keystore_destroy(f->s, &ids[3], 1), 0);
	struct key keys[5], first = key_of(f, ids[0]);
	int results[5];
	assert_int_equal(keystore_open_many(f->s, f->a, ids, 5, keys, results), 0);
	assert_int_equal(results[0], 0);
	assert_int_equal(results[1], 0);
	assert_int_equal(results[2], 0);
	assert_int_equal(results[3], ERR_ERASED);
	assert_int_equal(results[4], ERR_INTERNAL);
	assert_memory_equal(&keys[0], &first, KEY_SIZE);
	assert_memory_equal(&keys[2], &first, KEY_SIZE);
	assert_memory_not_equal(&keys[1], &first, KEY_SIZE);
}

/* Few keys take another query than many: whatever the number, the same answers in the order asked. */
static void few_keys_are_the_same_as_many(void **state)
{
	struct store_fixture *f = *state;
	int64_t ids[6];
	struct key one[6], keys[6];
	int results[6];
	for (int i = 0; i < 6; i++)
		one[i] = key_of(f, ids[i] = taken(f));
	int64_t turned = ids[0];
	ids[0] = ids[2];
	ids[2] = turned;
	struct key key = one[0];
	one[0] = one[2];
	one[2] = key;
	for (size_t n = 1; n <= 6; n++) {
		assert_int_equal(keystore_open_many(f->s, f->a, ids, n, keys, results), 0);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(results[i], 0);
			assert_memory_equal(&keys[i], &one[i], KEY_SIZE);
		}
	}
	int64_t odd[] = { ids[0], ids[0], 12345, 12345 };
	assert_int_equal(keystore_open_many(f->s, f->a, odd, 4, keys, results), 0);
	assert_int_equal(results[1], 0);
	assert_memory_equal(&keys[1], &one[0], KEY_SIZE);
	assert_int_equal(results[2], ERR_INTERNAL);
	assert_int_equal(results[3], ERR_INTERNAL);
}

static bool file_holds(struct store_fixture *f, const char *end, struct bytes what)
{
	struct stat is;
	const char *path = arena_format(f->a, "%s%s", f->place.url, end);
	int fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	assert_int_equal(fstat(fd, &is), 0);
	uint8_t *p = arena_alloc(f->a, (size_t)is.st_size + 1);
	assert_int_equal(read(fd, p, (size_t)is.st_size), is.st_size);
	close(fd);
	return memmem(p, (size_t)is.st_size, what.p, what.n) != NULL;
}

static void a_destroyed_key_is_gone_from_every_file(void **state)
{
	struct store_fixture *f = *state;
	struct store_call call;
	struct sealing_key *rows;
	struct db_conn *db;
	struct key key;
	size_t n;
	int64_t id = taken(f), other = taken(f);
	assert_int_equal(reader_take(f->s, &db), 0);
	assert_int_equal(key_by_id(store_ctx(&call, f->s, db, f->a), id, &rows, &n), 0);
	reader_give(f->s, db);
	if (!f->place.database[0])
		assert_true(file_holds(f, "", rows[0].wrapped) || file_holds(f, "-wal", rows[0].wrapped));
	assert_int_equal(keystore_destroy(f->s, &id, 1), 0);
	assert_int_equal(keystore_key(f->s, f->a, id, &key), ERR_ERASED);
	assert_false(file_holds(f, "", rows[0].wrapped));
	assert_false(file_holds(f, "-wal", rows[0].wrapped));
	assert_int_equal(keystore_key(f->s, f->a, other, &key), 0);
	assert_int_equal(keystore_destroy(f->s, &id, 1), 0);
	int64_t stones[4];
	size_t count = 4;
	assert_int_equal(keystore_tombstones(f->s, f->a, 0, stones, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(stones[0], id);
}

static void a_master_that_others_may_read_is_refused(void **state)
{
	struct store_fixture *f = *state;
	keystore_close(f->s);
	f->s = NULL;
	assert_int_equal(chmod(f->master, 0644), 0);
	assert_true(keystore_open(&f->options, &f->s) < 0);
	assert_int_equal(chmod(f->master, 0640), 0);
	assert_true(keystore_open(&f->options, &f->s) < 0);
	assert_int_equal(chmod(f->master, 0600), 0);
	assert_int_equal(keystore_open(&f->options, &f->s), 0);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void a_master_of_another_store_is_refused(void **state)
{
	struct store_fixture *f = *state;
	static const char other[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";
	keystore_close(f->s);
	f->s = NULL;
	write_file(f->master, other);
	assert_true(keystore_open(&f->options, &f->s) < 0);
	write_file(f->master, "too short\n");
	assert_true(keystore_open(&f->options, &f->s) < 0);
	unlink(f->master);
	assert_true(keystore_open(&f->options, &f->s) < 0);     /* never a new master for an old store */
	assert_int_not_equal(access(f->master, F_OK), 0);
}

static void a_new_store_takes_the_master_of_an_environment_file(void **state)
{
	struct store_fixture *f = *state;
	struct keystore_options o = f->options;
	char url[300], path[300];
	snprintf(url, sizeof(url), "%s/other.db", f->place.folder);
	snprintf(path, sizeof(path), "%s/anxin.env", f->place.folder);
	o.url = url;
	o.master_path = path;
	o.policy = MASTER_NEEDED;
	struct keystore *s = NULL;
	assert_true(keystore_open(&o, &s) < 0);
	write_file(path, "OTHER=1\nANXIN_MASTER_KEY=00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff\n");
	assert_int_equal(keystore_open(&o, &s), 0);
	struct stat is;
	assert_int_equal(stat(url, &is), 0);
	assert_int_equal(is.st_mode & 0777, 0600);
	keystore_close(s);
}

static void rotation_changes_the_master_and_no_key(void **state)
{
	struct store_fixture *f = *state;
	int64_t ids[20];
	struct key keys[20], old_master, new_master;
	for (int i = 0; i < 20; i++)
		keys[i] = key_of(f, ids[i] = taken(f));
	assert_int_equal(keystore_destroy(f->s, &ids[19], 1), 0);
	assert_int_equal(master_file_read(&f->log, f->master, &old_master), 0);
	assert_int_equal(keystore_rotate(f->s), 0);
	assert_int_equal(master_file_read(&f->log, f->master, &new_master), 0);
	assert_memory_not_equal(&old_master, &new_master, KEY_SIZE);
	assert_int_equal(unlink(arena_format(f->a, "%s.before", f->master)), 0);
	reopen(f);
	for (int i = 0; i < 19; i++) {
		struct key again = key_of(f, ids[i]);
		assert_memory_equal(&again, &keys[i], KEY_SIZE);
	}
	assert_int_equal(keystore_key(f->s, f->a, ids[19], &keys[0]), ERR_ERASED);
}

/* A full disk or a kill in the middle must not leave half a file, which every later start would refuse. */
static void a_master_file_is_whole_or_absent(void **state)
{
	struct store_fixture *f = *state;
	const char *path = arena_format(f->a, "%s/half.key", f->place.folder);
	struct key key, again;
	crypto_random(&key, sizeof(key));
	pid_t child = fork();
	if (child == 0) {
		signal(SIGXFSZ, SIG_IGN);
		int limited = setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 10, 10 });
		_exit(limited < 0 || master_file_write(&f->log, path, &key) == 0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(master_file_read(&f->log, path, &again), ERR_NOT_FOUND);
	assert_int_equal(master_file_write(&f->log, path, &key), 0);
	assert_int_equal(master_file_read(&f->log, path, &again), 0);
	assert_memory_equal(&key, &again, KEY_SIZE);
	assert_true(master_file_write(&f->log, path, &key) < 0);        /* never over an existing one */
}

/* Killed somewhere in the middle, again and again: every key opens afterwards, and the next rotation ends. */
static void a_rotation_that_was_killed_goes_on(void **state)
{
	struct store_fixture *f = *state;
	enum { KEYS = 3000 };
	int64_t *ids = ARENA_ARRAY(f->a, int64_t, KEYS);
	struct key *keys = ARENA_ARRAY(f->a, struct key, KEYS), *again = ARENA_ARRAY(f->a, struct key, KEYS);
	int *results = ARENA_ARRAY(f->a, int, KEYS);
	for (int i = 0; i < KEYS; i++)
		ids[i] = taken(f);
	assert_int_equal(keystore_open_many(f->s, f->a, ids, KEYS, keys, results), 0);
	keystore_close(f->s);
	f->s = NULL;
	for (int kill_after_ms = 2; kill_after_ms < 60; kill_after_ms += 11) {
		pid_t child = fork();
		if (child == 0) {
			struct keystore *s;
			_exit(keystore_open(&f->options, &s) < 0 || keystore_rotate(s) < 0);
		}
		usleep((useconds_t)kill_after_ms * 1000);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		assert_int_equal(keystore_open(&f->options, &f->s), 0);
		assert_int_equal(keystore_open_many(f->s, f->a, ids, KEYS, again, results), 0);
		assert_memory_equal(keys, again, KEYS * sizeof(*keys));
		keystore_close(f->s);
		f->s = NULL;
	}
	assert_int_equal(keystore_open(&f->options, &f->s), 0);
	assert_int_equal(keystore_rotate(f->s), 0);
	assert_int_not_equal(access(arena_format(f->a, "%s.next", f->master), F_OK), 0);
	unlink(arena_format(f->a, "%s.before", f->master));
	reopen(f);
	assert_int_equal(keystore_open_many(f->s, f->a, ids, KEYS, again, results), 0);
	assert_memory_equal(keys, again, KEYS * sizeof(*keys));
}

static void a_copy_brings_back_what_was_lost_but_not_what_was_destroyed(void **state)
{
	struct store_fixture *f = *state;
	const char *copy;
	int64_t kept = taken(f), erased = taken(f), before = taken(f), lost = taken(f);
	struct key key = key_of(f, lost), again;
	assert_int_equal(keystore_destroy(f->s, &before, 1), 0);
	assert_int_equal(keystore_copy(f->s, f->place.folder, &copy, f->a), 0);
	assert_int_equal(keystore_destroy(f->s, &erased, 1), 0);
	assert_int_equal(keystore_reclaim(f->s, &lost, 1), 0);
	keystore_close(f->s);
	f->s = NULL;
	assert_int_equal(keystore_restore(&f->options, copy), 0);
	assert_int_equal(keystore_open(&f->options, &f->s), 0);
	assert_int_equal(keystore_key(f->s, f->a, erased, &again), ERR_ERASED);
	assert_int_equal(keystore_key(f->s, f->a, before, &again), ERR_ERASED);
	assert_int_equal(keystore_key(f->s, f->a, kept, &again), 0);
	assert_int_equal(keystore_key(f->s, f->a, lost, &again), 0);
	assert_memory_equal(&key, &again, KEY_SIZE);
}

static void a_copy_restores_an_empty_place_and_no_other_store(void **state)
{
	struct store_fixture *f = *state;
	const char *copy;
	int64_t id = taken(f);
	struct key key = key_of(f, id), again;
	assert_int_equal(keystore_copy(f->s, f->place.folder, &copy, f->a), 0);
	struct keystore_options o = f->options;
	o.url = arena_format(f->a, "%s/restored.db", f->place.folder);
	assert_int_equal(keystore_restore(&o, copy), 0);
	struct keystore *s;
	assert_int_equal(keystore_open(&o, &s), 0);
	assert_string_equal(keystore_pair(s), keystore_pair(f->s));
	assert_int_equal(keystore_key(s, f->a, id, &again), 0);
	assert_memory_equal(&key, &again, KEY_SIZE);
	keystore_close(s);
	struct keystore_options stranger = f->options;
	stranger.url = arena_format(f->a, "%s/stranger.db", f->place.folder);
	stranger.master_path = arena_format(f->a, "%s/stranger.key", f->place.folder);
	assert_int_equal(keystore_open(&stranger, &s), 0);
	keystore_close(s);
	assert_int_equal(keystore_restore(&stranger, copy), ERR_STATE);
	assert_int_equal(keystore_restore(&stranger, "/nonexistent"), ERR_NOT_FOUND);
}

static void a_copy_lives_thirty_days(void **state)
{
	struct store_fixture *f = *state;
	const char *first, *second, *third;
	assert_int_equal(keystore_copy(f->s, f->place.folder, &first, f->a), 0);
	clock_move(&f->clock, 29 * DAY_MS);
	assert_int_equal(keystore_copy(f->s, f->place.folder, &second, f->a), 0);
	assert_int_equal(access(first, F_OK), 0);
	clock_move(&f->clock, DAY_MS);
	assert_int_equal(keystore_copy(f->s, f->place.folder, &third, f->a), 0);
	assert_int_not_equal(access(first, F_OK), 0);
	assert_int_equal(access(second, F_OK), 0);
	assert_int_equal(access(f->master, F_OK), 0);
}

static void keys_from_an_old_stock_are_not_given_out(void **state)
{
	struct store_fixture *f = *state;
	int64_t old = taken(f);
	clock_move(&f->clock, 49 * HOUR_MS);
	int64_t fresh = taken(f), ids[100];
	size_t n = 100;
	assert_int_equal(keystore_old_keys(f->s, f->a, 0, clock_now(&f->clock) - KEYSTORE_RECLAIM_AGE_MS, ids, &n), 0);
	bool has_old = false;
	for (size_t i = 0; i < n; i++) {
		assert_true(ids[i] != fresh);
		has_old |= ids[i] == old;
	}
	assert_true(has_old);
}

enum { THREADS = 8, TAKES = 400 };

struct taker {
	struct keystore *s;
	int64_t ids[TAKES];
	int failures;
};

static void *take_many(void *arg)
{
	struct taker *t = arg;
	ARENA_SCOPED a = arena_new();
	for (int i = 0; i < TAKES; i++) {
		struct key key;
		t->failures += keystore_take(t->s, &t->ids[i]) < 0 || keystore_key(t->s, a, t->ids[i], &key) < 0;
		arena_reset(a);
	}
	return NULL;
}

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(int64_t));
}

static void threads_never_get_the_same_key(void **state)
{
	struct store_fixture *f = *state;
	static struct taker takers[THREADS];
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++) {
		takers[i] = (struct taker){ .s = f->s };
		assert_int_equal(pthread_create(&threads[i], NULL, take_many, &takers[i]), 0);
	}
	int64_t *all = ARENA_ARRAY(f->a, int64_t, THREADS * TAKES);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(takers[i].failures, 0);
		memcpy(all + i * TAKES, takers[i].ids, sizeof(takers[i].ids));
	}
	qsort(all, THREADS * TAKES, sizeof(*all), compare_ids);
	for (int i = 1; i < THREADS * TAKES; i++)
		assert_true(all[i] != all[i - 1]);
	struct keystore_stats stats;
	keystore_stats(f->s, &stats);
	assert_int_equal(stats.taken, THREADS * TAKES);
}

/* Whether another process sees that the file is in use: SQLite's shared lock, bytes of its lock page (sqlite.org/fileformat.html#locking_page). */
static bool is_in_use(const char *path)
{
	enum { SHARED_FIRST = 0x40000002, SHARED_SIZE = 510 };
	int status;
	pid_t child = fork();
	if (!child) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = SHARED_FIRST, .l_len = SHARED_SIZE };
		int fd = open(path, O_RDWR);
		_exit(fd < 0 || fcntl(fd, F_GETLK, &lock) < 0 ? 2 : lock.l_type != F_UNLCK);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status);
}

/* As the nightly backup does, in the server's own process. */
static void a_second_opening_lets_go_of_no_lock(void **state)
{
	struct store_fixture *f = *state;
	struct keystore *second;
	if (f->place.engine != DB_SQLITE)
		return;
	taken(f);
	assert_true(is_in_use(f->place.url));
	assert_int_equal(keystore_open(&f->options, &second), 0);
	assert_true(is_in_use(f->place.url));
	keystore_close(second);
	assert_true(is_in_use(f->place.url));
	taken(f);
}

static const struct CMUnitTest keystore[] = {
	ON_BOTH(a_key_is_the_same_after_a_restart),
	ON_BOTH(many_keys_come_in_one_question),
	ON_BOTH(few_keys_are_the_same_as_many),
	ON_BOTH(a_destroyed_key_is_gone_from_every_file),
	ON_BOTH(a_master_that_others_may_read_is_refused),
	ON_BOTH(a_master_of_another_store_is_refused),
	ON_BOTH(a_new_store_takes_the_master_of_an_environment_file),
	ON_BOTH(rotation_changes_the_master_and_no_key),
	ON_BOTH(a_master_file_is_whole_or_absent),
	ON_BOTH(a_rotation_that_was_killed_goes_on),
	ON_BOTH(a_copy_brings_back_what_was_lost_but_not_what_was_destroyed),
	ON_BOTH(a_copy_restores_an_empty_place_and_no_other_store),
	ON_BOTH(a_copy_lives_thirty_days),
	ON_BOTH(keys_from_an_old_stock_are_not_given_out),
	ON_BOTH(threads_never_get_the_same_key),
	ON_BOTH(a_second_opening_lets_go_of_no_lock),
};

int main(void)
{
	RUN_ON_BOTH(keystore);
}
