/* Inside of tags. */
#pragma once

#include "core/tag/tag.h"
#include "gen/tag_sql.h"

/* A column that still holds names. */
static inline bool tag_is_unsettled(const char *column) { return column && *column == '['; }
/* The ids of a settled column, in order. */
struct tag_ids tag_ids_of(struct arena *a, const char *column);
bool tag_ids_hold(const struct tag_ids *ids, int64_t id);
const char *tag_column(struct arena *a, const struct tag_ids *ids);
/* What each of the ids is called, and stands for; none asked, none read. */
int tags_look_up(struct ctx *c, const struct tag_ids *ids, struct tags_shown_row **rows, size_t *n) MUST_CHECK;
const struct tags_shown_row *tag_shown(const struct tags_shown_row *rows, size_t n, int64_t id);
/* The tag that a name means, or NULL. */
int tags_find(struct ctx *c, const struct tag_names *names, struct tags_named_row **rows, size_t *n) MUST_CHECK;
const struct tags_named_row *tag_named(struct arena *a, const struct tags_named_row *rows, size_t n, const char *name);
/* A new tag; who may is the caller's to ask. */
int tag_make(struct ctx *c, const char *name, int64_t *id) MUST_CHECK;
