/* After a leak: whom it is about. */
#pragma once

#include "core/io/export.h"

/* What leaked: rows of a record that fulfil a condition, or what one member of staff (or program) read in clear within a time. */
struct breach_query {
	const char *format;             /* csv, xlsx; first, as every export's */
	const char *incident;           /* its number, for the audit */
	const char *record, *condition;
	int64_t actor_id;
	time_ms from, to;
};

/* A sheet of the people: id, name, phone and e-mail opened, to tell them, and what of theirs was in it. Pool, c with a snapshot. in: a
 * struct breach_query. ERR_REPORT_BUDGET: more than sheet.export_rows rows. */
int breach_sheet(struct ctx *c, const void *in, struct export_file *out) MUST_CHECK;
