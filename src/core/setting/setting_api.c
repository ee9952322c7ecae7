/* Settings over HTTP: all of them for whoever may look, a company's own changed one at a time. */
#include "core/setting/setting_api.h"

#include <string.h>

#include "core/api/api.h"
#include "core/api/history_json.h"
#include "core/setting/setting_view.h"

struct group_out {
	const char *name;
	struct setting_words *label;
};
static const struct member group_members[] = {
	MEMBER(struct group_out, name, code, .flags = MEMBER_REQUIRED),
	MEMBER(struct group_out, label, shape, .shape = &setting_words_shape, .flags = MEMBER_REQUIRED),
};
static const struct shape group_shape = SHAPE("setting_group", struct group_out, group_members);

struct list_out {
	struct list groups, items;
};
static const struct member list_members[] = {
	MEMBER(struct list_out, groups, list, .shape = &group_shape, .flags = MEMBER_REQUIRED),
	MEMBER(struct list_out, items, list, .shape = &setting_view_shape, .flags = MEMBER_REQUIRED),
};
static const struct shape list_shape = SHAPE("settings", struct list_out, list_members);

static struct list groups_of(struct ctx *c)
{
	size_t n = 0;
	while (setting_groups[n].name)
		n++;
	struct group_out *all = ARENA_ARRAY(c->arena, struct group_out, n);
	for (size_t i = 0; i < n; i++) {
		all[i] = (struct group_out){ setting_groups[i].name, ARENA_NEW(c->arena, struct setting_words) };
		*all[i].label = (struct setting_words){ setting_groups[i].zh, setting_groups[i].en };
	}
	return (struct list){ all, n };
}

static int list(struct ctx *c, const void *in, void *out)
{
	struct setting_state *all = ARENA_ARRAY(c->arena, struct setting_state, SETTING_COUNT);
	struct setting_view *views;
	TRY(setting_states(c, all));
	TRY(setting_views(c, all, SETTING_COUNT, &views));
	*(struct list_out *)out = (struct list_out){ groups_of(c), { views, SETTING_COUNT } };
	return 0;
}

static int show(struct ctx *c, const struct setting_state *s, struct setting_view *out)
{
	struct setting_view *view;
	TRY(setting_views(c, s, 1, &view));
	*out = *view;
	return 0;
}

struct name_in {
	const char *name;
};
static const struct member name_members[] = { MEMBER(struct name_in, name, code, .flags = MEMBER_REQUIRED, .most = 60) };
static const struct shape name_shape = SHAPE("setting_name", struct name_in, name_members);

static int get(struct ctx *c, const void *in, void *out)
{
	struct setting_state state;
	TRY(setting_state(c, ((const struct name_in *)in)->name, &state));
	return show(c, &state, out);
}

static int history(struct ctx *c, const void *in, void *out)
{
	struct setting_state state;
	struct text t = text_in(c->arena);
	TRY(setting_state(c, ((const struct name_in *)in)->name, &state));
	TRY(history_json(c, "setting", state.row_id, NULL, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct change_in {
	const char *name, *value, *reason;
	int64_t version;
};
static const struct member change_members[] = {
	MEMBER(struct change_in, name, code, .flags = MEMBER_REQUIRED, .most = 60),
	MEMBER(struct change_in, value, raw, .flags = MEMBER_REQUIRED),
	MEMBER(struct change_in, version, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct change_in, reason, text, .most = 500),
};
static const struct shape change_shape = SHAPE("setting_change", struct change_in, change_members);

/* 20, true, "debug", null → what setting_read() takes. A number in quotes is a mistake of the caller, and so is a list. */
static const char *plain(struct ctx *c, const char *name, const char *json)
{
	int id = setting_find(name);
	size_t n = strlen(json);
	bool is_text = *json == '"', wants_text = id >= 0 && setting_defs[id].kind == SETTING_CHOICE;
	if (!strcmp(json, "null"))
		return NULL;
	if (is_text != wants_text)
		return "";
	return is_text ? arena_string_n(c->arena, json + 1, n - 2) : json;
}

static int change(struct ctx *c, const void *in, void *out)
{
	const struct change_in *v = in;
	struct setting_state state;
	TRY(setting_choose(c, &(struct setting_wish){ v->name, plain(c, v->name, v->value), v->version, v->reason }, &state));
	return show(c, &state, out);
}

const struct route setting_routes[] = {
	ROUTE(GET, "/api/v1/setting", "setting.read", POOL, .out = &list_shape, .run = list, .zh = "设置：全部", .en = "Settings: all of them"),
	ROUTE(GET, "/api/v1/setting/{name}", "setting.read", POOL, .in = &name_shape, .out = &setting_view_shape, .run = get, .zh = "设置：一项", .en = "Settings: one"),
	ROUTE(GET, "/api/v1/setting/{name}/history", "setting.read", POOL, .in = &name_shape, .out = &raw_shape, .run = history,
	      .zh = "设置：变更历史", .en = "Settings: history"),
	ROUTE(PATCH, "/api/v1/setting/{name}", "setting.change", WRITE, .body = BODY_JSON, .in = &change_shape, .out = &setting_view_shape, .run = change,
	      .zh = "设置：修改；value 为 null 时恢复默认", .en = "Settings: change one; a value of null goes back to the default"),
};
const size_t setting_route_count = sizeof(setting_routes) / sizeof(setting_routes[0]);
