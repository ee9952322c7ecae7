/* Roles are few and read whole; people only of those roles that hold the right. */
#include "core/notify/holders.h"

#include "core/auth/auth.h"
#include "core/auth/rights.h"
#include "core/record/narrowing.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "gen/schema.h"
#include "gen/staff_sql.h"

enum { MOST_ROLES = 200 };

struct holding_role {
	const struct role *row;
	struct auth auth;       /* of its people, but for who and where they are */
};

static bool has_word(const struct auth *a, const char *word)
{
	for (size_t i = 0; i < a->permission_count; i++)
		if (text_equal(a->permissions[i], word))
			return true;
	return false;
}

static bool holds(const struct ctx *c, const struct auth *a, const char *right, enum holding how)
{
	struct ctx holder = *c;
	holder.auth = a;
	return how == HOLDS ? may(&holder, right) : has_word(a, how == HOLDS_ALL ? "*" : right);
}

static int roles_that_hold(struct ctx *c, const char *right, enum holding how, struct holding_role *out, int64_t *ids, size_t *n)
{
	struct role *rows;
	size_t count;
	*n = 0;
	TRY(roles_all(c, &rows, &count));
	for (size_t i = 0; i < count && *n < MOST_ROLES; i++) {
		struct auth a = { .role_id = rows[i].id, .scope = scope_read(rows[i].scope) };
		TRY(rights_read(c->services ? c->services->rights : NULL, c->arena, rows[i].permissions, &a.permissions, &a.permission_count));
		if (!holds(c, &a, right, how))
			continue;
		ids[*n] = rows[i].id;
		out[(*n)++] = (struct holding_role){ &rows[i], a };
	}
	return 0;
}

/* By scope, and by the conditions of the role. */
static int sees(struct ctx *c, const struct user_account *u, const struct holding_role *role, const struct record_model *m, const void *row, bool *out)
{
	struct auth auth = role->auth;
	struct ctx other = *c;
	auth.user_id = u->id;
	auth.team_id = u->team_id;
	auth.region_id = u->region_id;
	other.auth = &auth;
	*out = false;
	if (!may(&other, m->read_right))
		return 0;
	TRY(narrowing_read(c, role->row->conditions, &auth.narrowing));
	int r = scope_check(&other, m, row);
	*out = r == 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

int holders_of(struct ctx *c, const char *right, enum holding how, const struct record_model *m, const void *row, struct holders *out)
{
	struct holding_role roles[MOST_ROLES];
	struct user_account *people;
	int64_t ids[MOST_ROLES];
	size_t role_count, count;
	*out = (struct holders){ 0 };
	TRY(roles_that_hold(c, right, how, roles, ids, &role_count));
	if (!role_count)
		return 0;
	TRY(people_of_roles(c, ids, role_count, &people, &count));
	out->at = ARENA_ARRAY(c->arena, struct holder, count + 1);
	for (size_t i = 0; i < count; i++) {
		bool able = !row;
		for (size_t k = 0; row && k < role_count; k++)
			if (ids[k] == people[i].role_id)
				TRY(sees(c, &people[i], &roles[k], m, row, &able));
		if (able)
			out->at[out->n++] = (struct holder){ people[i].id, people[i].name };
	}
	return 0;
}

int supervisors_of(struct ctx *c, const struct record_model *m, const void *row, struct holders *out, bool *named)
{
	TRY(holders_of(c, SUPERVISE, HOLDS_NAMED, m, row, out));
	*named = out->n > 0;
	return *named ? 0 : holders_of(c, SUPERVISE, HOLDS_ALL, m, row, out);
}
