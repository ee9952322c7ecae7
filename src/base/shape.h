/* Shapes: one description of a C struct that the database, JSON, OpenAPI and TypeScript share.
 *
 * A shape lists the members of a struct: name, type of schema/types.def, offset. The schema generator writes one for each
 * table row, the SQL generator one for each query's parameters and rows, and API handlers write theirs by hand. Whoever
 * walks a struct (bind, decode, read JSON, write JSON, describe) walks its shape; nothing is mapped twice. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define NULL_INT INT64_MIN

enum kind { KIND_INT, KIND_REAL, KIND_TEXT, KIND_BYTES, KIND_SHAPE, KIND_LIST };

enum type {
#define TYPE(name, kind, sqlite, postgresql, check, json, format) TYPE_##name,
#include "types.def"
#undef TYPE
	TYPE_shape,     /* a struct inside: member.shape; the C member is a pointer, NULL when absent */
	TYPE_list,      /* struct list of member.shape, or of member.item when shape is NULL */
	TYPE_raw,       /* JSON text passed on as it is (const char *) */
	TYPE_COUNT
};

/* What a list member holds: `n` elements one after the other. */
struct list {
	void *at;
	size_t n;
};

/* One allowed word of a choice, with its texts. A choice list ends with value == NULL. */
struct choice {
	const char *value;
	const char *zh, *en;
	const char *mark;      /* how screens draw it: see design §5; NULL for plain words */
	const char *asks;      /* what a row of this choice has to say in the end: a field of the same record; NULL: nothing */
};

enum member_flag {
	MEMBER_REQUIRED = 1,   /* JSON must hold it, and not empty */
	MEMBER_NULLABLE = 2,   /* the column may be NULL; JSON null */
	MEMBER_SECRET   = 4,   /* read from JSON, never written or logged */
	MEMBER_CUSTOM   = 8,   /* of a route: takes all members that the company defines, as one object (core/custom) */
};

struct shape;

struct member {
	const char *name;
	enum type type;
	uint32_t offset;
	uint32_t flags;
	int64_t least, most;           /* numbers: range; text: characters (0, 0: the default of the type) */
	const struct choice *choices;  /* code only */
	const struct shape *shape;     /* TYPE_shape, TYPE_list */
	enum type item;                /* TYPE_list without shape */
};

struct shape {
	const char *name;
	size_t size;
	const struct member *members;
	size_t count;
};

/* MEMBER(struct ticket_comment_in, text, text, .flags = MEMBER_REQUIRED, .most = 4000) */
#define MEMBER(structure, member, kind, ...)                                                       \
	{ .name = #member, .type = TYPE_##kind, .offset = offsetof(structure, member), __VA_ARGS__ }
#define SHAPE(shape_name, structure, list)                                                         \
	{ .name = shape_name, .size = sizeof(structure), .members = list, .count = sizeof(list) / sizeof((list)[0]) }

enum kind type_kind(enum type type);
const char *type_name(enum type type);          /* "time_ms" */
const char *type_json(enum type type);          /* "string" */
const char *type_format(enum type type);

const struct member *shape_member(const struct shape *s, const char *name);   /* or NULL */

static inline int64_t *member_int(const struct member *m, void *row) { return (int64_t *)((char *)row + m->offset); }
static inline double *member_real(const struct member *m, void *row) { return (double *)((char *)row + m->offset); }
static inline const char **member_text(const struct member *m, void *row) { return (const char **)((char *)row + m->offset); }
static inline struct bytes *member_bytes(const struct member *m, void *row) { return (struct bytes *)((char *)row + m->offset); }

const struct choice *choice_find(const struct choice *choices, const char *value);   /* or NULL */
