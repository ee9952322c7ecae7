/* Tags of rows on their way out, into histories and conditions; and those of rows that are merged. */
#include <stdlib.h>
#include <string.h>

#include "core/services.h"
#include "core/tag/tag_private.h"

/* Names of a column, each once, in the order in which they were put on. */
static const char *names_of(struct arena *a, const struct tags_shown_row *rows, size_t n, const char *column)
{
	struct tag_ids ids = tag_ids_of(a, column);
	const char **names = ARENA_ARRAY(a, const char *, ids.n + 1);
	int64_t *stands = ARENA_ARRAY(a, int64_t, ids.n + 1);
	struct tag_ids seen = { stands, 0 };
	for (size_t i = 0; i < ids.n; i++) {
		const struct tags_shown_row *row = tag_shown(rows, n, ids.at[i]);
		if (!row || tag_ids_hold(&seen, row->stands_for))
			continue;
		names[seen.n] = row->name;
		stands[seen.n++] = row->stands_for;
	}
	return tags_json(a, &(struct tag_names){ names, seen.n });
}

/* All ids of the wishes, each once. */
static struct tag_ids ids_of_all(struct arena *a, const struct tag_wish *wishes)
{
	size_t room = 0;
	for (const struct tag_wish *w = wishes; w; w = w->next)
		room += tag_ids_of(a, w->column).n;
	int64_t *ids = ARENA_ARRAY(a, int64_t, room + 1);
	struct tag_ids all = { ids, 0 };
	for (const struct tag_wish *w = wishes; w; w = w->next) {
		struct tag_ids own = tag_ids_of(a, w->column);
		for (size_t i = 0; i < own.n; i++)
			if (!tag_ids_hold(&all, own.at[i]))
				ids[all.n++] = own.at[i];
	}
	return all;
}

int tags_open(struct ctx *c, struct tag_wish *wishes)
{
	struct tags_shown_row *rows;
	struct tag_ids all = ids_of_all(c->arena, wishes);
	size_t n;
	TRY(tags_look_up(c, &all, &rows, &n));
	for (struct tag_wish *w = wishes; w; w = w->next)
		w->slot->text = names_of(c->arena, rows, n, w->column);
	return 0;
}

int tags_words(struct ctx *c, const char *column, struct tag_names *out)
{
	struct tag_ids ids = tag_ids_of(c->arena, column);
	struct tags_words_of_row *rows;
	size_t n = 0;
	*out = (struct tag_names){ 0 };
	if (!ids.n)
		return 0;
	TRY(tags_words_of(c, ids.at, ids.n, &rows, &n));
	const char **words = ARENA_ARRAY(c->arena, const char *, n + 1);
	out->at = words;
	for (size_t i = 0; i < n; i++)
		if (!out->n || strcmp(words[out->n - 1], rows[i].folded) != 0)
			words[out->n++] = rows[i].folded;
	return 0;
}

int tags_differences(struct ctx *c, const char *old, const char *now, struct text *out, bool *same)
{
	struct slot before = { 0 }, after = { 0 };
	struct tag_wish second = { .column = now, .slot = &after }, first = { .next = &second, .column = old, .slot = &before };
	TRY(tags_open(c, &first));
	*same = !strcmp(before.text, after.text);
	text_format(out, "[%s,%s]", before.text, after.text);
	return 0;
}

/* ---- merged rows ---- */

bool tags_hold(const char *column, int64_t id)
{
	for (const char *p = column; p && *p;) {
		char *end;
		if (strtoll(p, &end, 10) == id)
			return true;
		p = *end == ',' ? end + 1 : NULL;
	}
	return false;
}

int tags_join(struct ctx *c, const char *from, const char **to, struct tag_ids *gained)
{
	struct tag_ids theirs = tag_ids_of(c->arena, from), own = tag_ids_of(c->arena, *to);
	struct tags_shown_row *rows;
	size_t n;
	int64_t *all = ARENA_ARRAY(c->arena, int64_t, theirs.n + own.n + 1), *fresh = ARENA_ARRAY(c->arena, int64_t, theirs.n + 1);
	*gained = (struct tag_ids){ fresh, 0 };
	memcpy(all, own.at, own.n * sizeof(*all));
	memcpy(all + own.n, theirs.at, theirs.n * sizeof(*all));
	TRY(tags_look_up(c, &(struct tag_ids){ all, own.n + theirs.n }, &rows, &n));
	size_t kept = own.n;
	for (size_t i = 0; i < theirs.n; i++) {
		const struct tags_shown_row *tag = tag_shown(rows, n, theirs.at[i]);
		bool has = !tag;
		for (size_t k = 0; k < kept && !has; k++) {
			const struct tags_shown_row *mine = tag_shown(rows, n, all[k]);
			has = mine && mine->stands_for == tag->stands_for;
		}
		if (has)
			continue;
		all[kept++] = theirs.at[i];
		fresh[gained->n++] = theirs.at[i];
	}
	*to = tag_column(c->arena, &(struct tag_ids){ all, kept });
	return 0;
}

const char *tags_without(struct arena *a, const char *column, const struct tag_ids *ids)
{
	struct tag_ids all = tag_ids_of(a, column);
	int64_t *left = ARENA_ARRAY(a, int64_t, all.n + 1);
	struct tag_ids out = { left, 0 };
	for (size_t i = 0; i < all.n; i++)
		if (!tag_ids_hold(ids, all.at[i]))
			left[out.n++] = all.at[i];
	return tag_column(a, &out);
}
