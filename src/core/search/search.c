/* Indexing, forgetting, finding, rebuilding. */
#include "core/search/search.h"

#include <stdlib.h>
#include <string.h>

#include "core/search/search_words.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/engine.h"
#include "db/writer.h"
#include "gen/search_sql.h"

enum { BUILD_CHUNK = 100 };

/* Everything of a company lies in the lane that writes for it. */
static int64_t lane_of(struct ctx *c)
{
	return c->services->writer ? writer_lane_of(c->services->writer, c->tenant) : 0;
}

/* Indexing ---------------------------------------------------------------------------------------------------------- */

static int put_text(struct ctx *c, int64_t table, int64_t doc, int64_t lane, const char *words)
{
	return table ? search_put_1(c, doc, lane, words, NULL) : search_put_0(c, doc, lane, words, NULL);
}

static int next_docs(struct ctx *c, int64_t lane, int64_t added, int64_t replaced, struct search_next_docs_row *out)
{
	struct search_next_docs_row *rows;
	size_t n;
	TRY(search_next_docs(c, lane, added, replaced, &rows, &n));
	if (n == 0) {
		TRY(search_lane_start(c, lane, NULL));
		TRY(search_next_docs(c, lane, added, replaced, &rows, &n));
	}
	*out = rows[0];
	return 0;
}

struct indexing {
	struct document document;
	struct search_doc row;
	enum { ADDED, REPLACED, SAME } what;
};

/* The documents that stand for these objects now, into their places. */
static int read_docs(struct ctx *c, const struct search_item *items, size_t n, struct indexing *of)
{
	bool *done = ARENA_ARRAY(c->arena, bool, n);
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n);
	for (size_t i = 0; i < n; i++) {
		struct search_doc *rows;
		size_t count = 0, found;
		for (size_t k = i; k < n && !done[i]; k++)
			if (!strcmp(items[k].object, items[i].object))
				ids[count++] = items[k].object_id;
		if (count == 0)
			continue;
		TRY(search_docs(c, items[i].object, ids, count, &rows, &found));
		for (size_t k = i; k < n; k++) {
			done[k] |= !strcmp(items[k].object, items[i].object);
			for (size_t r = 0; r < found; r++)
				if (rows[r].object_id == items[k].object_id && !strcmp(rows[r].object, items[k].object))
					of[k].row = rows[r];
		}
	}
	return 0;
}

static void describe(const struct search_item *item, struct indexing *x)
{
	if (!x->row.object)
		x->what = ADDED;
	else
		x->what = x->row.sum == x->document.sum ? SAME : REPLACED;
	x->row.object = item->object;
	x->row.object_id = item->object_id;
	x->row.at = item->at;
	x->row.sum = x->document.sum;
	x->row.head = x->document.head;
	x->row.words = x->document.count;
}

/* First all rows of the company, then all of the lane's: each change of sides is a statement more on PostgreSQL. */
static int put_documents(struct ctx *c, struct indexing *of, size_t n, const struct search_next_docs_row *next, int64_t first)
{
	int64_t lane = lane_of(c);
	for (size_t i = 0; i < n; i++) {
		struct search_doc *row = &of[i].row;
		if (of[i].what == SAME) {
			TRY(search_doc_touch(c, row->object, row->object_id, row->at, NULL));
			continue;
		}
		row->lane = lane;
		row->doc = ++first;
		TRY(of[i].what == REPLACED ? search_doc_row_update(c, row) : search_doc_row_insert(c, row));
	}
	for (size_t i = 0; i < n; i++) {
		if (of[i].what == SAME)
			continue;
		TRY(put_text(c, next->active, of[i].row.doc, lane, of[i].document.words));
		if (next->building)
			TRY(put_text(c, 1 - next->active, of[i].row.doc, lane, of[i].document.words));
	}
	return 0;
}

int search_index(struct ctx *c, const struct search_item *items, size_t n)
{
	struct indexing *of = ARENA_ARRAY(c->arena, struct indexing, n);
	struct search_next_docs_row next = { 0 };
	int64_t added = 0, replaced = 0;
	TRY(read_docs(c, items, n, of));
	for (size_t i = 0; i < n; i++) {
		document_make(c, items[i].object, items[i].texts.at, items[i].texts.n, &of[i].document);
		describe(&items[i], &of[i]);
		added += of[i].what == ADDED;
		replaced += of[i].what == REPLACED;
	}
	if (added + replaced)
		TRY(next_docs(c, lane_of(c), added, replaced, &next));
	return put_documents(c, of, n, &next, next.last_doc - added - replaced);
}

int search_forget(struct ctx *c, const char *object, int64_t object_id, int64_t *removed)
{
	int r = search_doc_row_remove(c, object, object_id);
	*removed = r == 0;
	if (r == ERR_NOT_FOUND)
		return 0;
	TRY(r);
	return search_lane_drop(c, lane_of(c), c->now, NULL);
}

/* Finding ------------------------------------------------------------------------------------------------------------ */

