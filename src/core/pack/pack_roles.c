/* Roles that packs bring. Those of administration, security and audit are every company's and no pack's: no change of packs concerns
 * them. A role that somebody holds stays as it is, for nobody's rights change because the company says "order" instead of "ticket". */
#include <string.h>

#include "core/auth/auth.h"
#include "core/pack/pack_kinds.h"
#include "core/services.h"
#include "gen/pack_sql.h"
#include "gen/schema.h"

PACK_FILE(pack_standard_roles, "roles/standard.json");

static yyjson_doc *standard;

static yyjson_val *standard_part(const char *name)
{
	return yyjson_obj_get(yyjson_doc_get_root(standard), name);
}

void pack_roles_ready(void)
{
	standard = yyjson_read(pack_standard_roles, strlen(pack_standard_roles), 0);
}

static size_t add_words(const char **words, size_t at, yyjson_val *list)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v)
		words[at++] = yyjson_get_str(v);
	return at;
}

/* Rights of its own and those of the set that it names. */
static const char *rights_of(struct ctx *c, yyjson_val *v)
{
	yyjson_val *own = yyjson_obj_get(v, "rights");
	yyjson_val *set = yyjson_obj_get(standard_part("sets"), pack_text(c->arena, v, "set", ""));
	const char **words = ARENA_ARRAY(c->arena, const char *, yyjson_arr_size(own) + yyjson_arr_size(set) + 1);
	return permissions_write(c->arena, words, add_words(words, add_words(words, 0, own), set));
}

int pack_role_read(struct ctx *c, yyjson_val *v, int64_t place, void *row)
{
	*(struct role *)row = (struct role){
		.tenant = c->tenant, .id = new_id(c), .code = pack_text(c->arena, v, "code", ""), .name = pack_text(c->arena, v, "name", ""),
		.name_en = pack_text(c->arena, v, "name_en", ""), .scope = pack_text(c->arena, v, "scope", "own"), .permissions = rights_of(c, v),
		.conditions = "[]", .masks = "[]",
	};
	return 0;
}

bool pack_role_same(struct ctx *c, const void *a, const void *b)
{
	const struct role *x = a, *y = b;
	return text_equal(x->code, y->code) && text_equal(x->name, y->name) && text_equal(x->name_en, y->name_en) && text_equal(x->scope, y->scope) &&
	       x->second_factor == y->second_factor && x->idle_minutes == y->idle_minutes && permissions_same(c->arena, x->permissions, y->permissions) &&
	       permissions_same(c->arena, x->masks, y->masks) && pack_json_same(x->conditions, y->conditions);
}

/* By a person, archived or not, for she may come back, or by those whom an identity provider makes. */
int pack_role_held(struct ctx *c, const void *row, bool *held, struct text *why)
{
	const struct role *role = row;
	struct pack_role_people_row *people;
	struct pack_role_providers_row *providers;
	size_t n, m;
	TRY(pack_role_people(c, role->id, &people, &n));
	TRY(pack_role_providers(c, role->id, &providers, &m));
	*held = n || m;
	return 0;
}

static yyjson_val *entry_of(yyjson_val *list, const char *code)
{
	yyjson_val *v;
	size_t i, n;
	yyjson_arr_foreach(list, i, n, v)
		if (yyjson_equals_str(yyjson_obj_get(v, "code"), code))
			return v;
	return NULL;
}

static int add_role(struct ctx *c, yyjson_val *v, int64_t *id)
{
	struct role row;
	TRY(pack_role_read(c, v, 0, &row));
	*id = row.id;
	return record_insert(c, registry_find(&c->services->registry, "role")->record, &row);
}

int pack_role_add(struct ctx *c, const char *code, int64_t *id)
{
	const struct pack *pack;
	TRY(pack_of(c, &pack));
	yyjson_val *v = entry_of(standard_part("always"), code);
	if (!v)
		v = entry_of(yyjson_obj_get(pack_json(pack, PACK_ROLES), "roles"), code);
	return v ? add_role(c, v, id) : fail(c, ERR_NOT_FOUND, NULL);
}

int pack_roles_always(struct ctx *c)
{
	yyjson_val *v;
	size_t i, n;
	int64_t id;
	yyjson_arr_foreach(standard_part("always"), i, n, v)
		TRY(add_role(c, v, &id));
	return 0;
}
