/* The plain port's thread: a handful of short connections, each read until its head is complete, answered, closed. When there are too many
 * the oldest goes, so that whoever holds connections open keeps nobody out. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "net/redirect.h"

enum { AT_ONCE = 128, LIFE_MS = 5000, LOOK_MS = 1000 };

struct visit {
	int fd;
	int64_t until_ms;
	size_t n;                       /* of the head, so far */
	size_t said, to_say;
	char *bytes;                    /* the head, then the answer */
};

struct redirect {
	struct redirect_options o;
	struct arena *arena;
	pthread_t thread;
	int stop_fd;
	struct visit at[AT_ONCE];
	size_t n;
	char answer[REDIRECT_ANSWER_MOST];
};

static int64_t now_ms(void)
{
	return monotonic_ns() / 1000000;
}

/* The others keep their order: the oldest is the first. */
static void leave(struct redirect *r, size_t i)
{
	char *bytes = r->at[i].bytes;
	close(r->at[i].fd);
	r->n--;
	memmove(&r->at[i], &r->at[i + 1], (r->n - i) * sizeof(r->at[0]));
	r->at[r->n].bytes = bytes;
}

static void enter_all(struct redirect *r)
{
	int fd;
	while ((fd = accept4(r->o.listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		if (r->n == AT_ONCE)
			leave(r, 0);
		char *bytes = r->at[r->n].bytes;
		r->at[r->n++] = (struct visit){ .fd = fd, .until_ms = now_ms() + LIFE_MS, .bytes = bytes };
	}
}

/* False: it is over. */
static bool speak(struct visit *v)
{
	ssize_t n = send(v->fd, v->bytes + v->said, v->to_say - v->said, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	v->said += (size_t)n;
	if (v->said < v->to_say)
		return true;
	shutdown(v->fd, SHUT_WR);
	while (recv(v->fd, v->bytes, REDIRECT_HEAD_MOST, MSG_DONTWAIT) > 0)
		;       /* closing on what was not read would take the answer back */
	return false;
}

static bool listen_to(struct redirect *r, struct visit *v)
{
	ssize_t n = recv(v->fd, v->bytes + v->n, REDIRECT_HEAD_MOST - v->n, MSG_DONTWAIT);
	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	v->n += (size_t)n;
	const char *end = memmem(v->bytes, v->n, "\r\n\r\n", 4);
	if (!end && v->n < REDIRECT_HEAD_MOST)
		return true;
	v->to_say = redirect_answer(&r->o, v->bytes, end ? (size_t)(end + 4 - v->bytes) : v->n, r->answer);
	memcpy(v->bytes, r->answer, v->to_say);
	return speak(v);
}

static void *redirect_thread(void *arg)
{
	struct redirect *r = arg;
	for (;;) {
		struct pollfd all[AT_ONCE + 2] = { { .fd = r->o.listen_fd, .events = POLLIN }, { .fd = r->stop_fd, .events = POLLIN } };
		for (size_t i = 0; i < r->n; i++)
			all[i + 2] = (struct pollfd){ .fd = r->at[i].fd, .events = r->at[i].to_say ? POLLOUT : POLLIN };
		size_t n = r->n;
		if (poll(all, n + 2, LOOK_MS) < 0 && errno != EINTR)
			return NULL;
		if (all[1].revents)
			return NULL;
		int64_t now = now_ms();
		for (size_t i = n; i-- > 0;) {  /* from behind: leaving moves those that follow */
			struct visit *v = &r->at[i];
			bool goes_on = !all[i + 2].revents || (v->to_say ? speak(v) : listen_to(r, v));
			if (!goes_on || v->until_ms <= now)
				leave(r, i);
		}
		if (all[0].revents)
			enter_all(r);
	}
}

int redirect_open(const struct redirect_options *o, struct redirect **out)
{
	struct arena *a = arena_new();
	struct redirect *r = ARENA_NEW(a, struct redirect);
	r->arena = a;
	r->o = *o;
	for (size_t i = 0; i < AT_ONCE; i++)
		r->at[i].bytes = arena_alloc(a, REDIRECT_ANSWER_MOST);
	r->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (r->stop_fd < 0 || pthread_create(&r->thread, NULL, redirect_thread, r)) {
		if (r->stop_fd >= 0)
			close(r->stop_fd);
		arena_free(a);
		return ERR_INTERNAL;
	}
	pthread_setname_np(r->thread, "redirect");
	*out = r;
	return 0;
}

void redirect_close(struct redirect *r)
{
	if (!r)
		return;
	while (eventfd_write(r->stop_fd, 1) < 0 && errno == EINTR)
		;
	pthread_join(r->thread, NULL);
	while (r->n)
		leave(r, r->n - 1);
	close(r->stop_fd);
	arena_free(r->arena);
}
