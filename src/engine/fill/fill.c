#include "engine/fill/fill.h"

#include <string.h>

struct cutting {
	const char *text, *p;
	const char *const *names;
	size_t name_count, room;
	struct arena *arena;
	struct fill_piece *at;
	struct fill *out;
	struct fill_fault *fault;
};

static int wrong(struct cutting *k, int code, const char *from, size_t n)
{
	*k->fault = (struct fill_fault){ code, (size_t)(from - k->text), n };
	return code;
}

static int add(struct cutting *k, struct fill_piece piece, const char *from, size_t n)
{
	if (k->out->n == FILL_PIECES_MOST)
		return wrong(k, ERR_TEMPLATE_LIMIT, from, n);
	ARENA_GROW(k->arena, k->at, k->out->n, k->room);
	k->at[k->out->n++] = piece;
	return 0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* [*from, *from + n) without the spaces around it. */
static size_t trim(const char **from, size_t n)
{
	while (n && is_space(**from)) {
		(*from)++;
		n--;
	}
	while (n && is_space((*from)[n - 1]))
		n--;
	return n;
}

static int find(const struct cutting *k, const char *name, size_t n)
{
	for (size_t i = 0; i < k->name_count; i++)
		if (strlen(k->names[i]) == n && !memcmp(k->names[i], name, n))
			return (int)i;
	return -1;
}

/* What stands between the braces: NAME or NAME|OTHERWISE. */
static int add_variable(struct cutting *k, const char *inner, size_t n)
{
	const char *bar = memchr(inner, '|', n), *name = inner, *otherwise = bar ? bar + 1 : "";
	size_t name_n = trim(&name, bar ? (size_t)(bar - inner) : n);
	size_t otherwise_n = bar ? trim(&otherwise, n - (size_t)(bar + 1 - inner)) : 0;
	int variable = find(k, name, name_n);
	if (variable < 0)
		return wrong(k, ERR_TEMPLATE_VARIABLE, name, name_n);
	k->out->used |= UINT64_C(1) << variable;
	return add(k, (struct fill_piece){ otherwise, otherwise_n, variable, bar != NULL }, inner, n);
}

/* The first "{{" or "}}", or NULL. */
static const char *next_braces(const char *p)
{
	for (; *p; p++)
		if ((*p == '{' || *p == '}') && p[1] == *p)
			return p;
	return NULL;
}

static int cut(struct cutting *k)
{
	while (*k->p) {
		const char *open = next_braces(k->p), *close = open ? next_braces(open + 2) : NULL;
		if (open && (*open != '{' || !close || *close != '}'))
			return wrong(k, ERR_TEMPLATE_BRACES, open, 2);
		size_t plain = open ? (size_t)(open - k->p) : strlen(k->p);
		if (plain)
			TRY(add(k, (struct fill_piece){ k->p, plain, -1, false }, k->p, plain));
		if (!open)
			return 0;
		TRY(add_variable(k, open + 2, (size_t)(close - open - 2)));
		k->p = close + 2;
	}
	return 0;
}

int fill_cut(struct arena *a, const char *text, const char *const *names, size_t name_count, struct fill *out, struct fill_fault *fault)
{
	struct cutting k = { .text = text, .p = text, .names = names, .name_count = name_count, .arena = a, .out = out, .fault = fault };
	*out = (struct fill){ 0 };
	*fault = (struct fill_fault){ 0 };
	int r = cut(&k);
	out->at = k.at;
	return r;
}

const char *fill_write(struct arena *a, const struct fill *f, const char *const *values, uint64_t *missing)
{
	struct text t = text_in(a);
	*missing = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct fill_piece *p = &f->at[i];
		if (p->variable >= 0 && !text_empty(values[p->variable]))
			text_append(&t, values[p->variable]);
		else if (p->variable < 0 || p->may_lack)
			text_append_n(&t, p->text, p->n);
		else
			*missing |= UINT64_C(1) << p->variable;
	}
	return text_end(&t);
}
