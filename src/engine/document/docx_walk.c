/* The walk over the text of a document: each element that means something has a line in a table; others let what they hold through. */
#include "engine/document/docx_private.h"

#include <string.h>
#include <strings.h>

enum { LINK_MOST = 2000 };

const char *docx_link(struct arena *a, const char *url)
{
	static const char *const schemes[] = { "https://", "http://", "mailto:", "tel:" };
	struct text t = text_in(a);
	bool known = false;
	while (*url == ' ')
		url++;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		known = known || !strncasecmp(url, schemes[i], strlen(schemes[i]));
	if (!known || strlen(url) > LINK_MOST)
		return NULL;
	for (; *url; url++)
		text_format(&t, (unsigned char)*url <= ' ' || strchr("<>\\\x7F", *url) ? "%%%02X" : "%c", (unsigned char)*url);
	return text_end(&t);
}

/* Paragraphs and runs --------------------------------------------------------------------------------------------------------- */

static int on_paragraph(struct docx *d, struct xml *x, const char **attributes)
{
	paragraph_begin(d);
	return 0;
}

static int on_paragraph_format(struct docx *d, struct xml *x, const char **attributes)
{
	d->in_paragraph_format = true;
	return 0;
}

static void wear(struct docx_paragraph *p, const struct docx_style *s)
{
	p->role = s->role;
	p->heading = s->heading > 0 ? s->heading : 0;
	p->numbering = s->numbering > 0 ? s->numbering : 0;
	p->level = s->level > 0 && s->level < LEVELS ? s->level : 0;
	p->hidden = s->hidden == 1;
	p->bold = s->bold == 1;
	p->italic = s->italic == 1;
}

static int on_paragraph_style(struct docx *d, struct xml *x, const char **attributes)
{
	wear(&flow_of(d)->paragraph, style_of(&d->styles, xml_attribute(attributes, "val")));
	return 0;
}

static int on_outline(struct docx *d, struct xml *x, const char **attributes)
{
	int level = docx_number(xml_attribute(attributes, "val"));
	if (d->in_paragraph_format)
		flow_of(d)->paragraph.heading = level >= 0 && level < LEVELS ? level + 1 : 0;
	return 0;
}

static int on_numbering(struct docx *d, struct xml *x, const char **attributes)
{
	int id = docx_number(xml_attribute(attributes, "val"));
	if (d->in_paragraph_format)
		flow_of(d)->paragraph.numbering = id > 0 ? id : 0;
	return 0;
}

static int on_level(struct docx *d, struct xml *x, const char **attributes)
{
	int level = docx_number(xml_attribute(attributes, "val"));
	if (d->in_paragraph_format)
		flow_of(d)->paragraph.level = level >= 0 && level < LEVELS ? level : 0;
	return 0;
}

static int on_run(struct docx *d, struct xml *x, const char **attributes)
{
	flow_of(d)->run = (struct docx_run){ UNSET, UNSET, UNSET, NULL };
	return 0;
}

/* Within the format of a paragraph it is about the mark at its end. */
static int on_run_format(struct docx *d, struct xml *x, const char **attributes)
{
	if (d->in_paragraph_format)
		d->skip = x->depth;
	return 0;
}

static int on_run_style(struct docx *d, struct xml *x, const char **attributes)
{
	flow_of(d)->run.style = style_of(&d->styles, xml_attribute(attributes, "val"));
	return 0;
}

static int on_bold(struct docx *d, struct xml *x, const char **attributes)
{
	flow_of(d)->run.bold = docx_word_is(xml_attribute(attributes, "val"));
	return 0;
}

static int on_italic(struct docx *d, struct xml *x, const char **attributes)
{
	flow_of(d)->run.italic = docx_word_is(xml_attribute(attributes, "val"));
	return 0;
}

static int on_hidden(struct docx *d, struct xml *x, const char **attributes)
{
	flow_of(d)->run.hidden = docx_word_is(xml_attribute(attributes, "val"));
	return 0;
}

/* What the run says itself, else its style, else that of the paragraph. */
static bool holds(int run, int style, bool paragraph)
{
	return run != UNSET ? run == 1 : style != UNSET ? style == 1 : paragraph;
}

static bool run_hidden(const struct docx_flow *f)
{
	const struct docx_style *s = f->run.style;
	return holds(f->run.hidden, s ? s->hidden : UNSET, f->paragraph.hidden) || (s && s->role == ROLE_PLACEHOLDER);
}

static bool in_instruction(const struct docx *d)
{
	for (size_t i = 0; i < d->field_count && i < FIELDS; i++)
		if (d->fields[i].in_instruction)
			return true;
	return false;
}

