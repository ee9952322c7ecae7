/* The audit for people who hold "audit.read", which no other right includes (auth.h). */
#include "core/audit/audit_api.h"

#include "base/json.h"
#include "core/api/actor.h"
#include "core/api/api.h"
#include "core/api/export_api.h"
#include "core/audit/audit_find.h"
#include "core/audit/audit_send.h"
#include "core/audit/audit_sheet.h"
#include "core/services.h"
#include "gen/audit_sql.h"

enum { LIMIT = 50, LIMIT_MOST = 200 };

#define QUERY_MEMBERS(structure, inside)                                                                             \
	{ .name = "area", .type = TYPE_code, .offset = offsetof(structure, inside area), .most = 20 },               \
	{ .name = "actor_id", .type = TYPE_ref, .offset = offsetof(structure, inside actor_id) },                    \
	{ .name = "object", .type = TYPE_code, .offset = offsetof(structure, inside object), .most = 60 },           \
	{ .name = "object_id", .type = TYPE_ref, .offset = offsetof(structure, inside object_id) },                  \
	{ .name = "from", .type = TYPE_time_ms, .offset = offsetof(structure, inside from) },                        \
	{ .name = "to", .type = TYPE_time_ms, .offset = offsetof(structure, inside to) },                            \
	{ .name = "kind", .type = TYPE_code, .offset = offsetof(structure, inside kind), .most = 200 },              \
	{ .name = "field", .type = TYPE_code, .offset = offsetof(structure, inside field), .most = 60 },             \
	{ .name = "q", .type = TYPE_code, .offset = offsetof(structure, inside q), .most = 100 }

static const struct member query_members[] = {
	QUERY_MEMBERS(struct audit_query, ),
	MEMBER(struct audit_query, before, count),
	MEMBER(struct audit_query, limit, count, .most = LIMIT_MOST),
};
static const struct shape query_shape = SHAPE("audit_query", struct audit_query, query_members);

/* Names -------------------------------------------------------------------------------------------------------------------- */

static int titles_of(struct ctx *c, const struct audit_entries *all, const char *object, struct titles *out)
{
	const struct record_model *m = registry_find(&c->services->registry, object);
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, all->n + 1);
	size_t n = 0;
	*out = (struct titles){ 0 };
	for (size_t i = 0; i < all->n; i++)
		if (text_equal(all->at[i].event->object, object))
			ids[n++] = all->at[i].event->object_id;
	return m ? record_titles(c, m->record, ids, n, out) : 0;
}

int audit_names_of(struct ctx *c, const struct audit_entries *all, struct audit_names *out)
{
	int64_t *users = ARENA_ARRAY(c->arena, int64_t, all->n + 1), *tokens = ARENA_ARRAY(c->arena, int64_t, all->n + 1);
	const struct record_model *token = registry_find(&c->services->registry, "api_token");
	for (size_t i = 0; i < all->n; i++) {
		const struct event *e = all->at[i].event;
		users[i] = e->actor_kind == ACTOR_USER ? e->actor_id : 0;
		tokens[i] = e->actor_kind == ACTOR_TOKEN ? e->actor_id : 0;
	}
	*out = (struct audit_names){ .about = ARENA_ARRAY(c->arena, const char *, all->n + 1) };
	TRY(actor_titles(c, users, all->n, &out->users));
	if (token)
		TRY(record_titles(c, token->record, tokens, all->n, &out->tokens));
	for (size_t i = 0; i < all->n; i++) {
		struct titles titles;
		if (out->about[i] || !all->at[i].event->object_id)
			continue;
		const char *object = all->at[i].event->object;
		TRY(titles_of(c, all, object, &titles));
		for (size_t k = i; k < all->n; k++)
			if (text_equal(all->at[k].event->object, object))
				out->about[k] = titles_find(&titles, all->at[k].event->object_id);
		if (!out->about[i])
			out->about[i] = "";
	}
	return 0;
}

/* Entries ------------------------------------------------------------------------------------------------------------------ */

