/* The listening socket: handed over or new. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/http.h"

/* sd_listen_fds(3): the first descriptor handed over is 3, meant for the process named in LISTEN_PID. A predecessor that
 * starts its successor by exec cannot know another pid than its own, which exec keeps. */
static int handed_over(void)
{
	enum { FIRST_FD = 3 };
	const char *count = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
	if (!count || strtol(count, NULL, 10) < 1 || (pid && strtol(pid, NULL, 10) != (long)getpid()))
		return -1;
	int listens = 0;
	socklen_t n = sizeof(listens);
	if (getsockopt(FIRST_FD, SOL_SOCKET, SO_ACCEPTCONN, &listens, &n) < 0 || !listens)
		return -1;
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	return FIRST_FD;
}

static socklen_t to_sockaddr(const struct ip_address *a, uint16_t port, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (address_is_ipv4(a)) {
		struct sockaddr_in *in = (struct sockaddr_in *)out;
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		memcpy(&in->sin_addr, a->b + 12, 4);
		return sizeof(*in);
	}
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	memcpy(&in6->sin6_addr, a->b, sizeof(a->b));
	return sizeof(*in6);
}

/* "127.0.0.1", "::1" or "[::1]". */
static bool parse_bracketed(const char *text, struct ip_address *out)
{
	char inner[ADDRESS_TEXT];
	size_t n = strlen(text);
	if (n < 2 || n - 2 >= sizeof(inner) || text[0] != '[' || text[n - 1] != ']')
		return address_parse(text, out);
	memcpy(inner, text + 1, n - 2);
	inner[n - 2] = 0;
	return address_parse(inner, out);
}

int http_listen(const char *address, uint16_t port)
{
	struct ip_address at;
	struct sockaddr_storage name;
	int fd = handed_over();
	if (fd >= 0)
		return fd;
	if (!parse_bracketed(address, &at)) {
		errno = EINVAL;
		return ERR_INTERNAL;
	}
	socklen_t n = to_sockaddr(&at, port, &name);
	fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR_INTERNAL;
	int one = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) < 0 || bind(fd, (struct sockaddr *)&name, n) < 0 ||
	    listen(fd, 1024) < 0) {
		int why = errno;
		close(fd);
		errno = why;
		return ERR_INTERNAL;
	}
	return fd;
}

uint16_t http_listen_port(int fd)
{
	struct sockaddr_storage name;
	socklen_t n = sizeof(name);
	memset(&name, 0, n);
	if (getsockname(fd, (struct sockaddr *)&name, &n) < 0)
		return 0;
	if (name.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&name)->sin6_port);
	return ntohs(((struct sockaddr_in *)&name)->sin_port);
}
