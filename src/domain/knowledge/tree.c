/* Fault trees: what has to be true of one, and reading a step of it.
 *
 * {"start":"a","nodes":{"a":{"ask":{"zh","en"},"hint"?,"choices":[{"say","go"},…]},"z":{"tell":{…},"end":"solved"}}}. Each step is reached
 * from the start, and from each an end is reached; steps may lead back. */
#include <string.h>

#include "base/json_private.h"
#include "domain/knowledge/knowledge_private.h"

enum { NAME_MOST = 20, HINT_MOST = 300 };

static const char *const ends[] = { "solved", "report", "stop", NULL };

struct checking {
	struct ctx *c;
	yyjson_val *nodes;
	const char *names[TREE_MOST_NODES];
	size_t n;
};

static int bad(struct checking *k, const char *node, const char *member, int code, const char *arg)
{
	return fail_field(k->c, arena_format(k->c->arena, "tree.nodes.%s%s%s", node, *member ? "." : "", member), code, arg);
}

/* Parts ------------------------------------------------------------------------------------------------------------------- */

static void check_words(struct checking *k, const char *node, const char *member, yyjson_val *label, size_t most)
{
	const char *zh = yyjson_get_str(yyjson_obj_get(label, "zh")), *en = yyjson_get_str(yyjson_obj_get(label, "en"));
	if (!yyjson_is_obj(label) || text_empty(zh)) {
		bad(k, node, arena_format(k->c->arena, "%s.zh", member), ERR_FIELD_REQUIRED, NULL);
		return;
	}
	bool fits = utf8_is_text(zh, strlen(zh)) && (!en || utf8_is_text(en, strlen(en)));
	if (!fits || utf8_count(zh) > most || (en && utf8_count(en) > most))
		bad(k, node, member, fits ? ERR_FIELD_TOO_LONG : ERR_FIELD_INVALID, fits ? arena_format(k->c->arena, "%zu", most) : "");
}

static size_t index_of(const struct checking *k, const char *name)
{
	size_t i = 0;
	while (i < k->n && !text_equal(k->names[i], name))
		i++;
	return i;
}

static void check_choices(struct checking *k, const char *node, yyjson_val *choices)
{
	yyjson_val *v;
	size_t i, n;
	if (yyjson_arr_size(choices) < 2 || yyjson_arr_size(choices) > TREE_MOST_CHOICES) {
		bad(k, node, "choices", ERR_FIELD_INVALID, arena_format(k->c->arena, "：2–%d", TREE_MOST_CHOICES));
		return;
	}
	yyjson_arr_foreach(choices, i, n, v) {
		const char *go = yyjson_get_str(yyjson_obj_get(v, "go"));
		check_words(k, node, arena_format(k->c->arena, "choices[%zu].say", i), yyjson_obj_get(v, "say"), TREE_SAY_MOST);
		if (index_of(k, go) == k->n)
			bad(k, node, arena_format(k->c->arena, "choices[%zu].go", i), text_empty(go) ? ERR_FIELD_REQUIRED : ERR_FIELD_REFERENCE, NULL);
	}
}

static void check_members(struct checking *k, const char *node, yyjson_val *v, const char *const *known)
{
	yyjson_val *key, *value;
	size_t i, n;
	yyjson_obj_foreach(v, i, n, key, value) {
		const char *const *name = known;
		while (*name && !yyjson_equals_str(key, *name))
			name++;
		if (!*name)
			bad(k, node, yyjson_get_str(key), ERR_FIELD_UNKNOWN, NULL);
	}
}

static void check_node(struct checking *k, const char *name, yyjson_val *v)
{
	static const char *const asks[] = { "ask", "hint", "choices", NULL }, *const tells[] = { "tell", "end", NULL };
	bool is_asking = yyjson_obj_get(v, "ask") != NULL;
	check_members(k, name, v, is_asking ? asks : tells);
	if (is_asking) {
		check_words(k, name, "ask", yyjson_obj_get(v, "ask"), TREE_SAY_MOST);
		if (yyjson_obj_get(v, "hint"))
			check_words(k, name, "hint", yyjson_obj_get(v, "hint"), HINT_MOST);
		check_choices(k, name, yyjson_obj_get(v, "choices"));
		return;
	}
	const char *const *end = ends;
	while (*end && !yyjson_equals_str(yyjson_obj_get(v, "end"), *end))
		end++;
	check_words(k, name, "tell", yyjson_obj_get(v, "tell"), TREE_TELL_MOST);
	if (!*end)
		bad(k, name, "end", ERR_FIELD_CHOICE, "solved, report, stop");
}

static bool is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n && !s[n] && n <= NAME_MOST;
}

