/* The moves of a conversation: who has it, where it waits. */
#include "domain/conversation/routing.h"

#include "core/auth/auth.h"
#include "core/notify/staff.h"
#include "core/services.h"
#include "domain/org/org.h"

/* Whose it is now, it is nobody's to be given. */
static void settle(struct ctx *c, struct conversation *k, const struct user_account *user)
{
	k->owner_id = user->id;
	k->team_id = user->team_id ? user->team_id : k->team_id;
	k->away_until = 0;
	k->given_back_by = 0;
	if (!k->taken_at)
		k->taken_at = c->now;
}

static int take(struct ctx *c, struct act *act, const void *old, void *row)
{
	settle(c, row, &(struct user_account){ .id = c->actor_id, .team_id = c->auth ? c->auth->team_id : 0 });
	return 0;
}

static int find_user(struct ctx *c, int64_t id, struct user_account *user)
{
	bool there;
	TRY(record_look(c, &user_record, id, user, &there));
	return there && !user->archived_at ? 0 : fail_field(c, "owner_id", ERR_FIELD_REFERENCE, NULL);
}

/* What whoever gets it has to know: who it is, what is open, what was said, and in the giver's own words why. */
static int hand_over(struct ctx *c, struct conversation *k, const char *note)
{
	const char *text;
	TRY(conversation_summary(c, k, note, &text));
	return conversation_note(c, k, text);
}

static const struct member assign_members[] = {
	MEMBER(struct conversation_to, owner_id, ref, .flags = MEMBER_REQUIRED), MEMBER(struct conversation_to, note, text, .most = 1000),
};
static const struct shape assign_shape = SHAPE("conversation_assign", struct conversation_to, assign_members);

static int assign(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	const struct conversation_to *in = act->in;
	struct user_account user;
	TRY(find_user(c, in->owner_id, &user));
	settle(c, k, &user);
	if (user.id != c->actor_id)
		TRY(hand_over(c, k, in->note));
	return notify_staff(c, user.id, &(struct staff_notice){ .kind = "assigned", .object = "conversation", .object_id = k->id });
}

/* They have each other on the telephone. */
static int speak(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct user_account user;
	TRY(find_user(c, ((const struct conversation_to *)act->in)->owner_id, &user));
	settle(c, row, &user);
	return 0;
}

static int give(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	struct user_account user;
	TRY(find_user(c, ((const struct conversation_to *)act->in)->owner_id, &user));
	settle(c, k, &user);
	k->offered_at = c->now;
	return notify_staff(c, user.id, &(struct staff_notice){ .kind = "chat_given", .object = "conversation", .object_id = k->id });
}

/* Into the queue again, if there still is one. */
static int stand_again(struct ctx *c, struct conversation *k)
{
	struct chat_queue q;
	struct error before = *c->error;
	int r = k->queue_id ? chat_queue_row_get(c, k->queue_id, &q) : ERR_NOT_FOUND;
	k->owner_id = 0;
	if (r == 0 && !q.archived_at)
		return queue_stand(c, &q, k);
	error_take_back(c->error, &before);
	k->queue_id = 0;
	return r == ERR_NOT_FOUND ? 0 : r;
}

struct route_in {
	int64_t team_id;
	const char *note;
};
static const struct member route_members[] = { MEMBER(struct route_in, team_id, ref, .flags = MEMBER_REQUIRED), MEMBER(struct route_in, note, text, .most = 1000) };
static const struct shape route_shape = SHAPE("conversation_route", struct route_in, route_members);

/* To a team: into its first queue or that of everybody, else into its waiting list. */
static int route(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	const struct route_in *in = act->in;
	struct team team;
	struct chat_queue q;
	bool there;
	TRY(record_look(c, &team_record, in->team_id, &team, &there));
	if (!there || team.archived_at)
		return fail_field(c, "team_id", ERR_FIELD_REFERENCE, NULL);
	TRY(queue_of_team(c, team.id, &q));
	k->team_id = team.id;
	k->owner_id = k->queue_id = k->before_id = 0;
	if (q.id)
		TRY(queue_stand(c, &q, k));
	return hand_over(c, k, in->note);
}

struct enqueue_in {
	int64_t queue_id;
	const char *note;
};
static const struct member enqueue_members[] = { MEMBER(struct enqueue_in, queue_id, ref, .flags = MEMBER_REQUIRED), MEMBER(struct enqueue_in, note, text, .most = 1000) };
static const struct shape enqueue_shape = SHAPE("conversation_enqueue", struct enqueue_in, enqueue_members);

