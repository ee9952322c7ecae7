/* From a message to an answer: heard in the pool, said in the writer. What was meanwhile taken by a person is left to her. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/auth/auth.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/api/readers.h"
#include "domain/bot/bot_danger.h"
#include "domain/bot/bot_model.h"
#include "domain/bot/bot_words.h"
#include "domain/customer/customer.h"
#include "domain/ticket/ticket.h"
#include "gen/bot_sql.h"
#include "gen/conversation_sql.h"

enum { ATTEMPTS = 3, GATHER_MS = 2000 };

static const struct member said_members[] = {
	MEMBER(struct bot_said, did, count), MEMBER(struct bot_said, confidence, count), MEMBER(struct bot_said, misses, count), MEMBER(struct bot_said, critical, count), MEMBER(struct bot_said, tries, count), MEMBER(struct bot_said, flow_from, count), MEMBER(struct bot_said, heard_no, count), MEMBER(struct bot_said, acts, count), MEMBER(struct bot_said, wish, count), MEMBER(struct bot_said, lang, count), MEMBER(struct bot_said, product_id, count),
	MEMBER(struct bot_said, flow, code), MEMBER(struct bot_said, slot, code), MEMBER(struct bot_said, filled, text),
	MEMBER(struct bot_said, why, code), MEMBER(struct bot_said, text, text), MEMBER(struct bot_said, offers, text), MEMBER(struct bot_said, note, text),
	MEMBER(struct bot_said, article, code), MEMBER(struct bot_said, pending, code), MEMBER(struct bot_said, place, text), MEMBER(struct bot_said, question, text), MEMBER(struct bot_said, verdict, code),
};
const struct shape bot_said_shape = SHAPE("bot_said", struct bot_said, said_members);

enum { DID_ASSIST = BOT_FLOW + 1 };      /* no plan of its own: what it suggested to an agent (assist_correct.c) */
static const struct choice did_choices[] = {
	[BOT_ANSWER] = { "answer", "回答", "Answered" }, [BOT_CLARIFY] = { "clarify", "请客户选择", "Asked back" }, [BOT_OWN] = { "own", "查客户资料", "From her own data" },
	[BOT_TREE] = { "tree", "逐步排查", "Step by step" }, [BOT_ASK] = { "ask", "询问是否转人工", "Offered a person" }, [BOT_HAND_OVER] = { "hand_over", "转人工", "Handed over" },
	[BOT_SORRY] = { "sorry", "没听懂", "Not understood" }, [BOT_GREET] = { "greet", "招呼", "Greeted" }, [BOT_SOLVED] = { "solved", "已解决", "Solved" }, [BOT_BACK] = { "back", "继续接待", "Goes on" },
	[BOT_FLOW] = { "flow", "办理", "Did something" }, [DID_ASSIST] = { "assist", "给客服建议", "Suggested to an agent" }, { 0 },
};
static const struct choice verdicts[] = { { "solved", "解决了", "Solved" }, { "unsolved", "没解决", "Not solved" }, { "corrected", "客服已更正", "Corrected by an agent" }, { 0 } };

static const struct field turn_fields[] = {
	CODE  (bot_turn, question,   L("客户的话", "What she wrote"), .personal = true, .system = true, .search = true),
	REF   (bot_turn, conversation_id, L("会话", "Conversation"), .to = &conversation_record, .system = true, .index = true),
	REF   (bot_turn, customer_id, L("客户", "Customer"), .to = &customer_record, .system = true, .index = true),
	COUNT (bot_turn, no,         L("第几条", "Message"), .system = true, .hidden = true),
	CHOICE(bot_turn, did,        L("处理", "What it did"), .of = did_choices, .system = true, .index = true, .split = true),
	CODE  (bot_turn, why,        L("转人工依据", "Why handed over"), .system = true),
	CODE  (bot_turn, article,    L("知识", "Article"), .system = true, .index = true),
	COUNT (bot_turn, confidence, L("把握 %", "Confidence %"), .system = true),
	CHOICE(bot_turn, verdict,    L("评价", "What was said of it"), .of = verdicts, .system = true),
};

const struct record bot_turn_record = {
	.name = "bot_turn", .label = L("智能客服记录", "Bot turn"), .plural = "Bot turns", .table = &table_bot_turn, FIELDS(turn_fields), .title = { "question" },
	.read_only = true, .no_import = true, .within = "conversation_id",
};

/* Hearing ------------------------------------------------------------------------------------------------------------------ */

void bot_message_named(const struct job *job, int64_t *id, int64_t *no)
{
	char *end;
	*id = strtoll(job->unique_key, &end, 10);
	*no = *end ? strtoll(end + 1, NULL, 10) : 0;
}

