/* What a company says otherwise than its pack, learned in the background: after an edit, after a restart, one product after the other
 * (docs/adr/0056). For app; whoever asks questions calls knowledge_decide(). */
#pragma once

#include "db/job.h"
#include "domain/knowledge/knowledge.h"

struct learning;

/* folder: where models lie over a restart. Nothing runs until something is to be learned. */
void learning_open(struct services *s, const char *folder);
void learning_close(struct services *s);        /* before the readers go; waits for the question that is being learned */

/* After an edit, once for all that comes within a moment: says that the company's products may have to be learned again. */
extern const struct job_kind knowledge_learn_job;