/* Not back to who sent it away. */
static int enqueue(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	const struct enqueue_in *in = act->in;
	struct chat_queue q;
	bool there;
	TRY(record_look(c, &chat_queue_record, in->queue_id, &q, &there));
	if (!there || q.archived_at)
		return fail_field(c, "queue_id", ERR_FIELD_REFERENCE, NULL);
	k->given_back_by = c->actor_kind == ACTOR_USER ? c->actor_id : 0;
	k->owner_id = k->before_id = 0;
	TRY(queue_stand(c, &q, k));
	return hand_over(c, k, in->note);
}

static int put_back(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	k->given_back_by = k->owner_id;
	return stand_again(c, k);
}

/* Nobody had it: the promise of being taken from the queue runs on. */
static int miss(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	k->given_back_by = k->owner_id;
	if (!k->first_response_at)
		k->taken_at = 0;
	return stand_again(c, k);
}

static int close_conversation(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	k->closed_at = c->now;
	k->waiting_since = 0;
	return 0;
}

#define LIVE (ON(CONVERSATION_WAITING) | ON(CONVERSATION_ACTIVE) | ON(CONVERSATION_BOT))

/* From the bot to a person: from here on her wait counts. */
static int ask_for_person(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	struct customer customer;
	k->waiting_since = c->now;
	if (!k->asked_at)
		k->asked_at = c->now;
	TRY(customer_row_get(c, k->customer_id, &customer));
	TRY(conversation_hear(c, &customer, NULL, k));
	return queue_enter(c, &customer, k);
}

/* Back to the bot only with her consent (HO-19): she is asked, and her next message answers. */
static int offer_bot(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	k->bot_offered = k->last_no + 1;
	return conversation_put(c, k, "接下来可以由智能客服为您解答，您同意吗？需要人工时随时可以转回来。\nThe assistant could go on from here. Do you agree? You can ask for a person again at any time.",
	                        "[{\"say\":\"可以 / Yes\"},{\"say\":\"不用 / No\"}]");
}

static int to_bot(struct ctx *c, struct act *act, const void *old, void *row)
{
	struct conversation *k = row;
	k->owner_id = 0;
	k->waiting_since = 0;
	k->bot_offered = 0;
	return 0;
}

static const struct move moves[] = {
	{ ON(CONVERSATION_WAITING) | ON(CONVERSATION_BOT), "take", CONVERSATION_ACTIVE, MOVER_USER, "conversation.work", L("接入", "Take"), .primary = true, .effect = take },
	{ LIVE, "assign", CONVERSATION_ACTIVE, MOVER_USER, "conversation.assign", L("转接", "Transfer"), .fields = &assign_shape, .effect = assign },
	{ LIVE, "enqueue", CONVERSATION_WAITING, MOVER_USER, "conversation.assign", L("转到队列", "To a queue"), .fields = &enqueue_shape, .effect = enqueue },
	{ LIVE, "close", CONVERSATION_CLOSED, MOVER_BOTH, "conversation.work", L("结束会话", "Close"), .effect = close_conversation },
	{ ON(CONVERSATION_ACTIVE), "put_back", CONVERSATION_WAITING, MOVER_USER, "conversation.work", L("退回排队", "Back to the queue"), REASON_OPTIONAL, .effect = put_back },
	{ LIVE, "route", CONVERSATION_WAITING, MOVER_USER, "conversation.assign", L("转到小组", "To a team"), .fields = &route_shape, .effect = route },
	{ ON(CONVERSATION_ACTIVE), "offer_bot", STAY, MOVER_USER, "conversation.work", L("征求由智能客服继续", "Offer the bot"), .effect = offer_bot },
	{ ON(CONVERSATION_BOT), "hand_over", CONVERSATION_WAITING, MOVER_SYSTEM, "conversation.work", L("转人工", "Hand over"), REASON_OPTIONAL, .effect = ask_for_person },
	{ ON(CONVERSATION_ACTIVE) | ON(CONVERSATION_WAITING), "to_bot", CONVERSATION_BOT, MOVER_SYSTEM, "conversation.work", L("转智能客服", "To the bot"), .effect = to_bot },
	{ ON(CONVERSATION_WAITING), "give", CONVERSATION_ACTIVE, MOVER_SYSTEM, "conversation.assign", L("自动分配", "Given out"), .fields = &assign_shape, .effect = give },
	{ ON(CONVERSATION_WAITING) | ON(CONVERSATION_BOT), "speak", CONVERSATION_ACTIVE, MOVER_SYSTEM, "conversation.assign", L("电话接听", "Spoken by telephone"), .fields = &assign_shape, .effect = speak },
	{ ON(CONVERSATION_ACTIVE), "missed", CONVERSATION_WAITING, MOVER_SYSTEM, "conversation.assign", L("未应答，回到队列", "Not answered, back to the queue"), .effect = miss },
};

const struct flow conversation_flow = {
	.record = &conversation_record, .state = "state", .permission = "conversation.work", .states = conversation_states, .moves = moves, .move_count = sizeof(moves) / sizeof(moves[0]),
};
