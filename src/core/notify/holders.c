/* Roles are few and compiled whole, with the people of those who answer for escalations: they are asked for with every task without an
 * owner. People of other roles are read when somebody asks for a right of theirs. */
#include "core/notify/holders.h"

#include "core/auth/auth.h"
#include "core/auth/rights.h"
#include "core/definition/definition.h"
#include "core/record/narrowing.h"
#include "core/record/scope.h"
#include "core/services.h"
#include "gen/schema.h"
#include "gen/staff_sql.h"

struct people {
	const struct user_account *at;
	size_t n;
};

struct staff_role {
	const struct role *row;
	struct auth auth;       /* of its people, but for who and where they are */
};

struct staff_set {
	struct definition_set base;
	struct staff_role *roles;
	size_t n;
	struct people supervisors[HOLDINGS];    /* by how they hold SUPERVISE; of HOLDS none are kept */
};

int staff_changed(struct ctx *c)
{
	return definition_changed(c, DEFINITION_STAFF);
}

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

static int people_who_hold(struct ctx *c, const struct staff_set *s, const char *right, enum holding how, struct people *out)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, s->n + 1);
	struct user_account *rows;
	size_t n = 0;
	*out = (struct people){ 0 };
	for (size_t i = 0; i < s->n; i++)
		if (holds(c, &s->roles[i].auth, right, how))
			ids[n++] = s->roles[i].row->id;
	if (!n)
		return 0;
	TRY(people_of_roles(c, ids, n, &rows, &out->n));
	out->at = rows;
	return 0;
}

/* All of it lives as long as the set. */
static int compile(struct ctx *c, struct definition_set *set)
{
	struct staff_set *s = (struct staff_set *)set;
	struct ctx kept = *c;
	struct role *rows;
	kept.arena = set->arena;
	TRY(roles_all(&kept, &rows, &s->n));
	s->roles = ARENA_ARRAY(set->arena, struct staff_role, s->n + 1);
	for (size_t i = 0; i < s->n; i++) {
		struct auth *a = &s->roles[i].auth;
		s->roles[i].row = &rows[i];
		*a = (struct auth){ .role_id = rows[i].id, .scope = scope_read(rows[i].scope) };
		TRY(permissions_read(set->arena, rows[i].permissions, &a->permissions, &a->permission_count));
	}
	TRY(people_who_hold(&kept, s, SUPERVISE, HOLDS_NAMED, &s->supervisors[HOLDS_NAMED]));
	return people_who_hold(&kept, s, SUPERVISE, HOLDS_ALL, &s->supervisors[HOLDS_ALL]);
}

static int take(struct ctx *c, const struct staff_set **out)
{
	struct definition_set *set;
	TRY(definition_take(c, DEFINITION_STAFF, sizeof(**out), compile, &set));
	definition_give_at_end(c, set);
	*out = (struct staff_set *)set;
	return 0;
}

static const struct staff_role *role_of(const struct staff_set *s, int64_t id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->roles[i].row->id == id)
			return &s->roles[i];
	return NULL;
}

/* By scope, and by the conditions of the role: those are read anew, for what they name may have been defined since. */
static int sees(struct ctx *c, const struct user_account *u, const struct staff_role *role, const struct record_model *m, const void *row, bool *out)
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

/* Names and ids are the set's: it lasts as long as c->arena. */
int holders_of(struct ctx *c, const char *right, enum holding how, const struct record_model *m, const void *row, struct holders *out)
{
	const struct staff_set *s;
	struct people people;
	*out = (struct holders){ 0 };
	TRY(take(c, &s));
	if (how != HOLDS && text_equal(right, SUPERVISE))
		people = s->supervisors[how];
	else
		TRY(people_who_hold(c, s, right, how, &people));
	out->at = ARENA_ARRAY(c->arena, struct holder, people.n + 1);
	for (size_t i = 0; i < people.n; i++) {
		const struct user_account *u = &people.at[i];
		const struct staff_role *role = row ? role_of(s, u->role_id) : NULL;
		bool able = !row;
		if (role)
			TRY(sees(c, u, role, m, row, &able));
		if (able)
			out->at[out->n++] = (struct holder){ u->id, u->name };
	}
	return 0;
}

int supervisors_of(struct ctx *c, const struct record_model *m, const void *row, struct holders *out, bool *named)
{
	TRY(holders_of(c, SUPERVISE, HOLDS_NAMED, m, row, out));
	*named = out->n > 0;
	return *named ? 0 : holders_of(c, SUPERVISE, HOLDS_ALL, m, row, out);
}
