/* The timeline of a ticket: its events, with the words of comments opened and names of staff filled in. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/actor.h"
#include "core/pii/pii.h"
#include "core/record/record.h"
#include "domain/ticket/ticket_api.h"
#include "gen/history_sql.h"
#include "gen/ticket_sql.h"

enum { PAGE = 50, MERGED = 20, KIN = 40 };

struct comments {
	struct ticket_comment *rows;
	struct pii_field *fields;
	size_t n;
	struct files_of_tickets_row *files;
	size_t file_count;
};

static int load_comments(struct ctx *c, const int64_t *tickets, size_t n, struct comments *out)
{
	TRY(comments_of_tickets(c, tickets, n, &out->rows, &out->n));
	TRY(files_of_tickets(c, tickets, n, &out->files, &out->file_count));
	out->fields = ARENA_ARRAY(c->arena, struct pii_field, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		out->fields[i] = (struct pii_field){ .key = out->rows[i].key, .context = "ticket_comment.body", .sealed = out->rows[i].body };
	return out->n ? pii_open_many(c, out->fields, out->n) : 0;
}

/* The comment an event names: data is {"comment_id":"…"} as ticket_comment_add() wrote it. */
static size_t comment_of(const struct comments *all, const char *data)
{
	const char *p = strstr(data, "\"comment_id\"");
	p = p ? strpbrk(p + 12, "0123456789") : NULL;
	int64_t id = p ? strtoll(p, NULL, 10) : 0;
	for (size_t i = 0; id && i < all->n; i++)
		if (all->rows[i].id == id)
			return i;
	return SIZE_MAX;
}

bool ticket_event_is_public(const char *kind)
{
	static const char *const internal[] = { "ticket.noted", "ticket.changed", "ticket.assign", "ticket.grade", "ticket.contact", "ticket.revealed", "ticket.undone",
	                                         "ticket.brought", "ticket.merged", "ticket.took_over", "ticket.parted", "ticket.gave_back",
	                                         "ticket.split", "ticket.split_from", "ticket.rejoined", "ticket.took_back",
	                                         "ticket.compensation_proposed", "ticket.compensation_revised", "ticket.compensation_approved",
	                                         "ticket.compensation_declined", "ticket.compensation_withdrawn", "ticket.compensation_granted",
	                                         "ticket.clock_soon", "ticket.clock_breached", "ticket.clock_escalated" };
	for (size_t i = 0; i < sizeof(internal) / sizeof(internal[0]); i++)
		if (!strcmp(kind, internal[i]))
			return false;
	return true;
}

static bool belongs(enum timeline_part part, const char *kind)
{
	bool note = !strcmp(kind, "ticket.noted"), talk = !strcmp(kind, "ticket.commented");
	switch (part) {
	case TIMELINE_TALK:     return talk;
	case TIMELINE_INTERNAL: return note;
	case TIMELINE_CHANGE:   return !note && !talk;
	case TIMELINE_PUBLIC:   return ticket_event_is_public(kind);
	default:                return true;
	}
}

/* Of a comment, or of the report itself: comment 0 of its ticket. */
static void write_files(struct text *out, const struct comments *all, int64_t ticket_id, int64_t comment_id, enum timeline_part part)
{
	bool any = false;
	text_append(out, ",\"file_ids\":[");
	for (size_t i = 0; i < all->file_count; i++) {
		if (all->files[i].ticket_id != ticket_id || all->files[i].comment_id != comment_id || (part == TIMELINE_PUBLIC && strcmp(all->files[i].visibility, "public")))
			continue;
		text_format(out, "%s\"%lld\"", any ? "," : "", (long long)all->files[i].file_id);
		any = true;
	}
	text_char(out, ']');
}

/* Customers see staff as strangers do: the surname, and no id. */
static void write_actor(struct ctx *c, const struct timeline_events_row *e, const struct titles *users, enum timeline_part part, struct text *out)
{
	if (part != TIMELINE_PUBLIC || e->actor_kind != ACTOR_USER) {
		actor_json(out, e->actor_kind, e->actor_id, users);
		return;
	}
	const char *name = titles_find(users, e->actor_id);
	text_append(out, "{\"kind\":\"user\",\"name\":");
	json_text(out, mask(c->arena, MASK_NAME, name ? name : ""));
	text_char(out, '}');
}

