/* The fields, and the three things that the engine leaves to its caller: values, references, sets. */
#include "thing/thing_fields.h"

#include <stdlib.h>

static const struct choice grades[] = { { "normal", "一般", "Normal" }, { "urgent", "紧急", "Urgent" }, { "critical", "特急", "Critical" }, { 0 } };
static const struct choice states[] = { { "new", "新", "New" }, { "in-work", "处理中", "In work" }, { "now", "现在", "Now" }, { "closed", "关", "Closed" }, { 0 } };

#define AT(table, column) .name = #column, .offset = offsetof(struct table, column)

static const struct expr_field products[] = {
	{ AT(product, code), .type = EXPR_CODE },
	{ AT(product, price), .type = EXPR_NUMBER, .nullable = true },
};
const struct expr_record product_fields = { "product", products, sizeof(products) / sizeof(*products) };

static const struct expr_field devices[] = {
	{ AT(device, id), .type = EXPR_ID },
	{ AT(device, serial), .type = EXPR_CODE },
	{ AT(device, note), .type = EXPR_TEXT, .nullable = true },
	{ AT(device, product_id), .type = EXPR_ID, .none = EXPR_NONE_ZERO, .to = &product_fields },
	{ AT(device, installed_on), .type = EXPR_DAY, .none = EXPR_NONE_ZERO },
	{ AT(device, seen_at), .type = EXPR_TIME, .nullable = true },
	{ .name = "tags", .type = EXPR_SET, .self = "device_tag" },
};
const struct expr_record device_fields = { "device", devices, sizeof(devices) / sizeof(*devices) };

/* Digits only, as a look-up would have them. */
static int phone(struct arena *a, const char *text, const char **out)
{
	struct text t = text_in(a);
	for (; *text; text++)
		if (*text >= '0' && *text <= '9')
			text_char(&t, *text);
	*out = text_end(&t);
	return t.n ? 0 : ERR_FIELD_PHONE;
}

