/* custom: fields that a company defines beside those that a record has (docs/adr/0027-custom-fields.md).
 *
 * A record takes part by a column `custom` and CUSTOM(table) in its field list. Outside, a value is a member of its row like any other,
 * called x_ and its code: "x_floor". In the row all of them are one JSON object, {"x_floor":3}; what conditions ask for is kept beside
 * it, a row a value, so that an index serves it. */
#pragma once

#include "core/record/record.h"

#define CUSTOM_PREFIX "x_"
enum { CUSTOM_MOST_FIELDS = 50, CUSTOM_MOST_CHOICES = 50, CUSTOM_MOST_ROLES = 50, CUSTOM_CODE_MOST = 30, CUSTOM_TEXT_MOST = 200 };
#define CUSTOM_NUMBER_MOST INT64_C(999999999999999)     /* what every client holds exactly */

enum custom_kind { CUSTOM_TEXT, CUSTOM_NUMBER, CUSTOM_DAY, CUSTOM_FLAG, CUSTOM_CHOICE };

struct custom {
	int64_t id;
	const struct record_model *model;
	enum custom_kind kind;
	struct field field;             /* what generic code draws, maps and shows it by; it has no column. .name "x_floor" */
	struct label hint;
	const bool *retired;            /* of each choice: no new value; NULL without choices */
	const char *scenes;             /* JSON: ["installation"] */
	bool archived;                  /* no new values */
	const int64_t *readers;         /* roles; none: everybody */
	size_t reader_count;
	size_t place;                   /* among those of its record */
};
struct customs {
	const struct custom *at;
	size_t n;
};

/* All of a record, archived ones too, in order; of all records when m is NULL. They are there as long as c->arena. */
int customs_of(struct ctx *c, const struct record_model *m, struct customs *out) MUST_CHECK;
const struct custom *custom_named(const struct customs *all, const char *name);        /* "x_floor"; or NULL */
/* Customers know those that reports ask them for. Whoever defines fields sees them all, or nobody could mend who sees what. */
bool custom_may_read(const struct ctx *c, const struct custom *k);
static inline bool custom_is_name(const char *name) { return name[0] == 'x' && name[1] == '_'; }
static inline const char *custom_table(enum custom_kind k) { return k == CUSTOM_TEXT || k == CUSTOM_CHOICE ? "custom_word" : "custom_number"; }

/* ---- in ---- */

/* Takes the members x_… of a body out of it: *patch is an object of them, NULL when there are none. */
int custom_split(struct ctx *c, struct bytes body, struct bytes *rest, const char **patch) MUST_CHECK;
/* One value from outside (JSON) in its one form; *out NULL: none. Faults of the field. */
int custom_check(struct ctx *c, const struct custom *k, const char *json, const char **out) MUST_CHECK;
/* Puts a patch onto what the row holds; null takes a value away. Faults by field. */
int custom_fill(struct ctx *c, const struct record_model *m, const char *patch, const char *was, const char **out) MUST_CHECK;
/* What people may not leave out of a row that they make. */
int custom_complete(struct ctx *c, const struct record_model *m, const void *row) MUST_CHECK;
/* Of a row that was written: what conditions ask for. old NULL at creation. */
int custom_follow(struct ctx *c, const struct record_model *m, const void *old, const void *row) MUST_CHECK;
/* All of that goes, with an erased person. */
int custom_forget(struct ctx *c, const struct record_model *m, int64_t id) MUST_CHECK;
/* The value of one field as a history had it, back into the row's object. */
const char *custom_put_back(struct arena *a, const char *name, const char *json, const char *object);

/* ---- out ---- */

/* Members of a row as its reader may see them: ,"x_floor":3 */
void custom_members(struct ctx *c, const struct customs *all, const char *object, struct text *out);
/* The slots of a row, one a field of `all`. */
void custom_slots(struct arena *a, const struct customs *all, const char *object, struct slot *slots);
/* Appends to both what differs, as a history keeps it: "x_floor" and "x_floor":[2,3]. */
void custom_differences(struct arena *a, const char *old, const char *now, struct text *names, struct text *fields);
/* What is kept of a change, as its reader may see it. */
const char *custom_history(struct ctx *c, const struct customs *all, const char *fields);
/* A value as conditions compare it: ASCII letters small. */
const char *custom_folded(struct arena *a, const char *text);

extern const struct record custom_field_record;
