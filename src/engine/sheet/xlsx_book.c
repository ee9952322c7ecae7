/* Which sheet of the workbook is read, and what its styles make of numbers. */
#include <stdlib.h>
#include <string.h>

#include "engine/sheet/relations.h"
#include "engine/sheet/xlsx.h"

enum { MOST_STYLES = 65536, MOST_CODES = 1000, MOST_SHEETS = 4000 };

static const char *sheet_path(const struct relations *list, const char *id)
{
	const struct relation *r = relation_find(list, id);
	return r && !r->external && strstr(r->type, "/worksheet") ? r->path : NULL;
}

/* ---- workbook.xml ---- */

struct workbook {
	struct sheet *sheet;
	const struct relations *relations;
	struct book *book;
	size_t count;
};

static void workbook_start(struct xml *x, const char *name, const char **attributes)
{
	struct workbook *w = x->self;
	if (xml_is(name, "workbookPr")) {
		const char *base = xml_attribute(attributes, "date1904");
		w->book->base_1904 = base && (strcmp(base, "1") == 0 || strcmp(base, "true") == 0);
		return;
	}
	if (!xml_is(name, "sheet"))
		return;
	if (++w->count > MOST_SHEETS) {
		xml_stop(x, sheet_over(x->sheet, 0, 0, "sheets", MOST_SHEETS));
		return;
	}
	const char *id = xml_attribute(attributes, "id"), *state = xml_attribute(attributes, "state");
	const char *title = xml_attribute(attributes, "name");
	const char *path = id ? sheet_path(w->relations, id) : NULL;
	if (!path || (state && strcmp(state, "visible") != 0))
		return;
	if (w->book->visible++ > 0)
		return;
	w->book->sheet_path = path;
	w->book->sheet_name = arena_string(w->sheet->arena, title ? title : "");
}

/* ---- styles.xml ---- */

struct number_code {
	unsigned id;
	unsigned char format;
	struct number_code *next;
};

struct styles {
	struct sheet *sheet;
	struct book *book;
	struct number_code *codes;
	size_t code_count, room;
	bool in_cells;
};

static unsigned char format_of_id(const struct styles *t, unsigned id)
{
	for (const struct number_code *c = t->codes; c; c = c->next)
		if (c->id == id)
			return c->format;
	return number_format_built_in(id);
}

static void add_style(struct styles *t, unsigned char format)
{
	struct book *book = t->book;
	ARENA_GROW(t->sheet->arena, book->formats, book->format_count, t->room);
	book->formats[book->format_count++] = format;
}

static void styles_start(struct xml *x, const char *name, const char **attributes)
{
	struct styles *t = x->self;
	const char *id = xml_attribute(attributes, "numFmtId");
	if (xml_is(name, "cellXfs")) {
		t->in_cells = true;
	} else if (xml_is(name, "numFmt") && id && t->code_count < MOST_CODES) {
		const char *code = xml_attribute(attributes, "formatCode");
		struct number_code *c = ARENA_NEW(t->sheet->arena, struct number_code);
		c->id = (unsigned)strtoul(id, NULL, 10);
		c->format = number_format_of_code(code ? code : "");
		c->next = t->codes;
		t->codes = c;
		t->code_count++;
	} else if (xml_is(name, "xf") && t->in_cells) {
		if (t->book->format_count == MOST_STYLES) {
			xml_stop(x, sheet_over(x->sheet, 0, 0, "styles", MOST_STYLES));
			return;
		}
		add_style(t, format_of_id(t, id ? (unsigned)strtoul(id, NULL, 10) : 0));
	}
}

static void styles_end(struct xml *x, const char *name)
{
	struct styles *t = x->self;
	if (xml_is(name, "cellXfs"))
		t->in_cells = false;
}

/* ---- all of it ---- */

static int missing_is_damage(struct sheet *s, int r)
{
	return r == ERR_NOT_FOUND ? sheet_fail(s, ERR_SHEET_DAMAGED, 0, 0, NULL) : r;
}

/* A zip that is no workbook (a Word file, a folder of pictures) is a wrong format, not a damaged one. */
static int find_workbook(struct sheet *s, struct package *p, const char **path)
{
	struct relations root;
	int r = relations_read(s, p, "_rels/.rels", "", &root);
	if (r == ERR_NOT_FOUND)
		return sheet_fail(s, ERR_SHEET_FORMAT, 0, 0, NULL);
	TRY(r);
	*path = relation_path(&root, "officeDocument");
	if (!*path || !strstr(*path, "workbook"))
		return sheet_fail(s, ERR_SHEET_FORMAT, 0, 0, NULL);
	return 0;
}

int book_read(struct sheet *s, struct package *p, struct book *book)
{
	*book = (struct book){ 0 };
	const char *path = NULL;
	TRY(find_workbook(s, p, &path));
	struct relations links;
	TRY(missing_is_damage(s, relations_of_part(s, p, path, &links)));
	struct workbook w = { .sheet = s, .relations = &links, .book = book };
	struct xml x = { .sheet = s, .self = &w, .start = workbook_start };
	TRY(missing_is_damage(s, xml_read_part(&x, p, path)));
	if (!book->sheet_path)
		return sheet_fail(s, ERR_SHEET_EMPTY, 0, 0, NULL);
	book->strings_path = relation_path(&links, "sharedStrings");
	book->styles_path = relation_path(&links, "styles");
	if (!book->styles_path)
		return 0;
	struct styles t = { .sheet = s, .book = book };
	struct xml y = { .sheet = s, .self = &t, .start = styles_start, .end = styles_end };
	int r = xml_read_part(&y, p, book->styles_path);
	return r == ERR_NOT_FOUND ? 0 : r;
}
