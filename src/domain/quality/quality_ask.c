/* What no list of words can see, a language model may be asked to mark in a conversation that ended. It answers with numbers alone, and a mark weighs nothing until a person
 * who reviews says that it is right: so neither a model nor who has words in the talk can touch a score. */
#include "domain/quality/quality.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "channel/model/model_marks.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "db/job.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/model/model.h"
#include "gen/conversation_sql.h"
#include "gen/quality_sql.h"

enum { LINES_MOST = 100, LINES_LEAST = 2, MESSAGES_LOOKED_AT = 1000 };

/* Those that a model is asked about, as many as fit. */
static int asked_rules(struct ctx *c, const struct quality_rule **out, size_t *n)
{
	struct quality_rule *rows;
	size_t count;
	const struct quality_rule **kept = out;
	*n = 0;
	TRY(quality_rules_on(c, &rows, &count));
	for (size_t i = 0; i < count && *n < MODEL_CRITERIA_MOST; i++)
		if (text_equal(rows[i].kind, quality_kinds[QUALITY_ASKED].value))
			kept[(*n)++] = &rows[i];
	return 0;
}

int quality_ask(struct ctx *c, const struct quality *q)
{
	const struct quality_rule *rules[MODEL_CRITERIA_MOST];
	size_t n;
	bool on;
	TRY(model_is_on(c, MODEL_INSPECT, &on));
	if (!on)
		return 0;
	TRY(asked_rules(c, rules, &n));
	return n ? job_add(c, new_id(c), quality_ask_job.name, c->now, arena_format(c->arena, "%lld", (long long)q->id), NULL) : 0;
}

/* In the pool ----------------------------------------------------------------------------------------------------------------- */

struct asking {
	const struct job *job;
	struct model_opened account;
	int64_t conversation;
	const struct quality_rule *rules[MODEL_CRITERIA_MOST];
	struct model_source criteria[MODEL_CRITERIA_MOST];
	size_t n;
	const char *talk;               /* NULL: nothing to look at */
};

static bool is_open(const struct quality *q)
{
	return text_equal(q->state, quality_states[RESULT_INSPECTED].value) || text_equal(q->state, quality_states[RESULT_DRAWN].value);
}

static int load(struct ctx *c, void *arg)
{
	struct asking *s = arg;
	struct quality q;
	struct conversation k;
	int64_t id;
	TRY(id_parse(s->job->unique_key, &id));
	TRY(quality_row_get(c, id, &q));
	TRY(conversation_row_get(c, q.conversation_id, &k));
	TRY(model_for(c, MODEL_INSPECT, &s->account));
	TRY(asked_rules(c, s->rules, &s->n));
	if (!s->account.row.id || !s->n || !is_open(&q))
		return 0;
	for (size_t i = 0; i < s->n; i++)
		s->criteria[i] = (struct model_source){ s->rules[i]->name, s->rules[i]->words };
	s->conversation = k.id;
	return model_talk(c, &k, &(struct model_talk_wish){ .most = LINES_MOST, .least = LINES_LEAST, .numbers = true }, &s->talk);
}

/* Rules may change meanwhile: from here on they go by their ids. "12345:7 …" */
static const char *marks_by_id(struct ctx *c, const struct asking *s, const char *answer)
{
	struct model_mark marks[MODEL_MARKS_MOST];
	struct text t = text_in(c->arena);
	size_t n;
	if (!model_marks_read(answer, s->n, marks, &n))
		return NULL;
	for (size_t i = 0; i < n; i++)
		text_format(&t, "%lld:%lld ", (long long)s->rules[marks[i].criterion - 1]->id, (long long)marks[i].message);
	return text_end(&t);
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct ctx all = ctx_as_system(c);
	struct asking s = { .job = job };
	struct model_outcome outcome;
	int r = readers_run(c->services->readers, &all, load, &s);
	if (r == ERR_NOT_FOUND || r == ERR_ERASED) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	if (!s.talk)
		return 0;
	model_ask(c, &(struct model_asking){ .account = &s.account, .prompt = { .task = MODEL_INSPECT, .lang = LANG_ZH, .question = s.talk, .sources = s.criteria, .source_count = s.n }, .conversation_id = s.conversation }, &outcome);
	*answer = outcome.text ? marks_by_id(c, &s, outcome.text) : NULL;
	return 0;
}

/* In the writer --------------------------------------------------------------------------------------------------------------- */

/* Only what somebody of staff said in public can be wrong. */
static bool is_staffs(const struct message *rows, size_t n, int64_t no)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].no == no)
			return text_equal(rows[i].visibility, "public") && (rows[i].actor_kind == ACTOR_USER || rows[i].actor_kind == ACTOR_TOKEN);
	return false;
}

static bool is_found(const struct quality_finding *f, size_t n, int64_t rule, int64_t no)
{
	for (size_t i = 0; i < n; i++)
		if (f[i].rule_id == rule && f[i].message_no == no)
			return true;
	return false;
}

static int put_mark(struct ctx *c, const struct quality *q, int64_t no, const struct quality_rule *rule, int64_t message)
{
	struct quality_finding f = { .tenant = c->tenant, .quality_id = q->id, .no = no, .rule_id = rule->id, .kind = rule->kind, .message_no = message, .weight = rule->weight, .fatal = rule->fatal, .verdict = QUALITY_UNSURE };
	return quality_finding_row_insert(c, &f);
}

static int put_marks(struct ctx *c, const struct quality *q, const char *marks, size_t *put)
{
	struct message *said;
	struct quality_finding *f;
	size_t n, count;
	TRY(messages_after(c, q->conversation_id, 0, MESSAGES_LOOKED_AT, &said, &n));
	TRY(quality_findings_of(c, q->id, &f, &count));
	*put = 0;
	for (char *p = (char *)(uintptr_t)marks; *p;) {
		struct quality_rule rule;
		struct error before = *c->error;
		int64_t id = strtoll(p, &p, 10), no = strtoll(p + 1, &p, 10);
		p += strspn(p, " ");
		if (!is_staffs(said, n, no) || is_found(f, count, id, no))
			continue;
		int r = quality_rule_row_get(c, id, &rule);
		if (r == ERR_NOT_FOUND) {
			error_take_back(c->error, &before);
			continue;
		}
		TRY(r);
		TRY(put_mark(c, q, (int64_t)(count + ++*put), &rule, no));
	}
	return 0;
}

static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct quality q, old;
	int64_t id;
	size_t n;
	if (text_empty(answer))
		return 0;
	TRY(id_parse(job->unique_key, &id));
	TRY(quality_row_get(c, id, &q));
	if (!is_open(&q))
		return 0;
	TRY(put_marks(c, &q, answer, &n));
	if (!n)
		return 0;
	old = q;
	if (text_equal(q.state, quality_states[RESULT_INSPECTED].value)) {
		q.state = quality_states[RESULT_DRAWN].value;
		q.drawn_for = "model";
	}
	return record_update(c, &quality_record, &old, &q, "quality.marked", NULL, arena_format(c->arena, "{\"n\":%zu}", n));
}

const struct job_kind quality_ask_job = { .name = "quality.ask", .call = call, .run = run, .attempts_most = 2 };
