/* Definitions of the company's own side: who works here, where, with which rights. */
#include "domain/org/org.h"

#include <string.h>

#include "core/auth/sign_in.h"
#include "core/clock/clocks.h"
#include "core/notify/holders.h"
#include "core/record/narrowing.h"
#include "core/services.h"
#include "core/upkeep.h"
#include "gen/schema.h"
#include "gen/second_factor_sql.h"
#include "gen/staff_sql.h"

static const struct choice scopes[] = {
	{ "own", "本人负责的", "Own rows" },
	{ "team", "本小组的", "The team's rows" },
	{ "region", "本区域的", "The region's rows" },
	{ "all", "全部", "All rows" },
	{ 0 },
};

static const struct choice langs[] = { { "zh", "中文", "Chinese" }, { "en", "英文", "English" }, { 0 } };

static const struct choice themes[] = {
	{ "system", "跟随系统", "As the system" }, { "light", "浅色", "Light" }, { "dark", "深色", "Dark" }, { 0 },
};

static const struct field region_fields[] = {
	CODE(region, code,      L("区域编号", "Region code"), .required = true, .unique = true),
	CODE(region, name,      L("名称", "Name"), .required = true, .search = true),
	REF (region, parent_id, L("上级区域", "Parent region"), .to = &region_record),
};

const struct record region_record = {
	.name = "region", .label = L("区域", "Region"), .plural = "Regions", .table = &table_region, FIELDS(region_fields), .title = { "name" },
};

static const struct choice take_ways[] = { { "skill", "会的产品优先", "What one knows first" }, { "order", "严格按次序", "Strictly in order" }, { 0 } };

static const struct field team_fields[] = {
	CODE(team, name,      L("名称", "Name"), .required = true, .unique = true, .search = true),
	REF (team, region_id, L("区域", "Region"), .to = &region_record),
	REF (team, calendar_id, L("服务时间", "Service hours"), .to = &calendar_record),
	CHOICE(team, take_by, L("领取方式", "Taking the next"), .of = take_ways, .initial = "skill"),
};

const struct record team_record = {
	.name = "team", .label = L("小组", "Team"), .plural = "Teams", .table = &table_team, FIELDS(team_fields), .title = { "name" },
};

int rights_check(struct ctx *c, const char *field, const char **json)
{
	const char *const *words;
	size_t n;
	if (permissions_read(c->arena, *json, &words, &n) < 0) {
		fail_field(c, field, ERR_FIELD_TYPE, "[\"ticket.read\"]");
		return c->error->code;
	}
	for (size_t i = 0; i < n; i++)
		if (!may(c, words[i]))
			fail_field(c, field, ERR_FORBIDDEN, words[i]);
	*json = permissions_write(c->arena, words, n);
	return c->error->code;
}

/* "ticket.description": a sealed text that is not masked for everybody. */
static bool is_free_text(struct ctx *c, const char *word)
{
	const char *dot = strchr(word, '.');
	const struct record_model *m = dot ? registry_find(&c->services->registry, arena_string_n(c->arena, word, (size_t)(dot - word))) : NULL;
	size_t i = m ? field_index(m, dot + 1) : SIZE_MAX;
	return i != SIZE_MAX && m->record->fields[i].kind == FIELD_SEALED;
}

/* Whether `json` names everything that the actor himself sees masked; puts it in order and refuses what is no free text about a person. */
static int masks_check(struct ctx *c, const char **json)
{
	const char *const *words;
	size_t n;
	if (text_empty(*json))
		*json = "[]";
	if (permissions_read(c->arena, *json, &words, &n) < 0)
		return fail_field(c, "masks", ERR_FIELD_TYPE, "[\"ticket.description\"]");
	for (size_t i = 0; i < n; i++)
		if (!is_free_text(c, words[i]))
			fail_field(c, "masks", ERR_FIELD_CHOICE, words[i]);
	struct auth given = { .masks = words, .mask_count = n };
	struct ctx receiver = { .auth = &given };
	for (size_t i = 0; c->auth && i < c->auth->mask_count; i++)
		if (!is_masked_for(&receiver, c->auth->masks[i]))
			fail_field(c, "masks", ERR_FORBIDDEN, c->auth->masks[i]);
	*json = permissions_write(c->arena, words, n);
	return c->error->code;
}

