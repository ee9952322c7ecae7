/* Rows of table change with the names of who did it and of what they name. */
#include "core/api/history_json.h"

#include "base/json.h"
#include "core/api/actor.h"
#include "core/custom/custom.h"
#include "core/event/history.h"
#include "gen/history_sql.h"

static int write_titles(struct ctx *c, const struct record_model *m, const struct changes_of_object_row *rows, size_t n, struct text *out)
{
	const char **fields = ARENA_ARRAY(c->arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		fields[i] = rows[i].fields;
	return history_titles(c, m, fields, n, out);
}

int history_json(struct ctx *c, const char *object, int64_t id, const struct record_model *m, struct text *out)
{
	struct changes_of_object_row *rows;
	struct titles users;
	size_t n;
	TRY(changes_of_object(c, object, id, &rows, &n));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].actor_kind == ACTOR_USER ? rows[i].actor_id : 0;
	TRY(actor_titles(c, ids, n, &users));
	struct customs custom = { 0 };
	if (m)
		TRY(customs_of(c, m, &custom));
	text_append(out, "{\"titles\":");
	if (m)
		TRY(write_titles(c, m, rows, n, out));
	else
		text_append(out, "{}");
	text_append(out, ",\"items\":[");
	for (size_t i = 0; i < n; i++) {
		text_format(out, "%s{\"version\":%lld,\"at\":%lld,\"actor\":", i ? "," : "", (long long)rows[i].version, (long long)rows[i].at);
		actor_json(out, rows[i].actor_kind, rows[i].actor_id, &users);
		text_append(out, ",\"reason\":");
		json_text(out, rows[i].reason);
		text_format(out, ",\"fields\":%s}", m ? custom_history(c, &custom, rows[i].fields) : rows[i].fields);
	}
	text_append(out, "]}");
	return 0;
}
