/* How a result comes about: once for each time that a conversation ends. What was said is opened and looked at in the pool; the writer has only to put down what was found. */
#include "domain/quality/quality.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/auth/auth.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "gen/quality_sql.h"

struct found {
	int64_t rule_id, message_no, from_byte, to_byte, weight, fatal;
	const char *kind;
};
static const struct member found_members[] = {
	MEMBER(struct found, rule_id, id), MEMBER(struct found, message_no, count), MEMBER(struct found, from_byte, count), MEMBER(struct found, to_byte, count),
	MEMBER(struct found, weight, count), MEMBER(struct found, fatal, flag), MEMBER(struct found, kind, code),
};
static const struct shape found_shape = SHAPE("quality_found", struct found, found_members);

/* Of one end of a conversation. look_at not 0: what was promised may still be put down, until then nothing can be said. */
struct outcome {
	int64_t closed_at, look_at, last_staff, score, fatal;
	struct list found;
};
static const struct member outcome_members[] = {
	MEMBER(struct outcome, closed_at, time_ms), MEMBER(struct outcome, look_at, time_ms), MEMBER(struct outcome, last_staff, ref), MEMBER(struct outcome, score, count),
	MEMBER(struct outcome, fatal, flag), MEMBER(struct outcome, found, list, .shape = &found_shape, .most = QUALITY_MOST_FINDINGS),
};
static const struct shape outcome_shape = SHAPE("quality_outcome", struct outcome, outcome_members);

/* In the transaction in which it ends: so none is left out, whatever dies in between. */
static int writing(struct ctx *c, const struct record *record, const void *old, void *row)
{
	const struct conversation *was = old, *k = row;
	if (record != &conversation_record || !was || !text_equal(k->state, "closed"))
		return 0;
	if (text_equal(was->state, "closed") && was->rating == k->rating)
		return 0;
	return job_add(c, new_id(c), quality_inspect_job.name, c->now, arena_format(c->arena, "%lld", (long long)k->id), NULL);
}

const struct observer quality_observer = { .writing = writing };

/* The conversation of the job and its newest result (NULL: none). 0: it went, or goes on again. */
static int ended(struct ctx *c, const struct job *job, struct conversation *k, const struct quality **last)
{
	struct quality *rows;
	size_t n;
	struct error before = *c->error;
	int r = conversation_row_get(c, strtoll(job->unique_key, NULL, 10), k);
	if (r == ERR_NOT_FOUND) {
		error_take_back(c->error, &before);
		return 0;
	}
	TRY(r);
	if (!text_equal(k->state, "closed"))
		return 0;
	TRY(qualities_of(c, k->id, &rows, &n));
	*last = n ? &rows[0] : NULL;
	return 1;
}

static bool is_known(const struct conversation *k, const struct quality *last)
{
	return last && last->closed_at == k->closed_at;
}

/* In the pool ---------------------------------------------------------------------------------------------------------------- */

/* What was emptied says nothing any more. */
static bool is_empty(const struct quality_talk *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->messages[i].text)
			return false;
	return true;
}

static const char *outcome_of(struct ctx *c, const struct conversation *k, const struct quality_look *l, const struct quality_book *book)
{
	struct quality_spot *spots;
	time_ms again;
	bool fatal;
	struct text t = text_in(c->arena);
	size_t n = quality_inspect(c->arena, &l->talk, book->checks, book->n, &spots, &again);
	struct found *found = ARENA_ARRAY(c->arena, struct found, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct quality_rule *r = &book->rows[spots[i].rule];
		found[i] = (struct found){ r->id, spots[i].no, (int64_t)spots[i].from, (int64_t)spots[i].to, r->weight, r->fatal, r->kind };
	}
	int64_t score = quality_score(spots, n, book->checks, NULL, &fatal);
	json_write(&t, &outcome_shape, &(struct outcome){ k->closed_at, again < FAR_FUTURE_MS ? again : 0, l->last_staff, score, fatal, { found, n } });
	return text_end(&t);
}

struct looking {
	const struct job *job;
	const char **answer;
};

static int look(struct ctx *c, void *arg)
{
	const struct looking *s = arg;
	struct conversation k;
	const struct quality *last;
	struct quality_book book;
	struct quality_look look;
	CLOCK_SET set = NULL;
	int r = ended(c, s->job, &k, &last);
	if (r <= 0 || is_known(&k, last))
		return r < 0 ? r : 0;
	TRY(clock_set_take(c, &set));
	TRY(quality_book(c, &book));
	TRY(quality_look(c, set, &k, &look));
	if (!is_empty(&look.talk))
		*s->answer = outcome_of(c, &k, &look, &book);
	return 0;
}

