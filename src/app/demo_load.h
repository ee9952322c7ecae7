/* Loading demo data into a company that works: a small set that can be read through, a few rows a run of a job. */
#pragma once

#include "db/job.h"
#include "net/route.h"

extern const struct job_kind demo_load_job;
/* Writer: adds the job. */
int demo_load_begin(struct ctx *c) MUST_CHECK;
/* How many runs a job of these data has behind it, of how many. */
int demo_load_progress(struct ctx *c, const char *data, int64_t *done, int64_t *total) MUST_CHECK;

extern const struct route demo_routes[];
extern const size_t demo_route_count;
