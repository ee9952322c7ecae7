/* Who still does something with what is about to go: rules that are not off, then macros. */
#include <string.h>
#include <yyjson.h>

#include "core/action/action.h"
#include "gen/action_sql.h"

static bool has_such(struct ctx *c, const char *actions, action_test *is, const void *arg)
{
	yyjson_doc *doc = yyjson_read(actions, strlen(actions), 0);
	yyjson_val *v;
	size_t i, n;
	bool found = false;
	yyjson_arr_foreach(yyjson_doc_get_root(doc), i, n, v)
		found = found || is(c, v, arg);
	yyjson_doc_free(doc);
	return found;
}

int action_user_of(struct ctx *c, const char *object, action_test *is, const void *arg, struct action_user *out)
{
	struct action_rules_row *rules;
	struct action_macros_row *macros;
	size_t n;
	*out = (struct action_user){ 0 };
	TRY(action_rules(c, &rules, &n));
	for (size_t i = 0; i < n && !out->name; i++)
		if ((!object || !strcmp(rules[i].object, object)) && has_such(c, rules[i].actions, is, arg))
			out->name = rules[i].name;
	if (out->name)
		return 0;
	TRY(action_macros(c, &macros, &n));
	for (size_t i = 0; i < n && !out->name; i++)
		if ((!object || !strcmp(macros[i].object, object)) && has_such(c, macros[i].actions, is, arg))
			*out = (struct action_user){ macros[i].name, true };
	return 0;
}
