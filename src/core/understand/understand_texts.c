/* Reads the files of a pack's knowledge folder: as they are, then as texts to learn from. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yyjson.h>

#include "core/understand/understand_texts.h"

enum { MOST_FILE = 64 << 20, MOST_FOLDERS = 200 };

struct bytes understand_slurp(struct arena *a, const char *path)
{
	struct bytes out = { 0 };
	FILE *f = fopen(path, "re");
	if (!f || fseek(f, 0, SEEK_END) != 0)
		return f ? (fclose(f), out) : out;
	long size = ftell(f);
	if (size >= 0 && size < MOST_FILE) {
		char *p = arena_alloc(a, (size_t)size + 1);
		rewind(f);
		out = (struct bytes){ (const uint8_t *)p, fread(p, 1, (size_t)size, f) };
	}
	fclose(f);
	return out;
}

/* ---- the files ---- */

static int by_name(const void *x, const void *y)
{
	return strcmp(((const struct understand_file *)x)->product, ((const struct understand_file *)y)->product);
}

int understand_files_read(struct arena *a, const char *folder, struct understand_files *out)
{
	*out = (struct understand_files){ .products = ARENA_ARRAY(a, struct understand_file, MOST_FOLDERS) };
	out->words = understand_slurp(a, arena_format(a, "%s/words.json", folder));
	out->outside = understand_slurp(a, arena_format(a, "%s/out_of_scope.txt", folder));
	DIR *d = opendir(folder);
	if (!d)
		return ERR_NOT_FOUND;
	for (struct dirent *e; (e = readdir(d)) && out->product_count < MOST_FOLDERS;) {
		if (*e->d_name == '.')
			continue;
		struct bytes text = understand_slurp(a, arena_format(a, "%s/%s/questions.json", folder, e->d_name));
		if (text.p)
			out->products[out->product_count++] = (struct understand_file){ arena_string(a, e->d_name), text };
	}
	closedir(d);
	qsort(out->products, out->product_count, sizeof(*out->products), by_name);
	return out->words.p ? 0 : ERR_NOT_FOUND;
}

/* ---- the texts ---- */

struct gathering {
	struct arena *arena;
	const struct understand_words *words;
	struct term_table none;
	struct classify_question *questions;
	struct classify_phrasing *phrasings, *outside;
	size_t question_count, phrasing_count, outside_count;
};

/* Phrasings are short: what is left of one beyond the telling part is no loss. */
static const char *normal_of(struct gathering *g, const char *text, size_t n)
{
	const char *normal = normal_text(g->arena, g->words->normal, text, n);
	return telling_part(g->arena, &g->none, g->words->courtesies, g->words->courtesy_count, normal);
}

static const char *codes_of(struct arena *a, yyjson_val *codes)
{
	struct text out = text_in(a);
	size_t i, n;
	yyjson_val *code;
	yyjson_arr_foreach(codes, i, n, code)
		if (yyjson_is_str(code))
			text_format(&out, "%s ", text_fold(a, yyjson_get_str(code)));
	return text_end(&out);
}

static void add_phrasing(struct gathering *g, yyjson_val *text)
{
	if (!yyjson_is_str(text))
		return;
	const char *normal = normal_of(g, yyjson_get_str(text), yyjson_get_len(text));
	if (*normal)
		g->phrasings[g->phrasing_count++] = (struct classify_phrasing){ (uint32_t)g->question_count, normal, NULL };
}

static bool add_question(struct gathering *g, const char *product, yyjson_val *q)
{
	const char *id = yyjson_get_str(yyjson_obj_get(q, "id")), *flow = yyjson_get_str(yyjson_obj_get(q, "do"));
	yyjson_val *title = yyjson_obj_get(q, "question"), *phrasings = yyjson_obj_get(q, "phrasings"), *text;
	size_t i, n;
	if (!id || strlen(id) >= CLASSIFY_ID)
		return false;
	add_phrasing(g, yyjson_obj_get(title, "zh"));
	add_phrasing(g, yyjson_obj_get(title, "en"));
	yyjson_arr_foreach(phrasings, i, n, text)
		add_phrasing(g, text);
	g->questions[g->question_count++] = (struct classify_question){
		arena_string(g->arena, id), product, flow ? arena_string(g->arena, flow) : "", codes_of(g->arena, yyjson_obj_get(q, "codes")),
	};
	return true;
}

static bool add_file(struct gathering *g, const struct understand_file *f)
{
	yyjson_doc *doc = yyjson_read((const char *)f->text.p, f->text.n, 0);
	yyjson_val *root = yyjson_doc_get_root(doc), *q;
	bool good = yyjson_is_arr(root);
	size_t i, n;
	yyjson_arr_foreach(root, i, n, q)
		good = good && add_question(g, f->product, q);
	yyjson_doc_free(doc);
	return good;
}

/* A line each; empty ones and those that begin with # are not looked at. */
static void add_outside(struct gathering *g, struct bytes text)
{
	const char *p = (const char *)text.p, *end = p + text.n;
	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((stop ? stop : end) - p);
		const char *normal = n && *p != '#' ? normal_of(g, p, n) : "";
		if (*normal)
			g->outside[g->outside_count++] = (struct classify_phrasing){ 0, normal, NULL };
		p += n + 1;
	}
}

static size_t count(struct bytes text, char c)
{
	size_t n = 1;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == c;
	return n;
}

int understand_texts_read(struct arena *a, const struct understand_files *files, const struct understand_words *words, struct classify_source *out, const char **fault)
{
	struct gathering g = { .arena = a, .words = words };
	size_t strings = 1;
	for (size_t i = 0; i < files->product_count; i++)
		strings += count(files->products[i].text, '"');
	g.questions = ARENA_ARRAY(a, struct classify_question, strings);
	g.phrasings = ARENA_ARRAY(a, struct classify_phrasing, strings);
	g.outside = ARENA_ARRAY(a, struct classify_phrasing, count(files->outside, '\n') + 1);
	for (size_t i = 0; i < files->product_count; i++)
		if (!add_file(&g, &files->products[i])) {
			*fault = arena_format(a, "%s/questions.json", files->products[i].product);
			return ERR_STATE;
		}
	if (files->outside.p)
		add_outside(&g, files->outside);
	*out = (struct classify_source){ g.questions, g.phrasings, g.outside, g.question_count, g.phrasing_count, g.outside_count, NULL };
	return 0;
}