static void say(struct docx *d, const char *words, size_t n)
{
	const struct docx_flow *f = flow_of(d);
	const struct docx_style *s = f->run.style;
	unsigned look = (holds(f->run.bold, s ? s->bold : UNSET, f->paragraph.bold) ? SPAN_BOLD : 0) | (holds(f->run.italic, s ? s->italic : UNSET, f->paragraph.italic) ? SPAN_ITALIC : 0);
	if (!in_instruction(d) && !run_hidden(f))
		paragraph_words(d, words, n, look);
}

static int on_text(struct docx *d, struct xml *x, const char **attributes)
{
	flow_of(d)->into = INTO_WORDS;
	d->left.hidden += run_hidden(flow_of(d)) && !in_instruction(d);
	return 0;
}

static int on_tab(struct docx *d, struct xml *x, const char **attributes)
{
	if (!d->in_paragraph_format)
		say(d, " ", 1);
	return 0;
}

static int on_break(struct docx *d, struct xml *x, const char **attributes)
{
	const char *type = xml_attribute(attributes, "type");
	if (!type || !strcmp(type, "textWrapping"))
		say(d, "\n", 1);
	return 0;
}

static int on_hyphen(struct docx *d, struct xml *x, const char **attributes)
{
	say(d, "-", 1);
	return 0;
}

/* Links and fields ------------------------------------------------------------------------------------------------------------- */

static const char *link_to(struct docx *d, const char *url)
{
	const char *link = url ? docx_link(d->sheet.arena, url) : NULL;
	d->left.links += url && !link;
	return link;
}

static int on_hyperlink(struct docx *d, struct xml *x, const char **attributes)
{
	const char *id = xml_attribute(attributes, "id");
	const struct relation *r = id ? relation_find(&d->relations, id) : NULL;
	flow_of(d)->link = r && r->external ? link_to(d, r->path) : NULL;
	return 0;
}

/* HYPERLINK "https://…": the address; a place within the document is none. */
static const char *field_link(struct docx *d, const char *instruction)
{
	const char *p = instruction + strspn(instruction, " \t\r\n");
	if (strncasecmp(p, "HYPERLINK", 9) != 0)
		return NULL;
	p += 9;
	p += strspn(p, " \t\r\n");
	if (*p != '"')
		return NULL;
	return link_to(d, arena_string_n(d->sheet.arena, p + 1, strcspn(p + 1, "\"")));
}

static void field_push(struct docx *d, struct docx_field f)
{
	if (d->field_count < FIELDS)
		d->fields[d->field_count] = f;
	d->field_count++;
}

static int on_field(struct docx *d, struct xml *x, const char **attributes)
{
	const char *type = xml_attribute(attributes, "fldCharType");
	if (!type)
		return 0;
	if (!strcmp(type, "begin")) {
		field_push(d, (struct docx_field){ .in_instruction = true });
		d->instruction.n = 0;
	} else if (d->field_count && !strcmp(type, "end")) {
		d->field_count--;
	} else if (d->field_count && d->field_count <= FIELDS && !strcmp(type, "separate")) {
		d->fields[d->field_count - 1] = (struct docx_field){ .link = field_link(d, text_end(&d->instruction)) };
	}
	return 0;
}

static int on_instruction(struct docx *d, struct xml *x, const char **attributes)
{
	flow_of(d)->into = INTO_INSTRUCTION;
	return 0;
}

static int on_simple_field(struct docx *d, struct xml *x, const char **attributes)
{
	const char *instruction = xml_attribute(attributes, "instr");
	field_push(d, (struct docx_field){ .link = field_link(d, instruction ? instruction : "") });
	return 0;
}

/* Pictures and objects --------------------------------------------------------------------------------------------------------- */

static int on_drawing(struct docx *d, struct xml *x, const char **attributes)
{
	d->picture_words = NULL;
	return 0;
}

static int on_picture_words(struct docx *d, struct xml *x, const char **attributes)
{
	const char *words = xml_attribute(attributes, "descr");
	words = words ? words : xml_attribute(attributes, "alt");
	if (words)
		d->picture_words = arena_string_n(d->sheet.arena, words, utf8_prefix(words, 200));
	return 0;
}

/* Its number, at first sight the next one; UNSET: too many. */
static int number_of(struct docx *d, const struct relation *r)
{
	for (size_t i = 0; i < d->picture_count; i++)
		if (d->pictures[i] == r)
			return (int)i;
	if (d->picture_count == d->limits.pictures)
		return UNSET;
	d->pictures[d->picture_count++] = r;
	return (int)d->picture_count - 1;
}

