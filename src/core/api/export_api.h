/* The route that sends any record's list as a spreadsheet; its row stands with the other generic ones. */
#pragma once

#include "core/api/api.h"

void export_reply(struct http_request *r, struct ctx *c);

/* The same for whatever else is exported: `write` fills the file in the pool, on a snapshot; `in` is the route's, and begins with the
 * format. Before the file goes, `tell` writes into the audit what it holds; NULL: the event "<name>.exported". */
struct export_file;
typedef int export_write(struct ctx *c, const void *in, struct export_file *out);
typedef int export_tell(struct ctx *c, const void *in, const struct export_file *file);
void export_send(struct http_request *r, struct ctx *c, const char *name, export_write *write, export_tell *tell);
