/* One row of another system's tickets → a ticket of ours, its customer and its device. */
#include "domain/ticket/past.h"

#include <string.h>

#include "core/event/number.h"
#include "core/list/list.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "engine/clean/clean.h"
#include "db/writer.h"
#include "engine/redact/redact.h"
#include "gen/ticket_sql.h"

enum { WORDS_MOST = 20000 };

/* Never stored as such. */
struct past_ticket {
	int64_t id, version, created_at;
	const char *old_no, *state, *scene, *grade, *channel, *rating, *title, *description, *result;
	const char *name, *phone, *email, *external_no, *serial, *owner;
	const char *tags;
	int64_t model_id, team_id, opened_at, first_response_at, solved_at, closed_at;
};

static const struct member members[] = {
	MEMBER(struct past_ticket, id, id), MEMBER(struct past_ticket, version, count), MEMBER(struct past_ticket, created_at, time_ms),
	MEMBER(struct past_ticket, old_no, code), MEMBER(struct past_ticket, state, code), MEMBER(struct past_ticket, scene, code),
	MEMBER(struct past_ticket, grade, code), MEMBER(struct past_ticket, channel, code), MEMBER(struct past_ticket, rating, code),
	MEMBER(struct past_ticket, title, code), MEMBER(struct past_ticket, description, text), MEMBER(struct past_ticket, result, text),
	MEMBER(struct past_ticket, name, code), MEMBER(struct past_ticket, phone, code), MEMBER(struct past_ticket, email, code),
	MEMBER(struct past_ticket, external_no, code), MEMBER(struct past_ticket, serial, code), MEMBER(struct past_ticket, owner, code),
	MEMBER(struct past_ticket, tags, text), MEMBER(struct past_ticket, model_id, ref), MEMBER(struct past_ticket, team_id, ref), MEMBER(struct past_ticket, opened_at, time_ms),
	MEMBER(struct past_ticket, first_response_at, time_ms), MEMBER(struct past_ticket, solved_at, time_ms), MEMBER(struct past_ticket, closed_at, time_ms),
};
static const struct shape row_shape = SHAPE("past_ticket", struct past_ticket, members);
static const struct table in_memory = { .name = "past_ticket", .row = &row_shape };

static const struct field fields[] = {
	CODE  (past_ticket, old_no,      L("原单号", "Old no."), .required = true, .most = 60, .heads = "单号|工单号|编号|工单编号|ticket id|id|ticket no|number"),
	CHOICE(past_ticket, state,       L("状态", "State"), .of = ticket_states, .required = true, .heads = "工单状态|status"),
	TIME  (past_ticket, opened_at,   L("建单时间", "Opened at"), .required = true, .heads = "创建时间|报修时间|受理时间|created|created at|opened"),
	TIME  (past_ticket, first_response_at, L("首次响应", "First response"), .heads = "首次响应时间|first response at"),
	TIME  (past_ticket, solved_at,   L("解决时间", "Solved at"), .heads = "完成时间|solved|resolved at"),
	TIME  (past_ticket, closed_at,   L("关闭时间", "Closed at"), .heads = "closed|结单时间"),
	CHOICE(past_ticket, scene,       L("场景", "Scene"), .of = ticket_scenes, .heads = "类型|服务类型|type"),
	CHOICE(past_ticket, grade,       L("级别", "Grade"), .of = ticket_grades, .heads = "优先级|紧急程度|priority"),
	CHOICE(past_ticket, channel,     L("渠道", "Channel"), .of = ticket_channels, .heads = "来源|via"),
	CODE  (past_ticket, title,       L("问题", "Problem"), .heads = "标题|主题|subject"),
	TEXT  (past_ticket, description, L("描述", "Description"), .most = WORDS_MOST, .heads = "问题描述|内容"),
	TEXT  (past_ticket, result,      L("处理结果", "Result"), .most = WORDS_MOST, .heads = "结果|solution"),
	CHOICE(past_ticket, rating,      L("评价", "Rating"), .of = ticket_ratings, .heads = "满意度|satisfaction"),
	CODE  (past_ticket, external_no, L("客户编号", "Customer no."), .heads = "客户编码|会员号"),
	CODE  (past_ticket, name,        L("客户姓名", "Customer name"), .most = 60, .heads = "客户|客户名称|姓名|联系人|customer|requester"),
	CODE  (past_ticket, phone,       L("客户手机", "Customer phone"), .most = 40, .heads = "手机|手机号|电话|联系电话|客户电话|phone"),
	CODE  (past_ticket, email,       L("客户邮箱", "Customer e-mail"), .heads = "邮箱|电子邮箱|email|requester email"),
	CODE  (past_ticket, serial,      L("序列号", "Serial"), .most = 40, .heads = "机身号|机器编号|SN|设备"),
	REF   (past_ticket, model_id,    L("型号", "Model"), .to = &model_record, .heads = "产品型号|机型"),
	REF   (past_ticket, team_id,     L("小组", "Team"), .to = &team_record, .heads = "组别|group|team"),
	CODE  (past_ticket, owner,       L("负责人", "Owner"), .heads = "处理人|客服|assignee|agent"),
	TAGS  (past_ticket),
};

