/* tag: words that a company puts on rows (docs/adr/0035-tags.md).
 *
 * A record takes part by a text column `tags` and TAGS(table) in its field list. Outside, in slots, JSON, cells and history, tags are
 * names: ["漏水","VIP"]. In the row they are ids, "12,15"; between being filled and being written, a row holds the names, too. Which
 * rows have a tag lies beside them, for conditions. A tag that was merged or renamed goes on as a name that stands for another. */
#pragma once

#include "core/record/record.h"

enum { TAGS_MOST = 20, TAG_NAME_MOST = 40 };

struct tag_names {
	const char *const *at;
	size_t n;
};
struct tag_ids {
	const int64_t *at;
	size_t n;
};

/* ---- names ---- */

/* As it is kept, and an error code where it is no name; of conditions. */
int tag_clean(struct arena *a, const char *text, const char **out);
/* What makes two names the same: no case, no width, no blanks. */
const char *tag_fold(struct arena *a, const char *name);
/* ["漏水","VIP"] from outside; each once, `most` at most. Faults of the field. */
int tags_read(struct ctx *c, const char *field, const char *json, size_t most, struct tag_names *out) MUST_CHECK;
/* A list of texts, as a call gives it. */
int tags_listed(struct ctx *c, const char *member, const struct list *list, struct tag_names *out) MUST_CHECK;
const char *tags_json(struct arena *a, const struct tag_names *names);
/* Between a cell and names as JSON: "漏水,VIP". */
const char *tags_cell(struct arena *a, const char *json);
const char *tags_of_cell(struct arena *a, const char *cell);

/* ---- in ---- */

/* Puts the names into the column, to be settled when the row is written. Faults of the field: who may make no tags names what there is. */
int tags_fill(struct ctx *c, const struct field *f, const char *json, const char **column) MUST_CHECK;
/* From names to ids, before anybody looks at the row; makes what there is not. A row that keeps its tags keeps its ids. */
int tags_settle(struct ctx *c, const struct record_model *m, const void *old, void *row) MUST_CHECK;
/* Of a row that was written: what conditions ask for. old NULL at creation. A tag that was made by typing goes with its last row. */
int tags_follow(struct ctx *c, const struct record_model *m, const void *old, const void *row) MUST_CHECK;
/* All that an erased person had goes. */
int tags_forget(struct ctx *c, const struct record_model *m, int64_t id) MUST_CHECK;

/* Puts tags on a row and takes others off, as a change of it. Nothing to do: nothing is written. */
int tags_change(struct ctx *c, const struct record *record, int64_t id, const struct tag_names *add, const struct tag_names *remove, void *row) MUST_CHECK;

/* ---- when rows are merged ---- */

/* What `from` has and `to` lacks, put on `to`: *gained as ids, in their order. */
int tags_join(struct ctx *c, const char *from, const char **to, struct tag_ids *gained) MUST_CHECK;
bool tags_hold(const char *column, int64_t id);
const char *tags_without(struct arena *a, const char *column, const struct tag_ids *ids);

/* ---- out ---- */

/* Columns of rows whose names are wanted, into slots. */
struct tag_wish {
	struct tag_wish *next;
	const char *column;
	struct slot *slot;
};
int tags_open(struct ctx *c, struct tag_wish *wishes) MUST_CHECK;
/* Every name under which a condition may mean tags of this column, folded and sorted. */
int tags_words(struct ctx *c, const char *column, struct tag_names *out) MUST_CHECK;
/* Names before and after, as a history keeps them: [["漏水"],["漏水","VIP"]]; *same: they differ in nothing that people see. */
int tags_differences(struct ctx *c, const char *old, const char *now, struct text *out, bool *same) MUST_CHECK;

extern const struct record tag_record;
extern const struct action_kind tag_action;