struct hearing {
	const struct job *job;
	bool heard;
	struct bot_said said;
	struct bot_model model;
};

/* Or it was asked for, and her next message says whether it may. */
bool bot_is_heard(const struct conversation *k)
{
	return conversation_is_bots(k) || k->bot_offered;
}

static int hear(struct ctx *c, void *arg)
{
	struct hearing *h = arg;
	struct conversation k;
	int64_t id, no;
	bot_message_named(h->job, &id, &no);
	TRY(conversation_row_get(c, id, &k));
	if (!bot_is_heard(&k))
		return 0;
	TRY(bot_hear(c, &k, no, &h->said));
	h->heard = true;
	return bot_model_prepare(c, &k, no, &h->said, &h->model);
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct ctx all = ctx_as_system(c);
	struct hearing h = { .job = job };
	struct text t = text_in(c->arena);
	int64_t id, no;
	bot_message_named(job, &id, &no);
	bot_vector_ask(&all, id, no);
	int r = readers_run(c->services->readers, &all, hear, &h);
	if (r < 0 || !h.heard)
		return r == ERR_NOT_FOUND || r == ERR_ERASED ? 0 : r;       /* the conversation is gone: nobody waits */
	bot_model_say(&all, &h.model, &h.said);
	json_write(&t, &bot_said_shape, &h.said);
	*answer = text_end(&t);
	return 0;
}

/* Saying ------------------------------------------------------------------------------------------------------------------- */

static int keep(struct ctx *c, const struct conversation *k, int64_t no, const struct bot_said *s)
{
	struct bot_talk talk = { .tenant = c->tenant, .conversation_id = k->id, .misses = s->misses, .pending = s->pending, .place = s->place, .article = s->article,
		.handed_why = s->why, .handed_at = s->did == BOT_HAND_OVER ? c->now : 0,
		.flow = s->acts ? "" : s->flow, .slot = s->slot, .tries = s->tries, .flow_from = s->flow_from, .heard_no = no };
	struct bot_turn turn = { .tenant = c->tenant, .id = new_id(c), .conversation_id = k->id, .customer_id = k->customer_id, .no = no, .question = s->question, .did = did_choices[s->did].value,
		.why = s->why, .article = s->article, .confidence = s->confidence, .verdict = "", .created_at = c->now, .version = 1 };
	TRY(pii_seal(c, k->key, "bot_talk.filled", text_empty(talk.flow) ? NULL : s->filled, &talk.filled));
	TRY(bot_talk_drop(c, k->id, NULL));
	TRY(bot_talk_row_insert(c, &talk));
	TRY(bot_turn_row_insert(c, &turn));
	return job_add(c, new_id(c), BOT_GAP_JOB, c->now + GATHER_MS, "gather", NULL);
}

/* What she says of an answer belongs to the turn that gave it. */
static int judge(struct ctx *c, const struct conversation *k, const char *verdict)
{
	struct bot_talk talk;
	struct bot_turn *turns;
	size_t n;
	if (text_empty(verdict))
		return 0;
	TRY(bot_talk_row_get(c, k->id, &talk));
	TRY(bot_last_turn_of(c, k->id, talk.article, &turns, &n));
	if (!n || text_empty(talk.article))
		return 0;
	turns[0].verdict = verdict;
	TRY(bot_turn_row_update(c, &turns[0]));
	return article_counted(c, talk.article, text_equal(verdict, "solved") ? ARTICLE_HELPFUL : ARTICLE_UNHELPFUL);
}

/* What whoever reads on, and a ticket of the talk, has to know of the message itself (HO-04, HO-02). */
static int mark(struct ctx *c, struct conversation *k, int64_t no, const struct bot_said *s)
{
	const char *number;
	bool filed;
	if (s->critical)
		return bot_danger_file(c, k, no, &filed, &number);
	return s->wish ? conversation_mark(c, k, no, CONVERSATION_WISH) : 0;
}

/* What a flow was for, in this transaction: once, for a message is answered once. */
static int act(struct ctx *c, struct conversation *k, struct bot_said *s)
{
	struct flow_state state;
	struct flow_done done;
	if (!s->acts)
		return 0;
	TRY(flow_state_read(c, s->flow, s->slot, 0, s->filled, &state));
	TRY(require(c, state.flow != NULL, ERR_INTERNAL, NULL));
	TRY(bot_flow_act(c, k, &state, (enum lang)s->lang, &done));
	s->text = done.text;
	s->offers = done.offers;
	if (done.hand_over) {
		s->did = BOT_HAND_OVER;
		s->why = BOT_FLOW_HANDS_OVER;
		s->note = bot_note_of_flow(c->arena, &state);
	}
	return 0;
}

