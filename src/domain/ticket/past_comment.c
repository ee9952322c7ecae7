/* What was said on a ticket of another system → a remark on the ticket that came from there, at its own time and in its author's name. */
#include "domain/ticket/past.h"

#include "core/io/undo.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "engine/clean/clean.h"
#include "gen/ticket_sql.h"

enum { WORDS_MOST = 20000 };

/* Never stored as such. */
struct past_comment {
	int64_t id, version, created_at;
	const char *old_no, *comment_no, *author, *author_kind, *visibility, *body;
	int64_t at;
};

static const struct member members[] = {
	MEMBER(struct past_comment, id, id), MEMBER(struct past_comment, version, count), MEMBER(struct past_comment, created_at, time_ms),
	MEMBER(struct past_comment, old_no, code), MEMBER(struct past_comment, comment_no, code), MEMBER(struct past_comment, author, code),
	MEMBER(struct past_comment, author_kind, code), MEMBER(struct past_comment, visibility, code), MEMBER(struct past_comment, body, text),
	MEMBER(struct past_comment, at, time_ms),
};
static const struct shape row_shape = SHAPE("past_comment", struct past_comment, members);
static const struct table in_memory = { .name = "past_comment", .row = &row_shape };

const struct choice past_visibilities[] = { { "internal", "内部", "Internal" }, { "public", "公开", "Public" }, { 0 } };
static const struct choice author_kinds[] = { { "staff", "客服", "Agent" }, { "customer", "客户", "Customer" }, { 0 } };

static const struct field fields[] = {
	CODE  (past_comment, old_no,      L("原单号", "Old no."), .required = true, .most = 60, .heads = "单号|工单号|工单编号|服务单号|ticket id|ticket no|ticket"),
	TIME  (past_comment, at,          L("时间", "Time"), .required = true, .heads = "评论时间|回复时间|创建时间|记录时间|created|created at|date"),
	TEXT  (past_comment, body,        L("内容", "Words"), .required = true, .most = WORDS_MOST, .heads = "评论|评论内容|回复内容|备注|正文|comment|body|text|message"),
	CODE  (past_comment, author,      L("作者", "Author"), .most = 60, .heads = "评论人|回复人|记录人|发送人|客服|commenter|from|agent"),
	CHOICE(past_comment, author_kind, L("作者类型", "Kind of author"), .of = author_kinds, .heads = "作者角色|角色|author type|role"),
	CHOICE(past_comment, visibility,  L("可见范围", "Visible to"), .of = past_visibilities, .heads = "公开或内部|是否公开|类型|visibility|public|type"),
	CODE  (past_comment, comment_no,  L("原评论号", "Old comment no."), .most = 60, .heads = "评论号|评论编号|回复编号|comment id|id"),
};

static int read_row(struct ctx *c, const struct slot *slots, uint64_t present, struct past_comment *p)
{
	*p = (struct past_comment){ .old_no = "", .comment_no = "", .author = "", .author_kind = "", .visibility = "internal", .body = "" };
	(void)!record_fill(c, target_of(c, past_comment_record.name), slots, present, p);
	p->body = clean_html(c->arena, p->body);
	if (c->error->code)
		return c->error->code;
	if (text_empty(p->old_no))
		fail_field(c, "old_no", ERR_FIELD_REQUIRED, NULL);
	if (text_empty(p->body))
		fail_field(c, "body", ERR_FIELD_REQUIRED, NULL);
	if (!p->at)
		fail_field(c, "at", ERR_FIELD_REQUIRED, NULL);
	else if (p->at > c->now)
		fail_field(c, "at", ERR_FIELD_INVALID, "");
	return c->error->code;
}

