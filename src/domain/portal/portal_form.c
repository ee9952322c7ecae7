/* The report form: scenes, symptoms and safety steps of the industry pack, products of the company. Data, not code. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/api/readers.h"
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
	static const char *const parts[] = { "scenes", "safety", "times", "proof_kinds", "limits" };
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
