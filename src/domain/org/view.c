/* Saved views of lists. A view keeps its condition as canonical text; whoever opens it is judged by his own rights, so a condition that
 * names what he may not read, or what is no more, is refused with its place and never taken for one that holds of everything. */
#include "domain/org/org.h"

#include "core/auth/auth.h"
#include "core/condition/condition_fields.h"
#include "core/services.h"
#include "gen/schema.h"

const struct choice audiences[] = {
	{ "mine", "我的", "Mine" }, { "team", "小组", "Team" }, { "company", "公司", "Company" }, { 0 },
};

int audience_check(struct ctx *c, const struct audience_change *a, const char *right)
{
	const struct auth *auth = c->auth;
	if (auth && !a->is_change)
		*a->owner_id = auth->user_id;
	if (auth && text_equal(a->audience, "team"))
		*a->team_id = auth->team_id;
	if (!text_equal(a->audience, "mine") && !may(c, right))
		return fail_field(c, "audience", ERR_FORBIDDEN, NULL);
	if (a->is_change && auth && a->old_owner_id != auth->user_id && !may(c, right))
		return fail(c, ERR_FORBIDDEN, NULL);
	return 0;
}

static int check_condition(struct ctx *c, struct list_view *view)
{
	const struct record_model *m = registry_find(&c->services->registry, view->record);
	struct expr e;
	view->condition_version = EXPR_VERSION;
	if (!m || !may(c, m->read_right))
		return fail_field(c, "record", ERR_FIELD_INVALID, NULL);
	if (text_empty(view->condition))
		return 0;
	TRY(condition_read(c, m, "condition", view->condition, &e));
	view->condition = e.root->kind == EXPR_TRUE ? "" : expr_print(c->arena, &e);
	return 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct list_view *was = old;
	struct list_view *view = row;
	TRY(audience_check(c, &(struct audience_change){ was ? was->owner_id : 0, was != NULL, view->audience, &view->owner_id, &view->team_id }, "view.share"));
	return was && text_equal(was->condition, view->condition) ? 0 : check_condition(c, view);
}

static const struct field fields[] = {
	CODE  (list_view, record,    L("档案", "Record"), .required = true, .fixed = true, .index = true),
	CODE  (list_view, name,      L("名称", "Name"), .required = true, .most = 40),
	CODE  (list_view, name_en,   L("英文名称", "Name in English"), .most = 40),
	CHOICE(list_view, audience,  L("可见范围", "Audience"), .of = audiences, .initial = "mine"),
	REF   (list_view, owner_id,  L("所有者", "Owner"), .to = &user_record, .system = true),
	REF   (list_view, team_id,   L("小组", "Team"), .to = &team_record, .system = true),
	TEXT  (list_view, condition, L("条件", "Condition"), .most = CONDITION_MOST),
	COUNT (list_view, condition_version, L("条件语言版本", "Version of the language"), .system = true, .initial = "1", .hidden = true),
	CODE  (list_view, sort,      L("排序", "Sort")),
	JSON  (list_view, columns,   L("列", "Columns"), .initial = "[]"),
	COUNT (list_view, position,  L("位置", "Position"), .sort = false),
	FLAG  (list_view, alarm,     L("计数标红", "Red count")),
};

const struct record view_record = {
	.name = "view", .label = L("视图", "View"), .plural = "Views", .table = &table_list_view, FIELDS(fields), .title = { "name" },
	.owner = "owner_id", .team = "team_id", .audience = "audience", .before = before, .no_import = true,
};

/* Order ------------------------------------------------------------------------------------------------------------ */

enum { MOST_ORDERED = 200 };

struct order_in {
	struct list view_ids;
};
static const struct member order_members[] = {
	MEMBER(struct order_in, view_ids, list, .item = TYPE_id, .flags = MEMBER_REQUIRED, .most = MOST_ORDERED),
};
static const struct shape order_shape = SHAPE("view_order", struct order_in, order_members);

/* The views take the places of their order, from 1; one that is there already is not written. */
static int order(struct ctx *c, const void *in, void *out)
{
	const struct order_in *v = in;
	const int64_t *ids = v->view_ids.at;
	for (size_t i = 0; i < v->view_ids.n; i++) {
		struct list_view view;
		TRY(record_get(c, &view_record, ids[i], &view));
		if (view.position == (int64_t)i + 1)
			continue;
		struct list_view old = view;
		view.position = (int64_t)i + 1;
		TRY(record_update(c, &view_record, &old, &view, "view.changed", NULL, NULL));
	}
	return 0;
}

const struct route view_routes[] = {
	ROUTE(POST, "/api/v1/view/order", "view.change", WRITE, .body = BODY_JSON, .in = &order_shape, .run = order, .zh = "视图：排序", .en = "Views: put in order"),
};
const size_t view_route_count = sizeof(view_routes) / sizeof(view_routes[0]);
