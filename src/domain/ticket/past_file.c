/* A file of another system's ticket → a file on the ticket that came from there, or on a remark of it. */
#include "domain/ticket/past.h"

#include "core/file/file.h"
#include "core/io/undo.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/ticket_sql.h"

/* Never stored as such. */
struct past_file {
	int64_t id, version, created_at;
	const char *old_no, *path, *comment_no, *visibility;
	int64_t at;
};

static const struct member members[] = {
	MEMBER(struct past_file, id, id), MEMBER(struct past_file, version, count), MEMBER(struct past_file, created_at, time_ms), MEMBER(struct past_file, old_no, code),
	MEMBER(struct past_file, path, code), MEMBER(struct past_file, comment_no, code), MEMBER(struct past_file, visibility, code), MEMBER(struct past_file, at, time_ms),
};
static const struct shape row_shape = SHAPE("past_file", struct past_file, members);
static const struct table in_memory = { .name = "past_file", .row = &row_shape };

static const struct field fields[] = {
	CODE  (past_file, old_no,     L("原单号", "Old no."), .required = true, .most = 60, .heads = "单号|工单号|工单编号|服务单号|ticket id|ticket no|ticket"),
	CODE  (past_file, path,       L("文件路径", "Path"), .required = true, .most = 1000, .heads = "文件|附件|附件路径|路径|文件名|file|file name|filename|attachment"),
	CODE  (past_file, comment_no, L("原评论号", "Old comment no."), .most = 60, .heads = "评论号|评论编号|回复编号|comment id"),
	CHOICE(past_file, visibility, L("可见范围", "Visible to"), .of = past_visibilities, .heads = "公开或内部|是否公开|visibility|public"),
	TIME  (past_file, at,         L("时间", "Time"), .heads = "上传时间|创建时间|created|created at|date"),
};

static int read_row(struct ctx *c, const struct slot *slots, uint64_t present, struct past_file *p)
{
	*p = (struct past_file){ .old_no = "", .path = "", .comment_no = "", .visibility = "" };
	(void)!record_fill(c, target_of(c, past_file_record.name), slots, present, p);
	if (c->error->code)
		return c->error->code;
	if (text_empty(p->old_no))
		fail_field(c, "old_no", ERR_FIELD_REQUIRED, NULL);
	if (text_empty(p->path))
		fail_field(c, "path", ERR_FIELD_REQUIRED, NULL);
	if (p->at > c->now)
		fail_field(c, "at", ERR_FIELD_INVALID, "");
	return c->error->code;
}

/* The remark that it hung on, on this ticket; who sees the one sees the other. */
static int find_comment(struct ctx *c, const struct bringing *b, struct past_file *p, const struct ticket *t, int64_t *id)
{
	struct past_comment_of_no_row *found;
	size_t n;
	*id = 0;
	if (text_empty(p->comment_no))
		return 0;
	TRY(past_comment_of_no(c, p->comment_no, b->source, &found, &n));
	if (n == 0 || found[0].ticket_id != t->id)
		return fail_field(c, "comment_no", ERR_FIELD_REFERENCE, NULL), c->error->code;
	*id = found[0].id;
	p->visibility = found[0].visibility;
	p->at = p->at ? p->at : found[0].at;
	return 0;
}

/* By where it lay there: the same path on the same ticket is the same file. */
static int is_here(struct ctx *c, const struct past_file *p, const struct ticket *t, bool *here)
{
	struct past_files_of_row *rows;
	size_t n;
	*here = false;
	TRY(past_files_of(c, t->id, &rows, &n));
	for (size_t i = 0; i < n && !*here; i++) {
		const char *path;
		TRY(past_opened(c, t->key, "ticket_file.old_path", rows[i].old_path, &path));
		*here = text_equal(path, p->path);
	}
	return 0;
}

static int write_file(struct ctx *c, const struct bringing *b, const struct past_file *p, const struct ticket *t, int64_t comment_id)
{
	struct ticket_file row = {
		.tenant = c->tenant, .ticket_id = t->id, .file_id = b->file_id, .comment_id = comment_id, .at = p->at ? p->at : t->created_at,
		.visibility = text_empty(p->visibility) ? "internal" : p->visibility,
	};
	TRY(file_finish(c, b->file_id, b->file));
	TRY(file_attach(c, b->file_id, "ticket", t->id, t->customer_id));
	TRY(pii_seal(c, t->key, "ticket_file.old_path", p->path, &row.old_path));
	TRY(ticket_file_row_insert(c, &row));
	TRY(undo_note_brought(c, &past_file_record, b->file_id));
	return past_tell(c, b, t);
}

static int take_back(struct ctx *c, int64_t id, bool tries, bool *used)
{
	int64_t ticket = 0;
	if (!tries)
		TRY(file_let_go(c, id, "ticket", &ticket));
	if (!ticket)
		return 0;
	TRY(ticket_file_drop(c, ticket, id, NULL));
	return event_add(c, "ticket.past_removed", "ticket", ticket, "{}");
}

static int bring(struct ctx *c, const struct bringing *b, const struct slot *slots, uint64_t present, bool *made)
{
	struct past_file p;
	struct ticket t;
	int64_t comment_id;
	bool here;
	TRY(read_row(c, slots, present, &p));
	TRY(past_ticket_of(c, b, p.old_no, &t));
	TRY(find_comment(c, b, &p, &t, &comment_id));
	TRY(is_here(c, &p, &t, &here));
	*made = !here;
	if (here || b->tries)
		return 0;
	if (!b->file_id)        /* it was here when the row was tried, and is not any more */
		return fail_field(c, "path", ERR_BUNDLE_ABSENT, NULL), c->error->code;
	return write_file(c, b, &p, &t, comment_id);
}

const struct record past_file_record = {
	.name = "past_file", .label = L("历史附件", "Past files"), .table = &in_memory, FIELDS(fields), .title = { "path" }, .bring = bring, .take_back = take_back, .file_of = "path",
};
