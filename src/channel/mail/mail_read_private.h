/* Between the files that read a mail. */
#pragma once

#include <gmime/gmime.h>

#include "base/text.h"
#include "channel/mail/mail_read.h"

struct mail_reading {
	struct arena *a;
	struct mail_read *out;
	struct text text;
	unsigned parts;
	bool is_report;
};

/* A header's value as it came, NULL when there is none. */
const char *mail_raw_header(GMimeObject *o, const char *name);
struct bytes mail_part_bytes(struct arena *a, GMimePart *part);
/* Text and files of a part and all within. */
void mail_take_parts(struct mail_reading *r, GMimeObject *root);
/* Of machines: what kind it is, and what a report says. */
void mail_judge(struct mail_reading *r, GMimeMessage *m);
void mail_take_report(struct mail_reading *r, GMimeMultipart *report);
