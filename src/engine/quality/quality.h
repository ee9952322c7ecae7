/* quality: what of a conversation was not as it should be, by rules that are data. Pure.
 *
 * Each rule looks at what both sides said, when, and what was done meanwhile; a finding names the rule, the message and where in it the words stand, so nobody
 * has to keep a copy of them. Time is counted on the calendar that the caller hands over. Any bytes may stand in a text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "engine/calendar/calendar.h"

/* Stored by name: only add at the end. */
enum quality_kind {
	QUALITY_OPENING,        /* none of the words within the first `count` messages of staff */
	QUALITY_CLOSING,        /* none of the words within the last `count` messages of staff; of what is closed */
	QUALITY_FORBIDDEN,      /* staff say one of the words */
	QUALITY_PROMISE,        /* staff say one of the words and nothing is put down to be done within the minutes */
	QUALITY_UNANSWERED,     /* the customer asks (one of the words) and nobody answers before the end, or within the minutes */
	QUALITY_SILENCE,        /* the customer waits longer than the minutes while a person has the conversation */
	QUALITY_SAFETY,         /* the customer says one of the words and none of `answers` follows within the minutes */
	QUALITY_PERSONAL,       /* staff ask for what they must not know: one of the words */
	QUALITY_LANGUAGE,       /* staff answer in another language than the customer writes */
	QUALITY_TRANSFER,       /* given to somebody else without a note */
	QUALITY_NEED,           /* the customer says one of the words, none of `answers` follows, and nothing is put down to be done */
	QUALITY_ASKED,          /* nothing here: a language model is asked, and a person decides */
	QUALITY_KINDS
};

enum quality_side { SIDE_CUSTOMER, SIDE_STAFF, SIDE_BOT, SIDE_AUTOMATIC };

struct quality_message {
	int64_t no;
	time_ms at;
	enum quality_side side;
	bool is_public;
	int64_t by;             /* who of staff */
	const char *text;       /* NULL: emptied */
};

struct quality_transfer {
	time_ms at;
	int64_t by;
	bool noted;             /* it says why itself; a note before counts as well */
};

struct quality_talk {
	const struct quality_message *messages; /* in order */
	size_t n;
	const time_ms *done;                    /* when tasks and tickets were made, in any order */
	size_t done_count;
	const struct quality_transfer *transfers;
	size_t transfer_count;
	const struct calendar *hours;           /* NULL: always */
	time_ms taken_at;                       /* a person has it since then; 0: nobody had */
	time_ms closed_at;                      /* 0: it runs */
	time_ms now;
};

/* Phrases, one a line: letter case, width and blanks do not count; * stands for a few characters of one sentence. */
struct quality_words;
struct quality_words *quality_words_new(struct arena *a, const char *lines) __attribute__((returns_nonnull));
size_t quality_words_count(const struct quality_words *w);
/* Where the first phrase stands in a text over whose beginning no exception stands; false: nowhere. from, to: bytes of `text`. */
bool quality_words_find(const struct quality_words *w, const struct quality_words *except, const char *text, size_t *from, size_t *to);

struct quality_check {
	enum quality_kind kind;
	const struct quality_words *words, *except, *answers;   /* NULL: none */
	int64_t count;                          /* messages */
	int64_t ms;                             /* working time; 0: no limit */
	int64_t weight;                         /* taken from 100 */
	bool fatal;                             /* one is enough */
};

struct quality_spot {
	size_t rule;            /* place in the rules */
	int64_t no;             /* of the message */
	size_t from, to;        /* of the words in it, bytes; both 0: the message as a whole */
};

enum { QUALITY_MOST_FINDINGS = 200 };

/* In order of messages, then of rules. *look_at: when time alone may add one, FAR_FUTURE_MS: never. */
size_t quality_inspect(struct arena *a, const struct quality_talk *talk, const struct quality_check *rules, size_t n, struct quality_spot **out, time_ms *look_at);

/* 100 less what the findings weigh; 0 with a fatal one. `counts` (NULL: all) says which. *fatal: there is one. */
int64_t quality_score(const struct quality_spot *findings, size_t n, const struct quality_check *rules, const bool *counts, bool *fatal);

/* Kinds that judge a text before it is sent. */
bool quality_is_said(enum quality_kind kind);
