/* What the generic pages are drawn from: records, fields, choices, flows, and the words for permissions. */
#include "core/api/meta.h"

#include <string.h>

#include "base/json.h"
#include "core/api/call.h"
#include "core/condition/condition_fields.h"
#include "core/custom/custom.h"
#include "core/flow/flow.h"
#include "core/form/form.h"
#include "core/io/import.h"
#include "core/notify/holders.h"
#include "core/services.h"
#include "core/setting/settings.h"

static const char *const kind_names[] = {
	[FIELD_CODE] = "code", [FIELD_TEXT] = "text", [FIELD_CHOICE] = "choice", [FIELD_REF] = "ref", [FIELD_DAY] = "day",
	[FIELD_TIME] = "time", [FIELD_MONEY] = "money", [FIELD_COUNT] = "count", [FIELD_INT] = "int", [FIELD_REAL] = "real",
	[FIELD_FLAG] = "flag", [FIELD_JSON] = "json", [FIELD_BYTES] = "bytes", [FIELD_NAME] = "name", [FIELD_PHONE] = "phone",
	[FIELD_EMAIL] = "email", [FIELD_PLACE] = "place", [FIELD_SEALED] = "sealed",
	[FIELD_TAGS] = "tags",
};

/* In the words of the company's industry; scenes as the company's report form calls them. */
static void write_label(struct ctx *c, struct text *t, const struct form *say, const char *path, struct label plain)
{
	struct label said = { NULL, NULL };
	if (!strncmp(path, FORM_SCENE_PATH, strlen(FORM_SCENE_PATH)))
		said = form_scene_label(say, path + strlen(FORM_SCENE_PATH));
	if (!said.zh)
		said = pack_label(c->arena, say->pack, path, plain);
	json_label(t, said.zh, said.en);
}

static void write_choices(struct ctx *c, struct text *t, const struct form *say, const char *path, const struct choice *of, const bool *retired)
{
	text_char(t, '[');
	for (const struct choice *o = of; o && o->value; o++) {
		text_format(t, "%s{\"value\":\"%s\",\"label\":", o == of ? "" : ",", o->value);
		write_label(c, t, say, arena_format(c->arena, "%s.%s", path, o->value), (struct label){ o->zh, o->en });
		text_append(t, ",\"mark\":");
		json_text(t, o->mark);
		if (o->asks)
			text_format(t, ",\"asks\":\"%s\"", o->asks);
		text_append(t, retired && retired[o - of] ? ",\"retired\":true}" : "}");
	}
	text_char(t, ']');
}

static void write_flag(struct text *t, const char *name, bool value)
{
	text_format(t, ",\"%s\":%s", name, value ? "true" : "false");
}

/* stages: of the record's flow, where the field is the one that says which of them a row is in; else NULL. */
static int write_field(struct ctx *c, struct text *t, const struct form *say, const struct record *r, const struct field *f, const struct custom *k, const struct flow *stages)
{
	const char *path = arena_format(c->arena, "%s.%s", r->name, f->name);
	text_format(t, "{\"name\":\"%s\",\"type\":\"%s\",\"label\":", f->name, stages ? "choice" : kind_names[f->kind]);
	write_label(c, t, say, path, f->label);
	write_flag(t, "required", f->required);
	write_flag(t, "sortable", f->sort);
	write_flag(t, "filterable", !field_is_sealed(f) ? f->kind != FIELD_JSON && f->kind != FIELD_BYTES && f->kind != FIELD_TAGS : f->search);
	write_flag(t, "searchable", f->search);
	write_flag(t, "masked", field_masked_for(c, r->name, f));
	write_flag(t, "sealed", field_is_sealed(f));
	write_flag(t, "system", f->system || f->series);
	write_flag(t, "fixed", f->fixed);
	write_flag(t, "unique", f->unique);
	write_flag(t, "hidden", f->hidden);
	text_append(t, ",\"condition\":");
	json_text(t, stages ? "choice" : condition_type(f));
	text_format(t, ",\"least\":%lld,\"most\":%lld,\"to\":", (long long)f->least, (long long)f->most);
	json_text(t, f->to ? f->to->name : NULL);
	text_append(t, ",\"initial\":");
	json_text(t, f->initial);
	text_append(t, ",\"choices\":");
	if (stages)
		flow_write_stages(stages, t);
	else
		write_choices(c, t, say, path, f->of, k ? k->retired : NULL);
	if (k) {
		write_flag(t, "archived", k->archived);
		text_append(t, ",\"hint\":");
		json_label(t, k->hint.zh, k->hint.en);
		text_format(t, ",\"scenes\":%s,\"custom\":true", k->scenes);
	}
	if (f->offers) {
		text_append(t, ",\"offers\":[");
		TRY(f->offers(c, t));
		text_char(t, ']');
	}
	text_char(t, '}');
	return 0;
}

