/* A company's knowledge: the pack's entries with what the company wrote laid over them, compiled into one sorted list. */
#include "domain/knowledge/knowledge.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_private.h"
#include "core/services.h"
#include "domain/knowledge/knowledge_private.h"
#include "gen/knowledge_sql.h"

/* Rows → entries ------------------------------------------------------------------------------------------------------------ */

static size_t index_of(const struct choice *choices, const char *value)
{
	size_t i = 0;
	while (choices[i].value && !text_equal(choices[i].value, value))
		i++;
	return choices[i].value ? i : 0;
}

static const char *const audiences[] = { [AUDIENCE_PUBLIC] = "public", [AUDIENCE_CUSTOMER] = "customer", [AUDIENCE_STAFF] = "staff" };

static enum article_audience audience_of(const char *word)
{
	for (int i = AUDIENCE_PUBLIC; i <= AUDIENCE_STAFF; i++)
		if (text_equal(audiences[i], word))
			return (enum article_audience)i;
	return AUDIENCE_STAFF;
}

static yyjson_val *parsed(struct arena *a, const char *json)
{
	yyjson_alc memory = json_memory_of(a);
	return yyjson_doc_get_root(yyjson_read_opts((char *)(uintptr_t)json, strlen(json), 0, &memory, NULL));
}

static struct label own_label(struct arena *a, const char *zh, const char *en)
{
	return (struct label){ arena_string(a, zh), arena_string(a, en) };
}

static struct label filled_label(struct knowledge *k, const char *zh, const char *en)
{
	return (struct label){ snippet_fill(k->base.arena, &k->snippets, zh, LANG_ZH), snippet_fill(k->base.arena, &k->snippets, en, LANG_EN) };
}

static void lay_words(struct knowledge *k, const struct article *row, int64_t today, struct article_entry *e)
{
	struct arena *a = k->base.arena;
	e->kind = (enum article_kind)index_of(article_kinds, row->kind);
	e->state = e->row_state;
	e->audience = audience_of(row->audience);
	e->product = arena_string(a, row->product);
	e->topic = arena_string(a, row->topic);
	e->fault_code = arena_string(a, row->fault_code);
	e->danger = arena_string(a, row->danger);
	e->act = arena_string(a, row->act);
	e->source = arena_string(a, row->source);
	e->models = article_names(a, parsed(a, row->models));
	e->see = article_names(a, parsed(a, row->see));
	e->title = own_label(a, row->title_zh, row->title_en);
	e->cause = filled_label(k, row->cause_zh, row->cause_en);
	e->body = filled_label(k, row->body_zh, row->body_en);
	e->tree = e->kind == ARTICLE_FAULT_TREE ? parsed(a, row->tree) : NULL;
	snippet_fill_tree(a, &k->snippets, (yyjson_val *)e->tree);
	e->review_on = row->review_on;
	e->expires_on = row->expires_on;
	e->expired = row->expires_on && row->expires_on < today;
	e->updated_at = row->updated_at;
	e->changed = e->of_pack;
}

/* A draft over an entry of the pack changes nothing yet. */
static void lay(struct knowledge *k, const struct article *row, int64_t today, struct article_entry *e)
{
	e->id = row->id;
	e->version = row->version;
	e->row_state = (enum article_state)index_of(article_states, row->state);
	bool in_force = e->row_state == ARTICLE_PUBLISHED || e->row_state == ARTICLE_RETIRED;
	if (in_force || !e->of_pack)
		lay_words(k, row, today, e);
}

/* Phrasings ------------------------------------------------------------------------------------------------------------------- */

/* rows: those of this entry. One of the pack's that the company has switched off is there once, off. */
static void add_phrasings(struct arena *a, const struct phrasing *rows, size_t n, struct article_entry *e)
{
	struct article_phrasing *all = ARENA_ARRAY(a, struct article_phrasing, e->phrasing_count + n);
	size_t count = e->phrasing_count;
	if (count)
		memcpy(all, e->phrasings, count * sizeof(*all));
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < e->phrasing_count && strcmp(all[k].text, rows[i].text) != 0)
			k++;
		if (k == e->phrasing_count)
			k = count++;
		if (!all[k].text)
			all[k].text = arena_string(a, rows[i].text);
		all[k].id = rows[i].id;
		all[k].off = !rows[i].active;
		all[k].mined = text_equal(rows[i].source, "mined");
	}
	e->phrasings = all;
	e->phrasing_count = count;
}

