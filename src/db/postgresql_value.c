/* Values to and from PostgreSQL's binary format: numbers in network order, texts and bytes as they are. */
#include "db/postgresql.h"

#include <endian.h>
#include <math.h>
#include <string.h>

enum { OID_BYTEA = 17, OID_FLOAT4 = 700, OID_FLOAT8 = 701, OID_JSONB = 3802 };

static void put_value(struct arena *a, const struct db_value *v, const char **value, int *length)
{
	uint64_t bits = (uint64_t)v->i;
	bool null = v->kind == KIND_INT ? v->i == NULL_INT : v->kind == KIND_REAL ? isnan(v->real) : !v->b.p;
	*value = NULL;
	*length = 0;
	if (null)
		return;
	if (v->kind == KIND_REAL)
		memcpy(&bits, &v->real, sizeof(bits));
	if (v->kind == KIND_INT || v->kind == KIND_REAL) {
		bits = htobe64(bits);
		*value = arena_copy(a, &bits, sizeof(bits));
		*length = sizeof(bits);
		return;
	}
	*value = (const char *)v->b.p;
	*length = (int)v->b.n;
}

struct pg_values pg_values_of(struct arena *a, const struct run *r)
{
	size_t n = run_values(r);
	const char **values = ARENA_ARRAY(a, const char *, n + 1);
	int *lengths = ARENA_ARRAY(a, int, n + 1), *formats = ARENA_ARRAY(a, int, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct db_value v = run_value(a, r, i, "{}");
		/* A text goes in text format, which libpq measures to its NUL; a span from the list engine need not have one. */
		if (!r->in && v.kind == KIND_TEXT && v.b.p)
			v.b.p = (const uint8_t *)arena_string_n(a, (const char *)v.b.p, v.b.n);
		put_value(a, &v, &values[i], &lengths[i]);
		formats[i] = v.kind != KIND_TEXT;
	}
	return (struct pg_values){ .count = (int)n, .values = values, .lengths = lengths, .formats = formats };
}

static int read_int(const char *p, int length, int64_t *out)
{
	uint64_t eight;
	uint32_t four;
	uint16_t two;
	switch (length) {
	case 1:
		*out = (unsigned char)*p;
		return 0;
	case 2:
		memcpy(&two, p, 2);
		*out = (int16_t)be16toh(two);
		return 0;
	case 4:
		memcpy(&four, p, 4);
		*out = (int32_t)be32toh(four);
		return 0;
	case 8:
		memcpy(&eight, p, 8);
		*out = (int64_t)be64toh(eight);
		return 0;
	default:
		return ERR_INTERNAL;
	}
}

static int read_real(const char *p, int length, double *out)
{
	int64_t bits;
	TRY(read_int(p, length, &bits));
	if (length == 4) {
		uint32_t four = (uint32_t)bits;
		float narrow;
		memcpy(&narrow, &four, sizeof(narrow));
		*out = narrow;
		return 0;
	}
	memcpy(out, &bits, sizeof(*out));
	return length == 8 ? 0 : ERR_INTERNAL;
}

static int read_value(struct arena *a, const struct member *m, Oid type, const char *p, int length, void *row)
{
	enum kind kind = type_kind(m->type);
	if ((kind == KIND_REAL) != (type == OID_FLOAT8 || type == OID_FLOAT4) || (kind == KIND_BYTES) != (type == OID_BYTEA))
		return ERR_INTERNAL;
	if (kind == KIND_INT)
		return read_int(p, length, member_int(m, row));
	if (kind == KIND_REAL)
		return read_real(p, length, member_real(m, row));
	if (kind == KIND_BYTES) {
		*member_bytes(m, row) = (struct bytes){ .p = arena_copy(a, p, (size_t)length), .n = (size_t)length };
		return 0;
	}
	/* jsonb is its text behind one byte of version. */
	int skip = type == OID_JSONB ? 1 : 0;
	*member_text(m, row) = arena_string_n(a, p + skip, (size_t)(length - skip));
	return 0;
}

static void read_null(const struct member *m, void *row)
{
	if (type_kind(m->type) == KIND_INT)
		*member_int(m, row) = NULL_INT;
	if (type_kind(m->type) == KIND_REAL)
		*member_real(m, row) = (double)NAN;
}

int pg_read_row(struct arena *a, const PGresult *result, int at, const struct shape *shape, void *row)
{
	for (int i = 0; i < (int)shape->count; i++) {
		const struct member *m = &shape->members[i];
		if (PQgetisnull(result, at, i))
			read_null(m, row);
		else
			TRY(read_value(a, m, PQftype(result, i), PQgetvalue(result, at, i), PQgetlength(result, at, i), row));
	}
	return 0;
}
