/* anxin eval: how well questions are understood, from a file of questions with their right answers. Needs no data folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/json.h"
#include "core/understand/understand.h"
#include "core/understand/understand_eval.h"

enum { MOST_LINE = 65536, MOST_IDS = 100000 };

struct eval_order {
	const char *file, *ids_file;
	bool json;
};

struct id_list {
	const char **id;
	size_t n;
};

struct eval {
	struct understanding *understanding;
	struct id_list ids;
	struct eval_order order;
	struct eval_sum sum;
};

/* ---- what is asked for ---- */

static int read_order(int argc, char **argv, struct eval_order *o)
{
	*o = (struct eval_order){ 0 };
	for (int i = 0; i < argc; i++)
		if (!strcmp(argv[i], "--json"))
			o->json = true;
		else if (!strcmp(argv[i], "--ids") && i + 1 < argc)
			o->ids_file = argv[++i];
		else if (!o->file && argv[i][0] != '-')
			o->file = argv[i];
		else
			return ERR_FIELD_INVALID;
	return o->file ? 0 : ERR_FIELD_REQUIRED;
}

static int by_word(const void *x, const void *y) { return strcmp(*(const char *const *)x, *(const char *const *)y); }

/* The first word of each line; what stands behind a tab or | is not looked at, so a file of questions does as well. */
static int read_ids(struct arena *a, const char *path, struct id_list *out)
{
	char *line = arena_alloc(a, MOST_LINE);
	FILE *f = fopen(path, "re");
	if (!f)
		return ERR_NOT_FOUND;
	out->id = ARENA_ARRAY(a, const char *, MOST_IDS);
	while (out->n < MOST_IDS && fgets(line, MOST_LINE, f)) {
		size_t n = strcspn(line, "\t|, \r\n");
		if (n)
			out->id[out->n++] = arena_string_n(a, line, n);
	}
	fclose(f);
	qsort(out->id, out->n, sizeof(*out->id), by_word);
	return 0;
}

static bool is_candidate(const char *id, void *arg)
{
	const struct id_list *ids = arg;
	return bsearch(&id, ids->id, ids->n, sizeof(*ids->id), by_word) != NULL;
}

/* ---- a line ---- */

static void print(struct arena *a, const char *right, const char *question, const struct classify_decision *d)
{
	struct text t = text_in(a);
	text_append(&t, "{\"id\":");
	json_text(&t, right);
	text_append(&t, ",\"question\":");
	json_text(&t, question);
	text_format(&t, ",\"decision\":\"%s\",\"confidence\":%.4f,\"inside\":%.4f,\"choices\":[", eval_kind_name(d->kind), d->confidence, d->inside);
	for (size_t i = 0; i < d->choice_count; i++) {
		text_append(&t, i ? ",{\"id\":" : "{\"id\":");
		json_text(&t, d->choices[i].id);
		text_append(&t, ",\"product\":");
		json_text(&t, d->choices[i].product);
		text_append(&t, ",\"flow\":");
		json_text(&t, d->choices[i].flow);
		text_format(&t, ",\"share\":%.4f}", d->choices[i].share);
	}
	const struct classify_evidence *e = &d->evidence;
	text_format(&t, "],\"evidence\":{\"top\":%.4f,\"margin\":%.4f,\"outside\":%.4f,\"nearest\":%.4f,\"known\":%.4f,\"exact\":%s}}", e->top, e->margin,
	            e->outside, e->nearest, e->known, d->exact ? "true" : "false");
	puts(text_end(&t));
}

static void evaluate(struct eval *e, const char *right, const char *question)
{
	ARENA_SCOPED a = arena_new();
	struct understood t;
	struct classify_ask ask;
	struct classify_decision d;
	understanding_read(e->understanding, a, question, strlen(question), &t);
	understood_ask(&t, &ask);
	if (e->ids.id) {
		ask.allowed = is_candidate;
		ask.arg = &e->ids;
	}
	understanding_decide(e->understanding, &ask, NULL, &d);
	eval_count(&e->sum, right, eval_place(&d, right), eval_is_told(eval_kind_name(d.kind)));
	if (e->order.json)
		print(a, right, question, &d);
}

static int evaluate_all(struct eval *e, struct arena *a)
{
	char *line = arena_alloc(a, MOST_LINE);
	FILE *f = fopen(e->order.file, "re");
	if (!f)
		return ERR_NOT_FOUND;
	int r = 0;
	while (r == 0 && fgets(line, MOST_LINE, f)) {
		line[strcspn(line, "\r\n")] = 0;
		char *tab = strchr(line, '\t');
		if (!*line)
			continue;
		if (!tab)
			r = ERR_FIELD_INVALID;
		else {
			*tab = 0;
			evaluate(e, line, tab + 1);
		}
	}
	fclose(f);
	return r;
}

static void print_sum(struct arena *a, const struct eval_sum *s)
{
	struct text t = text_in(a);
	eval_write(&t, s);
	printf("{%s}\n", text_end(&t));
}

int command_eval(const struct app_options *options, int argc, char **argv)
{
	ARENA_SCOPED a = arena_new();
	struct eval e = { 0 };
	if (read_order(argc, argv, &e.order) < 0) {
		fputs("anxin eval FILE [--json] [--ids FILE]: lines of id, tab, question; id OOS: none of ours\n", stderr);
		return 2;
	}
	const char *folder = understanding_folder(a);
	int r = e.order.ids_file ? read_ids(a, e.order.ids_file, &e.ids) : 0;
	if (r < 0) {
		fprintf(stderr, "anxin: %s cannot be read\n", e.order.ids_file);
		return 2;
	}
	if (understanding_open(folder, "appliance", &e.understanding) < 0) {
		fprintf(stderr, "anxin: %s/appliance.knowledge is absent or damaged\n", folder);
		return 1;
	}
	if (!understanding_has_vectors(e.understanding))
		fputs("anxin: no model of language here: by words alone\n", stderr);
	r = evaluate_all(&e, a);
	understanding_close(e.understanding);
	if (r < 0) {
		fprintf(stderr, "anxin: %s cannot be read, or a line of it has no tab\n", e.order.file);
		return 2;
	}
	print_sum(a, &e.sum);
	return 0;
}
