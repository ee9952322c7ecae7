/* Taking connections from the listening socket, in a thread of its own, and handing them to the loops of libmicrohttpd.
 *
 * Not left to the loops: they all wait on one socket, and MHD_quiesce_daemon() takes it from them while they run. When a loop
 * lets go of it by itself in that moment, the library finds it gone twice and ends the process. Here, stopping is ours. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/http_private.h"
#include "net/tls.h"

enum { OUT_OF_MS = 100 };       /* no descriptor or memory left: until some may have come back */

static bool is_ended(const struct http *h, int timeout_ms)
{
	struct pollfd end = { .fd = h->stop_fd, .events = POLLIN };
	return poll(&end, 1, timeout_ms) > 0;
}

/* False when there is nothing more to take for now. */
static bool take_one(struct http *h)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof(peer);
	int fd = accept4(h->options.listen_fd, (struct sockaddr *)&peer, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0 && h->options.tls && (fd = tls_front_take(h->options.tls, fd)) < 0)
		return true;
	if (fd >= 0) {
		/* closes the socket when it has no room for it */
		if (MHD_add_connection(h->daemon, fd, (struct sockaddr *)&peer, n) != MHD_YES)
			h->metrics.refused[REFUSED_CONNECTIONS]++;
		return true;
	}
	if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
		return !is_ended(h, OUT_OF_MS);
	/* What failed was the one connection, gone before it was taken; or, with a socket shared with a successor, it was faster. */
	return errno != EAGAIN && errno != EBADF && errno != EINVAL;
}

static void *accept_thread(void *arg)
{
	struct http *h = arg;
	struct pollfd both[] = { { .fd = h->options.listen_fd, .events = POLLIN }, { .fd = h->stop_fd, .events = POLLIN } };
	do {
		if (poll(both, 2, -1) < 0)
			continue;
		while (both[0].revents && !is_ended(h, 0) && take_one(h))
			;
	} while (!both[1].revents);
	return NULL;
}

int acceptor_start(struct http *h)
{
	int fd = h->options.listen_fd;
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
		return ERR_INTERNAL;
	h->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (h->stop_fd < 0)
		return ERR_INTERNAL;
	if (pthread_create(&h->acceptor, NULL, accept_thread, h)) {
		close(h->stop_fd);
		return ERR_INTERNAL;
	}
	return 0;
}

void acceptor_stop(struct http *h)
{
	while (eventfd_write(h->stop_fd, 1) < 0 && errno == EINTR)
		;
	pthread_join(h->acceptor, NULL);
	close(h->stop_fd);
}
