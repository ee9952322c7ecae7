/* Rows by a value and by their ids, one by one or many at once. */
#include "core/list/list.h"

#include <string.h>

#include "core/auth/auth.h"
#include "core/list/list_private.h"
#include "db/known.h"
#include "gen/schema.h"

static struct builder *builder_of(struct ctx *c, const struct record_model *m)
{
	struct builder *b = ARENA_NEW(c->arena, struct builder);
	b->c = c;
	b->m = m;
	restart(b);
	return b;
}

struct by_text {
	const char *value;
	int64_t id;
};
static const struct member by_text_members[] = { MEMBER(struct by_text, value, text), MEMBER(struct by_text, id, id) };
static const struct shape by_text_shape = SHAPE("by_text", struct by_text, by_text_members);

struct by_hash {
	struct bytes value;
	int64_t id;
};
static const struct member by_hash_members[] = { MEMBER(struct by_hash, value, hash), MEMBER(struct by_hash, id, id) };
static const struct shape by_hash_shape = SHAPE("by_hash", struct by_hash, by_hash_members);

/* A value as db/known.h asks for it. False: nothing to look for, so there is no such row. */
static bool question_of(struct ctx *c, const struct record_model *m, size_t field, const char *text, struct known_question *q)
{
	const struct field *f = &m->record->fields[field];
	*q = (struct known_question){ .table = m->record->table, .column = m->column[field] };
	if (!field_is_sealed(f)) {
		q->value = (struct bytes){ (const uint8_t *)text, text ? strlen(text) : 0 };
		return text != NULL;
	}
	struct error before = *c->error;
	uint8_t *hash = arena_alloc(c->arena, LOOKUP_SIZE);
	if (lookup_hash(c, lookup_way(f->kind)->kind, text, hash) < 0) {
		error_take_back(c->error, &before);
		return false;
	}
	q->table = &table_lookup;
	q->column = shape_member(&shape_lookup, "hash");
	q->of[0] = m->record->table->insert->table;
	q->of[1] = f->kind;
	q->value = (struct bytes){ hash, LOOKUP_SIZE };
	return true;
}

static bool is_asked(struct ctx *c, const struct record_model *m, size_t field)
{
	return db_knows(c->db) && (field_is_sealed(&m->record->fields[field]) || type_kind(m->column[field]->type) == KIND_TEXT);
}

/* One condition on one value; an import asks several times a row, so its memory is given back. */
int list_find(struct ctx *c, const struct record_model *m, size_t field, const struct slot *value, int64_t *id)
{
	struct arena_mark mark = arena_mark(c->arena);
	struct known_question q;
	bool asked = is_asked(c, m, field) && question_of(c, m, field, value->text, &q);
	if (asked && db_known(c->db, &q, id)) {
		arena_rewind(c->arena, mark);
		return 0;
	}
	struct builder *b = builder_of(c, m);
	struct condition k = { .field = field, .column = field_is_sealed(&m->record->fields[field]) ? NULL : m->column[field],
	                       .operator = OP_EQUAL, .values = (struct slot *)value, .count = 1, .indexed = true };
	text_format(&b->sql, "SELECT t.id FROM %s t WHERE t.tenant = ", m->record->table->name);
	bind_int(b, c->tenant);
	TRY(add_condition(b, &k, "t"));
	text_append(&b->sql, " ORDER BY t.id LIMIT 1");
	TRY(run_number(b, id));
	if (asked)
		db_know(c->db, &q, *id);
	arena_rewind(c->arena, mark);
	return 0;
}

/* The list is rounded up, so that few statements serve all; a value twice finds the same. */
static size_t rounded(size_t n)
{
	size_t room = 1;
	while (room < n)
		room *= 2;
	return room;
}

static int ask_plain(struct ctx *c, const struct record_model *m, size_t field, const struct known_question *q, size_t n)
{
	struct builder *b = builder_of(c, m);
	const char *column = m->column[field]->name;
	struct by_text *rows;
	size_t found;
	text_format(&b->sql, "SELECT t.%s AS value, min(t.id) AS id FROM %s t WHERE t.tenant = ", column, m->record->table->name);
	bind_int(b, c->tenant);
	text_format(&b->sql, " AND t.%s IN (", column);
	for (size_t i = 0; i < rounded(n); i++) {
		text_append(&b->sql, i ? ", " : "");
		bind_value(b, m->column[field], &(struct slot){ .text = (const char *)q[i < n ? i : 0].value.p });
	}
	text_format(&b->sql, ") GROUP BY t.%s", column);
	TRY(run_rows(b, &by_text_shape, (void **)&rows, &found));
	for (size_t i = 0; i < found; i++) {
		struct known_question known = q[0];
		known.value = (struct bytes){ (const uint8_t *)rows[i].value, strlen(rows[i].value) };
		db_know(c->db, &known, rows[i].id);
	}
	return 0;
}

