/* Builds and runs the SQL of lists.
 *
 * A page is: rows of the tenant that pass the indexed conditions and the row scope, in sort order, one more than asked to
 * know whether there is a next page. Conditions without an index are put around an inner page of LIST_BUDGET rows. A field
 * marked `split` with few values becomes one index range per value, merged by UNION ALL. */
#include "core/list/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "core/auth/auth.h"
#include "core/list/condition.h"
#include "core/pii/pii.h"
#include "core/search/search.h"
#include "core/services.h"

enum { MOST_VALUES = 900, MOST_HITS = 500 };

static const struct member query_members[] = {
	LIST_MEMBERS(struct list_query, ),
	MEMBER(struct list_query, after, code, .most = LIST_CURSOR_MOST),
	MEMBER(struct list_query, before, code, .most = LIST_CURSOR_MOST),
	MEMBER(struct list_query, limit, count, .most = LIST_LIMIT_MOST),
	MEMBER(struct list_query, total, count, .most = 1),
};
const struct shape list_query_shape = SHAPE("list_query", struct list_query, query_members);

struct builder {
	struct ctx *c;
	const struct record_model *m;
	struct text sql;
	struct db_value values[MOST_VALUES];
	size_t count;
	struct condition conditions[MOST_CONDITIONS];
	size_t condition_count;
	const struct member *sort;
	bool descending, backwards, archived;
	const int64_t *hits;            /* ids that the words gave; NULL when no words */
	size_t hit_count;
	struct slot position;           /* sort value and id to go on from */
	int64_t position_id;            /* 0: from the start */
};

static void bind(struct builder *b, struct db_value v)
{
	if (b->count == MOST_VALUES)
		abort();        /* conditions, values and hits are capped far below */
	b->values[b->count++] = v;
	if (db_engine_of(b->c->db) == DB_SQLITE)
		text_format(&b->sql, "?%zu", b->count);
	else    /* a value beside a narrower column (day, flag) would else be read with that column's width */
		text_format(&b->sql, v.kind == KIND_INT ? "$%zu::bigint" : "$%zu", b->count);
}

static void bind_int(struct builder *b, int64_t i)
{
	bind(b, (struct db_value){ .kind = KIND_INT, .i = i });
}

static void bind_bytes(struct builder *b, struct bytes bytes)
{
	bind(b, (struct db_value){ .kind = KIND_BYTES, .b = bytes });
}

static void bind_slot(struct builder *b, const struct member *column, const struct slot *s)
{
	if (type_kind(column->type) == KIND_INT)
		bind_int(b, s->i);
	else if (type_kind(column->type) == KIND_REAL)
		bind(b, (struct db_value){ .kind = KIND_REAL, .real = s->real });
	else
		bind(b, (struct db_value){ .kind = KIND_TEXT, .b = { (const uint8_t *)(s->text ? s->text : ""), s->text ? strlen(s->text) : 0 } });
}

/* id IN (the rows whose look-up hash is that of one of the values) */
static int add_lookup(struct builder *b, const struct condition *k)
{
	static const struct { enum lookup_kind kind; const char *name; } kinds[] = {
		[FIELD_PHONE] = { LOOKUP_PHONE, "phone" },
		[FIELD_EMAIL] = { LOOKUP_EMAIL, "email" },
		[FIELD_NAME] = { LOOKUP_NAME, "name" },
	};
	enum field_kind field = b->m->record->fields[k->field].kind;
	text_append(&b->sql, "t.id IN (SELECT l.object_id FROM lookup l WHERE l.tenant = ");
	bind_int(b, b->c->tenant);
	text_format(&b->sql, " AND l.object = '%s' AND l.kind = '%s' AND l.hash IN (", b->m->record->name, kinds[field].name);
	for (size_t i = 0; i < k->count; i++) {
		uint8_t *hash = arena_alloc(b->c->arena, LOOKUP_SIZE);
		if (lookup_hash(b->c, kinds[field].kind, k->values[i].text, hash) < 0)
			error_clear(b->c->error);       /* nothing to hash: finds nothing, like any unknown value */
		text_append(&b->sql, i ? ", " : "");
		bind_bytes(b, (struct bytes){ hash, LOOKUP_SIZE });
	}
	text_append(&b->sql, "))");
	return 0;
}

