/* What proves an erasure: what was destroyed, when, by whom, and until when copies may still hold it; signed with the company's key of
 * the audit, so that whoever has its public half can check it without us. */
#pragma once

#include "db/ctx.h"
#include "gen/schema.h"

/* ["123","124"]: what stands in `certificate` while the erasure runs. */
const char *certificate_keys(struct ctx *c, const int64_t *keys, size_t n);
/* Makes of that the certificate (JSON, the text that is signed) and the signature of a row that is about to be done. */
int certificate_make(struct ctx *c, struct erasure *row) MUST_CHECK;
