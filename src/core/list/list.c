/* Asks for lists: a page is one row more than wanted, to know whether there is a next one. Conditions without an index are put
 * around an inner page of list.budget rows. */
#include "core/list/list.h"

#include <string.h>

#include "core/list/list_private.h"
#include "core/pii/pii.h"
#include "core/search/search.h"
#include "core/services.h"
#include "core/setting/settings.h"

static const struct member query_members[] = { LIST_QUERY_MEMBERS(struct list_query, ) };
const struct shape list_query_shape = SHAPE("list_query", struct list_query, query_members);

int run_rows(struct builder *b, const struct shape *shape, void **rows, size_t *n)
{
	return db_list(b->c->db, b->c->arena, text_end(&b->sql), b->values, b->count, shape, rows, n);
}

struct number {
	int64_t n;
};
static const struct member number_members[] = { MEMBER(struct number, n, i64) };
static const struct shape number_shape = SHAPE("number", struct number, number_members);

int run_number(struct builder *b, int64_t *out)
{
	struct number *rows;
	size_t n;
	TRY(run_rows(b, &number_shape, (void **)&rows, &n));
	*out = n ? rows[0].n : 0;
	return 0;
}

static const char *sort_and_id(const struct builder *b)
{
	if (!strcmp(b->sort->name, "id"))
		return "t.id";
	return arena_format(b->c->arena, "t.id, t.%s", b->sort->name);
}

static int64_t budget(const struct builder *b)
{
	return setting_of(b->c, SETTING_LIST_BUDGET);
}

/* How many rows pass, up to `most` + 1. */
static int count_rows(struct builder *b, int64_t most, int64_t *out)
{
	restart(b);
	bool slow = has_slow(b);
	text_append(&b->sql, "SELECT count(*) FROM (");
	if (slow) {
		text_append(&b->sql, "SELECT 1 AS one FROM (");
		TRY(add_page(b, "t.*", budget(b) + 1));
		text_append(&b->sql, ") AS p WHERE 1 = 1");
		TRY(add_slow(b));
		text_format(&b->sql, " LIMIT %lld", (long long)most + 1);
	} else {
		TRY(add_page(b, sort_and_id(b), most + 1));
	}
	text_append(&b->sql, ") AS counted");
	return run_number(b, out);
}

/* More rows than the budget would have to be looked through: the answer would be incomplete. */
static int check_budget(struct builder *b)
{
	restart(b);
	text_append(&b->sql, "SELECT count(*) FROM (");
	TRY(add_page(b, sort_and_id(b), budget(b) + 1));
	text_append(&b->sql, ") AS looked");
	int64_t n;
	TRY(run_number(b, &n));
	return n > budget(b) ? fail(b->c, ERR_REPORT_BUDGET, NULL) : 0;
}

static int fetch(struct builder *b, int64_t limit, void **rows, size_t *n)
{
	restart(b);
	bool slow = has_slow(b);
	if (!slow) {
		TRY(add_page(b, "t.*", limit));
		return run_rows(b, b->m->record->table->row, rows, n);
	}
	text_append(&b->sql, "SELECT * FROM (");
	TRY(add_page(b, "t.*", budget(b)));
	text_append(&b->sql, ") AS p WHERE 1 = 1");
	TRY(add_slow(b));
	add_order(b, "p", limit);
	TRY(run_rows(b, b->m->record->table->row, rows, n));
	return *n < (size_t)limit ? check_budget(b) : 0;
}

static int read_sort(struct builder *b, const char *sort)
{
	const struct record *r = b->m->record;
	if (text_empty(sort))
		sort = r->default_sort ? r->default_sort : "-created_at";
	b->descending = *sort == '-';
	const char *name = sort + b->descending;
	size_t i = field_index(b->m, name);
	if (i != SIZE_MAX && r->fields[i].sort)
		b->sort = b->m->column[i];
	else if (!strcmp(name, "created_at"))
		b->sort = b->m->created_at;
	else if (!strcmp(name, "updated_at"))
		b->sort = b->m->updated_at;
	if (b->sort)
		return 0;
	fail_field(b->c, "sort", ERR_FIELD_CHOICE, "created_at");
	return b->c->error->code;
}

static bool is_last_four(const char *value)
{
	return strlen(value) == 4 && strspn(value, "0123456789") == 4;
}

