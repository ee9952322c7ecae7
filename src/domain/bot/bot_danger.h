/* What the bot and the job that listens where it does not (bot_danger.c) do alike where there is danger. */
#pragma once

#include "domain/bot/bot.h"

/* Of a job that is about one message, "conversation/no": which. */
void bot_message_named(const struct job *job, int64_t *id, int64_t *no);
/* Of a danger job: nobody has looked yet whether the message sounds grave, which a mail has to where no safety rule speaks of it. Messages that no bot was to hear come to it only where they do
 * (domain/conversation/message.c). */
#define BOT_DANGER_UNHEARD "{\"unheard\":1}"
/* Writer: marks message `no` and files a critical ticket of what it says, unless people are called by one already; the row is changed and not written. *number: that ticket's. */
int bot_danger_file(struct ctx *c, struct conversation *k, int64_t no, bool *filed, const char **number) MUST_CHECK;
