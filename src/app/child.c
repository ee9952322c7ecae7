/* Starts what the bench and the simulator measure and play with: the program as it is shipped, not parts of it. */
#include "app/child.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

pid_t child_start(char *const argv[], int kept, int *out)
{
	int ends[2];
	if (pipe(ends) < 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execv("/proc/self/exe", argv);
		_exit(127);
	}
	close(ends[1]);
	if (kept >= 0)
		close(kept);
	*out = ends[0];
	return pid;
}

bool child_line(int fd, char *line, size_t n)
{
	size_t got = 0;
	while (got + 1 < n && read(fd, line + got, 1) == 1 && line[got] != '\n')
		got++;
	line[got] = 0;
	return got > 0;
}
