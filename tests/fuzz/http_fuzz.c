/* A client's bytes against the real front: libmicrohttpd, fence, routes, body, JSON by a shape, reply.
 *
 * The server runs on a loopback port for the whole run. Each input is one connection: everything is sent, the sending side is
 * closed, what is answered is read. It must be answers, one after the other, each as long as it says, and none a 500: what a
 * client sends comes back inside of bodies only. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "net/http.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct thing {
	const char *name, *id;
	int64_t count;
};

static const struct member thing_members[] = {
	MEMBER(struct thing, name, text, .flags = MEMBER_REQUIRED, .most = 40),
	MEMBER(struct thing, id, code),
	MEMBER(struct thing, count, count),
};
static const struct shape thing_shape = SHAPE("thing", struct thing, thing_members);

static void raw(struct http_request *r, struct ctx *c)
{
}

static const struct route routes[] = {
	ROUTE(GET, "/api/v1/thing", "public", RAW, .raw = raw),
	ROUTE(GET, "/api/v1/thing/{id}", "public", RAW, .raw = raw),
	ROUTE(POST, "/api/v1/thing", "public", RAW, .raw = raw, .body = BODY_JSON),
	ROUTE(PATCH, "/api/v1/thing/{id}", "public", RAW, .raw = raw, .body = BODY_PART),
	ROUTE(POST, "/api/v1/thing/{id}/action/{action}", "public", RAW, .raw = raw, .body = BODY_JSON),
};

static int dispatch(void *arg, struct http_request *r, struct error *e)
{
	return 0;
}

static void handle(void *arg, struct http_request *r)
{
	struct error e = { 0 };
	struct thing thing = { .name = "", .id = http_param(r, "id") };
	if (r->route->body == BODY_JSON &&
	    json_read(r->arena, &thing_shape, (const char *)r->body.p, r->body.n, &thing, NULL, &e) < 0) {
		http_reply_error(r, &e);
		return;
	}
	struct text t = text_in(r->arena);
	json_write(&t, &thing_shape, &thing);
	http_reply_json(r, 200, t.p, t.n);
}

static uint16_t port;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static struct clock clock;
	static struct log log;
	static struct http *http;
	clock_system(&clock);
	log_init(&log, open("/dev/null", O_WRONLY | O_CLOEXEC), LOG_ERROR, &clock);
	struct http_options o = { .routes = routes, .route_count = sizeof(routes) / sizeof(routes[0]), .log = &log, .threads = 1,
				  .dispatch = dispatch, .handle = handle };
	http_limits_of(&setting_defaults, &o.limits);
	o.limits.body_most[BODY_JSON] = o.limits.body_most[BODY_PART] = 16384;
	o.listen_fd = http_listen("127.0.0.1", 0);
	if (o.listen_fd < 0)
		abort();
	port = http_listen_port(o.listen_fd);
	if (http_start(&o, &http) < 0)
		abort();
	return 0;
}

/* From ever another loopback address: a closed connection keeps its pair of ports for a minute. */
static int connect_server(void)
{
	static uint32_t turn;
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F010000u + turn++ % 65000 + 1) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)) == 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* To the end, or until nothing more comes: a kept connection may stay open although our side is closed. */
static size_t read_answer(int fd, char *answer, size_t room)
{
	size_t n = 0;
	struct pollfd waiting = { .fd = fd, .events = POLLIN };
	while (n < room && poll(&waiting, 1, n ? 5 : 100) > 0) {
		ssize_t got = recv(fd, answer + n, room - n, 0);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	return n;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* What follows an answer that begins at p; NULL when it was cut off. An answer to HEAD names a length and has no body; no body of
 * ours begins as an answer does. */
static const char *check_answer(const char *p)
{
	static const char start[] = "HTTP/1.", length[] = "\r\nContent-Length: ";
	must(!strncmp(p, start, sizeof(start) - 1) && strspn(p + 9, "0123456789") == 3 && strncmp(p + 9, "500", 3) != 0);
	const char *end = strstr(p, "\r\n\r\n"), *body = end ? end + 4 : NULL, *named = strstr(p, length);
	if (!end || !named || named > end || !strncmp(body, start, sizeof(start) - 1))
		return body;
	size_t n = strtoul(named + sizeof(length) - 1, NULL, 10), rest = strlen(body);
	return n <= rest ? body + n : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char answer[65536];
	int fd = connect_server();
	if (fd < 0)
		return 0;
	for (size_t sent = 0; sent < n;) {
		ssize_t got = send(fd, data + sent, n - sent, MSG_NOSIGNAL);
		if (got <= 0)
			break;
		sent += (size_t)got;
	}
	shutdown(fd, SHUT_WR);
	size_t got = read_answer(fd, answer, sizeof(answer) - 1);
	close(fd);
	answer[got] = '\0';
	must(strlen(answer) == got);
	for (const char *p = answer; p && *p;)
		p = check_answer(p);
	return 0;
}
