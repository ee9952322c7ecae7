/* Reading by expat and yyjson, writing by hand. */
#include "channel/wechat/wechat_fields.h"

#include <string.h>

#include <expat.h>
#include <yyjson.h>

#include "base/text.h"

struct reading {
	struct arena *arena;
	XML_Parser parser;
	struct wechat_fields *out;
	struct text path, value;
	size_t ends[WECHAT_DEPTH_MOST + 1];     /* of the path, by depth */
	size_t depth, elements, entries;        /* entries: of a list (WECHAT_LIST) so far */
	bool has_children, is_bad;
};

static int add(struct wechat_fields *f, const char *name, const char *value)
{
	if (f->n == WECHAT_FIELDS_MOST)
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->at[i].name, name))
			return ERR_BAD_REQUEST;
	f->at[f->n++] = (struct wechat_field){ name, value };
	return 0;
}

/* XML ---------------------------------------------------------------------------------------------------------------- */

static void stop(struct reading *r)
{
	r->is_bad = true;
	XML_StopParser(r->parser, XML_FALSE);
}

static void no_document_type(void *arg, const char *name, const char *system, const char *public, int internal)
{
	stop(arg);
}

static void begins(void *arg, const char *name, const char **attributes)
{
	struct reading *r = arg;
	if (r->depth > WECHAT_DEPTH_MOST - 1 || ++r->elements > WECHAT_FIELDS_MOST)
		return stop(r);
	if (r->depth > 0)
		text_format(&r->path, "%s%s", r->path.n ? "." : "", name);
	if (r->depth > 0 && !strcmp(name, WECHAT_LIST) && ++r->entries > 1)
		text_format(&r->path, ".%zu", r->entries);
	r->ends[++r->depth] = r->path.n;
	r->value = text_in(r->arena);
	r->has_children = false;
}

static void says(void *arg, const char *text, int n)
{
	struct reading *r = arg;
	text_append_n(&r->value, text, (size_t)n);
}

/* Lists of pictures (SendPicsInfo.PicList.item) keep their first entry. */
static bool is_list_entry(const char *path)
{
	return strstr(path, ".item.") || (strlen(path) > 5 && !strcmp(path + strlen(path) - 5, ".item"));
}

static void ends(void *arg, const char *name)
{
	struct reading *r = arg;
	if (r->is_bad)
		return;
	const char *path = arena_string_n(r->arena, r->path.n ? r->path.p : "", r->path.n);
	bool is_leaf = !r->has_children && r->depth > 1;
	if (is_leaf && add(r->out, path, text_end(&r->value)) < 0 && !is_list_entry(path))
		return stop(r);
	r->has_children = true;
	r->depth--;
	r->path.n = r->ends[r->depth];
	if (r->path.p)
		r->path.p[r->path.n] = 0;
}

static int read_xml(struct arena *a, const char *text, size_t n, struct wechat_fields *out)
{
	struct reading r = { .arena = a, .out = out, .path = text_in(a), .value = text_in(a) };
	r.parser = XML_ParserCreate("UTF-8");
	if (!r.parser)
		return ERR_NO_MEMORY;
	XML_SetUserData(r.parser, &r);
	XML_SetStartDoctypeDeclHandler(r.parser, no_document_type);
	XML_SetElementHandler(r.parser, begins, ends);
	XML_SetCharacterDataHandler(r.parser, says);
	bool good = XML_Parse(r.parser, text, (int)n, XML_TRUE) == XML_STATUS_OK && !r.is_bad;
	XML_ParserFree(r.parser);
	return good ? 0 : ERR_BAD_REQUEST;
}

/* JSON --------------------------------------------------------------------------------------------------------------- */

static const char *value_of(struct arena *a, yyjson_val *v)
{
	if (yyjson_is_str(v))
		return arena_string_n(a, yyjson_get_str(v), yyjson_get_len(v));
	if (yyjson_is_sint(v))
		return arena_format(a, "%lld", (long long)yyjson_get_sint(v));
	if (yyjson_is_uint(v))
		return arena_format(a, "%llu", (unsigned long long)yyjson_get_uint(v));
	if (yyjson_is_real(v))
		return arena_format(a, "%.7g", yyjson_get_real(v));
	return yyjson_is_bool(v) ? (yyjson_get_bool(v) ? "true" : "false") : "";
}

static bool is_entries(const char *path)
{
	const char *last = strrchr(path, '.');
	return !strcmp(last ? last + 1 : path, WECHAT_LIST);
}

static int walk(struct arena *a, yyjson_val *v, const char *path, size_t depth, struct wechat_fields *out)
{
	size_t i, most;
	yyjson_val *name, *value;
	if (depth > WECHAT_DEPTH_MOST)
		return ERR_BAD_REQUEST;
	if (yyjson_is_arr(v)) {
		bool is_list = is_entries(path);
		yyjson_arr_foreach(v, i, most, value)
			if (i == 0 || is_list)
				TRY(walk(a, value, i ? arena_format(a, "%s.%zu", path, i + 1) : path, depth + 1, out));
		return 0;
	}
	if (!yyjson_is_obj(v))
		return add(out, path, value_of(a, v));
	yyjson_obj_foreach(v, i, most, name, value)
		TRY(walk(a, value, arena_format(a, "%s%s%.*s", path, *path ? "." : "", (int)yyjson_get_len(name), yyjson_get_str(name)), depth + 1, out));
	return 0;
}

static int read_json(struct arena *a, const char *text, size_t n, struct wechat_fields *out)
{
	yyjson_doc *doc = yyjson_read(text, n, YYJSON_READ_NOFLAG);
	int r = doc && yyjson_is_obj(yyjson_doc_get_root(doc)) ? walk(a, yyjson_doc_get_root(doc), "", 0, out) : ERR_BAD_REQUEST;
	yyjson_doc_free(doc);
	return r;
}

/* Either ------------------------------------------------------------------------------------------------------------- */

int wechat_fields_read(struct arena *a, const char *text, size_t n, struct wechat_fields *out)
{
	size_t blank = 0;
	*out = (struct wechat_fields){ ARENA_ARRAY(a, struct wechat_field, WECHAT_FIELDS_MOST), 0 };
	if (n > WECHAT_DELIVERY_MOST)
		return ERR_BAD_REQUEST;
	while (blank < n && strchr(" \t\r\n", text[blank]) && text[blank])
		blank++;
	TRY(blank < n && text[blank] == '{' ? read_json(a, text, n, out) : read_xml(a, text, n, out));
	for (size_t i = 0; i < out->n; i++)
		if (!utf8_is_text(out->at[i].value, strlen(out->at[i].value)))
			return ERR_BAD_REQUEST;
	return 0;
}

const char *wechat_field(const struct wechat_fields *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->at[i].name, name))
			return f->at[i].value;
	return "";
}

/* "]]>" ends a CDATA: it is cut in two. */
static void write_value(struct text *t, const char *value)
{
	const char *end;
	text_append(t, "<![CDATA[");
	for (; (end = strstr(value, "]]>")); value = end + 2) {
		text_append_n(t, value, (size_t)(end - value) + 2);
		text_append(t, "]]><![CDATA[");
	}
	text_append(t, value);
	text_append(t, "]]>");
}

const char *wechat_xml(struct arena *a, const struct wechat_field *fields, size_t n)
{
	struct text t = text_in(a);
	text_append(&t, "<xml>");
	for (size_t i = 0; i < n; i++) {
		text_format(&t, "<%s>", fields[i].name);
		write_value(&t, fields[i].value);
		text_format(&t, "</%s>", fields[i].name);
	}
	text_append(&t, "</xml>");
	return text_end(&t);
}