int list_exact(struct ctx *c, const struct record_model *m, const char *value, int64_t *ids, size_t *n)
{
	struct lookup_hit *hits;
	size_t count = 0;
	*n = 0;
	if (is_last_four(value))
		TRY(lookup_find_hits(c, LOOKUP_PHONE_LAST4, value, m->record->name, LIST_EXACT_MOST / 2, &hits, &count));
	for (size_t i = 0; i < count; i++)
		ids[(*n)++] = hits[i].object_id;
	for (size_t i = 0; i < m->record->field_count && *n < LIST_EXACT_MOST; i++) {
		const struct field *f = &m->record->fields[i];
		int64_t id;
		if (!(f->unique && f->kind == FIELD_CODE) && !field_has_lookup(f))
			continue;
		TRY(list_find(c, m, i, &(struct slot){ .text = value }, &id));
		if (id)
			ids[(*n)++] = id;
	}
	return 0;
}

/* What the words name exactly, and what the index of words finds. */
static int read_words(struct builder *b, const char *q)
{
	if (text_empty(q))
		return 0;
	if (utf8_count(q) > 200) {
		fail_field(b->c, "q", ERR_FIELD_TOO_LONG, "200");
		return b->c->error->code;
	}
	struct search_hit *hits;
	size_t n, exact;
	TRY(search_find(b->c, q, &b->m->record->name, 1, MOST_HITS - LIST_EXACT_MOST, &hits, &n));
	int64_t *ids = ARENA_ARRAY(b->c->arena, int64_t, n + LIST_EXACT_MOST);
	TRY(list_exact(b->c, b->m, q, ids, &exact));
	for (size_t i = 0; i < n; i++)
		ids[exact + i] = hits[i].object_id;
	b->hits = ids;
	b->hit_count = exact + n;
	return 0;
}

static int builder_read(struct builder *b, struct ctx *c, const struct record *record, const struct list_query *q)
{
	memset(b, 0, sizeof(*b));
	b->c = c;
	b->m = model_of(c, record);
	b->archived = q->archived == 1;
	b->unheld = q->unheld;
	b->alive = q->alive == 1;
	TRY(read_rules(b));
	TRY(read_sort(b, q->sort));
	TRY(conditions_read(c, b->m, q->filter, b->conditions, &b->condition_count));
	TRY(read_where(b, q->condition));
	TRY(read_cell(b, q->cell));
	return read_words(b, q->q);
}

static void reverse(void *rows, size_t n, size_t size, struct arena *a)
{
	char *p = rows, *spare = arena_alloc(a, size);
	for (size_t i = 0; i < n / 2; i++) {
		memcpy(spare, p + i * size, size);
		memcpy(p + i * size, p + (n - 1 - i) * size, size);
		memcpy(p + (n - 1 - i) * size, spare, size);
	}
}

static int count_all(struct builder *b, int64_t most, struct list_page *out)
{
	b->position_id = 0;
	b->backwards = false;
	TRY(count_rows(b, most, &out->total));
	if (out->total > most) {
		out->total = most;
		out->total_more = 1;
	}
	return 0;
}

int list_page(struct ctx *c, const struct record *record, const struct list_query *q, struct list_page *out)
{
	struct builder *b = ARENA_NEW(c->arena, struct builder);
	*out = (struct list_page){ .total = -1 };
	TRY(builder_read(b, c, record, q));
	int64_t limit = q->limit <= 0 ? setting_of(c, SETTING_LIST_ROWS) : q->limit > LIST_LIMIT_MOST ? LIST_LIMIT_MOST : q->limit;
	const char *cursor = q->before ? q->before : q->after;
	b->backwards = q->before != NULL;
	if (cursor)
		TRY(cursor_read(b, cursor));
	TRY(fetch(b, limit + 1, &out->rows, &out->n));
	bool more = out->n > (size_t)limit;
	if (more)
		out->n = (size_t)limit;
	size_t size = record->table->row->size;
	if (b->backwards)
		reverse(out->rows, out->n, size, c->arena);
	bool has_next = b->backwards ? true : more, has_previous = b->backwards ? more : cursor != NULL;
	if (out->n && has_next)
		out->next = cursor_write(b, (char *)out->rows + (out->n - 1) * size);
	if (out->n && has_previous)
		out->previous = cursor_write(b, out->rows);
	return q->total == 1 ? count_all(b, LIST_TOTAL_MOST, out) : 0;
}

int list_count_to(struct ctx *c, const struct record *record, const struct list_query *q, int64_t most, int64_t *n, int64_t *more)
{
	struct builder *b = ARENA_NEW(c->arena, struct builder);
	struct list_page page = { 0 };
	TRY(builder_read(b, c, record, q));
	TRY(count_all(b, most, &page));
	*n = page.total;
	*more = page.total_more;
	return 0;
}

int list_count(struct ctx *c, const struct record *record, const struct list_query *q, int64_t *n, int64_t *more)
{
	return list_count_to(c, record, q, LIST_TOTAL_MOST, n, more);
}
