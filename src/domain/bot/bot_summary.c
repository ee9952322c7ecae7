/* A summary of a conversation that was closed: a draft among its notes, for staff alone. */
#include "domain/bot/bot_model.h"

#include <string.h>

#include "base/id.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "gen/conversation_sql.h"

enum { LINES_MOST = 40, LINES_LEAST = 3 };

struct talk {
	const struct job *job;
	struct model_opened account;
	int64_t id;
	const char *text;               /* redacted; NULL: nothing to sum up */
};

/* Only what a person of ours had a part in. */
static int see(struct ctx *c, const struct record *record, const void *old, void *row)
{
	const struct conversation *was = old, *k = row;
	const char *closed = conversation_states[CONVERSATION_CLOSED].value;
	bool on;
	if (record != &conversation_record || !was || text_equal(was->state, closed) || !text_equal(k->state, closed) || !k->first_response_at)
		return 0;
	TRY(model_is_on(c, MODEL_SUMMARY, &on));
	return on ? job_add(c, new_id(c), bot_summary_job.name, c->now, arena_format(c->arena, "%lld", (long long)k->id), NULL) : 0;
}

const struct observer bot_summary_observer = { .writing = see };

static int load(struct ctx *c, void *arg)
{
	struct talk *t = arg;
	struct conversation k;
	TRY(id_parse(t->job->unique_key, &t->id));
	TRY(conversation_row_get(c, t->id, &k));
	TRY(model_for(c, MODEL_SUMMARY, &t->account));
	if (!t->account.row.id || !text_equal(k.state, conversation_states[CONVERSATION_CLOSED].value))
		return 0;
	return model_talk(c, &k, &(struct model_talk_wish){ .most = LINES_MOST, .least = LINES_LEAST }, &t->text);
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct ctx all = ctx_as_system(c);
	struct talk t = { .job = job };
	struct model_outcome outcome;
	int r = readers_run(c->services->readers, &all, load, &t);
	if (r == ERR_NOT_FOUND || r == ERR_ERASED)
		return 0;
	TRY(r);
	if (!t.text)
		return 0;
	model_ask(c, &(struct model_asking){ .account = &t.account, .prompt = { .task = MODEL_SUMMARY, .lang = LANG_ZH, .question = t.text }, .conversation_id = t.id }, &outcome);
	*answer = outcome.text;
	return 0;
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct conversation k;
	int64_t id;
	if (!answer)
		return 0;
	TRY(id_parse(job->unique_key, &id));
	TRY(conversation_row_get(c, id, &k));
	return conversation_note_down(c, &k, arena_format(c->arena, "【AI 小结草稿】\n%s\n（由 AI 生成，仅供参考，请核对）", answer));
}

const struct job_kind bot_summary_job = { .name = "bot.summary", .call = call, .run = run, .attempts_most = 2 };
