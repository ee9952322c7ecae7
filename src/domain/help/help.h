/* help: the public help centre, /help: HTML made here, in two languages, readable without a script.
 *
 * Shows what is published for everybody of what the company offers: by product, by search, by fault code, fault trees step by step. What
 * editors wrote is text or Markdown made safe (engine/markdown); everything else is escaped where it is written. */
#pragma once

#include "domain/knowledge/knowledge.h"
#include "net/route.h"

extern const struct route help_routes[];
extern const size_t help_route_count;

/* Where somebody outside reads an article of the company of that code, from the beginning of the address on; in c->arena. It is shown there only if it is live for AUDIENCE_PUBLIC. */
const char *help_address(const struct ctx *c, const struct article_entry *e, enum lang lang, const char *company);
