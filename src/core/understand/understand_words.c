/* The pack's words.json: what people say differently, what says nothing, and what products are called. */
#include <string.h>

#include <yyjson.h>

#include "core/understand/understand_private.h"

static size_t count_nested(yyjson_val *object)
{
	size_t at, max, n = 0;
	yyjson_val *key, *list;
	yyjson_obj_foreach(object, at, max, key, list)
		n += yyjson_arr_size(list);
	return n;
}

static struct normal *read_same(struct arena *a, yyjson_val *same)
{
	struct normal_pair *pairs = ARENA_ARRAY(a, struct normal_pair, count_nested(same) + 1);
	size_t at, max, i, count, n = 0;
	yyjson_val *key, *list, *word;
	yyjson_obj_foreach(same, at, max, key, list)
		yyjson_arr_foreach(list, i, count, word)
			if (yyjson_is_str(word))
				pairs[n++] = (struct normal_pair){ yyjson_get_str(word), yyjson_get_str(key) };
	return normal_new(a, pairs, n);
}

/* Words as a text looks when it comes to be compared with them. */
static const char **read_list(struct arena *a, const struct normal *normal, yyjson_val *list, size_t *n)
{
	const char **out = ARENA_ARRAY(a, const char *, yyjson_arr_size(list) + 1);
	size_t i, count;
	yyjson_val *word;
	*n = 0;
	yyjson_arr_foreach(list, i, count, word)
		if (yyjson_is_str(word))
			out[(*n)++] = normal_text(a, normal, yyjson_get_str(word), yyjson_get_len(word));
	return out;
}

static void read_products(struct arena *a, yyjson_val *products, struct understand_words *out)
{
	size_t at, max;
	yyjson_val *key, *list;
	out->products = ARENA_ARRAY(a, struct slot_product, yyjson_obj_size(products) + 1);
	yyjson_obj_foreach(products, at, max, key, list) {
		struct slot_product *p = &out->products[out->product_count++];
		p->product = arena_string(a, yyjson_get_str(key));
		p->words = read_list(a, out->normal, list, &p->word_count);
	}
}

int understand_words_read(struct arena *a, const char *json, size_t n, struct understand_words *out)
{
	*out = (struct understand_words){ 0 };
	yyjson_doc *doc = yyjson_read(json, n, 0);
	yyjson_val *root = yyjson_doc_get_root(doc);
	if (yyjson_is_obj(root)) {
		out->normal = read_same(a, yyjson_obj_get(root, "same"));
		out->courtesies = read_list(a, out->normal, yyjson_obj_get(root, "courtesies"), &out->courtesy_count);
		read_products(a, yyjson_obj_get(root, "products"), out);
	}
	yyjson_doc_free(doc);
	return out->normal ? 0 : ERR_STATE;
}
