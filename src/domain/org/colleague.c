/* Finding a colleague while one writes: by what her name contains, how it is spelled, or how her account begins. */
#include "domain/org/org.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "domain/org/pinyin.h"
#include "gen/colleague_sql.h"
#include "gen/schema.h"

enum { AT_ONCE = 500, LOOKED_THROUGH = 10000, FOUND_MOST = 400, SHOWN = 8 };

struct colleague_query {
	const char *q;
};
static const struct member in_members[] = { MEMBER(struct colleague_query, q, code, .most = 40) };
static const struct shape in_shape = SHAPE("colleague_query", struct colleague_query, in_members);

struct found {
	int64_t id;
	int rank;                       /* lower comes first */
	bool is_near;                   /* of one's own team */
};
struct search {
	const char *typed;
	struct found all[FOUND_MOST];
	size_t n;
};

enum { RANK_NAME, RANK_ACCOUNT, RANK_SPELLED, RANK_INSIDE, RANK_NONE };

static int rank_of(const struct colleagues_row *u, const char *typed)
{
	size_t n = strlen(typed);
	if (!strncasecmp(u->name, typed, n))
		return RANK_NAME;
	if (!strncasecmp(u->account, typed, n))
		return RANK_ACCOUNT;
	if (pinyin_spells(u->name, typed))
		return RANK_SPELLED;
	return strstr(u->name, typed) ? RANK_INSIDE : RANK_NONE;
}

static int in_order(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank - y->rank;
	if (x->is_near != y->is_near)
		return y->is_near - x->is_near;
	return (x->id > y->id) - (x->id < y->id);
}

static void look(struct ctx *c, struct search *s, const struct colleagues_row *rows, size_t n)
{
	for (size_t i = 0; i < n && s->n < FOUND_MOST; i++) {
		int rank = rank_of(&rows[i], s->typed);
		if (rank != RANK_NONE && rows[i].id != c->auth->user_id)
			s->all[s->n++] = (struct found){ rows[i].id, rank, c->auth->team_id && rows[i].team_id == c->auth->team_id };
	}
}

static int look_through(struct ctx *c, struct search *s)
{
	struct colleagues_row *rows;
	size_t n = AT_ONCE;
	int64_t after = 0;
	for (size_t seen = 0; n == AT_ONCE && seen < LOOKED_THROUGH && s->n < FOUND_MOST; seen += n) {
		TRY(colleagues(c, after, AT_ONCE, &rows, &n));
		look(c, s, rows, n);
		after = n ? rows[n - 1].id : 0;
	}
	qsort(s->all, s->n, sizeof(s->all[0]), in_order);
	return 0;
}

/* Those whom the asker may see. */
static int write(struct ctx *c, const struct search *s, struct text *t)
{
	struct user_account u;
	size_t shown = 0;
	text_append(t, "{\"items\":[");
	for (size_t i = 0; i < s->n && shown < SHOWN; i++) {
		bool there;
		TRY(record_look(c, &user_record, s->all[i].id, &u, &there));
		if (!there)
			continue;
		text_format(t, "%s{\"id\":\"%lld\",\"name\":", shown++ ? "," : "", (long long)u.id);
		json_text(t, u.name);
		text_append(t, ",\"account\":");
		json_text(t, u.account);
		text_char(t, '}');
	}
	text_append(t, "]}");
	return 0;
}

static int find(struct ctx *c, const void *in, void *out)
{
	const struct colleague_query *asked = in;
	struct search *s = ARENA_NEW(c->arena, struct search);
	s->typed = asked->q ? asked->q : "";
	TRY(look_through(c, s));
	struct text t = text_in(c->arena);
	TRY(write(c, s, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

const struct route colleague_routes[] = {
	ROUTE(GET, "/api/v1/colleague", "user.read", POOL, .in = &in_shape, .out = &raw_shape, .run = find,
	      .zh = "员工：按姓名、拼音或账号找同事", .en = "User: find a colleague by name, its sound or account"),
};
const size_t colleague_route_count = sizeof(colleague_routes) / sizeof(colleague_routes[0]);
