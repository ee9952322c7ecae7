/* undo: an import taken back (docs/adr/0029).
 *
 * While an import runs, each row that it makes or changes is noted where rows are written, with the old values of what was changed. A job walks
 * the notes from the newest to the oldest: what nobody has changed or used since goes, or gets its old values; the rest stays and says why.
 * The notes live as long as the spreadsheet; without them nothing is taken back. */
#pragma once

#include "core/record/record.h"
#include "db/job.h"
#include "net/route.h"

#define UNDO_REQUEST "import.undo"
#define IMPORT_REQUEST "import"

struct import_job;

/* Noting ------------------------------------------------------------------------------------------------------------------ */

/* In ctx while a row of an import is written. */
struct undo_notes {
	int64_t import_id, row_no;
	int64_t n;                      /* noted since the chunk began */
};

/* For whoever writes a row of a record: old NULL, it is new. Nothing unless an import writes. */
int undo_note(struct ctx *c, const struct record_model *m, const void *old, const void *row) MUST_CHECK;
/* What `target` has brought that is no row of a record. */
int undo_note_brought(struct ctx *c, const struct record *target, int64_t id) MUST_CHECK;

/* Deciding ---------------------------------------------------------------------------------------------------------------- */

/* Why a row stays. */
enum undo_why { UNDO_GOES, UNDO_CHANGED, UNDO_USED, UNDO_REFUSED, UNDO_ERASED };
const char *undo_why_name(enum undo_why why);

struct undo_verdict {
	enum undo_why why;
	bool gone;                      /* somebody else took it away: there is nothing to do */
	int64_t version;                /* that giving back its old values made; 0: they were not */
	const char *by_record;          /* what uses it, "" and 0: something that has no page */
	int64_t by_id;
};

/* What taking back would do now, of the newest rows. */
struct undo_count {
	int64_t looked, goes, restores, changed, used, refused, erased;
};
int undo_look(struct ctx *c, const struct import_job *job, struct undo_count *out) MUST_CHECK;

/* Doing ------------------------------------------------------------------------------------------------------------------- */

extern const struct job_kind undo_job;
int undo_begin(struct ctx *c, const struct import_job *job) MUST_CHECK;

extern const struct route undo_routes[];
extern const size_t undo_route_count;
