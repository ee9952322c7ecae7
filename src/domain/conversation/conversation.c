/* Definitions of the conversation: its words, its fields, its flow. */
#include "domain/conversation/conversation.h"

#include <string.h>

#include "core/auth/auth.h"
#include "core/notify/staff.h"
#include "core/pii/pii.h"
#include "core/search/search.h"
#include "core/services.h"
#include "domain/customer/customer.h"
#include "domain/device/device.h"
#include "domain/org/org.h"
#include "domain/ticket/ticket.h"
#include "gen/conversation_sql.h"

const struct choice conversation_states[] = {
	[CONVERSATION_WAITING] = { "waiting", "排队中", "Waiting", "hollow" },
	[CONVERSATION_ACTIVE]  = { "active", "进行中", "In conversation", "half" },
	[CONVERSATION_CLOSED]  = { "closed", "已结束", "Closed", "tick" },
	{ 0 },
};

static const struct choice sides[] = { { "customer", "客户", "Customer" }, { "user", "客服", "Staff" }, { "system", "系统", "System" }, { 0 } };

static const struct field fields[] = {
	CODE  (conversation, title,         L("主题", "Subject"), .personal = true, .system = true, .search = true),
	CHOICE(conversation, state,         L("状态", "State"), .of = conversation_states, .system = true, .index = true, .split = true),
	CHOICE(conversation, channel,       L("渠道", "Channel"), .of = ticket_channels, .system = true),
	REF   (conversation, customer_id,   L("客户", "Customer"), .to = &customer_record, .system = true, .index = true),
	REF   (conversation, owner_id,      L("负责人", "Owner"), .to = &user_record, .system = true, .index = true),
	REF   (conversation, team_id,       L("小组", "Team"), .to = &team_record, .system = true, .index = true),
	REF   (conversation, region_id,     L("区域", "Region"), .to = &region_record, .system = true, .hidden = true),
	REF   (conversation, device_id,     L("设备", "Device"), .to = &device_record, .index = true, .hidden = true),
	REF   (conversation, product_id,    L("产品", "Product"), .to = &product_record, .hidden = true),
	REF   (conversation, ticket_id,     L("服务单", "Ticket"), .to = &ticket_record, .system = true, .index = true),
	COUNT (conversation, last_no,       L("消息数", "Messages"), .system = true, .quiet = true),
	TIME  (conversation, last_at,       L("最近消息", "Last message"), .system = true, .quiet = true, .sort = true),
	CHOICE(conversation, last_from,     L("最近由谁发出", "Last one by"), .of = sides, .system = true, .quiet = true, .hidden = true),
	CODE  (conversation, last_words,    L("最近内容", "Last words"), .personal = true, .system = true, .quiet = true),
	COUNT (conversation, staff_no,      L("客服已读到", "Read by staff up to"), .system = true, .quiet = true, .hidden = true),
	COUNT (conversation, customer_no,   L("客户已读到", "Read by the customer up to"), .system = true, .quiet = true, .hidden = true),
	TIME  (conversation, asked_at,      L("请求人工", "Asked for a person"), .system = true, .hidden = true),
	TIME  (conversation, taken_at,      L("接入", "Taken at"), .system = true, .hidden = true),
	TIME  (conversation, waiting_since, L("客户等待自", "Customer waits since"), .system = true, .quiet = true, .hidden = true),
	TIME  (conversation, first_response_at, L("首次响应", "First response"), .system = true, .hidden = true),
	TIME  (conversation, next_due_at,   L("最早时限", "Next due"), .system = true, .initial = "far", .sort = true),
	TIME  (conversation, closed_at,     L("结束时间", "Closed at"), .system = true, .hidden = true),
	COUNT (conversation, rating,        L("客户评分", "Rating"), .most = 5, .system = true),
	SEALED(conversation, rating_words,  L("评价内容", "Words of the rating"), .system = true, .hidden = true),
	TIME  (conversation, rated_at,      L("评价时间", "Rated at"), .system = true, .hidden = true),
};

/* What was said finds it, too. */
static int words_said(struct ctx *c, const void *const *rows, size_t n, struct search_texts *more)
{
	const struct conversation *const *all = (const struct conversation *const *)rows;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n);
	struct message *said;
	size_t count;
	for (size_t i = 0; i < n; i++)
		ids[i] = all[i]->id;
	TRY(messages_of_conversations(c, ids, n, &said, &count));
	struct search_said *parts = ARENA_ARRAY(c->arena, struct search_said, count + 1);
	for (size_t i = 0; i < count; i++)
		parts[i] = (struct search_said){ said[i].conversation_id, said[i].key, said[i].body };
	return search_said_on(c, "message.body", parts, count, ids, n, more);
}

/* What may be promised to who writes (A3, C3). Automatic words do not answer. */
static const struct measure measures[] = {
	{ "first_response", L("首次响应", "First response"), "first_response_at is none and state != closed", NULL, "state = closed and first_response_at is none", "asked_at" },
	{ "queue", L("排队接入", "Taken from the queue"), "taken_at is none and state != closed", NULL, "state = closed and taken_at is none", "asked_at" },
	{ "next_response",  L("下次响应", "Next response"), "waiting_since is not none and state != closed", NULL, "state = closed", "waiting_since" },
	{ 0 },
};

