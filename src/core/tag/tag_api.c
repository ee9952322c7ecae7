/* The page of tags: how many rows have each, what it is also called, merging; and what typing offers. */
#include "core/tag/tag_api.h"

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/list/list.h"
#include "core/services.h"
#include "core/tag/tag_private.h"
#include "db/writer.h"
#include "gen/schema.h"

enum { SUGGESTED = 10, COUNTED = 1000, NAMES = 100, LOOKED_AT = 40 };

/* Suggestions ------------------------------------------------------------------------------------------------------- */

struct suggest_in {
	const char *q;
};
static const struct member suggest_members[] = { MEMBER(struct suggest_in, q, code, .most = TAG_NAME_MOST) };
static const struct shape suggest_shape = SHAPE("tag_suggest_query", struct suggest_in, suggest_members);

static bool is_offered(const struct tags_suggested_row *rows, size_t n, int64_t stands_for)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].stands_for == stands_for)
			return true;
	return false;
}

/* A tag that is called so in several ways is offered once; `said` is the name that begins so. */
static int suggest(struct ctx *c, const void *in, void *out)
{
	const char *q = ((const struct suggest_in *)in)->q, *from = tag_fold(c->arena, q ? q : "");
	struct tags_suggested_row *rows;
	struct text t = text_in(c->arena);
	size_t n, offered = 0;
	TRY(tags_suggested(c, from, arena_format(c->arena, "%s\xf4\x8f\xbf\xbd", from), LOOKED_AT, &rows, &n));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < n && offered < SUGGESTED; i++) {
		if (is_offered(rows, i, rows[i].stands_for))
			continue;
		json_named(&t, offered++, rows[i].stands_for, rows[i].name);
		text_append(&t, ",\"said\":");
		json_text(&t, rows[i].said);
		text_char(&t, '}');
	}
	text_append(&t, "]}");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* The page --------------------------------------------------------------------------------------------------------- */

struct page_tags {
	bool of_tickets, of_customers, of_talks;  /* the reader's to know */
	struct tags_used_row *used;
	struct tags_also_row *also;
	size_t used_n, also_n;
};

/* Asked once for all tags of a page. */
static int look_at_page(struct ctx *c, const struct tag *tags, size_t n, struct page_tags *p)
{
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = tags[i].id;
	*p = (struct page_tags){ .of_tickets = may(c, "ticket.read"), .of_customers = may(c, "customer.read"), .of_talks = may(c, "conversation.read") };
	if (!n)
		return 0;
	TRY(tags_used(c, ids, n, p->of_tickets ? COUNTED + 1 : 0, p->of_customers ? COUNTED + 1 : 0, p->of_talks ? COUNTED + 1 : 0, &p->used, &p->used_n));
	return tags_also(c, ids, n, &p->also, &p->also_n);
}

static void write_names(const struct page_tags *p, int64_t id, struct text *t)
{
	size_t named = 0;
	text_append(t, ",\"names\":[");
	for (size_t i = 0; i < p->also_n && named < NAMES; i++) {
		if (p->also[i].stands_for != id)
			continue;
		json_named(t, named++, p->also[i].id, p->also[i].name);
		text_char(t, '}');
	}
	text_char(t, ']');
}

/* NULL: not the reader's to know. */
static void write_count(struct text *t, const char *name, bool known, int64_t n)
{
	text_format(t, ",\"%s\":", name);
	known ? text_format(t, "%lld", (long long)n) : text_append(t, "null");
}

static void write_tag(const struct page_tags *p, const struct tag *tag, struct text *t)
{
	struct tags_used_row used = { 0 };
	for (size_t i = 0; i < p->used_n; i++)
		if (p->used[i].id == tag->id)
			used = p->used[i];
	json_named(t, 0, tag->id, tag->name);
	text_format(t, ",\"typed\":%s,\"archived_at\":%lld,\"version\":%lld", tag->typed ? "true" : "false", (long long)tag->archived_at, (long long)tag->version);
	write_count(t, "tickets", p->of_tickets, used.tickets);
	write_count(t, "customers", p->of_customers, used.customers);
	write_count(t, "conversations", p->of_talks, used.talks);
	write_names(p, tag->id, t);
	text_char(t, '}');
}

