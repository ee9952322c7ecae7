/* Lists of actions: read, judged, run. */
#include "core/action/action.h"

#include <string.h>
#include <yyjson.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/services.h"

/* Records may have one of the same name each. */
static const struct action_kind *kind_named(const struct ctx *c, const struct record_model *m, const char *name)
{
	const struct action_kinds *all = &c->services->actions;
	for (size_t i = 0; name && i < all->n; i++)
		if (!strcmp(all->at[i]->name, name) && (!all->at[i]->only || all->at[i]->only == m->record))
			return all->at[i];
	return NULL;
}

static const char *kind_names(struct ctx *c)
{
	const struct action_kinds *all = &c->services->actions;
	struct text t = text_in(c->arena);
	for (size_t i = 0; i < all->n; i++)
		text_format(&t, "%s%s", i ? ", " : "", all->at[i]->name);
	return text_end(&t);
}

/* The members beside "do", as an object of their own. */
static const char *without_do(struct ctx *c, yyjson_val *v)
{
	struct text t = text_in(c->arena);
	yyjson_val *key;
	yyjson_obj_iter iter = yyjson_obj_iter_with(v);
	text_char(&t, '{');
	while ((key = yyjson_obj_iter_next(&iter))) {
		if (!strcmp(yyjson_get_str(key), "do"))
			continue;
		const char *value = json_value(c->arena, yyjson_obj_iter_get_val(key));
		text_append(&t, t.n > 1 ? "," : "");
		json_text(&t, yyjson_get_str(key));
		text_char(&t, ':');
		text_append(&t, value ? value : "null");
	}
	text_char(&t, '}');
	return text_end(&t);
}

/* Faults of one action, under its place in the list. */
static void pass_on(struct ctx *c, const char *place, const struct error *inner)
{
	for (const struct field_error *f = inner->fields; f; f = f->next)
		fail_field(c, arena_format(c->arena, "%s.%s", place, f->field), f->code, f->arg);
	if (!inner->fields && inner->code)
		fail_field(c, place, inner->code, inner->arg);
}

static int read_one(struct ctx *c, const struct record_model *m, yyjson_val *v, struct action *out)
{
	const char *name = yyjson_get_str(yyjson_obj_get(v, "do"));
	out->kind = kind_named(c, m, name);
	if (!out->kind)
		return fail_field(c, "do", name ? ERR_FIELD_CHOICE : ERR_FIELD_REQUIRED, kind_names(c));
	const char *json = without_do(c, v);
	void *in = arena_alloc(c->arena, out->kind->shape->size);
	TRY(json_read(c->arena, out->kind->shape, json, strlen(json), in, NULL, c->error));
	out->in = in;
	return out->kind->check ? out->kind->check(c, m, in) : 0;
}

static int read_all(struct ctx *c, const struct record_model *m, const char *member, yyjson_val *list, struct actions *out)
{
	struct error *outer = c->error;
	struct action *all = ARENA_ARRAY(c->arena, struct action, yyjson_arr_size(list) + 1);
	for (size_t i = 0; i < yyjson_arr_size(list); i++) {
		struct error inner = { 0 };
		c->error = &inner;
		int r = read_one(c, m, yyjson_arr_get(list, i), &all[i]);
		c->error = outer;
		if (r < 0 && !inner.code)
			inner.code = r;
		if (inner.code)
			pass_on(c, arena_format(c->arena, "%s[%zu]", member, i), &inner);
	}
	*out = (struct actions){ all, yyjson_arr_size(list) };
	return c->error->code;
}

int actions_read(struct ctx *c, const struct record_model *m, const char *member, const char *json, struct actions *out)
{
	*out = (struct actions){ 0 };
	yyjson_doc *doc = json && strlen(json) <= ACTIONS_BYTES_MOST ? yyjson_read(json, strlen(json), 0) : NULL;
	yyjson_val *list = yyjson_doc_get_root(doc);
	size_t n = yyjson_arr_size(list);
	int r;
	if (!yyjson_is_arr(list) || n > ACTIONS_MOST)
		r = (fail_field(c, member, n > ACTIONS_MOST ? ERR_FIELD_TOO_LARGE : ERR_FIELD_TYPE, n > ACTIONS_MOST ? "20" : "[{\"do\":…}]"), c->error->code);
	else if (n == 0)
		r = (fail_field(c, member, ERR_FIELD_REQUIRED, NULL), c->error->code);
	else
		r = read_all(c, m, member, list, out);
	yyjson_doc_free(doc);
	return r;
}

static int version_of(struct ctx *c, const struct acting *on, int64_t *version)
{
	void *row = arena_alloc(c->arena, on->model->record->table->row->size);
	TRY(record_get(c, on->model->record, on->id, row));
	*version = *member_int(on->model->version, row);
	return 0;
}

int actions_run(struct ctx *c, const struct actions *all, int64_t version, struct acting *on)
{
	on->made = text_in(c->arena);
	if (!on->cause)
		TRY(version_of(c, on, &on->version_before));
	TRY(require(c, !version || version == on->version_before, ERR_VERSION_CONFLICT, NULL));
	for (size_t i = 0; i < all->n; i++)
		TRY(all->at[i].kind->run(c, on, all->at[i].in));
	if (!on->cause)
		TRY(version_of(c, on, &on->version_after));
	text_append(&on->made, on->made.n ? "]" : "[]");
	return 0;
}

int acting_made(struct ctx *c, struct acting *on, const char *object, int64_t id)
{
	text_format(&on->made, "%s[\"%s\",\"%lld\"]", on->made.n ? "," : "[", object, (long long)id);
	return 0;
}

static void write_kind(struct text *t, const struct action_kind *k)
{
	text_format(t, "%s{\"name\":\"%s\",\"label\":", t->p[t->n - 1] == '[' ? "" : ",", k->name);
	json_label(t, k->label.zh, k->label.en);
	text_append(t, ",\"members\":[");
	for (size_t i = 0; i < k->shape->count; i++) {
		const struct member *member = &k->shape->members[i];
		text_format(t, "%s{\"name\":\"%s\",\"type\":\"%s\",\"required\":%s,\"choices\":[", i ? "," : "", member->name, type_name(member->type),
		            member->flags & MEMBER_REQUIRED ? "true" : "false");
		for (const struct choice *o = member->choices; o && o->value; o++) {
			text_format(t, "%s{\"value\":\"%s\",\"label\":", o == member->choices ? "" : ",", o->value);
			json_label(t, o->zh, o->en);
			text_char(t, '}');
		}
		text_append(t, "]}");
	}
	text_append(t, "]}");
}

void actions_write_kinds(struct ctx *c, const struct record_model *m, struct text *out)
{
	const struct action_kinds *all = &c->services->actions;
	text_char(out, '[');
	for (size_t i = 0; i < all->n; i++)
		if (!all->at[i]->only || all->at[i]->only == m->record)
			write_kind(out, all->at[i]);
	text_char(out, ']');
}
