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

enum { PAGE = 50, MERGED = 20, KIN = 40, NAMED = 10 };

struct comments {
	struct ticket_comment *rows;
	struct pii_field *fields, *authors;     /* opened: words, and who wrote them where nobody here is */
	size_t n;
	struct files_of_tickets_row *files;
	size_t file_count;
};

static int load_comments(struct ctx *c, const int64_t *tickets, size_t n, struct comments *out)
{
	TRY(comments_of_tickets(c, tickets, n, &out->rows, &out->n));
	TRY(files_of_tickets(c, tickets, n, &out->files, &out->file_count));
	out->fields = ARENA_ARRAY(c->arena, struct pii_field, 2 * out->n + 1);
	out->authors = out->fields + out->n;
	for (size_t i = 0; i < out->n; i++) {
		const struct ticket_comment *k = &out->rows[i];
		out->fields[i] = (struct pii_field){ .key = k->key, .context = "ticket_comment.body", .sealed = k->body };
		out->authors[i] = (struct pii_field){ .key = k->key, .context = "ticket_comment.author", .sealed = k->author };
	}
	return out->n ? pii_open_many(c, out->fields, 2 * out->n) : 0;
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

/* Colleagues whom a remark names: {"user_ids":["…"]} of the same data. */
static size_t named_in(const char *data, int64_t ids[NAMED])
{
	const char *p = strstr(data, "\"user_ids\""), *end = p ? strchr(p, ']') : NULL;
	size_t n = 0;
	for (p = end ? strpbrk(p, "0123456789") : NULL; p && p < end && n < NAMED; p = strpbrk(p, "0123456789")) {
		char *rest;
		ids[n++] = strtoll(p, &rest, 10);
		p = rest;
	}
	return n;
}

static void write_named(const char *data, const struct titles *users, struct text *out)
{
	int64_t ids[NAMED];
	size_t n = named_in(data, ids);
	for (size_t i = 0; i < n; i++) {
		text_format(out, "%s{\"id\":\"%lld\",\"name\":", i ? "," : ",\"named\":[", (long long)ids[i]);
		json_text(out, titles_find(users, ids[i]));
		text_char(out, '}');
	}
	text_append(out, n ? "]" : "");
}

bool ticket_event_is_public(const char *kind)
{
	static const char *const internal[] = { "ticket.noted", "ticket.changed", "ticket.assign", "ticket.grade", "ticket.contact", "ticket.revealed", "ticket.undone", "ticket.take", "ticket.moved", "ticket.placed",
	                                         "ticket.brought", "ticket.past_brought", "ticket.past_removed", "ticket.emptied", "ticket.merged", "ticket.took_over", "ticket.parted", "ticket.gave_back",
	                                         "ticket.linked", "ticket.unlinked", "ticket.unwatched", "ticket.told_apart", "ticket.not_told_apart", "ticket.split", "ticket.split_from", "ticket.rejoined", "ticket.took_back",
	                                         "ticket.compensation_proposed", "ticket.compensation_revised", "ticket.compensation_approved",
	                                         "ticket.compensation_declined", "ticket.compensation_withdrawn",
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
	if (part != TIMELINE_PUBLIC)
		write_named(e->data, users, out);
	write_files(out, all, k == SIZE_MAX ? e->object_id : all->rows[k].ticket_id, k == SIZE_MAX ? (strcmp(e->kind, "ticket.created") && strcmp(e->kind, "ticket.brought") ? -1 : 0) : all->rows[k].id, part);
	text_char(out, '}');
}

/* What was written elsewhere, before it came here, has no events: it lies between them by its own time. */
struct past {
	const struct ticket_comment **at;       /* by time, those that this part of the timeline shows */
	size_t n, left;                         /* the newest `n - left` are on this page or on earlier ones */
};

static int by_time(const void *a, const void *b)
{
	const struct ticket_comment *x = *(const struct ticket_comment *const *)a, *y = *(const struct ticket_comment *const *)b;
	return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->id > y->id) - (x->id < y->id);
}

static void find_past(struct arena *a, const struct comments *all, enum timeline_part part, struct past *out)
{
	out->at = ARENA_ARRAY(a, const struct ticket_comment *, all->n + 1);
	out->n = 0;
	for (size_t i = 0; i < all->n; i++)
		if (all->rows[i].is_past && belongs(part, text_equal(all->rows[i].visibility, "internal") ? "ticket.noted" : "ticket.commented"))
			out->at[out->n++] = &all->rows[i];
	qsort(out->at, out->n, sizeof(out->at[0]), by_time);
	out->left = out->n;
}

static void write_author(struct ctx *c, const struct comments *all, size_t k, const struct titles *users, enum timeline_part part, struct text *out)
{
	const struct ticket_comment *row = &all->rows[k];
	const char *name = row->actor_kind == ACTOR_USER ? titles_find(users, row->actor_id) : all->authors[k].text;
	if (row->actor_kind == ACTOR_CUSTOMER || (row->actor_kind == ACTOR_USER && part != TIMELINE_PUBLIC)) {
		actor_json(out, row->actor_kind, row->actor_id, users);
		return;
	}
	text_append(out, part == TIMELINE_PUBLIC ? "{\"kind\":\"user\",\"name\":" : "{\"kind\":\"former\",\"id\":\"0\",\"name\":");
	json_text(out, part == TIMELINE_PUBLIC ? mask(c->arena, MASK_NAME, name ? name : "") : name);
	text_char(out, '}');
}

/* Numbered from the newest down, below all events. */
static void write_past(struct ctx *c, struct past *past, const struct comments *all, const struct titles *users, enum timeline_part part, struct text *out)
{
	const struct ticket_comment *row = past->at[--past->left];
	size_t k = (size_t)(row - all->rows);
	text_format(out, "{\"no\":%lld,\"at\":%lld,\"kind\":\"ticket.%s\",\"actor\":", -(long long)(past->n - past->left), (long long)row->at,
	            text_equal(row->visibility, "internal") ? "noted" : "commented");
	write_author(c, all, k, users, part, out);
	text_append(out, ",\"text\":");
	json_text(out, all->fields[k].text);
	text_format(out, part == TIMELINE_PUBLIC ? ",\"data\":{}" : ",\"data\":{\"comment_id\":\"%lld\"}", (long long)row->id);
	write_files(out, all, row->ticket_id, row->id, part);
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

/* A page on its way: events by number, the past by time. */
struct page {
	struct ctx *c;
	struct text *out;
	enum timeline_part part;
	struct comments comments;
	struct past past;
	struct titles users;
	int64_t tickets[KIN];
	size_t ticket_count, kin_count;
	struct timeline_events_row *rows;
	size_t n, written;
	int64_t next;                   /* number of an event, or of the past that is left below 0; 0: none */
};

static void next_item(struct page *p)
{
	if (p->written++)
		text_char(p->out, ',');
}

/* What was written before this instant is left for later. */
static void write_past_until(struct page *p, int64_t at, size_t most)
{
	while (p->past.left && p->written < most && p->past.at[p->past.left - 1]->at >= at) {
		next_item(p);
		write_past(p->c, &p->past, &p->comments, &p->users, p->part, p->out);
	}
}

static void write_events(struct page *p)
{
	size_t shown = p->n > PAGE ? PAGE : p->n;
	for (size_t i = 0; i < shown; i++) {
		const struct timeline_events_row *e = &p->rows[i];
		write_past_until(p, e->at, SIZE_MAX);
		if (!belongs(p->part, e->kind) || (p->kin_count > p->ticket_count && !lies_here(e, &p->comments, p->tickets, p->ticket_count)))
			continue;
		next_item(p);
		write_item(p->c, e, &p->comments, &p->users, p->part, p->out);
	}
	p->next = p->n > PAGE ? p->rows[PAGE - 1].no : 0;
}

/* Events before that number; the one of that number says since when the past is left. */
static int read_events(struct page *p, int64_t before)
{
	TRY(timeline_events(p->c, "ticket", p->tickets, p->kin_count, before > 0 ? before + 1 : FAR_FUTURE_MS, PAGE + 2, &p->rows, &p->n));
	if (before > 0 && p->n && p->rows[0].no == before) {
		while (p->past.left && p->past.at[p->past.left - 1]->at >= p->rows[0].at)
			p->past.left--;
		p->rows++;
		p->n--;
	}
	return 0;
}

static int name_users(struct page *p)
{
	int64_t *ids = ARENA_ARRAY(p->c->arena, int64_t, p->n * (1 + NAMED) + p->past.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < p->n; i++) {
		ids[n++] = p->rows[i].actor_kind == ACTOR_USER ? p->rows[i].actor_id : 0;
		n += named_in(p->rows[i].data, ids + n);
	}
	for (size_t i = 0; i < p->past.n; i++)
		ids[n++] = p->past.at[i]->actor_kind == ACTOR_USER ? p->past.at[i]->actor_id : 0;
	return actor_titles(p->c, ids, n, &p->users);
}

int ticket_timeline(struct ctx *c, const struct ticket *t, enum timeline_part part, int64_t before, struct text *out)
{
	struct page p = { .c = c, .out = out, .part = part };
	TRY(ticket_with_merged(c, t->id, p.tickets, MERGED, &p.ticket_count));
	p.kin_count = p.ticket_count;
	TRY(ticket_split_kin(c, p.tickets, KIN, &p.kin_count));
	TRY(load_comments(c, p.tickets, p.ticket_count, &p.comments));
	find_past(c->arena, &p.comments, part, &p.past);
	if (before >= 0)
		TRY(read_events(&p, before));
	else if ((size_t)-before < p.past.left)
		p.past.left = (size_t)-before;
	TRY(name_users(&p));
	text_append(out, "{\"items\":[");
	write_events(&p);
	if (!p.next) {
		write_past_until(&p, INT64_MIN, PAGE);
		p.next = -(int64_t)p.past.left;
	}
	text_append(out, "],\"next\":");
	if (p.next)
		text_int(out, p.next);
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
		if (all.authors[i].text) {
			text_append(out, ",\"author\":");
			json_text(out, all.authors[i].text);
		}
		text_char(out, '}');
	}
	text_append(out, "],\"file_ids\":[");
	for (size_t i = 0; i < all.file_count; i++)
		text_format(out, "%s\"%lld\"", i ? "," : "", (long long)all.files[i].file_id);
	text_char(out, ']');
	return 0;
}
