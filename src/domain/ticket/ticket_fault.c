/* The fault that a ticket is counted by: of its symptoms the one named first, of its product. Cases are counted by numbers and symptoms are
 * words, so a fault's number follows from both: nothing has to be kept, and the same fault has the same number wherever it is judged. */
#include <stdlib.h>
#include <string.h>

#include "core/form/form.h"
#include "domain/ticket/ticket.h"
#include "gen/ticket_sql.h"

enum { CODE_MOST = 40 };

/* FNV-1a over both, stirred; below 2^62 and never 0. */
static int64_t number_of(int64_t product_id, const char *code)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)product_id * UINT64_C(0x9e3779b97f4a7c15);
	for (; *code; code++)
		h = (h ^ (uint8_t)*code) * UINT64_C(0x100000001b3);
	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	return (int64_t)((h ^ h >> 31) >> 2 | 1);
}

/* As forms write them; anything else was not ticked in one. */
static bool is_code(const char *text)
{
	size_t n = strlen(text);
	return n && n <= CODE_MOST && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

/* As it was said: ticket_symptoms() gives them in the order of the alphabet. */
static const char *first_of(struct arena *a, const char *json)
{
	const char *from = json ? strchr(json, '"') : NULL, *to = from ? strchr(from + 1, '"') : NULL;
	return to ? arena_format(a, "%.*s", (int)(to - from - 1), from + 1) : "";
}

int64_t ticket_fault(struct ctx *c, const struct ticket *t)
{
	const char *code = first_of(c->arena, t->symptoms);
	return is_code(code) ? number_of(t->product_id, code) : 0;
}

/* Titles ------------------------------------------------------------------------------------------------------------------ */

static void put(struct ctx *c, struct titles *out, int64_t product_id, const char *product, yyjson_val *symptom)
{
	yyjson_val *label = yyjson_obj_get(symptom, "label");
	const char *code = yyjson_get_str(yyjson_obj_get(symptom, "code")), *zh = yyjson_get_str(yyjson_obj_get(label, "zh")), *en = yyjson_get_str(yyjson_obj_get(label, "en"));
	if (!code || !zh)
		return;
	const char *words = lang_text(c->lang, zh, en);
	out->at[out->n++] = (struct title){ number_of(product_id, code), product ? arena_format(c->arena, "%s · %s", product, words) : arena_string(c->arena, words) };
}

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct title *)a)->id, y = ((const struct title *)b)->id;
	return x < y ? -1 : x > y;
}

/* Of a product, and once more of none: a ticket may name its symptom alone. */
int ticket_fault_titles(struct ctx *c, struct titles *out)
{
	struct fault_products_row *products;
	struct form form;
	yyjson_val *key, *list, *symptom;
	size_t n, i, count, k, m, room = 0;
	TRY(form_of(c, &form));
	TRY(fault_products(c, &products, &n));
	yyjson_obj_foreach(form.symptoms, i, count, key, list)
		room += yyjson_arr_size(list);
	*out = (struct titles){ ARENA_ARRAY(c->arena, struct title, room * 2 + 1), 0 };
	yyjson_obj_foreach(form.symptoms, i, count, key, list) {
		const struct fault_products_row *product = NULL;
		for (size_t p = 0; p < n; p++)
			if (text_equal(products[p].code, yyjson_get_str(key)))
				product = &products[p];
		yyjson_arr_foreach(list, k, m, symptom) {
			if (product)
				put(c, out, product->id, lang_text(c->lang, product->name, product->name_en), symptom);
			put(c, out, 0, NULL, symptom);
		}
	}
	qsort(out->at, out->n, sizeof(*out->at), by_id);
	return 0;
}
