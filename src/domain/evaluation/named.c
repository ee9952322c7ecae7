/* What names an article: texts that people send by hand or that are sent by themselves, moves of a flow, greetings, other articles. Each of them would lead readers
 * nowhere once the article is gone. */
#include <ctype.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "domain/evaluation/evaluation_private.h"
#include "gen/evaluation_sql.h"

enum { NAMED_MOST = 50 };

/* Other articles speak of codes that are not theirs (what a display shows): there only an address counts. */
enum naming { BY_ADDRESS, BY_CODE };

static bool in_code(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_' || ch == '-';
}

/* A code without digit or dash is a word like others. */
static bool tells_by_itself(const char *code)
{
	return strpbrk(code, "0123456789-_") != NULL;
}

static bool names(const char *text, const char *code, enum naming how)
{
	static const char *const addresses[] = { "/help/article/", "/knowledge/" };
	size_t n = strlen(code);
	for (const char *p = text; p && (p = strstr(p, code)); p++) {
		if (in_code(p[n]) || (p > text && in_code(p[-1])))
			continue;
		if (how == BY_CODE && tells_by_itself(code))
			return true;
		for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
			size_t before = strlen(addresses[i]);
			if ((size_t)(p - text) >= before && !strncmp(p - before, addresses[i], before))
				return true;
		}
	}
	return false;
}

static void write_one(struct text *t, size_t *shown, const char *kind, const char *id, const char *zh, const char *en)
{
	text_format(t, "%s{\"kind\":\"%s\",\"id\":", (*shown)++ ? "," : "", kind);
	json_text(t, id);
	text_append(t, ",\"name\":");
	json_label(t, zh, text_empty(en) ? zh : en);
	text_char(t, '}');
}

static int write_rows(struct ctx *c, const char *code, size_t *shown, struct text *t)
{
	struct names_article_row *rows;
	size_t n;
	TRY(names_article(c, arena_format(c->arena, "%%%s%%", code), c->auth->user_id, &rows, &n));
	for (size_t i = 0; i < n && *shown < NAMED_MOST; i++)
		if (may(c, arena_format(c->arena, "%s.read", rows[i].kind)) && names(rows[i].words, code, BY_CODE))
			write_one(t, shown, rows[i].kind, arena_format(c->arena, "%lld", (long long)rows[i].id), rows[i].name, rows[i].name_en);
	return 0;
}

static bool entry_names(struct ctx *c, const struct article_entry *e, const char *code)
{
	const char *const texts[] = { e->body.zh, e->body.en, e->cause.zh, e->cause.en, e->tree ? json_value(c->arena, e->tree) : NULL };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (names(texts[i], code, BY_ADDRESS))
			return true;
	return false;
}

int named_in(struct ctx *c, const char *code, const char **out)
{
	const struct knowledge *k;
	struct text t = text_in(c->arena);
	size_t shown = 0, n;
	TRY(knowledge_of(c, &k));
	text_append(&t, "{\"items\":[");
	TRY(write_rows(c, code, &shown, &t));
	const struct article_entry *all = knowledge_all(k, &n);
	for (size_t i = 0; i < n && shown < NAMED_MOST; i++)
		if (strcmp(all[i].code, code) != 0 && entry_names(c, &all[i], code))
			write_one(&t, &shown, "article", all[i].code, all[i].title.zh, all[i].title.en);
	text_append(&t, "]}");
	*out = text_end(&t);
	return 0;
}
