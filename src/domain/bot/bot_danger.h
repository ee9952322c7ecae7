/* Messages that are marked for whoever reads on: where there is danger, and what the bot and the job that listens where it does not (bot_danger.c) do alike then; that only a person is wanted. */
#pragma once

#include "domain/bot/bot.h"

/* Writer: marks message `no` and files a critical ticket of what it says, unless people are called by one already; the row is changed and not written. *number: that ticket's. */
int bot_danger_file(struct ctx *c, struct conversation *k, int64_t no, bool *filed, const char **number) MUST_CHECK;
/* Writer: keeps that all that she wrote there was that she wants a person, so that a ticket of the talk leaves it out. */
int bot_wish_keep(struct ctx *c, const struct conversation *k, int64_t no) MUST_CHECK;
