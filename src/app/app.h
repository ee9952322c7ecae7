/* app: where everything is made and tied together. The only place that knows all parts; nothing below it includes it. */
#pragma once

#include <pthread.h>

#include "base/pool.h"
#include "core/api/api.h"
#include "core/api/readers.h"
#include "core/api/stream.h"
#include "core/clock/clocks.h"
#include "core/event/tail.h"
#include "core/notify/sender.h"
#include "core/pii/keystore.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/follower.h"
#include "db/job.h"
#include "db/migrate.h"
#include "db/notify.h"
#include "db/writer.h"
#include "net/http.h"

struct app_options {
	const char *data;               /* folder: data.db, keys.db, master.key, files/ */
	const char *db, *keys;          /* URLs; by default in `data` */
	const char *files;              /* https://host/bucket[/folder] of an S3-compatible store; NULL: a folder in `data` */
	const char *s3_region, *s3_key, *s3_secret;
	const char *address;            /* 127.0.0.1 */
	int port;
	const char *tls_certificate, *tls_key;  /* PEM files; NULL: a proxy in front does TLS, or nobody */
	const char *redirect;           /* ADDRESS:PORT of the plain port that sends people to https; NULL: none */
	const char *challenges;         /* folder of ACME http-01 tokens that it answers; NULL: none */
	const char *web;                /* folder with console/ and mobile/ */
	const char *public_url;         /* what customers' links start with */
	struct network proxies[8];      /* trusted to say for whom they ask: --proxy NETWORK, more than once */
	size_t proxy_count;
	struct sender_options outbound; /* gateway and mail server; secrets come from the environment only */
	const char *smtp_tls;           /* required, if_offered */
	const char *backups;            /* folder of the nightly backups; NULL: one in `data` */
	const char *audit_heads;        /* file outside of `data` where the heads of the audit are kept */
	const char *audit_url;          /* https address that gets them, too */
	const char *operator_token;     /* who has it reads the figures of the whole installation; NULL: nobody */
	const char *company;            /* code of the company that `setting` is about; NULL: the server */
	const char *set[64];            /* NAME=VALUE of each --set */
	size_t set_count;
	struct setting_server *settings;        /* of settings.conf, the environment and --set */
	enum log_level log_level;
	const char *notify_socket;      /* of systemd (Type=notify); NULL: it did not start us */
	bool migrate;                   /* bring the database up to date first */
	const char *test_clock;         /* a file with the time in it, which tests move; NULL: the system's clock */
	time_ms virtual_from;           /* the clock stands at this time and moves on order only; 0: it is none of these */
	int virtual_orders;             /* socket on which `serve` takes such orders; 0: none comes */
};

/* Fills from words such as --data DIR, which may stand anywhere and are moved in front; *rest gets the first other word. Says what is wrong on
 * stderr. */
int app_options_read(struct arena *a, int argc, char **argv, struct app_options *out, int *rest) MUST_CHECK;

/* "0.0.0.0:80" → its two parts. */
int app_place_read(struct arena *a, const char *value, const char **address, int *port) MUST_CHECK;

/* server_settings.c: fills o->settings. Says what is wrong on stderr: ERR_FIELD_INVALID. */
int server_settings_read(struct arena *a, struct app_options *o) MUST_CHECK;
/* Writes NAME = VALUE into settings.conf, or takes it out (NULL). */
int server_settings_write(struct arena *a, const struct app_options *o, const char *name, const char *value) MUST_CHECK;

/* Everything that commands need: database, keys, writer; no network. */
struct app {
	struct arena *arena;
	struct app_options o;
	struct log log;
	struct clock clock;
	time_ms started_at;
	struct services services;
	struct writer *writer;
	struct readers *readers;
	struct pool *pool;
	struct pool *calls;             /* of jobs: a system that answers slowly keeps nobody here waiting */
	struct followers *followers;
	struct jobs *jobs;
	struct clock_watch *watch;
	struct api *api;
	struct http *http;
	struct tls *tls;
	struct tls_front *tls_front;
	struct redirect *redirect;
	int redirect_fd;
	const struct route *routes;     /* as http counts them */
	struct blob_store *blobs;
	struct tail *tail;
	struct virtual_clock *virtual_clock;
	pthread_mutex_t wake;           /* guards the pointers to what commits wake: jobs, followers */
	struct notifier *notifier;      /* PostgreSQL only */
	_Atomic bool backing_up;        /* the nightly backup is under way */
};

