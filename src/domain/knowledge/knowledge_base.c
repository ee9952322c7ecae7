/* From the JSON of a pack to entries. The build has checked it (tools/gen/knowledge.py). */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "domain/knowledge/knowledge_private.h"

enum { MOST_PACKS = 16 };

static struct knowledge_base bases[MOST_PACKS];
static const struct word_index *words[MOST_PACKS];
static pthread_once_t once = PTHREAD_ONCE_INIT, words_once = PTHREAD_ONCE_INIT;
static struct arena *memory;            /* for the life of the process, like the packs */

static const char *said(yyjson_val *v, const char *name)
{
	const char *text = yyjson_get_str(yyjson_obj_get(v, name));
	return text ? text : "";
}

static struct label label_in(yyjson_val *v, const char *name)
{
	yyjson_val *label = yyjson_obj_get(v, name);
	return (struct label){ said(label, "zh"), said(label, "en") };
}

const char *const *article_names(struct arena *a, yyjson_val *list)
{
	const char **out = ARENA_ARRAY(a, const char *, yyjson_arr_size(list) + 1);
	yyjson_val *v;
	size_t i, max, n = 0;
	yyjson_arr_foreach(list, i, max, v)
		if (yyjson_is_str(v))
			out[n++] = arena_string(a, yyjson_get_str(v));
	return out;
}

static const struct article_phrasing *phrasings_in(yyjson_val *list, size_t *n)
{
	struct article_phrasing *out = ARENA_ARRAY(memory, struct article_phrasing, yyjson_arr_size(list) + 1);
	yyjson_val *v;
	size_t i, max;
	yyjson_arr_foreach(list, i, max, v)
		out[(*n)++].text = yyjson_get_str(v);
	return out;
}

static enum article_kind kind_of(const char *word)
{
	enum article_kind k = ARTICLE_FAQ;
	while (article_kinds[k].value && strcmp(article_kinds[k].value, word) != 0)
		k++;
	return k;
}

static void read_entry(yyjson_val *v, struct article_entry *e)
{
	*e = (struct article_entry){
		.code = said(v, "code"), .kind = kind_of(said(v, "kind")), .state = ARTICLE_PUBLISHED, .audience = AUDIENCE_PUBLIC, .offered = true,
		.product = said(v, "product"), .topic = said(v, "topic"), .fault_code = said(v, "fault_code"), .danger = said(v, "danger"), .act = said(v, "act"),
		.source = said(v, "source"), .models = article_names(memory, yyjson_obj_get(v, "models")), .see = article_names(memory, yyjson_obj_get(v, "see")),
		.title = label_in(v, "title"), .cause = label_in(v, "cause"), .body = label_in(v, "body"), .tree = yyjson_obj_get(v, "tree"), .of_pack = true,
	};
	e->phrasings = phrasings_in(yyjson_obj_get(v, "phrasings"), &e->phrasing_count);
}

static void read_safety(yyjson_val *rules, struct knowledge_base *b)
{
	yyjson_val *v;
	size_t i, n;
	b->safety = ARENA_ARRAY(memory, struct safety_rule, yyjson_arr_size(rules) + 1);
	yyjson_arr_foreach(rules, i, n, v)
		b->safety[b->safety_count++] = (struct safety_rule){
			said(v, "id"), article_names(memory, yyjson_obj_get(v, "words")), article_names(memory, yyjson_obj_get(v, "not")), label_in(v, "text"), said(v, "source"),
		};
}

static void read_pack(const struct pack *pack, struct knowledge_base *b)
{
	yyjson_val *root = pack_json(pack, PACK_KNOWLEDGE), *entries = yyjson_obj_get(root, "entries"), *v;
	size_t i, n;
	b->sum = yyjson_get_sint(yyjson_obj_get(root, "sum"));
	b->at = ARENA_ARRAY(memory, struct article_entry, yyjson_arr_size(entries) + 1);
	const char **sums = ARENA_ARRAY(memory, const char *, yyjson_arr_size(entries) + 1);
	yyjson_arr_foreach(entries, i, n, v) {
		read_entry(v, &b->at[i]);
		sums[i] = said(v, "sum");
	}
	b->n = yyjson_arr_size(entries);
	b->sums = sums;
	read_safety(yyjson_obj_get(root, "safety"), b);
}

static void read_all(void)
{
	memory = arena_new();
	for (size_t i = 0; packs[i].name && i < MOST_PACKS; i++)
		read_pack(&packs[i], &bases[i]);
}

const struct knowledge_base *knowledge_base(const struct pack *pack)
{
	pthread_once(&once, read_all);
	return &bases[pack - packs];
}

static void index_all(void)
{
	for (size_t i = 0; packs[i].name && i < MOST_PACKS; i++) {
		const struct knowledge_base *b = knowledge_base(&packs[i]);
		const struct article_entry **all = ARENA_ARRAY(memory, const struct article_entry *, b->n + 1);
		for (size_t k = 0; k < b->n; k++)
			all[k] = &b->at[k];
		words[i] = word_index_make(memory, all, b->n);
	}
}

const struct word_index *knowledge_base_words(const struct pack *pack)
{
	knowledge_base(pack);
	pthread_once(&words_once, index_all);
	return words[pack - packs];
}

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct article_entry *)a)->code, ((const struct article_entry *)b)->code);
}

const struct article_entry *knowledge_pack_entry(const struct pack *pack, const char *code)
{
	const struct knowledge_base *b = knowledge_base(pack);
	const struct article_entry key = { .code = code };
	return b->n ? bsearch(&key, b->at, b->n, sizeof(key), by_code) : NULL;
}

const char *knowledge_pack_sum(const struct pack *pack, const char *code)
{
	const struct article_entry *e = knowledge_pack_entry(pack, code);
	return e ? knowledge_base(pack)->sums[e - knowledge_base(pack)->at] : NULL;
}
