/* packs: what an industry brings along (ADR 24): words, the report form, policies, rules, message templates,
 * promises, roles and flows, as data.
 *
 * A pack is a folder of packs/ and a line of the list in packs.c; no code asks which one it is. The company's row names its pack. */
#pragma once

#include "core/pack.h"
#include "core/record/record.h"
#include "net/route.h"

enum pack_part { PACK_WORDS, PACK_FORM, PACK_CLOCKS, PACK_RULES, PACK_TEMPLATES, PACK_PROMISES, PACK_ROLES, PACK_FLOWS, PACK_DEMO, PACK_KNOWLEDGE, PACK_QUALITY, PACK_PARTS };

struct brought;

struct pack {
	const char *name;
	const char *text[PACK_PARTS];   /* JSON */
};
extern const struct choice pack_choices[];      /* their names, as words.json has them */
extern const struct pack packs[];       /* ended by a name of NULL; the first is what a company begins with */

const struct pack *pack_find(const char *name);         /* or NULL */
/* The pack of c's company. One that this release lacks counts as the first. */
int pack_of(struct ctx *c, const struct pack **pack) MUST_CHECK;
/* Read once for the life of the process. */
yyjson_val *pack_json(const struct pack *p, enum pack_part part);

/* Words: a label of its own for `path` ("ticket.state.new"), else the product's with the terms of the industry in it. */
struct label pack_label(struct arena *a, const struct pack *p, const char *path, struct label plain);
/* A text of the product with the terms of the industry in it. */
const char *pack_say(struct arena *a, const struct pack *p, enum lang lang, const char *text);

/* Changing ------------------------------------------------------------------------------------------------------------- */

enum pack_step { PACK_KEEP, PACK_ADD, PACK_RESTORE, PACK_CHANGE, PACK_ARCHIVE };

/* What happens to one policy, rule, template, promise, role, flow or queue. */
struct pack_change {
	const struct brought *kind;
	const struct record *record;
	enum pack_step step;
	void *row;
	const void *entry;              /* changed or restored: what it then says; NULL: what it says already */
	const char *name, *name_en;
	const char *held;               /* kept for now: what still uses it, in the caller's language; or NULL */
	bool draft;                     /* there is then a draft of it, not in force */
};
struct pack_plan {
	struct pack_change *at;
	size_t n, room;
};

/* What taking up `to` would do, nothing written; from NULL: a new company. */
int pack_plan(struct ctx *c, const struct pack *from, const struct pack *to, struct pack_plan *out) MUST_CHECK;
/* Writer: what a new company begins with. */
int pack_begin(struct ctx *c, const struct pack *to) MUST_CHECK;
/* Writer: what the plan says, now. */
int pack_take_up(struct ctx *c, const struct pack *to, struct pack_plan *out) MUST_CHECK;

/* Roles ---------------------------------------------------------------------------------------------------------------- */

/* Writer: the roles of administration, security and audit, which every company has. */
int pack_roles_always(struct ctx *c) MUST_CHECK;
/* Writer: makes the role that an older company lacks, one of those or of its pack. ERR_NOT_FOUND for any other. */
int pack_role_add(struct ctx *c, const char *code, int64_t *id) MUST_CHECK;
void pack_roles_ready(void);            /* once, with the files of packs */

extern const struct route pack_routes[];
extern const size_t pack_route_count;
