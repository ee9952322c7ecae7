/* What conditions of the tests may name: things, the devices they refer to, the products those refer to; and how SQL finds them. */
#pragma once

#include "db/db.h"
#include "engine/expr/expr_run.h"
#include "thing/schema.h"

extern const struct expr_record thing_fields, device_fields, product_fields;

/* A condition on its way to SQL, with the values bound so far. */
struct thing_sql {
	struct expr_sql sql;    /* first, so that the calls find the rest */
	struct text text;
	int64_t tenant;
	struct db_value values[EXPR_MOST_VALUES * 4];
	size_t count;
};

/* "SELECT t.id FROM thing t WHERE …" with its values. */
void thing_sql_make(struct arena *a, struct thing_sql *s, enum expr_dialect dialect, int64_t tenant, const struct expr *e, const struct expr_env *env);
