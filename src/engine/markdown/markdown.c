/* cmark reads and writes; between the two, whatever could act is taken out of the tree. */
#include "engine/markdown/markdown.h"

#include <cmark.h>
#include <string.h>
#include <strings.h>

enum { HEADING_LOWEST = 6 };
#define FILE_SCHEME "file:"

static const char *const schemes[] = { "https://", "http://", "mailto:", "tel:" };

/* "/help/…" and "#…" stay on this site; "//elsewhere" and "\\elsewhere" do not, whatever a browser makes of them. */
static bool url_is_safe(const char *url)
{
	for (const char *p = url; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == '\\')
			return false;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (!strncasecmp(url, schemes[i], strlen(schemes[i])))
			return true;
	return url[0] == '#' || (url[0] == '/' && url[1] != '/');
}

/* The children take its place. */
static void unwrap(cmark_node *node)
{
	cmark_node *child;
	while ((child = cmark_node_first_child(node)))
		cmark_node_insert_before(node, child);
	cmark_node_unlink(node);
	cmark_node_free(node);
}

static void replace(cmark_node *node, cmark_node *with)
{
	cmark_node_replace(node, with);
	cmark_node_free(node);
}

static cmark_node *words(const char *literal)
{
	cmark_node *text = cmark_node_new(CMARK_NODE_TEXT);
	cmark_node_set_literal(text, literal);
	return text;
}

static void show_html(struct arena *a, cmark_node *node, bool is_block)
{
	const char *literal = cmark_node_get_literal(node);
	size_t n = strlen(literal) - (is_block && *literal ? 1 : 0);    /* a block ends with its line */
	cmark_node *text = words(arena_string_n(a, literal, n)), *paragraph;
	if (is_block) {
		paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
		cmark_node_append_child(paragraph, text);
		text = paragraph;
	}
	replace(node, text);
}

/* Files -------------------------------------------------------------------------------------------------------------------- */

static bool find_file(const struct markdown_options *o, const char *url, struct markdown_file *out)
{
	*out = (struct markdown_file){ 0 };
	return o->file && url && !strncmp(url, FILE_SCHEME, strlen(FILE_SCHEME)) && o->file(o->arg, url + strlen(FILE_SCHEME), out);
}

/* What stands between the brackets, without marks. */
static const char *words_in(struct arena *a, cmark_node *node)
{
	struct text t = text_in(a);
	for (cmark_node *child = cmark_node_first_child(node); child; child = cmark_node_next(child)) {
		const char *literal = cmark_node_get_literal(child);
		text_append(&t, literal ? literal : words_in(a, child));
	}
	return text_end(&t);
}

static void attribute(struct text *t, const char *name, const char *value)
{
	text_format(t, " %s=\"", name);
	html_text(t, value);
	text_char(t, '"');
}

static const char *size_text(struct arena *a, int64_t size)
{
	double kb = (double)size / 1024;
	return kb < 1024 ? arena_format(a, "%.1f KB", kb) : arena_format(a, "%.1f MB", kb / 1024);
}

static void write_video(struct text *t, const struct markdown_file *f, const char *said, const struct markdown_file *poster)
{
	text_append(t, "<video controls playsinline preload=\"metadata\"");
	attribute(t, "src", f->url);
	if (poster->url && poster->as == MARKDOWN_PICTURE)
		attribute(t, "poster", poster->url);
	attribute(t, "aria-label", said);
	text_append(t, "></video>");
}

static void write_file(struct arena *a, struct text *t, const struct markdown_file *f, const char *said)
{
	const char *name = f->name ? f->name : "";
	text_append(t, "<a class=\"file\" download");
	attribute(t, "href", f->url);
	text_append(t, "><span>");
	html_text(t, *said ? said : name);
	text_append(t, "</span> <small>");
	if (*said && *name && strcmp(said, name) != 0) {
		html_text(t, name);
		text_append(t, " · ");
	}
	text_append(t, size_text(a, f->size));
	text_append(t, "</small></a>");
}

/* A player or a link inside of a link would be none. */
static bool in_link(cmark_node *node)
{
	while ((node = cmark_node_parent(node)))
		if (cmark_node_get_type(node) == CMARK_NODE_LINK)
			return true;
	return false;
}

