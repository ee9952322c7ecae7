/* A bounded hash table. Chains begin with what was learned last, so undoing takes from their heads. */
#include "db/known.h"

#include <stdlib.h>
#include <string.h>

#include "db/connection.h"

enum { ANSWERS = 4096, HEADS = 1024, COLUMNS = 16, NEVER = -1 };

struct answer {
	int64_t tenant, of[2], id;      /* id NEVER: forgotten */
	struct bytes value;
	const struct member *column;
	uint32_t table, head, next;     /* next: index + 1 */
};

struct known {
	struct arena *arena;            /* values */
	size_t n, mark;
	uint32_t heads[HEADS];          /* index + 1 */
	const struct member *columns[COLUMNS];  /* those that answers are about, so that a write need not look at others */
	uint32_t tables[COLUMNS];
	size_t column_count;
	struct answer answers[ANSWERS];
};

struct known *known_new(void)
{
	struct known *k = calloc(1, sizeof(*k));
	if (!k)
		abort();
	k->arena = arena_new();
	return k;
}

void known_free(struct known *k)
{
	if (!k)
		return;
	arena_free(k->arena);
	free(k);
}

/* FNV-1a over column and value. */
static uint32_t head_of(const struct member *column, struct bytes value)
{
	uint32_t hash = 2166136261u ^ column->offset;
	for (size_t i = 0; i < value.n; i++)
		hash = (hash ^ value.p[i]) * 16777619u;
	return (hash ^ hash >> 16) % HEADS;
}

static bool is_about(const struct answer *a, int64_t tenant, const struct member *column, struct bytes value)
{
	return a->column == column && a->tenant == tenant && a->value.n == value.n && !memcmp(a->value.p, value.p, value.n);
}

bool db_knows(const struct db_conn *db)
{
	return db->known && db->calls->in_transaction(db);
}

bool db_known(const struct db_conn *db, const struct known_question *q, int64_t *id)
{
	const struct known *k = db->known;
	if (!k || !k->n)
		return false;
	for (uint32_t at = k->heads[head_of(q->column, q->value)]; at; at = k->answers[at - 1].next) {
		const struct answer *a = &k->answers[at - 1];
		if (a->id == NEVER || memcmp(a->of, q->of, sizeof(a->of)) != 0 || !is_about(a, db->tenant, q->column, q->value))
			continue;
		*id = a->id;
		return true;
	}
	return false;
}

static bool note_column(struct known *k, const struct known_question *q)
{
	for (size_t i = 0; i < k->column_count; i++)
		if (k->columns[i] == q->column)
			return true;
	if (k->column_count == COLUMNS)
		return false;
	k->columns[k->column_count] = q->column;
	k->tables[k->column_count++] = q->table->insert->table;
	return true;
}

void db_know(struct db_conn *db, const struct known_question *q, int64_t id)
{
	struct known *k = db->known;
	int64_t before;
	if (!k || k->n == ANSWERS || db_known(db, q, &before) || !db->calls->in_transaction(db) || !note_column(k, q))
		return;
	uint32_t head = head_of(q->column, q->value);
	k->answers[k->n] = (struct answer){ .tenant = db->tenant, .of = { q->of[0], q->of[1] }, .id = id, .value = arena_bytes(k->arena, q->value),
		.column = q->column, .table = q->table->insert->table, .head = head, .next = k->heads[head] };
	k->heads[head] = (uint32_t)++k->n;
}

/* Forgetting ------------------------------------------------------------------------------------------------------- */

static void forget_value(struct known *k, int64_t tenant, const struct member *column, const void *row)
{
	struct bytes value;
	if (type_kind(column->type) == KIND_BYTES) {
		value = *member_bytes(column, (void *)row);
	} else {
		const char *text = *member_text(column, (void *)row);
		value = (struct bytes){ (const uint8_t *)text, text ? strlen(text) : 0 };
	}
	if (!value.p)
		return;
	for (uint32_t at = k->heads[head_of(column, value)]; at; at = k->answers[at - 1].next)
		if (is_about(&k->answers[at - 1], tenant, column, value))
			k->answers[at - 1].id = NEVER;
}

/* Answers about the table (0: any): those that name row `id`, or all that name one, or all. */
enum { ANY_ROW = -2, ALL = -3 };
static void forget_rows(struct known *k, uint32_t table, int64_t id)
{
	for (struct answer *a = k->answers; a < k->answers + k->n; a++)
		if ((!table || a->table == table) && (id == ALL || (id == ANY_ROW ? a->id > 0 : a->id == id)))
			a->id = NEVER;
}

static bool only_removes(const struct query *q)
{
	return !strncmp(q->sql[DB_POSTGRESQL], "DELETE", 6);
}

void known_forget(struct known *k, int64_t tenant, const struct query *q, const void *in)
{
	if (!k || !k->n)
		return;
	const struct table *table = q->table && q->table <= table_count ? all_tables[q->table - 1] : NULL;
	bool updates = table && q == table->update, inserts = q->flags & QUERY_INSERTS_ROW, any = !q->table;
	for (size_t i = 0; i < k->column_count; i++) {
		if (k->tables[i] != q->table)
			continue;
		any = true;
		if (updates || inserts)
			forget_value(k, tenant, k->columns[i], in);
	}
	if (!any || inserts)
		return;
	const struct member *id = updates ? shape_member(table->row, "id") : NULL;
	forget_rows(k, q->table, id ? *member_int(id, (void *)in) : only_removes(q) ? ANY_ROW : ALL);
}

void known_mark(struct known *k)
{
	if (k)
		k->mark = k->n;
}

void known_undo(struct known *k)
{
	for (; k && k->n > k->mark; k->n--)
		k->heads[k->answers[k->n - 1].head] = k->answers[k->n - 1].next;
}

void known_forget_all(struct known *k)
{
	if (!k || !k->n)
		return;
	memset(k->heads, 0, sizeof(k->heads));
	k->n = k->mark = k->column_count = 0;
	arena_reset(k->arena);
}
