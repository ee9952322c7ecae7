/* Figures of the HTTP front and the hub alone: a server in a child process, clients in this one, loopback between.
 * net_bench [SECONDS]: a line of JSON per figure. Server time is the child's CPU clock, so the clients' cost is left out. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/pool.h"
#include "net/http.h"
#include "net/hub.h"

/* The server ---------------------------------------------------------------------------------------------------- */

struct server {
	struct hub *hub;
	struct pool *pool;
};

static void none(struct http_request *r, struct ctx *c)
{
}

static const struct route routes[] = {
	ROUTE(GET, "/api/v1/hot/{id}", "public", HOT, .raw = none),
	ROUTE(GET, "/api/v1/pool/{id}", "public", POOL, .raw = none),
	ROUTE(POST, "/api/v1/hot", "public", RAW, .raw = none, .body = BODY_JSON),
	ROUTE(GET, "/api/v1/stream", "public", STREAM, .raw = none),
};

static void answer(void *arg)
{
	struct http_request *r = arg;
	const char *json = arena_format(r->arena, "{\"id\":\"%s\",\"title\":\"%080d\"}", r->param_count ? r->params[0].value : "", 7);
	http_reply_json(r, 200, json, strlen(json));
}

static void handle(void *arg, struct http_request *r)
{
	struct server *s = arg;
	if (r->route->kind == ROUTE_STREAM) {
		struct hub_who who = { .tenant = 1, .kind = 1, .id = (int64_t)r->started_ns, .json = "{}" };
		hub_accept(s->hub, r, &who);
	} else if (r->route->kind != ROUTE_POOL || pool_submit(s->pool, answer, r) < 0) {
		answer(r);
	}
}

static int may_subscribe(void *arg, void *user, const char *topic)
{
	return 0;
}

static enum hub_right may_see(void *arg, void *user, const char *topic, const void *about, size_t about_n)
{
	return HUB_SEES;
}

static void gone(void *arg, void *user)
{
}

/* Events on command: a byte on the pipe is one event, its text holds the instant of publication. */
static void publish_until_closed(struct server *s, int commands)
{
	char json[400], byte;
	const char *topic = "view:ticket";
	for (int64_t no = 1; read(commands, &byte, 1) == 1; no++) {
		int n = snprintf(json, sizeof(json), "{\"op\":\"event\",\"at\":%020lld,\"no\":%lld,\"data\":\"%0250d\"}",
		                 (long long)monotonic_ns(), (long long)no, 0);
		struct hub_event e = { .tenant = 1, .no = no, .topics = &topic, .topic_count = 1, .json = json, .json_n = (size_t)n };
		hub_publish(s->hub, &e);
	}
}

static void serve(int listener, int commands)
{
	struct clock clock;
	struct log log;
	struct http *http;
	struct server s;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	clock_system(&clock);
	log_init(&log, STDERR_FILENO, LOG_WARN, &clock);
	struct hub_options realtime = { .log = &log, .may_subscribe = may_subscribe, .may_see = may_see, .gone = gone };
	struct http_options o = { .listen_fd = listener, .routes = routes, .route_count = sizeof(routes) / sizeof(routes[0]),
	                          .log = &log, .handle = handle, .arg = &s };
	hub_limits_of(&setting_defaults, &realtime.limits);
	http_limits_of(&setting_defaults, &o.limits);
	o.limits.connections_per_ip = o.limits.connections;
	if (pool_open(2, 10000, &s.pool) < 0 || hub_start(&realtime, &s.hub) < 0 || http_start(&o, &http) < 0)
		_exit(1);
	publish_until_closed(&s, commands);
	_exit(0);
}

/* The clients --------------------------------------------------------------------------------------------------- */

struct bench {
	pid_t server;
	uint16_t port;
	int commands;
	double seconds;
};

static void figure(const char *name, int clients, const char *what, double value, const char *unit)
{
	printf("{\"name\":\"%s_%d%s\",\"value\":%.2f,\"unit\":\"%s\"}\n", name, clients, what, value, unit);
	fflush(stdout);
}

