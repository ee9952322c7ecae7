/* The kinds of records that packs bring, for planning and doing a change of packs (pack_plan.c). */
#pragma once

#include <yyjson.h>

#include "core/pack/packs.h"

struct rows {
	void **at;
	size_t n;
};

struct brought {
	const char *record;
	enum pack_part part;
	const char *list;               /* of the part */
	/* Two rows of a company may not share this field: where two packs bring the same, the row is made to say what the new pack says.
	 * NULL: rows go by their names, and each pack's is a row of its own. */
	const char *key;
	int (*read)(struct ctx *c, yyjson_val *v, int64_t place, void *row);
	const struct query *all;        /* what the company has of it, put away or not; it takes nothing but the company */
	bool (*same)(struct ctx *c, const void *a, const void *b);
	/* Somebody works with it: it stays as it is, whatever packs say, and `why` may say what that is. NULL: that hurts nobody. */
	int (*held)(struct ctx *c, const void *row, bool *held, struct text *why);
	/* What a row that says what the pack says takes from its entry all the same, when a change of packs brings it back. NULL: nothing. */
	void (*take)(void *row, const void *entry);
	bool late;                      /* of any pack but the new one it goes: one that was held stays no longer than it is */
};
extern const struct brought pack_kinds[];       /* ended by a record of NULL */

bool pack_json_same(const char *a, const char *b);
const char *pack_json_of(struct ctx *c, yyjson_val *v, const char *name, const char *otherwise);

/* The calendar of that code; 0: the company has none. */
int pack_calendar_find(struct ctx *c, const char *code, int64_t *id) MUST_CHECK;
/* Writer: calendars that policies and queues of the pack name, where the company lacks them. */
int pack_calendars_add(struct ctx *c, const struct pack *to) MUST_CHECK;

int pack_role_read(struct ctx *c, yyjson_val *v, int64_t place, void *row) MUST_CHECK;
bool pack_role_same(struct ctx *c, const void *a, const void *b);
int pack_role_held(struct ctx *c, const void *row, bool *held, struct text *why) MUST_CHECK;

int pack_promise_read(struct ctx *c, yyjson_val *v, int64_t place, void *row) MUST_CHECK;
bool pack_promise_same(struct ctx *c, const void *a, const void *b);

int pack_quality_read(struct ctx *c, yyjson_val *v, int64_t place, void *row) MUST_CHECK;
bool pack_quality_same(struct ctx *c, const void *a, const void *b);

int pack_queue_read(struct ctx *c, yyjson_val *v, int64_t place, void *row) MUST_CHECK;
bool pack_queue_same(struct ctx *c, const void *a, const void *b);

int pack_flow_read(struct ctx *c, yyjson_val *v, int64_t place, void *row) MUST_CHECK;
bool pack_flow_same(struct ctx *c, const void *a, const void *b);
int pack_flow_held(struct ctx *c, const void *row, bool *held, struct text *why) MUST_CHECK;
void pack_flow_take(void *row, const void *entry);
