/* anxin backup: a copy of what a server keeps, while it serves. Data first, then files, then keys: whatever the copied rows
 * name was there before, so it is in the later copies too. */
#include "app/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/crypto.h"
#include "core/file/blob.h"
#include "db/backup.h"

int backup_say(const char *what, const char *why)
{
	fprintf(stderr, "anxin: %s%s%s\n", what, why ? ": " : "", why ? why : "");
	return 1;
}

static void hex_of(const uint8_t *p, char out[static 65])
{
	for (int i = 0; i < 32; i++)
		snprintf(out + i * 2, 3, "%02x", p[i]);
}

int backup_hash(const char *path, char hex[static 65], int64_t *size)
{
	struct stat is;
	uint8_t hash[32];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &is) < 0) {
		if (fd >= 0)
			close(fd);
		return ERR_NOT_FOUND;
	}
	void *p = is.st_size ? mmap(NULL, (size_t)is.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	close(fd);
	if (p == MAP_FAILED)
		return ERR_INTERNAL;
	hash_sha256(p ? p : "", (size_t)is.st_size, hash);
	if (p)
		munmap(p, (size_t)is.st_size);
	hex_of(hash, hex);
	*size = is.st_size;
	return 0;
}

static int copy_bytes(int from, int to)
{
	char buffer[1 << 16];
	for (ssize_t n; (n = read(from, buffer, sizeof(buffer))) != 0;) {
		if (n < 0 || write(to, buffer, (size_t)n) != n)
			return ERR_DATABASE_FULL;
	}
	return fsync(to) == 0 ? 0 : ERR_DATABASE_FULL;
}

int backup_copy_file(const char *from, const char *to, const char *hash)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r = in < 0 ? ERR_NOT_FOUND : out < 0 ? ERR_INTERNAL : copy_bytes(in, out);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (r < 0 || !hash)
		return r;
	char made[65];
	int64_t size;
	TRY(backup_hash(to, made, &size));
	return strcmp(made, hash) ? ERR_STATE : 0;
}