/* Customer and device ----------------------------------------------------------------------------------------------------- */

/* The row whose field of that name holds the value, 0: none. */
static int find(struct ctx *c, const struct record *record, const char *field, const char *value, int64_t *id)
{
	const struct record_model *m = model_of(c, record);
	*id = 0;
	return text_empty(value) ? 0 : list_find(c, m, field_index(m, field), &(struct slot){ .text = value }, id);
}

struct values {
	const struct record_model *model;
	struct slot slots[MOST_FIELDS_OF_RECORD];
	uint64_t present;
};

static struct slot *value_of(struct values *v, const char *field)
{
	size_t i = field_index(v->model, field);
	v->present |= UINT64_C(1) << i;
	return &v->slots[i];
}

static void give_text(struct values *v, const char *field, const char *text)
{
	if (!text_empty(text))
		value_of(v, field)->text = text;
}

/* Found by its number, else phone, else e-mail; made when it is none of ours. A name alone names nobody. */
static int find_customer(struct ctx *c, const struct past_ticket *p, int64_t *id)
{
	static const char *const ways[] = { "external_no", "phone", "email" };
	const char *const values[] = { p->external_no, p->phone, p->email };
	*id = 0;
	for (size_t i = 0; i < 3 && !*id; i++)
		TRY(find(c, &customer_record, ways[i], values[i], id));
	if (!*id && text_empty(p->external_no) && text_empty(p->phone) && text_empty(p->email))
		fail_field(c, "phone", ERR_FIELD_REQUIRED, NULL);
	return c->error->code;
}

static int take_customer(struct ctx *c, const struct past_ticket *p, bool tries, struct customer *out)
{
	int64_t id;
	TRY(find_customer(c, p, &id));
	if (id) {
		TRY(record_get(c, &customer_record, id, out));
		return customer_current(c, out);        /* a file that went into another keeps its number */
	}
	struct values v = { .model = model_of(c, &customer_record) };
	give_text(&v, "name", !text_empty(p->name) ? p->name : !text_empty(p->external_no) ? p->external_no : p->phone);
	give_text(&v, "phone", p->phone);
	give_text(&v, "email", p->email);
	give_text(&v, "external_no", p->external_no);
	give_text(&v, "source", "import");
	if (tries)
		return record_try(c, &customer_record, v.slots, v.present, 0);
	return record_create_past(c, &customer_record, v.slots, v.present, out);
}

static int take_device(struct ctx *c, const struct past_ticket *p, int64_t customer_id, bool tries, struct device *out)
{
	int64_t id;
	if (text_empty(p->serial))
		return 0;
	TRY(find(c, &device_record, "serial", p->serial, &id));
	if (id)
		return record_get(c, &device_record, id, out);
	struct values v = { .model = model_of(c, &device_record) };
	give_text(&v, "serial", p->serial);
	if (p->model_id)
		value_of(&v, "model_id")->i = p->model_id;
	if (customer_id)
		value_of(&v, "customer_id")->i = customer_id;
	if (tries)
		return record_try(c, &device_record, v.slots, v.present, 0);
	return record_create_past(c, &device_record, v.slots, v.present, out);
}

int past_user_find(struct ctx *c, const char *words, struct user_account *out)
{
	static const char *const ways[] = { "account", "email", "name" };
	int64_t id = 0;
	bool there = false;
	for (size_t i = 0; i < 3 && !id; i++)
		TRY(find(c, &user_record, ways[i], words, &id));
	if (id)
		TRY(record_look(c, &user_record, id, out, &there));
	if (!there)
		*out = (struct user_account){ .id = 0 };
	return 0;
}

/* Who has left owns nothing. */
static int find_owner(struct ctx *c, const struct past_ticket *p, int64_t *id)
{
	struct user_account user;
	TRY(past_user_find(c, p->owner, &user));
	*id = user.archived_at ? 0 : user.id;
	return 0;
}

/* The ticket --------------------------------------------------------------------------------------------------------------- */

static bool is_over(const char *state)
{
	return text_equal(state, "closed") || text_equal(state, "cancelled");
}

static void check_times(struct ctx *c, const struct past_ticket *p)
{
	const struct { const char *field; int64_t at; } times[] = {
		{ "opened_at", p->opened_at }, { "first_response_at", p->first_response_at }, { "solved_at", p->solved_at }, { "closed_at", p->closed_at },
	};
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (times[i].at > c->now || (times[i].at && times[i].at < p->opened_at))
			fail_field(c, times[i].field, ERR_FIELD_INVALID, "");
}