static void show(struct docx *d, const char *id)
{
	const struct relation *r = id ? relation_find(&d->relations, id) : NULL;
	if (run_hidden(flow_of(d)))
		return;
	int number = r && !r->external && relation_is(r, "image") ? number_of(d, r) : UNSET;
	if (number == UNSET)
		d->left.pictures++;
	else
		paragraph_picture(d, number, d->picture_words);
}

static int on_blip(struct docx *d, struct xml *x, const char **attributes)
{
	show(d, xml_attribute(attributes, "embed"));
	return 0;
}

static int on_old_picture(struct docx *d, struct xml *x, const char **attributes)
{
	show(d, xml_attribute(attributes, "id"));
	return 0;
}

static int on_box(struct docx *d, struct xml *x, const char **attributes)
{
	return flow_push(d, FLOW_BOX);
}

static int skip(struct docx *d, struct xml *x, const char **attributes)
{
	d->skip = x->depth;
	return 0;
}

static int on_object(struct docx *d, struct xml *x, const char **attributes)
{
	d->left.objects++;
	return skip(d, x, attributes);
}

static int on_note(struct docx *d, struct xml *x, const char **attributes)
{
	d->left.notes++;
	return 0;
}

static int on_comment(struct docx *d, struct xml *x, const char **attributes)
{
	d->left.comments++;
	return 0;
}

/* Of a row: it was taken out as a whole. */
static int on_deleted(struct docx *d, struct xml *x, const char **attributes)
{
	struct docx_table *t = d->table_count ? &d->tables[d->table_count - 1] : NULL;
	d->left.deleted++;
	if (t && t->in_row_format)
		t->row_deleted = true;
	return skip(d, x, attributes);
}

/* Tables ------------------------------------------------------------------------------------------------------------------------ */

static int on_table(struct docx *d, struct xml *x, const char **attributes)
{
	return table_begin(d);
}

static int on_row(struct docx *d, struct xml *x, const char **attributes)
{
	table_row(d);
	return 0;
}

static int on_row_format(struct docx *d, struct xml *x, const char **attributes)
{
	if (d->table_count)
		d->tables[d->table_count - 1].in_row_format = true;
	return 0;
}

static int on_cell(struct docx *d, struct xml *x, const char **attributes)
{
	return table_cell(d);
}

static int on_span(struct docx *d, struct xml *x, const char **attributes)
{
	int n = docx_number(xml_attribute(attributes, "val"));
	if (d->table_count)
		d->tables[d->table_count - 1].span = n > 0 && n < COLUMNS ? (size_t)n : 1;
	return 0;
}

static int on_merge(struct docx *d, struct xml *x, const char **attributes)
{
	const char *value = xml_attribute(attributes, "val");
	if (d->table_count)
		d->tables[d->table_count - 1].goes_on = !value || strcmp(value, "restart") != 0;
	return 0;
}

/* Ends ------------------------------------------------------------------------------------------------------------------------- */

static int paragraph_over(struct docx *d)
{
	return paragraph_end(d);
}

static int format_over(struct docx *d)
{
	d->in_paragraph_format = false;
	return 0;
}

static int row_format_over(struct docx *d)
{
	if (d->table_count)
		d->tables[d->table_count - 1].in_row_format = false;
	return 0;
}

static int words_over(struct docx *d)
{
	flow_of(d)->into = INTO_NOTHING;
	return 0;
}

static int link_over(struct docx *d)
{
	flow_of(d)->link = NULL;
	return 0;
}

static int simple_field_over(struct docx *d)
{
	d->field_count -= d->field_count > 0;
	return 0;
}

/* It comes behind the paragraph that it hangs on. */
static int box_over(struct docx *d)
{
	struct docx_flow *box = flow_of(d);
	if (d->flow == 0)
		return 0;
	flow_pop(d);
	struct text *late = &flow_of(d)->late;
	if (!box->out.n)
		return 0;
	text_append(late, late->n ? "\n\n" : "");
	text_append(late, text_end(&box->out));
	return late->n > d->limits.text ? sheet_over(&d->sheet, 0, 0, "bytes of text", d->limits.text) : 0;
}

/* Elements --------------------------------------------------------------------------------------------------------------------- */

