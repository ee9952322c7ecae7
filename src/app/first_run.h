/* The first run (ADR 30): as long as there is no company, whoever can read on the machine founds one in a browser. */
#pragma once

#include "app/app.h"

enum { FIRST_RUN_WORD = 12 };

/* The word of this installation, in three groups; the same on all its nodes. It opens nothing once there is a company. */
int first_run_word(const struct services *services, char out[static FIRST_RUN_WORD + 3]) MUST_CHECK;
/* Whether `given` is that word, however it was typed: capitals, spaces, o for 0. In constant time. */
bool first_run_word_fits(const struct services *services, const char *given);
/* True while there is no company. Any ctx, reading or writing. */
int first_run_is_open(struct ctx *c, bool *open) MUST_CHECK;
/* serve: tells on standard output where the page is, and the word, when there is no company. */
void first_run_say(struct app *app);

extern const struct route first_run_routes[];
extern const size_t first_run_route_count;
