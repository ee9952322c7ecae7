/* The report form: scenes, symptoms and safety steps of the industry pack, products of the company. Data, not code. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/readers.h"
#include "core/custom/custom.h"
#include "core/pack/packs.h"
#include "domain/portal/portal.h"
#include "gen/portal_sql.h"
#include "gen/schema.h"
#include "gen/sign_in_sql.h"

static void write_part(struct text *t, yyjson_val *pack, const char *name)
{
	size_t n;
	char *json = yyjson_val_write(yyjson_obj_get(pack, name), 0, &n);
	text_format(t, ",\"%s\":", name);
	text_append_n(t, json, n);
	free(json);
}

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

/* The scenes of the pack, each with what the company asks there besides. */
static int write_scenes(struct ctx *c, struct text *t, yyjson_val *pack)
{
	struct customs all;
	struct ctx customer = *c;
	customer.actor_kind = ACTOR_CUSTOMER;
	customer.auth = NULL;
	TRY(customs_of(c, model_of(c, &ticket_record), &all));
	yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
	yyjson_mut_val *scenes = yyjson_val_mut_copy(doc, yyjson_obj_get(pack, "scenes")), *scene;
	size_t i, n;
	yyjson_mut_arr_foreach(scenes, i, n, scene)
		for (size_t k = 0; k < all.n; k++)
			if (!all.at[k].archived && !all.at[k].reader_count && custom_may_read(&customer, &all.at[k]) && asks(scene, &all.at[k]))
				yyjson_mut_arr_append(yyjson_mut_obj_get(scene, "fields"), question_of(doc, &all.at[k]));
	char *json = yyjson_mut_val_write(scenes, 0, &n);
	text_append(t, ",\"scenes\":");
	text_append_n(t, json, n);
	free(json);
	yyjson_mut_doc_free(doc);
	return 0;
}

static void write_symptoms(struct text *t, yyjson_val *pack, const char *product)
{
	yyjson_val *list = yyjson_obj_get(yyjson_obj_get(pack, "symptoms"), product);
	size_t n;
	char *json = list ? yyjson_val_write(list, 0, &n) : NULL;
	text_append(t, ",\"symptoms\":");
	if (json)
		text_append_n(t, json, n);
	else
		text_append(t, "[]");
	free(json);
}

static int write_products(struct ctx *c, struct text *t, yyjson_val *pack)
{
	struct product *rows;
	size_t n;
	TRY(products_all(c, &rows, &n));
	text_append(t, ",\"products\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(t, "%s{\"id\":\"%lld\",\"code\":", i ? "," : "", (long long)rows[i].id);
		json_text(t, rows[i].code);
		text_append(t, ",\"name\":");
		json_label(t, rows[i].name, rows[i].name_en);
		write_symptoms(t, pack, rows[i].code);
		text_char(t, '}');
	}
	text_char(t, ']');
	return 0;
}

static int write_form(struct ctx *c, const struct pack *of, const char **out)
{
	yyjson_val *pack = pack_json(of, PACK_FORM);
	struct tenant tenant;
	struct text t = text_in(c->arena);
	TRY(tenant_row_get(c, &tenant));
	text_append(&t, "{\"tenant\":{\"name\":");
	json_label(&t, tenant.name, NULL);
	text_append(&t, ",\"hotline\":");
	json_text(&t, tenant.service_phone);
	text_format(&t, ",\"code\":\"%s\",\"logo\":\"%lld\"", tenant.code, (long long)tenant.logo_id);
	text_char(&t, '}');
	TRY(write_scenes(c, &t, pack));
	static const char *const parts[] = { "safety", "times", "proof_kinds", "limits" };
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		write_part(&t, pack, parts[i]);
	TRY(write_products(c, &t, pack));
	text_format(&t, ",\"words\":%s", json_value(c->arena, pack_json(of, PACK_WORDS)));
	text_char(&t, '}');
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
	const struct pack *pack;
	TRY(pack_of(c, &pack));
	return write_form(c, pack, &((struct raw_out *)out)->raw);
}

const struct route portal_form_routes[] = {
	ROUTE(GET, "/api/v1/my/form", FOR_ANYBODY, POOL, .in = &form_shape, .out = &raw_shape, .run = form, .zh = "报修表单", .en = "The report form"),
};
const size_t portal_form_route_count = 1;
