/* rule: when something happens, if a condition holds, then actions (docs/adr/0017).
 *
 * A follower looks at each event once and leaves a job for every rule that fits; the job does the actions in a request of its own, so
 * a rule that fails holds up nobody, is seen to fail and is tried again. What a rule does makes events like everything else: its
 * chain is known by its first event, a rule takes part in it once for each object, and it ends after a few links. */
#pragma once

#include "core/record/record.h"
#include "db/follower.h"
#include "db/job.h"
#include "net/route.h"

extern const struct record rule_record, rule_run_record;
extern const struct follower rule_follower;
extern const struct job_kind rule_act_job, rule_time_job;
extern const struct route rule_routes[];
extern const size_t rule_route_count;
