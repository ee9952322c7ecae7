/* Packs over HTTP: which there are, what changing to one would do, and doing it. */
#include "base/json.h"
#include "core/api/actor.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/auth/auth.h"
#include "core/form/form.h"
#include "core/pack/packs.h"
#include "gen/pack_sql.h"
#include "gen/schema.h"

static void write_json(struct ctx *c, struct text *t, const char *name, yyjson_val *v)
{
	text_format(t, ",\"%s\":%s", name, v ? json_value(c->arena, v) : "null");
}

static void write_pack(struct ctx *c, struct text *t, const struct pack *p, const struct pack *active)
{
	yyjson_val *words = pack_json(p, PACK_WORDS);
	text_format(t, "\"name\":\"%s\",\"active\":%s", p->name, p == active ? "true" : "false");
	write_json(c, t, "label", yyjson_obj_get(words, "name"));
	write_json(c, t, "note", yyjson_obj_get(words, "note"));
	write_json(c, t, "terms", yyjson_obj_get(words, "terms"));
}

/* When, from which to which, and who. */
static int write_switches(struct ctx *c, struct text *t)
{
	struct pack_switch *rows;
	struct titles users;
	size_t n;
	TRY(pack_switches(c, &rows, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].actor_kind == ACTOR_USER ? rows[i].actor_id : 0;
	TRY(actor_titles(c, ids, n, &users));
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"from\":\"%s\",\"to\":\"%s\",\"at\":%lld,\"actor\":", i ? "," : "", rows[i].from_pack, rows[i].to_pack, (long long)rows[i].at);
		actor_json(t, rows[i].actor_kind, rows[i].actor_id, &users);
		text_char(t, '}');
	}
	return 0;
}

static int list(struct ctx *c, const void *in, void *out)
{
	const struct pack *active;
	struct text t = text_in(c->arena);
	TRY(pack_of(c, &active));
	text_append(&t, "{\"items\":[");
	for (const struct pack *p = packs; p->name; p++) {
		text_append(&t, p == packs ? "{" : ",{");
		write_pack(c, &t, p, active);
		text_char(&t, '}');
	}
	text_append(&t, "],\"switches\":[");
	TRY(write_switches(c, &t));
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* As customers would then see them: the company may have a form of its own for that pack. */
static int write_scenes(struct ctx *c, struct text *t, const struct pack *p)
{
	struct form form;
	yyjson_val *v;
	size_t i, n;
	bool any = false;
	TRY(form_of_pack(c, p, &form));
	text_append(t, ",\"scenes\":[");
	yyjson_arr_foreach(form.scenes, i, n, v) {
		if (!form_asks(v))
			continue;
		text_format(t, "%s%s", any ? "," : "", json_value(c->arena, yyjson_obj_get(v, "label")));
		any = true;
	}
	text_char(t, ']');
	return 0;
}

static int write_plan(struct ctx *c, struct text *t, const struct pack *to, const struct pack *active, const struct pack_plan *plan)
{
	static const char *const steps[] = { [PACK_KEEP] = "keep", [PACK_ADD] = "add", [PACK_RESTORE] = "restore", [PACK_CHANGE] = "change", [PACK_ARCHIVE] = "archive" };
	text_char(t, '{');
	write_pack(c, t, to, active);
	TRY(write_scenes(c, t, to));
	text_append(t, ",\"changes\":[");
	for (size_t i = 0; i < plan->n; i++) {
		text_format(t, "%s{\"record\":\"%s\",\"step\":\"%s\",\"name\":", i ? "," : "", plan->at[i].record->name, steps[plan->at[i].step]);
		json_label(t, plan->at[i].name, plan->at[i].name_en);
		text_format(t, ",\"draft\":%s,\"held\":", plan->at[i].draft ? "true" : "false");
		json_text(t, plan->at[i].held);
		text_char(t, '}');
	}
	text_append(t, "]}");
	return 0;
}

struct name_in {
	const char *name;
};
static const struct member name_members[] = { MEMBER(struct name_in, name, code, .flags = MEMBER_REQUIRED, .most = 40) };
static const struct shape name_shape = SHAPE("pack_name", struct name_in, name_members);

static int get(struct ctx *c, const void *in, void *out)
{
	const struct pack *active, *to = pack_find(((const struct name_in *)in)->name);
	struct pack_plan plan;
	struct text t = text_in(c->arena);
	TRY(require(c, to != NULL, ERR_NOT_FOUND, NULL));
	TRY(pack_of(c, &active));
	TRY(pack_plan(c, active, to, &plan));
	TRY(write_plan(c, &t, to, active, &plan));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* `from`: the pack that the caller has seen in force, so that two who change it at once do not undo each other. */
struct use_in {
	const char *name, *from;
};
static const struct member use_members[] = {
	MEMBER(struct use_in, name, code, .flags = MEMBER_REQUIRED, .most = 40), MEMBER(struct use_in, from, code, .flags = MEMBER_REQUIRED, .most = 40),
};
static const struct shape use_shape = SHAPE("pack_use", struct use_in, use_members);

static int use(struct ctx *c, const void *in, void *out)
{
	const struct use_in *v = in;
	const struct pack *active, *to = pack_find(v->name);
	struct pack_plan plan;
	struct text t = text_in(c->arena);
	TRY(require(c, to != NULL, ERR_NOT_FOUND, NULL));
	TRY(pack_of(c, &active));
	TRY(require(c, text_equal(active->name, v->from), ERR_VERSION_CONFLICT, NULL));
	TRY(pack_take_up(c, to, &plan));
	write_plan(c, &t, to, to, &plan);
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route pack_routes[] = {
	ROUTE(GET, "/api/v1/pack", "setting.read", POOL, .out = &raw_shape, .run = list, .zh = "行业包：全部", .en = "Industry packs: all"),
	ROUTE(GET, "/api/v1/pack/{name}", "setting.read", POOL, .in = &name_shape, .out = &raw_shape, .run = get, .zh = "行业包：切换前的预览", .en = "Industry packs: what changing to one would do"),
	ROUTE(POST, "/api/v1/pack/{name}/use", "setting.change", WRITE, .body = BODY_JSON, .in = &use_shape, .out = &raw_shape, .run = use,
	      .zh = "行业包：切换", .en = "Industry packs: change to one"),
};
const size_t pack_route_count = sizeof(pack_routes) / sizeof(pack_routes[0]);
