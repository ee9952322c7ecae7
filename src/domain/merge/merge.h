/* merge: one row goes into another of its kind, and comes back as it was. What goes along is the record's own to say: it notes its parts,
 * moves them, and moves exactly those back (merge.sql). The loser is archived; whoever looks for it is led to the winner. */
#pragma once

#include "core/api/api.h"
#include "core/record/record.h"
#include "gen/schema.h"

/* Of a route: {id} of the path takes over from_id, under the name that the record gives it. */
struct merge_in {
	int64_t id, from_id;
	const char *reason;
};

/* Moves what belongs to m->loser_id to m->winner_id and archives the loser; or back. Both rows are read with the actor's rights. */
typedef int merge_away(struct ctx *c, const struct merge *m, const char *reason);
typedef int merge_back(struct ctx *c, const struct merge *m);

/* As handlers: write what has become of the row into out. ERR_STATE for itself, for what is archived, and for what is in no merge. */
int merge_rows(struct ctx *c, const struct record *record, const struct merge_in *in, merge_away *away, void *out) MUST_CHECK;
int merge_part_row(struct ctx *c, const struct record *record, int64_t id, merge_back *back, void *out) MUST_CHECK;

/* The winner gets the loser's tags that it lacks; and gives exactly those back, but for what another that is still in it brought as
 * well. Both change `winner`, a row of m's record, and say whether they did. */
int merge_join_tags(struct ctx *c, const struct record *record, const struct merge *m, const void *loser, void *winner, bool *changed) MUST_CHECK;
int merge_part_tags(struct ctx *c, const struct record *record, const struct merge *m, void *winner, bool *changed) MUST_CHECK;

/* What the winner's history says of it: as a change of the row where it differs from `was`, else as an event alone. */
int merge_note_winner(struct ctx *c, const struct record *record, const void *was, void *winner, bool differs, const char *word, const char *data) MUST_CHECK;

/* {"items":[…]}: those of the ids that the actor may see, in their order: what may be the same and be merged. */
enum { MERGE_LIKELY = 10 };
int merge_show_likely(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, void *out) MUST_CHECK;

/* What somebody has told apart from one of these rows. */
struct told_apart_from_row;
struct merge_apart {
	struct told_apart_from_row *at;
	size_t n;
};
int merge_apart_from(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, struct merge_apart *out) MUST_CHECK;
bool merge_are_apart(const struct merge_apart *all, int64_t one, int64_t other);

/* They are not offered as the same again; on false: they are. Told on both. */
int merge_tell_apart(struct ctx *c, const struct record *record, int64_t one, int64_t other, bool on) MUST_CHECK;

/* {"into":"12"}: what the events of a merge tell. */
const char *merge_naming(struct ctx *c, const char *word, int64_t id);
