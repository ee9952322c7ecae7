/* What is new of a mail, apart from what it quotes: by the lines with which mail programs begin a quotation, Chinese and English. Pure. */
#pragma once

#include "base/arena.h"

/* text: UTF-8, lines ending in \n. *said: what was written now, trimmed; *quoted: from where the quotation begins, "" for none. Where nothing would
 * be left, or the answers stand between the quoted lines, all of it is said. */
void mail_split(struct arena *a, const char *text, const char **said, const char **quoted);
