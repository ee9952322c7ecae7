/* Clocks as screens show them: those of a page of a list, all of one object, and why one is due when it is. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/clock/clock_why.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "gen/clock_sql.h"

struct clocks_in {
	const char *object;
	int64_t object_id;
	const char *ids;                /* separated by commas */
};
enum { MOST_IDS = 100 };
static const struct member clocks_members[] = {
	MEMBER(struct clocks_in, object, code, .flags = MEMBER_REQUIRED),
	MEMBER(struct clocks_in, object_id, ref, .flags = MEMBER_NULLABLE),
	MEMBER(struct clocks_in, ids, text, .most = MOST_IDS * 20),
};
static const struct shape clocks_shape = SHAPE("clock_query", struct clocks_in, clocks_members);

/* Only of what the actor may see. Who sees everything is not asked row by row. */
static int may_see(struct ctx *c, const struct record_model *m, int64_t id, bool *sees)
{
	*sees = may(c, m->read_right);
	if (!*sees || !scope_bites(c, m))
		return 0;
	return record_look(c, m->record, id, arena_alloc(c->arena, m->record->table->row->size), sees);
}

static int find_object(struct ctx *c, const char *name, const struct record_model **m)
{
	*m = registry_find(&c->services->registry, name);
	return require(c, *m && (*m)->record->measures, ERR_NOT_FOUND, NULL);
}

static int write_all(struct ctx *c, const struct record_model *m, const struct service_clock *rows, size_t n, struct text *t)
{
	CLOCK_SET set = NULL;
	bool any = false, sees = true;
	TRY(clock_set_take(c, &set));
	text_append(t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || rows[i].object_id != rows[i - 1].object_id)
			TRY(may_see(c, m, rows[i].object_id, &sees));
		if (!sees)
			continue;
		if (any)
			text_char(t, ',');
		clock_write(c, set, &rows[i], t);
		any = true;
	}
	text_format(t, "],\"now\":%lld}", (long long)c->now);
	return 0;
}

static int read_ids(struct ctx *c, const char *text, int64_t ids[MOST_IDS], size_t *n)
{
	char *rest = arena_string(c->arena, text ? text : ""), *word;
	for (*n = 0; (word = strsep(&rest, ",")) && *n < MOST_IDS;)
		if (*word && id_parse(word, &ids[(*n)++]) < 0)
			return fail_field(c, "ids", ERR_FIELD_INVALID, "");
	return 0;
}

static int clocks(struct ctx *c, const void *in, void *out)
{
	const struct clocks_in *q = in;
	const struct record_model *m;
	struct service_clock *rows = NULL;
	int64_t ids[MOST_IDS];
	size_t n = 0, id_count;
	TRY(find_object(c, q->object, &m));
	TRY(read_ids(c, q->ids, ids, &id_count));
	if (q->object_id > 0)
		TRY(clocks_of_object(c, q->object, q->object_id, &rows, &n));
	else if (id_count)
		TRY(clocks_of_objects(c, q->object, ids, id_count, &rows, &n));
	struct text t = text_in(c->arena);
	TRY(write_all(c, m, rows, n, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* A clock of something that the actor may see. */
static int get_clock(struct ctx *c, int64_t id, struct service_clock *row)
{
	const struct record_model *m;
	TRY(service_clock_row_get(c, id, row));
	TRY(find_object(c, row->object, &m));
	TRY(require(c, may(c, m->read_right), ERR_NOT_FOUND, NULL));
	return record_get(c, m->record, row->object_id, arena_alloc(c->arena, m->record->table->row->size));
}

static int one(struct ctx *c, const void *in, void *out)
{
	struct service_clock row;
	CLOCK_SET set = NULL;
	TRY(get_clock(c, ((const struct id_in *)in)->id, &row));
	TRY(clock_set_take(c, &set));
	struct text t = text_in(c->arena);
	clock_write(c, set, &row, &t);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int why(struct ctx *c, const void *in, void *out)
{
	struct service_clock row;
	CLOCK_SET set = NULL;
	TRY(get_clock(c, ((const struct id_in *)in)->id, &row));
	TRY(clock_set_take(c, &set));
	struct text t = text_in(c->arena);
	TRY(clock_write_why(c, set, &row, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route clock_routes[] = {
	ROUTE(GET, "/api/v1/clock", FOR_STAFF, POOL, .in = &clocks_shape, .out = &raw_shape, .run = clocks,
	      .zh = "时限：某些记录的时限", .en = "Clocks of some records"),
	ROUTE(GET, "/api/v1/clock/{id}", FOR_STAFF, POOL, .in = &id_shape, .out = &raw_shape, .run = one, .zh = "时限：查看", .en = "Clock: show"),
	ROUTE(GET, "/api/v1/clock/{id}/why", FOR_STAFF, POOL, .in = &id_shape, .out = &raw_shape, .run = why,
	      .zh = "时限：为什么此时到期", .en = "Clock: why it is due then"),
};
const size_t clock_route_count = sizeof(clock_routes) / sizeof(clock_routes[0]);
