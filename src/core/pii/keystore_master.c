/* The master key: its file, which masters this store knows, wrapping, and rotation by wrapping anew.
 *
 * Three files may hold one: `path`, `path`.next (a rotation that is under way) and `path`.before (for copies that are not yet
 * 30 days old). A check value in the store tells which number each of them has; a file that fits none is refused. */
#include "core/pii/keystore_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "gen/schema.h"
#include "gen/keystore_sql.h"

enum { LONGEST_FILE = 256, HEX_DIGITS = 2 * KEY_SIZE, ROTATE_CHUNK = 500 };

static int refuse(struct log *log, const char *path, const char *why)
{
	log_write(log, LOG_ERROR, "master key refused", "file", path, "why", why, NULL);
	return ERR_INTERNAL;
}

/* Files ---------------------------------------------------------------------------------------------------------- */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 64 hex digits, alone or behind ANXIN_MASTER_KEY= on a line of an environment file. */
static bool parse_master(const char *text, struct key *out)
{
	static const char name[] = "ANXIN_MASTER_KEY=";
	const char *at = strstr(text, name);
	const char *p = at ? at + sizeof(name) - 1 : text;
	if (*p == '"')
		p++;
	for (int i = 0; i < KEY_SIZE; i++) {
		int high = hex_value(p[2 * i]), low = high < 0 ? -1 : hex_value(p[2 * i + 1]);
		if (low < 0)
			return false;
		out->p[i] = (uint8_t)(high << 4 | low);
	}
	return strchr("\r\n\" ", p[HEX_DIGITS]) != NULL;
}

/* 0, ERR_NOT_FOUND, or ERR_INTERNAL when it may be read by others or holds something else. */
int master_file_read(struct log *log, const char *path, struct key *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : refuse(log, path, "cannot be opened");
	char text[LONGEST_FILE + 1] = "";
	struct stat is;
	ssize_t n = fstat(fd, &is) == 0 ? read(fd, text, LONGEST_FILE) : -1;
	close(fd);
	int r = 0;
	if (n < 0 || !S_ISREG(is.st_mode))
		r = refuse(log, path, "not a file");
	else if (is.st_mode & 077)
		r = refuse(log, path, "others may read it: chmod 600");
	else if (is.st_uid != geteuid() && is.st_uid != 0)
		r = refuse(log, path, "belongs to somebody else");
	else if (!parse_master(text, out))
		r = refuse(log, path, "holds no key of 64 hex digits");
	crypto_wipe(text, sizeof(text));
	return r;
}

static int sync_folder(const char *path)
{
	char folder[4096];
	const char *slash = strrchr(path, '/');
	int n = snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
	int fd = n < (int)sizeof(folder) ? open(n ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0)
		return ERR_INTERNAL;
	int r = fsync(fd);
	close(fd);
	return r == 0 ? 0 : ERR_INTERNAL;
}

/* Whole under its name or not at all: written under another name, synced, linked. A kill may leave the other name, which holds
 * a key that nothing uses. */
static bool write_whole(const char *path, const char *text, size_t n)
{
	char part[4096];
	if (snprintf(part, sizeof(part), "%s.XXXXXX", path) >= (int)sizeof(part))
		return false;
	int fd = mkostemp(part, O_CLOEXEC);     /* of mode 0600 */
	if (fd < 0)
		return false;
	bool good = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
	close(fd);
	good = good && link(part, path) == 0;
	unlink(part);
	return good;
}

/* Never over an existing file. On disk when it returns. */
int master_file_write(struct log *log, const char *path, const struct key *key)
{
	static const char digits[] = "0123456789abcdef";
	char text[HEX_DIGITS + 1];
	for (int i = 0; i < KEY_SIZE; i++) {
		text[2 * i] = digits[key->p[i] >> 4];
		text[2 * i + 1] = digits[key->p[i] & 15];
	}
	text[HEX_DIGITS] = '\n';
	bool good = write_whole(path, text, sizeof(text));
	crypto_wipe(text, sizeof(text));
	return good ? sync_folder(path) : refuse(log, path, "cannot be written");
}

/* Which masters there are ----------------------------------------------------------------------------------------- */

void master_check_value(const struct key *key, uint8_t out[static CHECK_SIZE])
{
	hash_keyed(key, "anxin master check", "", 0, out, CHECK_SIZE);
}

void masters_drop(struct keystore *s)
{
	for (size_t i = 0; i < s->master_count; i++)
		key_locked_free(s->masters[i].key);
	s->master_count = 0;
}

static int64_t number_of(const struct key *key, const struct master *rows, size_t n)
{
	uint8_t check[CHECK_SIZE];
	master_check_value(key, check);
	for (size_t i = 0; i < n; i++)
		if (rows[i].check_value.n == CHECK_SIZE && crypto_equal(rows[i].check_value.p, check, CHECK_SIZE))
			return rows[i].no;
	return 0;
}

