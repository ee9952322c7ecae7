/* What an editor of conditions asks while somebody writes one. A tree is printed and read again, so that both forms are held to the
 * same rules and every fault has its place in the text: the character, and which comparison of the tree it lies in. */
#include "core/api/condition_api.h"

#include <string.h>

#include "core/condition/condition_fields.h"
#include "engine/expr/expr.h"

struct check_in {
	const char *text, *tree;
};
static const struct member check_members[] = {
	MEMBER(struct check_in, text, text, .most = EXPR_MOST_BYTES, .flags = MEMBER_NULLABLE), MEMBER(struct check_in, tree, raw),
};
const struct shape condition_check_shape = SHAPE("condition_check", struct check_in, check_members);

/* Comparisons that begin at or before byte `at`, counted as they are read. */
static int comparisons_until(const struct expr_node *n, uint32_t at)
{
	int count = n->kind == EXPR_ATOM && n->at <= at;
	for (size_t i = 0; i < n->item_count; i++)
		count += comparisons_until(n->items[i], at);
	return count;
}

struct fault_out {
	int64_t at, atom;
	const char *code, *message;
};
static const struct member fault_members[] = {
	MEMBER(struct fault_out, at, count, .flags = MEMBER_REQUIRED), MEMBER(struct fault_out, atom, count, .flags = MEMBER_REQUIRED | MEMBER_NULLABLE),
	MEMBER(struct fault_out, code, code, .flags = MEMBER_REQUIRED), MEMBER(struct fault_out, message, text, .flags = MEMBER_REQUIRED),
};
static const struct shape fault_shape = SHAPE("condition_fault", struct fault_out, fault_members);

struct check_out {
	const char *text, *tree;
	int64_t version;
	struct list faults;
};
static const struct member checked_members[] = {
	MEMBER(struct check_out, text, text, .flags = MEMBER_REQUIRED | MEMBER_NULLABLE), MEMBER(struct check_out, tree, raw, .flags = MEMBER_REQUIRED | MEMBER_NULLABLE),
	MEMBER(struct check_out, version, count, .flags = MEMBER_REQUIRED), MEMBER(struct check_out, faults, list, .shape = &fault_shape, .flags = MEMBER_REQUIRED),
};
const struct shape condition_checked_shape = SHAPE("condition_checked", struct check_out, checked_members);

static struct list faults_of(struct ctx *c, const struct expr_faults *faults, const char *text, const struct expr *e)
{
	struct fault_out *all = ARENA_ARRAY(c->arena, struct fault_out, faults->n + 1);
	for (size_t i = 0; i < faults->n; i++) {
		const struct expr_fault *f = &faults->list[i];
		all[i] = (struct fault_out){
			.at = (int64_t)utf8_count(arena_string_n(c->arena, text, f->at)), .atom = e->root ? comparisons_until(e->root, f->at) - 1 : NULL_INT,
			.code = error_name(f->code), .message = error_text(f->code, c->lang, f->arg, c->arena),
		};
	}
	return (struct list){ all, faults->n };
}

static const char *tree_of(struct ctx *c, const struct expr *e)
{
	struct text t = text_in(c->arena);
	expr_json_write(&t, e);
	return text_end(&t);
}

/* The text that is meant; "true" is what holds for every row. */
static int text_of(struct ctx *c, const struct check_in *v, const char **text)
{
	struct expr e;
	*text = text_empty(v->text) || !v->text[strspn(v->text, " \t\r\n")] ? "true" : v->text;
	if (!v->tree)
		return 0;
	TRY(expr_json_read(c->arena, v->tree, strlen(v->tree), &e, c->error));
	*text = expr_print(c->arena, &e);
	return 0;
}

int condition_check(struct ctx *c, const void *in, void *out)
{
	struct check_out *answer = out;
	struct expr e;
	struct expr_faults faults;
	const char *text;
	TRY(text_of(c, in, &text));
	if (condition_look(c, model_of(c, c->call->record), text, &e, &faults) == ERR_INTERNAL)
		return ERR_INTERNAL;
	*answer = (struct check_out){ .version = EXPR_VERSION, .faults = faults_of(c, &faults, text, &e) };
	if (e.root) {
		answer->text = expr_print(c->arena, &e);
		answer->tree = tree_of(c, &e);
	}
	return 0;
}
