/* Both places for blobs by the same tests: a folder, and an S3-compatible store that checks every signature. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypto.h"
#include "core/file/blob.h"

#include <cmocka.h>

struct place {
	char folder[64];
	struct blob_store *store;
	pid_t server;
	struct arena *a;
};
static struct place the;

static int make_place(void **state)
{
	*state = &the;
	memset(&the, 0, sizeof(the));
	the.a = arena_new();
	snprintf(the.folder, sizeof(the.folder), "/tmp/blob_test.XXXXXX");
	return mkdtemp(the.folder) ? 0 : -1;
}

static int setup_folder(void **state)
{
	if (make_place(state) != 0)
		return -1;
	return blob_folder_open(arena_format(the.a, "%s/blob", the.folder), &the.store);
}

/* This program lies in build/KIND below the root of the tree. */
static const char *server_script(void)
{
	static char path[4200];
	ssize_t n = readlink("/proc/self/exe", path, 4000);
	for (int up = 0; up < 3; up++)
		while (n > 0 && path[--n] != '/')
			;
	snprintf(path + n, sizeof(path) - (size_t)n, "/tests/s3_store.py");
	return path;
}

/* The store runs as a child; it says its port on standard output. */
static int start_server(void)
{
	int pipes[2], port = 0;
	if (pipe(pipes) != 0 || (the.server = fork()) < 0)
		return 0;
	if (the.server == 0) {
		dup2(pipes[1], 1);
		execlp("python3", "python3", server_script(), NULL);
		_exit(127);
	}
	close(pipes[1]);
	FILE *f = fdopen(pipes[0], "r");
	if (fscanf(f, "%d", &port) != 1)
		port = 0;
	fclose(f);
	return port;
}

static int open_s3(const char *secret)
{
	static int port;
	if (!the.server)
		port = start_server();
	struct blob_s3_options o = { .url = arena_format(the.a, "http://127.0.0.1:%d/bucket/files/", port), .region = "cn-test-1",
		                     .access_key = "TESTKEY", .secret_key = secret, .temporary = the.folder, .settings = &setting_defaults };
	return port ? blob_s3_open(&o, &the.store) : -1;
}

static int setup_s3(void **state)
{
	if (make_place(state) != 0)
		return -1;
	return open_s3("TESTSECRET");
}

static int teardown(void **state)
{
	(void)state;
	blob_close(the.store);
	if (the.server) {
		kill(the.server, SIGTERM);
		waitpid(the.server, NULL, 0);
	}
	int r = system(arena_format(the.a, "rm -rf %s", the.folder));
	arena_free(the.a);
	return r;
}

/* A file with this content; *name: its SHA-256. */
static const char *file_of(const char *content, const char **name)
{
	uint8_t hash[32];
	const char *path = arena_format(the.a, "%s/in", the.folder);
	FILE *f = fopen(path, "wb");
	fputs(content, f);
	fclose(f);
	hash_sha256(content, strlen(content), hash);
	*name = hex(the.a, hash, sizeof(hash));
	return path;
}

static const char *put(const char *content)
{
	const char *name, *path = file_of(content, &name);
	assert_int_equal(blob_put(the.store, name, path), 0);
	assert_int_not_equal(access(path, F_OK), 0);
	return name;
}

static void what_was_put_is_read_and_removed(void **state)
{
	(void)state;
	char read_back[64] = "";
	int fd;
	const char *name = put("sealed bytes");
	assert_int_equal(blob_open(the.store, name, &fd), 0);
	assert_int_equal(pread(fd, read_back, sizeof(read_back), 0), 12);
	assert_string_equal(read_back, "sealed bytes");
	close(fd);
	put("sealed bytes");                            /* again is harmless */
	assert_int_equal(blob_remove(the.store, name), 0);
	assert_int_equal(blob_open(the.store, name, &fd), ERR_NOT_FOUND);
	assert_int_equal(blob_remove(the.store, name), 0);
}

static void a_name_that_is_no_hash_is_refused(void **state)
{
	(void)state;
	const char *name, *path = file_of("x", &name);
	int fd;
	assert_true(blob_put(the.store, "../../etc/passwd", path) < 0);
	assert_true(blob_put(the.store, "ABCDEF", path) < 0);
	assert_int_equal(blob_open(the.store, "../../../../etc/passwd", &fd), ERR_NOT_FOUND);
	assert_true(blob_remove(the.store, "") < 0);
}

static int count(void *arg, const char *name)
{
	int *n = arg;
	return strlen(name) == 64 && ++*n == 1000000 ? 1 : 0;
}

static void a_walk_meets_each_old_blob_once(void **state)
{
	(void)state;
	enum { BLOBS = 1100 };          /* more than a page of the list */
	int n = 0;
	for (int i = 0; i < BLOBS; i++) {
		struct arena_mark mark = arena_mark(the.a);
		put(arena_format(the.a, "blob %d", i));
		arena_rewind(the.a, mark);
	}
	assert_int_equal(the.store->ops->walk(the.store, FAR_FUTURE_MS - 1, count, &n), 0);
	assert_int_equal(n, BLOBS);
	n = 0;
	assert_int_equal(the.store->ops->walk(the.store, 1000, count, &n), 0);
	assert_int_equal(n, 0);
}

static void content_that_is_not_its_name_is_refused_by_the_store(void **state)
{
	(void)state;
	const char *name, *other, *path = file_of("right", &name);
	file_of("wrong", &other);
	assert_int_equal(blob_put(the.store, name, path), ERR_OUTBOUND);
	assert_int_equal(access(path, F_OK), 0);        /* still there to be put again */
}

static void a_wrong_secret_gets_nothing(void **state)
{
	(void)state;
	int fd;
	const char *name = put("sealed bytes");
	blob_close(the.store);
	assert_int_equal(open_s3("OTHER"), 0);
	assert_int_equal(blob_open(the.store, name, &fd), ERR_OUTBOUND);
}

#define IN_BOTH(test) { #test " (folder)", test, setup_folder, teardown, NULL }, { #test " (S3)", test, setup_s3, teardown, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_BOTH(what_was_put_is_read_and_removed),
		IN_BOTH(a_name_that_is_no_hash_is_refused),
		IN_BOTH(a_walk_meets_each_old_blob_once),
		{ "content_that_is_not_its_name_is_refused_by_the_store", content_that_is_not_its_name_is_refused_by_the_store, setup_s3, teardown, NULL },
		{ "a_wrong_secret_gets_nothing", a_wrong_secret_gets_nothing, setup_s3, teardown, NULL },
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
