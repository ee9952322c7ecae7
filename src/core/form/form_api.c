/* Report forms over HTTP: what they lie over, and what a draft would change for customers. */
#include "base/json.h"
#include "core/api/api.h"
#include "core/api/call.h"
#include "core/auth/auth.h"
#include "core/form/form_set.h"
#include "gen/schema.h"

static int find_pack(struct ctx *c, const char *name, const struct pack **out)
{
	if (text_empty(name))
		return pack_of(c, out);
	*out = pack_find(name);
	return require(c, *out != NULL, ERR_NOT_FOUND, NULL);
}

struct base_in {
	const char *pack;
};
static const struct member base_members[] = { MEMBER(struct base_in, pack, code, .most = 40) };
static const struct shape base_shape = SHAPE("report_form_base_query", struct base_in, base_members);

static void write_packs(struct ctx *c, struct text *t)
{
	text_append(t, ",\"packs\":[");
	for (const struct pack *p = packs; p->name; p++)
		text_format(t, "%s{\"value\":\"%s\",\"label\":%s}", p == packs ? "" : ",", p->name, json_value(c->arena, yyjson_obj_get(pack_json(p, PACK_WORDS), "name")));
	text_char(t, ']');
}

/* All that a company with this pack could ask; what is off is not asked unless the company says so. */
static int base(struct ctx *c, const void *in, void *out)
{
	const struct pack *pack;
	struct text t = text_in(c->arena);
	TRY(find_pack(c, ((const struct base_in *)in)->pack, &pack));
	const struct form *f = form_base(pack);
	text_format(&t, "{\"pack\":\"%s\",\"scenes\":%s,\"symptoms\":%s", pack->name, json_value(c->arena, f->scenes), json_value(c->arena, f->symptoms));
	write_packs(c, &t);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

struct try_in {
	const char *pack, *scenes, *symptoms;
};
static const struct member try_members[] = {
	MEMBER(struct try_in, pack, code, .most = 40), MEMBER(struct try_in, scenes, json), MEMBER(struct try_in, symptoms, json),
};
static const struct shape try_shape = SHAPE("report_form_try", struct try_in, try_members);

static int try_out(struct ctx *c, const void *in, void *out)
{
	const struct try_in *v = in;
	const struct pack *pack;
	struct form was, now;
	struct text t = text_in(c->arena);
	TRY(find_pack(c, v->pack, &pack));
	struct report_form row = { .pack = pack->name, .scenes = v->scenes ? v->scenes : "[]", .symptoms = v->symptoms ? v->symptoms : "{}" };
	TRY(form_of_pack(c, pack, &was));
	TRY(form_read(c, c->arena, &row, &now));
	text_char(&t, '{');
	form_write_changes(c, &was, &now, &t);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route form_routes[] = {
	ROUTE(GET, "/api/v1/report_form/base", "report_form.read", POOL, .in = &base_shape, .out = &raw_shape, .run = base,
	      .zh = "报修表单：行业包里的表单", .en = "Report form: what the pack asks and what else could be asked"),
	ROUTE(POST, "/api/v1/report_form/try", "report_form.read", POOL, .body = BODY_JSON, .flags = ROUTE_NO_KEY, .in = &try_shape, .out = &raw_shape, .run = try_out,
	      .zh = "报修表单：试看，客户看到的会有什么不同", .en = "Report form: what a draft would change for customers"),
};
const size_t form_route_count = sizeof(form_routes) / sizeof(form_routes[0]);