/* What the company defines, after what the product does. Who may not see a field does not learn of it. */
static int write_customs(struct ctx *c, struct text *t, const struct form *say, const struct record_model *m, const struct customs *all)
{
	for (size_t i = 0; i < all->n; i++) {
		if (all->at[i].model != m || !custom_may_read(c, &all->at[i]))
			continue;
		text_char(t, ',');
		TRY(write_field(c, t, say, m->record, &all->at[i].field, &all->at[i], NULL));
	}
	return 0;
}

static void write_verbs(struct ctx *c, struct text *t, const char *record)
{
	static const char *const verbs[] = { "read", "create", "change", "archive", "reveal", "export", "import" };
	bool any = false;
	text_char(t, '[');
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!may(c, arena_format(c->arena, "%s.%s", record, verbs[i])))
			continue;
		text_format(t, "%s\"%s\"", any ? "," : "", verbs[i]);
		any = true;
	}
	text_char(t, ']');
}

static int write_record(struct ctx *c, struct text *t, const struct form *say, const struct record_model *m, const struct customs *custom, const struct flow *flow)
{
	const struct record *r = m->record;
	bool any = false;
	text_format(t, "{\"name\":\"%s\",\"label\":", r->name);
	write_label(c, t, say, r->name, r->label);
	text_append(t, ",\"plural\":");
	write_label(c, t, say, arena_format(c->arena, "%s.plural", r->name), (struct label){ r->label.zh, r->plural ? r->plural : r->label.en });
	text_append(t, ",\"fields\":[");
	for (size_t i = 0; i < r->field_count; i++) {
		if (i == m->custom_field)
			continue;
		text_append(t, any ? "," : "");
		TRY(write_field(c, t, say, r, &r->fields[i], NULL, flow && text_equal(flow->stage, r->fields[i].name) ? flow : NULL));
		any = true;
	}
	TRY(write_customs(c, t, say, m, custom));
	text_append(t, "],\"title\":[");
	for (size_t i = 0; i < m->title_count; i++)
		text_format(t, "%s\"%s\"", i ? "," : "", r->title[i]);
	text_format(t, "],\"default_sort\":\"%s\"", r->default_sort ? r->default_sort : "-created_at");
	text_format(t, ",\"sorts\":[\"created_at\"%s]", m->updated_at ? ",\"updated_at\"" : "");
	write_flag(t, "creatable", !r->read_only && !r->no_create);
	write_flag(t, "changeable", !r->read_only);
	write_flag(t, "archivable", !r->read_only && m->archived_at);
	write_flag(t, "importable", record_is_imported(r));
	text_append(t, ",\"flow\":");
	json_text(t, r->flow ? r->name : NULL);
	text_append(t, ",\"permissions\":");
	write_verbs(c, t, r->name);
	text_char(t, '}');
	return 0;
}

/* What an import brings and nothing else knows: its fields, and which of them names a file beside the sheet. */
static int write_target(struct ctx *c, struct text *t, const struct form *say, const struct record *r)
{
	text_format(t, "{\"name\":\"%s\",\"label\":", r->name);
	write_label(c, t, say, r->name, r->label);
	text_append(t, ",\"fields\":[");
	for (size_t i = 0; i < r->field_count; i++) {
		text_append(t, i ? "," : "");
		TRY(write_field(c, t, say, r, &r->fields[i], NULL, NULL));
	}
	text_append(t, "],\"file_of\":");
	json_text(t, r->file_of);
	text_format(t, ",\"permissions\":[%s]}", may(c, import_right(c, r->name)) ? "\"import\"" : "");
	return 0;
}

struct offer {
	const char **words;
	size_t n;
};

static void offer(struct offer *o, const char *word)
{
	for (size_t i = 0; i < o->n; i++)
		if (!strcmp(o->words[i], word))
			return;
	if (strchr(word, '.'))
		o->words[o->n++] = word;
}

