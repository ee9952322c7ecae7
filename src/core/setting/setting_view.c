/* From rows of the table and of the company to the JSON of the API. */
#include "core/setting/setting_view.h"

#include <string.h>

#include "core/api/actor.h"
#include "core/auth/auth.h"
#include "core/services.h"

static const struct choice scopes[] = { { "server", "服务器", "Server" }, { "company", "企业", "Company" }, { 0 } };
static const struct choice types[] = { { "number", "数字", "Number" }, { "flag", "是否", "Yes or no" }, { "choice", "选项", "Choice" }, { 0 } };
static const struct choice sources[] = {
	{ "default", "默认", "Default" }, { "file", "文件", "File" }, { "environment", "环境变量", "Environment" },
	{ "command_line", "命令行", "Command line" }, { "company", "企业", "Company" }, { 0 },
};
static const struct choice moments[] = { { "at_once", "立即", "At once" }, { "restart", "重启后", "After a restart" }, { 0 } };

static const struct member words_members[] = {
	MEMBER(struct setting_words, zh, text, .flags = MEMBER_REQUIRED), MEMBER(struct setting_words, en, text, .flags = MEMBER_REQUIRED),
};
const struct shape setting_words_shape = SHAPE("words", struct setting_words, words_members);

static const struct member choice_members[] = {
	MEMBER(struct setting_choice, value, code, .flags = MEMBER_REQUIRED),
	MEMBER(struct setting_choice, label, shape, .shape = &setting_words_shape, .flags = MEMBER_REQUIRED),
};
static const struct shape choice_shape = SHAPE("setting_choice", struct setting_choice, choice_members);

#define CODE_OF(member, list) MEMBER(struct setting_view, member, code, .flags = MEMBER_REQUIRED, .choices = list)
#define WORDS_OF(member) MEMBER(struct setting_view, member, shape, .shape = &setting_words_shape, .flags = MEMBER_REQUIRED)
#define INT_OF(member, kind) MEMBER(struct setting_view, member, kind, .flags = MEMBER_REQUIRED)
static const struct member view_members[] = {
	INT_OF(name, code), INT_OF(group, code), CODE_OF(scope, scopes), CODE_OF(type, types), INT_OF(unit, code),
	INT_OF(value, raw), { .name = "default", .type = TYPE_raw, .offset = offsetof(struct setting_view, fallback), .flags = MEMBER_REQUIRED },
	INT_OF(least, i64), INT_OF(most, i64), CODE_OF(source, sources), CODE_OF(applies, moments), MEMBER(struct setting_view, permission, text),
	INT_OF(changeable, flag), INT_OF(version, count), WORDS_OF(label), WORDS_OF(help),
	MEMBER(struct setting_view, unit_label, shape, .shape = &setting_words_shape, .flags = MEMBER_NULLABLE),
	MEMBER(struct setting_view, choices, list, .shape = &choice_shape, .flags = MEMBER_REQUIRED),
	INT_OF(changed_at, time_ms), INT_OF(changed_by, raw),
};
const struct shape setting_view_shape = SHAPE("setting", struct setting_view, view_members);

static struct setting_words *words(struct ctx *c, const char *zh, const char *en)
{
	struct setting_words *w = ARENA_NEW(c->arena, struct setting_words);
	*w = (struct setting_words){ zh, en };
	return w;
}

static struct list choices_of(struct ctx *c, const struct setting_def *def)
{
	size_t n = def->kind == SETTING_CHOICE ? (size_t)def->most + 1 : 0;
	struct setting_choice *all = ARENA_ARRAY(c->arena, struct setting_choice, n + 1);
	for (size_t i = 0; i < n; i++)
		all[i] = (struct setting_choice){ def->choices[i].value, words(c, def->choices[i].zh, def->choices[i].en) };
	return (struct list){ all, n };
}

static const char *source_of(struct ctx *c, const struct setting_state *s)
{
	const struct settings *all = c->services->settings;
	return s->own ? "company" : sources[all ? settings_server(all)->source[s->id] : FROM_DEFAULT].value;
}

static const char *changer_of(struct ctx *c, const struct setting_state *s, const struct titles *users)
{
	struct text t = text_in(c->arena);
	if (!s->version)
		return "null";
	actor_json(&t, s->changed_kind, s->changed_by, users);
	return text_end(&t);
}

static struct setting_view view_of(struct ctx *c, const struct setting_state *s, const struct titles *users)
{
	const struct setting_def *def = &setting_defs[s->id];
	bool is_own = def->whose == SETTING_COMPANY;
	return (struct setting_view){
		.name = def->name, .group = arena_string_n(c->arena, def->name, strcspn(def->name, ".")), .scope = scopes[is_own].value,
		.type = types[def->kind].value, .unit = setting_unit_name(def->unit), .value = setting_json(c->arena, def, s->value),
		.fallback = setting_json(c->arena, def, s->fallback), .least = def->least, .most = def->most, .source = source_of(c, s),
		.applies = moments[!is_own].value, .permission = def->right, .changeable = is_own && may(c, def->right), .version = s->version,
		.label = words(c, def->zh, def->en), .help = words(c, def->help_zh, def->help_en), .choices = choices_of(c, def),
		.unit_label = def->unit == UNIT_NONE ? NULL : words(c, setting_unit_text(def->unit, LANG_ZH), setting_unit_text(def->unit, LANG_EN)),
		.changed_at = s->changed_at, .changed_by = changer_of(c, s, users),
	};
}

int setting_views(struct ctx *c, const struct setting_state *states, size_t n, struct setting_view **out)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n);
	struct titles users;
	for (size_t i = 0; i < n; i++)
		ids[i] = states[i].changed_kind == ACTOR_USER ? states[i].changed_by : 0;
	TRY(actor_titles(c, ids, n, &users));
	*out = ARENA_ARRAY(c->arena, struct setting_view, n);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = view_of(c, &states[i], &users);
	return 0;
}
