/* Tags as a record: their names, and what a name becomes when the tag gets another. */
#include <string.h>
#include <yyjson.h>

#include "core/action/action.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "core/tag/tag_private.h"
#include "gen/schema.h"

/* A tag that takes a name back which was one of its own: that row waits under this, which no name folds to, for the name that goes. */
static const char *waiting_name(struct ctx *c, int64_t id)
{
	return arena_format(c->arena, " %lld", (long long)id);
}

static int check_count(struct ctx *c, const char *field)
{
	struct tag_count_row count;
	int64_t most = setting_of(c, SETTING_TAG_MOST);
	TRY(tag_count(c, &count));
	return count.n < most ? 0 : fail_field(c, field, ERR_TAG_MOST, arena_format(c->arena, "%lld", (long long)most));
}

/* Another tag's name is taken; an own former one changes places with the present. */
static int take_name(struct ctx *c, struct tag *t)
{
	struct tags_named_row *rows;
	struct tag former;
	size_t n;
	TRY(tags_find(c, &(struct tag_names){ &t->name, 1 }, &rows, &n));
	if (!n || rows[0].id == t->id)
		return 0;
	if (rows[0].stands_for != t->id)
		return fail_field(c, "name", ERR_FIELD_TAKEN, rows[0].name);
	TRY(tag_row_get(c, rows[0].id, &former));
	former.name = former.folded = waiting_name(c, t->id);
	return tag_row_update(c, &former);
}

/* ---- what rules and macros put on ---- */

struct names {
	const struct tag *at;
	size_t n;
};

/* {"do":"tag","add":["…"]} with one of the names. */
static bool puts_on(struct ctx *c, struct yyjson_val *action, const void *arg)
{
	const struct names *names = arg;
	yyjson_val *v;
	size_t i, count;
	if (!yyjson_equals_str(yyjson_obj_get(action, "do"), "tag"))
		return false;
	yyjson_arr_foreach(yyjson_obj_get(action, "add"), i, count, v)
		for (size_t k = 0; yyjson_is_str(v) && k < names->n; k++)
			if (!strcmp(tag_fold(c->arena, yyjson_get_str(v)), names->at[k].folded))
				return true;
	return false;
}

/* A rule that can no longer do its work would only say so in the log. */
static int check_unused(struct ctx *c, int64_t stand)
{
	struct action_user user;
	struct tag *names;
	size_t n;
	TRY(tags_standing(c, stand, &names, &n));
	TRY(action_user_of(c, NULL, puts_on, &(struct names){ names, n }, &user));
	return user.name ? fail(c, ERR_TAG_USED, user.name) : 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct tag *was = old;
	struct tag *t = row;
	const char *name;
	int r = tag_clean(c->arena, t->name, &name);
	if (r < 0)
		return fail_field(c, "name", r, r == ERR_FIELD_TOO_LONG ? arena_format(c->arena, "%d", TAG_NAME_MOST) : name);
	t->name = name;
	t->folded = tag_fold(c->arena, name);
	if (!was) {
		t->stands_for = t->id;
		TRY(check_count(c, "name"));
		return take_name(c, t);
	}
	bool stands = t->stands_for == t->id, renamed = strcmp(was->name, t->name) != 0;
	if (!stands && (renamed || (was->archived_at && !t->archived_at)))
		return fail(c, ERR_STATE, NULL);        /* a name of another tag: it is parted from that first */
	if (stands && !was->archived_at && t->archived_at)
		TRY(check_unused(c, t->id));
	if (renamed)
		t->typed = 0;   /* somebody looked after it */
	return strcmp(was->folded, t->folded) ? take_name(c, t) : 0;
}

/* The name that it had goes on meaning it. */
static int after(struct ctx *c, const void *old, const void *row)
{
	const struct tag *was = old, *t = row;
	struct tags_named_row *rows;
	const char *waiting = waiting_name(c, t->id);
	size_t n;
	if (!was || !strcmp(was->folded, t->folded))
		return 0;
	TRY(tags_named(c, &waiting, 1, &rows, &n));
	struct tag former = { .tenant = c->tenant, .id = new_id(c), .created_at = c->now };
	if (n)
		TRY(tag_row_get(c, rows[0].id, &former));
	former.name = was->name;
	former.folded = was->folded;
	former.stands_for = t->id;
	former.updated_at = former.archived_at = c->now;
	return n ? tag_row_update(c, &former) : tag_row_insert(c, &former);
}

int tag_make(struct ctx *c, const char *name, int64_t *id)
{
	struct tag t = { .tenant = c->tenant, .id = new_id(c), .name = name, .typed = 1 };
	TRY(check_count(c, "tags"));
	*id = t.id;
	return record_insert(c, &tag_record, &t);
}

static const struct field fields[] = {
	CODE(tag, name,       L("名称", "Name"), .required = true, .sort = true, .personal = true, .most = TAG_NAME_MOST),
	REF (tag, stands_for, L("等同于", "Stands for"), .to = &tag_record, .required = true, .system = true, .hidden = true),
	FLAG(tag, typed,      L("随手新建", "Made by typing"), .system = true),
};

const struct record tag_record = {
	.name = "tag", .label = L("标签", "Tag"), .plural = "Tags", .table = &table_tag, FIELDS(fields), .title = { "name" }, .default_sort = "name",
	.no_import = true, .before = before, .after = after,
};