static int add_master(struct keystore *s, int64_t no, const struct key *key)
{
	for (size_t i = 0; i < s->master_count; i++)
		if (s->masters[i].no == no)
			return 0;
	struct key *locked = key_locked_new();
	if (!locked)
		return ERR_NO_MEMORY;
	*locked = *key;
	s->masters[s->master_count++] = (struct loaded_master){ no, locked };
	return 0;
}

static int read_rows(struct keystore *s, struct arena *a, struct master **rows, size_t *n)
{
	struct db_conn *db;
	struct store_call call;
	TRY(reader_take(s, &db));
	int r = masters(store_ctx(&call, s, db, a), rows, n);
	reader_give(s, db);
	return r;
}

/* One file: its number in the store. A stranger is refused; a missing file is ERR_NOT_FOUND. */
static int load_file(struct keystore *s, const char *path, const struct master *rows, size_t n)
{
	struct key key;
	int r = master_file_read(s->log, path, &key);
	int64_t no = r == 0 ? number_of(&key, rows, n) : 0;
	if (r == 0)
		r = no ? add_master(s, no, &key) : refuse(s->log, path, "it did not wrap this key store");
	crypto_wipe(&key, sizeof(key));
	return r;
}

static int insert_master(struct keystore *s, struct arena *a, int64_t no, const struct key *key)
{
	uint8_t check[CHECK_SIZE];
	struct store_call call;
	master_check_value(key, check);
	struct master row = { .no = no, .check_value = { check, CHECK_SIZE }, .made_at = clock_now(s->clock) };
	TRY(writer_begin(s));
	return writer_end(s, master_row_insert(store_ctx(&call, s, s->writer, a), &row));
}

/* A new store: the master of the file, or one made now. The file is on disk before anything is wrapped by it. */
static int first_master(struct keystore *s, struct arena *a, enum master_policy policy)
{
	struct key key;
	int r = master_file_read(s->log, s->master_path, &key);
	if (r == ERR_NOT_FOUND && policy == MASTER_MAKE) {
		crypto_random(&key, sizeof(key));
		r = master_file_write(s->log, s->master_path, &key);
	}
	if (r == 0)
		r = insert_master(s, a, 1, &key);
	crypto_wipe(&key, sizeof(key));
	if (r == ERR_NOT_FOUND)
		return refuse(s->log, s->master_path, "there is no such file");
	return r == ERR_EXISTS ? 0 : r;     /* another node was faster: its row is read next */
}

static int load_all(struct keystore *s, const struct master *rows, size_t n, struct arena *a)
{
	int r = load_file(s, s->master_path, rows, n);
	if (r < 0)
		return r == ERR_NOT_FOUND ? refuse(s->log, s->master_path, "there is no such file") : r;
	static const char *const others[] = { ".next", ".before" };
	for (int i = 0; i < 2; i++) {
		struct key key;
		const char *path = arena_format(a, "%s%s", s->master_path, others[i]);
		r = master_file_read(s->log, path, &key);
		if (r == 0 && number_of(&key, rows, n))
			r = add_master(s, number_of(&key, rows, n), &key);
		crypto_wipe(&key, sizeof(key));
		if (r < 0 && r != ERR_NOT_FOUND)
			return r;
	}
	s->current = 0;
	for (size_t i = 0; i < s->master_count; i++)
		if (s->masters[i].no > s->current)
			s->current = s->masters[i].no;
	return 0;
}

int masters_load(struct keystore *s, enum master_policy policy)
{
	ARENA_SCOPED a = arena_new();
	struct master *rows;
	size_t n;
	TRY(read_rows(s, a, &rows, &n));
	if (n == 0) {
		TRY(first_master(s, a, policy));
		TRY(read_rows(s, a, &rows, &n));
	}
	pthread_rwlock_wrlock(&s->masters_lock);
	masters_drop(s);
	int r = load_all(s, rows, n, a);
	pthread_rwlock_unlock(&s->masters_lock);
	return r;
}

/* Wrapping --------------------------------------------------------------------------------------------------------- */

/* Bound to the id: a wrapped key moved to another row does not open. */
static const char *wrap_context(struct arena *a, int64_t id)
{
	return arena_format(a, "key %lld", (long long)id);
}

static const struct key *find_master(const struct keystore *s, int64_t no)
{
	for (size_t i = 0; i < s->master_count; i++)
		if (s->masters[i].no == no)
			return s->masters[i].key;
	return NULL;
}

int master_wrap(struct keystore *s, struct arena *a, int64_t id, const struct key *key, int64_t *no, struct bytes *wrapped)
{
	pthread_rwlock_rdlock(&s->masters_lock);
	const struct key *master = find_master(s, s->current);
	*no = s->current;
	if (master)
		*wrapped = seal(a, master, wrap_context(a, id), key, sizeof(*key));
	pthread_rwlock_unlock(&s->masters_lock);
	return master ? 0 : ERR_INTERNAL;
}

