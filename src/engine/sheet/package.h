/* The zip file around a workbook, and its XML, under limits.
 *
 * Every entry is read as a stream; its real size counts, not the one it declares. XML with a DTD is refused, so nothing can be
 * defined, expanded or fetched. */
#pragma once

#include <expat.h>

#include "engine/sheet/sheet_private.h"

struct package;
struct part;

int package_open(struct sheet *s, struct package **out) MUST_CHECK;
void package_close(struct package *p);            /* accepts NULL */

/* ERR_NOT_FOUND (without a fault noted) when there is no such entry. `path` without leading slash. */
int part_open(struct package *p, const char *path, struct part **out) MUST_CHECK;
int64_t part_read(struct part *t, void *buffer, size_t n) MUST_CHECK;
void part_close(struct part *t);                  /* accepts NULL */

/* An XML reader over a part. `error` set by a handler stops it; a handler may also pause it with xml_pause. */
struct xml {
	struct sheet *sheet;
	struct part *part;
	XML_Parser parser;
	void *self;              /* for the handlers */
	int error;
	uint32_t depth;
	uint64_t fed;
	bool paused, last;
	void (*start)(struct xml *x, const char *name, const char **attributes);
	void (*end)(struct xml *x, const char *name);                   /* may be NULL, as the next */
	void (*characters)(struct xml *x, const char *p, int n);
};

/* Handlers, self, sheet and part are set by the caller before. */
int xml_open(struct xml *x) MUST_CHECK;
/* Goes on until a handler pauses (1) or the part ends (0). */
int xml_run(struct xml *x) MUST_CHECK;
void xml_pause(struct xml *x);
void xml_stop(struct xml *x, int error);          /* `error` as returned by sheet_fail */
void xml_close(struct xml *x);

/* Opens `path`, runs to the end, closes. ERR_NOT_FOUND when it is not there. */
int xml_read_part(struct xml *x, struct package *p, const char *path) MUST_CHECK;

const char *xml_attribute(const char **attributes, const char *name);   /* without prefix; or NULL */
bool xml_is(const char *name, const char *local);                       /* any prefix */
