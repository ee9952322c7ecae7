/* Opens and closes the parts in the order they need one another. */
#include "app/app.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "core/auth/oidc.h"
#include "core/audit/audit.h"
#include "core/audit/audit_send.h"
#include "core/auth/rights.h"
#include "core/definition/definition.h"
#include "core/file/file.h"
#include "core/list/count_shared.h"
#include "core/pii/pii.h"
#include "core/promise/promise.h"
#include "core/rule/rule.h"
#include "core/search/follow.h"
#include "core/shared.h"
#include "core/understand/understand.h"
#include "domain/conversation/routing.h"
#include "domain/duplicate/suspect.h"
#include "domain/duty/duty.h"
#include "domain/mail/mail.h"
#include "domain/knowledge/learning.h"
#include "domain/portal/portal.h"
#include "domain/sms/sms.h"
#include "domain/ticket/wall.h"
#include "domain/weekly/weekly.h"
#include "domain/wechat/wechat.h"
#include "gen/process_sql.h"

static int64_t server(const struct app *app, enum setting_id id)
{
	return app->o.settings->values.at[id];
}

/* After a write that the disk did not take, what is in memory can no longer be trusted: end at once, recover at start. */
static void fatal(void *arg)
{
	struct app *app = arg;
	log_write(&app->log, LOG_ERROR, "the disk refused a write; ending, nothing acknowledged is lost", NULL);
	_exit(70);
}

static void committed(void *arg, int lane, const struct event *events, size_t n)
{
	struct app *app = arg;
	pthread_mutex_lock(&app->wake);
	if (app->followers && n)
		followers_wake(app->followers, lane, events[n - 1].pos);
	if (app->jobs)
		jobs_wake(app->jobs);
	pthread_mutex_unlock(&app->wake);
	if (app->tail && n)
		tail_wake(app->tail, UINT64_C(1) << lane);
	if (app->notifier && n)
		notifier_event(app->notifier, lane);
}

static int make_folder(struct app *app)
{
	if (mkdir(app->o.data, 0700) == 0 || errno == EEXIST)
		return 0;
	log_write(&app->log, LOG_ERROR, "the data folder cannot be made", "folder", app->o.data, "why", strerror(errno), NULL);
	return ERR_INTERNAL;
}

static int migrate(struct app *app)
{
	const struct { const char *url; const struct migrations *set; } stores[] = { { app->o.db, &data_migrations }, { app->o.keys, &key_migrations } };
	for (size_t i = 0; i < 2; i++) {
		struct migrate_report report;
		int r = db_migrate(stores[i].url, stores[i].set, &app->log, app->arena, &report);
		if (r < 0) {
			log_write(&app->log, LOG_ERROR, "the database was not brought up to date", "why", report.fault, NULL);
			return r;
		}
	}
	return 0;
}

static int open_keys(struct app *app)
{
	const struct keystore_options options = {
		.url = app->o.keys, .master_path = arena_format(app->arena, "%s/master.key", app->o.data), .policy = MASTER_MAKE,
		.clock = &app->clock, .log = &app->log, .copy_life_ms = setting_ms_of(&app->o.settings->values, SETTING_KEEP_KEY_COPIES),
	};
	return keystore_open(&options, &app->services.keys);
}

static int open_audit(struct app *app)
{
	const char *folder = arena_format(app->arena, "%s/audit", app->o.data);
	app->services.audit = audit_new();
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return ERR_INTERNAL;
	audit_keep_heads(app->services.audit, folder);
	struct audit_elsewhere *to = ARENA_NEW(app->arena, struct audit_elsewhere);
	*to = (struct audit_elsewhere){ .path = app->o.audit_heads, .url = app->o.audit_url };
	app->services.audit_elsewhere = to;
	return 0;
}

static int open_blobs(struct app *app, const char *uploads)
{
	const char *folder = arena_format(app->arena, "%s/files", app->o.data);
	if (!app->o.files)
		return blob_folder_open(folder, &app->blobs);
	int r = blob_s3_open(&(struct blob_s3_options){ .url = app->o.files, .region = app->o.s3_region, .access_key = app->o.s3_key,
	                                                .secret_key = app->o.s3_secret, .temporary = uploads,
	                                                .settings = &app->o.settings->values }, &app->blobs);
	if (r < 0)
		log_write(&app->log, LOG_ERROR, "files in S3 need ANXIN_S3_KEY and ANXIN_S3_SECRET", NULL);
	return r;
}

