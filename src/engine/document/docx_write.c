/* Paragraphs as Markdown. Whatever the words hold stays words: each mark that Markdown knows is written so that it means itself. */
#include "engine/document/docx_private.h"

#include <string.h>
#include <unicode/uchar.h>

enum { HEADING_FIRST = 2, HEADING_LAST = 6, WORDS_MOST = 100 };

/* Flows ---------------------------------------------------------------------------------------------------------------------- */

void docx_again(struct docx *d, struct text *t)
{
	t->arena = d->sheet.arena;
	t->n = 0;
}

int docx_fits(struct docx *d, const struct text *t)
{
	return t->n > d->limits.text ? sheet_over(&d->sheet, 0, 0, "bytes of text", d->limits.text) : 0;
}

int flow_push(struct docx *d, enum flow_kind kind)
{
	if (d->flow + 1 >= NESTED)
		return sheet_over(&d->sheet, 0, 0, "nested parts", NESTED);
	if (kind == FLOW_BOX && flow_of(d)->kind == FLOW_CELL)
		kind = FLOW_CELL;
	struct docx_flow *f = &d->flows[++d->flow];
	f->kind = kind;
	f->link = NULL;
	f->into = INTO_NOTHING;
	f->in_list = false;
	docx_again(d, &f->out);
	docx_again(d, &f->late);
	paragraph_begin(d);
	return 0;
}

void flow_pop(struct docx *d)
{
	d->flow--;
}

int flow_append(struct docx *d, struct docx_flow *f, const char *block)
{
	if (!*block)
		return 0;
	text_append(&f->out, f->out.n ? "\n\n" : "");
	text_append(&f->out, block);
	f->in_list = false;
	return docx_fits(d, &f->out);
}

/* Gathering ------------------------------------------------------------------------------------------------------------------ */

void paragraph_begin(struct docx *d)
{
	struct docx_paragraph *p = &flow_of(d)->paragraph;
	docx_again(d, &p->words);
	p->n = 0;
	p->role = ROLE_TEXT;
	p->heading = p->numbering = p->level = 0;
	p->hidden = p->bold = p->italic = false;
	flow_of(d)->run = (struct docx_run){ UNSET, UNSET, UNSET, NULL };
}

static struct docx_span *add_span(struct docx *d, struct docx_paragraph *p)
{
	ARENA_GROW(d->sheet.arena, p->spans, p->n, p->room);
	p->spans[p->n] = (struct docx_span){ .at = p->words.n, .picture = UNSET };
	return &p->spans[p->n++];
}

static const char *link_now(const struct docx *d)
{
	const char *link = d->flows[d->flow].link;
	for (size_t i = 0; i < d->field_count && i < FIELDS && !link; i++)
		link = d->fields[i].link;
	return link;
}

void paragraph_words(struct docx *d, const char *words, size_t n, unsigned look)
{
	struct docx_paragraph *p = &flow_of(d)->paragraph;
	struct docx_span *s = p->n ? &p->spans[p->n - 1] : NULL;
	const char *link = link_now(d);
	if (!s || s->picture != UNSET || s->look != look || s->link != link) {
		s = add_span(d, p);
		s->look = look;
		s->link = link;
	}
	text_append_n(&p->words, words, n);
	s->n += n;
}

void paragraph_picture(struct docx *d, int number, const char *words)
{
	struct docx_paragraph *p = &flow_of(d)->paragraph;
	struct docx_span *s = add_span(d, p);
	if (words) {
		s->n = utf8_prefix(words, WORDS_MOST);
		text_append_n(&p->words, words, s->n);
	}
	s->picture = number;
}

/* Writing characters ----------------------------------------------------------------------------------------------------------- */

/* What is still to be written before the next character that shows. */
struct pen {
	struct text *t;
	const char *line_break;
	bool exact;                     /* marks of a list at the beginning mean themselves */
	bool start, digits;             /* of a line; of which there are only digits so far */
	bool space, line;
};

static bool is_space(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x3000;
}

/* Not seen, or no text may hold it. */
static bool is_nothing(uint32_t c)
{
	return !c || c == 0x7F || c == 0x200B || c == 0xFEFF;
}

/* As Markdown counts them: emphasis may neither begin nor end with one where letters stand beside it. */
static bool is_mark(uint32_t c)
{
	return c < 0x80 ? c > ' ' && !((c | 32) >= 'a' && (c | 32) <= 'z') && !(c >= '0' && c <= '9') : u_ispunct((UChar32)c);
}