static int add_condition(struct builder *b, const struct condition *k, const char *alias)
{
	static const char *const words[] = { "=", "<>", "IN", "NOT IN", "<", "<=", ">", ">=" };
	text_append(&b->sql, " AND ");
	if (!k->column)
		return add_lookup(b, k);
	if (k->count == 0) {    /* "one of nothing" is false, "none of nothing" is true */
		text_append(&b->sql, k->operator == OP_IN ? "1 = 0" : "1 = 1");
		return 0;
	}
	text_format(&b->sql, "%s.%s %s ", alias, k->column->name, words[k->operator]);
	if (k->operator != OP_IN && k->operator != OP_NOT_IN) {
		bind_slot(b, k->column, &k->values[0]);
		return 0;
	}
	text_char(&b->sql, '(');
	for (size_t i = 0; i < k->count; i++) {
		text_append(&b->sql, i ? ", " : "");
		bind_slot(b, k->column, &k->values[i]);
	}
	text_char(&b->sql, ')');
	return 0;
}

/* The actor's scope as SQL; the same rule as scope_covers() in record/save.c. */
static void add_scope(struct builder *b)
{
	const struct auth *auth = b->c->auth;
	const struct record *r = b->m->record;
	if (!auth || auth->scope == SCOPE_ALL || (!r->owner && !r->team && !r->region))
		return;
	if (!r->owner && !r->team) {
		if (!auth->region_id)
			return;
		text_format(&b->sql, " AND t.%s IN (0, ", r->region);
		bind_int(b, auth->region_id);
		text_char(&b->sql, ')');
		return;
	}
	text_append(&b->sql, " AND (1 = 0");
	if (r->owner) {
		text_format(&b->sql, " OR t.%s = ", r->owner);
		bind_int(b, auth->user_id);
	}
	if (auth->scope >= SCOPE_TEAM && r->team) {
		text_format(&b->sql, " OR t.%s IN (0, ", r->team);
		bind_int(b, auth->team_id);
		text_char(&b->sql, ')');
	}
	if (auth->scope >= SCOPE_REGION && r->region && auth->region_id) {
		text_format(&b->sql, " OR t.%s = ", r->region);
		bind_int(b, auth->region_id);
	}
	text_char(&b->sql, ')');
}

static void add_hits(struct builder *b)
{
	if (!b->hits)
		return;
	text_append(&b->sql, " AND t.id IN (0");
	for (size_t i = 0; i < b->hit_count; i++) {
		text_append(&b->sql, ", ");
		bind_int(b, b->hits[i]);
	}
	text_char(&b->sql, ')');
}

static void add_position(struct builder *b)
{
	if (!b->position_id)
		return;
	bool less = b->descending != b->backwards;
	text_format(&b->sql, " AND (t.%s, t.id) %s (", b->sort->name, less ? "<" : ">");
	bind_slot(b, b->sort, &b->position);
	text_append(&b->sql, ", ");
	bind_int(b, b->position_id);
	text_char(&b->sql, ')');
}

static void add_order(struct builder *b, const char *alias, int64_t limit)
{
	const char *way = b->descending != b->backwards ? "DESC" : "ASC";
	text_format(&b->sql, " ORDER BY %s%s%s %s, %s%sid %s LIMIT %lld", alias, *alias ? "." : "", b->sort->name, way, alias,
	            *alias ? "." : "", way, (long long)limit);
}

/* Everything that an index may serve. `split` is replaced by its one value. */
static int add_core(struct builder *b, const char *columns, const struct condition *split, const struct slot *value)
{
	text_format(&b->sql, "SELECT %s FROM %s t WHERE t.tenant = ", columns, b->m->record->table->name);
	bind_int(b, b->c->tenant);
	for (size_t i = 0; i < b->condition_count; i++) {
		const struct condition *k = &b->conditions[i];
		if (k == split) {
			text_format(&b->sql, " AND t.%s = ", k->column->name);
			bind_slot(b, k->column, value);
		} else if (k->indexed) {
			TRY(add_condition(b, k, "t"));
		}
	}
	if (b->m->archived_at)
		text_format(&b->sql, " AND t.archived_at %s 0", b->archived ? ">" : "=");
	add_scope(b);
	add_hits(b);
	add_position(b);
	return 0;
}