int keystore_derive(struct keystore *s, const char *label, struct key *out)
{
	pthread_rwlock_rdlock(&s->masters_lock);
	const struct key *master = find_master(s, s->current);
	if (master)
		key_derive(master, label, out);
	pthread_rwlock_unlock(&s->masters_lock);
	return master ? 0 : ERR_INTERNAL;
}

static int unwrap(struct keystore *s, struct arena *a, int64_t no, int64_t id, struct bytes wrapped, struct key *out)
{
	struct bytes plain;
	pthread_rwlock_rdlock(&s->masters_lock);
	const struct key *master = find_master(s, no);
	int r = master ? seal_open(a, master, wrap_context(a, id), wrapped, &plain) : ERR_NOT_FOUND;
	pthread_rwlock_unlock(&s->masters_lock);
	if (r == 0 && plain.n != KEY_SIZE)
		r = ERR_INTERNAL;
	if (r == 0) {
		memcpy(out, plain.p, KEY_SIZE);
		crypto_wipe((void *)plain.p, plain.n);
	}
	return r;
}

/* A number that is not loaded was made by a rotation elsewhere: the files are read again, once. */
int master_unwrap(struct keystore *s, struct arena *a, int64_t no, int64_t id, struct bytes wrapped, struct key *out)
{
	int r = unwrap(s, a, no, id, wrapped, out);
	if (r == ERR_NOT_FOUND) {
		TRY(masters_load(s, MASTER_NEEDED));
		r = unwrap(s, a, no, id, wrapped, out);
	}
	if (r < 0)
		log_write(s->log, LOG_ERROR, "a key does not open", "key", wrap_context(a, id), NULL);
	return r < 0 ? ERR_INTERNAL : 0;
}

/* Rotation --------------------------------------------------------------------------------------------------------- */

static int rewrap_chunk(struct keystore *s, int64_t old, size_t *n)
{
	ARENA_SCOPED a = arena_new();
	struct store_call call;
	struct sealing_key *rows;
	TRY(writer_begin(s));
	struct ctx *c = store_ctx(&call, s, s->writer, a);
	int r = keys_of_master(c, old, ROTATE_CHUNK, &rows, n);
	for (size_t i = 0; r == 0 && i < *n; i++) {
		struct key key;
		int64_t no, changed;
		struct bytes wrapped;
		r = master_unwrap(s, a, old, rows[i].id, rows[i].wrapped, &key);
		if (r == 0)
			r = master_wrap(s, a, rows[i].id, &key, &no, &wrapped);
		crypto_wipe(&key, sizeof(key));
		if (r == 0)
			r = key_rewrap(c, rows[i].id, old, no, wrapped, &changed);
	}
	return writer_end(s, r);
}

static int rewrap_all(struct keystore *s, int64_t old)
{
	size_t n = 1;
	while (n)
		TRY(rewrap_chunk(s, old, &n));
	return 0;
}

/* The new master: of an interrupted rotation if there is one, else made now; known to the store before anybody wraps with it. */
static int next_master(struct keystore *s, struct arena *a, const char *path, const struct master *rows, size_t n)
{
	struct key key;
	int r = master_file_read(s->log, path, &key);
	if (r == ERR_NOT_FOUND) {
		crypto_random(&key, sizeof(key));
		r = master_file_write(s->log, path, &key);
	}
	if (r == 0 && !number_of(&key, rows, n))
		r = insert_master(s, a, rows[n - 1].no + 1, &key);
	crypto_wipe(&key, sizeof(key));
	return r < 0 ? r : masters_load(s, MASTER_NEEDED);
}

static int retire_older(struct keystore *s, struct arena *a, const struct master *rows, size_t n)
{
	struct store_call call;
	int64_t changed;
	TRY(writer_begin(s));
	struct ctx *c = store_ctx(&call, s, s->writer, a);
	int r = 0;
	for (size_t i = 0; i < n && r == 0; i++)
		if (rows[i].no < s->current)
			r = master_retire(c, rows[i].no, c->now, &changed);
	return writer_end(s, r);
}

int keystore_rotate(struct keystore *s)
{
	ARENA_SCOPED a = arena_new();
	struct master *rows;
	size_t n;
	const char *next = arena_format(a, "%s.next", s->master_path), *before = arena_format(a, "%s.before", s->master_path);
	TRY(read_rows(s, a, &rows, &n));
	TRY(next_master(s, a, next, rows, n));
	for (size_t i = 0; i < n; i++)
		if (rows[i].no < s->current && !rows[i].retired_at)
			TRY(rewrap_all(s, rows[i].no));
	TRY(retire_older(s, a, rows, n));
	unlink(before);
	if (link(s->master_path, before) != 0 || rename(next, s->master_path) != 0)      /* at no instant is there no master file */
		return refuse(s->log, next, "cannot be renamed");
	TRY(sync_folder(s->master_path));
	return masters_load(s, MASTER_NEEDED);
}
