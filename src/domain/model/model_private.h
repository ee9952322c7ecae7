/* What the files of this folder know of one another. */
#pragma once

#include "domain/model/model.h"
#include "gen/model_sql.h"

enum call_outcome { CALL_OPEN, CALL_SAID, CALL_HELD, CALL_DECLINED, CALL_FAILED, CALL_LATE, CALL_BUDGET, CALL_PAUSED };
const char *model_purpose(enum model_task task);
const char *model_outcome_name(enum call_outcome outcome);

int model_open(struct ctx *c, const struct model_account *row, struct model_opened *out) MUST_CHECK;

extern const struct shape model_secret_shape;
int model_set_secret(struct ctx *c, const void *in, void *out) MUST_CHECK;