static void write_entry(struct text *t, const struct audit_entry *entry, const char *about, const struct audit_names *names)
{
	const struct event *e = entry->event;
	text_format(t, "{\"no\":%lld,\"at\":%lld,\"kind\":", (long long)e->no, (long long)e->at);
	json_text(t, e->kind);
	text_format(t, ",\"area\":\"%s\",\"actor\":", e->area);
	actor_json(t, e->actor_kind, e->actor_id, e->actor_kind == ACTOR_TOKEN ? &names->tokens : &names->users);
	text_format(t, ",\"object\":\"%s\",\"object_id\":\"%lld\",\"title\":", e->object, (long long)e->object_id);
	json_text(t, text_empty(about) ? NULL : about);
	text_append(t, ",\"why\":");
	json_text(t, entry->why);
	text_append(t, ",\"field\":");
	json_text(t, entry->field);
	text_format(t, ",\"fields\":%s,\"data\":%s,\"request_id\":", entry->fields ? entry->fields : "null", e->data);
	json_text(t, e->request_id);
	text_char(t, '}');
}

static int list(struct ctx *c, const void *in, void *out)
{
	struct audit_query q = *(const struct audit_query *)in;
	struct audit_entries all;
	struct audit_names names;
	struct text t = text_in(c->arena);
	q.limit = q.limit ? q.limit : LIMIT;
	TRY(audit_find(c, &q, &all));
	TRY(audit_names_of(c, &all, &names));
	text_append(&t, "{\"items\":[");
	for (size_t i = 0; i < all.n; i++) {
		if (i)
			text_char(&t, ',');
		write_entry(&t, &all.at[i], names.about[i], &names);
	}
	const char *next = all.next ? arena_format(c->arena, "%lld", (long long)all.next) : "null";
	text_format(&t, "],\"next\":%s,\"tired\":%s}", next, all.tired ? "true" : "false");
	((struct raw_out *)out)->raw = text_end(&t);
	return 0;
}

/* How far the chain is: what an auditor writes down to compare with later. */
struct chain_out {
	int64_t events, chained, at;
	struct bytes mac, key;
	int64_t elsewhere;
};
static const struct member chain_members[] = {
	MEMBER(struct chain_out, events, count), MEMBER(struct chain_out, chained, count), MEMBER(struct chain_out, at, time_ms),
	MEMBER(struct chain_out, mac, hash, .flags = MEMBER_NULLABLE), MEMBER(struct chain_out, key, hash, .flags = MEMBER_NULLABLE),
	MEMBER(struct chain_out, elsewhere, flag),
};
static const struct shape chain_shape = SHAPE("audit_chain", struct chain_out, chain_members);

static int chain(struct ctx *c, const void *in, void *out)
{
	const struct audit_elsewhere *to = c->services->audit_elsewhere;
	struct tenant_counter counter = { 0 };
	struct audit_head head;
	struct chain_out *o = out;
	int r = tenant_counter_row_get(c, &counter);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	o->events = counter.event_no;
	o->elsewhere = to && (to->path || to->url);
	r = audit_head_now(c, &head);
	if (r == ERR_NOT_FOUND)
		return 0;
	TRY(r);
	o->chained = head.no;
	o->at = head.at;
	o->mac = head.mac;
	o->key = head.key;
	return 0;
}

/* Export ------------------------------------------------------------------------------------------------------------------- */

static const struct choice formats[] = { { "csv", "CSV", "CSV" }, { "xlsx", "XLSX", "XLSX" }, { 0 } };
static const struct member export_members[] = {
	MEMBER(struct audit_export, format, code, .flags = MEMBER_REQUIRED, .choices = formats),
	QUERY_MEMBERS(struct audit_export, query.),
};
static const struct shape export_shape = SHAPE("audit_export", struct audit_export, export_members);

static void export(struct http_request *r, struct ctx *c)
{
	export_send(r, c, "audit", audit_sheet, NULL);
}

const struct route audit_routes[] = {
	ROUTE(GET, "/api/v1/audit", "audit.read", POOL, .in = &query_shape, .out = &raw_shape, .run = list, .zh = "审计：记录", .en = "Audit: entries"),
	ROUTE(GET, "/api/v1/audit/chain", "audit.read", POOL, .out = &chain_shape, .run = chain, .zh = "审计：链的状态", .en = "Audit: how far the chain is"),
	ROUTE(GET, "/api/v1/audit/export", "audit.export", RAW, .in = &export_shape, .raw = export, .zh = "审计：导出表格", .en = "Audit: export as a spreadsheet"),
};
const size_t audit_route_count = sizeof(audit_routes) / sizeof(audit_routes[0]);
