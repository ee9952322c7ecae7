/* Daily work and the end of erasures. A day's job adds the next day's under that day's name, so there is never more than one. */
#include "core/upkeep.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/audit/audit_send.h"
#include "core/file/file.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/pii/scrub.h"
#include "core/retention/hold.h"
#include "core/retention/retention.h"
#include "core/search/follow.h"
#include "core/search/search.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/backup.h"
#include "gen/upkeep_sql.h"

enum { SWEEP_MANY = 100, STORE_ATTEMPTS = 3 };

/* The night after `at`, a little later for each company, so that they do not all come at once. */
static time_ms next_night(struct ctx *c, int64_t *day)
{
	*day = day_of(c->now, CHINA_MINUTES) + 1;
	return *day * DAY_MS + setting_of(c, SETTING_WORK_NIGHT) * HOUR_MS - (int64_t)CHINA_MINUTES * MINUTE_MS + c->tenant % 3600 * SECOND_MS;
}

static int plan(struct ctx *c, const struct job_kind *kind)
{
	int64_t day;
	time_ms at = next_night(c, &day);
	return job_add(c, new_id(c), kind->name, at, arena_format(c->arena, "day %lld", (long long)day), NULL);
}

/* A company's own ------------------------------------------------------------------------------------------------------ */

static int begin_rebuild(struct ctx *c)
{
	bool due;
	TRY(search_rebuild_due(c, &due));
	if (!due)
		return 0;
	TRY(search_rebuild_start(c));
	return job_add(c, new_id(c), upkeep_search.name, c->now, NULL, NULL);
}

static int run_company(struct ctx *c, const struct job *job, const char *answer)
{
	int64_t removed;
	TRY(file_sweep(c, &removed));
	if (removed >= SWEEP_MANY)
		return job_add(c, new_id(c), upkeep_company.name, c->now + SECOND_MS, NULL, NULL);
	TRY(begin_rebuild(c));
	TRY(retention_begin(c));
	return plan(c, &upkeep_company);
}

static int run_search(struct ctx *c, const struct job *job, const char *answer)
{
	bool more;
	TRY(search_rebuild_step(c, search_texts_of, &more));
	/* At the end the old words lie in the log alone. */
	return more ? job_add(c, new_id(c), upkeep_search.name, c->now, NULL, NULL) : upkeep_empty_log(c, "search");
}

/* Where it is stands in its data; its key has a + in every other run, for its own row is still there. */
static int run_fill(struct ctx *c, const struct job *job, const char *answer)
{
	struct search_fill_place at;
	struct error error = { 0 };
	struct text data = text_in(c->arena);
	bool more;
	size_t n = strcspn(job->unique_key, "+");
	const char *object = arena_string_n(c->arena, job->unique_key, n);
	TRY(json_read(c->arena, &search_fill_shape, job->data, strlen(job->data), &at, NULL, &error));
	TRY(search_fill_step(c, object, &at, &more));
	if (!more)
		return 0;
	json_write(&data, &search_fill_shape, &at);
	return job_add(c, new_id(c), upkeep_fill.name, c->now, job->unique_key[n] ? object : arena_format(c->arena, "%s+", object), text_end(&data));
}

/* The installation's --------------------------------------------------------------------------------------------------- */

static int reclaim_keys(struct ctx *c, void *arg)
{
	int64_t after = 0, removed;
	do {
		struct arena_mark mark = arena_mark(c->arena);
		TRY(pii_reclaim(c, &after, &removed));
		arena_rewind(c->arena, mark);
	} while (after);
	return 0;
}

static int remove_orphans(struct ctx *c, void *arg)
{
	int64_t removed;
	return file_orphans(c, &removed);
}

static int call_store(struct ctx *c, const struct job *job, const char **answer)
{
	const char *path;
	TRY(readers_run(c->services->readers, c, reclaim_keys, NULL));
	TRY(readers_run(c->services->readers, c, remove_orphans, NULL));
	return c->services->key_copies ? keystore_copy(c->services->keys, c->services->key_copies, &path, c->arena) : 0;
}

static int run_store(struct ctx *c, const struct job *job, const char *answer)
{
	return plan(c, &upkeep_store);
}

/* Should it fail to the end, tomorrow is another day. */
static int store_died(struct ctx *c, const struct job *job)
{
	return plan(c, &upkeep_store);
}

/* Erasing ---------------------------------------------------------------------------------------------------------------- */

static int forget_documents(struct ctx *c, const char *object, int64_t object_id, int64_t *removed)
{
	return search_forget(c, object, object_id, removed);
}

static int release_files(struct ctx *c, const char *object, int64_t object_id, int64_t *removed)
{
	return file_release(c, object, object_id, removed);
}

int upkeep_forget_person(struct ctx *c, const char *object, int64_t object_id, int64_t *removed)
{
	enum actor_kind kind = strcmp(object, "customer") ? ACTOR_USER : ACTOR_CUSTOMER;
	const struct record_model *m = registry_find(&c->services->registry, object);
	int64_t messages;
	if (m && record_borrows_key(m))         /* no person: nobody signs in as it */
		return upkeep_messages_of(c, object, object_id, removed);
	TRY(upkeep_replies_of(c, kind, object_id, removed));
	TRY(upkeep_messages_of(c, object, object_id, &messages));
	*removed += messages;
	if (kind == ACTOR_CUSTOMER)
		TRY(identity_forget(c, object_id));
	return upkeep_sessions_of(c, kind, object_id, NULL);
}

static const struct erase_step steps[] = { { "documents", forget_documents }, { "files", release_files }, { "replies", upkeep_forget_person } };