static const struct condition *split_condition(const struct builder *b)
{
	for (size_t i = 0; i < b->condition_count; i++) {
		const struct condition *k = &b->conditions[i];
		if (k->operator == OP_IN && k->count > 1 && k->count <= 10 && k->field != (size_t)NO_FIELD && b->m->record->fields[k->field].split)
			return k;
	}
	return NULL;
}

static int add_page(struct builder *b, const char *columns, int64_t limit)
{
	const struct condition *split = split_condition(b);
	if (!split) {
		TRY(add_core(b, columns, NULL, NULL));
		add_order(b, "t", limit);
		return 0;
	}
	text_append(&b->sql, "SELECT * FROM (");
	for (size_t i = 0; i < split->count; i++) {
		text_append(&b->sql, i ? " UNION ALL SELECT * FROM (" : "SELECT * FROM (");
		TRY(add_core(b, columns, split, &split->values[i]));
		add_order(b, "t", limit);
		text_format(&b->sql, ") AS part%zu", i);
	}
	text_append(&b->sql, ") AS merged");
	add_order(b, "merged", limit);
	return 0;
}

static bool has_slow(const struct builder *b)
{
	for (size_t i = 0; i < b->condition_count; i++)
		if (!b->conditions[i].indexed)
			return true;
	return false;
}

static int add_slow(struct builder *b)
{
	for (size_t i = 0; i < b->condition_count; i++)
		if (!b->conditions[i].indexed)
			TRY(add_condition(b, &b->conditions[i], "p"));
	return 0;
}

static int run(struct builder *b, const struct shape *shape, void **rows, size_t *n)
{
	return db_list(b->c->db, b->c->arena, text_end(&b->sql), b->values, b->count, shape, rows, n);
}

static void restart(struct builder *b)
{
	b->sql = text_in(b->c->arena);
	b->count = 0;
}

struct number {
	int64_t n;
};
static const struct member number_members[] = { MEMBER(struct number, n, i64) };
static const struct shape number_shape = SHAPE("number", struct number, number_members);

static int run_number(struct builder *b, int64_t *out)
{
	struct number *rows;
	size_t n;
	TRY(run(b, &number_shape, (void **)&rows, &n));
	*out = n ? rows[0].n : 0;
	return 0;
}

static const char *sort_and_id(const struct builder *b)
{
	if (!strcmp(b->sort->name, "id"))
		return "t.id";
	return arena_format(b->c->arena, "t.id, t.%s", b->sort->name);
}

