/* The report form: scenes, symptoms and safety steps of the industry pack as the company has them, its products. Data, not code. */
#include <string.h>

#include "base/json.h"
#include "base/json_private.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/custom/custom.h"
#include "core/form/form.h"
#include "domain/portal/portal.h"
#include "gen/portal_sql.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"

static bool asks(yyjson_mut_val *scene, const struct custom *k)
{
	yyjson_doc *doc = yyjson_read(k->scenes, strlen(k->scenes), 0);
	yyjson_val *v;
	size_t i, n;
	bool found = false;
	yyjson_arr_foreach(yyjson_doc_get_root(doc), i, n, v)
		found = found || yyjson_mut_equals_str(yyjson_mut_obj_get(scene, "name"), yyjson_get_str(v));
	yyjson_doc_free(doc);
	return found;
}

static yyjson_mut_val *label_of(yyjson_mut_doc *doc, struct label l)
{
	yyjson_mut_val *v = yyjson_mut_obj(doc);
	yyjson_mut_obj_add_str(doc, v, "zh", l.zh);
	yyjson_mut_obj_add_str(doc, v, "en", l.en);
	return v;
}

static yyjson_mut_val *question_of(yyjson_mut_doc *doc, const struct custom *k)
{
	static const char *const types[] = { [CUSTOM_TEXT] = "text", [CUSTOM_NUMBER] = "number", [CUSTOM_DAY] = "day", [CUSTOM_FLAG] = "yes_no", [CUSTOM_CHOICE] = "choice" };
	yyjson_mut_val *v = yyjson_mut_obj(doc), *choices = yyjson_mut_arr(doc);
	yyjson_mut_obj_add_str(doc, v, "name", k->field.name);
	yyjson_mut_obj_add_str(doc, v, "type", types[k->kind]);
	yyjson_mut_obj_add_val(doc, v, "label", label_of(doc, k->field.label));
	yyjson_mut_obj_add_val(doc, v, "hint", *k->hint.zh ? label_of(doc, k->hint) : yyjson_mut_null(doc));
	yyjson_mut_obj_add_bool(doc, v, "required", k->field.required);
	yyjson_mut_obj_add_bool(doc, v, "sealed", false);
	yyjson_mut_obj_add_int(doc, v, "most", k->kind == CUSTOM_TEXT ? CUSTOM_TEXT_MOST : 16);
	for (size_t i = 0; k->field.of && k->field.of[i].value; i++) {
		if (k->retired[i])
			continue;
		yyjson_mut_val *one = yyjson_mut_arr_add_obj(doc, choices);
		yyjson_mut_obj_add_str(doc, one, "value", k->field.of[i].value);
		yyjson_mut_obj_add_val(doc, one, "label", label_of(doc, (struct label){ k->field.of[i].zh, k->field.of[i].en }));
	}
	yyjson_mut_obj_add_val(doc, v, "choices", choices);
	return v;
}

/* What is asked; staff get all that was ever asked, for tickets hold answers to it. */
struct telling {
	struct form form;
	yyjson_mut_doc *doc;
	bool all;
};

static yyjson_mut_val *asked(const struct telling *f, yyjson_val *list)
{
	return f->all ? yyjson_val_mut_copy(f->doc, list) : form_asked(f->doc, list);
}

static void write_value(struct ctx *c, struct text *t, const char *name, yyjson_mut_val *v)
{
	yyjson_alc memory = json_memory_of(c->arena);
	text_format(t, ",\"%s\":%s", name, v ? yyjson_mut_val_write_opts(v, 0, &memory, NULL, NULL) : "[]");
}