static const struct event_word events[] = { { "received", L("客户来消息", "Message from the customer") }, { "replied", L("回复客户", "Reply") }, { "noted", L("内部备注", "Internal note") },
	{ "rated", L("客户评价", "Rating") }, { 0 } };

/* The job tells later what all of them changed. */
static bool unworded(const char *kind)
{
	return !strcmp(kind, "conversation.received") || !strcmp(kind, "conversation.replied") || !strcmp(kind, "conversation.noted") || !strcmp(kind, "conversation.read") ||
	       !strcmp(kind, "conversation.filed") || !strcmp(kind, "conversation.delivered");
}

static int gone(struct ctx *c, const void *row)
{
	int64_t id = ((const struct conversation *)row)->id;
	TRY(messages_seen_drop(c, id, NULL));
	TRY(message_files_drop(c, id, NULL));
	TRY(conversation_outs_drop(c, id, NULL));
	TRY(conversation_media_drop(c, id, NULL));
	return messages_drop(c, id, NULL);
}

/* That something was said stays, by whom and when. */
static int emptied(struct ctx *c, int64_t id)
{
	TRY(messages_seen_drop(c, id, NULL));
	TRY(message_files_drop(c, id, NULL));
	TRY(conversation_outs_drop(c, id, NULL));
	TRY(conversation_media_drop(c, id, NULL));
	return messages_empty(c, id, NULL);
}

static int set_next_due(struct ctx *c, int64_t id, int64_t at)
{
	return conversation_due(c, id, at, NULL);
}

const struct record conversation_record = {
	.name = "conversation", .label = L("会话", "Conversation"), .plural = "Conversations", .table = &table_conversation, FIELDS(fields), .title = { "title" }, .default_sort = "-last_at",
	.no_create = true, .no_import = true, .key_of = "customer_id", .owner = "owner_id", .team = "team_id", .region = "region_id", .flow = &conversation_flow,
	.search_more = words_said, .unworded = unworded, .handout = conversation_handout, .measures = measures, .events = events, .next_due = set_next_due, .gone = gone, .emptied = emptied,
};

/* Flow ------------------------------------------------------------------------------------------------------------- */

static int take(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	k->owner_id = c->actor_id;
	if (c->auth && c->auth->team_id)
		k->team_id = c->auth->team_id;
	if (!k->taken_at)
		k->taken_at = c->now;
	return 0;
}

struct assign_in {
	int64_t owner_id;
};
static const struct member assign_members[] = { MEMBER(struct assign_in, owner_id, ref, .flags = MEMBER_REQUIRED) };
static const struct shape assign_shape = SHAPE("conversation_assign", struct assign_in, assign_members);

static int assign(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	struct user_account user;
	bool there;
	TRY(record_look(c, &user_record, ((const struct assign_in *)act->in)->owner_id, &user, &there));
	if (!there || user.archived_at)
		return fail_field(c, "owner_id", ERR_FIELD_REFERENCE, NULL);
	k->owner_id = user.id;
	k->team_id = user.team_id ? user.team_id : k->team_id;
	if (!k->taken_at)
		k->taken_at = c->now;
	return notify_staff(c, user.id, &(struct staff_notice){ .kind = "assigned", .object = "conversation", .object_id = k->id });
}

struct route_in {
	int64_t team_id;
};
static const struct member route_members[] = { MEMBER(struct route_in, team_id, ref, .flags = MEMBER_REQUIRED) };
static const struct shape route_shape = SHAPE("conversation_route", struct route_in, route_members);

/* To the queue of a team: whoever of it is free takes it. */
static int route(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	struct team team;
	bool there;
	TRY(record_look(c, &team_record, ((const struct route_in *)act->in)->team_id, &team, &there));
	if (!there || team.archived_at)
		return fail_field(c, "team_id", ERR_FIELD_REFERENCE, NULL);
	k->team_id = team.id;
	k->owner_id = 0;
	return 0;
}

static int put_back(struct ctx *c, struct act *act, const void *old, void *row)
{
	((struct conversation *)row)->owner_id = 0;
	return 0;
}

static int close_conversation(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	k->closed_at = c->now;
	k->waiting_since = 0;
	return 0;
}

#define LIVE (ON(CONVERSATION_WAITING) | ON(CONVERSATION_ACTIVE))

static const struct move moves[] = {
	{ ON(CONVERSATION_WAITING), "take", CONVERSATION_ACTIVE, MOVER_USER, "conversation.work", L("接入", "Take"), .primary = true, .effect = take },
	{ LIVE, "assign", CONVERSATION_ACTIVE, MOVER_USER, "conversation.assign", L("转接", "Transfer"), .fields = &assign_shape, .effect = assign },
	{ LIVE, "route", CONVERSATION_WAITING, MOVER_USER, "conversation.assign", L("转到小组", "To a team"), .fields = &route_shape, .effect = route },
	{ ON(CONVERSATION_ACTIVE), "put_back", CONVERSATION_WAITING, MOVER_USER, "conversation.work", L("退回排队", "Back to the queue"), REASON_OPTIONAL, .effect = put_back },
	{ LIVE, "close", CONVERSATION_CLOSED, MOVER_BOTH, "conversation.work", L("结束会话", "Close"), .effect = close_conversation },
};

const struct flow conversation_flow = {
	.record = &conversation_record, .state = "state", .permission = "conversation.work", .states = conversation_states, .moves = moves, .move_count = sizeof(moves) / sizeof(moves[0]),
};
