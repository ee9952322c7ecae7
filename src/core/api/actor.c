/* Who did something, in the words of the API. */
#include "core/api/actor.h"

#include "base/json.h"
#include "core/services.h"

const char *actor_kind_name(int64_t kind)
{
	static const char *const names[] = {
		[ACTOR_SYSTEM] = "system", [ACTOR_USER] = "user", [ACTOR_CUSTOMER] = "customer", [ACTOR_TOKEN] = "token", [ACTOR_BOT] = "bot",
	};
	return names[kind >= 0 && kind <= ACTOR_BOT ? kind : ACTOR_SYSTEM];
}

void actor_json(struct text *t, int64_t kind, int64_t id, const struct titles *users)
{
	text_format(t, "{\"kind\":\"%s\",\"id\":\"%lld\",\"name\":", actor_kind_name(kind), (long long)id);
	json_text(t, kind == ACTOR_USER ? titles_find(users, id) : NULL);
	text_char(t, '}');
}

int actor_titles(struct ctx *c, int64_t *ids, size_t n, struct titles *out)
{
	const struct record_model *users = registry_find(&c->services->registry, "user");
	*out = (struct titles){ 0 };
	return users ? record_titles(c, users->record, ids, n, out) : 0;
}
