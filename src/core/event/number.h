/* Numbers that people see: series + yyyymmdd (the company's day) + at least three digits, such as SR20261122001. */
#pragma once

#include "db/ctx.h"

int number_next(struct ctx *c, const char *series, const char **no) MUST_CHECK;
/* Of the day of another instant: for what happened then and is written now. */
int number_at(struct ctx *c, const char *series, time_ms at, const char **no) MUST_CHECK;