static int call(struct ctx *c, const struct job *job, const char **answer)
{
	struct ctx all = ctx_as_system(c);
	return readers_run(c->services->readers, &all, look, &(struct looking){ job, answer });
}

/* In the writer -------------------------------------------------------------------------------------------------------------- */

static int put_findings(struct ctx *c, const struct quality *q, const struct list *list)
{
	const struct found *found = list->at;
	for (size_t i = 0; i < list->n; i++) {
		struct quality_finding f = { .tenant = c->tenant, .quality_id = q->id, .no = (int64_t)i + 1, .rule_id = found[i].rule_id, .kind = found[i].kind, .message_no = found[i].message_no,
			.from_byte = found[i].from_byte, .to_byte = found[i].to_byte, .weight = found[i].weight, .fatal = found[i].fatal, .verdict = "" };
		TRY(quality_finding_row_insert(c, &f));
	}
	return 0;
}

/* All of the worst, and of those with whom the customer was not content, are looked at by a person. */
static const char *drawn_for(struct ctx *c, const struct quality *q)
{
	if (q->fatal)
		return "fatal";
	return q->rating && q->rating <= setting_of(c, SETTING_QUALITY_LOW_RATING) ? "rating" : "";
}

static int put_result(struct ctx *c, const struct conversation *k, const struct quality *last, const struct outcome *o)
{
	struct quality q = {
		.tenant = c->tenant, .id = new_id(c), .conversation_id = k->id, .customer_id = k->customer_id, .key = k->key, .round = last ? last->round + 1 : 1, .state = "inspected",
		.agent_id = k->owner_id ? k->owner_id : o->last_staff, .team_id = k->team_id, .region_id = k->region_id, .product_id = k->product_id, .channel = k->channel,
		.closed_at = k->closed_at, .rating = k->rating, .findings = (int64_t)o->found.n, .first_score = o->score, .drawn_for = "", .hands = "", .outcome = "", .told_at = c->now,
	};
	quality_grade(c, &q, o->score, o->fatal != 0);
	q.drawn_for = drawn_for(c, &q);
	if (*q.drawn_for)
		q.state = "drawn";
	TRY(record_insert(c, &quality_record, &q));
	TRY(quality_ask(c, &q));
	return put_findings(c, &q, &o->found);
}

static int replace(struct ctx *c, const struct quality *last)
{
	struct quality now = *last;
	now.state = "replaced";
	return record_update(c, &quality_record, last, &now, "quality.replaced", NULL, NULL);
}

/* She rated it afterwards. */
static int rated(struct ctx *c, const struct conversation *k, const struct quality *last)
{
	struct quality now = *last;
	now.rating = k->rating;
	if (text_equal(now.state, "inspected")) {
		now.drawn_for = drawn_for(c, &now);
		now.state = *now.drawn_for ? "drawn" : now.state;
	}
	return now.rating == last->rating ? 0 : record_update(c, &quality_record, last, &now, "quality.rated", NULL, NULL);
}

/* What ended once more meanwhile has put its own job in this one's place: an outcome of another end than this does not come here. */
static int run(struct ctx *c, const struct job *job, const char *answer)
{
	struct conversation k;
	const struct quality *last;
	struct outcome o;
	time_ms morning;
	int r = ended(c, job, &k, &last);
	if (r <= 0)
		return r;
	if (is_known(&k, last))
		return rated(c, &k, last);
	if (!answer)
		return 0;
	TRY(json_read(c->arena, &outcome_shape, answer, strlen(answer), &o, NULL, c->error));
	if (o.closed_at != k.closed_at)
		return 0;
	if (o.look_at)
		return job_add(c, new_id(c), quality_inspect_job.name, o.look_at, arena_format(c->arena, "%lld/%lld", (long long)k.id, (long long)o.look_at), NULL);
	if (last)
		TRY(replace(c, last));
	TRY(put_result(c, &k, last, &o));
	TRY(quality_draw_next(c, &morning));
	return job_add(c, new_id(c), quality_draw_job.name, morning, "share", NULL);
}

const struct job_kind quality_inspect_job = { .name = "quality.inspect", .call = call, .run = run };
