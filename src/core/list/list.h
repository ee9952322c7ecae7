/* list: pages, filters, totals and look-ups over any record. The only place that makes SQL while the server runs, and only
 * from record definitions: names come from there, values are always bound.
 *
 * Sorted by one NOT NULL column that has an index, id last, one direction; paged by key, so pages neither repeat nor lose
 * rows. Conditions without an index look through at most 200,000 rows, then ask for one more condition. */
#pragma once

#include "core/condition/condition_fields.h"
#include "core/record/record.h"

enum { LIST_LIMIT_MOST = 200, LIST_TOTAL_MOST = 10000 };
/* Characters. All of them together, each escaped for a URL, fit the head of a request (http_limits.head). */
enum { LIST_CELL_MOST = 720, LIST_FILTER_MOST = 3000, LIST_SORT_MOST = 60, LIST_WORDS_MOST = 200, LIST_CURSOR_MOST = 400 };

/* As it came from outside; NULL or 0 where not given. */
struct list_query {
	const char *filter;     /* JSON: [["state","in",["new","accepted"]],["owner_id","=","me"]] */
	const char *condition;  /* in the language of conditions: age(created_at) > 2h and device.product.code = "fridge" */
	const char *cell;       /* rows behind a figure of a promise: "17.missed.2026-11-16.2026-11-22.region=5" (docs/adr/0043) */
	const char *sort;       /* "created_at" or "-created_at" */
	const char *q;          /* words or a number, phone, serial */
	const char *after, *before;     /* cursors of an earlier page */
	int64_t limit;
	int64_t total;          /* 1: count too */
	int64_t archived;       /* 1: archived rows only */
	/* Never from outside: */
	int64_t unheld;         /* a rule of time: the rows that it holds already are left out */
	int64_t alive;          /* 1: what is invented (core/demo) is left out, and what came from another system and was not touched since */
};

/* Which rows, in which order: the members that every shape has whose struct is a list_query, or holds one at `inside`. */
#define LIST_MEMBERS(structure, inside)                                                                                          \
	{ .name = "filter", .type = TYPE_text, .offset = offsetof(structure, inside filter), .most = LIST_FILTER_MOST },           \
	{ .name = "condition", .type = TYPE_text, .offset = offsetof(structure, inside condition), .most = CONDITION_MOST },  \
	{ .name = "cell", .type = TYPE_code, .offset = offsetof(structure, inside cell), .most = LIST_CELL_MOST },                 \
	{ .name = "sort", .type = TYPE_code, .offset = offsetof(structure, inside sort), .most = LIST_SORT_MOST },                 \
	{ .name = "q", .type = TYPE_code, .offset = offsetof(structure, inside q), .most = LIST_WORDS_MOST },                      \
	{ .name = "archived", .type = TYPE_count, .offset = offsetof(structure, inside archived), .most = 1 }
/* All of a list_query. */
#define LIST_QUERY_MEMBERS(structure, inside)                                                                                    \
	LIST_MEMBERS(structure, inside),                                                                                          \
	{ .name = "after", .type = TYPE_code, .offset = offsetof(structure, inside after), .most = LIST_CURSOR_MOST },             \
	{ .name = "before", .type = TYPE_code, .offset = offsetof(structure, inside before), .most = LIST_CURSOR_MOST },           \
	{ .name = "limit", .type = TYPE_count, .offset = offsetof(structure, inside limit), .most = LIST_LIMIT_MOST },             \
	{ .name = "total", .type = TYPE_count, .offset = offsetof(structure, inside total), .most = 1 }
extern const struct shape list_query_shape;

struct list_page {
	void *rows;             /* one after the other, in list order */
	size_t n;
	const char *next, *previous;    /* cursors, NULL at the ends */
	int64_t total;          /* -1 when not asked */
	int64_t total_more;     /* 1: there are more than LIST_TOTAL_MOST */
};

int list_page(struct ctx *c, const struct record *record, const struct list_query *query, struct list_page *out) MUST_CHECK;
/* Only the number of rows that a page of this query would have in all. */
int list_count(struct ctx *c, const struct record *record, const struct list_query *query, int64_t *n, int64_t *more) MUST_CHECK;
/* The same up to another bound than LIST_TOTAL_MOST: for what is made while nobody waits. */
int list_count_to(struct ctx *c, const struct record *record, const struct list_query *query, int64_t most, int64_t *n, int64_t *more) MUST_CHECK;
/* The id of the row whose field equals the slot, 0 when there is none. Sealed fields by look-up hash. */
int list_find(struct ctx *c, const struct record_model *m, size_t field, const struct slot *value, int64_t *id) MUST_CHECK;
/* Asks for many values at once what list_find() is going to be asked one by one (db/known.h); at most LIST_AHEAD_MOST of them.
 * NULL and empty texts are left out. Does nothing where a question costs no round trip. */
enum { LIST_AHEAD_MOST = 64 };
int list_find_ahead(struct ctx *c, const struct record_model *m, size_t field, const char *const *texts, size_t n) MUST_CHECK;
/* The same for rows that record_get() is going to be asked for. */
int list_rows_ahead(struct ctx *c, const struct record *record, const int64_t *ids, size_t n) MUST_CHECK;
/* Ids that a value names exactly: numbers, serials and accounts; names, phones and e-mails by look-up hash; phones also by
 * their last four digits, which is what people read out. `ids` holds LIST_EXACT_MOST; the rows are not judged by scope here. */
enum { LIST_EXACT_MOST = 32 };
int list_exact(struct ctx *c, const struct record_model *m, const char *value, int64_t *ids, size_t *n) MUST_CHECK;
/* Rows by ids (at most 800), in no order: those that the actor's scope covers. */
int list_rows(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, void **rows, size_t *found) MUST_CHECK;
/* The same by the order of the ids: rows[i] is that of ids[i], NULL where list_rows() has none. An id may be named more than once. */
int list_rows_in_order(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, const void **rows) MUST_CHECK;
/* Rows by ids whatever the scope, in no order, for their titles: only id, key and the title's fields are filled. */
int list_titles(struct ctx *c, const struct record_model *m, const int64_t *ids, size_t n, void **rows, size_t *found) MUST_CHECK;
void list_titles_prepare(struct arena *a, struct record_model *m);      /* at start-up */
