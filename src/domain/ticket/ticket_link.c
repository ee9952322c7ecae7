/* Tickets that have to do with each other, made and taken away by people (docs/adr/0039). What went into a ticket brings its links along and
 * takes them back: they are read together, nothing moves. */
#include "base/id.h"
#include "base/json.h"
#include "core/api/actor.h"
#include "core/api/api.h"
#include "core/auth/auth.h"
#include "core/list/list.h"
#include "core/services.h"
#include "db/writer.h"
#include "domain/ticket/ticket.h"
#include "domain/ticket/ticket_api.h"
#include "gen/split_sql.h"
#include "gen/link_sql.h"

enum { GATHERED = 40, MOST_LINKS = 50 };

const struct choice ticket_link_kinds[] = {
	{ "related", "相关", "Related to" }, { "duplicate", "重复于", "Duplicate of" }, { "caused_by", "起因于", "Caused by" }, { 0 },
};

/* What was merged into it, and what was split off any of these and joined again. */
static int gathered(struct ctx *c, int64_t id, int64_t ids[GATHERED], size_t *n)
{
	TRY(ticket_with_merged(c, id, ids, GATHERED, n));
	for (size_t i = 0; i < *n; i++) {
		struct merge *off;
		size_t count;
		TRY(splits_from(c, ids[i], &off, &count));
		for (size_t k = 0; k < count && *n < GATHERED; k++)
			if (off[k].undone_at)
				ids[(*n)++] = off[k].winner_id;
	}
	return 0;
}

/* A link as one of its sides sees it: the ticket at its other end, as that is now. */
struct seen {
	const struct ticket_link *link;
	bool from;
	struct ticket other;
};

/* The other end, where it went when it was put away; false: not the reader's to see, or the ticket itself. */
static int look_at(struct ctx *c, const struct ticket *row, int64_t own, struct ticket *out, bool *sees)
{
	*out = *row;
	*sees = true;
	TRY(ticket_current(c, out));
	if (out->id != row->id && out->id != own)
		return record_look(c, &ticket_record, out->id, out, sees);
	*sees = out->id != own;
	return 0;
}

static bool is_known(const struct seen *all, size_t n, int64_t other)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].other.id == other)
			return true;
	return false;
}

static int read_links(struct ctx *c, int64_t id, struct seen **out, size_t *n)
{
	int64_t own[GATHERED];
	struct ticket_link *links;
	size_t own_count, link_count;
	TRY(gathered(c, id, own, &own_count));
	TRY(links_of_tickets(c, own, own_count, &links, &link_count));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, link_count + 1);
	const void **rows = ARENA_ARRAY(c->arena, const void *, link_count + 1);
	for (size_t i = 0; i < link_count; i++)
		ids[i] = id_among(own, own_count, links[i].from_id) ? links[i].to_id : links[i].from_id;
	TRY(list_rows_in_order(c, &ticket_record, ids, link_count, rows));
	*out = ARENA_ARRAY(c->arena, struct seen, link_count + 1);
	*n = 0;
	for (size_t i = 0; i < link_count; i++) {
		struct seen *s = &(*out)[*n];
		bool sees = rows[i] && !id_among(own, own_count, ids[i]);
		*s = (struct seen){ .link = &links[i], .from = links[i].to_id == ids[i] };
		if (sees)
			TRY(look_at(c, rows[i], id, &s->other, &sees));
		*n += sees && !is_known(*out, *n, s->other.id);
	}
	return 0;
}

