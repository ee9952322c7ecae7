#pragma once

#include "core/io/undo.h"
#include "gen/schema.h"

enum { VALUE_MOST = 1 << 24 };

const char *undo_reason(struct ctx *c, const struct import_mark *mark);        /* why its row stays, in words */

/* Puts the old values of a mark into the row as it is now. *n: how many there are. ERR_ERASED: their key is gone. */
int undo_values(struct ctx *c, const struct record_model *m, const struct import_mark *mark, void *row, size_t *n) MUST_CHECK;
/* The row as it is now; *there false: it has gone. */
int undo_row(struct ctx *c, const struct record_model *m, int64_t id, void *row, bool *there) MUST_CHECK;

/* Rows that looking has decided on: they would go, or would have this version when the older marks are looked at. */
struct undo_decided {
	int64_t id, version;            /* version 0: it would be gone */
	bool stays;
};
struct undo_ahead {
	struct undo_decided *at;
	size_t room;                    /* power of two, larger than what is put in */
};
struct undo_decided *undo_ahead_at(const struct undo_ahead *ahead, int64_t id);          /* its place, id 0: not there yet */

/* What would become of the row of a mark that was made and has this version now. ahead NULL: what came later has been dealt with. */
int undo_judge_made(struct ctx *c, const struct record_model *m, const struct import_mark *mark, const struct undo_ahead *ahead, struct undo_verdict *out) MUST_CHECK;
