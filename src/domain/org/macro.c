/* Macros: several actions under one name. Kept as they were written; judged when they are saved, and again by whoever runs them. */
#include "domain/org/org.h"

#include "core/action/action.h"
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
	CODE  (macro, name_en,  L("英文名称", "Name in English"), .most = 40),
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