/* Cells → a row that has every text, a phone as it is looked for, and what was left out. */
static int read_row(struct ctx *c, const struct slot *slots, uint64_t present, struct past_ticket *p)
{
	struct clean_phone phone;
	const struct record_model *m = target_of(c, past_ticket_record.name);
	*p = (struct past_ticket){
		.old_no = "", .state = "", .scene = "repair", .grade = "normal", .channel = "web", .rating = "", .title = "", .description = "", .result = "",
		.name = "", .phone = "", .email = "", .external_no = "", .serial = "", .owner = "", .tags = "",
	};
	(void)!record_fill(c, m, slots, present, p);
	if (text_empty(p->old_no) && !c->error->code)
		fail_field(c, "old_no", ERR_FIELD_REQUIRED, NULL);
	if (text_empty(p->state) && !c->error->code)
		fail_field(c, "state", ERR_FIELD_REQUIRED, NULL);
	if (!p->opened_at && !c->error->code)
		fail_field(c, "opened_at", ERR_FIELD_REQUIRED, NULL);
	if (!text_empty(p->phone) && clean_phone(c->arena, p->phone, &phone) == 0)
		p->phone = phone.value;         /* a broken one is the customer's fault to tell */
	if (!text_empty(p->serial))
		(void)!clean_serial(c->arena, p->serial, &p->serial);
	check_times(c, p);
	return c->error->code;
}

int past_ticket_find(struct ctx *c, const char *source, const char *old_no, int64_t *id)
{
	struct ticket_of_old_no_row *rows;
	size_t n;
	TRY(ticket_of_old_no(c, old_no, source, &rows, &n));
	*id = n ? rows[0].id : 0;
	return 0;
}

int past_ticket_of(struct ctx *c, const struct bringing *b, const char *old_no, struct ticket *out)
{
	int64_t id;
	bool there = false;
	TRY(past_ticket_find(c, b->source, old_no, &id));
	if (id)
		TRY(record_look(c, &ticket_record, id, out, &there));
	if (!there)
		fail_field(c, "old_no", ERR_FIELD_REFERENCE, NULL);
	return c->error->code;
}

int past_tell(struct ctx *c, const struct bringing *b, const struct ticket *t)
{
	if (*b->told == t->id)
		return 0;
	*b->told = t->id;
	return event_add(c, "ticket.past_brought", "ticket", t->id, "{}");
}

static int64_t last_of(const struct past_ticket *p)
{
	int64_t last = p->opened_at;
	const int64_t times[] = { p->first_response_at, p->solved_at, p->closed_at };
	for (size_t i = 0; i < 3; i++)
		last = times[i] > last ? times[i] : last;
	return last;
}

static int write_ticket(struct ctx *c, const char *source, const struct past_ticket *p, const struct customer *customer, const struct device *device)
{
	const struct choice *scene = choice_find(ticket_scenes, p->scene);
	const char *words = text_empty(p->title) ? p->description : p->title;
	bool over = is_over(p->state), solved = over || text_equal(p->state, "resolved");
	int64_t last = last_of(p);
	struct ticket t = {
		.tenant = c->tenant, .id = new_id(c), .no = "", .scene = p->scene, .grade = p->grade, .state = p->state, .key = customer->key,
		.customer_id = customer->id, .device_id = device->id, .product_id = device->product_id, .team_id = p->team_id, .region_id = customer->region_id,
		.channel = p->channel, .symptoms = "[]", .answers = "{}", .danger = "", .preferred_time = "", .stage = "", .steps = "", .new_plan = "", .result = p->result,
		.next_due_at = FAR_FUTURE_MS, .rating = p->rating, .rated_at = text_empty(p->rating) ? 0 : last,
		.first_response_at = p->first_response_at, .solved_at = p->solved_at || !solved ? p->solved_at : last,
		.closed_at = p->closed_at || !over ? p->closed_at : last, .created_at = p->opened_at, .updated_at = last, .old_source = source, .old_no = p->old_no, .tags = p->tags,
	};
	t.title = ticket_title(c->arena, clean_text(c->arena, redact(c->arena, words, strlen(words), NULL)), NULL, scene ? scene->zh : p->scene);
	TRY(find_owner(c, p, &t.owner_id));
	TRY(pii_seal(c, t.key, "ticket.description", text_empty(p->description) ? p->title : p->description, &t.description));
	TRY(number_at(c, "SR", p->opened_at, &t.no));
	return record_insert_past(c, &ticket_record, &t);
}

/* What is here already stays as it is: people may have worked on it since. */
static int bring(struct ctx *c, const struct bringing *b, const struct slot *slots, uint64_t present, bool *made)
{
	struct past_ticket p;
	struct customer customer = { 0 };
	struct device device = { 0 };
	int64_t id;
	TRY(read_row(c, slots, present, &p));
	TRY(past_ticket_find(c, b->source, p.old_no, &id));
	*made = id == 0;
	if (id)
		return 0;
	TRY(take_customer(c, &p, b->tries, &customer));
	TRY(take_device(c, &p, customer.id, b->tries, &device));
	return b->tries ? c->error->code : write_ticket(c, b->source, &p, &customer, &device);
}

const struct record past_ticket_record = {
	.name = "past_ticket", .label = L("历史服务单", "Past tickets"), .table = &in_memory, FIELDS(fields), .title = { "old_no" }, .bring = bring,
};