int upkeep_replay(struct ctx *c, int64_t *after, int64_t *people, bool *more)
{
	return pii_erase_replay(c, steps, sizeof(steps) / sizeof(steps[0]), after, people, more);
}

int upkeep_erase_person(struct ctx *c, const char *object, int64_t object_id, const char *reason, int64_t *erasure_id)
{
	TRY(hold_refuse(c, object, object_id));
	TRY(pii_erase(c, object, object_id, reason, steps, sizeof(steps) / sizeof(steps[0]), erasure_id));
	return job_add(c, new_id(c), upkeep_erase.name, c->now, arena_format(c->arena, "%lld", (long long)*erasure_id), NULL);
}

/* Where the job is: its key is the erasure's id, with a + in every other run, for its own row is still there. */
static int again(struct ctx *c, const struct job *job, int64_t id, const struct scrub_place *at)
{
	struct text data = text_in(c->arena);
	bool odd = strchr(job->unique_key, '+') != NULL;
	json_write(&data, &scrub_place_shape, at);
	return job_add(c, new_id(c), upkeep_erase.name, c->now, arena_format(c->arena, odd ? "%lld" : "%lld+", (long long)id), text_end(&data));
}

/* Of what is no person. Told at the end, so that search takes up what is left: its number. */
static int tell_emptied(struct ctx *c, const struct erasure *row)
{
	const struct record_model *m = registry_find(&c->services->registry, row->object);
	if (!m || !record_borrows_key(m))
		return 0;
	return event_add(c, arena_format(c->arena, "%s.emptied", row->object), row->object, row->object_id, arena_format(c->arena, "{\"reason\":\"%s\"}", row->reason));
}

/* Keys first; then a few rows a run; then the certificate, and the log in which the old pages still lie. */
static int run_erase(struct ctx *c, const struct job *job, const char *answer)
{
	struct erasure_certificate certificate;
	struct erasure row;
	struct scrub_place at;
	struct scrub_counts counts = { 0 };
	struct error error = { 0 };
	bool more;
	int64_t id = strtoll(job->unique_key, NULL, 10);
	TRY(erasure_row_get(c, id, &row));
	TRY(json_read(c->arena, &scrub_place_shape, job->data, strlen(job->data), &at, NULL, &error));
	if (at.record == 0)
		TRY(pii_erase_keys(c, id));
	at.still = !strcmp(row.reason, RETENTION_REASON);
	TRY(scrub_step(c, row.object, row.object_id, &at, &counts, &more));
	TRY(pii_erase_count(c, id, &counts));
	if (more)
		return again(c, job, id, &at);
	TRY(pii_erase_finish(c, id, &certificate));
	TRY(tell_emptied(c, &row));
	return upkeep_empty_log(c, arena_format(c->arena, "erase %lld", (long long)id));
}

/* A key for each cause: what is added while another is being done comes after it, not in its place. */
int upkeep_empty_log(struct ctx *c, const char *cause)
{
	return job_add(c, new_id(c), upkeep_log.name, c->now, cause, NULL);
}

static int call_log(struct ctx *c, const struct job *job, const char **answer)
{
	int r = c->services->data ? db_empty_log(c->services->data) : 0;
	return r < 0 ? fail(c, r, NULL) : 0;
}

static int run_log(struct ctx *c, const struct job *job, const char *answer)
{
	return 0;
}

const struct job_kind upkeep_company = { .name = "upkeep.company", .run = run_company };
const struct job_kind upkeep_store = { .name = "upkeep.store", .run = run_store, .call = call_store, .died = store_died, .attempts_most = STORE_ATTEMPTS };
const struct job_kind upkeep_search = { .name = "upkeep.search", .run = run_search };
const struct job_kind upkeep_fill = { .name = "upkeep.fill", .run = run_fill };
const struct job_kind upkeep_log = { .name = "upkeep.log", .run = run_log, .call = call_log, .attempts_most = 100 };
const struct job_kind upkeep_erase = { .name = "upkeep.erase", .run = run_erase, .attempts_most = 1000 };

/* Start ------------------------------------------------------------------------------------------------------------------ */

int upkeep_begin(struct ctx *c)
{
	struct upkeep_tenants_row *rows;
	size_t n;
	TRY(plan(c, &upkeep_company));
	TRY(upkeep_tenants(c, &rows, &n));
	if (n > 1)
		return 0;
	TRY(audit_send_begin(c));
	return plan(c, &upkeep_store);
}

static int list_tenants(struct ctx *c, void *arg)
{
	struct { struct upkeep_tenants_row *rows; size_t n; } *all = arg;
	return upkeep_tenants(c, &all->rows, &all->n);
}

int upkeep_each_company(struct services *services, const struct clock *clock, int (*begin)(struct ctx *c, void *arg), void *arg)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct ctx c = { .arena = a, .now = clock_now(clock), .request_id = "upkeep", .error = &error, .log = services->log, .services = services };
	struct { struct upkeep_tenants_row *rows; size_t n; } all;
	TRY(readers_run(services->readers, &c, list_tenants, &all));
	for (size_t i = 0; i < all.n; i++) {
		struct write_request r = { .run = begin, .arg = arg, .queue = QUEUE_JOBS, .ctx = c };
		r.ctx.tenant = all.rows[i].tenant;
		TRY(writer_run(services->writer, &r));
	}
	return 0;
}

/* The installation's belongs to the first company. */
static int plan_nights(struct ctx *c, void *arg)
{
	int64_t *first = arg;
	TRY(plan(c, &upkeep_company));
	if (*first && *first != c->tenant)
		return 0;
	*first = c->tenant;
	return plan(c, &upkeep_store);
}

int upkeep_start(struct services *services, const struct clock *clock)
{
	int64_t first = 0;
	return upkeep_each_company(services, clock, plan_nights, &first);
}
