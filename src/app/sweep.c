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

static int forget_messages(struct ctx *c, bool *more)
{
	struct outbox_old_row *rows;
	size_t n;
	TRY(outbox_old(c, c->now - setting_ms(c, SETTING_KEEP_MESSAGE), CHUNK, &rows, &n));
	*more |= n == CHUNK;
	return n ? outbox_forget_old(c, rows[n - 1].created_at + 1, NULL) : 0;
}

/* A spreadsheet holds many people in clear: its file goes, and the cells that were at fault. */
static int forget_imports(struct ctx *c, bool *more)
{
	struct imports_kept_row *rows;
	size_t n;
	int64_t released;
	TRY(imports_kept(c, c->now - setting_ms(c, SETTING_KEEP_IMPORT), IMPORTS, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(file_release(c, "import", rows[i].id, &released));
		TRY(import_errors_clear(c, rows[i].id, NULL));
		TRY(import_forget_file(c, rows[i].id, NULL));
	}
	*more |= n == IMPORTS;
	return 0;
}

/* Rows of a run go with it: both statements find the same runs. */
static int forget_runs(struct ctx *c, bool *more)
{
	int64_t before = id_first(c->now - setting_ms(c, SETTING_KEEP_RUN)), gone[6];
	TRY(old_rule_runs(c, before, CHUNK, &gone[0]));
	TRY(old_deliveries(c, before, CHUNK, &gone[1]));
	TRY(old_notices(c, before, CHUNK, &gone[2]));
	TRY(old_action_rows(c, before, CHUNK, &gone[3]));
	TRY(old_action_runs(c, before, CHUNK, &gone[4]));
	TRY(old_dropped_jobs(c, c->now - setting_ms(c, SETTING_KEEP_RUN), CHUNK, &gone[5]));
	*more |= gone[5] == CHUNK || gone[0] == CHUNK || gone[1] == CHUNK || gone[2] == CHUNK || gone[4] == CHUNK;
	return 0;
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