/* Both are sorted by code. */
static void add_all_phrasings(struct knowledge *k, const struct phrasing *rows, size_t n)
{
	for (size_t i = 0, from = 0; i < k->n && from < n; i++) {
		while (from < n && strcmp(rows[from].article, k->at[i].code) < 0)
			from++;
		size_t end = from;
		while (end < n && !strcmp(rows[end].article, k->at[i].code))
			end++;
		if (end > from)
			add_phrasings(k->base.arena, rows + from, end - from, &k->at[i]);
		from = end;
	}
}

/* What the company offers ------------------------------------------------------------------------------------------------------- */

static bool has_model(const struct knowledge_models_row *models, size_t n, const char *const *codes)
{
	for (; *codes; codes++)
		for (size_t i = 0; i < n; i++)
			if (!strcmp(models[i].code, *codes))
				return true;
	return false;
}

/* Codes of the pack are those of certain models: whoever makes others has other codes. */
static int mark_offered(struct ctx *c, struct knowledge *k)
{
	struct knowledge_products_row *products;
	struct knowledge_models_row *models;
	size_t n, model_count;
	TRY(knowledge_products(c, &products, &n));
	TRY(knowledge_models(c, &models, &model_count));
	for (size_t i = 0; i < k->n; i++) {
		struct article_entry *e = &k->at[i];
		e->offered = text_empty(e->product);
		for (size_t p = 0; p < n && !e->offered; p++)
			e->offered = !strcmp(products[p].code, e->product);
		if (e->of_pack && !e->changed && *e->models)
			e->offered = e->offered && has_model(models, model_count, e->models);
	}
	return 0;
}

/* Compiling ----------------------------------------------------------------------------------------------------------------------- */

static void merge(struct knowledge *k, const struct knowledge_base *b, const struct article *rows, size_t n, int64_t today)
{
	struct arena *a = k->base.arena;
	k->at = ARENA_ARRAY(a, struct article_entry, b->n + n + 1);
	k->place = ARENA_ARRAY(a, size_t, b->n + 1);
	k->own = ARENA_ARRAY(a, size_t, n + 1);
	for (size_t i = 0, r = 0; i < b->n || r < n; k->n++) {
		struct article_entry *e = &k->at[k->n];
		int order = i == b->n ? 1 : r == n ? -1 : strcmp(b->at[i].code, rows[r].code);
		if (order <= 0) {
			*e = b->at[i];
			k->place[i++] = k->n;
		} else {
			*e = (struct article_entry){ .code = arena_string(a, rows[r].code) };
		}
		if (order >= 0)
			lay(k, &rows[r++], today, e);
		if (!e->of_pack || e->changed)
			k->own[k->own_count++] = k->n;
	}
}

static void index_own(struct knowledge *k)
{
	const struct article_entry **own = ARENA_ARRAY(k->base.arena, const struct article_entry *, k->own_count + 1);
	for (size_t i = 0; i < k->own_count; i++)
		own[i] = &k->at[k->own[i]];
	k->words = word_index_make(k->base.arena, own, k->own_count);
}

static int read_synonyms(struct ctx *c, struct knowledge *k)
{
	struct knowledge_synonyms_all_row *rows;
	TRY(knowledge_synonyms_all(c, &rows, &k->synonym_count));
	k->synonyms = ARENA_ARRAY(k->base.arena, const char *const *, k->synonym_count + 1);
	for (size_t i = 0; i < k->synonym_count; i++)
		k->synonyms[i] = synonym_words(k->base.arena, rows[i].words);
	return 0;
}

bool article_is_draft(const struct article *a)
{
	size_t state = index_of(article_states, a->state);
	return state == ARTICLE_DRAFT || state == ARTICLE_REVIEW;
}

/* k->draft says whether there is such a one. */
static void take_for_published(struct knowledge *k, struct article *rows, size_t n, int64_t draft)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].id != draft || !article_is_draft(&rows[i]))
			continue;
		rows[i].state = article_states[ARTICLE_PUBLISHED].value;
		k->draft = draft;
	}
}

int knowledge_compile(struct ctx *c, struct knowledge *k, int64_t draft)
{
	struct article *rows;
	struct phrasing *phrasings;
	size_t n, phrasing_count;
	TRY(pack_of(c, &k->pack));
	const struct knowledge_base *b = knowledge_base(k->pack);
	TRY(snippets_read(c, k->base.arena, &k->snippets));
	TRY(knowledge_articles(c, &rows, &n));
	take_for_published(k, rows, n, draft);
	TRY(knowledge_phrasings(c, &phrasings, &phrasing_count));
	merge(k, b, rows, n, day_of(c->now, CHINA_MINUTES));
	add_all_phrasings(k, phrasings, phrasing_count);
	TRY(mark_offered(c, k));
	TRY(read_synonyms(c, k));
	index_own(k);
	knowledge_make_lessons(c, k);
	k->stamp = k->base.stamp ^ b->sum;
	return 0;
}

