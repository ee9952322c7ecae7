/* A list asked for by anybody: record, filter, order, words, cursors, against a real database with rows in it.
 *
 * The first byte chooses record and row scope, each line that follows is one thing asked for. What comes back is a page or a
 * refusal that the asker can mend, never a failure of the server. The cursors of a page lead to its neighbours: the page
 * behind it does not repeat its last row, and the page before that one ends with it. */
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "core/auth/auth.h"
#include "core/core_fixture_test.h"
#include "core/list/list.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/ticket/ticket.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { ROWS = 12, PAGE = 3, SCOPES = SCOPE_ALL + 1 };

static struct fixture fixture;
static struct arena_mark empty;

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* A row as far as it is given; the texts and objects that it must hold are empty. */
static void insert(const struct record *record, void *row)
{
	const struct table *table = record->table;
	for (size_t i = 0; i < table->row->count; i++) {
		const struct member *m = &table->row->members[i];
		if (type_kind(m->type) == KIND_TEXT && !*member_text(m, row))
			*member_text(m, row) = m->type == TYPE_json ? "{}" : "";
	}
	must(db_exec(fixture.db, fixture.a, table->insert, row, NULL) == 0);
}

/* Few states, teams and times, so that an order has equals. */
static void fill(struct arena *a)
{
	static const char *const states[] = { "new", "accepted", "closed" };
	for (int64_t i = 1; i <= ROWS; i++) {
		const char *code = arena_format(a, "A%d", (int)i);
		int64_t at = i / 3 * 1000;
		insert(&customer_record, &(struct customer){ .tenant = TENANT, .id = i, .key = i, .created_at = at, .updated_at = at, .version = 1 });
		insert(&product_record, &(struct product){ .tenant = TENANT, .id = i, .code = code, .created_at = at, .version = 1 });
		insert(&ticket_record, &(struct ticket){ .tenant = TENANT, .id = i, .no = code, .state = states[i % 3], .key = i, .customer_id = i,
			.owner_id = i % 4, .team_id = i % 2, .region_id = 1, .symptoms = "[]", .answers = "{}", .archived_at = i % 5 == 0,
			.created_at = at, .updated_at = 10000 - at, .version = 1 });
	}
}

static void drop(void)
{
	fixture_drop(&fixture);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct fixture *f = &fixture;
	atexit(drop);
	must(fixture_make(f, DB_SQLITE) == 0);
	f->services.registry = registry_build(f->a, app_records, app_record_count);
	fill(f->a);
	empty = arena_mark(f->a);
	return 0;
}

static const char *next_line(struct arena *a, const char **at, const char *end)
{
	const char *from = *at, *stop = from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
	stop = stop ? stop : end;
	*at = stop < end ? stop + 1 : end;
	return stop > from ? arena_string_n(a, from, (size_t)(stop - from)) : NULL;
}

/* 0 and a page, or negative after a refusal. */
static int ask(const struct record *record, const struct list_query *q, struct list_page *page)
{
	struct ctx *c = &fixture.c;
	error_clear(c->error);
	int r = list_page(c, record, q, page);
	must(r == 0 || (r == c->error->code && error_status(r) < 500));
	must(r < 0 || page->n <= PAGE);
	return r;
}

static int64_t id_at(const struct record *record, const struct list_page *page, size_t i)
{
	const struct shape *row = record->table->row;
	return *member_int(shape_member(row, "id"), (char *)page->rows + i * row->size);
}

static void turn_pages(const struct record *record, struct list_query q, const struct list_page *first)
{
	struct list_page second, back;
	bool may_be_last = q.before != NULL;
	int64_t last = id_at(record, first, first->n - 1);
	q.before = NULL;
	q.after = first->next;
	must(ask(record, &q, &second) == 0 && (second.n || may_be_last));
	if (!second.n)
		return;
	must(id_at(record, &second, 0) != last);
	q.after = NULL;
	q.before = second.previous;
	must(ask(record, &q, &back) == 0 && back.n && id_at(record, &back, back.n - 1) == last);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ctx *c = &fixture.c;
	struct auth auth = { .user_id = 1, .team_id = 1, .region_id = 1 };
	if (n == 0)
		return 0;
	arena_rewind(c->arena, empty);
	const struct record *record = app_records[data[0] / SCOPES % app_record_count];
	auth.scope = (enum scope)(data[0] % SCOPES);
	c->auth = &auth;
	const char *at = (const char *)data + 1, *end = (const char *)data + n;
	struct list_query q = { .limit = PAGE };
	struct list_page page;
	q.filter = next_line(c->arena, &at, end);
	q.sort = next_line(c->arena, &at, end);
	q.q = next_line(c->arena, &at, end);
	q.after = next_line(c->arena, &at, end);
	q.before = next_line(c->arena, &at, end);
	q.archived = next_line(c->arena, &at, end) != NULL;
	q.total = next_line(c->arena, &at, end) != NULL;
	if (ask(record, &q, &page) == 0 && page.next)
		turn_pages(record, q, &page);
	return 0;
}
