/* A page as SQL: rows of the tenant that pass the indexed conditions and the row scope, in sort order. Names come from record
 * definitions, values are always bound. A field marked `split` with few values becomes one index range per value, merged by
 * UNION ALL. */
#include <string.h>

#include "core/auth/auth.h"
#include "core/list/list_private.h"
#include "core/pii/pii.h"
#include "core/record/scope.h"
#include "core/services.h"

void restart(struct builder *b)
{
	b->sql = text_in(b->c->arena);
	b->count = 0;
}

/* Keeps a value for the statement; returns its number. */
static size_t hold(struct builder *b, struct db_value v)
{
	ARENA_GROW(b->c->arena, b->values, b->count, b->room);
	b->values[b->count++] = v;
	return b->count;
}

static void mention(struct builder *b, size_t number)
{
	if (db_engine_of(b->c->db) == DB_SQLITE)
		text_format(&b->sql, "?%zu", number);
	else    /* a value beside a narrower column (day, flag) would else be read with that column's width */
		text_format(&b->sql, b->values[number - 1].kind == KIND_INT ? "$%zu::bigint" : "$%zu", number);
}

void bind_one(struct builder *b, struct db_value v)
{
	mention(b, hold(b, v));
}

void bind_int(struct builder *b, int64_t i)
{
	bind_one(b, (struct db_value){ .kind = KIND_INT, .i = i });
}

void bind_bytes(struct builder *b, struct bytes bytes)
{
	bind_one(b, (struct db_value){ .kind = KIND_BYTES, .b = bytes });
}

static struct db_value value_of(const struct member *column, const struct slot *s)
{
	if (type_kind(column->type) == KIND_INT)
		return (struct db_value){ .kind = KIND_INT, .i = s->i };
	if (type_kind(column->type) == KIND_REAL)
		return (struct db_value){ .kind = KIND_REAL, .real = s->real };
	const char *text = s->text ? s->text : "";
	return (struct db_value){ .kind = KIND_TEXT, .b = { (const uint8_t *)text, strlen(text) } };
}

void bind_value(struct builder *b, const struct member *column, const struct slot *s)
{
	bind_one(b, value_of(column, s));
}

const struct lookup_way *lookup_way(enum field_kind kind)
{
	static const struct lookup_way ways[] = {
		[FIELD_PHONE] = { LOOKUP_PHONE, "phone" },
		[FIELD_EMAIL] = { LOOKUP_EMAIL, "email" },
		[FIELD_NAME] = { LOOKUP_NAME, "name" },
	};
	return &ways[kind];
}

void add_lookup(struct builder *b, const struct record_model *m, enum field_kind kind, const char *alias, const char *const *texts, size_t n)
{
	const struct lookup_way *way = lookup_way(kind);
	text_format(&b->sql, "%s.id IN (SELECT l.object_id FROM lookup l WHERE l.tenant = ", alias);
	bind_int(b, b->c->tenant);
	text_format(&b->sql, " AND l.object = '%s' AND l.kind = '%s' AND l.hash IN (", m->record->name, way->name);
	for (size_t i = 0; i < n; i++) {
		uint8_t *hash = arena_alloc(b->c->arena, LOOKUP_SIZE);
		struct error before = *b->c->error;
		if (lookup_hash(b->c, way->kind, texts[i], hash) < 0)
			error_take_back(b->c->error, &before);  /* nothing to hash: finds nothing, like any unknown value */
		text_append(&b->sql, i ? ", " : "");
		bind_bytes(b, (struct bytes){ hash, LOOKUP_SIZE });
	}
	text_append(&b->sql, "))");
}

static void add_sealed(struct builder *b, const struct condition *k, const char *alias)
{
	const char **texts = ARENA_ARRAY(b->c->arena, const char *, k->count + 1);
	for (size_t i = 0; i < k->count; i++)
		texts[i] = k->values[i].text;
	add_lookup(b, b->m, b->m->record->fields[k->field].kind, alias, texts, k->count);
}

int add_condition(struct builder *b, const struct condition *k, const char *alias)
{
	static const char *const words[] = { "=", "<>", "IN", "NOT IN", "<", "<=", ">", ">=" };
	text_append(&b->sql, " AND ");
	if (!k->column) {
		add_sealed(b, k, alias);
		return 0;
	}
	if (k->count == 0) {    /* "one of nothing" is false, "none of nothing" is true */
		text_append(&b->sql, k->operator == OP_IN ? "1 = 0" : "1 = 1");
		return 0;
	}
	text_format(&b->sql, "%s.%s %s ", alias, k->column->name, words[k->operator]);
	if (k->operator != OP_IN && k->operator != OP_NOT_IN) {
		bind_value(b, k->column, &k->values[0]);
		return 0;
	}
	text_char(&b->sql, '(');
	for (size_t i = 0; i < k->count; i++) {
		text_append(&b->sql, i ? ", " : "");
		bind_value(b, k->column, &k->values[i]);
	}
	text_char(&b->sql, ')');
	return 0;
}

