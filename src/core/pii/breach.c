/* Rows give ids of people; sorted, each comes once with how many rows were hers. */
#include "core/pii/breach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/auth/auth.h"
#include "core/pii/person.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/pii_sql.h"

#define PERSON "customer"
enum { PAGE = 200 };

struct people {
	struct ctx *c;
	int64_t *ids;
	size_t n, most;
};

static int add(struct people *p, int64_t id)
{
	if (id <= 0)
		return 0;
	if (p->n == p->most)
		return fail(p->c, ERR_REPORT_BUDGET, NULL);
	p->ids[p->n++] = id;
	return 0;
}

/* Whom a row is about: itself, or by the reference that it holds. */
static int64_t person_of(const struct record_model *m, const void *row)
{
	const struct field *by = person_reference(m, PERSON);
	if (!strcmp(m->record->name, PERSON))
		return *member_int(m->id, (void *)row);
	return by ? *member_int(m->column[by - m->record->fields], (void *)row) : 0;
}

static int gather_rows(struct people *p, const struct record_model *m, const char *condition)
{
	struct ctx *c = p->c;
	char cursor[LIST_CURSOR_MOST + 1] = "";
	for (int64_t archived = 0; archived <= (m->archived_at != NULL); archived++) {
		struct list_query q = { .condition = text_empty(condition) ? NULL : condition, .archived = archived, .limit = PAGE };
		for (bool more = true; more;) {
			struct arena_mark mark = arena_mark(c->arena);
			struct list_page page;
			TRY(list_page(c, m->record, &q, &page));
			for (size_t i = 0; i < page.n; i++)
				TRY(add(p, person_of(m, (char *)page.rows + i * m->record->table->row->size)));
			more = page.next != NULL;
			if (more)
				snprintf(cursor, sizeof(cursor), "%s", page.next);
			arena_rewind(c->arena, mark);
			q.after = cursor;
		}
	}
	return 0;
}

/* What was read in clear is on record row by row. */
static int gather_readings(struct people *p, const struct breach_query *q)
{
	struct ctx *c = p->c;
	struct readings_by_row *rows;
	size_t n;
	TRY(readings_by(c, ACTOR_USER, ACTOR_TOKEN, q->actor_id, q->from, q->to ? q->to : FAR_FUTURE_MS, (int64_t)p->most, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		const struct record_model *m = registry_find(&c->services->registry, rows[i].object);
		struct { int64_t tenant, id; } key = { c->tenant, rows[i].object_id };
		if (!m)
			continue;
		void *row = arena_alloc(c->arena, m->record->table->row->size);
		int r = db_one(c->db, c->arena, m->record->table->get, &key, row);
		if (r < 0 && r != ERR_NOT_FOUND)
			return r;
		if (r == 0)
			TRY(add(p, person_of(m, row)));
	}
	return 0;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* Which fields of the record hold something about a person. */
static const char *kinds_of(struct ctx *c, const struct record_model *m)
{
	struct text t = text_in(c->arena);
	for (size_t i = 0; m && i < m->record->field_count; i++) {
		const struct field *f = &m->record->fields[i];
		if (field_is_sealed(f) || f->personal)
			text_format(&t, "%s%s", t.n ? "、" : "", c->lang == LANG_EN ? f->label.en : f->label.zh);
	}
	return text_end(&t);
}

static void put_person(struct ctx *c, struct export_out *x, int64_t id, const struct record_model *m, const struct slot *slots, const char *kinds, int64_t rows)
{
	static const char *const shown[] = { "name", "phone", "email" };
	export_text(x, arena_format(c->arena, "%lld", (long long)id));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		size_t field = field_index(m, shown[i]);
		export_text(x, slots && field != SIZE_MAX ? slots[field].text : NULL);
	}
	export_text(x, kinds);
	export_number(x, rows);
	export_end_row(x);
}

/* ids sorted. Those who were erased meanwhile stand there with their number alone. */
static int put_people(struct ctx *c, struct export_out *x, const struct people *p, const char *kinds)
{
	const struct record_model *m = registry_find(&c->services->registry, PERSON);
	struct slot slots[MOST_FIELDS_OF_RECORD];
	for (size_t i = 0, k; i < p->n; i = k) {
		struct arena_mark mark = arena_mark(c->arena);
		struct { int64_t tenant, id; } key = { c->tenant, p->ids[i] };
		void *row = arena_alloc(c->arena, m->record->table->row->size);
		for (k = i + 1; k < p->n && p->ids[k] == p->ids[i]; k++)
			;
		int r = db_one(c->db, c->arena, m->record->table->get, &key, row);
		if (r == 0)
			r = record_slots(c, m, row, OPENED, slots);
		if (r < 0 && r != ERR_NOT_FOUND)
			return r;
		put_person(c, x, p->ids[i], m, r == 0 ? slots : NULL, kinds, (int64_t)(k - i));
		arena_rewind(c->arena, mark);
	}
	return 0;
}

static int fill(struct ctx *c, struct export_out *x, const struct breach_query *q)
{
	static const struct label heads[] = {
		{ "客户编号", "Customer" }, { "姓名", "Name" }, { "手机", "Phone" }, { "邮箱", "E-mail" }, { "涉及内容", "What was in it" }, { "条数", "Rows" },
	};
	const struct record_model *m = text_empty(q->record) ? NULL : registry_find(&c->services->registry, q->record);
	struct people p = { .c = c, .most = (size_t)setting_of(c, SETTING_SHEET_EXPORT_ROWS) };
	if (!q->actor_id && !(m && (person_reference(m, PERSON) || !strcmp(q->record, PERSON))))
		return fail_field(c, "record", ERR_FIELD_INVALID, NULL);
	p.ids = ARENA_ARRAY(c->arena, int64_t, p.most + 1);
	TRY(q->actor_id ? gather_readings(&p, q) : gather_rows(&p, m, q->condition));
	qsort(p.ids, p.n, sizeof(*p.ids), by_id);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		export_text(x, c->lang == LANG_EN ? heads[i].en : heads[i].zh);
	export_end_row(x);
	x->rows = 0;
	return put_people(c, x, &p, q->actor_id ? (c->lang == LANG_EN ? "read in clear" : "被查看原文") : kinds_of(c, m));
}

/* Whatever the rows that the asker sees in his daily work: a leak knows no scope. */
int breach_sheet(struct ctx *c, const void *in, struct export_file *out)
{
	const struct breach_query *q = in;
	struct export_out x;
	struct ctx system = *c;
	system.auth = NULL;
	system.actor_kind = ACTOR_SYSTEM;
	TRY(export_begin(c, q->format, "breach", out, &x));
	return export_end(&x, fill(&system, &x, q), out);
}