/* Pictures are opened by this same program, started anew as a child without rights. */
static int open_files(struct app *app)
{
	const char *uploads = arena_format(app->arena, "%s/uploads", app->o.data);
	if (mkdir(uploads, 0700) < 0 && errno != EEXIST)
		return ERR_INTERNAL;
	TRY(open_blobs(app, uploads));
	return file_store_open(uploads, app->blobs, "/proc/self/exe", (unsigned)server(app, SETTING_WORK_PICTURES), &app->log, &app->services.files);
}

static int open_writer(struct app *app)
{
	const struct writer_options options = {
		.url = app->o.db, .log = &app->log, .clock = &app->clock, .queue_most = (size_t)server(app, SETTING_WORK_WRITES),
		.reserve_path = strstr(app->o.db, "://") ? NULL : arena_format(app->arena, "%s/reserve", app->o.data),
		.mark = audit_mark_event, .mark_arg = &app->services,
		.committed = committed, .committed_arg = app, .fatal = fatal, .fatal_arg = app,
	};
	TRY(writer_open(&options, &app->writer));
	app->services.writer = app->writer;
	return 0;
}

static const struct follower *const followers[] = { &search_follower, &audit_follower, &rule_follower, &promise_follower, &suspect_follower, &routing_follower };

static int open_background(struct app *app)
{
	const struct followers_options options = {
		.writer = app->writer, .log = &app->log, .clock = &app->clock, .services = &app->services,
		.all = followers, .count = sizeof(followers) / sizeof(followers[0]),
	};
	TRY(followers_open(&options, &app->followers));
	app->services.followers = app->followers;
	return 0;
}

/* The process number goes into each id: taken before anything makes one. Keys of other data would open nothing, and what was
 * sealed with them would be lost. */
static int join(struct ctx *c, void *arg)
{
	struct process_take_row taken;
	TRY(process_take(c, &taken));
	id_maker_init(&c->services->ids, taken.last);
	return pii_pair_check(c);
}

/* One pack's questions are understood here; without its files the bot leaves questions to people. */
static void open_understanding(struct app *app)
{
	if (understanding_open(understanding_folder(app->arena), "appliance", &app->services.understanding) < 0)
		log_write(&app->log, LOG_INFO, "no understanding of questions here: the bot answers none", NULL);
}

static int open_all(struct app *app)
{
	TRY(make_folder(app));
	if (app->o.migrate)
		TRY(migrate(app));
	TRY(open_audit(app));
	app->services.settings = settings_new(app->o.settings);
	app->services.registry = registry_build(app->arena, app_records, app_record_count);
	app->services.targets = registry_build(app->arena, app_targets, app_target_count);
	app->services.definitions = definitions_new();
	app->services.observers = app_observers;
	app->services.promise_sources = app_promise_sources;
	app->services.actions = app_actions;
	app->services.outbox_ends = app_outbox_ends;
	app->services.reaches = app_reaches;
	app->services.sms_carrier = &sms_gateway_carrier;
	app->services.notice_way = &wechat_notice_way;
	app->services.retention = app_retention;
	app->services.setting_chosen = weekly_setting_chosen;
	app->services.clock = &app->clock;
	app->services.data = app->o.db;
	app->services.public_url = app->o.public_url;
	app->services.app = app;
	app->services.customer_reads = portal_reads_file;
	app->services.duty = &duty_service;
	TRY(open_keys(app));
	TRY(open_writer(app));
	TRY(open_files(app));
	TRY(readers_open(app->o.db, (size_t)server(app, SETTING_WORK_READERS), &app->log, &app->readers));
	TRY(pool_open((unsigned)server(app, SETTING_WORK_THREADS), (size_t)server(app, SETTING_WORK_QUEUE), &app->pool));
	TRY(pool_open((unsigned)server(app, SETTING_WORK_CALLS), (size_t)server(app, SETTING_WORK_QUEUE), &app->calls));
	app->services.readers = app->readers;
	open_understanding(app);
	learning_open(&app->services, arena_format(app->arena, "%s/learned", app->o.data));
	app->services.rights = rights_new();
	app->services.shared = shared_new(&wall_sharing);
	app->services.counts = shared_new(&count_sharing);
	app->services.log = &app->log;
	TRY(virtual_clock_check(app));
	TRY(app_write(app, 0, join, NULL));
	TRY(settings_load(&app->services, &app->clock));
	return open_background(app);
}

