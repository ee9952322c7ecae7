/* Definitions as a record. What others rely on stays: code, record and kind are fixed, a choice is retired and a field archived, never
 * removed, and not while something still sets it. */
#include <string.h>
#include <yyjson.h>

#include "base/json.h"
#include "core/action/action.h"
#include "core/custom/custom_set.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "gen/custom_sql.h"
#include "gen/schema.h"

static const struct choice objects[] = { { "ticket", "服务单", "Ticket" }, { "customer", "客户", "Customer" }, { "device", "设备", "Device" }, { 0 } };
static const struct choice kinds[] = {
	{ "text", "文本", "Text" }, { "number", "整数", "Whole number" }, { "day", "日期", "Date" }, { "flag", "是/否", "Yes or no" }, { "choice", "单选", "One of several" }, { 0 },
};

/* ---- code ---- */

static int is_taken(struct ctx *c, const char *object, const char *code, bool *out)
{
	struct custom_field_named_row *rows;
	size_t n;
	TRY(custom_field_named(c, object, code, &rows, &n));
	*out = n > 0;
	return 0;
}

static int give_code(struct ctx *c, struct custom_field *f, int64_t from)
{
	bool taken = true;
	for (int64_t i = from; taken; i++) {
		f->code = arena_format(c->arena, "f%lld", (long long)i);
		TRY(is_taken(c, f->object, f->code, &taken));
	}
	return 0;
}

static int check_new(struct ctx *c, struct custom_field *f)
{
	struct custom_field_count_row count;
	bool taken;
	int64_t most = setting_of(c, SETTING_CUSTOM_FIELDS);
	TRY(custom_field_count(c, f->object, &count));
	if (count.n >= most)
		return fail(c, ERR_CUSTOM_MOST, arena_format(c->arena, "%lld", (long long)most));
	if (text_empty(f->code))
		return give_code(c, f, count.n + 1);
	size_t n = strspn(f->code, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (f->code[n] || n > CUSTOM_CODE_MOST || f->code[0] < 'a')
		return fail_field(c, "code", ERR_FIELD_INVALID, "：a–z 0–9 _");
	TRY(is_taken(c, f->object, f->code, &taken));
	return taken ? fail_field(c, "code", ERR_FIELD_TAKEN, f->code) : 0;
}

/* ---- what stays ---- */

static int check_choices(struct ctx *c, const struct custom_field *was, const struct custom *now)
{
	struct custom before;
	if (now->kind != CUSTOM_CHOICE || custom_ready(c, c->arena, was, &before) < 0)
		return c->error->code;
	for (const struct choice *o = before.field.of; o->value; o++)
		if (!choice_find(now->field.of, o->value))
			return fail_field(c, "choices", ERR_CUSTOM_CHOICE_GONE, c->lang == LANG_EN ? o->en : o->zh);
	return 0;
}

/* {"do":"set","field":"x_floor"} */
static bool sets(struct ctx *c, struct yyjson_val *action, const void *name)
{
	return yyjson_equals_str(yyjson_obj_get(action, "do"), "set") && yyjson_equals_str(yyjson_obj_get(action, "field"), name);
}

/* A rule that can no longer do its work would only say so in the log. Conditions go on: the values are still there. */
static int check_unused(struct ctx *c, const struct custom_field *f)
{
	struct action_user user;
	TRY(action_user_of(c, f->object, sets, arena_format(c->arena, CUSTOM_PREFIX "%s", f->code), &user));
	return user.name ? fail(c, ERR_CUSTOM_USED, user.name) : 0;
}

static int check_readers(struct ctx *c, const struct custom *k)
{
	for (size_t i = 0; i < k->reader_count; i++) {
		struct role role;
		int r = role_row_get(c, k->readers[i], &role);
		if (r == ERR_NOT_FOUND)
			return fail_field(c, "readers", ERR_FIELD_REFERENCE, NULL);
		TRY(r);
	}
	return 0;
}

static int before(struct ctx *c, const void *old, void *row)
{
	const struct custom_field *was = old;
	struct custom_field *f = row;
	struct custom ready;
	if (!was)
		TRY(check_new(c, f));
	if (strcmp(f->kind, "choice"))
		f->choices = "[]";
	TRY(custom_ready(c, c->arena, f, &ready));
	if (was)
		TRY(check_choices(c, was, &ready));
	if (!was || !text_equal(was->readers, f->readers))
		TRY(check_readers(c, &ready));
	return was && !was->archived_at && f->archived_at ? check_unused(c, was) : 0;
}

/* Rules, policies and promises hold conditions over fields. */
static int after(struct ctx *c, const void *old, const void *row)
{
	for (int kind = DEFINITION_CLOCK; kind < DEFINITION_KINDS; kind++)
		TRY(definition_changed(c, (enum definition_kind)kind));
	return 0;
}

static const struct field fields[] = {
	CHOICE(custom_field, object,  L("档案", "Record"), .of = objects, .required = true, .fixed = true, .initial = "ticket"),
	CODE  (custom_field, name,    L("名称", "Name"), .required = true, .search = true, .most = 40),
	CODE  (custom_field, name_en, L("英文名称", "English name"), .search = true, .most = 40),
	CODE  (custom_field, code,    L("代号", "Code"), .fixed = true, .most = CUSTOM_CODE_MOST),
	CHOICE(custom_field, kind,    L("类型", "Kind"), .of = kinds, .required = true, .fixed = true, .initial = "text"),
	JSON  (custom_field, choices, L("选项", "Choices"), .initial = "[]", .hidden = true),
	FLAG  (custom_field, required, L("必填", "Required")),
	TEXT  (custom_field, hint,    L("填写说明", "Help text"), .most = 200, .hidden = true),
	TEXT  (custom_field, hint_en, L("英文填写说明", "Help text in English"), .most = 200, .hidden = true),
	JSON  (custom_field, readers, L("可见角色", "Roles that see it"), .initial = "[]", .hidden = true),
	JSON  (custom_field, scenes,  L("在哪些报修场景填写", "Reports that ask for it"), .initial = "[]", .hidden = true),
	COUNT (custom_field, place,   L("次序", "Order"), .sort = true),
};

const struct record custom_field_record = {
	.name = "custom_field", .label = L("自定义字段", "Custom field"), .plural = "Custom fields", .table = &table_custom_field, FIELDS(fields),
	.title = { "name" }, .default_sort = "place", .no_import = true, .before = before, .after = after,
};
