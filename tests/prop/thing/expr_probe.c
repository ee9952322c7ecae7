/* Answers whom a condition holds for, three times: in memory, on SQLite, on PostgreSQL. test_conditions.py compares that with its model.
 *
 *   clear                                  forget all rows
 *   thing JSON, device JSON, product JSON  a row
 *   word KIND ID WORD                      a tag of a thing (tag, phone) or device (device_tag)
 *   json JSON                              the text of a tree in JSON, or refused
 *   ask NOW ZONE ME TEAM REGION CONDITION  ok, canonical text, ids three times; or refused, code, byte; or error, what SQL said
 *
 * Answers are separated by tabs. What holds for every condition is looked at beside: the canonical text gives the same tree, so does
 * JSON, and a second check changes nothing. A condition that breaks this ends the program. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/fresh.h"
#include "thing/thing_fields.h"
#include "thing/thing_sql.h"

enum { LONGEST_LINE = 1 << 16, MOST_ROWS = 64, MOST_WORDS = 256, TENANT = 7 };

struct word_of {
	const char *kind, *word;
	int64_t id;
};

static struct world {
	struct arena *rows, *a;
	struct fresh fresh[2];
	struct db_conn *db[2];
	struct thing thing[MOST_ROWS];
	struct device device[MOST_ROWS];
	struct product product[MOST_ROWS];
	size_t things, devices, products, words;
	struct word_of word[MOST_WORDS];
} *w;

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

/* ---- rows ---- */

static void begin(enum db_engine engine)
{
	must(db_begin_write(w->db[engine], 0) == 0 && db_set_tenant(w->db[engine], TENANT) == 0, "begin");
}

static void clear(void)
{
	w->things = w->devices = w->products = w->words = 0;
	arena_reset(w->rows);
	for (enum db_engine e = DB_SQLITE; e <= DB_POSTGRESQL; e++) {
		db_rollback(w->db[e]);
		begin(e);
	}
}

static void insert(const struct table *table, void *row)
{
	*(int64_t *)row = TENANT;       /* the first column of every table */
	for (enum db_engine e = DB_SQLITE; e <= DB_POSTGRESQL; e++)
		must(db_exec(w->db[e], w->a, table->insert, row, NULL) == 0, db_message(w->db[e]));
}

static void add_row(const struct table *table, const char *json, void *row)
{
	struct error e = { 0 };
	if (json_read(w->rows, table->row, json, strlen(json), row, NULL, &e) < 0)
		must(false, e.fields ? e.fields->field : json);
	insert(table, row);
}

static void add_word(char *line)
{
	char kind[20], text[400];
	int64_t id;
	must(sscanf(line, "%19s %" SCNd64 " %399[^\n]", kind, &id, text) == 3, "word");
	struct word_of *x = &w->word[w->words++];
	*x = (struct word_of){ arena_string(w->rows, kind), arena_string(w->rows, text), id };
	insert(&table_word, &(struct word){ .kind = x->kind, .of_id = id, .word = x->word });
}

/* ---- in memory ---- */

static const void *find_row(const char *record, int64_t id)
{
	if (!strcmp(record, "product")) {
		for (size_t i = 0; i < w->products; i++)
			if (w->product[i].id == id)
				return &w->product[i];
		return NULL;
	}
	for (size_t i = 0; i < w->devices; i++)
		if (w->device[i].id == id)
			return &w->device[i];
	return NULL;
}