static size_t most_offered(const struct registry *r, size_t route_count, size_t verb_count)
{
	size_t most = route_count + 4 + r->count * verb_count;
	for (size_t i = 0; i < r->count; i++)
		most += r->models[i].record->flow ? r->models[i].record->flow->move_count : 0;
	return most;
}

/* Every permission that a record, a route or a move asks for, once each, for the role editor. */
static void write_permissions(struct ctx *c, struct text *t)
{
	static const char *const verbs[] = { "read", "create", "change", "archive", "reveal", "export", "import" };
	const size_t verb_count = sizeof(verbs) / sizeof(verbs[0]);
	const struct registry *r = &c->services->registry;
	size_t route_count;
	const struct route *routes = api_routes(c->call->http->user, &route_count);
	struct offer all = { .words = ARENA_ARRAY(c->arena, const char *, most_offered(r, route_count, verb_count)) };
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; k < verb_count; k++)
			offer(&all, arena_format(c->arena, "%s.%s", r->models[i].record->name, verbs[k]));
	for (size_t i = 0; i < route_count; i++)
		offer(&all, routes[i].permission);
	for (size_t i = 0; i < r->count; i++)
		for (size_t k = 0; r->models[i].record->flow && k < r->models[i].record->flow->move_count; k++)
			offer(&all, r->models[i].record->flow->moves[k].permission);
	offer(&all, SUPERVISE);
	offer(&all, "macro.share");
	offer(&all, "view.share");      /* these the record and the setting ask for themselves */
	offer(&all, "setting.security");
	for (size_t i = 0; i < all.n; i++)
		text_format(t, "%s\"%s\"", i ? "," : "[", all.words[i]);
	text_char(t, ']');
}

/* The values in force, for pages that say beforehand what would be refused. */
static void write_settings(struct ctx *c, struct text *t)
{
	bool any = false;
	for (int i = 0; i < SETTING_COUNT; i++) {
		if (setting_defs[i].whose != SETTING_COMPANY)
			continue;
		text_format(t, "%s\"%s\":%s", any ? "," : "", setting_defs[i].name, setting_json(c->arena, &setting_defs[i], setting_of(c, (enum setting_id)i)));
		any = true;
	}
}

/* By the place of the record in the registry; NULL where it has none. */
static int flows_of(struct ctx *c, const struct registry *r, const struct flow **out)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->models[i].record->flow)
			TRY(flow_of(c, r->models[i].record->flow, &out[i]));
	return 0;
}

static int meta(struct ctx *c, const void *in, void *out)
{
	const struct registry *r = &c->services->registry;
	const struct flow **flows = ARENA_ARRAY(c->arena, const struct flow *, r->count + 1);
	struct form say;
	struct text t = text_in(c->arena);
	struct customs custom;
	TRY(form_of(c, &say));
	TRY(customs_of(c, NULL, &custom));
	TRY(flows_of(c, r, flows));
	text_append(&t, "{\"records\":[");
	for (size_t i = 0; i < r->count; i++) {
		text_append(&t, i ? "," : "");
		TRY(write_record(c, &t, &say, &r->models[i], &custom, flows[i]));
	}
	text_append(&t, "],\"targets\":[");
	for (size_t i = 0; i < c->services->targets.count; i++) {
		text_append(&t, i ? "," : "");
		TRY(write_target(c, &t, &say, c->services->targets.models[i].record));
	}
	text_append(&t, "],\"flows\":[");
	bool any = false;
	for (size_t i = 0; i < r->count; i++) {
		if (!flows[i])
			continue;
		text_append(&t, any ? "," : "");
		flow_write(c, say.pack, flows[i], &t);
		any = true;
	}
	text_append(&t, "],\"settings\":{");
	write_settings(c, &t);
	text_format(&t, "},\"words\":%s,\"permissions\":", form_words(c, &say));
	write_permissions(c, &t);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route meta_routes[] = {
	ROUTE(GET, "/api/v1/meta", FOR_STAFF, POOL, .out = &raw_shape, .run = meta, .zh = "档案与流程的定义", .en = "Definitions of records and flows"),
};
const size_t meta_route_count = sizeof(meta_routes) / sizeof(meta_routes[0]);
