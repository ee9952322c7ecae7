/* Conditions from anywhere, as text or (beginning with a brace) as a tree in JSON.
 *
 * What is read has a canonical text and a JSON that give the same tree. What fits the fields of a ticket is run over a few rows in
 * memory and by SQLite: both must find the same ones. */
#include <sqlite3.h>
#include <stdlib.h>

#include "engine/expr/expr_fixture_test.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { ROWS = 6, NOW_HOURS = 498500, MOST_BOUND = 4 * EXPR_MOST_VALUES + 2 * EXPR_MOST_NODES };
#define NOW ((int64_t)NOW_HOURS * HOUR_MS)

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* ---- the world ---- */

static const struct a_product products[] = { { "fridge" }, { "washer" } };
static const struct a_device devices[] = {
	{ .id = 1, .product_id = 1, .bought_on = 20000, .serial = "HX-1" }, { .id = 2, .product_id = 2, .serial = "hx-2" }, { .id = 3, .product_id = 0, .serial = "" },
};
static const struct a_ticket tickets[ROWS] = {
	{ 1, 1, 5, NOW, 0, FAR_FUTURE_MS, 0, 1, 20770, 4.5, "urgent", "new", "SR1", "Fridge LEAKS 漏水" },
	{ 2, 2, 0, NOW - 3 * HOUR_MS, NOW - 1, NOW + HOUR_MS, 3, 0, 0, -1, "normal", "closed", "sr2", "漏" },
	{ 3, 3, 6, 0, NOW, 0, NULL_INT, 0, 20771, 0, "critical", NULL, "", "100%_" },
	{ 4, 0, 5, NOW - 40 * DAY_MS, 0, NOW - 1, -3, 1, 20740, 1e9, "normal", "on-hold", "SR4", "" },
	{ 5, 9, 7, NOW + 400 * DAY_MS, NOW, FAR_FUTURE_MS, 1000000, 0, 0, 0.1, "urgent", "", "x", "a\"b" },
	{ 6, 1, 0, 1, 1, 1, 1, 1, 1, 1, "", "new", "é", "É" },
};
static const char *const tags[ROWS][3] = { { "leak", "vip" }, { 0 }, { "a b" }, { "LEAK", "leak" }, { "vip" }, { 0 } };

static sqlite3 *db;
static struct zone zone;
static struct arena *lasting;