/* However often row scope names the actor, the value is bound once. */
static void bind_actor(struct builder *b, size_t *place, int64_t value)
{
	if (!*place)
		*place = hold(b, (struct db_value){ .kind = KIND_INT, .i = value });
	mention(b, *place);
}

/* The columns of an alias, as scope_covers_place() judges them. */
static void add_place(struct builder *b, const struct record *r, const char *alias)
{
	const struct auth *auth = b->c->auth;
	if (auth->scope == SCOPE_ALL)
		return;
	if (!r->owner && !r->team) {
		if (!r->region || !auth->region_id)
			return;
		text_format(&b->sql, " AND %s.%s IN (0, ", alias, r->region);
		bind_actor(b, &b->actor.region, auth->region_id);
		text_char(&b->sql, ')');
		return;
	}
	text_append(&b->sql, " AND (1 = 0");
	if (r->owner) {
		text_format(&b->sql, " OR %s.%s = ", alias, r->owner);
		bind_actor(b, &b->actor.user, auth->user_id);
	}
	if (auth->scope >= SCOPE_TEAM && r->team) {
		text_format(&b->sql, " OR %s.%s IN (0, ", alias, r->team);
		bind_actor(b, &b->actor.team, auth->team_id);
		text_char(&b->sql, ')');
	}
	if (auth->scope >= SCOPE_REGION && r->region && auth->region_id) {
		text_format(&b->sql, " OR %s.%s = ", alias, r->region);
		bind_actor(b, &b->actor.region, auth->region_id);
	}
	text_char(&b->sql, ')');
}

static void add_audience(struct builder *b, const struct record *r, const char *alias)
{
	const struct auth *auth = b->c->auth;
	text_format(&b->sql, " AND (%s.%s = '" AUDIENCE_COMPANY "' OR %s.%s = ", alias, r->audience, alias, r->owner);
	bind_actor(b, &b->actor.user, auth->user_id);
	text_format(&b->sql, " OR (%s.%s = '" AUDIENCE_TEAM "' AND %s.%s = ", alias, r->audience, alias, r->team);
	bind_actor(b, &b->actor.team, auth->team_id);
	text_append(&b->sql, "))");
}

static void add_within(struct builder *b, const struct record_model *m, const char *alias);

/* EXISTS (the row that `column` of the alias names, if the actor may see it); inside of it w, ww, … */
static void add_whole(struct builder *b, const struct record_model *whole, const char *alias, const char *column)
{
	const struct record *r = whole->record;
	const char *inner = arena_format(b->c->arena, "w%s", *alias == 't' ? "" : alias);
	text_format(&b->sql, "EXISTS (SELECT 1 FROM %s %s WHERE %s.tenant = ", r->table->name, inner, inner);
	bind_actor(b, &b->actor.tenant, b->c->tenant);
	text_format(&b->sql, " AND %s.id = %s.%s", inner, alias, column);
	add_place(b, r, inner);
	add_narrowing(b, whole, inner);
	add_within(b, whole, inner);
	text_char(&b->sql, ')');
}

/* The record that a row is part of, and what that is part of. */
static void add_within(struct builder *b, const struct record_model *m, const char *alias)
{
	const struct record_model *whole = m->within ? model_of(b->c, m->record->fields[m->within_field].to) : NULL;
	if (!whole || !scope_bites(b->c, whole))
		return;
	text_format(&b->sql, " AND (%s.%s = 0 OR ", alias, m->within->name);
	add_whole(b, whole, alias, m->within->name);
	text_char(&b->sql, ')');
}

/* What a row is about may be of any record that the scope bites. */
static void add_about(struct builder *b, const struct record_model *m, const char *alias)
{
	const struct registry *all = &b->c->services->registry;
	for (size_t i = 0; m->about && i < all->count; i++) {
		const struct record_model *whole = &all->models[i];
		if (!scope_asks_about(b->c, whole))
			continue;
		text_format(&b->sql, " AND (%s.%s <> '%s' OR %s.%s = 0 OR ", alias, m->about->name, whole->record->name, alias, m->about_id->name);
		add_whole(b, whole, alias, m->about_id->name);
		text_char(&b->sql, ')');
	}
}