/* PostgreSQL: a rare word wants the word index, a common one the newest documents in order. Only a plan made for this very
 * question can tell; a plan kept for all of them reads every document that holds a common word (1,312 ms against 110). */
static int plan_each_question(struct ctx *c)
{
	return db_engine_of(c->db) == DB_POSTGRESQL ? db_script(c->db, "SET LOCAL plan_cache_mode = force_custom_plan") : 0;
}

static int candidates(struct ctx *c, const struct question *q, struct search_hits_0_row **rows, size_t *n)
{
	struct search_lane lane;
	int r = search_lane_row_get(c, lane_of(c), &lane);
	*n = 0;
	if (r == ERR_NOT_FOUND)
		return 0;
	TRY(r);
	TRY(plan_each_question(c));
	_Static_assert(sizeof(struct search_hits_0_row) == sizeof(struct search_hits_1_row), "two tables, one shape");
	return lane.active ? search_hits_1(c, lane.lane, q->text, SEARCH_CANDIDATES, (struct search_hits_1_row **)rows, n)
	                   : search_hits_0(c, lane.lane, q->text, SEARCH_CANDIDATES, rows, n);
}

static int better(const void *a, const void *b)
{
	const struct search_hit *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return (x->object_id < y->object_id) - (x->object_id > y->object_id);
}

int search_find(struct ctx *c, const char *query, const char *const *kinds, size_t kind_count, size_t limit,
                struct search_hit **hits, size_t *n)
{
	static const enum cut_use tries[] = { CUT_QUESTION, CUT_CHARACTERS };
	struct search_hits_0_row *rows = NULL;
	struct question q;
	*n = 0;
	const char *asked = "";
	for (size_t i = 0; i < 2 && *n == 0; i++) {
		question_make(c, query, tries[i], kinds, kind_count, &q);
		if (!q.text || !strcmp(q.text, asked))
			return 0;
		asked = q.text;
		TRY(candidates(c, &q, &rows, n));
	}
	struct search_hit *found = ARENA_ARRAY(c->arena, struct search_hit, *n + 1);
	for (size_t i = 0; i < *n; i++)
		found[i] = (struct search_hit){ rows[i].object, rows[i].object_id, rank(&q, rows[i].head, rows[i].words, c->now - rows[i].at) };
	qsort(found, *n, sizeof(*found), better);
	*hits = found;
	if (*n > limit)
		*n = limit;
	return 0;
}

/* Rebuilding --------------------------------------------------------------------------------------------------------- */

int search_rebuild_due(struct ctx *c, bool *due)
{
	struct search_lane lane;
	int r = search_lane_row_get(c, lane_of(c), &lane);
	*due = false;
	if (r == ERR_NOT_FOUND)
		return 0;
	TRY(r);
	*due = lane.stale * 3 > lane.live || (lane.erased_at && lane.erased_at + setting_ms(c, SETTING_KEEP_ERASED_WORDS) <= c->now);
	return 0;
}

int search_rebuild_start(struct ctx *c)
{
	TRY(search_lane_start(c, lane_of(c), NULL));
	return search_build_start(c, lane_of(c), NULL);
}

/* Reads the object again as its own company does, and writes it under the number it has. */
static int build_one(struct ctx *c, search_source *source, const struct search_lane *lane, const struct search_build_chunk_row *row)
{
	struct search_texts texts;
	struct document d;
	c->tenant = row->tenant;
	TRY(db_set_tenant(c->db, row->tenant));
	TRY(source(c, row->object, row->object_id, &texts));
	if (texts.n == 0)
		return 0;
	document_make(c, row->object, texts.at, texts.n, &d);
	return put_text(c, 1 - lane->active, row->doc, lane->lane, d.words);
}

static int build_chunk(struct ctx *c, search_source *source, const struct search_lane *lane, size_t *n)
{
	struct search_build_chunk_row *rows;
	int64_t own = c->tenant;
	TRY(search_build_chunk(c, lane->lane, lane->built_to, lane->build_end, BUILD_CHUNK, &rows, n));
	int r = 0;
	for (size_t i = 0; r == 0 && i < *n; i++)
		r = build_one(c, source, lane, &rows[i]);
	c->tenant = own;
	TRY(db_set_tenant(c->db, own));
	TRY(r);
	return *n ? search_build_reached(c, lane->lane, rows[*n - 1].doc, NULL) : 0;
}

int search_rebuild_step(struct ctx *c, search_source *source, bool *more)
{
	struct search_lane lane;
	size_t n;
	*more = false;
	TRY(search_lane_row_get(c, lane_of(c), &lane));
	if (!lane.building)
		return 0;
	TRY(build_chunk(c, source, &lane, &n));
	*more = n == BUILD_CHUNK;
	if (*more)
		return 0;
	TRY(search_build_swap(c, lane.lane, NULL));
	return lane.active ? search_clear_1(c, lane.lane, NULL) : search_clear_0(c, lane.lane, NULL);
}
