/* evaluation: whether what people ask is understood, and what they asked in vain (docs/adr/0056).
 *
 * A question set is tried in the background, line by line, by the models that answer customers at that moment; what came of it is kept, so that two
 * states of the knowledge base can be compared. A draft can be tried before it is published: beside what is in force, line by line (docs/adr/0061). Gaps are what the bot left to people, gathered from its own record. */
#pragma once

#include "core/record/record.h"
#include "db/job.h"
#include "net/route.h"

extern const struct record question_set_record, question_line_record, evaluation_record;
extern const struct job_kind evaluation_step_job, gap_gather_job, knowledge_review_job;
extern const struct route evaluation_routes[], gap_routes[], used_routes[];
extern const size_t evaluation_route_count, gap_route_count, used_route_count;
