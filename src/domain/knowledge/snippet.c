/* Snippets: words that a company keeps once and places in articles and steps of fault trees by name, "{{snippet.服务电话}}". They are put in where a company's
 * knowledge is compiled, so that every reader has them: help centre, bot, search, desk. One that stands somewhere cannot be put away. */
#include "domain/knowledge/snippet.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/services.h"
#include "domain/knowledge/knowledge_private.h"
#include "gen/knowledge_sql.h"

#define MARK "{{snippet."
#define END "}}"
enum { NAME_MOST = 40, TEXT_MOST = 1000, USERS_TOLD = 3 };

static const struct field fields[] = {
	CODE(snippet, name,    L("名称", "Name"), .required = true, .unique = true, .fixed = true, .search = true, .sort = true, .most = NAME_MOST),
	TEXT(snippet, text_zh, L("中文内容", "Chinese text"), .required = true, .search = true, .hidden = true, .most = TEXT_MOST),
	TEXT(snippet, text_en, L("英文内容", "English text"), .search = true, .hidden = true, .most = TEXT_MOST),
};

/* Marks --------------------------------------------------------------------------------------------------------------------- */

/* The next mark from p on, its name, and behind it; NULL: there is none. One that does not end has all that follows for its name. */
static const char *next_mark(struct arena *a, const char *p, const char **begin, const char **name)
{
	*begin = p ? strstr(p, MARK) : NULL;
	if (!*begin)
		return NULL;
	const char *from = *begin + strlen(MARK), *end = strstr(from, END);
	*name = arena_string_n(a, from, end ? (size_t)(end - from) : utf8_prefix(from, NAME_MOST + 1));
	return end ? end + strlen(END) : from + strlen(from);
}

static bool stands_in(struct arena *a, const char *text, const char *name)
{
	const char *begin, *found;
	for (const char *p = text; (p = next_mark(a, p, &begin, &found));)
		if (!strcmp(found, name))
			return true;
	return false;
}

/* Putting in ------------------------------------------------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct snippet_said *)a)->name, ((const struct snippet_said *)b)->name);
}

int snippets_read(struct ctx *c, struct arena *a, struct snippets *out)
{
	struct knowledge_snippets_row *rows;
	TRY(knowledge_snippets(c, &rows, &out->n));
	struct snippet_said *at = ARENA_ARRAY(a, struct snippet_said, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		at[i] = (struct snippet_said){ arena_string(a, rows[i].name), { arena_string(a, rows[i].text_zh), arena_string(a, rows[i].text_en) } };
	qsort(at, out->n, sizeof(*at), by_name);
	out->at = at;
	return 0;
}

static const struct snippet_said *said_by(const struct snippets *s, const char *name)
{
	const struct snippet_said key = { .name = name };
	return s->n ? bsearch(&key, s->at, s->n, sizeof(key), by_name) : NULL;
}

const char *snippet_fill(struct arena *a, const struct snippets *s, const char *text, enum lang lang)
{
	struct text t = text_in(a);
	const char *p = text, *end, *begin, *name;
	for (; (end = next_mark(a, p, &begin, &name)); p = end) {
		const struct snippet_said *found = said_by(s, name);
		text_append_n(&t, p, (size_t)(begin - p));
		text_append(&t, found ? label_text(&found->text, lang) : "");
	}
	text_append(&t, p ? p : "");
	return text_end(&t);
}

void snippet_fill_tree(struct arena *a, const struct snippets *s, yyjson_val *v)
{
	yyjson_val *key, *value;
	size_t i, n;
	yyjson_arr_foreach(v, i, n, value)
		snippet_fill_tree(a, s, value);
	yyjson_obj_foreach(v, i, n, key, value) {
		const char *text = yyjson_get_str(value);
		if (!text)
			snippet_fill_tree(a, s, value);
		else if (strstr(text, MARK))
			yyjson_set_str(value, snippet_fill(a, s, text, yyjson_equals_str(key, "en") ? LANG_EN : LANG_ZH));
	}
}

/* Checks ---------------------------------------------------------------------------------------------------------------------- */

void snippets_check(struct ctx *c, const struct snippets *s, const char *field, const char *text)
{
	const char *begin, *name;
	for (const char *p = text; (p = next_mark(c->arena, p, &begin, &name));)
		if (!said_by(s, name))
			fail_field(c, field, ERR_SNIPPET_UNKNOWN, name);
}

static int check_unused(struct ctx *c, const struct snippet *s)
{
	struct snippet_users_row *rows;
	struct text t = text_in(c->arena);
	size_t n, told = 0;
	TRY(snippet_users(c, &rows, &n));
	for (size_t i = 0; i < n; i++)
		if (stands_in(c->arena, rows[i].words, s->name) && ++told <= USERS_TOLD)
			text_format(&t, "%s%s", told > 1 ? "、" : "", rows[i].code);
	if (told > USERS_TOLD)
		text_append(&t, "…");
	return told ? fail(c, ERR_SNIPPET_USED, text_end(&t)) : 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct snippet *was = old;
	struct snippet *s = row;
	const char *const texts[] = { s->text_zh, s->text_en };
	if (!text_empty(s->name) && strpbrk(s->name, "{}|\"\\\n"))
		fail_field(c, "name", ERR_FIELD_INVALID, "：{ } | \" \\");
	for (size_t i = 0; i < 2; i++)
		if (texts[i] && (strstr(texts[i], "{{") || strstr(texts[i], "](file:")))
			fail_field(c, i ? "text_en" : "text_zh", ERR_SNIPPET_PLAIN, NULL);
	return was && s->archived_at && !was->archived_at ? check_unused(c, s) : c->error->code;
}

static int after(struct ctx *c, const void *old, const void *row)
{
	return knowledge_changed(c);
}

static int gone(struct ctx *c, const void *row)
{
	return knowledge_changed(c);
}

const struct record snippet_record = {
	.name = "snippet", .label = L("文字片段", "Snippet"), .plural = "Snippets", .table = &table_snippet, FIELDS(fields), .title = { "name" }, .default_sort = "name",
	.before = before, .after = after, .gone = gone,
};

/* Where it stands --------------------------------------------------------------------------------------------------------------- */

static int use(struct ctx *c, const void *in, void *out)
{
	struct snippet s;
	struct snippet_users_row *rows;
	struct text t = text_in(c->arena);
	size_t n, shown = 0;
	TRY(record_get(c, &snippet_record, ((const struct id_in *)in)->id, &s));
	TRY(snippet_users(c, &rows, &n));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		if (!stands_in(c->arena, rows[i].words, s.name))
			continue;
		text_append(&t, shown++ ? ",{\"code\":" : "{\"code\":");
		json_text(&t, rows[i].code);
		text_append(&t, ",\"title\":");
		json_label(&t, rows[i].title_zh, rows[i].title_en);
		text_format(&t, ",\"state\":\"%s\"}", rows[i].state);
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route snippet_routes[] = {
	ROUTE(GET, "/api/v1/snippet/{id}/use", "snippet.read", POOL, .in = &id_shape, .out = &raw_shape, .run = use, .zh = "文字片段用在哪些文章里", .en = "In which articles a snippet stands"),
};
const size_t snippet_route_count = sizeof(snippet_routes) / sizeof(snippet_routes[0]);
