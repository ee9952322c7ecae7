/* The VFS, the allocator and the killers. */
#include "sqlite_faults.h"

#include <sqlite3.h>

#include "db/connection.h"
#include "gen/schema.h"

const char sqlite_fault_tables[] =
	"CREATE TABLE test_parent (id INTEGER PRIMARY KEY) STRICT;"
	"CREATE TABLE test_child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES test_parent (id) DEFERRABLE INITIALLY DEFERRED) STRICT;"
	"CREATE TABLE test_large (bytes BLOB NOT NULL) STRICT;";

/* The VFS ------------------------------------------------------------------------------------------------------------ */

struct faulty_file {
	sqlite3_file base;
	bool is_wal;
	sqlite3_file real[];    /* szOsFile bytes follow */
};

static sqlite3_vfs vfs;
static sqlite3_vfs *real_vfs;
static _Atomic int full_in, write_error_in, sync_error_in;
static _Atomic bool fired;

static bool due(_Atomic int *in)
{
	if (*in <= 0 || --*in != 0)
		return false;
	fired = true;
	return true;
}

void faults_wal_write_full(int in) { fired = false; full_in = in; }
void faults_wal_write_error(int in) { fired = false; write_error_in = in; }
void faults_wal_sync_error(int in) { fired = false; sync_error_in = in; }
bool faults_fired(void) { return fired; }

#define REAL(f) (((struct faulty_file *)(f))->real)
#define PASS(name, parameters, ...)                                                                \
	static int pass_##name parameters { return REAL(f)->pMethods->name(REAL(f), ##__VA_ARGS__); }

PASS(xClose, (sqlite3_file *f))
PASS(xRead, (sqlite3_file *f, void *p, int n, sqlite3_int64 at), p, n, at)
PASS(xTruncate, (sqlite3_file *f, sqlite3_int64 size), size)
PASS(xFileSize, (sqlite3_file *f, sqlite3_int64 *size), size)
PASS(xLock, (sqlite3_file *f, int kind), kind)
PASS(xUnlock, (sqlite3_file *f, int kind), kind)
PASS(xCheckReservedLock, (sqlite3_file *f, int *out), out)
PASS(xFileControl, (sqlite3_file *f, int op, void *arg), op, arg)
PASS(xSectorSize, (sqlite3_file *f))
PASS(xDeviceCharacteristics, (sqlite3_file *f))
PASS(xShmMap, (sqlite3_file *f, int page, int size, int extend, void volatile **p), page, size, extend, p)
PASS(xShmLock, (sqlite3_file *f, int offset, int n, int flags), offset, n, flags)
PASS(xShmUnmap, (sqlite3_file *f, int remove), remove)

static void pass_xShmBarrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int faulty_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	bool wal = ((struct faulty_file *)f)->is_wal;
	if (wal && due(&full_in))
		return SQLITE_FULL;
	if (wal && due(&write_error_in))
		return SQLITE_IOERR_WRITE;
	return REAL(f)->pMethods->xWrite(REAL(f), p, n, at);
}

static int faulty_sync(sqlite3_file *f, int flags)
{
	if (((struct faulty_file *)f)->is_wal && due(&sync_error_in))
		return SQLITE_IOERR_FSYNC;
	return REAL(f)->pMethods->xSync(REAL(f), flags);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2, .xClose = pass_xClose, .xRead = pass_xRead, .xWrite = faulty_write, .xTruncate = pass_xTruncate, .xSync = faulty_sync,
	.xFileSize = pass_xFileSize, .xLock = pass_xLock, .xUnlock = pass_xUnlock, .xCheckReservedLock = pass_xCheckReservedLock,
	.xFileControl = pass_xFileControl, .xSectorSize = pass_xSectorSize, .xDeviceCharacteristics = pass_xDeviceCharacteristics,
	.xShmMap = pass_xShmMap, .xShmLock = pass_xShmLock, .xShmBarrier = pass_xShmBarrier, .xShmUnmap = pass_xShmUnmap,
};

static int faulty_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	struct faulty_file *file = (struct faulty_file *)f;
	file->is_wal = (flags & SQLITE_OPEN_WAL) != 0;
	int r = real_vfs->xOpen(real_vfs, name, file->real, flags, out_flags);
	file->base.pMethods = file->real->pMethods ? &methods : NULL;
	return r;
}

/* The allocator ------------------------------------------------------------------------------------------------------ */

static sqlite3_mem_methods real_memory;
static _Thread_local int no_memory_in;

