/* The access token: one a company's account, kept in its row, renewed by one job. A node never asks for one of its own. */
#include "domain/wechat/wechat_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/wechat_sql.h"

/* Theirs hold both for five minutes when one is renewed that long before its end. */
static const int64_t before_end_ms = 5 * (int64_t)MINUTE_MS, asked_pause_ms = 30 * (int64_t)SECOND_MS;

struct token_in {
	int64_t account, fresh;
};
static const struct member members[] = { MEMBER(struct token_in, account, id, .flags = MEMBER_REQUIRED), MEMBER(struct token_in, fresh, flag) };
static const struct shape shape = SHAPE("wechat_token", struct token_in, members);

static int want_at(struct ctx *c, int64_t account, enum wechat_force force, time_ms at, const char *key)
{
	return job_add(c, new_id(c), wechat_token_job.name, at, key, arena_format(c->arena, "{\"account\":\"%lld\",\"fresh\":%s}", (long long)account, force == TOKEN_NEW ? "true" : "false"));
}

/* Not more often than they allow a new one to be forced. */
int wechat_token_want(struct ctx *c, int64_t account, enum wechat_force force)
{
	struct wechat_access *rows;
	size_t n;
	TRY(wechat_access_of(c, account, &rows, &n));
	if (n && force == TOKEN_NEW && rows[0].asked_at + asked_pause_ms > c->now)
		return 0;
	TRY(wechat_access_asked(c, account, c->now, NULL));
	return want_at(c, account, force, c->now, arena_format(c->arena, "%lld", (long long)account));
}

static int want_fresh(struct ctx *c, void *arg)
{
	return wechat_token_want(c, *(int64_t *)arg, TOKEN_NEW);
}

int wechat_token_refresh(struct ctx *c, int64_t account)
{
	struct write_request w = { .run = want_fresh, .arg = &account, .queue = QUEUE_JOBS, .ctx = *c };
	return writer_run(c->services->writer, &w);
}

static int want_any(struct ctx *c, void *arg)
{
	return wechat_token_want(c, *(int64_t *)arg, TOKEN_ANY);
}

/* Whoever renews it may have given up long ago, or was refused by what has been put right at theirs since. */
int wechat_token_missing(struct ctx *c, int64_t account)
{
	struct write_request w = { .run = want_any, .arg = &account, .queue = QUEUE_JOBS, .ctx = *c };
	TRY(writer_run(c->services->writer, &w));
	return fail(c, ERR_OUTBOUND, "access_token");
}

struct asking {
	struct token_in in;
	struct wechat_opened k;
};

static int load(struct ctx *c, void *arg)
{
	struct asking *a = arg;
	return wechat_open(c, a->in.account, &a->k);
}

static bool is_off(const struct wechat_account *w)
{
	return !text_equal(w->state, "on") || w->archived_at || !w->secret_at;
}

/* The answer is sealed before it leaves this function: what a job answers may be logged. "seconds token", "off", or the code that says why not. */
static int ask(struct ctx *c, const struct job *job, const char **answer)
{
	struct asking a = { 0 };
	const char *token;
	int64_t seconds;
	struct wechat_answer said;
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &a.in, NULL, c->error));
	TRY(readers_run(c->services->readers, c, load, &a));
	*answer = "off";
	bool holds = a.k.access && a.k.access_until - before_end_ms > c->now;    /* another renewed it */
	if (is_off(&a.k.row) || (holds && !a.in.fresh))
		return 0;
	TRY(wechat_token_ask(c, &a.k, a.in.fresh ? TOKEN_NEW : TOKEN_ANY, &token, &seconds, &said));
	if (said.verdict == WECHAT_BUSY)
		return fail(c, ERR_OUTBOUND, arena_format(c->arena, "errcode %lld", (long long)said.code));
	*answer = said.verdict == WECHAT_OK ? arena_format(c->arena, "%lld %s", (long long)seconds, token) : arena_format(c->arena, "!%lld", (long long)said.code);
	return 0;
}

static int keep(struct ctx *c, const struct job *job, const char *answer)
{
	struct token_in in;
	struct wechat_account w;
	struct bytes sealed;
	char *end;
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &in, NULL, c->error));
	if (text_equal(answer, "off"))
		return 0;
	TRY(wechat_account_row_get(c, in.account, &w));
	if (answer[0] == '!') {
		TRY(wechat_access_trouble(c, w.id, strtoll(answer + 1, NULL, 10), NULL));
		return event_add(c, "wechat_account.trouble", "wechat_account", w.id, arena_format(c->arena, "{\"code\":%s}", answer + 1));
	}
	int64_t seconds = strtoll(answer, &end, 10), life = seconds * SECOND_MS;
	TRY(pii_seal(c, w.key, "wechat_access.token", end + 1, &sealed));
	TRY(wechat_access_put(c, w.id, sealed, c->now + life, NULL));
	time_ms next = c->now + (life > 2 * before_end_ms ? life - before_end_ms : life / 2);
	return want_at(c, w.id, TOKEN_ANY, next, arena_format(c->arena, "%lld %lld", (long long)w.id, (long long)next));
}

const struct job_kind wechat_token_job = { .name = "wechat.token", .call = ask, .run = keep, .attempts_most = 12 };
