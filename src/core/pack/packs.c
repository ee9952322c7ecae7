/* The packs there are, their words and scenes. */
#include "core/pack/packs.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "base/json.h"
#include "gen/schema.h"

#define PACK_FILES(name)                                                                           \
	PACK_FILE(pack_##name##_words, #name "/words.json");                                       \
	PACK_FILE(pack_##name##_form, #name "/form.json");                                         \
	PACK_FILE(pack_##name##_clocks, #name "/clocks.json");                                     \
	PACK_FILE(pack_##name##_rules, #name "/rules.json");                                       \
	PACK_FILE(pack_##name##_templates, #name "/templates.json");                               \
	PACK_FILE(pack_##name##_promises, #name "/promises.json");                                 \
	PACK_FILE(pack_##name##_roles, #name "/roles.json");                                       \
	PACK_FILE(pack_##name##_flows, #name "/flows.json");                                       \
	PACK_FILE(pack_##name##_demo, #name "/demo.json");                                         \
	PACK_FILE(pack_##name##_quality, #name "/quality.json");                                   \
	PACK_MADE(pack_##name##_knowledge, "knowledge_" #name ".json")
#define PACK(name)                                                                                 \
	{ #name,                                                                                   \
	  { pack_##name##_words, pack_##name##_form, pack_##name##_clocks, pack_##name##_rules, pack_##name##_templates, pack_##name##_promises, \
	    pack_##name##_roles, pack_##name##_flows, pack_##name##_demo, pack_##name##_knowledge, pack_##name##_quality } }

PACK_FILES(appliance);
PACK_FILES(retail);
PACK_FILES(services);

const struct pack packs[] = { PACK(appliance), PACK(retail), PACK(services), { 0 } };

const struct choice pack_choices[] = { { "appliance", "家电制造", "Appliance maker" }, { "retail", "零售", "Retail" }, { "services", "上门服务", "Service trades" }, { 0 } };

enum { PACKS = sizeof(packs) / sizeof(packs[0]) - 1 };

static yyjson_doc *docs[PACKS][PACK_PARTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void read_all(void)
{
	for (size_t i = 0; i < PACKS; i++)
		for (size_t k = 0; k < PACK_PARTS; k++)
			docs[i][k] = yyjson_read(packs[i].text[k], strlen(packs[i].text[k]), 0);
	pack_roles_ready();
}

yyjson_val *pack_json(const struct pack *p, enum pack_part part)
{
	pthread_once(&once, read_all);
	return yyjson_doc_get_root(docs[p - packs][part]);
}

const struct pack *pack_find(const char *name)
{
	for (const struct pack *p = packs; p->name; p++)
		if (text_equal(p->name, name))
			return p;
	return NULL;
}

int pack_of(struct ctx *c, const struct pack **pack)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	*pack = pack_find(tenant.pack);
	if (!*pack)
		*pack = &packs[0];
	return 0;
}

/* Words ---------------------------------------------------------------------------------------------------------------- */

/* English words end where letters end; Chinese ones stand anywhere. */
static bool is_word(const char *text, const char *at, size_t n, enum lang lang)
{
	return lang != LANG_EN || ((at == text || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[n]));
}

/* The first letter may be a capital: "Tickets" follows from "tickets". */
static bool begins(const char *at, const char *word, size_t n, enum lang lang)
{
	bool first = *at == *word || (lang == LANG_EN && tolower((unsigned char)*at) == *word);
	return n && first && !strncmp(at + 1, word + 1, n - 1);
}

static yyjson_val *term_at(yyjson_val *terms, const char *text, const char *at, enum lang lang)
{
	yyjson_val *pair;
	size_t i, count;
	yyjson_arr_foreach(terms, i, count, pair) {
		const char *word = yyjson_get_str(yyjson_arr_get(pair, 0));
		if (word && begins(at, word, strlen(word), lang) && is_word(text, at, strlen(word), lang))
			return pair;
	}
	return NULL;
}

const char *pack_say(struct arena *a, const struct pack *p, enum lang lang, const char *text)
{
	yyjson_val *terms = yyjson_obj_get(yyjson_obj_get(pack_json(p, PACK_WORDS), "terms"), lang == LANG_EN ? "en" : "zh");
	if (!text || yyjson_arr_size(terms) == 0)
		return text;
	struct text t = text_in(a);
	for (const char *at = text; *at;) {
		yyjson_val *pair = term_at(terms, text, at, lang);
		const char *said = yyjson_get_str(yyjson_arr_get(pair, 1));
		if (!said) {
			text_char(&t, *at++);
			continue;
		}
		text_char(&t, isupper((unsigned char)*at) ? (char)toupper((unsigned char)*said) : *said);
		text_append(&t, said + 1);
		at += yyjson_get_len(yyjson_arr_get(pair, 0));
	}
	return text_end(&t);
}

struct label pack_label(struct arena *a, const struct pack *p, const char *path, struct label plain)
{
	yyjson_val *own = yyjson_obj_get(yyjson_obj_get(pack_json(p, PACK_WORDS), "labels"), path);
	if (own)
		return (struct label){ yyjson_get_str(yyjson_obj_get(own, "zh")), yyjson_get_str(yyjson_obj_get(own, "en")) };
	return (struct label){ pack_say(a, p, LANG_ZH, plain.zh), pack_say(a, p, LANG_EN, plain.en) };
}
