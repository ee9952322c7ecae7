/* Danger in what a customer writes (HO-04), whoever has her: a critical ticket of its own, whose grade calls people, what to do at once on the channel by which she writes, and a
 * mark at her message.
 *
 * A message that the bot hears is judged there (bot_hear.c) and shares the ticket and the mark. Any other that sounds so is a job of its own: the pack's words are many, and taking in
 * a message waits for nothing. */
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/notify/staff.h"
#include "core/services.h"
#include "domain/bot/bot_danger.h"
#include "domain/bot/bot_model.h"
#include "domain/ticket/ticket.h"
#include "gen/conversation_sql.h"

enum { TEXT_CHARACTERS = 1000 };

/* The ticket --------------------------------------------------------------------------------------------------------------- */

/* A mail's subject may be all it says. */
static int words_of(struct ctx *c, const struct conversation *k, int64_t no, const char **text)
{
	const char *redacted;
	TRY(bot_read_message(c, k, no, text, &redacted));
	if (text_equal(k->channel, "mail"))
		*text = arena_format(c->arena, "%s\n%s", k->title, *text);
	return 0;
}

/* What people are called by already. An ordinary ticket, or one that is done, calls nobody. */
static int has_alarm(struct ctx *c, const struct conversation *k, struct ticket *t, bool *has)
{
	*has = false;
	if (!k->ticket_id)
		return 0;
	TRY(ticket_row_get(c, k->ticket_id, t));
	*has = ticket_is_open(t) && text_equal(t->grade, grade_name(GRADE_CRITICAL));
	return 0;
}

int bot_danger_file(struct ctx *c, struct conversation *k, int64_t no, bool *filed, const char **number)
{
	struct ticket t;
	const char *text;
	bool has;
	TRY(conversation_mark(c, k, no, CONVERSATION_DANGER));
	TRY(has_alarm(c, k, &t, &has));
	if (!has) {
		TRY(words_of(c, k, no, &text));
		TRY(ticket_file_report(c, &(struct ticket_report){ .scene = "emergency", .channel = k->channel, .text = arena_string_n(c->arena, text, utf8_prefix(text, TEXT_CHARACTERS)), .customer_id = k->customer_id, .key = k->key,
			.device_id = k->device_id, .product_id = k->product_id, .symptoms = "[]", .answers = "{}", .grade = grade_name(GRADE_CRITICAL) }, &t));
	}
	*filed = !has;
	*number = t.no;
	k->ticket_id = t.id;
	return 0;
}

/* Looking ------------------------------------------------------------------------------------------------------------------ */

struct looking {
	int64_t id, no;
	int64_t unheard;
	const char *told;               /* what to do at once; "": nothing here says it; NULL: there is no danger */
};

static const struct member looking_members[] = { MEMBER(struct looking, unheard, count) };
static const struct shape looking_shape = SHAPE("danger_job", struct looking, looking_members);

static bool sounds_grave(const char *text)
{
	struct grade_proposal found;
	grade_propose(NULL, 0, text, &found);
	return found.grade == GRADE_CRITICAL;
}

/* A drip that a chat tells of is its agent's to judge; nobody may open a mail for hours, so there all that sounds grave counts, too, where no rule speaks of it. */
static int look(struct ctx *c, void *arg)
{
	struct looking *l = arg;
	struct conversation k;
	const struct knowledge *knowledge;
	const char *text;
	TRY(conversation_row_get(c, l->id, &k));
	TRY(words_of(c, &k, l->no, &text));
	TRY(knowledge_of(c, &knowledge));
	const struct safety_rule *rule = bot_danger_in(c, knowledge, text);
	bool calls = text_equal(k.channel, "mail") && (!l->unheard || sounds_grave(text));
	l->told = rule ? arena_string(c->arena, label_text(&rule->text, bot_lang_in(&k, text))) : calls ? "" : NULL;
	return 0;
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct ctx all = ctx_as_system(c);
	struct looking l = { 0 };
	TRY(json_read(c->arena, &looking_shape, job->data, strlen(job->data), &l, NULL, c->error));
	bot_message_named(job, &l.id, &l.no);
	int r = readers_run(c->services->readers, &all, look, &l);
	*answer = r == 0 ? l.told : NULL;
	return r == ERR_NOT_FOUND || r == ERR_ERASED ? 0 : r;      /* she is gone */
}

/* Doing -------------------------------------------------------------------------------------------------------------------- */

/* Once for each alarm: channels count what goes out, and more of the same helps nobody. Lists go on showing her words. */
static int say(struct ctx *c, struct conversation *k, const char *text, const char *number)
{
	struct conversation old = *k;
	if (!text_empty(text))
		TRY(conversation_put(c, k, text, "[]"));
	k->last_at = old.last_at;
	k->last_from = old.last_from;
	k->last_words = old.last_words;
	const char *done = text_empty(text) ? "但没有对应的安全提示，请马上联系客户，告知怎样避险。" : "并已发出安全提示，是否送达见上一条。";
	return conversation_note(c, k, arena_format(c->arena, "可能有危险（HO-04）：已生成特急服务单 %s，%s", number, done));
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct conversation k, old;
	const char *number;
	int64_t id, no;
	bool filed;
	if (!answer)
		return 0;
	bot_message_named(job, &id, &no);
	TRY(conversation_row_get(c, id, &k));
	old = k;
	TRY(bot_danger_file(c, &k, no, &filed, &number));
	if (filed)
		TRY(say(c, &k, answer, number));
	TRY(notify_staff(c, k.owner_id, &(struct staff_notice){ .kind = CONVERSATION_DANGER, .object = "conversation", .object_id = k.id }));
	return record_update(c, &conversation_record, &old, &k, "conversation.endangered", NULL, arena_format(c->arena, "{\"no\":%lld}", (long long)no));
}

const struct job_kind bot_danger_job = { .name = CONVERSATION_DANGER_JOB, .call = call, .run = run };