int backup_make_folders(struct arena *a, const char *path)
{
	char *copy = arena_string(a, path);
	for (char *p = strchr(copy + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = 0;
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return ERR_INTERNAL;
		*p = '/';
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *is, int kind, struct FTW *at)
{
	return remove(path);
}

int backup_remove(const char *folder)
{
	return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : ERR_INTERNAL;
}

/* No writer and no followers: the server has its own. */
struct backup {
	struct arena *arena;
	const struct app_options *o;
	const struct clock *clock;
	struct log log;
	struct keystore *keys;
	struct blob_store *blobs;
	const char *folder;
	struct text manifest;
	int64_t files;
};

static int add_blob(void *arg, const char *name)
{
	struct backup *b = arg;
	struct stat is;
	ARENA_SCOPED a = arena_new();
	const char *below = arena_format(a, "files/%.2s/%.2s/%s", name, name + 2, name);
	const char *from = arena_format(a, "%s/%s", b->o->data, below), *to = arena_format(a, "%s/%s", b->folder, below);
	TRY(backup_make_folders(a, to));
	/* A blob never changes: a second name on the same disk is a copy at no cost. One that was removed meanwhile is missed by nobody. */
	if (link(from, to) < 0) {
		int r = errno == ENOENT ? 1 : backup_copy_file(from, to, name);
		if (r != 0)
			return r > 0 || r == ERR_NOT_FOUND ? 0 : r;
	}
	if (stat(to, &is) < 0)
		return ERR_INTERNAL;
	text_format(&b->manifest, "%s  %lld  %s\n", name, (long long)is.st_size, below);
	b->files++;
	return 0;
}

static int64_t bytes_of(const char *path)
{
	struct stat is;
	return stat(path, &is) == 0 ? is.st_size : 0;
}

/* A dump of PostgreSQL is compressed and mostly on another machine's data: nobody knows its size before. */
static int check_room(struct backup *b)
{
	struct statvfs is;
	if (backup_is_postgresql(b->o->db) || statvfs(b->folder, &is) < 0)
		return 0;
	int64_t size = bytes_of(b->o->db) + bytes_of(arena_format(b->arena, "%s-wal", b->o->db)), free = (int64_t)is.f_bavail * (int64_t)is.f_frsize;
	if (free >= size + ((int64_t)BACKUP_SPARE_MB << 20))
		return 0;
	backup_say("no room for a backup", arena_format(b->arena, "it takes %lld MB and %d MB to spare; %lld MB are free", (long long)(size >> 20), BACKUP_SPARE_MB,
	                                               (long long)(free >> 20)));
	return ERR_DATABASE_FULL;
}

static int add_data(struct backup *b)
{
	struct arena *a = b->arena;
	const char *fault = "", *name = backup_data_name(b->o->db), *copy = arena_format(a, "%s/%s", b->folder, name);
	char hash[65];
	int64_t size;
	int r = backup_is_postgresql(b->o->db) ? postgresql_dump(a, b->o->db, copy, &fault) : sqlite_copy(a, b->o->db, copy, &fault);
	if (r < 0) {
		backup_say("the database could not be copied", fault);
		return r;
	}
	TRY(backup_hash(copy, hash, &size));
	text_format(&b->manifest, "%s  %lld  %s\n", hash, (long long)size, name);
	return 0;
}

static int write_manifest(struct backup *b)
{
	uint8_t hash[32];
	char hex[65];
	hash_sha256(b->manifest.p, b->manifest.n, hash);
	hex_of(hash, hex);
	text_format(&b->manifest, "end %s\n", hex);
	const char *path = arena_format(b->arena, "%s/" BACKUP_MANIFEST, b->folder), *part = arena_format(b->arena, "%s.part", path);
	FILE *f = fopen(part, "we");
	if (!f)
		return ERR_INTERNAL;
	bool good = fwrite(b->manifest.p, 1, b->manifest.n, f) == b->manifest.n && fflush(f) == 0 && fsync(fileno(f)) == 0;
	return (fclose(f) == 0) & good && rename(part, path) == 0 ? 0 : ERR_DATABASE_FULL;
}

static int fill(struct backup *b, const char *time, const char **keys)
{
	text_format(&b->manifest, BACKUP_HEAD "\ntime %s\npair %s\n", time, keystore_pair(b->keys));
	TRY(check_room(b));
	TRY(add_data(b));
	TRY(b->blobs->ops->walk(b->blobs, FAR_FUTURE_MS, add_blob, b));
	const char *copies = arena_format(b->arena, "%s/key-copies", b->o->data);
	if (mkdir(copies, 0700) < 0 && errno != EEXIST)
		return ERR_INTERNAL;
	TRY(keystore_copy(b->keys, copies, keys, b->arena));
	return write_manifest(b);
}

static int open_parts(struct backup *b)
{
	const struct keystore_options options = {
		.url = b->o->keys, .master_path = arena_format(b->arena, "%s/master.key", b->o->data), .policy = MASTER_NEEDED,
		.clock = b->clock, .log = &b->log,
	};
	TRY(keystore_open(&options, &b->keys));
	return blob_folder_open(arena_format(b->arena, "%s/files", b->o->data), &b->blobs);
}

static int run(struct backup *b, const char *above, const char **keys)
{
	char time[32];
	TRY(open_parts(b));
	time_format(clock_now(b->clock), time);
	b->folder = arena_format(b->arena, "%s/anxin-%.4s%.2s%.2sT%.2s%.2s%.2sZ", above, time, time + 5, time + 8, time + 11, time + 14, time + 17);
	TRY(backup_make_folders(b->arena, b->folder));
	if (mkdir(b->folder, 0700) < 0)
		return ERR_EXISTS;
	int r = fill(b, time, keys);
	if (r < 0 && backup_remove(b->folder) < 0)
		backup_say("what was copied is left", b->folder);
	return r;
}

int backup_make(struct arena *a, const struct app_options *o, const struct clock *clock, const char *above, const char **folder, const char **keys)
{
	struct backup b = { .arena = a, .o = o, .clock = clock, .manifest = text_in(a) };
	log_init(&b.log, 2, o->log_level, clock);
	int r = run(&b, above, keys);
	*folder = b.folder;
	if (b.keys)
		keystore_close(b.keys);
	blob_close(b.blobs);
	return r;
}

const char *backup_folder(struct arena *a, const struct app_options *o)
{
	return o->backups ? o->backups : arena_format(a, "%s/backups", o->data);
}

/* A backup is complete when its manifest is there, which is written last. */
int command_backup(const struct app_options *options, int argc, char **argv)
{
	if (argc > 1 || (!backup_is_postgresql(options->db) && access(options->db, F_OK) < 0))
		return backup_say("anxin backup --data DIR [FOLDER]", argc > 1 ? NULL : "there are no data");
	ARENA_SCOPED a = arena_new();
	struct clock clock;
	const char *folder = NULL, *keys = "";
	clock_system(&clock);
	int r = backup_make(a, options, &clock, argc ? argv[0] : backup_folder(a, options), &folder, &keys);
	if (r < 0)
		backup_say("the backup failed", error_name(r));
	else
		printf("%s\n%s\n", folder, keys);
	return r < 0;
}
