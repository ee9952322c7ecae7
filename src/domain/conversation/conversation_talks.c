/* What else one customer said, over all channels, for whoever has a conversation of hers: so that she need not say it again (A1).
 *
 * Never of somebody who may be another. A conversation is hers where she has shown who she is, or where somebody of staff asked and said so; one that came by a
 * name which was only taken for hers (a number that a household shares) stands beside those alone that came by the same name. And never more than the reader's
 * rows: each is looked at as by its own page. */
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "domain/conversation/conversation.h"
#include "domain/conversation/conversation_api.h"
#include "gen/conversation_sql.h"

enum { TALKS_MOST = 20, LOOKED_AT_ONCE = 50, LOOKED_MOST = 500 };

/* As the table tells it of one; *hers: it is the customer's beyond doubt. */
int conversation_is_hers(struct ctx *c, const struct conversation *k, bool *hers)
{
	struct talks_of_customer_row *rows;
	size_t n;
	TRY(talks_of_customer(c, k->customer_id, k->id, FAR_FUTURE_MS, INT64_MAX, 1, &rows, &n));
	*hers = n && rows[0].hers;
	return 0;
}

struct talks {
	const struct conversation *k;
	bool hers;
	struct conversation rows[TALKS_MOST];
	size_t n, looked;
	bool more;
	time_ms at;                             /* where the looking has come to */
	int64_t below;
};

static bool belongs(const struct talks *t, const struct talks_of_customer_row *row)
{
	bool same_name = t->k->identity_id && row->identity_id == t->k->identity_id;
	return row->id != t->k->id && (same_name || (t->hers && row->hers));
}

static int look_at(struct ctx *c, struct talks *t, const struct talks_of_customer_row *row)
{
	struct conversation one;
	bool there;
	TRY(record_look(c, &conversation_record, row->id, &one, &there));
	if (there && t->n == TALKS_MOST)
		t->more = true;
	else if (there)
		t->rows[t->n++] = one;
	return 0;
}

/* Until there are enough for a page, and one more that says so. */
static int gather(struct ctx *c, struct talks *t)
{
	size_t n = LOOKED_AT_ONCE;
	while (n == LOOKED_AT_ONCE && !t->more && t->looked < LOOKED_MOST) {
		struct talks_of_customer_row *rows;
		TRY(talks_of_customer(c, t->k->customer_id, 0, t->at, t->below, LOOKED_AT_ONCE, &rows, &n));
		for (size_t i = 0; i < n && !t->more; i++)
			if (belongs(t, &rows[i]))
				TRY(look_at(c, t, &rows[i]));
		t->looked += n;
		t->at = n ? rows[n - 1].last_at : t->at;
		t->below = n ? rows[n - 1].id : t->below;
	}
	return 0;
}

static int64_t seconds_of(const struct talks_spoken_row *spoken, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (spoken[i].conversation_id == id)
			return spoken[i].seconds;
	return 0;
}

static int write_items(struct ctx *c, const struct talks *t, struct text *out)
{
	struct talks_spoken_row *spoken = NULL;
	int64_t ids[TALKS_MOST];
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		ids[i] = t->rows[i].id;
	if (t->n && may(c, "phone_call.read"))
		TRY(talks_spoken(c, t->k->customer_id, ids, t->n, &spoken, &n));
	text_append(out, "\"items\":[");
	for (size_t i = 0; i < t->n; i++) {
		text_append(out, i ? ",{\"conversation\":" : "{\"conversation\":");
		TRY(record_json(c, &conversation_record, &t->rows[i], out));
		text_format(out, ",\"seconds\":%lld}", (long long)seconds_of(spoken, n, t->rows[i].id));
	}
	text_char(out, ']');
	return 0;
}

struct talks_in {
	int64_t id, after;
};
static const struct member talks_members[] = { MEMBER(struct talks_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct talks_in, after, ref, .flags = MEMBER_NULLABLE) };
static const struct shape talks_shape = SHAPE("conversation_talks", struct talks_in, talks_members);

static int begin_after(struct ctx *c, const struct talks_in *q, struct talks *t)
{
	struct conversation last;
	t->at = FAR_FUTURE_MS;
	t->below = INT64_MAX;
	if (q->after <= 0)
		return 0;
	TRY(record_named(c, &conversation_record, "after", q->after, &last));
	t->at = last.last_at;
	t->below = last.id;
	return 0;
}

/* Newest first; whole false: of a name that nobody has proven, what came by it. */
static int talks(struct ctx *c, const void *in, void *out)
{
	const struct talks_in *q = in;
	struct conversation k;
	struct talks *t = ARENA_NEW(c->arena, struct talks);
	struct text text = text_in(c->arena);
	TRY(record_get(c, &conversation_record, q->id, &k));
	t->k = &k;
	TRY(conversation_is_hers(c, &k, &t->hers));
	TRY(begin_after(c, q, t));
	TRY(gather(c, t));
	text_format(&text, "{\"whole\":%s,\"more\":%s,", t->hers ? "true" : "false", t->more ? "true" : "false");
	TRY(write_items(c, t, &text));
	text_char(&text, '}');
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

const struct route conversation_talks_routes[] = {
	ROUTE(GET, "/api/v1/conversation/{id}/talks", "conversation.read", POOL, .in = &talks_shape, .out = &raw_shape, .run = talks,
	      .zh = "会话：同一客户的其他会话", .en = "Conversation: the others of the same customer"),
};
const size_t conversation_talks_route_count = sizeof(conversation_talks_routes) / sizeof(conversation_talks_routes[0]);
