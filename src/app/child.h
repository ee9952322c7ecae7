/* This same program as a child: it ends with its parent, and what it prints comes here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* argv ends with NULL. Its standard output goes to *out, which the caller closes. A descriptor `kept` (-1: none) is left to it and
 * closed here. The child's pid, or -1. */
pid_t child_start(char *const argv[], int kept, int *out);
/* One line without its end, cut at n - 1 bytes. False when there was none. */
bool child_line(int fd, char *line, size_t n);
