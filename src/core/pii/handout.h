/* Everything that is held on a person, opened, for the person: one JSON. */
#pragma once

#include "core/record/record.h"

struct export_file;

/* In a file of its own (core/io/export.h), which the caller unlinks: {"made_at","company","person":{…},"records":{"ticket":[{…}],…},"readings":[…],"words":{"ticket":{"label","fields":{…}}}}. Reads as the
 * system; whoever calls has judged that the actor may have it. */
int handout_file(struct ctx *c, const char *object, int64_t id, struct export_file *out) MUST_CHECK;
