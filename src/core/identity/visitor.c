/* Visitors: token, pass, who they are, from which pages. */
#include "core/identity/visitor.h"

#include <string.h>

#include "core/auth/sign_in.h"
#include "core/identity/identity.h"
#include "core/setting/settings.h"
#include "gen/identity_sql.h"
#include "net/http.h"

enum { ORIGIN_MOST = 200 };

int visitor_token(struct ctx *c, int64_t visitor, const char **token)
{
	return numbers_sign(c, "visitor", (const int64_t[3]){ c->tenant, visitor, c->now }, 3, token);
}

const char *visitor_name(struct ctx *c, int64_t visitor)
{
	return arena_format(c->arena, "%lld", (long long)visitor);
}

/* Whoever was archived by hand is not let in by an old token; a new one begins a new file. */
static int take_identity(struct ctx *c, const struct identity *row, struct auth *auth)
{
	struct identity_customer_row *rows;
	size_t n;
	TRY(identity_customer(c, row->customer_id, &rows, &n));
	if (!n)
		return ERR_NOT_FOUND;
	auth->customer_id = row->customer_id;
	auth->identity_id = row->id;
	auth->is_verified = row->verified_at > 0;
	return 0;
}

static int become(struct ctx *c, int64_t visitor, struct auth *auth)
{
	struct identity row;
	bool there;
	*auth = (struct auth){ .visitor = visitor, .scope = SCOPE_ALL };
	TRY(identity_find(c, VISITOR_CHANNEL, visitor_name(c, visitor), &row, &there));
	int r = there ? take_identity(c, &row, auth) : 0;
	if (r == ERR_NOT_FOUND)
		return fail(c, ERR_NOT_SIGNED_IN, NULL);
	TRY(r);
	c->actor_kind = ACTOR_CUSTOMER;
	c->actor_id = visitor_acts_as(auth);
	return 0;
}

static int open_number(struct ctx *c, const char *use, const char *text, int64_t *visitor, time_ms *made_at)
{
	int64_t n[3];
	TRY(numbers_open(c, use, text ? text : "", ERR_NOT_SIGNED_IN, n, 3));
	*visitor = n[1];
	*made_at = n[2];
	return n[1] > 0 ? 0 : fail(c, ERR_NOT_SIGNED_IN, NULL);
}

int visitor_number(struct ctx *c, const char *token, int64_t *visitor)
{
	time_ms made_at;
	return open_number(c, "visitor", token, visitor, &made_at);
}

int auth_by_visitor(struct ctx *c, const char *token, struct auth *auth)
{
	int64_t visitor;
	time_ms made_at;
	TRY(open_number(c, "visitor", token, &visitor, &made_at));
	TRY(require(c, made_at + setting_ms(c, SETTING_VISIT_LIFE) > c->now, ERR_NOT_SIGNED_IN, NULL));
	return become(c, visitor, auth);
}

int visitor_pass(struct ctx *c, const char **pass)
{
	return numbers_sign(c, "visitor pass", (const int64_t[3]){ c->tenant, c->auth->visitor, c->now }, 3, pass);
}

int auth_by_pass(struct ctx *c, const char *pass, struct auth *auth)
{
	int64_t visitor;
	time_ms made_at;
	TRY(open_number(c, "visitor pass", pass, &visitor, &made_at));
	TRY(require(c, made_at + MINUTE_MS > c->now, ERR_NOT_SIGNED_IN, NULL));
	TRY(become(c, visitor, auth));
	return require(c, auth->identity_id > 0, ERR_NOT_SIGNED_IN, NULL);
}

int visitor_again(struct ctx *c, struct auth *auth)
{
	struct identity row;
	TRY(identity_row_get(c, auth->identity_id, &row));
	return row.archived_at ? ERR_NOT_FOUND : take_identity(c, &row, auth);
}

/* From which pages ------------------------------------------------------------------------------------------------------- */

static int companies_of(struct ctx *c, const char *origin, struct origin_companies_row **rows, size_t *n)
{
	*n = 0;
	return strlen(origin) <= ORIGIN_MOST ? origin_companies(c, origin, rows, n) : 0;
}

int visitor_origin_known(struct ctx *c, struct http_request *r)
{
	struct origin_companies_row *rows;
	size_t n;
	if (!r->origin)
		return 0;
	TRY(companies_of(c, r->origin, &rows, &n));
	r->is_foreign_ok = n > 0;
	return n ? 0 : fail(c, ERR_ORIGIN, NULL);
}

int visitor_origin_ours(struct ctx *c, struct http_request *r)
{
	struct origin_companies_row *rows;
	size_t n;
	if (!r->origin)
		return 0;
	TRY(companies_of(c, r->origin, &rows, &n));
	r->is_foreign_ok = false;
	for (size_t i = 0; i < n; i++)
		r->is_foreign_ok |= rows[i].tenant == c->tenant;
	return r->is_foreign_ok ? 0 : fail(c, ERR_ORIGIN, NULL);
}