/* Names that stand for another tag are shown with that. */
static int uses(struct ctx *c, const void *in, void *out)
{
	struct list_page page;
	struct page_tags tags;
	struct text t = text_in(c->arena);
	bool any = false;
	TRY(list_page(c, &tag_record, in, &page));
	TRY(look_at_page(c, page.rows, page.n, &tags));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < page.n; i++) {
		const struct tag *tag = (const struct tag *)page.rows + i;
		if (tag->stands_for != tag->id)
			continue;
		text_append(&t, any ? "," : "");
		write_tag(&tags, tag, &t);
		any = true;
	}
	text_format(&t, "],\"most\":%d,\"next\":", COUNTED);
	json_text(&t, page.next);
	text_append(&t, ",\"previous\":");
	json_text(&t, page.previous);
	text_char(&t, '}');
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* Merging ---------------------------------------------------------------------------------------------------------- */

struct merge_in {
	int64_t id, tag_id;
};
static const struct member merge_members[] = {
	MEMBER(struct merge_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct merge_in, tag_id, id, .flags = MEMBER_REQUIRED),
};
static const struct shape merge_shape = SHAPE("tag_merge", struct merge_in, merge_members);

static int show(struct ctx *c, int64_t id, void *out)
{
	struct text t = text_in(c->arena);
	struct tag tag;
	TRY(record_get(c, &tag_record, id, &tag));
	TRY(record_json(c, &tag_record, &tag, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static const char *naming(struct ctx *c, const char *word, int64_t id)
{
	return arena_format(c->arena, "{\"%s\":\"%lld\"}", word, (long long)id);
}

/* tag_id becomes a name of id, and so do all its names. */
static int merge(struct ctx *c, const void *in, void *out)
{
	const struct merge_in *v = in;
	struct tag winner, loser;
	TRY(record_get(c, &tag_record, v->id, &winner));
	TRY(record_get(c, &tag_record, v->tag_id, &loser));
	TRY(require(c, winner.id != loser.id && winner.stands_for == winner.id && !winner.archived_at && loser.stands_for == loser.id, ERR_STATE, NULL));
	TRY(tag_move_names(c, loser.id, winner.id, NULL));
	struct tag old = loser;
	loser.stands_for = winner.id;
	loser.archived_at = c->now;
	TRY(record_update(c, &tag_record, &old, &loser, "tag.merged", NULL, naming(c, "into", winner.id)));
	TRY(event_add(c, "tag.took_over", "tag", winner.id, naming(c, "from", loser.id)));
	return show(c, winner.id, out);
}

/* A name becomes a tag of its own: what still has it has it again. */
static int part(struct ctx *c, const void *in, void *out)
{
	struct tag t;
	TRY(record_get(c, &tag_record, ((const struct id_in *)in)->id, &t));
	TRY(require(c, t.stands_for != t.id, ERR_STATE, NULL));
	struct tag old = t;
	t.stands_for = t.id;
	t.archived_at = 0;
	TRY(record_update(c, &tag_record, &old, &t, "tag.parted", NULL, naming(c, "from", old.stands_for)));
	return show(c, t.id, out);
}

const struct route tag_routes[] = {
	ROUTE(GET, "/api/v1/tag/suggest", "tag.read", POOL, .in = &suggest_shape, .out = &raw_shape, .run = suggest, .zh = "标签：输入时的建议", .en = "Tag: what typing offers"),
	ROUTE(GET, "/api/v1/tag/use", "tag.read", POOL, .in = &list_query_shape, .out = &raw_shape, .run = uses, .zh = "标签：用了多少", .en = "Tag: how much each is used"),
	ROUTE(POST, "/api/v1/tag/{id}/merge", "tag.change", WRITE, .body = BODY_JSON, .in = &merge_shape, .out = &raw_shape, .run = merge,
	      .zh = "标签：并入另一个", .en = "Tag: take another one over"),
	ROUTE(POST, "/api/v1/tag/{id}/part", "tag.change", WRITE, .body = BODY_JSON, .in = &id_shape, .out = &raw_shape, .run = part,
	      .zh = "标签：从另一个分出", .en = "Tag: become one of its own again"),
};
const size_t tag_route_count = sizeof(tag_routes) / sizeof(tag_routes[0]);
