/* Macros: several actions under one name. Kept as they were written; judged when they are saved, and again by whoever runs them. */
#include "domain/org/org.h"

#include "core/action/action.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "gen/schema.h"

static int before(struct ctx *c, const void *old, void *row)
{
	const struct macro *was = old;
	struct macro *macro = row;
	struct actions actions;
	TRY(audience_check(c, &(struct audience_change){ was ? was->owner_id : 0, was != NULL, macro->audience, &macro->owner_id, &macro->team_id }, "macro.share"));
	if (was && text_equal(was->actions, macro->actions))
		return 0;
	const struct record_model *m = registry_find(&c->services->registry, macro->record);
	if (!m || !may(c, m->read_right))
		return fail_field(c, "record", ERR_FIELD_INVALID, NULL);
	return actions_read(c, m, "actions", macro->actions, &actions);
}

static const struct field fields[] = {
	CODE  (macro, record,   L("档案", "Record"), .required = true, .fixed = true, .index = true),
	CODE  (macro, name,     L("名称", "Name"), .required = true, .most = 40, .search = true),
	CODE  (macro, name_en,  L("英文名称", "Name in English"), .search = true, .most = 40),
	CHOICE(macro, audience, L("可见范围", "Audience"), .of = audiences, .initial = "mine"),
	REF   (macro, owner_id, L("所有者", "Owner"), .to = &user_record, .system = true),
	REF   (macro, team_id,  L("小组", "Team"), .to = &team_record, .system = true),
	JSON  (macro, actions,  L("动作", "Actions"), .required = true),
	COUNT (macro, position, L("位置", "Position")),
};

const struct record macro_record = {
	.name = "macro", .label = L("宏", "Macro"), .plural = "Macros", .table = &table_macro, FIELDS(fields), .title = { "name" },
	.owner = "owner_id", .team = "team_id", .audience = "audience", .before = before, .no_import = true,
};

/* What a macro may be made of, for its editor. */
struct kinds_in {
	const char *record;
};
static const struct member kinds_members[] = { MEMBER(struct kinds_in, record, code, .flags = MEMBER_REQUIRED) };
static const struct shape kinds_shape = SHAPE("macro_kinds_query", struct kinds_in, kinds_members);

static int kinds(struct ctx *c, const void *in, void *out)
{
	const struct record_model *m = registry_find(&c->services->registry, ((const struct kinds_in *)in)->record);
	struct text t = text_in(c->arena);
	TRY(require(c, m && may(c, m->read_right), ERR_NOT_FOUND, NULL));
	text_append(&t, "{\"actions\":");
	actions_write_kinds(c, m, &t);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route macro_routes[] = {
	ROUTE(GET, "/api/v1/macro/kinds", "macro.read", POOL, .in = &kinds_shape, .out = &raw_shape, .run = kinds, .zh = "宏：可用的动作", .en = "Macro: actions there are"),
};
const size_t macro_route_count = sizeof(macro_routes) / sizeof(macro_routes[0]);