/* The reason that was given with a move is kept in the history row of the version it made; internal readers see it. */
static void write_item(struct ctx *c, const struct timeline_events_row *e, const struct comments *all, const struct titles *users, enum timeline_part part, struct text *out)
{
	text_format(out, "{\"no\":%lld,\"at\":%lld,\"kind\":\"%s\",\"actor\":", (long long)e->no, (long long)e->at, e->kind);
	write_actor(c, e, users, part, out);
	size_t k = comment_of(all, e->data);
	text_append(out, ",\"text\":");
	json_text(out, k == SIZE_MAX ? NULL : all->fields[k].text);
	text_format(out, ",\"data\":%s", part == TIMELINE_PUBLIC ? "{}" : e->data);
	write_files(out, all, k == SIZE_MAX ? e->object_id : all->rows[k].ticket_id, k == SIZE_MAX ? (strcmp(e->kind, "ticket.created") ? -1 : 0) : all->rows[k].id, part);
	text_char(out, '}');
}

/* Where splits moved remarks, an event is shown where its remark lies now. */
static bool lies_here(const struct timeline_events_row *e, const struct comments *all, const int64_t *own, size_t n)
{
	if (strstr(e->data, "\"comment_id\""))
		return comment_of(all, e->data) != SIZE_MAX;
	for (size_t i = 0; i < n; i++)
		if (own[i] == e->object_id)
			return true;
	return false;
}

int ticket_timeline(struct ctx *c, const struct ticket *t, enum timeline_part part, int64_t before, struct text *out)
{
	struct timeline_events_row *rows;
	size_t n;
	struct comments comments = { 0 };
	struct titles users;
	int64_t tickets[KIN];
	size_t ticket_count, kin_count;
	TRY(ticket_with_merged(c, t->id, tickets, MERGED, &ticket_count));
	kin_count = ticket_count;
	TRY(ticket_split_kin(c, tickets, KIN, &kin_count));
	TRY(timeline_events(c, "ticket", tickets, kin_count, before > 0 ? before : FAR_FUTURE_MS, PAGE + 1, &rows, &n));
	TRY(load_comments(c, tickets, ticket_count, &comments));
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].actor_kind == ACTOR_USER ? rows[i].actor_id : 0;
	TRY(actor_titles(c, ids, n, &users));
	size_t shown = n > PAGE ? PAGE : n;
	bool any = false;
	text_append(out, "{\"items\":[");
	for (size_t i = 0; i < shown; i++) {
		if (!belongs(part, rows[i].kind) || (kin_count > ticket_count && !lies_here(&rows[i], &comments, tickets, ticket_count)))
			continue;
		if (any)
			text_char(out, ',');
		write_item(c, &rows[i], &comments, &users, part, out);
		any = true;
	}
	text_append(out, "],\"next\":");
	if (n > PAGE)
		text_int(out, rows[PAGE - 1].no);
	else
		text_append(out, "null");
	text_char(out, '}');
	return 0;
}

int ticket_handout(struct ctx *c, const void *row, struct text *out)
{
	struct comments all;
	TRY(load_comments(c, &((const struct ticket *)row)->id, 1, &all));
	text_append(out, ",\"comments\":[");
	for (size_t i = 0; i < all.n; i++) {
		text_format(out, "%s{\"at\":%lld,\"by\":\"%s\",\"visibility\":\"%s\",\"text\":", i ? "," : "", (long long)all.rows[i].at,
		            actor_kind_name(all.rows[i].actor_kind), all.rows[i].visibility);
		json_text(out, all.fields[i].text);
		text_char(out, '}');
	}
	text_append(out, "],\"file_ids\":[");
	for (size_t i = 0; i < all.file_count; i++)
		text_format(out, "%s\"%lld\"", i ? "," : "", (long long)all.files[i].file_id);
	text_char(out, ']');
	return 0;
}