/* A complaint that she confirmed is on record when a person comes (HO-07). */
static int complain(struct ctx *c, struct conversation *k, const struct bot_said *s)
{
	const char *words;
	if (s->did != BOT_HAND_OVER || !text_equal(s->why, "HO-07"))
		return 0;
	TRY(conversation_her_words(c, k, &words));
	return flow_complain(c, k, words);
}

/* What the talk was about is what a queue and its people are chosen by. */
static int put_product(struct ctx *c, struct conversation *k, int64_t product_id)
{
	struct conversation old = *k;
	if (product_id <= 0 || product_id == k->product_id)
		return 0;
	k->product_id = product_id;
	return record_update(c, &conversation_record, &old, k, "conversation.changed", NULL, NULL);
}

/* Says that a person comes, who is told what she said and what is known of her. */
static int hand_over(struct ctx *c, struct conversation *k, const struct bot_said *s)
{
	const char *note;
	const char *hers = text_equal(k->last_from, "customer") && !bot_says_nothing_else(c->arena, k->last_words) ? k->last_words : k->title;
	TRY(conversation_summary(c, k, s->note, &note));        /* before the answer: that a person comes is no news to whoever does */
	TRY(conversation_answer(c, k, s->text, s->offers));
	k->last_words = hers;           /* what lists of who waits show */
	return conversation_hand_over(c, k, s->why, note);
}

static int say(struct ctx *c, struct conversation *k, int64_t no, struct bot_said *s)
{
	bool bots = conversation_is_bots(k);
	TRY(judge(c, k, s->verdict));
	TRY(act(c, k, s));
	if (bots && s->did == BOT_HAND_OVER)
		TRY(put_product(c, k, s->product_id));  /* before tickets are made of it */
	TRY(complain(c, k, s));
	TRY(keep(c, k, no, s));
	TRY(mark(c, k, no, s));
	if (s->did == BOT_BACK && !bots)
		TRY(flow_move(c, &conversation_flow, k, "to_bot", NULL, NULL));
	k->bot_offered = 0;
	TRY(s->did == BOT_HAND_OVER && bots ? hand_over(c, k, s) : conversation_answer(c, k, s->text, s->offers));
	return text_empty(s->article) ? 0 : article_counted(c, s->article, ARTICLE_USED);
}

/* Another message of hers was answered between hearing and saying: this one is heard again, by what is known now. */
static int is_stale(struct ctx *c, const struct conversation *k, const struct bot_said *s, bool *stale)
{
	struct bot_talk talk = { 0 };
	struct error before = *c->error;
	int r = bot_talk_row_get(c, k->id, &talk);
	if (r == ERR_NOT_FOUND)
		error_take_back(c->error, &before);
	*stale = (r == 0 ? talk.heard_no : 0) != s->heard_no;
	return r == ERR_NOT_FOUND ? 0 : r;
}

/* A person came before this message was heard: what it says of danger is heard all the same. */
static int left_to_people(struct ctx *c, const struct job *job)
{
	return job_add(c, new_id(c), CONVERSATION_DANGER_JOB, c->now, job->unique_key, BOT_DANGER_UNHEARD);
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	bool stale;
	struct conversation k;
	struct bot_said said;
	int64_t id, no;
	bot_message_named(job, &id, &no);
	if (!answer)
		return left_to_people(c, job);
	TRY(json_read(c->arena, &bot_said_shape, answer, strlen(answer), &said, NULL, c->error));
	TRY(conversation_row_get(c, id, &k));
	if (!bot_is_heard(&k))
		return left_to_people(c, job);
	TRY(is_stale(c, &k, &said, &stale));
	return stale ? job_add(c, new_id(c), CONVERSATION_BOT_JOB, c->now, arena_format(c->arena, "%s+", job->unique_key), NULL) : say(c, &k, no, &said);
}

/* It gave no answer (HO-05): a person does. */
static int died(struct ctx *c, const struct job *job)
{
	struct conversation k;
	int64_t id, no;
	bot_message_named(job, &id, &no);
	TRY(conversation_row_get(c, id, &k));
	TRY(left_to_people(c, job));
	if (!conversation_is_bots(&k))
		return 0;
	return hand_over(c, &k, &(struct bot_said){ .why = "HO-05", .text = "正在为您转接人工客服。", .offers = "[]", .note = bot_note_of(c->arena, "HO-05", NULL) });
}

const struct job_kind bot_answer_job = { .name = CONVERSATION_BOT_JOB, .call = call, .run = run, .died = died, .attempts_most = ATTEMPTS, .first_pause_ms = SECOND_MS };
