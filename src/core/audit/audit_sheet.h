/* Entries of the audit as a spreadsheet. */
#pragma once

#include "core/audit/audit_find.h"
#include "core/io/export.h"

struct audit_export {
	const char *format;             /* csv, xlsx */
	struct audit_query query;       /* before and limit are not looked at */
};

/* What entries name: staff and programs, and what each entry is about ("" when the reader may not know). */
struct audit_names {
	struct titles users, tokens;
	const char **about;
};
int audit_names_of(struct ctx *c, const struct audit_entries *all, struct audit_names *out) MUST_CHECK;

/* Pool, c with a snapshot; in: a struct audit_export. ERR_REPORT_BUDGET: more than sheet.export_rows. The caller unlinks out->path. */
int audit_sheet(struct ctx *c, const void *in, struct export_file *out) MUST_CHECK;
