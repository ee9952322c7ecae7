/* Every table and every named query of the product, on both engines, through their shapes: what a new table or query gets
 * tested for without anybody writing a test. */
#include <math.h>

#include "db/test.h"
#include "gen/schema.h"

enum { PLAIN };         /* seed of texts that any language of queries can read */

/* A value that every check of its type lets pass. Ids are all 1, so that references find their row. */
static void fill(struct arena *a, const struct member *m, void *row, int seed)
{
	static int64_t one = 1;
	switch (m->type == TYPE_list ? KIND_LIST : type_kind(m->type)) {
	case KIND_INT:
		*member_int(m, row) = 1;
		break;
	case KIND_REAL:
		*member_real(m, row) = 0.5 + seed;
		break;
	case KIND_BYTES:
		*member_bytes(m, row) = (struct bytes){ .p = arena_copy(a, "\0\xff'\\x", 5), .n = 5 };
		break;
	case KIND_LIST:
		*(struct list *)((char *)row + m->offset) = (struct list){ &one, type_kind(m->item) == KIND_INT };
		break;
	default:
		if (seed == PLAIN)
			*member_text(m, row) = m->type == TYPE_json ? "[]" : "a1";
		else
			*member_text(m, row) = m->type == TYPE_json ? arena_format(a, "{\"a\": %d}", seed) : arena_format(a, "013800 中 '\" %d", seed);
	}
}

static void *filled(struct arena *a, const struct shape *shape, int seed)
{
	if (!shape)
		return NULL;
	void *row = arena_alloc(a, shape->size);
	for (size_t i = 0; i < shape->count; i++)
		fill(a, &shape->members[i], row, seed);
	return row;
}

static bool same_member(const struct member *m, void *a, void *b)
{
	switch (type_kind(m->type)) {
	case KIND_INT:
		return *member_int(m, a) == *member_int(m, b);
	case KIND_REAL:
		return *member_real(m, a) == *member_real(m, b);
	case KIND_BYTES:
		return member_bytes(m, a)->n == member_bytes(m, b)->n && !memcmp(member_bytes(m, a)->p, member_bytes(m, b)->p, member_bytes(m, a)->n);
	default:
		return !strcmp(*member_text(m, a), *member_text(m, b));
	}
}

static void *key_of(struct arena *a, const struct table *t, void *row)
{
	const struct shape *shape = t->get->in;
	void *key = arena_alloc(a, shape->size);
	for (size_t i = 0; i < shape->count; i++) {
		const struct member *to = &shape->members[i], *from = shape_member(t->row, to->name);
		size_t size = type_kind(to->type) == KIND_TEXT ? sizeof(char *) : type_kind(to->type) == KIND_BYTES ? sizeof(struct bytes) : 8;
		memcpy((char *)key + to->offset, (char *)row + from->offset, size);
	}
	return key;
}

static bool belongs_to(struct arena *a, const struct table *t, const struct migrations *set)
{
	const char *create = arena_format(a, "CREATE TABLE %s (", t->name);
	for (size_t i = 0; i < set->count; i++)
		if (strstr(set->steps[i].sql[DB_SQLITE], create))
			return true;
	return false;
}

static void check_row(struct test_database *t, const struct table *table, void *row)
{
	void *back = arena_alloc(t->arena, table->row->size);
	assert_int_equal(db_one(t->db, t->arena, table->get, key_of(t->arena, table, row), back), 0);
	for (size_t i = 0; i < table->row->count; i++)
		if (!same_member(&table->row->members[i], row, back))
			fail_msg("%s.%s came back as something else", table->name, table->row->members[i].name);
}

static void round_trip(struct test_database *t, const struct migrations *set)
{
	int64_t changed;
	for (size_t i = 0; i < table_count; i++) {
		const struct table *table = all_tables[i];
		if (!belongs_to(t->arena, table, set))
			continue;
		void *row = filled(t->arena, table->row, 1);
		if (db_exec(t->db, t->arena, table->insert, row, &changed) < 0)
			fail_msg("%s: %s", table->name, db_message(t->db));
		check_row(t, table, row);
	}
	for (size_t i = table_count; i-- > 0;) {
		const struct table *table = all_tables[i];
		if (!belongs_to(t->arena, table, set))
			continue;
		void *key = key_of(t->arena, table, filled(t->arena, table->row, 1));
		assert_int_equal(db_exec(t->db, t->arena, table->remove, key, &changed), 0);
		assert_int_equal(changed, 1);
	}
}

static void every_table_keeps_its_values(void **state)
{
	round_trip(*state, &data_migrations);
}

static void every_table_changes_by_version(void **state)
{
	struct test_database *t = *state;
	int64_t changed;
	for (size_t i = 0; i < table_count; i++) {
		const struct table *table = all_tables[i];
		if (!belongs_to(t->arena, table, &data_migrations))
			continue;
		void *row = filled(t->arena, table->row, 1);
		assert_int_equal(db_exec(t->db, t->arena, table->insert, row, NULL), 0);
		const struct member *version = shape_member(table->row, "version");
		for (size_t m = 0; table->update && m < table->row->count; m++)
			if (!shape_member(table->get->in, table->row->members[m].name) && &table->row->members[m] != version)
				fill(t->arena, &table->row->members[m], row, 2);
		if (table->update && db_exec(t->db, t->arena, table->update, row, &changed) < 0)
			fail_msg("%s: %s", table->name, db_message(t->db));
		if (table->update)
			assert_int_equal(changed, 1);
		if (table->update && version && !shape_member(table->get->in, "version"))
			(*member_int(version, row))++;
		check_row(t, table, row);
	}
}

/* A statement may find nothing or meet a constraint; it may not be wrong: no type, right or name that fails at run time. */
static bool runs(struct test_database *t, const struct query *q)
{
	void *rows, *in = filled(t->arena, q->in, PLAIN);
	size_t n;
	int64_t changed;
	assert_int_equal(db_savepoint(t->db), 0);
	int code = q->row ? db_many(t->db, t->arena, q, in, &rows, &n) : db_exec(t->db, t->arena, q, in, &changed);
	assert_int_equal(db_rollback_to(t->db), 0);
	return code == 0 || code == ERR_EXISTS || code == ERR_FIELD_REFERENCE;
}

static void every_query_runs_as_the_application(void **state)
{
	struct test_database *t = *state, *keys = NULL;
	assert_int_equal(test_begin((void **)&keys, t->fresh.engine, &key_migrations), 0);
	for (size_t i = 0; i < query_count; i++)
		if (!runs(t, all_queries[i]) && !runs(keys, all_queries[i]))
			fail_msg("%s: %s; %s", all_queries[i]->name, db_message(t->db), db_message(keys->db));
	assert_int_equal(test_teardown((void **)&keys), 0);
}

static void every_query_has_its_own_number(void **state)
{
	for (size_t i = 0; i < query_count; i++)
		assert_int_equal(all_queries[i]->number, i);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		ON_BOTH(every_table_keeps_its_values),
		ON_BOTH(every_table_changes_by_version),
		ON_BOTH(every_query_runs_as_the_application),
		ON_SQLITE(every_query_has_its_own_number),
	};
	return run_on_engines("tables", tests, sizeof(tests) / sizeof(tests[0]));
}