/* Whoever the words name: the ticket's own customer, somebody of ours, else nobody here and the words stay. */
static int find_author(struct ctx *c, const struct past_comment *p, const struct ticket *t, struct ticket_comment *k)
{
	struct customer customer;
	struct user_account user;
	const char *name = NULL;
	TRY(customer_row_get(c, t->customer_id, &customer));
	TRY(pii_open(c, customer.key, "customer.name", customer.name, &name));
	k->actor_kind = ACTOR_SYSTEM;
	if (text_equal(p->author_kind, "customer") || (text_empty(p->author_kind) && !text_empty(p->author) && text_equal(p->author, name))) {
		k->actor_kind = ACTOR_CUSTOMER;
		k->actor_id = t->customer_id;
		k->visibility = "public";       /* she wrote it */
		return 0;
	}
	if (text_empty(p->author))
		return 0;
	TRY(past_user_find(c, p->author, &user));
	if (!user.id)
		return pii_seal(c, k->key, "ticket_comment.author", p->author, &k->author);
	k->actor_kind = ACTOR_USER;
	k->actor_id = user.id;
	return 0;
}

int past_opened(struct ctx *c, int64_t key, const char *context, struct bytes sealed, const char **text)
{
	int r = pii_open(c, key, context, sealed, text);
	if (r == ERR_ERASED) {
		error_clear(c->error);
		*text = NULL;
		return 0;
	}
	return r;
}

/* The same words of the same author at the same time on the same ticket. */
static int is_same(struct ctx *c, const struct past_comment *p, const struct ticket_comment *ours, const struct ticket_comment *there, bool *same)
{
	const char *body, *author;
	*same = false;
	if (ours->actor_kind != there->actor_kind || ours->actor_id != there->actor_id || !text_equal(ours->visibility, there->visibility))
		return 0;
	TRY(past_opened(c, there->key, "ticket_comment.body", there->body, &body));
	TRY(past_opened(c, there->key, "ticket_comment.author", there->author, &author));
	*same = text_equal(body, p->body) && (ours->actor_kind != ACTOR_SYSTEM || text_equal(author ? author : "", p->author));
	return 0;
}

static int is_here(struct ctx *c, const char *source, const struct past_comment *p, const struct ticket_comment *k, bool *here)
{
	struct past_comment_of_no_row *named;
	struct ticket_comment *rows;
	size_t n;
	*here = false;
	if (!text_empty(p->comment_no)) {
		TRY(past_comment_of_no(c, p->comment_no, source, &named, &n));
		*here = n > 0;
		return 0;
	}
	TRY(past_comments_at(c, k->ticket_id, p->at, &rows, &n));
	for (size_t i = 0; i < n && !*here; i++)
		TRY(is_same(c, p, k, &rows[i], here));
	return 0;
}

static int bring(struct ctx *c, const struct bringing *b, const struct slot *slots, uint64_t present, bool *made)
{
	struct past_comment p;
	struct ticket t;
	bool here;
	TRY(read_row(c, slots, present, &p));
	TRY(past_ticket_of(c, b, p.old_no, &t));
	struct ticket_comment k = {
		.tenant = c->tenant, .id = new_id(c), .ticket_id = t.id, .at = p.at, .visibility = p.visibility, .key = t.key,
		.old_source = b->source, .old_no = p.comment_no, .is_past = 1,
	};
	TRY(find_author(c, &p, &t, &k));
	TRY(is_here(c, b->source, &p, &k, &here));
	*made = !here;
	if (here || b->tries)
		return 0;
	TRY(pii_seal(c, k.key, "ticket_comment.body", p.body, &k.body));
	TRY(ticket_comment_row_insert(c, &k));
	TRY(undo_note_brought(c, &past_comment_record, k.id));
	return past_tell(c, b, &t);
}

/* A file that came for it later needs it. */
static int take_back(struct ctx *c, int64_t id, bool tries, bool *used)
{
	struct past_comment_by_id_row *found;
	struct files_of_comment_row *files;
	size_t n, held;
	TRY(past_comment_by_id(c, id, &found, &n));
	if (n == 0)
		return 0;
	TRY(files_of_comment(c, found[0].ticket_id, id, &files, &held));
	*used = held > 0;
	if (*used || tries)
		return 0;
	TRY(ticket_comment_row_remove(c, id));
	return event_add(c, "ticket.past_removed", "ticket", found[0].ticket_id, "{}");
}

const struct record past_comment_record = {
	.name = "past_comment", .label = L("历史回复", "Past comments"), .table = &in_memory, FIELDS(fields), .title = { "old_no" }, .bring = bring, .take_back = take_back,
};