/* The scenes of the form, each with the fields of tickets that the company asks there besides. */
static int write_scenes(struct ctx *c, struct text *t, const struct telling *f)
{
	struct customs all;
	struct ctx customer = *c;
	customer.actor_kind = ACTOR_CUSTOMER;
	customer.auth = NULL;
	TRY(customs_of(c, model_of(c, &ticket_record), &all));
	yyjson_mut_val *scenes = asked(f, f->form.scenes), *scene;
	size_t i, n;
	yyjson_mut_arr_foreach(scenes, i, n, scene)
		for (size_t k = 0; k < all.n; k++)
			if (!all.at[k].archived && !all.at[k].reader_count && custom_may_read(&customer, &all.at[k]) && asks(scene, &all.at[k]))
				yyjson_mut_arr_append(yyjson_mut_obj_get(scene, "fields"), question_of(f->doc, &all.at[k]));
	write_value(c, t, "scenes", scenes);
	return 0;
}

static int write_products(struct ctx *c, struct text *t, const struct telling *f)
{
	struct product *rows;
	size_t n;
	TRY(products_all(c, &rows, &n));
	text_append(t, ",\"products\":[");
	for (size_t i = 0; i < n; i++) {
		yyjson_val *symptoms = yyjson_obj_get(f->form.symptoms, rows[i].code);
		text_format(t, "%s{\"id\":\"%lld\",\"code\":", i ? "," : "", (long long)rows[i].id);
		json_text(t, rows[i].code);
		text_append(t, ",\"name\":");
		json_label(t, rows[i].name, rows[i].name_en);
		write_value(c, t, "symptoms", symptoms ? asked(f, symptoms) : NULL);
		text_char(t, '}');
	}
	text_char(t, ']');
	return 0;
}

static int write_form(struct ctx *c, bool all, const char **out)
{
	yyjson_alc memory = json_memory_of(c->arena);
	struct telling f = { .doc = yyjson_mut_doc_new(&memory), .all = all };
	struct tenant tenant;
	struct text t = text_in(c->arena);
	TRY(form_of(c, &f.form));
	TRY(tenant_row_get(c, &tenant));
	text_append(&t, "{\"tenant\":{\"name\":");
	json_label(&t, tenant.name, NULL);
	text_append(&t, ",\"hotline\":");
	json_text(&t, tenant.service_phone);
	text_format(&t, ",\"code\":\"%s\",\"logo\":\"%lld\"", tenant.code, (long long)tenant.logo_id);
	text_char(&t, '}');
	TRY(write_scenes(c, &t, &f));
	static const char *const parts[] = { "safety", "times", "proof_kinds", "limits" };
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		text_format(&t, ",\"%s\":%s", parts[i], json_value(c->arena, yyjson_obj_get(pack_json(f.form.pack, PACK_FORM), parts[i])));
	TRY(write_products(c, &t, &f));
	text_format(&t, ",\"words\":%s}", form_words(c, &f.form));
	*out = text_end(&t);
	return 0;
}

struct form_in {
	const char *tenant;
};
static const struct member form_members[] = { MEMBER(struct form_in, tenant, code, .most = 40) };
static const struct shape form_shape = SHAPE("form_query", struct form_in, form_members);

static int form(struct ctx *c, const void *in, void *out)
{
	TRY(portal_company(c, ((const struct form_in *)in)->tenant));
	TRY(db_set_tenant(c->db, c->tenant));
	return write_form(c, false, &((struct raw_out *)out)->raw);
}

static int form_for_staff(struct ctx *c, const void *in, void *out)
{
	return write_form(c, true, &((struct raw_out *)out)->raw);
}

const struct route portal_form_routes[] = {
	ROUTE(GET, "/api/v1/my/form", FOR_ANYBODY, POOL, .in = &form_shape, .out = &raw_shape, .run = form, .zh = "报修表单", .en = "The report form"),
	ROUTE(GET, "/api/v1/report_form/now", "ticket.read", POOL, .out = &raw_shape, .run = form_for_staff,
	      .zh = "报修表单：现在的表单，包括停用的题目", .en = "Report form: the one in force, with what is no longer asked"),
};
const size_t portal_form_route_count = sizeof(portal_form_routes) / sizeof(portal_form_routes[0]);