static int ask_sealed(struct ctx *c, const struct record_model *m, size_t field, const struct known_question *q, size_t n)
{
	struct builder *b = builder_of(c, m);
	struct by_hash *rows;
	size_t found;
	text_append(&b->sql, "SELECT l.hash AS value, min(l.object_id) AS id FROM lookup l WHERE l.tenant = ");
	bind_int(b, c->tenant);
	text_format(&b->sql, " AND l.object = '%s' AND l.kind = '%s' AND l.hash IN (", m->record->name, lookup_way(m->record->fields[field].kind)->name);
	for (size_t i = 0; i < rounded(n); i++) {
		text_append(&b->sql, i ? ", " : "");
		bind_bytes(b, q[i < n ? i : 0].value);
	}
	text_append(&b->sql, ") GROUP BY l.hash");
	TRY(run_rows(b, &by_hash_shape, (void **)&rows, &found));
	for (size_t i = 0; i < found; i++) {
		struct known_question known = q[0];
		known.value = rows[i].value;
		db_know(c->db, &known, rows[i].id);
	}
	return 0;
}

int list_find_ahead(struct ctx *c, const struct record_model *m, size_t field, const char *const *texts, size_t n)
{
	struct known_question q[LIST_AHEAD_MOST];
	size_t count = 0;
	int64_t id;
	if (!is_asked(c, m, field))
		return 0;
	for (size_t i = 0; i < n && count < LIST_AHEAD_MOST; i++)
		if (!text_empty(texts[i]) && question_of(c, m, field, texts[i], &q[count]) && !db_known(c->db, &q[count], &id))
			count++;
	if (count < 2)
		return 0;
	TRY(field_is_sealed(&m->record->fields[field]) ? ask_sealed(c, m, field, q, count) : ask_plain(c, m, field, q, count));
	for (size_t i = 0; i < count; i++)
		db_know(c->db, &q[i], 0);       /* what was found is known already, and stays */
	return 0;
}

int list_rows_ahead(struct ctx *c, const struct record *record, const int64_t *ids, size_t n)
{
	char *rows;
	size_t found;
	if (!db_knows(c->db) || n < 2)
		return 0;
	TRY(list_rows(c, record, ids, n, (void **)&rows, &found));
	const struct record_model *m = model_of(c, record);
	for (size_t i = 0; i < found; i++) {
		char *row = rows + i * record->table->row->size;
		struct { int64_t tenant, id; } key = { c->tenant, *member_int(m->id, row) };
		db_keep(c->db, record->table->get, &key, row);
	}
	return 0;
}

int list_rows(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, void **rows, size_t *found)
{
	struct builder *b = builder_of(c, model_of(c, record));
	text_format(&b->sql, "SELECT t.* FROM %s t WHERE t.tenant = ", record->table->name);
	bind_int(b, c->tenant);
	text_append(&b->sql, " AND t.id IN (0");
	for (size_t i = 0; i < rounded(n); i++) {        /* id 0 finds nothing */
		text_append(&b->sql, ", ");
		bind_int(b, i < n ? ids[i] : 0);
	}
	text_char(&b->sql, ')');
	if (c->auth && c->auth->narrowing)
		TRY(condition_env(c, &b->env));
	add_scope(b, b->m, "t");
	return run_rows(b, record->table->row, rows, found);
}

int list_rows_in_order(struct ctx *c, const struct record *record, const int64_t *ids, size_t n, const void **rows)
{
	const struct record_model *m = model_of(c, record);
	char *all = NULL;
	size_t found = 0;
	if (n)
		TRY(list_rows(c, record, ids, n, (void **)&all, &found));
	for (size_t i = 0; i < n; i++) {
		rows[i] = NULL;
		for (size_t k = 0; k < found && !rows[i]; k++) {
			char *row = all + k * record->table->row->size;
			if (*member_int(m->id, row) == ids[i])
				rows[i] = row;
		}
	}
	return 0;
}
