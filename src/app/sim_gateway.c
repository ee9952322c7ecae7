/* The SMS gateway of the company that is played: takes what the server sends, and keeps of it what a customer reads off her telephone, the codes. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <yyjson.h>

#include "app/sim.h"

enum { REQUEST_MOST = 64 * 1024, DIGITS = 6, WAITING = 64 };

/* Everything of a request that a client of ours makes: head, and a body as long as it says. 0: it broke off. */
static size_t read_all(int fd, char *buffer)
{
	size_t n = 0;
	for (;;) {
		ssize_t got = recv(fd, buffer + n, REQUEST_MOST - n, 0);
		if (got <= 0)
			return 0;
		n += (size_t)got;
		buffer[n] = 0;
		const char *end = strstr(buffer, "\r\n\r\n"), *length = strcasestr(buffer, "\r\nContent-Length:");
		if (end && (!length || length > end || n >= (size_t)(end + 4 - buffer) + strtoul(length + strlen("\r\nContent-Length:"), NULL, 10)))
			return (size_t)(end + 4 - buffer);
		if (n == REQUEST_MOST)
			return 0;
	}
}

static const char *digits_in(const char *text)
{
	for (const char *p = text; p && *p; p++) {
		size_t n = strspn(p, "0123456789");
		if (n == DIGITS)
			return p;
		p += n ? n - 1 : 0;
	}
	return NULL;
}

static void keep(struct sim_gateway *g, const char *body)
{
	yyjson_doc *doc = yyjson_read(body, strlen(body), 0);
	yyjson_val *root = yyjson_doc_get_root(doc);
	const char *to = yyjson_get_str(yyjson_obj_get(root, "to")), *code = digits_in(yyjson_get_str(yyjson_obj_get(root, "text")));
	const size_t room = sizeof(g->inbox) / sizeof(g->inbox[0]);
	if (to && code) {
		pthread_mutex_lock(&g->lock);
		size_t at = g->n++ % room;
		snprintf(g->inbox[at].to, sizeof(g->inbox[at].to), "%s", to);
		memcpy(g->inbox[at].code, code, DIGITS);
		g->inbox[at].code[DIGITS] = 0;
		pthread_mutex_unlock(&g->lock);
	}
	yyjson_doc_free(doc);
}

static void *serve(void *arg)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
	struct sim_gateway *g = arg;
	ARENA_SCOPED a = arena_new();
	char *buffer = arena_alloc(a, REQUEST_MOST + 1);
	for (int fd; (fd = accept(g->fd, NULL, NULL)) >= 0;) {
		size_t head = read_all(fd, buffer);
		if (head) {
			keep(g, buffer + head);
			(void)!send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL);
		}
		close(fd);
	}
	return NULL;
}

int sim_gateway_start(struct sim_gateway *g)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	g->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (g->fd < 0 || bind(g->fd, (struct sockaddr *)&at, size) < 0 || listen(g->fd, WAITING) < 0 || getsockname(g->fd, (struct sockaddr *)&at, &size) < 0)
		return ERR_INTERNAL;
	g->port = ntohs(at.sin_port);
	pthread_mutex_init(&g->lock, NULL);
	if (pthread_create(&g->thread, NULL, serve, g) != 0)
		return ERR_NO_MEMORY;
	g->runs = true;
	return 0;
}

void sim_gateway_stop(struct sim_gateway *g)
{
	if (!g->runs)
		return;
	g->runs = false;
	shutdown(g->fd, SHUT_RDWR);
	pthread_join(g->thread, NULL);
	close(g->fd);
	pthread_mutex_destroy(&g->lock);
}

/* The server writes +8613912345678 of 13912345678. */
bool sim_gateway_code(struct sim_gateway *g, const char *phone, char code[static 8])
{
	const size_t room = sizeof(g->inbox) / sizeof(g->inbox[0]), n = strlen(phone);
	bool found = false;
	pthread_mutex_lock(&g->lock);
	for (size_t i = g->n; i-- > 0 && i + room >= g->n && !found;) {
		const char *to = g->inbox[i % room].to;
		size_t m = strlen(to);
		found = m >= n && !strcmp(to + m - n, phone);
		if (found)
			memcpy(code, g->inbox[i % room].code, sizeof(g->inbox[0].code));
	}
	pthread_mutex_unlock(&g->lock);
	return found;
}