/* The same rule as scope_check(). */
void add_scope(struct builder *b, const struct record_model *m, const char *alias)
{
	b->actor = (struct actor_values){ 0 };
	if (!scope_bites(b->c, m))
		return;
	if (m->record->audience) {
		add_audience(b, m->record, alias);
		return;
	}
	add_place(b, m->record, alias);
	add_narrowing(b, m, alias);
	add_within(b, m, alias);
	add_about(b, m, alias);
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

static void add_unheld(struct builder *b)
{
	if (!b->unheld)
		return;
	text_append(&b->sql, " AND NOT EXISTS (SELECT 1 FROM rule_hold h WHERE h.tenant = ");
	bind_int(b, b->c->tenant);
	text_append(&b->sql, " AND h.rule_id = ");
	bind_int(b, b->unheld);
	text_append(&b->sql, " AND h.object_id = t.id)");
}

static void add_alive(struct builder *b)
{
	const struct member *past = b->m->past;
	if (!b->alive)
		return;
	text_append(&b->sql, " AND NOT EXISTS (SELECT 1 FROM demo_mark d WHERE d.tenant = ");
	bind_int(b, b->c->tenant);
	text_append(&b->sql, " AND d.object_id = t.id)");
	if (past)
		text_format(&b->sql, " AND (t.%s = '' OR t.%s > 1)", past->name, b->m->version->name);
}

static void add_position(struct builder *b)
{
	if (!b->position_id)
		return;
	bool less = b->descending != b->backwards;
	text_format(&b->sql, " AND (t.%s, t.id) %s (", b->sort->name, less ? "<" : ">");
	bind_value(b, b->sort, &b->position);
	text_append(&b->sql, ", ");
	bind_int(b, b->position_id);
	text_char(&b->sql, ')');
}

void add_order(struct builder *b, const char *alias, int64_t limit)
{
	const char *way = b->descending != b->backwards ? "DESC" : "ASC";
	text_format(&b->sql, " ORDER BY %s%s%s %s, %s%sid %s LIMIT %lld", alias, *alias ? "." : "", b->sort->name, way, alias,
	            *alias ? "." : "", way, (long long)limit);
}

/* Everything that an index may serve. Of `split` only the value of that number is wanted. */
static int add_core(struct builder *b, const char *columns, const struct condition *split, size_t number)
{
	text_format(&b->sql, "SELECT %s FROM ", columns);
	add_cell_from(b);
	text_format(&b->sql, "%s t WHERE t.tenant = ", b->m->record->table->name);
	bind_int(b, b->c->tenant);
	add_cell(b, "t");
	for (size_t i = 0; i < b->condition_count; i++) {
		const struct condition *k = &b->conditions[i];
		if (split && k == split) {
			text_format(&b->sql, " AND t.%s = ", k->column->name);
			mention(b, number);
		} else if (k->indexed) {
			TRY(add_condition(b, k, "t"));
		}
	}
	add_where(b, &b->where.fast, "t");
	add_rules(b, RULES_FAST, "t");
	if (b->m->archived_at)
		text_format(&b->sql, " AND t.archived_at %s 0", b->archived ? ">" : "=");
	add_scope(b, b->m, "t");
	add_hits(b);
	add_unheld(b);
	add_alive(b);
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

int add_page(struct builder *b, const char *columns, int64_t limit)
{
	const struct condition *split = split_condition(b);
	if (!split) {
		TRY(add_core(b, columns, NULL, 0));
		add_order(b, "t", limit);
		return 0;
	}
	size_t first = b->count + 1;
	for (size_t i = 0; i < split->count; i++)
		hold(b, value_of(split->column, &split->values[i]));
	size_t shared = b->count;       /* what follows is the same in each part, so it has the same numbers there */
	text_append(&b->sql, "SELECT * FROM (");
	for (size_t i = 0; i < split->count; i++) {
		b->count = shared;
		text_append(&b->sql, i ? " UNION ALL SELECT * FROM (" : "SELECT * FROM (");
		TRY(add_core(b, columns, split, first + i));
		add_order(b, "t", limit);
		text_format(&b->sql, ") AS part%zu", i);
	}
	text_append(&b->sql, ") AS merged");
	add_order(b, "merged", limit);
	return 0;
}

bool has_slow(const struct builder *b)
{
	if (b->where.slow.root)
		return true;
	for (size_t i = 0; i < b->rule_count; i++)
		if (b->rules[i].slow.root)
			return true;
	for (size_t i = 0; i < b->condition_count; i++)
		if (!b->conditions[i].indexed)
			return true;
	return false;
}

int add_slow(struct builder *b)
{
	for (size_t i = 0; i < b->condition_count; i++)
		if (!b->conditions[i].indexed)
			TRY(add_condition(b, &b->conditions[i], "p"));
	add_where(b, &b->where.slow, "p");
	add_rules(b, RULES_SLOW, "p");
	return 0;
}
