/* Everything that is held on a person, opened, for the person: one JSON. */
#pragma once

#include "core/record/record.h"

/* {"made_at","company","person":{…},"records":{"ticket":[{…}],…},"readings":[…],"words":{"ticket":{"label","fields":{…}}}}. Reads as the
 * system; whoever calls has judged that the actor may have it. */
int handout_write(struct ctx *c, const char *object, int64_t id, struct text *out) MUST_CHECK;