static void find_rows(const struct expr *e, const void **rows)
{
	for (size_t i = 1; i < e->row_count; i++) {
		const struct expr_field *f = e->rows[i].field;
		const void *from = rows[e->rows[i].from];
		rows[i] = from ? find_row(f->to->name, *(const int64_t *)((const char *)from + f->offset)) : NULL;
	}
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void find_set(const struct expr_place *p, const void *row, struct expr_set *out)
{
	const char **texts = ARENA_ARRAY(w->a, const char *, MOST_WORDS);
	*out = (struct expr_set){ texts, 0 };
	int64_t id = !row ? 0 : p->row ? ((const struct device *)row)->id : ((const struct thing *)row)->id;
	for (size_t i = 0; i < w->words; i++)
		if (w->word[i].id == id && !strcmp(w->word[i].kind, p->field->self))
			texts[out->n++] = w->word[i].word;
	qsort(texts, out->n, sizeof(*texts), compare);
}

static void answer_memory(const struct expr *e, const struct expr_bound *b)
{
	const void *rows[EXPR_MOST_ROWS] = { 0 };
	struct expr_set sets[EXPR_MOST_SETS];
	for (size_t i = 0; i < w->things; i++) {
		rows[0] = &w->thing[i];
		find_rows(e, rows);
		for (size_t k = 0; k < e->set_count; k++)
			find_set(&e->sets[k], rows[e->sets[k].row], &sets[k]);
		if (expr_holds(b, rows, sets))
			printf("%" PRId64 " ", w->thing[i].id);
	}
}

/* ---- SQL ---- */

struct found {
	int64_t id;
};
static const struct member found_members[] = { MEMBER(struct found, id, id) };
static const struct shape found_shape = SHAPE("found", struct found, found_members);

static const char *answer_sql(enum db_engine engine, const struct expr *e, const struct expr_env *env)
{
	static struct thing_sql s;
	struct found *found;
	size_t n;
	thing_sql_make(w->a, &s, engine == DB_SQLITE ? EXPR_SQLITE : EXPR_POSTGRESQL, TENANT, e, env);
	if (db_list(w->db[engine], w->a, text_end(&s.text), s.values, s.count, &found_shape, (void **)&found, &n) < 0) {
		fprintf(stderr, "%s\n%s\n", db_message(w->db[engine]), text_end(&s.text));
		return NULL;
	}
	struct text ids = text_in(w->a);
	for (size_t i = 0; i < n; i++)
		text_format(&ids, "%" PRId64 " ", found[i].id);
	return text_end(&ids);
}

/* ---- conditions ---- */

static void check_laws(struct expr *e)
{
	struct expr again, from_json;
	struct expr_faults faults;
	struct error error = { 0 };
	const char *text = expr_print(w->a, e);
	must(expr_parse(w->a, text, strlen(text), &again, &faults) == 0 && expr_equal(e, &again), "canonical text");
	must(expr_check(w->a, &again, &thing_fields, &faults) == 0 && expr_equal(e, &again), "second check");
	struct text json = text_in(w->a);
	expr_json_write(&json, e);
	must(expr_json_read(w->a, json.p, json.n, &from_json, &error) == 0 && expr_equal(e, &from_json), "JSON");
}

static void answer(char *line)
{
	struct expr_env env = { 0 };
	struct zone zone;
	struct expr e;
	struct expr_faults faults;
	char name[64];
	int text = 0;
	must(sscanf(line, "%" SCNd64 " %63s %" SCNd64 " %" SCNd64 " %" SCNd64 " %n", &env.now, name, &env.me, &env.my_team, &env.my_region, &text) == 5, "ask");
	must(zone_load(w->a, name, &zone) == 0, name);
	env.zone = &zone;
	if (expr_parse(w->a, line + text, strlen(line + text), &e, &faults) < 0 || expr_check(w->a, &e, &thing_fields, &faults) < 0) {
		printf("refused\t%s\t%" PRIu32, error_name(faults.list[0].code), faults.list[0].at);
		return;
	}
	check_laws(&e);
	printf("ok\t%s\t", expr_print(w->a, &e));
	answer_memory(&e, expr_bind(w->a, expr_compile(w->a, &e), &env));
	for (enum db_engine engine = DB_SQLITE; engine <= DB_POSTGRESQL; engine++) {
		const char *ids = answer_sql(engine, &e, &env);
		must(ids != NULL, "SQL");
		printf("\t%s", ids);
	}
}

static void answer_json(const char *json)
{
	struct expr e;
	struct error error = { 0 };
	if (expr_json_read(w->a, json, strlen(json), &e, &error) < 0)
		printf("refused\t%s\t%s", error_name(error.fields ? error.fields->code : error.code), error.fields ? error.fields->field : "");
	else
		printf("ok\t%s", expr_print(w->a, &e));
}

static void obey(char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (!strncmp(line, "ask ", 4))
		answer(line + 4);
	else if (!strncmp(line, "json ", 5))
		answer_json(line + 5);
	else if (!strncmp(line, "thing ", 6))
		add_row(&table_thing, line + 6, &w->thing[w->things++]);
	else if (!strncmp(line, "device ", 7))
		add_row(&table_device, line + 7, &w->device[w->devices++]);
	else if (!strncmp(line, "product ", 8))
		add_row(&table_product, line + 8, &w->product[w->products++]);
	else if (!strncmp(line, "word ", 5))
		add_word(line + 5);
	else
		clear();
	must(w->things < MOST_ROWS && w->devices < MOST_ROWS && w->products < MOST_ROWS && w->words < MOST_WORDS, "room");
}

/* Not inlined: gcc would take two parts of one array for the same. */
static __attribute__((noinline)) void open_database(struct fresh *f, enum db_engine engine)
{
	must(fresh_make(f, engine) == 0 && db_open(f->url, DB_WRITER, NULL, &w->db[engine]) == 0, "database");
	begin(engine);
}

int main(void)
{
	static char line[LONGEST_LINE];
	w = calloc(1, sizeof(*w));
	must(w != NULL, "memory");
	w->rows = arena_new();
	w->a = arena_new();
	for (enum db_engine e = DB_SQLITE; e <= DB_POSTGRESQL; e++)
		open_database(&w->fresh[e], e);
	while (fgets(line, sizeof(line), stdin)) {
		obey(line);
		printf("\n");
		fflush(stdout);
		arena_reset(w->a);
	}
	for (enum db_engine e = DB_SQLITE; e <= DB_POSTGRESQL; e++) {
		db_rollback(w->db[e]);
		db_close(w->db[e]);
		must(fresh_drop(&w->fresh[e]) == 0, "drop");
	}
	arena_free(w->rows);
	arena_free(w->a);
	free(w);
	return 0;
}
