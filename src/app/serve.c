/* anxin serve: the process that answers. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/app.h"
#include "app/first_run.h"
#include "core/auth/oidc.h"
#include "core/api/openapi.h"
#include "core/io/import.h"
#include "domain/portal/portal.h"
#include "domain/ticket/ticket.h"
#include "net/redirect.h"
#include "net/site.h"
#include "net/tls.h"

/* Another node wrote: followers, jobs and live clients of this one go on. */
static void news(void *arg, uint64_t lanes)
{
	struct app *app = arg;
	tail_wake(app->tail, lanes);
	followers_wake(app->followers, -1, 0);
	pthread_mutex_lock(&app->wake);
	if (app->jobs)
		jobs_wake(app->jobs);
	pthread_mutex_unlock(&app->wake);
}

static void signal_came(void *arg, const char *text)
{
	stream_signal(((struct app *)arg)->services.stream, text);
}

static void relay(void *arg, const char *text)
{
	struct app *app = arg;
	if (notifier_signal(app->notifier, text) < 0)
		log_write(&app->log, LOG_DEBUG, "a signal was dropped", NULL);  /* signals may be lost */
}

static void tail_events(void *arg, const struct event *events, size_t n)
{
	struct app *app = arg;
	settings_news(&app->services, events, n);
	stream_events(app->services.stream, events, n);
}

/* On SQLite nobody tells what a command has written beside the server: the tail looks each second. On PostgreSQL the notifier
 * announces all lanes each second, but its one thread may be held up for seconds reaching for its connection: then, and only then, the
 * tail looks for itself. */
enum { LOOK_ALONE_MS = 1000, LOOK_BESIDE_NOTIFIER_MS = 2500 };

static int start_realtime(struct app *app)
{
	bool nodes = strstr(app->o.db, "://") != NULL;
	const struct stream_options stream = {
		.services = &app->services, .readers = app->readers, .log = &app->log, .clock = &app->clock,
		.customer_sees = portal_sees, .is_public = portal_hears, .relay = nodes ? relay : NULL, .relay_arg = app,
	};
	TRY(stream_open(&stream, &app->services.stream));
	const struct tail_options tail = {
		.url = app->o.db, .lanes = writer_lane_count(app->writer), .look_ms = nodes ? LOOK_BESIDE_NOTIFIER_MS : LOOK_ALONE_MS,
		.log = &app->log, .events = tail_events, .arg = app,
	};
	TRY(tail_open(&tail, &app->tail));
	TRY(settings_load(&app->services, &app->clock));        /* between the first look and here somebody may have changed one */
	if (!nodes)
		return 0;
	const struct notifier_options notifier = { .url = app->o.db, .log = &app->log, .news = news, .signal = signal_came, .arg = app,
		                                         .silent_ms = (int)setting_ms_of(&app->o.settings->values, SETTING_WORK_NODE_SILENCE) };
	return notifier_open(&notifier, &app->notifier);
}

static void stop_realtime(struct app *app)
{
	struct notifier *notifier = app->notifier;
	struct tail *tail = app->tail;
	app->notifier = NULL;
	if (notifier)
		notifier_close(notifier);       /* its thread wakes the tail until it has ended */
	app->tail = NULL;
	tail_close(tail);
	stream_close(app->services.stream);
}

/* As many descriptors as the system lets us have; many systems start a process with 1,024 of them. Returns how many. */
static unsigned raise_descriptors(void)
{
	enum { MOST = 65536 };
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return 1024;
	files.rlim_cur = files.rlim_max < MOST ? files.rlim_max : MOST;
	setrlimit(RLIMIT_NOFILE, &files);
	return (unsigned)files.rlim_cur;
}

static int open_sender(struct app *app)
{
	struct sender_options o = app->o.outbound;
	o.log = &app->log;
	o.tls_if_offered = app->o.smtp_tls && !strcmp(app->o.smtp_tls, "if_offered");
	return sender_open(app->arena, &o, &app->services.sender);
}

/* A certificate that does not serve is said before anybody is kept waiting for it. */
static int open_tls(struct app *app)
{
	const char *why = NULL;
	const struct tls_options o = { .certificate = app->o.tls_certificate, .key = app->o.tls_key, .log = &app->log,
	                               .look_ms = (unsigned)setting_ms_of(&app->o.settings->values, SETTING_HTTP_TLS_LOOK) };
	int r = o.key ? tls_open(&o, &app->tls, &why) : 0;
	if (r < 0)
		log_write(&app->log, LOG_ERROR, "certificate refused", "why", why, "certificate", o.certificate, "key", o.key, NULL);
	return r == 0 && app->tls ? tls_front_open(app->tls, (unsigned)sysconf(_SC_NPROCESSORS_ONLN), &app->tls_front) : r;
}

/* The plain port beside https, once https answers. */
static int open_redirect(struct app *app)
{
	const char *address;
	int port;
	if (!app->o.redirect || !*app->o.redirect)
		return 0;
	TRY(app_place_read(app->arena, app->o.redirect, &address, &port));
	app->redirect_fd = http_listen(address, (uint16_t)port);
	if (app->redirect_fd < 0) {
		log_write(&app->log, LOG_ERROR, "cannot serve the plain port", "address", app->o.redirect, "why", strerror(errno), NULL);
		return app->redirect_fd;
	}
	size_t host = strlen("https://") + strcspn(app->o.public_url + strlen("https://"), "/");
	const struct redirect_options o = { .listen_fd = app->redirect_fd, .to = arena_string_n(app->arena, app->o.public_url, host),
		                            .challenges = app->o.challenges && *app->o.challenges ? app->o.challenges : NULL, .log = &app->log };
	return redirect_open(&o, &app->redirect);
}