/* virtual_clock.c: time that passes when a parent process says so, and only once everything due has been done. */
int virtual_clock_check(struct app *app) MUST_CHECK;    /* refuses data that hold a company not marked as demo */
int virtual_clock_start(struct app *app) MUST_CHECK;
void virtual_clock_stop(struct app *app);

int app_open(const struct app_options *o, struct app **out) MUST_CHECK;
extern const struct job_kind sweep_job;
int sweep_start(struct app *app) MUST_CHECK;
int sweep_begin(struct ctx *c) MUST_CHECK;              /* in a handler: the company's first sweep, if it has none */
extern const struct job_kind nightly_job;
int nightly_begin(struct ctx *c) MUST_CHECK;            /* in a handler: the first one, when this is the first company */
int nightly_start(struct app *app) MUST_CHECK;         /* the next nightly backup, unless it is planned */
int app_start_jobs(struct app *app) MUST_CHECK;         /* serve only: commands leave them to the server */
void app_close(struct app *app);

/* Runs fn in the writer for one tenant (0: lane 0), as the system; for commands. */
int app_write(struct app *app, int64_t tenant, int (*fn)(struct ctx *c, void *arg), void *arg) MUST_CHECK;
int app_read(struct app *app, int64_t tenant, int (*fn)(struct ctx *c, void *arg), void *arg) MUST_CHECK;

/* All records and routes of the product. */
extern const struct observer *const app_observers[];
extern const struct promise_source *const app_promise_sources[];     /* NULL-ended */
extern const struct retention_kind *const app_retention[];                /* NULL-ended */
extern const struct retention_kind message_retention, import_retention, run_retention, reading_retention, audit_retention;
extern const struct outbox_end *const app_outbox_ends[];                 /* NULL-ended */
extern const struct reach *const app_reaches[];                          /* NULL-ended */
extern const struct record *const app_records[];
extern const size_t app_record_count;
extern const struct record *const app_targets[];        /* of imports alone */
extern const size_t app_target_count;
extern const struct action_kinds app_actions;
extern const struct route system_routes[];
extern const size_t system_route_count;
extern const struct route job_routes[];
extern const size_t job_route_count;
extern const struct route metrics_routes[];
extern const size_t metrics_route_count;
struct route *app_routes(struct arena *a, const struct registry *registry, size_t *n);

/* Commands: each returns the exit code. */
int command_serve(const struct app_options *o, int argc, char **argv);
int command_migrate(const struct app_options *o, int argc, char **argv);
int command_demo(const struct app_options *o, int argc, char **argv);
int command_openapi(const struct app_options *o, int argc, char **argv);
int command_bench(const struct app_options *o, int argc, char **argv);
int command_sim(const struct app_options *o, int argc, char **argv);
int command_backup(const struct app_options *o, int argc, char **argv);
int command_restore(const struct app_options *o, int argc, char **argv);
int command_verify_audit(const struct app_options *o, int argc, char **argv);
int command_keys(const struct app_options *o, int argc, char **argv);
int command_doctor(const struct app_options *o, int argc, char **argv);
int command_eval(const struct app_options *o, int argc, char **argv);
int command_export(const struct app_options *o, int argc, char **argv);
int command_learn(const struct app_options *o, int argc, char **argv);
int command_import(const struct app_options *o, int argc, char **argv);
int command_company(const struct app_options *o, int argc, char **argv);
int command_setting(const struct app_options *o, int argc, char **argv);
int command_first_run_word(const struct app_options *o, int argc, char **argv);
int command_user(const struct app_options *o, int argc, char **argv);