static void run(const char *sql)
{
	must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void insert_ticket(const struct a_ticket *t)
{
	sqlite3_stmt *s;
	const int64_t numbers[] = { t->id, t->device_id, t->owner_id, t->created_at, t->solved_at, t->due_at, t->reminders, t->vip, t->preferred_day };
	const char *const texts[] = { t->grade, t->state, t->no, t->title };
	must(sqlite3_prepare_v2(db, "INSERT INTO ticket VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &s, NULL) == SQLITE_OK);
	for (int i = 0; i < 9; i++)
		if (numbers[i] != NULL_INT)
			sqlite3_bind_int64(s, i + 1, numbers[i]);
	sqlite3_bind_double(s, 10, t->rating);
	for (int i = 0; i < 4; i++)
		sqlite3_bind_text(s, 11 + i, texts[i], -1, SQLITE_STATIC);
	must(sqlite3_step(s) == SQLITE_DONE);
	sqlite3_finalize(s);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	lasting = arena_new();
	must(zone_load(lasting, "Europe/Berlin", &zone) == 0 && sqlite3_open(":memory:", &db) == SQLITE_OK);
	run("CREATE TABLE ticket (id INTEGER, device_id INTEGER, owner_id INTEGER, created_at INTEGER, solved_at INTEGER, due_at INTEGER,"
	    "reminders INTEGER, vip INTEGER, preferred_day INTEGER, rating REAL, grade TEXT, state TEXT, no TEXT, title TEXT) STRICT;"
	    "CREATE TABLE device (id INTEGER, product_id INTEGER, serial TEXT, bought_on INTEGER) STRICT;"
	    "CREATE TABLE product (id INTEGER, code TEXT) STRICT; CREATE TABLE tag (of INTEGER, word TEXT) STRICT;"
	    "INSERT INTO device VALUES (1, 1, 'HX-1', 20000), (2, 2, 'hx-2', 0), (3, 0, '', 0);"
	    "INSERT INTO product VALUES (1, 'fridge'), (2, 'washer');"
	    "INSERT INTO tag VALUES (1, 'leak'), (1, 'vip'), (3, 'a b'), (4, 'LEAK'), (4, 'leak'), (5, 'vip');");
	for (size_t i = 0; i < ROWS; i++)
		insert_ticket(&tickets[i]);
	return 0;
}

/* ---- SQL ---- */

struct target {
	struct expr_sql sql;
	struct text text;
	struct expr_value values[MOST_BOUND];
	int count;
};

static void bind(struct expr_sql *s, const struct expr_value *v)
{
	struct target *t = (struct target *)s;
	must(t->count < MOST_BOUND);
	t->values[t->count++] = *v;
	text_format(s->sql, "?%d", t->count);
}

static void open_row(struct expr_sql *s, const struct expr_field *f, const char *outer, const char *inner)
{
	text_format(s->sql, "EXISTS (SELECT 1 FROM %s %s WHERE %s.id = %s.%s", f->to->name, inner, inner, outer, f->name);
}

static void has(struct expr_sql *s, const struct expr_field *f, const char *alias, enum expr_op op, const char *const *texts, size_t n)
{
	text_append(s->sql, op == ATOM_HAS_ANY ? "(1 = 0" : "(1 = 1");
	for (size_t i = 0; i < n; i++) {
		text_format(s->sql, "%s EXISTS (SELECT 1 FROM tag g WHERE g.of = %s.id AND g.word = ", op == ATOM_HAS_ANY ? " OR" : " AND", alias);
		bind(s, &(struct expr_value){ .kind = KIND_TEXT, .text = texts[i] });
		text_char(s->sql, ')');
	}
	if (op == ATOM_PRESENT)
		text_format(s->sql, " AND EXISTS (SELECT 1 FROM tag g WHERE g.of = %s.id)", alias);
	text_char(s->sql, ')');
}

/* Bit i: row i. */
static unsigned by_sql(struct arena *a, const struct expr *e, const struct expr_env *env)
{
	static struct target t;
	unsigned found = 0;
	sqlite3_stmt *s;
	t = (struct target){ .sql = { .dialect = EXPR_SQLITE, .alias = "t", .bind = bind, .open = open_row, .has = has }, .text = text_in(a) };
	t.sql.sql = &t.text;
	text_append(&t.text, "SELECT t.id FROM ticket t WHERE ");
	expr_sql(a, e, env, &t.sql);
	must(sqlite3_prepare_v2(db, text_end(&t.text), -1, &s, NULL) == SQLITE_OK);
	for (int i = 0; i < t.count; i++) {
		const struct expr_value *v = &t.values[i];
		if (v->kind == KIND_INT)
			sqlite3_bind_int64(s, i + 1, v->i);
		else if (v->kind == KIND_REAL)
			sqlite3_bind_double(s, i + 1, v->real);
		else
			sqlite3_bind_text(s, i + 1, v->text, -1, SQLITE_STATIC);
	}
	int r;
	while ((r = sqlite3_step(s)) == SQLITE_ROW)
		found |= 1u << (sqlite3_column_int(s, 0) - 1);
	must(r == SQLITE_DONE);
	sqlite3_finalize(s);
	return found;
}

/* ---- memory ---- */

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const void *row_of(const struct expr *e, size_t i, const void *const *rows)
{
	const void *from = rows[e->rows[i].from];
	int64_t id = !from ? 0 : e->rows[i].from == 0 ? ((const struct a_ticket *)from)->device_id : ((const struct a_device *)from)->product_id;
	if (e->rows[i].from == 0)
		return id >= 1 && id <= 3 ? &devices[id - 1] : NULL;
	return id >= 1 && id <= 2 ? (const void *)&products[id - 1] : NULL;
}

static unsigned in_memory(struct arena *a, const struct expr *e, const struct expr_env *env)
{
	unsigned found = 0;
	const struct expr_bound *b = expr_bind(a, expr_compile(a, e), env);
	for (size_t i = 0; i < ROWS; i++) {
		const char *words[3] = { tags[i][0], tags[i][1], tags[i][2] };
		struct expr_set set = { words, words[0] ? words[1] ? 2 : 1 : 0 };
		qsort(words, set.n, sizeof(*words), compare);
		const void *rows[EXPR_MOST_ROWS] = { &tickets[i] };
		for (size_t k = 1; k < e->row_count; k++)
			rows[k] = row_of(e, k, rows);
		found |= (unsigned)expr_holds(b, rows, &set) << i;
	}
	return found;
}

/* ---- one input ---- */

static void check_laws(struct arena *a, const struct expr *e)
{
	struct expr again;
	struct expr_faults f;
	struct error error = { 0 };
	struct text json = text_in(a);
	const char *text = expr_print(a, e);
	must(expr_parse(a, text, strlen(text), &again, &f) == 0 && expr_equal(e, &again));
	expr_json_write(&json, e);
	must(expr_json_read(a, json.p, json.n, &again, &error) == 0 && expr_equal(e, &again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	ARENA_SCOPED a = arena_new();
	struct expr e;
	struct expr_faults f = { 0 };
	struct error error = { 0 };
	bool json = n && data[0] == '{';
	int r = json ? expr_json_read(a, (const char *)data, n, &e, &error) : expr_parse(a, (const char *)data, n, &e, &f);
	must(r == 0 || (json ? error.code < 0 : f.n == 1 && f.list[0].code == r && f.list[0].at <= n));
	if (r < 0)
		return 0;
	check_laws(a, &e);
	if (expr_check(a, &e, &a_ticket_record, &f) < 0)
		return 0;
	check_laws(a, &e);
	struct expr_env env = { NOW, &zone, 5, 0, 0 };
	must(in_memory(a, &e, &env) == by_sql(a, &e, &env));
	return 0;
}
