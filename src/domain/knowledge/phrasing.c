/* Phrasings as a record: how people ask for an article, the company's own ways and those of the pack that it wants no more. Counts of use. */
#include <string.h>

#include "core/services.h"
#include "domain/knowledge/knowledge_private.h"
#include "gen/knowledge_sql.h"

static const struct choice sources[] = { { "editor", "编辑", "Editor" }, { "mined", "来自会话", "From conversations" }, { "pack", "行业包", "Industry pack" }, { 0 } };

static const struct field fields[] = {
	CODE  (phrasing, article, L("文章编号", "Code of the article"), .required = true, .fixed = true, .index = true, .most = 40),
	CODE  (phrasing, text,    L("问法", "Phrasing"), .required = true, .personal = true, .search = true, .most = PHRASING_MOST),
	CHOICE(phrasing, source,  L("来源", "Source"), .of = sources, .initial = "editor", .fixed = true),
	FLAG  (phrasing, active,  L("启用", "Active"), .initial = "1"),
};

static int article_is_there(struct ctx *c, const struct pack *pack, const char *code, bool *there)
{
	struct article *rows;
	size_t n;
	*there = knowledge_pack_sum(pack, code) != NULL;
	if (*there)
		return 0;
	TRY(article_by_code(c, code, &rows, &n));
	*there = n && !rows[0].archived_at;
	return 0;
}

static bool same(struct ctx *c, const char *a, const char *b)
{
	return !strcmp(text_fold(c->arena, a), text_fold(c->arena, b));
}

/* Said already: by the pack, unless this row is there to switch that off, or by another row. */
static int said_already(struct ctx *c, const struct pack *pack, const struct phrasing *p, bool *said)
{
	const struct article_entry *e = knowledge_pack_entry(pack, p->article);
	struct phrasing *rows;
	size_t n;
	*said = false;
	for (size_t i = 0; e && i < e->phrasing_count && !text_equal(p->source, "pack"); i++)
		*said = *said || same(c, e->phrasings[i].text, p->text);
	TRY(phrasings_of_article(c, p->article, &rows, &n));
	for (size_t i = 0; i < n; i++)
		*said = *said || (rows[i].id != p->id && !rows[i].archived_at && same(c, rows[i].text, p->text));
	return 0;
}

static bool is_of_pack(const struct pack *pack, const struct phrasing *p)
{
	const struct article_entry *e = knowledge_pack_entry(pack, p->article);
	for (size_t i = 0; e && i < e->phrasing_count; i++)
		if (!strcmp(e->phrasings[i].text, p->text))
			return true;
	return false;
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct phrasing *was = old;
	struct phrasing *p = row;
	const struct pack *pack;
	bool there, said;
	if (text_empty(p->article) || text_empty(p->text))
		return 0;       /* reported as required */
	TRY(pack_of(c, &pack));
	TRY(article_is_there(c, pack, p->article, &there));
	if (!there && !was)
		fail_field(c, "article", ERR_FIELD_REFERENCE, NULL);
	if (text_equal(p->source, "pack") && (!was || !text_equal(was->text, p->text)) && !is_of_pack(pack, p))
		fail_field(c, "text", ERR_FIELD_REFERENCE, NULL);
	TRY(said_already(c, pack, p, &said));
	if (said)
		fail_field(c, "text", ERR_FIELD_TAKEN, p->text);
	return c->error->code;
}

static int after(struct ctx *c, const void *old, const void *row)
{
	return knowledge_changed(c);
}

static int gone(struct ctx *c, const void *row)
{
	return knowledge_changed(c);
}

const struct record phrasing_record = {
	.name = "phrasing", .label = L("问法", "Phrasing"), .plural = "Phrasings", .table = &table_phrasing, FIELDS(fields), .title = { "text" }, .before = before, .after = after, .gone = gone,
};

int phrasing_mined(struct ctx *c, const char *code, const char *text, int64_t *id)
{
	struct phrasing row = { .tenant = c->tenant, .id = new_id(c), .article = code, .text = text, .source = "mined", .active = 1 };
	const struct pack *pack;
	bool said;
	TRY(pack_of(c, &pack));
	TRY(said_already(c, pack, &row, &said));
	*id = said ? 0 : row.id;
	return said ? 0 : record_insert(c, &phrasing_record, &row);
}

int article_counted(struct ctx *c, const char *code, enum article_use what)
{
	const struct pack *pack;
	bool there;
	TRY(pack_of(c, &pack));
	TRY(article_is_there(c, pack, code, &there));
	return there ? article_count_up(c, code, what == ARTICLE_USED, what == ARTICLE_HELPFUL, what == ARTICLE_UNHELPFUL, NULL) : fail(c, ERR_NOT_FOUND, NULL);
}