static void place_file(struct arena *a, cmark_node *node, const struct markdown_options *o)
{
	struct markdown_file f, poster;
	if (!find_file(o, cmark_node_get_url(node), &f) || (f.as != MARKDOWN_PICTURE && in_link(node)))
		return unwrap(node);
	find_file(o, cmark_node_get_title(node), &poster);
	if (f.as == MARKDOWN_PICTURE) {
		cmark_node_set_url(node, f.url);
		return;
	}
	struct text t = text_in(a);
	if (f.as == MARKDOWN_VIDEO)
		write_video(&t, &f, words_in(a, node), &poster);
	else
		write_file(a, &t, &f, words_in(a, node));
	cmark_node *made = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
	cmark_node_set_on_enter(made, text_end(&t));
	replace(node, made);
}

/* The tree ------------------------------------------------------------------------------------------------------------------ */

static void make_safe(struct arena *a, cmark_node *node, const struct markdown_options *o)
{
	int level;
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HTML_BLOCK:   show_html(a, node, true); break;
	case CMARK_NODE_HTML_INLINE:  show_html(a, node, false); break;
	case CMARK_NODE_IMAGE:        place_file(a, node, o); break;
	case CMARK_NODE_LINK:
		if (!url_is_safe(cmark_node_get_url(node)))
			unwrap(node);
		break;
	case CMARK_NODE_HEADING:
		level = cmark_node_get_heading_level(node) + o->heading - 1;
		cmark_node_set_heading_level(node, level < HEADING_LOWEST ? level : HEADING_LOWEST);
		break;
	default: break;
	}
}

/* A node is left before it is changed, so the walk never stands on what is gone: its children have been seen by then. */
static void walk(struct arena *a, cmark_node *root, const struct markdown_options *o)
{
	cmark_iter *iter = cmark_iter_new(root);
	cmark_node *done = NULL;
	for (cmark_event_type e = cmark_iter_next(iter); e != CMARK_EVENT_DONE; e = cmark_iter_next(iter)) {
		if (done)
			make_safe(a, done, o);
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		bool is_leaf = type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE;
		done = e == CMARK_EVENT_EXIT || is_leaf ? node : NULL;
	}
	cmark_iter_free(iter);
}

/* "1. " or "- ": how many bytes, 0 for none. */
static size_t item_mark(const char *line)
{
	size_t n = strspn(line, "0123456789");
	if (n ? n <= 9 && strchr(".)", line[n]) && line[n] : *line && strchr("-*+", *line))
		return line[n + 1] == ' ' ? n + 2 : 0;
	return 0;
}

/* Who writes steps and a sentence on the next line means a sentence of its own, not more of the last step. */
static const char *with_blanks(struct arena *a, const char *text)
{
	struct text t = text_in(a);
	bool after_item = false;
	while (*text) {
		size_t n = strcspn(text, "\n");
		bool blank = strspn(text, " \t\r") >= n, item = item_mark(text) > 0;
		if (after_item && !item && !blank && *text != ' ' && *text != '\t')
			text_char(&t, '\n');
		after_item = item || (after_item && !blank && (*text == ' ' || *text == '\t'));
		text_append_n(&t, text, n);
		text_char(&t, '\n');
		text += n + (text[n] == '\n');
	}
	return text_end(&t);
}

const char *markdown_html(struct arena *a, const char *text, const struct markdown_options *o)
{
	enum { HOW = CMARK_OPT_HARDBREAKS | CMARK_OPT_VALIDATE_UTF8 };
	const char *lines = with_blanks(a, text);
	cmark_node *root = cmark_parse_document(lines, strlen(lines), HOW);
	walk(a, root, o);
	char *html = cmark_render_html(root, HOW);
	const char *out = arena_string(a, html);
	cmark_get_default_mem_allocator()->free(html);
	cmark_node_free(root);
	return out;
}

void html_text(struct text *t, const char *s)
{
	for (const char *p = s ? s : ""; *p;) {
		size_t n = strcspn(p, "<>&\"'");
		text_append_n(t, p, n);
		p += n;
		switch (*p) {
		case '<':  text_append(t, "&lt;"); break;
		case '>':  text_append(t, "&gt;"); break;
		case '&':  text_append(t, "&amp;"); break;
		case '"':  text_append(t, "&quot;"); break;
		case '\'': text_append(t, "&#39;"); break;
		default:   return;
		}
		p++;
	}
}
