/* The tree of routes: a node per path segment, literals sorted, at most one parameter below a node. */
#include "net/route.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static const char *const method_names[HTTP_METHOD_COUNT] = {
	"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
};

struct node {
	const char *literal;            /* NULL at the root and at a parameter */
	const char *parameter;
	struct node *children;          /* literal children, a list */
	struct node *next;
	struct node *any;               /* the parameter child */
	const struct route *routes[HTTP_METHOD_COUNT];
};

struct router {
	struct node root;
	const struct route *first;
};

const char *http_method_name(enum http_method m)
{
	return method_names[m];
}

int http_method_of(const char *name)
{
	for (int i = 0; i < HTTP_METHOD_COUNT; i++)
		if (!strcmp(name, method_names[i]))
			return i;
	return -1;
}

const char *http_methods_text(struct arena *a, unsigned allowed)
{
	struct text t = text_in(a);
	for (int i = 0; i < HTTP_METHOD_COUNT; i++) {
		if (!(allowed & 1u << i))
			continue;
		if (t.n)
			text_append(&t, ", ");
		text_append(&t, method_names[i]);
	}
	return text_end(&t);
}

static struct node *child_literal(struct node *n, const char *word, size_t length)
{
	for (struct node *c = n->children; c; c = c->next)
		if (strlen(c->literal) == length && !memcmp(c->literal, word, length))
			return c;
	return NULL;
}

static struct node *add_literal(struct arena *a, struct node *n, const char *word, size_t length)
{
	struct node *c = child_literal(n, word, length);
	if (c)
		return c;
	c = ARENA_NEW(a, struct node);
	c->literal = arena_string_n(a, word, length);
	c->next = n->children;
	n->children = c;
	return c;
}

static struct node *add_parameter(struct arena *a, struct node *n, const char *word, size_t length)
{
	const char *name = arena_string_n(a, word + 1, length - 2);
	if (!n->any) {
		n->any = ARENA_NEW(a, struct node);
		n->any->parameter = name;
	}
	return strcmp(n->any->parameter, name) ? NULL : n->any;
}

static struct node *add_path(struct arena *a, struct node *n, const char *path)
{
	int parameters = 0;
	while (n && *path == '/') {
		const char *word = ++path;
		while (*path && *path != '/')
			path++;
		size_t length = (size_t)(path - word);
		if (length == 0)
			return NULL;
		bool is_parameter = word[0] == '{' && word[length - 1] == '}' && length > 2;
		if (is_parameter && ++parameters > ROUTE_PARAMS)
			return NULL;
		n = is_parameter ? add_parameter(a, n, word, length) : add_literal(a, n, word, length);
	}
	return *path ? NULL : n;
}

int router_build(struct arena *a, const struct route *routes, size_t count, struct router **out, const char **fault)
{
	struct router *r = ARENA_NEW(a, struct router);
	r->first = routes;
	for (size_t i = 0; i < count; i++) {
		const struct route *row = &routes[i];
		*fault = row->path ? row->path : "(no path)";
		if (!row->path || row->path[0] != '/' || text_empty(row->permission))
			return ERR_INTERNAL;
		if (!row->run && !row->raw)
			return ERR_INTERNAL;
		struct node *n = add_path(a, &r->root, row->path);
		if (!n || n == &r->root || n->routes[row->method])
			return ERR_INTERNAL;
		n->routes[row->method] = row;
	}
	*fault = NULL;
	*out = r;
	return 0;
}

/* The node of a path that has any route; literals first, then the parameter, going back when a branch ends. */
static const struct node *walk(const struct node *n, const char *const *segments, size_t count, struct route_match *m)
{
	if (count == 0) {
		for (int i = 0; i < HTTP_METHOD_COUNT; i++)
			if (n->routes[i])
				return n;
		return NULL;
	}
	for (const struct node *c = n->children; c; c = c->next) {
		if (strcmp(c->literal, segments[0]))
			continue;
		const struct node *found = walk(c, segments + 1, count - 1, m);
		if (found)
			return found;
	}
	if (!n->any || !segments[0][0])
		return NULL;
	size_t at = m->param_count;
	m->params[at] = (struct http_pair){ n->any->parameter, segments[0] };
	m->param_count = at + 1;
	const struct node *found = walk(n->any, segments + 1, count - 1, m);
	if (!found)
		m->param_count = at;
	return found;
}

static unsigned methods_of(const struct node *n)
{
	unsigned allowed = 1u << HTTP_OPTIONS;
	for (int i = 0; i < HTTP_METHOD_COUNT; i++)
		if (n->routes[i])
			allowed |= 1u << i;
	if (n->routes[HTTP_GET])
		allowed |= 1u << HTTP_HEAD;
	return allowed;
}

int router_find(const struct router *r, enum http_method method, const char *const *segments, size_t count,
                struct route_match *out)
{
	memset(out, 0, sizeof(*out));
	const struct node *n = walk(&r->root, segments, count, out);
	if (!n)
		return ERR_NOT_FOUND;
	out->allowed = methods_of(n);
	const struct route *row = n->routes[method];
	if (!row && method == HTTP_HEAD)
		row = n->routes[HTTP_GET];
	if (!row)
		return ERR_METHOD;
	out->route = row;
	out->index = (size_t)(row - r->first);
	return 0;
}
