/* Rows of table setting. A value equal to the server's may be chosen too: it stays when the server's moves. */
#include "core/setting/setting_store.h"

#include "base/json.h"
#include "core/auth/sign_in.h"
#include "core/event/history.h"
#include "core/services.h"
#include "core/setting/setting_view.h"
#include "db/writer.h"
#include "gen/schema.h"
#include "gen/setting_sql.h"

static struct setting_state state_without_row(struct ctx *c, int id)
{
	struct ctx nobody = { .services = c->services };
	int64_t value = setting_of(&nobody, (enum setting_id)id);
	return (struct setting_state){ .id = (enum setting_id)id, .value = value, .fallback = value };
}

/* What is in force follows from the row here, not from memory: a transaction sees what it wrote. */
static void take_row(struct ctx *c, const struct setting *row, struct setting_state *s)
{
	const char *arg;
	int64_t value;
	s->row_id = row->id;
	s->version = row->version;
	s->changed_kind = row->changed_kind;
	s->changed_by = row->changed_by;
	s->changed_at = row->changed_at;
	s->own = *row->value && setting_read(c->arena, &setting_defs[s->id], row->value, c->lang, &value, &arg) == 0;
	if (s->own)
		s->value = value;
}

int setting_state(struct ctx *c, const char *name, struct setting_state *out)
{
	struct setting *rows;
	size_t n;
	int id = setting_find(name);
	TRY(require(c, id >= 0, ERR_NOT_FOUND, NULL));
	TRY(setting_chosen(c, name, &rows, &n));
	*out = state_without_row(c, id);
	if (n)
		take_row(c, &rows[0], out);
	return 0;
}

int setting_states(struct ctx *c, struct setting_state *all)
{
	struct setting *rows;
	size_t n;
	for (int i = 0; i < SETTING_COUNT; i++)
		all[i] = state_without_row(c, i);
	TRY(settings_of_company(c, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		int id = setting_find(rows[i].name);
		if (id >= 0)
			take_row(c, &rows[i], &all[id]);
	}
	return 0;
}

/* Changing ------------------------------------------------------------------------------------------------------------- */

static int conflict(struct ctx *c, const struct setting_state *now)
{
	struct text t = text_in(c->arena);
	struct setting_view *view;
	TRY(setting_views(c, now, 1, &view));
	json_write(&t, &setting_view_shape, view);
	c->error->current = text_end(&t);
	return fail(c, ERR_VERSION_CONFLICT, NULL);
}

static int check(struct ctx *c, const struct setting_def *def, const struct setting_wish *wish, int64_t *value)
{
	const char *arg = NULL;
	TRY(require_permission(c, def->right));
	if (!wish->value)
		return 0;
	int r = setting_read(c->arena, def, wish->value, c->lang, value, &arg);
	if (r < 0)
		fail_field(c, "value", r, arg);
	if (r < 0)
		return c->error->code;
	return def == &setting_defs[SETTING_SIGN_IN_PASSWORDS] && *value ? emergency_check(c) : 0;
}

/* The history of a record, of its one field: [null,20] is from nothing chosen to 20. */
static int add_history(struct ctx *c, const struct setting_state *old, const struct setting_state *now, const char *reason)
{
	const struct setting_def *def = &setting_defs[now->id];
	return history_put(c, "setting", now->row_id, now->version, reason,
	                   arena_format(c->arena, "{\"value\":[%s,%s]}", old->own ? setting_json(c->arena, def, old->value) : "null",
	                                now->own ? setting_json(c->arena, def, now->value) : "null"));
}

static int store(struct ctx *c, const struct setting_state *old, struct setting_state *now)
{
	const struct setting_def *def = &setting_defs[now->id];
	struct setting row = {
		.name = def->name, .id = old->row_id ? old->row_id : new_id(c), .value = now->own ? setting_write(c->arena, def, now->value) : "",
		.changed_kind = c->actor_kind, .changed_by = c->actor_id, .changed_at = c->now, .version = old->version,
	};
	if (old->version)
		TRY(setting_row_update(c, &row));
	else
		TRY(setting_row_insert(c, &row));
	now->version = old->version + 1;
	now->row_id = row.id;
	settings_put_later(c, now->id, row.value, now->version);
	return event_add_detail(c, "setting.changed", "setting", row.id, now->version, arena_format(c->arena, "{\"name\":\"%s\"}", def->name));
}

int setting_choose(struct ctx *c, const struct setting_wish *wish, struct setting_state *out)
{
	struct setting_state old;
	int64_t value = 0;
	TRY(setting_state(c, wish->name, &old));
	const struct setting_def *def = &setting_defs[old.id];
	TRY(require(c, def->whose == SETTING_COMPANY, ERR_SETTING_SERVER, NULL));
	TRY(check(c, def, wish, &value));
	if (wish->version != ANY_VERSION && wish->version != old.version)
		return conflict(c, &old);
	*out = old;
	out->own = wish->value != NULL;
	out->value = out->own ? value : old.fallback;
	if (out->own == old.own && out->value == old.value)
		return 0;
	out->changed_kind = c->actor_kind;
	out->changed_by = c->actor_id;
	out->changed_at = c->now;
	TRY(store(c, &old, out));
	TRY(add_history(c, &old, out, wish->reason));
	return c->services->setting_chosen ? c->services->setting_chosen(c, (int)old.id) : 0;
}
