/* What has to be done day by day so that nothing grows without end and nothing personal stays too long: unused files, stale
 * search words, keys that nobody took, copies of the key store; and the end of each erasure. All of it as jobs. */
#pragma once

#include "db/job.h"

/* company: daily for each · store: daily for the installation · search: the rebuild, step by step · fill: the rows of
 * a record that a migration made searchable, its key is the record's name · erase: destroys keys and empties what tells of somebody · log: empties
 * the log in which overwritten pages still lie */
extern const struct job_kind upkeep_company, upkeep_store, upkeep_search, upkeep_fill, upkeep_erase, upkeep_log;

/* What was overwritten lies in the log of SQLite until it is emptied. `cause`: of two causes at once both are done. */
int upkeep_empty_log(struct ctx *c, const char *cause) MUST_CHECK;

/* At start, in order of their ids: each company's turn in the writer, a transaction of its own. begin may be run again where its batch broke. */
int upkeep_each_company(struct services *services, const struct clock *clock, int (*begin)(struct ctx *c, void *arg), void *arg) MUST_CHECK;

/* At start: each company and the installation get their next run, if they have none. */
int upkeep_start(struct services *services, const struct clock *clock) MUST_CHECK;

/* In a handler that makes a company: its next run, without which it would wait for a restart; the installation's, too, when it is the
 * first. */
int upkeep_begin(struct ctx *c) MUST_CHECK;

/* After a restore, in the writer: pii_erase_replay with every step of core. */
int upkeep_replay(struct ctx *c, int64_t *after, int64_t *people, bool *more) MUST_CHECK;

/* In a handler: erases a person (pii_erase with every step of core) and lets the job destroy the keys after COMMIT. The same empties a row that
 * is about a person and has been kept long enough, with a certificate of its own: what it sealed with her key goes, the key stays. ERR_HELD while a legal hold is in force. */
int upkeep_erase_person(struct ctx *c, const char *object, int64_t object_id, const char *reason, int64_t *erasure_id) MUST_CHECK;

/* In a handler: a person's sessions, the stored replies to her and the messages about her. */
int upkeep_forget_person(struct ctx *c, const char *object, int64_t object_id, int64_t *removed) MUST_CHECK;
