/* How a customer feels, by her words: packs/bot/emotion.json. Words, what only sounds like them, and how much. Pure. */
#pragma once

#include "base/arena.h"

enum emotion { EMOTION_NONE, EMOTION_CALM, EMOTION_UPSET, EMOTION_ANGRY };

/* Of one message. CALM: she is content, or says thanks. */
enum emotion emotion_of(struct arena *a, const char *text);
/* As conversations keep it: "", "upset", "angry". */
const char *emotion_name(enum emotion e);
/* What is kept behind another message: what she says now, and as long as she says nothing of it, what she said before. */
const char *emotion_after(struct arena *a, const char *before, const char *text);