int app_open(const struct app_options *o, struct app **out)
{
	struct arena *a = arena_new();
	struct app *app = ARENA_NEW(a, struct app);
	app->arena = a;
	app->o = *o;
	pthread_mutex_init(&app->wake, NULL);
	if (o->virtual_from)
		clock_manual(&app->clock, o->virtual_from);
	else
		clock_system(&app->clock);
	log_init(&app->log, 2, o->log_level, &app->clock);
	signal(SIGPIPE, SIG_IGN);
	int r = o->test_clock ? clock_in_file(&app->clock, o->test_clock) : 0;
	app->started_at = clock_now(&app->clock);
	if (r == 0)
		r = open_all(app);
	if (r < 0) {
		log_write(&app->log, LOG_ERROR, "start failed", "code", error_name(r), NULL);
		app_close(app);
		return r;
	}
	*out = app;
	return 0;
}

/* Both still write while they end, and each such commit would wake the other: from here on none does. */
static void close_background(struct app *app)
{
	pthread_mutex_lock(&app->wake);
	struct jobs *jobs = app->jobs;
	struct followers *running = app->followers;
	app->jobs = NULL;
	app->followers = NULL;
	pthread_mutex_unlock(&app->wake);
	clock_watch_close(app->watch);
	app->watch = NULL;
	mail_watch_stop(app->services.mail_watch);
	if (jobs)
		jobs_close(jobs);
	mail_watch_close(app->services.mail_watch);
	app->services.mail_watch = NULL;
	if (running)
		followers_close(running);
}

void app_close(struct app *app)
{
	close_background(app);
	if (app->services.files)
		file_store_stop(app->services.files);
	pool_close(app->calls);
	pool_close(app->pool);
	if (app->writer)
		writer_close(app->writer);
	learning_close(&app->services);         /* behind whoever may ask it */
	understanding_close(app->services.understanding);
	readers_close(app->readers);
	rights_free(app->services.rights);
	shared_free(app->services.shared);
	shared_free(app->services.counts);
	settings_free(app->services.settings);
	audit_free(app->services.audit);
	definitions_free(app->services.definitions);
	if (app->services.files)
		file_store_close(app->services.files);
	blob_close(app->blobs);
	oidc_free(app->services.oidc);
	sender_close(app->services.sender);
	if (app->services.keys)
		keystore_close(app->services.keys);
	pthread_mutex_destroy(&app->wake);
	arena_free(app->arena);
}

static struct ctx system_ctx(struct app *app, struct arena *a, int64_t tenant, struct error *error)
{
	return (struct ctx){
		.arena = a, .tenant = tenant, .actor_kind = ACTOR_SYSTEM, .now = clock_now(&app->clock), .request_id = "command",
		.error = error, .log = &app->log, .services = &app->services,
	};
}

static void report(const struct error *e, int result, struct arena *a)
{
	fprintf(stderr, "anxin: %s\n", error_text(e->code ? e->code : result, LANG_ZH, e->arg, a));
	for (const struct field_error *f = e->fields; f; f = f->next)
		fprintf(stderr, "anxin: %s: %s\n", f->field, error_text(f->code, LANG_ZH, f->arg, a));
}

int app_write(struct app *app, int64_t tenant, int (*fn)(struct ctx *c, void *arg), void *arg)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct write_request request = { .run = fn, .arg = arg, .queue = QUEUE_JOBS, .ctx = system_ctx(app, a, tenant, &error) };
	int r = tenant ? writer_run(app->writer, &request) : writer_run_to(app->writer, 0, &request);
	if (r < 0)
		report(&error, r, a);
	return r;
}

int app_read(struct app *app, int64_t tenant, int (*fn)(struct ctx *c, void *arg), void *arg)
{
	ARENA_SCOPED a = arena_new();
	struct error error = { 0 };
	struct ctx c = system_ctx(app, a, tenant, &error);
	int r = readers_run(app->readers, &c, fn, arg);
	if (r < 0)
		report(&error, r, a);
	return r;
}
