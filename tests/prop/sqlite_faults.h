/* Ways to break SQLite: full disk, I/O errors, no memory, interrupts, conflict clauses that roll everything back.
 *
 * A VFS in front of the system's and an allocator in front of malloc fail when they are told to. Both are put in place by
 * faults_start() before the first connection, for the whole process. */
#pragma once

#include "writer_model.h"

void faults_start(void);

/* What the VFS does to the write-ahead log: the n-th next call fails, once. 0 disarms. */
void faults_wal_write_full(int in);
void faults_wal_write_error(int in);
void faults_wal_sync_error(int in);
bool faults_fired(void);        /* since the last arming */

extern const struct killer *const sqlite_killers[];             /* break their own batch; NULL-ended */
extern const struct killer *const sqlite_killers_hitting_all[]; /* a disk that is full for everybody */

/* Tables that the killers need. */
extern const char sqlite_fault_tables[];