/* As its words are kept. */
static const char *small(struct arena *a, const char *text)
{
	char *folded = arena_string(a, text);
	for (char *p = folded; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	return folded;
}

static const struct expr_field things[] = {
	{ AT(thing, id), .type = EXPR_ID },
	{ AT(thing, grade), .type = EXPR_CHOICE, .of = grades },
	{ AT(thing, state), .type = EXPR_CHOICE, .of = states, .nullable = true },
	{ AT(thing, no), .type = EXPR_CODE },
	{ AT(thing, batch), .type = EXPR_CODE, .nullable = true },
	{ AT(thing, title), .type = EXPR_TEXT },
	{ AT(thing, note), .type = EXPR_TEXT, .nullable = true },
	{ AT(thing, device_id), .type = EXPR_ID, .none = EXPR_NONE_ZERO, .to = &device_fields },
	{ AT(thing, spare_id), .type = EXPR_ID, .nullable = true, .to = &device_fields },
	{ AT(thing, owner_id), .type = EXPR_ID, .none = EXPR_NONE_ZERO },
	{ AT(thing, maker_id), .type = EXPR_ID, .none = EXPR_NONE_ZERO },
	{ AT(thing, team_id), .type = EXPR_ID, .nullable = true },
	{ AT(thing, times), .type = EXPR_NUMBER },
	{ AT(thing, rank), .type = EXPR_NUMBER },
	{ AT(thing, fee), .type = EXPR_NUMBER, .nullable = true },
	{ AT(thing, weight), .type = EXPR_REAL },
	{ AT(thing, heat), .type = EXPR_REAL, .nullable = true },
	{ AT(thing, urgent), .type = EXPR_FLAG },
	{ AT(thing, seen), .type = EXPR_FLAG, .nullable = true },
	{ AT(thing, opened_at), .type = EXPR_TIME },
	{ AT(thing, solved_at), .type = EXPR_TIME, .none = EXPR_NONE_ZERO },
	{ AT(thing, due_at), .type = EXPR_TIME, .none = EXPR_NONE_ZERO | EXPR_NONE_FAR },
	{ AT(thing, closed_at), .type = EXPR_TIME, .nullable = true },
	{ AT(thing, bought_on), .type = EXPR_DAY, .none = EXPR_NONE_ZERO },
	{ AT(thing, ends_on), .type = EXPR_DAY, .nullable = true },
	{ .name = "tags", .type = EXPR_SET, .fold = small, .self = "tag" },
	{ .name = "phone", .type = EXPR_SEALED, .normalise = phone, .self = "phone" },
};
const struct expr_record thing_fields = { "thing", things, sizeof(things) / sizeof(*things) };

/* ---- SQL ---- */

static void bind(struct expr_sql *s, const struct expr_value *v)
{
	static const char *const casts[] = { [KIND_INT] = "bigint", [KIND_REAL] = "double precision", [KIND_TEXT] = "text" };
	struct thing_sql *t = (struct thing_sql *)s;
	if (t->count == sizeof(t->values) / sizeof(*t->values))
		abort();
	struct db_value *value = &t->values[t->count++];
	*value = (struct db_value){ .kind = v->kind, .i = v->i, .real = v->real };
	if (v->kind == KIND_TEXT)
		value->b = (struct bytes){ (const uint8_t *)v->text, strlen(v->text) };
	if (s->dialect == EXPR_SQLITE)
		text_format(s->sql, "?%zu", t->count);
	else
		text_format(s->sql, "$%zu::%s", t->count, casts[v->kind]);
}

static void bind_int(struct expr_sql *s, int64_t i)
{
	bind(s, &(struct expr_value){ .kind = KIND_INT, .i = i });
}

static void open_reference(struct expr_sql *s, const struct expr_field *f, const char *outer, const char *inner)
{
	text_format(s->sql, "EXISTS (SELECT 1 FROM %s %s WHERE %s.tenant = ", f->to->name, inner, inner);
	bind_int(s, ((struct thing_sql *)s)->tenant);
	text_format(s->sql, " AND %s.id = %s.%s", inner, outer, f->name);
}

static void one_word(struct expr_sql *s, const struct expr_field *f, const char *alias)
{
	text_append(s->sql, "EXISTS (SELECT 1 FROM word w WHERE w.tenant = ");
	bind_int(s, ((struct thing_sql *)s)->tenant);
	text_format(s->sql, " AND w.kind = '%s' AND w.of_id = %s.id", (const char *)f->self, alias);
}

static void has(struct expr_sql *s, const struct expr_field *f, const char *alias, enum expr_op op, const char *const *texts, size_t n)
{
	text_char(s->sql, '(');
	one_word(s, f, alias);
	for (size_t i = 0; i < n; i++) {
		if (op == ATOM_HAS_ALL && i) {
			text_append(s->sql, ") AND ");
			one_word(s, f, alias);
		}
		text_append(s->sql, op == ATOM_HAS_ALL ? " AND w.word = " : i ? ", " : " AND w.word IN (");
		bind(s, &(struct expr_value){ .kind = KIND_TEXT, .text = texts[i] });
	}
	text_append(s->sql, n && op != ATOM_HAS_ALL ? ")))" : "))");
}

void thing_sql_make(struct arena *a, struct thing_sql *s, enum expr_dialect dialect, int64_t tenant, const struct expr *e, const struct expr_env *env)
{
	*s = (struct thing_sql){ .sql = { .dialect = dialect, .alias = "t", .bind = bind, .open = open_reference, .has = has }, .tenant = tenant };
	s->text = text_in(a);
	s->sql.sql = &s->text;
	text_append(&s->text, "SELECT t.id FROM thing t WHERE t.tenant = ");
	bind_int(&s->sql, tenant);
	text_append(&s->text, " AND ");
	expr_sql(a, e, env, &s->sql);
	text_append(&s->text, " ORDER BY t.id");
}