static void settle(struct pen *p)
{
	if (p->line && !p->start) {
		text_append(p->t, p->line_break);
		p->start = p->digits = strchr(p->line_break, '\n') != NULL;
	} else if (p->space && !p->start) {
		text_char(p->t, ' ');
	}
	p->line = p->space = false;
}

static bool wants_escape(const struct pen *p, uint32_t c, const char *next, const char *end)
{
	if (c >= 0x80)
		return false;
	if (strchr("\\`*_[]<>", (int)c))
		return true;
	if (c == '(' && p->t->n && p->t->p[p->t->n - 1] == ']')
		return true;
	if (c == '&')
		return next < end && (*next == '#' || ((*next | 32) >= 'a' && (*next | 32) <= 'z'));
	if ((c == '.' || c == ')') && p->digits && !p->start)
		return p->exact;
	if (!p->start)
		return false;
	return strchr("#=~+", (int)c) || (c == '-' && (p->exact || next == end || *next != ' '));
}

static void put(struct pen *p, const char *s, size_t n)
{
	const char *end = s + n;
	while (s < end) {
		const char *from = s;
		uint32_t c = utf8_next(&s, end);
		if (is_space(c)) {
			p->line = p->line || c == '\n';
			p->space = true;
			continue;
		}
		if (is_nothing(c))
			continue;
		settle(p);
		if (wants_escape(p, c, s, end))
			text_char(p->t, '\\');
		text_append_n(p->t, from, (size_t)(s - from));
		p->digits = (p->start || p->digits) && c >= '0' && c <= '9';
		p->start = false;
	}
}

/* Bytes at the beginning, or the end, that no emphasis may hold. */
static size_t lead_of(const char *s, size_t n)
{
	const char *p = s, *end = s + n, *last = s;
	while (p < end) {
		uint32_t c = utf8_next(&p, end);
		if (!is_space(c) && !is_mark(c) && !is_nothing(c))
			return (size_t)(last - s);
		last = p;
	}
	return n;
}

static size_t core_end(const char *s, size_t n)
{
	const char *p = s, *end = s + n;
	size_t core = 0;
	while (p < end) {
		uint32_t c = utf8_next(&p, end);
		if (!is_space(c) && !is_mark(c) && !is_nothing(c))
			core = (size_t)(p - s);
	}
	return core;
}

static void put_look(struct pen *p, const char *s, size_t n, unsigned look)
{
	static const char *const marks[] = { "", "**", "*", "***" };
	size_t lead = look ? lead_of(s, n) : n, core = look ? core_end(s, n) : n;
	put(p, s, lead);
	if (lead == n)
		return;
	settle(p);
	text_append(p->t, marks[look]);
	p->start = p->digits = false;
	put(p, s + lead, core - lead);
	text_append(p->t, marks[look]);
	put(p, s + core, n - core);
}

/* Spans ------------------------------------------------------------------------------------------------------------------------ */

/* Bytes of space at the beginning. */
static size_t blank_lead(const char *s, size_t n)
{
	const char *p = s, *end = s + n, *last = s;
	while (p < end) {
		if (!is_space(utf8_next(&p, end)))
			return (size_t)(last - s);
		last = p;
	}
	return n;
}

static void put_picture(struct pen *p, const struct docx_paragraph *g, const struct docx_span *s)
{
	settle(p);
	text_append(p->t, "![");
	p->start = p->digits = false;
	put(p, g->words.p ? g->words.p + s->at : "", s->n);
	p->line = p->space = false;
	text_format(p->t, "](picture:%d)", s->picture);
}

/* "!" before it would make a picture of it. */
static void open_link(struct text *t)
{
	if (t->n && t->p[t->n - 1] == '!') {
		t->n--;
		text_append(t, "\\!");
	}
	text_char(t, '[');
}

static size_t put_link(struct pen *p, const struct docx_paragraph *g, size_t i, bool plain)
{
	const char *link = g->spans[i].link;
	size_t end = i, from = g->spans[i].at;
	while (end < g->n && g->spans[end].picture == UNSET && g->spans[end].link == link)
		end++;
	size_t n = g->spans[end - 1].at + g->spans[end - 1].n - from;
	size_t lead = link ? blank_lead(g->words.p + from, n) : 0;
	bool shows = link && lead < n;
	if (shows) {
		/* The space before it stays outside. */
		put(p, g->words.p + from, lead);
		settle(p);
		open_link(p->t);
		p->start = p->digits = false;
	}
	for (size_t k = i; k < end; k++) {
		size_t at = g->spans[k].at, to = at + g->spans[k].n, begin = shows && at < from + lead ? from + lead : at;
		if (begin < to)
			put_look(p, g->words.p + begin, to - begin, plain ? 0 : g->spans[k].look);
	}
	if (shows)
		text_format(p->t, "](<%s>)", link);
	return end;
}