static const struct element {
	const char *name;
	int (*start)(struct docx *d, struct xml *x, const char **attributes);
	int (*end)(struct docx *d);
} own[] = {
	{ "t", on_text, words_over }, { "r", on_run, NULL }, { "rPr", on_run_format, NULL }, { "p", on_paragraph, paragraph_over }, { "pPr", on_paragraph_format, format_over },
	{ "pStyle", on_paragraph_style, NULL }, { "outlineLvl", on_outline, NULL }, { "numId", on_numbering, NULL }, { "ilvl", on_level, NULL }, { "rStyle", on_run_style, NULL },
	{ "b", on_bold, NULL }, { "i", on_italic, NULL }, { "vanish", on_hidden, NULL }, { "tab", on_tab, NULL }, { "ptab", on_tab, NULL }, { "br", on_break, NULL }, { "cr", on_break, NULL },
	{ "noBreakHyphen", on_hyphen, NULL }, { "hyperlink", on_hyperlink, link_over }, { "fldChar", on_field, NULL }, { "instrText", on_instruction, words_over }, { "fldSimple", on_simple_field, simple_field_over },
	{ "drawing", on_drawing, NULL }, { "pict", on_drawing, NULL }, { "txbxContent", on_box, box_over }, { "object", on_object, NULL }, { "altChunk", on_object, NULL },
	{ "footnoteReference", on_note, NULL }, { "endnoteReference", on_note, NULL }, { "commentReference", on_comment, NULL }, { "del", on_deleted, NULL }, { "moveFrom", on_deleted, NULL },
	{ "tbl", on_table, table_end }, { "tr", on_row, table_row_end }, { "trPr", on_row_format, row_format_over }, { "tc", on_cell, table_cell_end }, { "gridSpan", on_span, NULL }, { "vMerge", on_merge, NULL },
	{ "rPrChange", skip, NULL }, { "pPrChange", skip, NULL }, { "tblPrChange", skip, NULL }, { "trPrChange", skip, NULL }, { "tcPrChange", skip, NULL }, { "numberingChange", skip, NULL }, { "sectPr", skip, NULL },
	{ "sdtPr", skip, NULL }, { "tblPr", skip, NULL }, { "tblPrEx", skip, NULL }, { "tblGrid", skip, NULL }, { "tabs", skip, NULL }, { "rt", skip, NULL },
}, foreign[] = {
	{ "blip", on_blip, NULL }, { "docPr", on_picture_words, NULL }, { "shape", on_picture_words, NULL }, { "imagedata", on_old_picture, NULL }, { "Fallback", skip, NULL }, { "oMathPara", on_object, NULL },
	{ "oMath", on_object, NULL }, { "chart", on_object, NULL }, { "relIds", on_object, NULL }, { "contentPart", on_object, NULL },
};

static const struct element *element_of(const struct docx *d, const char *name)
{
	size_t n = strlen(d->prefix);
	bool is_own = !strncmp(name, d->prefix, n) && !strchr(name + n, ':');
	const struct element *all = is_own ? own : foreign;
	size_t count = is_own ? sizeof(own) / sizeof(own[0]) : sizeof(foreign) / sizeof(foreign[0]);
	for (size_t i = 0; i < count; i++)
		if (is_own ? !strcmp(all[i].name, name + n) : xml_is(name, all[i].name))
			return &all[i];
	return NULL;
}

static void walk_start(struct xml *x, const char *name, const char **attributes)
{
	struct docx *d = x->self;
	if (!d->prefix) {
		const char *colon = strchr(name, ':');
		d->prefix = arena_string_n(d->sheet.arena, name, colon ? (size_t)(colon - name) + 1 : 0);
		if (!xml_is(name, "document"))
			xml_stop(x, sheet_fail(&d->sheet, ERR_DOCUMENT_FORMAT, 0, 0, NULL));
		return;
	}
	const struct element *e = d->skip ? NULL : element_of(d, name);
	int r = e ? e->start(d, x, attributes) : 0;
	if (r < 0)
		xml_stop(x, r);
}

/* The depth is that of the element around it by now. */
static void walk_end(struct xml *x, const char *name)
{
	struct docx *d = x->self;
	if (d->skip) {
		d->skip = x->depth < d->skip ? 0 : d->skip;
		return;
	}
	const struct element *e = element_of(d, name);
	int r = e && e->end ? e->end(d) : 0;
	if (r < 0)
		xml_stop(x, r);
}

static void walk_characters(struct xml *x, const char *p, int n)
{
	struct docx *d = x->self;
	struct docx_flow *f = flow_of(d);
	if (d->skip || n <= 0)
		return;
	if (f->into == INTO_WORDS)
		say(d, p, (size_t)n);
	else if (f->into == INTO_INSTRUCTION && d->instruction.n + (size_t)n < INSTRUCTION)
		text_append_n(&d->instruction, p, (size_t)n);
}

int docx_walk(struct docx *d)
{
	struct xml x = { .sheet = &d->sheet, .self = d, .start = walk_start, .end = walk_end, .characters = walk_characters };
	d->flows[0].out = d->flows[0].late = text_in(d->sheet.arena);
	d->instruction = text_in(d->sheet.arena);
	paragraph_begin(d);
	TRY(xml_read_part(&x, d->package, d->path));
	return paragraph_end(d);
}
