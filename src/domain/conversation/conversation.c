/* Definitions of the conversation: its words, its fields, its flow. */
#include "domain/conversation/routing.h"

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
	[CONVERSATION_BOT]     = { "bot", "智能客服接待", "With the bot", "dashed" },
	{ 0 },
};

static const struct choice sides[] = { { "customer", "客户", "Customer" }, { "user", "客服", "Staff" }, { "system", "系统", "System" }, { 0 } };

const struct choice conversation_moods[] = { { "none", "平和", "Calm" }, { "upset", "不满", "Dissatisfied" }, { "angry", "生气", "Angry" }, { 0 } };

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
	REF   (conversation, queue_id,      L("队列", "Queue"), .to = &chat_queue_record, .system = true),
	TIME  (conversation, queued_at,     L("排队自", "In the queue since"), .system = true, .quiet = true, .hidden = true),
	TIME  (conversation, offered_at,    L("自动分配时间", "Given out at"), .system = true, .quiet = true, .hidden = true),
	TIME  (conversation, away_until,    L("等到上班", "Waits for service hours until"), .system = true, .hidden = true),
	CHOICE(conversation, emotion,       L("客户情绪", "Mood of the customer"), .of = conversation_moods + 1, .system = true, .quiet = true),
	CHOICE(conversation, scene,         L("识别的场景", "Scene by her words"), .of = ticket_scenes, .system = true, .quiet = true),
	CODE  (conversation, lang,          L("客户语言", "Language of the customer"), .system = true, .hidden = true),
	REF   (conversation, before_id,     L("上次接待人", "Served last by"), .to = &user_record, .system = true, .hidden = true),
	TIME  (conversation, closed_at,     L("结束时间", "Closed at"), .system = true, .hidden = true),
	COUNT (conversation, rating,        L("客户评分", "Rating"), .most = 5, .system = true),
	SEALED(conversation, rating_words,  L("评价内容", "Words of the rating"), .system = true, .hidden = true),
	TIME  (conversation, rated_at,      L("评价时间", "Rated at"), .system = true, .hidden = true),
	TAGS(conversation),
};

/* What was said finds it, too; what was whispered to one person does not. */
static int words_said(struct ctx *c, const void *const *rows, size_t n, struct search_texts *more)
{
	const struct conversation *const *all = (const struct conversation *const *)rows;
	int64_t *ids = ARENA_ARRAY(c->arena, int64_t, n);
	struct message *said;
	size_t count, kept = 0;
	for (size_t i = 0; i < n; i++)
		ids[i] = all[i]->id;
	TRY(messages_of_conversations(c, ids, n, &said, &count));
	struct search_said *parts = ARENA_ARRAY(c->arena, struct search_said, count + 1);
	for (size_t i = 0; i < count; i++)
		if (!text_equal(said[i].visibility, WHISPER))
			parts[kept++] = (struct search_said){ said[i].conversation_id, said[i].key, said[i].body };
	return search_said_on(c, "message.body", parts, kept, ids, n, more);
}

/* What may be promised to who writes (A3, C3). Automatic words do not answer. */
static const struct measure measures[] = {
	{ "first_response", L("首次响应", "First response"), "asked_at is not none and first_response_at is none and state != closed", "away_until is not none", "state = closed and first_response_at is none", "asked_at" },
	{ "queue", L("排队接入", "Taken from the queue"), "asked_at is not none and taken_at is none and state != closed", "away_until is not none", "state = closed and taken_at is none", "asked_at" },
	{ "next_response",  L("下次响应", "Next response"), "waiting_since is not none and state != closed", "away_until is not none", "state = closed", "waiting_since" },
	{ 0 },
};

static const struct event_word events[] = { { "received", L("客户来消息", "Message from the customer") }, { "replied", L("回复客户", "Reply") }, { "noted", L("内部备注", "Internal note") },
	{ "answered", L("智能客服回答", "Answer of the bot") },
	{ "ticketed", L("生成服务单", "Became a ticket") },
	{ "rated", L("客户评价", "Rating") }, { "endangered", L("客户可能有危险", "The customer may be in danger") }, { "given", L("改归客户", "Became another customer's") }, { 0 } };

/* The job tells later what all of them changed. */
static bool unworded(const char *kind)
{
	static const char *const later[] = { "received", "replied", "answered", "told", "endangered", "noted", "read", "filed", "delivered" };
	const char *what = kind + strlen("conversation.");
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		if (!strcmp(what, later[i]))
			return true;
	return false;
}

/* What hangs on it and goes with its words; their senders, times and turns may stay. */
static int drop_around(struct ctx *c, int64_t id)
{
	TRY(messages_seen_drop(c, id, NULL));
	TRY(message_files_drop(c, id, NULL));
	TRY(conversation_outs_drop(c, id, NULL));
	TRY(conversation_uploads_drop(c, id, NULL));
	TRY(conversation_media_drop(c, id, NULL));
	TRY(conversation_sms_drop(c, id, NULL));
	TRY(conversation_letters_drop(c, id, NULL));
	TRY(bot_talk_drop(c, id, NULL));
	return gap_turns_drop(c, id, NULL);
}

static int gone(struct ctx *c, const void *row)
{
	int64_t id = ((const struct conversation *)row)->id;
	TRY(drop_around(c, id));
	TRY(bot_turns_drop(c, id, NULL));
	TRY(conversation_marks_drop(c, id, NULL));
	return messages_drop(c, id, NULL);
}

/* That something was said stays, by whom and when. */
static int emptied(struct ctx *c, int64_t id)
{
	TRY(drop_around(c, id));
	TRY(bot_turns_empty(c, id, NULL));
	return messages_empty(c, id, NULL);
}

static int set_next_due(struct ctx *c, int64_t id, int64_t at)
{
	return conversation_due(c, id, at, NULL);
}

const struct record conversation_record = {
	.name = "conversation", .label = L("会话", "Conversation"), .plural = "Conversations", .table = &table_conversation, FIELDS(fields), .title = { "title" }, .default_sort = "-last_at",
	.no_create = true, .no_import = true, .key_of = "customer_id", .owner = "owner_id", .team = "team_id", .region = "region_id", .flow = &conversation_flow,
	.before = conversation_settle_facts, .search_more = words_said, .unworded = unworded, .handout = conversation_handout, .measures = measures, .events = events, .next_due = set_next_due, .gone = gone, .emptied = emptied,
};
