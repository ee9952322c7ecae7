/* What still tells of an erased person in clear: free words of her rows and of what refers to her, their history, look-ups, search
 * documents, files, messages, stored replies. Which columns hold such words is said by their fields (`personal`). */
#pragma once

#include "core/record/record.h"

/* How far it is; zero at the start. Kept by whoever calls, as JSON. */
struct scrub_place {
	int64_t record, archived;
	int64_t still;          /* nobody has had to do with it for long: no stored reply tells of it */
	const char *after;
};
extern const struct shape scrub_place_shape;

struct scrub_counts {
	int64_t hashes, documents, files, replies;
	int64_t parts;          /* rows that were emptied */
	int64_t changes;        /* rows of history whose words went */
};

/* Writer, as the system: a few rows. *more: call again. Done twice it does no harm. */
int scrub_step(struct ctx *c, const char *object, int64_t object_id, struct scrub_place *at, struct scrub_counts *counts, bool *more) MUST_CHECK;

/* Writer: what else tells of one row: look-ups, search document, files, messages, custom values, words of its history. The row stays as it is. */
int scrub_traces(struct ctx *c, const struct record_model *m, int64_t id, struct scrub_counts *counts) MUST_CHECK;
