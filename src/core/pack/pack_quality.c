/* Rules of quality inspection that packs bring. Phrases are lists in the file, one a line in the row. */
#include "core/pack/pack_kinds.h"
#include "core/services.h"
#include "gen/schema.h"

static const char *lines(struct ctx *c, yyjson_val *v, const char *name)
{
	struct text t = text_in(c->arena);
	yyjson_val *line;
	size_t i, n;
	yyjson_arr_foreach(yyjson_obj_get(v, name), i, n, line) {
		text_append(&t, i ? "\n" : "");
		text_append(&t, yyjson_get_str(line));
	}
	return text_end(&t);
}

static int64_t number(yyjson_val *v, const char *name, int64_t otherwise)
{
	yyjson_val *n = yyjson_obj_get(v, name);
	return n ? yyjson_get_sint(n) : otherwise;
}

int pack_quality_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	*(struct quality_rule *)row = (struct quality_rule){
		.tenant = c->tenant, .id = new_id(c), .place = place, .name = pack_text(c->arena, v, "name", ""), .name_en = pack_text(c->arena, v, "name_en", ""), .kind = pack_text(c->arena, v, "kind", ""),
		.state = "on", .words = lines(c, v, "words"), .excepts = lines(c, v, "excepts"), .answers = lines(c, v, "answers"), .messages = number(v, "messages", 1), .minutes = number(v, "minutes", 0),
		.weight = number(v, "weight", 5), .fatal = yyjson_get_bool(yyjson_obj_get(v, "fatal")), .hint = yyjson_get_bool(yyjson_obj_get(v, "hint")),
	};
	return 0;
}

bool pack_quality_same(struct ctx *c, const void *a, const void *b)
{
	const struct quality_rule *x = a, *y = b;
	return text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->kind, y->kind) && text_equal(x->state, y->state) && text_equal(x->words, y->words) &&
	       text_equal(x->excepts, y->excepts) && text_equal(x->answers, y->answers) && x->messages == y->messages && x->minutes == y->minutes && x->weight == y->weight &&
	       x->fatal == y->fatal && x->hint == y->hint;
}