static void check_nodes(struct checking *k)
{
	yyjson_val *key, *v;
	size_t i, n;
	yyjson_obj_foreach(k->nodes, i, n, key, v) {
		const char *name = yyjson_get_str(key);
		if (!is_name(name) || index_of(k, name) < k->n)
			fail_field(k->c, "tree.nodes", ERR_FIELD_INVALID, "：a–z 0–9 _");
		else
			k->names[k->n++] = name;
	}
	for (i = 0; i < k->n; i++)
		check_node(k, k->names[i], yyjson_obj_get(k->nodes, k->names[i]));
}

/* The whole --------------------------------------------------------------------------------------------------------------- */

static void reach(struct checking *k, size_t node, bool *seen)
{
	yyjson_val *choice;
	size_t i, n;
	if (node == k->n || seen[node])
		return;
	seen[node] = true;
	yyjson_arr_foreach(yyjson_obj_get(yyjson_obj_get(k->nodes, k->names[node]), "choices"), i, n, choice)
		reach(k, index_of(k, yyjson_get_str(yyjson_obj_get(choice, "go"))), seen);
}

static bool leads_to_one(struct checking *k, size_t node, const bool *ended)
{
	yyjson_val *v = yyjson_obj_get(k->nodes, k->names[node]), *choice;
	size_t i, n;
	bool any = yyjson_obj_get(v, "end") != NULL;
	yyjson_arr_foreach(yyjson_obj_get(v, "choices"), i, n, choice) {
		size_t to = index_of(k, yyjson_get_str(yyjson_obj_get(choice, "go")));
		any = any || (to < k->n && ended[to]);
	}
	return any;
}

static void check_ways(struct checking *k, const char *start)
{
	bool seen[TREE_MOST_NODES + 1] = { 0 }, ended[TREE_MOST_NODES + 1] = { 0 }, more = true;
	reach(k, index_of(k, start), seen);
	while (more) {
		more = false;
		for (size_t i = 0; i < k->n; i++)
			if (!ended[i] && leads_to_one(k, i, ended))
				ended[i] = more = true;
	}
	for (size_t i = 0; i < k->n; i++) {
		if (!seen[i])
			bad(k, k->names[i], "", ERR_TREE_UNREACHED, k->names[i]);
		else if (!ended[i])
			bad(k, k->names[i], "", ERR_TREE_ENDLESS, k->names[i]);
	}
}

int tree_check(struct ctx *c, const char *json)
{
	yyjson_alc memory = json_memory_of(c->arena);
	yyjson_val *root = yyjson_doc_get_root(yyjson_read_opts((char *)(uintptr_t)json, strlen(json), 0, &memory, NULL));
	struct checking k = { .c = c, .nodes = yyjson_obj_get(root, "nodes") };
	const char *start = yyjson_get_str(yyjson_obj_get(root, "start"));
	size_t n = yyjson_obj_size(k.nodes);
	if (!n)
		return fail_field(c, "tree", ERR_FIELD_REQUIRED, NULL);
	if (n > TREE_MOST_NODES)
		return fail_field(c, "tree", ERR_FIELD_TOO_LARGE, arena_format(c->arena, "%d", TREE_MOST_NODES));
	check_nodes(&k);
	if (index_of(&k, start) == k.n)
		fail_field(c, "tree.start", text_empty(start) ? ERR_FIELD_REQUIRED : ERR_FIELD_REFERENCE, NULL);
	TRY(c->error->code);
	check_ways(&k, start);
	return c->error->code;
}

/* A step -------------------------------------------------------------------------------------------------------------------- */

static struct label label_of(yyjson_val *v, const char *name)
{
	yyjson_val *label = yyjson_obj_get(v, name);
	const char *zh = yyjson_get_str(yyjson_obj_get(label, "zh")), *en = yyjson_get_str(yyjson_obj_get(label, "en"));
	return (struct label){ zh ? zh : "", en ? en : "" };
}

bool article_step(const struct article_entry *e, const char *node, struct tree_step *out)
{
	if (!node)
		node = yyjson_get_str(yyjson_obj_get(e->tree, "start"));
	yyjson_val *nodes = yyjson_obj_get(e->tree, "nodes"), *v = node ? yyjson_obj_get(nodes, node) : NULL, *choice;
	size_t i, n;
	if (!v)
		return false;
	*out = (struct tree_step){
		.name = node, .ask = label_of(v, "ask"), .hint = label_of(v, "hint"), .tell = label_of(v, "tell"), .end = yyjson_get_str(yyjson_obj_get(v, "end")),
	};
	yyjson_arr_foreach(yyjson_obj_get(v, "choices"), i, n, choice)
		if (out->choice_count < TREE_MOST_CHOICES)
			out->choices[out->choice_count++] = (struct tree_choice){ label_of(choice, "say"), yyjson_get_str(yyjson_obj_get(choice, "go")) };
	return true;
}