static double server_cpu_s(const struct bench *b)
{
	clockid_t clock;
	struct timespec t;
	if (clock_getcpuclockid(b->server, &clock) || clock_gettime(clock, &t))
		abort();
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double server_rss_kb(const struct bench *b)
{
	char path[64], line[256];
	double kb = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", b->server);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "VmRSS:", 6))
			kb = strtod(line + 6, NULL);
	if (f)
		fclose(f);
	return kb;
}

static int connected(const struct bench *b)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(b->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		abort();
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void send_all(int fd, const char *p, size_t n)
{
	if (send(fd, p, n, MSG_NOSIGNAL) != (ssize_t)n)
		abort();
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double percentile(double *v, size_t n, double p)
{
	qsort(v, n, sizeof(*v), by_value);
	return n ? v[(size_t)((double)(n - 1) * p)] : 0;
}

/* Each connection sends its next request when the answer is there. Answers here fit one read. */
static void requests(const struct bench *b, const char *name, const char *request, int connections)
{
	enum { READY = 64, KEPT = 1 << 20 };
	static double took[KEPT];
	struct epoll_event ready[READY];
	ARENA_SCOPED a = arena_new();
	int64_t *sent = ARENA_ARRAY(a, int64_t, connections);
	int *fds = ARENA_ARRAY(a, int, connections);
	int epoll = epoll_create1(0);
	size_t n = strlen(request), done = 0;
	for (int i = 0; i < connections; i++) {
		fds[i] = connected(b);
		epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &(struct epoll_event){ .events = EPOLLIN, .data.u32 = (uint32_t)i });
		sent[i] = monotonic_ns();
		send_all(fds[i], request, n);
	}
	double cpu = server_cpu_s(b);
	int64_t started = monotonic_ns(), end = started + (int64_t)(b->seconds * 1e9), now = started;
	while (now < end) {
		char answer_text[4096];
		int count = epoll_wait(epoll, ready, READY, 100);
		now = monotonic_ns();
		for (int i = 0; i < count; i++) {
			uint32_t k = ready[i].data.u32;
			if (read(fds[k], answer_text, sizeof(answer_text)) <= 12 || memcmp(answer_text + 9, "200", 3))
				abort();
			took[done++ % KEPT] = (double)(now - sent[k]) / 1e3;
			sent[k] = now;
			send_all(fds[k], request, n);
		}
	}
	figure(name, connections, "", (double)done / ((double)(now - started) / 1e9), "1/s");
	figure(name, connections, "_cpu", (server_cpu_s(b) - cpu) * 1e6 / (double)done, "us");
	figure(name, connections, "_p99", percentile(took, done < KEPT ? done : KEPT, 0.99), "us");
	for (int i = 0; i < connections; i++)
		close(fds[i]);
	close(epoll);
}

/* What a connection costs that was answered and is kept for the next request. */
static void kept(const struct bench *b, const char *request, int connections)
{
	ARENA_SCOPED a = arena_new();
	int *fds = ARENA_ARRAY(a, int, connections);
	double before = server_rss_kb(b);
	for (int i = 0; i < connections; i++)
		fds[i] = connected(b);
	for (int turn = 0; turn < 2 * connections; turn++) {
		char answer_text[4096];
		send_all(fds[turn % connections], request, strlen(request));
		if (read(fds[turn % connections], answer_text, sizeof(answer_text)) <= 12)
			abort();
	}
	figure("http_kept", connections, "_memory", (server_rss_kb(b) - before) / connections, "KB/connection");
	for (int i = 0; i < connections; i++)
		close(fds[i]);
}

static int stream_client(const struct bench *b)
{
	static const char hello[] =
		"GET /api/v1/stream HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
	static const char words[] = "{\"op\":\"subscribe\",\"topics\":[\"view:ticket\"]}";
	char frame[128] = { (char)0x81, (char)(0x80 | (sizeof(words) - 1)) };  /* mask 0 */
	memcpy(frame + 6, words, sizeof(words) - 1);
	int fd = connected(b);
	send_all(fd, hello, sizeof(hello) - 1);
	send_all(fd, frame, 6 + sizeof(words) - 1);
	return fd;
}

/* Takes the instants out of whatever frames came in one read. */
static size_t note_latencies(const char *p, size_t n, double *out, size_t room)
{
	size_t found = 0;
	int64_t now = monotonic_ns();
	for (const char *at = p; found < room && (at = memmem(at, n - (size_t)(at - p), "\"at\":", 5)); at += 5)
		out[found++] = (double)(now - strtoll(at + 5, NULL, 10)) / 1e6;
	return found;
}

static void stream(const struct bench *b, int clients, int per_second)
{
	enum { READY = 256 };
	struct epoll_event ready[READY];
	size_t events = (size_t)(b->seconds * per_second), most = events * (size_t)clients, got = 0, sent = 0;
	ARENA_SCOPED a = arena_new();
	double *took = ARENA_ARRAY(a, double, most), before = server_rss_kb(b);
	int *fds = ARENA_ARRAY(a, int, clients), epoll = epoll_create1(0);
	static char bytes[65536];
	for (int i = 0; i < clients; i++) {
		fds[i] = stream_client(b);
		epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &(struct epoll_event){ .events = EPOLLIN, .data.fd = fds[i] });
	}
	sleep(2);
	figure("stream", clients, "_memory", (server_rss_kb(b) - before) / clients, "KB/client");
	double cpu = server_cpu_s(b);
	int64_t started = monotonic_ns(), now = started, last = started + (int64_t)((b->seconds + 2) * 1e9);
	while (got < most && now < last) {
		now = monotonic_ns();
		while (sent < events && now >= started + (int64_t)((double)sent / per_second * 1e9))
			sent += write(b->commands, "", 1) == 1;
		int count = epoll_wait(epoll, ready, READY, 5);
		for (int i = 0; i < count; i++) {
			ssize_t n = read(ready[i].data.fd, bytes, sizeof(bytes));
			got += n > 0 ? note_latencies(bytes, (size_t)n, took + got, most - got) : 0;
		}
	}
	figure("stream", clients, "_delivered", (double)got * 100 / (double)most, "%");
	figure("stream", clients, "_p50", percentile(took, got, 0.5), "ms");
	figure("stream", clients, "_p99", percentile(took, got, 0.99), "ms");
	figure("stream", clients, "_most", percentile(took, got, 1), "ms");
	figure("stream", clients, "_cpu", (server_cpu_s(b) - cpu) * 1e6 / (double)got, "us/frame");
	for (int i = 0; i < clients; i++)
		close(fds[i]);
	close(epoll);
}

static const char get_hot[] = "GET /api/v1/hot/7 HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\nCookie: s=0123456789abcdef\r\n\r\n";
static const char get_pool[] = "GET /api/v1/pool/7 HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\nCookie: s=0123456789abcdef\r\n\r\n";
static const char post_hot[] = "POST /api/v1/hot HTTP/1.1\r\nHost: bench\r\nOrigin: http://bench\r\nContent-Type: application/json\r\n"
                               "Content-Length: 16\r\nIdempotency-Key: 0123456789\r\n\r\n{\"text\":\"hello\"}";

int main(int argc, char **argv)
{
	struct bench b = { .seconds = argc > 1 ? strtod(argv[1], NULL) : 5 };
	int pipe_ends[2], listener = http_listen("127.0.0.1", 0);
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (listener < 0 || pipe(pipe_ends) < 0)
		return 1;
	b.port = http_listen_port(listener);
	b.server = fork();
	if (b.server == 0) {
		close(pipe_ends[1]);
		serve(listener, pipe_ends[0]);
	}
	close(listener);
	close(pipe_ends[0]);
	b.commands = pipe_ends[1];
	requests(&b, "http_get_hot", get_hot, 64);
	requests(&b, "http_post", post_hot, 64);
	requests(&b, "http_get_pool", get_pool, 64);
	requests(&b, "http_get_hot", get_hot, 1);
	kept(&b, get_hot, 2000);
	stream(&b, 2000, 10);
	close(b.commands);
	return waitpid(b.server, NULL, 0) == b.server ? 0 : 1;
}