static int write_links(struct ctx *c, const struct seen *all, size_t n, struct text *t)
{
	struct titles users;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	struct ticket *tickets = ARENA_ARRAY(c->arena, struct ticket, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = all[i].link->actor_kind == ACTOR_USER ? all[i].link->actor_id : 0;
	TRY(actor_titles(c, ids, n, &users));
	text_append(t, "{\"items\":[");
	for (size_t i = 0; i < n; i++) {
		const struct ticket_link *l = all[i].link;
		text_format(t, "%s{\"id\":\"%lld\",\"kind\":\"%s\",\"way\":\"%s\",\"at\":%lld,\"actor\":", i ? "," : "", (long long)l->id, l->kind,
		            all[i].from ? "from" : "to", (long long)l->at);
		actor_json(t, l->actor_kind, l->actor_id, &users);
		text_format(t, ",\"ticket_id\":\"%lld\"}", (long long)all[i].other.id);
		tickets[i] = all[i].other;
	}
	text_append(t, "],\"tickets\":");
	TRY(record_json_list(c, &ticket_record, tickets, n, t));
	text_char(t, '}');
	return 0;
}

static int show(struct ctx *c, int64_t id, void *out)
{
	struct seen *all;
	size_t n;
	struct text t = text_in(c->arena);
	TRY(read_links(c, id, &all, &n));
	TRY(write_links(c, all, n, &t));
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

static int links(struct ctx *c, const void *in, void *out)
{
	struct ticket t;
	TRY(record_get(c, &ticket_record, ((const struct id_in *)in)->id, &t));
	return show(c, t.id, out);
}

struct link_in {
	int64_t id, ticket_id, link_id;
	const char *kind;
};

/* On both, each names the other. */
static int tell(struct ctx *c, const char *event, const struct ticket_link *l, const struct ticket *from, const struct ticket *to)
{
	const struct { const struct ticket *at, *other; const char *way; } sides[] = { { from, to, "from" }, { to, from, "to" } };
	for (int i = 0; i < 2; i++)
		TRY(event_add(c, event, "ticket", sides[i].at->id, arena_format(c->arena, "{\"link_id\":\"%lld\",\"kind\":\"%s\",\"way\":\"%s\",\"other\":\"%lld\",\"no\":\"%s\"}",
		              (long long)l->id, l->kind, sides[i].way, (long long)sides[i].other->id, sides[i].other->no)));
	return 0;
}

static int check_new(struct ctx *c, const struct ticket *t, const struct ticket *other)
{
	struct seen *all;
	size_t n;
	TRY(require(c, t->id != other->id && !t->archived_at && !other->archived_at, ERR_STATE, NULL));
	TRY(read_links(c, t->id, &all, &n));
	TRY(require(c, n < MOST_LINKS, ERR_STATE, NULL));
	return is_known(all, n, other->id) ? fail_field(c, "ticket_id", ERR_FIELD_TAKEN, other->no), c->error->code : 0;
}

static int add(struct ctx *c, const void *input, void *out)
{
	const struct link_in *in = input;
	struct ticket t, other;
	TRY(record_get(c, &ticket_record, in->id, &t));
	TRY(record_named(c, &ticket_record, "ticket_id", in->ticket_id, &other));
	TRY(check_new(c, &t, &other));
	struct ticket_link row = {
		.tenant = c->tenant, .id = new_id(c), .kind = in->kind, .from_id = t.id, .to_id = other.id, .actor_kind = c->actor_kind, .actor_id = c->actor_id, .at = c->now,
	};
	TRY(ticket_link_row_insert(c, &row));
	TRY(tell(c, "ticket.linked", &row, &t, &other));
	return show(c, t.id, out);
}

/* Only what its page shows can be taken away there. */
static int take_away(struct ctx *c, const void *input, void *out)
{
	const struct link_in *in = input;
	struct ticket t;
	struct seen *all;
	size_t n, at = 0;
	TRY(record_get(c, &ticket_record, in->id, &t));
	TRY(read_links(c, t.id, &all, &n));
	while (at < n && all[at].link->id != in->link_id)
		at++;
	TRY(require(c, at < n, ERR_NOT_FOUND, NULL));
	const struct ticket *other = &all[at].other;
	TRY(ticket_link_row_remove(c, in->link_id));
	TRY(tell(c, "ticket.unlinked", all[at].link, all[at].from ? &t : other, all[at].from ? other : &t));
	return show(c, t.id, out);
}

/* A column of sheets --------------------------------------------------------------------------------------------------- */

static const char *word_of(struct ctx *c, const struct ticket_link *l, bool from)
{
	static const struct label to[] = { L("相关", "Related to"), L("有重复", "Has duplicate"), L("引起", "Caused") };
	for (size_t i = 0; ticket_link_kinds[i].value; i++)
		if (text_equal(ticket_link_kinds[i].value, l->kind))
			return c->lang == LANG_EN ? (from ? ticket_link_kinds[i].en : to[i].en) : (from ? ticket_link_kinds[i].zh : to[i].zh);
	return l->kind;
}

/* One question for the links of a page, one for what they name. */
int ticket_link_cells(struct ctx *c, const void *rows, size_t n, const char **cells)
{
	const struct ticket *page = rows;
	struct ticket_link *all;
	size_t count;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = page[i].id;
	if (!n)
		return 0;
	TRY(links_of_tickets(c, ids, n, &all, &count));
	int64_t *ends = ARENA_ARRAY(c->arena, int64_t, 2 * count + 1);
	const void **named = ARENA_ARRAY(c->arena, const void *, 2 * count + 1);
	for (size_t i = 0; i < count; i++) {
		ends[2 * i] = all[i].from_id;
		ends[2 * i + 1] = all[i].to_id;
	}
	TRY(list_rows_in_order(c, &ticket_record, ends, 2 * count, named));
	for (size_t i = 0; i < n; i++) {
		struct text t = text_in(c->arena);
		for (size_t k = 0; k < count; k++) {
			bool from = all[k].from_id == ids[i];
			const struct ticket *other = from || all[k].to_id == ids[i] ? named[2 * k + from] : NULL;
			if (other)
				text_format(&t, "%s%s %s", t.n ? (c->lang == LANG_EN ? "; " : "；") : "", word_of(c, &all[k], from), other->no);
		}
		cells[i] = text_end(&t);
	}
	return 0;
}

static const struct member add_members[] = {
	MEMBER(struct link_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct link_in, ticket_id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct link_in, kind, code, .flags = MEMBER_REQUIRED, .choices = ticket_link_kinds),
};
static const struct shape add_shape = SHAPE("ticket_link_add", struct link_in, add_members);
static const struct member away_members[] = { MEMBER(struct link_in, id, id, .flags = MEMBER_REQUIRED), MEMBER(struct link_in, link_id, id, .flags = MEMBER_REQUIRED) };
static const struct shape away_shape = SHAPE("ticket_link_remove", struct link_in, away_members);

const struct route ticket_link_routes[] = {
	ROUTE(GET, "/api/v1/ticket/{id}/link", "ticket.read", POOL, .in = &id_shape, .out = &raw_shape, .run = links,
	      .zh = "服务单：相关服务单", .en = "Ticket: linked tickets"),
	ROUTE(POST, "/api/v1/ticket/{id}/link", "ticket.work", WRITE, .body = BODY_JSON, .flags = ROUTE_CREATED, .in = &add_shape, .out = &raw_shape, .run = add,
	      .zh = "服务单：关联另一张", .en = "Ticket: link to another"),
	ROUTE(POST, "/api/v1/ticket/{id}/unlink", "ticket.work", WRITE, .body = BODY_JSON, .in = &away_shape, .out = &raw_shape, .run = take_away,
	      .zh = "服务单：取消关联", .en = "Ticket: remove a link"),
};
const size_t ticket_link_route_count = sizeof(ticket_link_routes) / sizeof(ticket_link_routes[0]);