/* How many rows pass, up to `most` + 1. */
static int count_rows(struct builder *b, int64_t most, int64_t *out)
{
	restart(b);
	bool slow = has_slow(b);
	text_append(&b->sql, "SELECT count(*) FROM (");
	if (slow) {
		text_append(&b->sql, "SELECT 1 AS one FROM (");
		TRY(add_page(b, "t.*", LIST_BUDGET + 1));
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
	TRY(add_page(b, sort_and_id(b), LIST_BUDGET + 1));
	text_append(&b->sql, ") AS looked");
	int64_t n;
	TRY(run_number(b, &n));
	return n > LIST_BUDGET ? fail(b->c, ERR_REPORT_BUDGET, NULL) : 0;
}

static int fetch(struct builder *b, int64_t limit, void **rows, size_t *n)
{
	restart(b);
	bool slow = has_slow(b);
	if (!slow) {
		TRY(add_page(b, "t.*", limit));
		return run(b, b->m->record->table->row, rows, n);
	}
	text_append(&b->sql, "SELECT * FROM (");
	TRY(add_page(b, "t.*", LIST_BUDGET));
	text_append(&b->sql, ") AS p WHERE 1 = 1");
	TRY(add_slow(b));
	add_order(b, "p", limit);
	TRY(run(b, b->m->record->table->row, rows, n));
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

/* A cursor is the sort value and the id of a page's last row. It gives no rights: conditions and scope still hold. */
static const char *cursor_write(struct builder *b, const void *row)
{
	struct text t = text_in(b->c->arena);
	text_format(&t, "%s:%lld:", b->sort->name, (long long)*member_int(b->m->id, (void *)row));
	if (type_kind(b->sort->type) == KIND_INT)
		text_int(&t, *member_int(b->sort, (void *)row));
	else
		text_append(&t, *member_text(b->sort, (void *)row));
	return base64url(b->c->arena, text_end(&t), t.n);
}

static int cursor_read(struct builder *b, const char *cursor)
{
	struct bytes raw;
	if (strlen(cursor) > LIST_CURSOR_MOST || base64url_read(b->c->arena, cursor, &raw) < 0)
		return fail(b->c, ERR_CURSOR, NULL);
	char *s = arena_string_n(b->c->arena, (const char *)raw.p, raw.n);
	char *id = strchr(s, ':'), *value = id ? strchr(id + 1, ':') : NULL;
	if (!value || strlen(s) != raw.n || !utf8_is_text(s, raw.n))
		return fail(b->c, ERR_CURSOR, NULL);
	*id++ = 0;
	*value++ = 0;
	if (strcmp(s, b->sort->name) || id_parse(id, &b->position_id) < 0)
		return fail(b->c, ERR_CURSOR, NULL);
	char *end = NULL;
	b->position.text = value;
	if (type_kind(b->sort->type) == KIND_INT) {
		b->position.i = strtoll(value, &end, 10);
		if (!*value || *end)
			return fail(b->c, ERR_CURSOR, NULL);
	}
	return 0;
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
	TRY(read_sort(b, q->sort));
	TRY(conditions_read(c, b->m, q->filter, b->conditions, &b->condition_count));
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

static int count_all(struct builder *b, struct list_page *out)
{
	b->position_id = 0;
	b->backwards = false;
	TRY(count_rows(b, LIST_TOTAL_MOST, &out->total));
	if (out->total > LIST_TOTAL_MOST) {
		out->total = LIST_TOTAL_MOST;
		out->total_more = 1;
	}
	return 0;
}

int list_page(struct ctx *c, const struct record *record, const struct list_query *q, struct list_page *out)
{
	struct builder *b = ARENA_NEW(c->arena, struct builder);
	*out = (struct list_page){ .total = -1 };
	TRY(builder_read(b, c, record, q));
	int64_t limit = q->limit <= 0 ? LIST_LIMIT_DEFAULT : q->limit > LIST_LIMIT_MOST ? LIST_LIMIT_MOST : q->limit;
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
	return q->total == 1 ? count_all(b, out) : 0;
}

int list_count(struct ctx *c, const struct record *record, const struct list_query *q, int64_t *n, int64_t *more)
{
	struct builder *b = ARENA_NEW(c->arena, struct builder);
	struct list_page page = { 0 };
	TRY(builder_read(b, c, record, q));
	TRY(count_all(b, &page));
	*n = page.total;
	*more = page.total_more;
	return 0;
}

int list_find(struct ctx *c, const struct record_model *m, size_t field, const struct slot *value, int64_t *id)
{
	struct arena_mark mark = arena_mark(c->arena);
	struct builder *b = ARENA_NEW(c->arena, struct builder);
	b->c = c;
	b->m = m;
	struct condition k = { .field = field, .column = field_is_sealed(&m->record->fields[field]) ? NULL : m->column[field],
	                       .operator = OP_EQUAL, .values = (struct slot *)value, .count = 1, .indexed = true };
	restart(b);
	text_format(&b->sql, "SELECT t.id FROM %s t WHERE t.tenant = ", m->record->table->name);
	bind_int(b, c->tenant);
	TRY(add_condition(b, &k, "t"));
	text_append(&b->sql, " ORDER BY t.id LIMIT 1");
	TRY(run_number(b, id));
	arena_rewind(c->arena, mark);       /* an import asks several times a row */
	return 0;
}

int list_rows(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, void **rows, size_t *found)
{
	struct builder *b = ARENA_NEW(c->arena, struct builder);
	b->c = c;
	b->m = model_of(c, record);
	restart(b);
	text_format(&b->sql, "SELECT t.* FROM %s t WHERE t.tenant = ", record->table->name);
	bind_int(b, c->tenant);
	text_append(&b->sql, " AND t.id IN (0");
	for (size_t i = 0; i < n; i++) {
		text_append(&b->sql, ", ");
		bind_int(b, ids[i]);
	}
	text_char(&b->sql, ')');
	add_scope(b);
	return run(b, record->table->row, rows, found);
}