static int compile(struct ctx *c, struct definition_set *set)
{
	return knowledge_compile(c, (struct knowledge *)set, 0);
}

int knowledge_of(struct ctx *c, const struct knowledge **out)
{
	struct definition_set *set;
	TRY(definition_take(c, DEFINITION_KNOWLEDGE, sizeof(struct knowledge), compile, &set));
	*out = (const struct knowledge *)set;
	definition_give_at_end(c, set);
	return 0;
}

/* Asking -------------------------------------------------------------------------------------------------------------------------- */

int64_t knowledge_stamp(const struct knowledge *k)
{
	return k->stamp;
}

const struct article_entry *knowledge_all(const struct knowledge *k, size_t *n)
{
	*n = k->n;
	return k->at;
}

/* The first whose code is not below. */
static size_t place_of(const struct knowledge *k, const char *code)
{
	size_t low = 0, high = k->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(k->at[middle].code, code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct article_entry *knowledge_find(const struct knowledge *k, const char *code)
{
	size_t i = place_of(k, code);
	return i < k->n && !strcmp(k->at[i].code, code) ? &k->at[i] : NULL;
}

const char *article_called(struct arena *a, const struct article_entry *e, enum lang lang)
{
	const char *title = label_text(&e->title, lang);
	return e->kind == ARTICLE_FAULT_CODE ? arena_format(a, "%s %s", e->fault_code, title) : title;
}

bool article_is_live(const struct article_entry *e, enum article_audience for_whom)
{
	return for_whom == AUDIENCE_EDITOR || (e->state == ARTICLE_PUBLISHED && e->offered && !e->expired && e->audience <= for_whom);
}

const struct article_entry *knowledge_next(const struct knowledge *k, const char *after, unsigned kinds, enum article_audience for_whom)
{
	size_t i = text_empty(after) ? 0 : place_of(k, after);
	if (i < k->n && !text_empty(after) && !strcmp(k->at[i].code, after))
		i++;
	for (; i < k->n; i++)
		if ((kinds & ARTICLES_OF(k->at[i].kind)) && article_is_live(&k->at[i], for_whom))
			return &k->at[i];
	return NULL;
}

/* "e-1", "Ｅ１" and "E 1" are "E1". */
static const char *letters_of(struct arena *a, const char *code)
{
	char *text = text_fold(a, code);
	size_t n = 0;
	for (const char *p = text; *p; p++)
		if (isalnum((unsigned char)*p))
			text[n++] = (char)toupper((unsigned char)*p);
	text[n] = 0;
	return text;
}

static bool names_model(struct arena *a, const struct article_entry *e, const char *model)
{
	for (const char *const *m = e->models; *m; m++)
		if (!strcmp(letters_of(a, *m), letters_of(a, model)))
			return true;
	return !*e->models;
}

size_t knowledge_fault_codes(struct arena *a, const struct knowledge *k, const char *product, const char *model, const char *code,
                             enum article_audience for_whom, const struct article_entry **out, size_t room)
{
	const char *letters = letters_of(a, code);
	size_t n = 0;
	for (size_t i = 0; i < k->n && n < room && *letters; i++) {
		const struct article_entry *e = &k->at[i];
		if (e->kind != ARTICLE_FAULT_CODE || !article_is_live(e, for_whom) || strcmp(letters_of(a, e->fault_code), letters) != 0)
			continue;
		if ((!text_empty(product) && strcmp(product, e->product) != 0) || (!text_empty(model) && !names_model(a, e, model)))
			continue;
		out[n++] = e;
	}
	return n;
}

const char *const *const *knowledge_synonyms(const struct knowledge *k, size_t *n)
{
	*n = k->synonym_count;
	return k->synonyms;
}

const struct safety_rule *knowledge_safety(const struct knowledge *k, size_t *n)
{
	const struct knowledge_base *b = knowledge_base(k->pack);
	*n = b->safety_count;
	return b->safety;
}

const char *label_text(const struct label *l, enum lang lang)
{
	return lang_text(lang, l->zh, l->en);
}

const char *product_called(const struct knowledge_products_row *products, size_t n, const char *code, enum lang lang)
{
	for (size_t i = 0; i < n; i++)
		if (text_equal(products[i].code, code))
			return lang_text(lang, products[i].name, products[i].name_en);
	return NULL;
}
