/* One SMS as a request to a gateway, and what its answer means. Pure: nothing is sent here. */
#pragma once

#include "channel/sms/sms_sign.h"
#include "base/text.h"
#include "net/client.h"

/* A template of the company's notices as the vendor knows it, from a line "ticket_received = SMS_1234567 no,customer:name": the values in the vendor's
 * order, each by our word, with the vendor's name before it where that is another; "text" is the whole message. The name "*" stands for whatever has no line of its own. */
enum { SMS_WORDS_MOST = 20 };
struct sms_template {
	const char *name, *code;
	const char *theirs[SMS_WORDS_MOST], *words[SMS_WORDS_MOST];
	size_t word_count;
};
/* The line for a name, or that of "*"; false: there is none. */
bool sms_template_find(struct arena *a, const char *lines, const char *name, struct sms_template *out);
/* 0, or the number of the first line that cannot be read, from 1. */
size_t sms_template_fault(struct arena *a, const char *lines);

struct sms {
	const char *id;                 /* ours, the same in every attempt */
	const char *to;                 /* "+8613912345678" */
	const char *text, *name;        /* whole, and the name of its template */
	const struct sms_template *template;    /* NULL: the generic gateway takes any text */
	const struct sms_pair *values;  /* of words; "text" need not be among them */
	size_t value_count;
};

struct sms_way {
	const char *kind;               /* aliyun, tencent, generic */
	const char *url;                /* "": the vendor's */
	const char *region, *sign_name, *app_id;
	struct sms_key key;             /* generic: the secret is a bearer token, "" for none */
	time_ms now;
	const char *nonce;              /* another for each call */
};
void sms_call(struct arena *a, const struct sms_way *w, const struct sms *m, struct client_request *out);

enum sms_verdict {
	SMS_SENT,
	SMS_LATER,                      /* nothing was sent, and a little later it may be */
	SMS_NEVER,                      /* nothing was sent: this message will not be */
	SMS_SETUP,                      /* nothing was sent: the account or its settings are wrong */
};
struct sms_answer {
	enum sms_verdict verdict;
	const char *code, *message;     /* theirs; "" for none */
	const char *serial;             /* their name of the message, by which reports come */
};
void sms_answer_read(struct arena *a, const char *kind, int status, struct bytes body, struct sms_answer *out);

/* What a code of theirs means, in words; "": it is not known here. */
const char *sms_code_words(const char *code, enum lang lang);