/* Nobody gives sight of rows that he does not see: neither a wider scope than his, nor a role without the conditions of his own. */
static int rows_check(struct ctx *c, struct role *role)
{
	TRY(narrowing_check(c, &role->conditions));
	if (!c->auth)
		return 0;
	if (scope_read(role->scope) > c->auth->scope)
		fail_field(c, "scope", ERR_FORBIDDEN, NULL);
	struct role own;
	if (!c->auth->narrowing)
		return c->error->code;
	TRY(role_row_get(c, c->auth->role_id, &own));
	if (!narrowing_same(c, own.conditions, role->conditions))
		fail_field(c, "conditions", ERR_FORBIDDEN, NULL);
	return c->error->code;
}

/* Nobody changes what he himself may do: somebody who can set it right stays. */
static int role_before(struct ctx *c, const void *old, void *row)
{
	const struct role *was = old;
	struct role *role = row;
	bool same = was && text_equal(was->permissions, role->permissions);
	bool is_own = was && c->auth && c->auth->role_id == role->id;
	bool weaker = was && was->second_factor && !role->second_factor;
	bool same_masks = was && permissions_same(c->arena, was->masks, role->masks);
	bool wider = was && !(text_equal(was->scope, role->scope) && narrowing_same(c, was->conditions, role->conditions));
	if (is_own && (weaker || wider || !same || !same_masks || was->archived_at != role->archived_at))
		return fail(c, ERR_OWN_RIGHTS, NULL);
	if (!was || wider)
		TRY(rows_check(c, role));
	if (!same_masks)
		TRY(masks_check(c, &role->masks));
	const char *kept = role->permissions;
	int r = rights_check(c, "permissions", &role->permissions);
	if (same)
		role->permissions = kept;
	return r;
}

/* Where most may not sign in by password, who still may keeps the right to put the company right again. */
static int role_after(struct ctx *c, const void *old, const void *row)
{
	TRY(staff_changed(c));
	return old ? emergency_stays(c) : 0;
}

static const struct field role_fields[] = {
	CODE  (role, code,        L("角色编号", "Role code"), .required = true, .unique = true, .fixed = true, .search = true),
	CODE  (role, name,        L("名称", "Name"), .required = true, .search = true),
	CODE  (role, name_en,     L("英文名称", "English name"), .most = 80, .search = true),
	JSON  (role, permissions, L("权限", "Permissions"), .initial = "[]"),
	CHOICE(role, scope,       L("数据范围", "Row scope"), .of = scopes, .required = true, .initial = "own"),
	JSON  (role, conditions,  L("数据条件", "Row conditions"), .initial = "[]"),
	JSON  (role, masks,       L("遮盖的内容", "Masked texts"), .initial = "[]"),
	FLAG  (role, second_factor, L("须两步验证", "Second factor required"), .initial = "0"),
	COUNT (role, idle_minutes, L("闲置退出分钟数", "Idle minutes"), .most = 1440, .initial = "0"),
};

const struct record role_record = {
	.name = "role", .label = L("角色", "Role"), .plural = "Roles", .table = &table_role, FIELDS(role_fields), .title = { "name" }, .before = role_before, .after = role_after,
};

static int rows_of_role_check(struct ctx *c, const struct role *role)
{
	struct role own;
	if (!c->auth)
		return 0;
	if (scope_read(role->scope) > c->auth->scope)
		return fail_field(c, "role_id", ERR_FORBIDDEN, "scope");
	struct auth given = { 0 };
	struct ctx receiver = { .auth = &given };
	TRY(permissions_read(c->arena, role->masks, &given.masks, &given.mask_count));
	for (size_t i = 0; i < c->auth->mask_count; i++)
		if (!is_masked_for(&receiver, c->auth->masks[i]))
			return fail_field(c, "role_id", ERR_FORBIDDEN, c->auth->masks[i]);
	if (!c->auth->narrowing)
		return 0;
	TRY(role_row_get(c, c->auth->role_id, &own));
	return narrowing_same(c, own.conditions, role->conditions) ? 0 : fail_field(c, "role_id", ERR_FORBIDDEN, "conditions");
}