static void put_spans(struct pen *p, const struct docx_paragraph *g, bool plain)
{
	for (size_t i = 0; i < g->n;) {
		if (g->spans[i].picture != UNSET)
			put_picture(p, g, &g->spans[i++]);
		else
			i = put_link(p, g, i, plain);
	}
}

/* Paragraphs ------------------------------------------------------------------------------------------------------------------- */

/* Words alone, without pictures. */
static const char *plain_words(struct docx *d, const struct docx_paragraph *g)
{
	struct text t = text_in(d->sheet.arena);
	for (size_t i = 0; i < g->n; i++) {
		if (g->spans[i].picture != UNSET)
			continue;
		const char *s = g->words.p + g->spans[i].at, *end = s + g->spans[i].n;
		while (s < end) {
			const char *from = s;
			uint32_t c = utf8_next(&s, end);
			if (!is_space(c) && !is_nothing(c))
				text_append_n(&t, from, (size_t)(s - from));
			else if (is_space(c) && t.n && t.p[t.n - 1] != ' ')
				text_char(&t, ' ');
		}
	}
	if (t.n && t.p[t.n - 1] == ' ')
		t.p[--t.n] = 0;
	return text_end(&t);
}

static const char *rendered(struct docx *d, const struct docx_paragraph *g, const char *line_break, bool exact, bool plain)
{
	struct text t = text_in(d->sheet.arena);
	struct pen pen = { .t = &t, .line_break = line_break, .exact = exact, .start = true };
	put_spans(&pen, g, plain);
	return text_end(&t);
}

static int write_item(struct docx *d, struct docx_flow *f, const struct docx_paragraph *g, const char *mark)
{
	size_t indent = 0;
	f->depth = f->in_list ? f->depth : 0;
	while (f->depth && f->item_levels[f->depth - 1] >= g->level)
		f->depth--;
	for (size_t i = 0; i < f->depth; i++)
		indent += f->widths[i];
	f->item_levels[f->depth] = g->level;
	f->widths[f->depth++] = strlen(mark);
	const char *line_break = arena_format(d->sheet.arena, "\\\n%*s", (int)(indent + strlen(mark)), "");
	text_append(&f->out, f->out.n ? f->in_list ? "\n" : "\n\n" : "");
	text_format(&f->out, "%*s%s", (int)indent, "", mark);
	text_append(&f->out, rendered(d, g, line_break, true, false));
	f->in_list = true;
	return docx_fits(d, &f->out);
}

static int write_in_cell(struct docx *d, struct docx_flow *f, const struct docx_paragraph *g, const char *mark)
{
	const char *shown = !strcmp(mark, "- ") ? "· " : mark;
	return flow_append(d, f, arena_format(d->sheet.arena, "%s%s", shown, rendered(d, g, " ", true, false)));
}

static int write_paragraph(struct docx *d, struct docx_flow *f, const struct docx_paragraph *g)
{
	char mark[MARK_ROOM] = "";
	int level = g->role == ROLE_TITLE ? 1 : g->heading;
	const char *words = level > 0 ? plain_words(d, g) : "";
	if (level == 1 && *words && !d->title && d->flow == 0) {
		d->title = words;
		return 0;
	}
	if (level > 0 && *words && f->kind != FLOW_CELL) {
		level = level < HEADING_FIRST ? HEADING_FIRST : level > HEADING_LAST ? HEADING_LAST : level;
		return flow_append(d, f, arena_format(d->sheet.arena, "%.*s %s", level, "######", rendered(d, g, " ", false, true)));
	}
	if (g->numbering > 0 && level <= 0)
		list_mark(&d->lists, g->numbering, g->level, mark);
	if (f->kind == FLOW_CELL)
		return write_in_cell(d, f, g, mark);
	return *mark ? write_item(d, f, g, mark) : flow_append(d, f, rendered(d, g, "\\\n", false, false));
}

static bool shows(const struct docx_paragraph *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->spans[i].picture != UNSET)
			return true;
	return g->words.n && blank_lead(g->words.p, g->words.n) < g->words.n;
}

int paragraph_end(struct docx *d)
{
	struct docx_flow *f = flow_of(d);
	int r = f->paragraph.role != ROLE_CONTENTS && shows(&f->paragraph) ? write_paragraph(d, f, &f->paragraph) : 0;
	paragraph_begin(d);
	if (r == 0 && f->late.n) {
		r = flow_append(d, f, text_end(&f->late));
		docx_again(d, &f->late);
	}
	return r;
}
