/* numbering.xml: which lists have numbers and which have marks, and how far each has counted. */
#include "engine/document/docx_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LISTS = 10000, MOST_NUMBER = 99999 };

struct reading {
	struct sheet *sheet;
	struct docx_lists *lists;
	size_t abstract_room, room;
	struct docx_abstract *abstract;
	struct docx_numbering *numbering;
	int level;
};

static void begin_abstract(struct reading *r, struct xml *x, int id)
{
	struct docx_lists *l = r->lists;
	if (l->abstract_count == MOST_LISTS) {
		xml_stop(x, sheet_over(x->sheet, 0, 0, "lists", MOST_LISTS));
		return;
	}
	ARENA_GROW(r->sheet->arena, l->abstracts, l->abstract_count, r->abstract_room);
	r->abstract = &l->abstracts[l->abstract_count++];
	*r->abstract = (struct docx_abstract){ .id = id };
	for (int i = 0; i < LEVELS; i++)
		r->abstract->levels[i] = (struct docx_level){ .bullet = true, .start = 1 };
}

static void begin_numbering(struct reading *r, struct xml *x, int id)
{
	struct docx_lists *l = r->lists;
	if (l->count == MOST_LISTS) {
		xml_stop(x, sheet_over(x->sheet, 0, 0, "lists", MOST_LISTS));
		return;
	}
	ARENA_GROW(r->sheet->arena, l->numberings, l->count, r->room);
	r->numbering = &l->numberings[l->count++];
	*r->numbering = (struct docx_numbering){ .id = id, .abstract_id = UNSET };
}

static struct docx_level *level_now(struct reading *r)
{
	return r->abstract && r->level >= 0 && r->level < LEVELS ? &r->abstract->levels[r->level] : NULL;
}

static void list_start(struct xml *x, const char *name, const char **attributes)
{
	struct reading *r = x->self;
	const char *value = xml_attribute(attributes, "val"), *id;
	struct docx_level *level = level_now(r);
	if (xml_is(name, "abstractNum") && (id = xml_attribute(attributes, "abstractNumId")))
		begin_abstract(r, x, docx_number(id));
	else if (xml_is(name, "num") && (id = xml_attribute(attributes, "numId")))
		begin_numbering(r, x, docx_number(id));
	else if (xml_is(name, "lvl") && (id = xml_attribute(attributes, "ilvl")))
		r->level = docx_number(id);
	else if (xml_is(name, "abstractNumId") && r->numbering && value)
		r->numbering->abstract_id = docx_number(value);
	else if (xml_is(name, "startOverride") && r->numbering)
		r->numbering->anew = true;
	else if (xml_is(name, "numFmt") && level && value) {
		level->bullet = !strcmp(value, "bullet");
		level->plain = !strcmp(value, "none");
	} else if (xml_is(name, "start") && level && value) {
		int start = docx_number(value);
		level->start = start >= 0 && start < MOST_NUMBER ? (unsigned)start : 1;
	}
}

static void list_end(struct xml *x, const char *name)
{
	struct reading *r = x->self;
	if (xml_is(name, "abstractNum"))
		r->abstract = NULL;
	else if (xml_is(name, "num"))
		r->numbering = NULL;
	else if (xml_is(name, "lvl"))
		r->level = UNSET;
}

static int by_abstract_id(const void *a, const void *b)
{
	int x = ((const struct docx_abstract *)a)->id, y = ((const struct docx_abstract *)b)->id;
	return (x > y) - (x < y);
}

static int by_id(const void *a, const void *b)
{
	int x = ((const struct docx_numbering *)a)->id, y = ((const struct docx_numbering *)b)->id;
	return (x > y) - (x < y);
}

int lists_read(struct sheet *s, struct package *p, const char *path, struct docx_lists *out)
{
	struct reading r = { .sheet = s, .lists = out, .level = UNSET };
	struct xml x = { .sheet = s, .self = &r, .start = list_start, .end = list_end };
	*out = (struct docx_lists){ 0 };
	TRY(xml_read_part(&x, p, path));
	if (out->abstract_count)
		qsort(out->abstracts, out->abstract_count, sizeof(*out->abstracts), by_abstract_id);
	if (out->count)
		qsort(out->numberings, out->count, sizeof(*out->numberings), by_id);
	for (size_t i = 0; i < out->count; i++) {
		struct docx_numbering *n = &out->numberings[i];
		const struct docx_abstract key = { .id = n->abstract_id };
		n->abstract = out->abstract_count ? bsearch(&key, out->abstracts, out->abstract_count, sizeof(key), by_abstract_id) : NULL;
		if (n->abstract)
			n->counters = n->anew ? ARENA_ARRAY(s->arena, unsigned, LEVELS) : n->abstract->counters;
	}
	return 0;
}

/* The counters begin at 0: nothing counted. An item begins those below it anew. */
void list_mark(struct docx_lists *all, int numbering, int level, char mark[MARK_ROOM])
{
	const struct docx_numbering key = { .id = numbering };
	struct docx_numbering *n = all->count ? bsearch(&key, all->numberings, all->count, sizeof(key), by_id) : NULL;
	snprintf(mark, MARK_ROOM, "- ");
	if (!n || !n->abstract)
		return;
	const struct docx_level *l = &n->abstract->levels[level];
	unsigned *counter = &n->counters[level];
	*counter = *counter ? *counter + 1 : l->start + 1;
	for (int below = level + 1; below < LEVELS; below++)
		n->counters[below] = 0;
	if (l->plain)
		*mark = 0;
	else if (!l->bullet)
		snprintf(mark, MARK_ROOM, "%u. ", (*counter - 1) % (MOST_NUMBER + 1));
}