/* A person gets no role that holds more than the one who gives it. */
int role_may_be_given(struct ctx *c, int64_t role_id)
{
	struct role role;
	bool there;
	TRY(record_look(c, &role_record, role_id, &role, &there));
	if (!there)
		return 0;       /* reported as required or as a bad reference */
	const char *const *words;
	size_t n;
	TRY(permissions_read(c->arena, role.permissions, &words, &n));
	for (size_t i = 0; i < n; i++)
		if (!may(c, words[i]))
			return fail_field(c, "role_id", ERR_FORBIDDEN, words[i]);
	return rows_of_role_check(c, &role);
}

static int user_before(struct ctx *c, const void *old, void *row)
{
	const struct user_account *was = old;
	struct user_account *user = row;
	bool is_self = was && c->auth && c->auth->user_id == user->id;
	if (is_self && (was->role_id != user->role_id || was->archived_at != user->archived_at))
		return fail(c, ERR_OWN_RIGHTS, NULL);
	if ((was && was->emergency) != (user->emergency != 0))
		TRY(require_permission(c, "setting.security"));
	if (was && was->role_id == user->role_id)
		return 0;
	return role_may_be_given(c, user->role_id);
}

static int user_after(struct ctx *c, const void *old, const void *row)
{
	const struct user_account *was = old;
	TRY(staff_changed(c));
	return was && was->emergency ? emergency_stays(c) : 0;
}

static const struct choice tongues[] = { { "zh", "中文", "Chinese" }, { "en", "英文", "English" }, { "both", "中文和英文", "Chinese and English" }, { 0 } };

static const struct field user_fields[] = {
	CODE  (user_account, account,   L("账号", "Account"), .required = true, .unique = true, .least = 2, .most = 40, .heads = "工号|登录名"),
	CODE  (user_account, name,      L("姓名", "Name"), .required = true, .search = true, .heads = "员工姓名"),
	REF   (user_account, role_id,   L("角色", "Role"), .to = &role_record, .required = true),
	REF   (user_account, team_id,   L("小组", "Team"), .to = &team_record, .index = true),
	REF   (user_account, region_id, L("区域", "Region"), .to = &region_record),
	PHONE (user_account, phone,     L("手机", "Phone"), .search = true, .heads = "手机号|联系电话"),
	EMAIL (user_account, email,     L("邮箱", "E-mail"), .search = true, .heads = "电子邮箱"),
	CHOICE(user_account, lang,      L("语言", "Language"), .of = langs, .initial = "zh"),
	COUNT (user_account, chats_most, L("同时接待会话", "Conversations at once"), .most = 50, .initial = "0", .hidden = true),
	CODE  (user_account, extension, L("分机号", "Extension"), .most = 20, .hidden = true),
	CHOICE(user_account, speaks,    L("接待语言", "Serves customers in"), .of = tongues, .initial = "zh", .hidden = true),
	CHOICE(user_account, theme,     L("外观", "Appearance"), .of = themes, .initial = "system", .hidden = true),
	FLAG  (user_account, emergency, L("应急账号", "Emergency account"), .initial = "0"),
	TIME  (user_account, signed_in_at, L("最近登录", "Last sign-in"), .system = true),
	TIME  (user_account, factor_at,    L("两步验证自", "Second factor since"), .system = true),
	TIME  (user_account, locked_until, L("锁定至", "Locked until"), .system = true, .hidden = true),
};

static int user_gone(struct ctx *c, const void *row)
{
	int64_t removed, id = ((const struct user_account *)row)->id;
	TRY(staff_changed(c));
	TRY(upkeep_forget_person(c, "user", id, &removed));
	TRY(recovery_forget(c, id, NULL));
	TRY(notices_of_user_drop(c, id, NULL));
	return watching_of_user_drop(c, id, NULL);
}

const struct record user_record = {
	.name = "user", .label = L("员工", "User"), .plural = "Users", .table = &table_user_account, FIELDS(user_fields), .title = { "name" }, .before = user_before, .after = user_after, .gone = user_gone,
};
