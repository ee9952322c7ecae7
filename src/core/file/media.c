/* Starting the media child, waiting for it, believing little of what it says. */
#include "core/file/media.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IN, RESULT, NOTHING, OUT, THUMBNAIL, HANDED, FIRST_FREE = 10, ANSWER = 64 };

struct handed {
	int fd[HANDED];
};

/* Copies above all target numbers, so that no dup2 of the child overwrites a source of the next. */
static int hand(const struct media_job *job, int result, struct handed *h)
{
	int from[HANDED] = { job->in, result, open("/dev/null", O_RDWR | O_CLOEXEC), job->out, job->thumbnail };
	int r = 0;
	for (int i = 0; i < HANDED; i++) {
		h->fd[i] = from[i] < 0 ? -1 : fcntl(from[i], F_DUPFD_CLOEXEC, FIRST_FREE);
		if (h->fd[i] < 0)
			r = ERR_BUSY;
	}
	if (from[NOTHING] >= 0)
		close(from[NOTHING]);
	return r;
}

static void take_back(const struct handed *h)
{
	for (int i = 0; i < HANDED; i++)
		if (h->fd[i] >= 0)
			close(h->fd[i]);
}

static int start(const struct media_job *job, const struct handed *h, pid_t *pid)
{
	char side[16], thumbnail_side[16];
	snprintf(side, sizeof(side), "%d", job->side);
	snprintf(thumbnail_side, sizeof(thumbnail_side), "%d", job->thumbnail_side);
	char *argv[] = { (char *)job->program, "media-child", (char *)job->type, side, thumbnail_side, NULL };
	char *environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ERR_BUSY;
	int r = 0;
	for (int i = 0; i < HANDED && r == 0; i++)
		r = posix_spawn_file_actions_adddup2(&actions, h->fd[i], i);
	if (r == 0)
		r = posix_spawn(pid, job->program, &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	return r == 0 ? 0 : ERR_BUSY;
}

/* The exit code, or -1 when it was ended by a signal (ours included). */
static int wait_for(pid_t pid)
{
	int fd = pidfd_open(pid, 0);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	if (fd < 0 || poll(&p, 1, MEDIA_SECONDS * 1000) != 1)
		kill(pid, SIGKILL);
	if (fd >= 0)
		close(fd);
	int status;
	while (waitpid(pid, &status, 0) < 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool read_answer(int fd, struct media_job *job)
{
	char answer[ANSWER + 1] = "";
	ssize_t n = read(fd, answer, ANSWER);
	if (n <= 0)
		return false;
	answer[n] = 0;
	return sscanf(answer, "%5d %5d\n", &job->width, &job->height) == 2 && job->width > 0 && job->height > 0 &&
	       job->width <= job->side && job->height <= job->side;
}

int media_run(struct media_job *job)
{
	int pipes[2];
	if (pipe2(pipes, O_CLOEXEC) != 0)
		return ERR_BUSY;
	struct handed h;
	pid_t pid = 0;
	int r = hand(job, pipes[1], &h);
	if (r == 0)
		r = start(job, &h, &pid);
	take_back(&h);
	close(pipes[1]);
	if (r == 0) {
		job->exit_code = wait_for(pid);
		r = job->exit_code == 0 && read_answer(pipes[0], job) ? 0 : ERR_MEDIA_TYPE;
	}
	close(pipes[0]);
	return r;
}