static void *faulty_malloc(int n)
{
	if (no_memory_in > 0 && --no_memory_in == 0)
		return NULL;
	return real_memory.xMalloc(n);
}

static void *faulty_realloc(void *p, int n)
{
	if (no_memory_in > 0 && --no_memory_in == 0)
		return NULL;
	return real_memory.xRealloc(p, n);
}

void faults_start(void)
{
	static bool started;
	if (started)
		return;
	started = true;
	sqlite3_mem_methods memory;
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory), SQLITE_OK);
	memory = real_memory;
	memory.xMalloc = faulty_malloc;
	memory.xRealloc = faulty_realloc;
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &memory), SQLITE_OK);
	assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);     /* so that every allocation may fail */
	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "faulty";
	vfs.szOsFile = (int)sizeof(struct faulty_file) + real_vfs->szOsFile;
	vfs.xOpen = faulty_open;
	assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

/* Killers ------------------------------------------------------------------------------------------------------------ */

/* The handle is the first member of what sqlite.c keeps. */
static sqlite3 *handle_of(struct ctx *c)
{
	return *(sqlite3 **)c->db->of_engine;
}

static int conflict_rolls_back(struct ctx *c, int64_t id)
{
	return db_script(c->db, "INSERT OR ROLLBACK INTO test_parent VALUES (1), (1)");
}

/* The handler does not even notice: it swallows the error and says all is well. */
static int conflict_is_swallowed(struct ctx *c, int64_t id)
{
	if (db_script(c->db, "INSERT OR ROLLBACK INTO test_parent VALUES (1), (1)") == 0)
		return ERR_INTERNAL;
	return 0;
}

static int interrupt_once(void *arg)
{
	return 1;
}

static int interrupted(struct ctx *c, int64_t id)
{
	sqlite3_progress_handler(handle_of(c), 1, interrupt_once, NULL);
	int r = db_script(c->db, "INSERT INTO test_large SELECT zeroblob(10) FROM (WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1"
	                         " FROM n LIMIT 100) SELECT i FROM n)");
	sqlite3_progress_handler(handle_of(c), 0, NULL, NULL);
	return r < 0 ? r : ERR_INTERNAL;
}

static int database_full(struct ctx *c, int64_t id)
{
	TRY(db_script(c->db, "PRAGMA max_page_count = 1"));     /* as small as it now is */
	int r = db_script(c->db, "INSERT INTO test_large VALUES (zeroblob(3000000))");
	if (sqlite3_exec(handle_of(c), "PRAGMA max_page_count = 1073741823", NULL, NULL, NULL) != SQLITE_OK)
		return ERR_INTERNAL;
	return r < 0 ? r : ERR_INTERNAL;
}

static int without_memory(struct ctx *c, int64_t id)
{
	no_memory_in = 1 + (int)(id * 7 % 23);
	int r = db_script(c->db, "INSERT INTO test_large SELECT randomblob(100) FROM test_parent UNION ALL SELECT zeroblob(70000) ORDER BY 1");
	no_memory_in = 0;
	return r;               /* memory may have sufficed: then it is an ordinary request */
}

/* Memory runs out later, in whatever comes: the release, the next request, the COMMIT. */
static int memory_runs_out_later(struct ctx *c, int64_t id)
{
	no_memory_in = 1 + (int)(id * 13 % 61);
	return 0;
}

static int deferred_reference(struct ctx *c, int64_t id)
{
	return db_script(c->db, "INSERT INTO test_child (parent) VALUES (99999999)");
}

static int transaction_ended_by_hand(struct ctx *c, int64_t id)
{
	TRY(db_script(c->db, "ROLLBACK"));
	return 0;
}

static int wal_full_once(struct ctx *c, int64_t id)
{
	faults_wal_write_full(1 + (int)(id % 5));
	return 0;
}

static const struct killer all[] = {
	{ "INSERT OR ROLLBACK", conflict_rolls_back, false },
	{ "INSERT OR ROLLBACK, swallowed", conflict_is_swallowed, false },
	{ "interrupt", interrupted, false },
	{ "database full", database_full, false },
	{ "no memory", without_memory, false },
	{ "deferred foreign key", deferred_reference, false },
	{ "ROLLBACK by hand", transaction_ended_by_hand, false },
	{ "no memory later", memory_runs_out_later, true },
	{ "log full at COMMIT", wal_full_once, true },
};
const struct killer *const sqlite_killers[] = { &all[0], &all[1], &all[2], &all[3], &all[4], &all[5], &all[6], NULL };
const struct killer *const sqlite_killers_hitting_all[] = { &all[7], &all[8], &all[0], NULL };
