/* A mail as it came (RFC 5322, MIME) in the form the rest needs: who, what is new, what is quoted, files, and what kind of mail it is. Pure; by GMime.
 *
 * It never fails: of what cannot be read, the words as far as they could be are there, and is_broken says so. What is capped before it is parsed:
 * the size by the caller, parts and headers by number; after that depth, files, and the length of the text. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

enum { MAIL_FILES_MOST = 20, MAIL_REFERENCES_MOST = 50, MAIL_RECEIVERS_MOST = 50, MAIL_TEXT_MOST = 20000 };

struct mail_file {
	const char *name, *type;        /* type: as declared, for a name where there is none */
	struct bytes body;
	bool is_inline;                 /* a picture that the text shows */
};

enum mail_kind {
	MAIL_BY_PERSON,
	MAIL_BY_MACHINE,                /* an automatic answer, a list, a notice: no machine answers it (RFC 3834) */
	MAIL_BOUNCE,                    /* a report that one of ours did not arrive (RFC 3464) */
};

struct mail_read {
	const char *id;                 /* without <>; "" none */
	const char *from, *from_name;   /* address in lower case, "" none that can be written to */
	const char *subject;
	const char **to;                /* addresses of To, Cc, Delivered-To, X-Original-To, lower case */
	size_t to_n;
	const char **refs;              /* References, then In-Reply-To; the nearest last */
	size_t ref_n;
	const char *said, *quoted;      /* UTF-8 */
	struct mail_file *files;
	size_t file_n, file_more;       /* file_more: so many were left out */
	enum mail_kind kind;
	bool wants_no_machine;          /* X-Auto-Response-Suppress */
	const char *mark;               /* of MAIL_MARK, "" none */
	const char **verdicts;          /* values of Authentication-Results, the newest first */
	size_t verdict_n;
	/* of a bounce: */
	const char *bounce_of;          /* the id of what did not arrive, "" unknown */
	const char *bounce_action, *bounce_status, *bounce_to, *bounce_words;
	bool is_cut, is_broken;
};

/* Header that every mail of ours carries: by it our own are known again, whoever sends them back. */
#define MAIL_MARK "X-Anxin-Mail"

/* Everything points into a or into raw. */
void mail_read(struct arena *a, struct bytes raw, struct mail_read *out);

/* What the mail server named `authority` found about the sender: "pass", "fail", or "none" when it said nothing. Headers of other names are a stranger's. */
const char *mail_verdict(struct arena *a, const struct mail_read *m, const char *authority);

/* Without Re:, Fw:, 回复：, 转发： before it. */
const char *mail_bare_subject(const char *subject);
