/* Rows that others refer to, read for their titles alone: id, key and the fields that name them, by primary key. */
#include "core/list/list.h"

#include "core/record/record.h"

static struct member *add(struct member *at, const struct member *column)
{
	*at = *column;
	return at + 1;
}

void list_titles_prepare(struct arena *a, struct record_model *m)
{
	const struct record *r = m->record;
	struct member *members = ARENA_ARRAY(a, struct member, m->title_count + 2), *end = add(members, m->id);
	struct text t = text_in(a);
	if (m->key && (m->sealed_fields & m->title_fields))
		end = add(end, m->key);
	for (size_t i = 0; i < m->title_count; i++)
		end = add(end, m->column[m->title[i]]);
	m->title_row = (struct shape){ .name = r->name, .size = r->table->row->size, .members = members, .count = (size_t)(end - members) };
	for (size_t i = 0; i < m->title_row.count; i++)
		text_format(&t, "%s t.%s", i ? "," : "SELECT", members[i].name);
	text_format(&t, " FROM %s t WHERE t.tenant = $1 AND t.id ", r->table->name);
	m->titles_sql = text_end(&t);
	m->title_sql = arena_format(a, "%s= $2", m->titles_sql);
}

/* The number of values is rounded up, so that few statements serve all pages; id 0 finds nothing. */
static const char *statement(struct ctx *c, const struct record_model *m, size_t room)
{
	if (room == 1)
		return m->title_sql;
	struct text t = text_in(c->arena);
	text_append(&t, m->titles_sql);
	for (size_t i = 0; i < room; i++)
		text_format(&t, "%s$%zu", i ? ", " : "IN (", i + 2);
	text_char(&t, ')');
	return text_end(&t);
}

/* A writer has often read the one row already, or will: its transaction keeps it (db/kept.h). */
static int whole_row(struct ctx *c, const struct record_model *m, int64_t id, void **rows, size_t *found)
{
	struct { int64_t tenant, id; } key = { c->tenant, id };
	*rows = arena_alloc(c->arena, m->record->table->row->size);
	int r = db_one(c->db, c->arena, m->record->table->get, &key, *rows);
	*found = r == 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

int list_titles(struct ctx *c, const struct record_model *m, const int64_t *ids, size_t n, void **rows, size_t *found)
{
	if (n == 1 && c->batch)
		return whole_row(c, m, ids[0], rows, found);
	size_t room = 1;
	while (room < n)
		room *= 2;
	struct db_value *values = ARENA_ARRAY(c->arena, struct db_value, room + 1);
	values[0] = (struct db_value){ .kind = KIND_INT, .i = c->tenant };
	for (size_t i = 0; i < room; i++)
		values[i + 1] = (struct db_value){ .kind = KIND_INT, .i = i < n ? ids[i] : 0 };
	return db_list(c->db, c->arena, statement(c, m, room), values, room + 1, &m->title_row, rows, found);
}
