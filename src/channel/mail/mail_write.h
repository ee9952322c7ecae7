/* A mail of the company's own as bytes: words as text and HTML, files, and the headers by which its answer is known again. Pure. */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "channel/mail/mail_read.h"

struct mail_write {
	const char *from, *from_name, *to, *reply_to;   /* names may be NULL */
	const char *subject, *text;
	const char *id;                         /* whole, without <> */
	const char *const *refs;                /* whole ids, the nearest last: that one is answered */
	size_t ref_n;
	const char *mark;                       /* of MAIL_MARK */
	bool by_machine;                        /* no person wrote it */
	const struct mail_file *files;
	size_t file_n;
};

/* ERR_FIELD_EMAIL, ERR_ENCODING, ERR_FIELD_REQUIRED by field. Ids that could break a header are left out. */
int mail_write(struct arena *a, const struct mail_write *m, time_ms now, struct bytes *out, struct error *e) MUST_CHECK;
