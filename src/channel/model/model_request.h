/* model_request: what an OpenAI-compatible endpoint is asked: POST {base}/chat/completions.
 *
 * Instructions are ours and constant; what comes from articles and from people is one JSON document in the message of the user, so no word of theirs
 * can end where it stands and go on as an instruction. No history, no name, no tool is sent. Pure. */
#pragma once

#include "base/error.h"
#include "base/text.h"

enum model_task { MODEL_ANSWER, MODEL_PHRASE, MODEL_SUMMARY, MODEL_TRY, MODEL_EMBED, MODEL_INSPECT };      /* of vectors nothing is written: channel/model/model_embedding.h; an inspection answers with numbers: model_marks.h */
enum { MODEL_SOURCES_MOST = 4, MODEL_SOURCE_CHARACTERS = 1500, MODEL_QUESTION_CHARACTERS = 500, MODEL_TALK_CHARACTERS = 6000, MODEL_CRITERIA_MOST = 12 };

/* What the model says when the sources hold no answer. */
#define MODEL_NO_ANSWER "NO_ANSWER"

struct model_source {
	const char *title, *text;
};

struct model_prompt {
	enum model_task task;
	enum lang lang;                         /* to be answered in */
	const char *question;                   /* of summaries and inspections: the talk. Already without personal data */
	const struct model_source *sources;     /* cited as [1], [2] …; of inspections: the criteria */
	size_t source_count;
};

const char *model_rules(enum model_task task, enum lang lang);
/* Appends the body. tokens_most: of the answer. */
void model_request_write(struct text *t, const char *model, const struct model_prompt *p, int64_t tokens_most);
/* How many tokens are set aside for a request before anybody has counted: tokenizers in use need fewer than one for two bytes. */
int64_t model_request_tokens(size_t bytes);
