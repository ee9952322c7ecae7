/* What a demo is about, from packs/NAME/demo.json: a shop's demo company sells clothes, not fridges. Read once for the life of the process. */
#include "app/demo.h"

#include <pthread.h>

#include "base/json.h"
#include "core/pack/packs.h"

enum { MOST_PACKS = 16 };

static struct { const struct pack *pack; struct demo_content content; } read_before[MOST_PACKS];
static size_t read_count;
static pthread_mutex_t reading = PTHREAD_MUTEX_INITIALIZER;
static struct arena *paper;

static struct demo_words words_in(yyjson_val *list)
{
	struct demo_words out = { ARENA_ARRAY(paper, const char *, yyjson_arr_size(list) + 1), 0 };
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v)
		out.at[out.n++] = arena_string(paper, yyjson_get_str(v));
	return out;
}

static const char *text_in_object(yyjson_val *v, const char *name)
{
	return pack_text(paper, v, name, "");
}

static void read_products(yyjson_val *list, struct demo_content *out)
{
	struct demo_product *at = ARENA_ARRAY(paper, struct demo_product, DEMO_MODELS_MOST);
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v)
		if (out->product_count < DEMO_MODELS_MOST)
			at[out->product_count++] = (struct demo_product){ text_in_object(v, "code"), text_in_object(v, "name"), text_in_object(v, "name_en"), yyjson_get_int(yyjson_obj_get(v, "months")) };
	out->products = at;
}

static void read_models(yyjson_val *list, struct demo_content *out)
{
	struct demo_model *at = ARENA_ARRAY(paper, struct demo_model, DEMO_MODELS_MOST);
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v)
		if (out->model_count < DEMO_MODELS_MOST)
			at[out->model_count++] = (struct demo_model){ text_in_object(v, "product"), text_in_object(v, "code"), text_in_object(v, "name") };
	out->models = at;
}

static void read_problems(yyjson_val *list, struct demo_content *out)
{
	struct demo_problem *at = ARENA_ARRAY(paper, struct demo_problem, yyjson_arr_size(list) + 1);
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v) {
		const char *symptoms = json_value(paper, yyjson_obj_get(v, "symptoms"));
		at[out->problem_count++] = (struct demo_problem){
			text_in_object(v, "product"), symptoms ? symptoms : "[]", text_in_object(v, "text"), text_in_object(v, "steps"), text_in_object(v, "result"),
			text_in_object(v, "grade"), text_in_object(v, "scene"),
		};
	}
	out->problems = at;
}

static size_t staff_of(const char *account)
{
	size_t i = 0;
	while (i < demo_staff_count && !text_equal(demo_staff[i].account, account))
		i++;
	return i;
}

static void read_lines(yyjson_val *list, struct demo_talk *out)
{
	struct demo_line *at = ARENA_ARRAY(paper, struct demo_line, yyjson_arr_size(list) + 1);
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v)
		at[out->line_count++] = (struct demo_line){ arena_string(paper, yyjson_get_str(yyjson_arr_get(v, 0))), arena_string(paper, yyjson_get_str(yyjson_arr_get(v, 1))) };
	out->lines = at;
}

static void read_talks(yyjson_val *list, struct demo_content *out)
{
	struct demo_talk *at = ARENA_ARRAY(paper, struct demo_talk, yyjson_arr_size(list) + 1);
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v) {
		struct demo_talk *t = &at[out->talk_count++];
		*t = (struct demo_talk){
			.model = text_in_object(v, "model"), .words = text_in_object(v, "words"), .agent = staff_of(text_in_object(v, "agent")),
			.minutes = yyjson_get_int(yyjson_obj_get(v, "minutes")), .rating = yyjson_get_int(yyjson_obj_get(v, "rating")), .closed = yyjson_get_bool(yyjson_obj_get(v, "closed")),
		};
		read_lines(yyjson_obj_get(v, "lines"), t);
	}
	out->talks = at;
}

static void read_content(yyjson_val *v, struct demo_content *out)
{
	yyjson_val *company = yyjson_obj_get(v, "company");
	*out = (struct demo_content){
		.company = text_in_object(company, "name"), .phone = text_in_object(company, "phone"), .waits = text_in_object(v, "waits"),
		.cancelled = text_in_object(v, "cancelled"), .notes = words_in(yyjson_obj_get(v, "notes")), .replies = words_in(yyjson_obj_get(v, "replies")),
		.facts = words_in(yyjson_obj_get(v, "facts")), .bought_at = words_in(yyjson_obj_get(v, "bought_at")),
	};
	read_products(yyjson_obj_get(v, "products"), out);
	read_models(yyjson_obj_get(v, "models"), out);
	read_problems(yyjson_obj_get(v, "problems"), out);
	read_talks(yyjson_obj_get(v, "talks"), out);
}

const struct demo_content *demo_content_of(const struct pack *pack)
{
	const struct pack *of = pack ? pack : &packs[0];
	size_t i = 0;
	pthread_mutex_lock(&reading);
	if (!paper)
		paper = arena_new();
	while (i < read_count && read_before[i].pack != of)
		i++;
	if (i == read_count) {
		read_before[i].pack = of;
		read_content(pack_json(of, PACK_DEMO), &read_before[i].content);
		read_count++;
	}
	pthread_mutex_unlock(&reading);
	return &read_before[i].content;
}
