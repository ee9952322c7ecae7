/* Connections of the key store: one that writes, behind a lock, and a few for readers on any thread. */
#include "core/pii/keystore_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct ctx *store_ctx(struct store_call *call, struct keystore *s, struct db_conn *db, struct arena *a)
{
	memset(call, 0, sizeof(*call));
	call->ctx = (struct ctx){ .arena = a, .db = db, .error = &call->error, .log = s->log, .now = clock_now(s->clock) };
	return &call->ctx;
}

/* A file that is there is not opened: closing it would let go of all locks that SQLite holds of it in this process (POSIX, fcntl), and another
 * process might take the file for one that nobody uses. */
int store_make_file(const char *url)
{
	if (!strncmp(url, "postgres", 8))
		return 0;
	int fd = open(url, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST)
		return ERR_DATABASE;
	return chmod(url, 0600) == 0 ? 0 : ERR_DATABASE;
}

/* Freed space is overwritten: a destroyed key must not lie about in the file. PostgreSQL has no such setting (see the ADR). */
int store_settings(struct db_conn *db)
{
	return db_engine_of(db) == DB_SQLITE ? db_script(db, "PRAGMA secure_delete = ON; PRAGMA cache_size = -2048") : 0;
}

int writer_begin(struct keystore *s)
{
	pthread_mutex_lock(&s->writer_lock);
	int r = db_begin_write(s->writer, 0);
	if (r < 0 && db_failure(s->writer) == FAILURE_LOST) {
		r = db_reopen(s->writer);
		if (r == 0)
			r = store_settings(s->writer);
		if (r == 0)
			r = db_begin_write(s->writer, 0);
	}
	if (r < 0)
		pthread_mutex_unlock(&s->writer_lock);
	return r;
}

int writer_end(struct keystore *s, int result)
{
	if (result >= 0) {
		int r = db_commit(s->writer);
		if (r < 0)
			result = r;
	}
	if (result < 0)
		db_rollback(s->writer);
	pthread_mutex_unlock(&s->writer_lock);
	return result;
}

int reader_take(struct keystore *s, struct db_conn **db)
{
	pthread_mutex_lock(&s->idle_lock);
	*db = idle_take(&s->idle);
	pthread_mutex_unlock(&s->idle_lock);
	return *db ? 0 : db_open(s->url, DB_READER, s->log, db);
}

void reader_give(struct keystore *s, struct db_conn *db)
{
	bool lost = db_failure(db) >= FAILURE_LOST;
	pthread_mutex_lock(&s->idle_lock);
	if (!lost && s->idle.n < IDLE_READERS) {
		idle_give(&s->idle, db);
		db = NULL;
	}
	pthread_mutex_unlock(&s->idle_lock);
	if (db)
		db_close(db);
}
