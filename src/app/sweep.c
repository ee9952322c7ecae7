/* The sweep of each company, every ten minutes: sessions past their end; replies and proofs of purchase that are older
 * than their settings allow, which is hours (what is kept for days goes at night: core/retention). In chunks, so that it holds up nobody; what is left comes a second later.
 *
 * It adds its successor in its own transaction, under the other of two keys, for its own row is still there: exactly one is
 * to come, whatever crashes, and two nodes do not sweep twice. */
#include <string.h>

#include "app/app.h"
#include "core/services.h"
#include "core/upkeep.h"
#include "domain/device/device.h"
#include "gen/idempotency_sql.h"
#include "gen/job_sql.h"
#include "gen/portal_sql.h"
#include "gen/sign_in_sql.h"

enum { CHUNK = 200, SOON_MS = 1000, SWEEP_MS = 10 * MINUTE_MS };

static int again(struct ctx *c, const struct job *job, int64_t in_ms)
{
	return job_add(c, new_id(c), job->kind, c->now + in_ms, strcmp(job->unique_key, "a") ? "a" : "b", NULL);
}

static int forget_replies(struct ctx *c, bool *more)
{
	struct idempotency_old_row *rows;
	size_t n;
	TRY(idempotency_old(c, c->now - setting_ms(c, SETTING_KEEP_REPLY), CHUNK, &rows, &n));
	*more |= n == CHUNK;
	return n ? idempotency_forget_old(c, rows[n - 1].created_at + 1, NULL) : 0;
}

static int sweep(struct ctx *c, const struct job *job, const char *answer)
{
	bool more = false;
	TRY(session_delete_old(c, c->now, NULL));
	TRY(sign_in_states_old(c, c->now - HOUR_MS, NULL));
	TRY(codes_delete_old(c, c->now - HOUR_MS, NULL));
	TRY(forget_replies(c, &more));
	TRY(proof_sweep(c, SWEEP_MS, &more));
	return again(c, job, more ? SOON_MS : SWEEP_MS);
}

static int died(struct ctx *c, const struct job *job)
{
	return again(c, job, HOUR_MS);
}

const struct job_kind sweep_job = { .name = "sweep", .run = sweep, .died = died, .attempts_most = 5 };

int sweep_begin(struct ctx *c)
{
	struct jobs_to_come_row row;
	TRY(jobs_to_come(c, sweep_job.name, &row));
	return row.n ? 0 : job_add(c, new_id(c), sweep_job.name, c->now + SOON_MS, "a", NULL);
}

static int ensure(struct ctx *c, void *arg)
{
	return sweep_begin(c);
}

int sweep_start(struct app *app)
{
	return upkeep_each_company(&app->services, &app->clock, ensure, NULL);
}
