/* Clients of the bench: non-blocking sockets, a small reader of heads, latencies in nanoseconds. */
#include "app/bench_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

enum { MOST_LATENCIES = 4000000, BUFFER = 256 * 1024 };

struct client {
	int fd;
	struct arena *a;
	const char *out;
	size_t out_n, sent;
	char *in;
	size_t in_n;
	int64_t started_ns;
};

struct bench {
	struct load *l;
	struct client *clients;
	int64_t *latencies;
	int64_t from_ns, until_ns;
	int epoll;
};

/* Clients come from many loopback addresses: limits per address are not what is measured. */
int load_connect(int port, int number)
{
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 256 + (uint32_t)(number % 4096)) };
	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* Bytes of a complete answer, 0 while it is not. */
static size_t answer_size(const char *in, size_t n, int *status)
{
	const char *end = memmem(in, n, "\r\n\r\n", 4);
	if (!end)
		return 0;
	size_t head = (size_t)(end - in) + 4, length = 0;
	for (const char *line = in; line < end; line = (const char *)memmem(line, (size_t)(end + 2 - line), "\r\n", 2) + 2)
		if (!strncasecmp(line, "Content-Length:", 15))
			length = strtoul(line + 15, NULL, 10);
	*status = (int)strtol(in + 9, NULL, 10);
	return n >= head + length ? head + length : 0;
}

static bool send_rest(struct client *k)
{
	while (k->sent < k->out_n) {
		ssize_t n = send(k->fd, k->out + k->sent, k->out_n - k->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0)
			return errno == EAGAIN;
		k->sent += (size_t)n;
	}
	return true;
}

static bool start_request(struct bench *b, struct client *k)
{
	arena_reset(k->a);
	k->out = b->l->next(b->l->arg, k->a, &k->out_n);
	if (!k->out)
		k->out_n = 0;
	k->sent = k->in_n = 0;
	k->started_ns = monotonic_ns();
	return send_rest(k);
}

static void count(struct bench *b, struct client *k, int status)
{
	int64_t now = monotonic_ns();
	if (k->started_ns < b->from_ns || now > b->until_ns)
		return;
	if (status != b->l->expected)
		b->l->wrong++;
	else if (b->l->done < MOST_LATENCIES)
		b->latencies[b->l->done++] = now - k->started_ns;
}

static bool receive(struct bench *b, struct client *k)
{
	int status = 0;
	ssize_t n = recv(k->fd, k->in + k->in_n, BUFFER - k->in_n, MSG_DONTWAIT);
	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	k->in_n += (size_t)n;
	if (!answer_size(k->in, k->in_n, &status))
		return k->in_n < BUFFER;
	count(b, k, status);
	return start_request(b, k);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static int start_clients(struct bench *b, struct arena *a)
{
	for (int i = 0; i < b->l->connections; i++) {
		struct client *k = &b->clients[i];
		k->a = arena_new();
		k->in = arena_alloc(a, BUFFER);
		k->fd = load_connect(b->l->port, i);
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = k };
		if (k->fd < 0 || epoll_ctl(b->epoll, EPOLL_CTL_ADD, k->fd, &e) < 0 || !start_request(b, k))
			return ERR_OUTBOUND;
	}
	return 0;
}

static int turn(struct bench *b)
{
	struct epoll_event events[256];
	while (monotonic_ns() < b->until_ns && (!b->l->requests_most || b->l->done < b->l->requests_most)) {
		int n = epoll_wait(b->epoll, events, 256, 100);
		for (int i = 0; i < n; i++)
			if (!receive(b, events[i].data.ptr))
				return ERR_OUTBOUND;
	}
	return 0;
}

int load_run(struct load *l)
{
	ARENA_SCOPED a = arena_new();
	struct bench b = { .l = l, .epoll = epoll_create1(EPOLL_CLOEXEC) };
	b.clients = ARENA_ARRAY(a, struct client, (size_t)l->connections);
	b.latencies = ARENA_ARRAY(a, int64_t, MOST_LATENCIES);
	int64_t now = monotonic_ns();
	b.from_ns = now + (l->requests_most ? 0 : (int64_t)(l->seconds * 1e8));
	b.until_ns = b.from_ns + (int64_t)(l->seconds * 1e9);
	l->done = l->wrong = 0;
	int r = start_clients(&b, a);
	if (r == 0)
		r = turn(&b);
	double took = (double)(monotonic_ns() - b.from_ns) / 1e9;
	for (int i = 0; i < l->connections && b.clients[i].a; i++) {
		close(b.clients[i].fd);
		arena_free(b.clients[i].a);
	}
	close(b.epoll);
	qsort(b.latencies, l->done, sizeof(*b.latencies), compare);
	l->per_second = (double)l->done / took;
	size_t p50 = l->done / 2, p99 = l->done * 99 / 100;
	l->p50_ms = l->done ? (double)b.latencies[p50] / 1e6 : 0;
	l->p99_ms = l->done ? (double)b.latencies[p99] / 1e6 : 0;
	return r < 0 ? r : l->done ? 0 : ERR_OUTBOUND;
}

/* A socket that blocks takes all of it, however long. */
static int send_from(int port, int number, struct arena *a, const char *request, size_t request_n, int *status, const char **body, const char **cookie)
{
	int fd = load_connect(port, number);
	char *in = arena_alloc(a, BUFFER);
	size_t n = 0, size = 0;
	if (fd < 0)
		return ERR_OUTBOUND;
	bool alive = send(fd, request, request_n, MSG_NOSIGNAL) == (ssize_t)request_n;
	while (alive && !size && n < BUFFER - 1) {
		ssize_t got = recv(fd, in + n, BUFFER - 1 - n, 0);
		alive = got > 0;
		n += alive ? (size_t)got : 0;
		size = answer_size(in, n, status);
	}
	close(fd);
	if (!size)
		return ERR_OUTBOUND;
	*body = strstr(in, "\r\n\r\n") + 4;
	const char *set = strcasestr(in, "\r\nSet-Cookie: ");
	*cookie = set && set < *body ? arena_string_n(a, set + 14, strcspn(set + 14, ";\r")) : NULL;
	return 0;
}

int load_send(int port, struct arena *a, const char *request, size_t request_n, int *status, const char **body, const char **cookie)
{
	return send_from(port, 0, a, request, request_n, status, body, cookie);
}

int load_call_from(int port, int number, struct arena *a, const char *request, int *status, const char **body)
{
	const char *cookie;
	return send_from(port, number, a, request, strlen(request), status, body, &cookie);
}

int load_call(int port, struct arena *a, const char *request, int *status, const char **body, const char **cookie)
{
	return load_send(port, a, request, strlen(request), status, body, cookie);
}
