/* One box over everything: exact numbers, phones and serials first, then words; each hit has passed the actor's rights. */
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/list/list.h"
#include "core/search/follow.h"
#include "core/search/search.h"
#include "core/services.h"

enum { HITS = 40, EXACT = 20 };

struct search_in {
	const char *q, *kind;
	int64_t limit;
};
static const struct member search_members[] = {
	MEMBER(struct search_in, q, code, .flags = MEMBER_REQUIRED, .least = 1, .most = 200),
	MEMBER(struct search_in, kind, code, .most = 100),
	MEMBER(struct search_in, limit, count, .most = 100),
};
static const struct shape search_shape = SHAPE("search_query", struct search_in, search_members);

struct found {
	struct search_hit hits[HITS + EXACT];
	size_t n;
};

static bool wanted(const char *kind, const char *record)
{
	if (text_empty(kind))
		return true;
	size_t n = strlen(record);
	for (const char *p = strstr(kind, record); p; p = strstr(p + 1, record))
		if ((p == kind || p[-1] == ',') && (p[n] == 0 || p[n] == ','))
			return true;
	return false;
}

static void add(struct found *f, const char *object, int64_t id)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->hits[i].object_id == id && !strcmp(f->hits[i].object, object))
			return;
	if (f->n < HITS + EXACT)
		f->hits[f->n++] = (struct search_hit){ .object = object, .object_id = id };
}

/* Values that name one thing, in every record that the actor may read. */
static int find_exact(struct ctx *c, const struct search_in *in, struct found *out)
{
	const struct registry *r = &c->services->registry;
	int64_t ids[LIST_EXACT_MOST];
	size_t n;
	for (size_t k = 0; k < r->count; k++) {
		const struct record_model *m = &r->models[k];
		if (!wanted(in->kind, m->record->name) || !may(c, arena_format(c->arena, "%s.read", m->record->name)))
			continue;
		TRY(list_exact(c, m, in->q, ids, &n));
		for (size_t i = 0; i < n; i++)
			add(out, m->record->name, ids[i]);
	}
	return 0;
}

static int find_words(struct ctx *c, const struct search_in *in, struct found *out)
{
	struct search_hit *hits;
	size_t n;
	TRY(search_find(c, in->q, NULL, 0, HITS, &hits, &n));
	for (size_t i = 0; i < n; i++)
		if (wanted(in->kind, hits[i].object))
			add(out, hits[i].object, hits[i].object_id);
	return 0;
}

/* Hits of one record that the actor may see, as full rows: one query a record. */
static int write_hits(struct ctx *c, const struct record_model *m, const struct found *f, bool *any, struct text *t)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, f->n + 1);
	const void **rows = ARENA_ARRAY(c->arena, const void *, f->n + 1);
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->hits[i].object, m->record->name))
			ids[n++] = f->hits[i].object_id;
	if (n == 0 || !may(c, arena_format(c->arena, "%s.read", m->record->name)))
		return 0;
	TRY(list_rows_in_order(c, m->record, ids, n, rows));
	for (size_t i = 0; i < n; i++) {        /* best first, as they were found */
		if (!rows[i])
			continue;
		text_format(t, "%s{\"object\":\"%s\",\"row\":", *any ? "," : "", m->record->name);
		TRY(record_json(c, m->record, rows[i], t));
		text_char(t, '}');
		*any = true;
	}
	return 0;
}

static int search(struct ctx *c, const void *in, void *out)
{
	const struct registry *r = &c->services->registry;
	struct found *found = ARENA_NEW(c->arena, struct found);
	struct text t = text_in(c->arena);
	bool any = false;
	TRY(find_exact(c, in, found));
	TRY(find_words(c, in, found));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < r->count; i++)
		TRY(write_hits(c, &r->models[i], found, &any, &t));
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route search_routes[] = {
	ROUTE(GET, "/api/v1/search", FOR_STAFF, POOL, .in = &search_shape, .out = &raw_shape, .run = search, .zh = "搜索", .en = "Search"),
};
const size_t search_route_count = 1;