static int start(struct app *app, int fd, struct site *site)
{
	TRY(open_tls(app));
	TRY(open_sender(app));
	app->services.oidc = oidc_new(sender_client(app->services.sender));
	TRY(start_realtime(app));
	TRY(app_start_jobs(app));
	TRY(importer_open(&app->services, &app->services.importer));
	TRY(importer_resume(app->services.importer));
	TRY(virtual_clock_start(app));
	size_t n;
	struct route *routes = app_routes(app->arena, &app->services.registry, &n);
	struct text description = text_in(app->arena);
	openapi_write(app->arena, &app->services.registry, routes, n, &description);
	app->services.openapi = text_end(&description);
	const struct api_options options = {
		.routes = routes, .route_count = n, .services = &app->services, .readers = app->readers, .pool = app->pool,
		.log = &app->log, .clock = &app->clock, .operator_token = app->o.operator_token,
	};
	TRY(api_open(app->arena, &options, &app->api));
	const char **origins = ARENA_ARRAY(app->arena, const char *, 2);
	origins[0] = app->o.public_url;
	app->routes = routes;
	struct http_options http = {
		.origins = origins, .proxies = app->o.proxies, .proxy_count = app->o.proxy_count,
		.listen_fd = fd, .routes = routes, .route_count = n, .site = site, .tls = app->tls_front, .log = &app->log,
		.hsts_s = setting_ms_of(&app->o.settings->values, SETTING_HTTP_HSTS) / 1000,
		.dispatch = api_dispatch, .handle = api_handle, .done = api_done, .knows_origin = api_knows_origin, .arg = app->api,
	};
	http_limits_of(&app->o.settings->values, &http.limits);
	/* the rest is for WebSockets, files and databases; past it accepting would fail for everybody */
	unsigned share = raise_descriptors() / (app->tls ? 6 : 2);      /* under TLS a connection has three */
	if (http.limits.connections > share)
		http.limits.connections = share;
	TRY(http_start(&http, &app->http));
	return open_redirect(app);
}

/* Tells systemd (Type=notify), where it started us, that requests are answered from now on. */
static void say_ready(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	static const char ready[] = "READY=1";
	if (!path || (*path != '/' && *path != '@') || strlen(path) >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, strlen(path));
	if (*path == '@')
		to.sun_path[0] = 0;     /* an abstract name */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto(fd, ready, sizeof(ready) - 1, MSG_NOSIGNAL, (struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
	close(fd);
}

/* Waits for SIGTERM or SIGINT. */
static void wait_for_end(const sigset_t *signals)
{
	int fd = signalfd(-1, signals, SFD_CLOEXEC);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (poll(&p, 1, -1) <= 0)
		;
	close(fd);
}

static struct site *load_site(struct app *app)
{
	if (!app->o.web)
		return NULL;
	const char *demo = arena_format(app->arena, "%s/demo", app->o.web);
	const struct site_mount mounts[] = {
		{ "/h5/", arena_format(app->arena, "%s/mobile", app->o.web) }, { "/chat/", arena_format(app->arena, "%s/chat", app->o.web) },
		{ "/", arena_format(app->arena, "%s/console", app->o.web) }, { "/", arena_format(app->arena, "%s/widget", app->o.web) },
		{ access(demo, F_OK) == 0 ? "/demo/" : NULL, demo }, { 0 },
	};
	struct site *site = NULL;
	return site_load(mounts, &app->log, &site) < 0 ? NULL : site;
}

/* No dump of a memory that holds keys and people, no program that could become more than this one. */
static void give_up(void)
{
	const struct rlimit none = { 0 };
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int command_serve(const struct app_options *options, int argc, char **argv)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);     /* before any thread is made, so that all inherit it */
	give_up();
	struct app_options o = *options;
	o.migrate = true;
	struct app *app;
	if (app_open(&o, &app) < 0)
		return 1;
	int fd = http_listen(o.address, (uint16_t)o.port);
	struct site *site = load_site(app);
	int r = fd < 0 ? fd : start(app, fd, site);
	if (r == 0) {
		if (app->redirect)
			log_write(&app->log, LOG_INFO, "the plain port sends to https", "port", arena_format(app->arena, "%d", http_listen_port(app->redirect_fd)), NULL);
		printf("%s://%s:%d\n", app->tls ? "https" : "http", o.address, http_listen_port(fd));
		first_run_say(app);
		fflush(stdout);
		say_ready(o.notify_socket);
		wait_for_end(&signals);
		virtual_clock_stop(app);
		http_stop(app->http, (unsigned)setting_ms_of(&o.settings->values, SETTING_HTTP_DRAIN));
		api_close(app->api);
		importer_close(app->services.importer);
		stop_realtime(app);
	} else {
		log_write(&app->log, LOG_ERROR, "cannot serve", "address", o.address, NULL);
	}
	redirect_close(app->redirect);
	site_free(site);
	tls_front_close(app->tls_front);
	tls_close(app->tls);
	app_close(app);
	return r < 0;
}

int command_migrate(const struct app_options *options, int argc, char **argv)
{
	struct app_options o = *options;
	o.migrate = true;
	struct app *app;
	if (app_open(&o, &app) < 0)
		return 1;
	app_close(app);
	return 0;
}
