/* styles.xml: what a style makes of a paragraph or a run. Programs of every language write "heading 1" for their own heading; some write "标题 1". */
#include "engine/document/docx_private.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STYLES = 10000, BASED = 16, NAME = 40 };

struct reading {
	struct sheet *sheet;
	struct docx_style *at, *now;
	size_t n, room;
	bool applies;                   /* to paragraphs or runs */
};

static const struct docx_style unsaid = { .heading = UNSET, .numbering = UNSET, .level = UNSET, .bold = UNSET, .italic = UNSET, .hidden = UNSET };

bool docx_word_is(const char *value)
{
	return !value || !strcmp(value, "1") || !strcmp(value, "true") || !strcmp(value, "on");
}

int docx_number(const char *value)
{
	long n = value ? strtol(value, NULL, 10) : UNSET;
	return n >= 0 && n < INT_MAX ? (int)n : UNSET;
}

/* "Heading 1" → "heading1" */
static void normal_name(const char *name, char out[NAME])
{
	size_t n = 0;
	for (const char *p = name; *p && n < NAME - 1; p++)
		if (*p != ' ' && *p != '_' && *p != '-')
			out[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p | 32) : *p;
	out[n] = 0;
}

/* What a name says by itself. */
static void name_says(const char *name, struct docx_style *s)
{
	static const char *const headings[] = { "heading", "标题" };
	static const struct {
		const char *name;
		enum docx_role role;
	} roles[] = { { "title", ROLE_TITLE }, { "标题", ROLE_TITLE }, { "tocheading", ROLE_CONTENTS }, { "toc标题", ROLE_CONTENTS }, { "placeholdertext", ROLE_PLACEHOLDER }, { "占位符文本", ROLE_PLACEHOLDER } };
	char plain[NAME];
	normal_name(name, plain);
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (!strcmp(plain, roles[i].name))
			s->role = roles[i].role;
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++) {
		const char *rest = plain + strlen(headings[i]);
		if (!strncmp(plain, headings[i], strlen(headings[i])) && rest[0] >= '1' && rest[0] <= '9' && !rest[1] && s->heading == UNSET)
			s->heading = rest[0] - '0';
	}
	if ((!strncmp(plain, "toc", 3) && plain[3] >= '1' && plain[3] <= '9') || !strncmp(plain, "目录", strlen("目录")))
		s->role = ROLE_CONTENTS;
}

static void begin_style(struct reading *r, struct xml *x, const char **attributes)
{
	const char *id = xml_attribute(attributes, "styleId"), *type = xml_attribute(attributes, "type");
	r->applies = id && (!type || !strcmp(type, "paragraph") || !strcmp(type, "character"));
	if (!r->applies)
		return;
	if (r->n == MOST_STYLES) {
		xml_stop(x, sheet_over(x->sheet, 0, 0, "styles", MOST_STYLES));
		r->applies = false;
		return;
	}
	ARENA_GROW(r->sheet->arena, r->at, r->n, r->room);
	r->now = &r->at[r->n++];
	*r->now = unsaid;
	r->now->id = arena_string(r->sheet->arena, id);
}

static void style_start(struct xml *x, const char *name, const char **attributes)
{
	struct reading *r = x->self;
	const char *value = xml_attribute(attributes, "val");
	if (xml_is(name, "style"))
		begin_style(r, x, attributes);
	struct docx_style *s = r->now;
	if (!r->applies || !s)
		return;
	int number = docx_number(value);
	if (xml_is(name, "name") && value)
		name_says(value, s);
	else if (xml_is(name, "basedOn") && value)
		s->based_on = arena_string(r->sheet->arena, value);
	else if (xml_is(name, "outlineLvl") && value)
		s->heading = number >= 0 && number < LEVELS ? number + 1 : 0;
	else if (xml_is(name, "numId") && value)
		s->numbering = number;
	else if (xml_is(name, "ilvl") && value)
		s->level = number;
	else if (xml_is(name, "b"))
		s->bold = docx_word_is(value);
	else if (xml_is(name, "i"))
		s->italic = docx_word_is(value);
	else if (xml_is(name, "vanish"))
		s->hidden = docx_word_is(value);
}

static void style_end(struct xml *x, const char *name)
{
	struct reading *r = x->self;
	if (xml_is(name, "style"))
		r->applies = false;
}

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct docx_style *)a)->id, ((const struct docx_style *)b)->id);
}

static struct docx_style *find(const struct docx_styles *all, const char *id)
{
	const struct docx_style key = { .id = id };
	return all->n && id ? bsearch(&key, all->at, all->n, sizeof(key), by_id) : NULL;
}

/* What it does not say itself, those say that it is based on; a circle ends. */
static struct docx_style resolved(const struct docx_styles *all, const struct docx_style *s)
{
	struct docx_style out = *s;
	const struct docx_style *from = s;
	for (int i = 0; i < BASED && (from = find(all, from->based_on)); i++) {
#define TAKE(field) (out.field = out.field == UNSET ? from->field : out.field)
		TAKE(heading), TAKE(numbering), TAKE(level), TAKE(bold), TAKE(italic), TAKE(hidden);
#undef TAKE
	}
	return out;
}

int styles_read(struct sheet *s, struct package *p, const char *path, struct docx_styles *out)
{
	struct reading r = { .sheet = s };
	struct xml x = { .sheet = s, .self = &r, .start = style_start, .end = style_end };
	TRY(xml_read_part(&x, p, path));
	if (r.n)
		qsort(r.at, r.n, sizeof(*r.at), by_id);
	const struct docx_styles said = { r.at, r.n };
	*out = (struct docx_styles){ ARENA_ARRAY(s->arena, struct docx_style, r.n + 1), r.n };
	for (size_t i = 0; i < r.n; i++)
		out->at[i] = resolved(&said, &r.at[i]);
	return 0;
}

const struct docx_style *style_of(const struct docx_styles *all, const char *id)
{
	static const struct docx_style headings[LEVELS] = {
#define HEADING(n) { .heading = n, .numbering = UNSET, .level = UNSET, .bold = UNSET, .italic = UNSET, .hidden = UNSET }
		HEADING(1), HEADING(2), HEADING(3), HEADING(4), HEADING(5), HEADING(6), HEADING(7), HEADING(8), HEADING(9),
#undef HEADING
	};
	static const struct docx_style title = { .role = ROLE_TITLE, .heading = UNSET, .numbering = UNSET, .level = UNSET, .bold = UNSET, .italic = UNSET, .hidden = UNSET };
	const struct docx_style *found = find(all, id);
	struct docx_style by_name = unsaid;
	if (found || !id)
		return found ? found : &unsaid;
	name_says(id, &by_name);
	return by_name.heading > 0 ? &headings[by_name.heading - 1] : by_name.role == ROLE_TITLE ? &title : &unsaid;
}
