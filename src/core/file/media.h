/* Hostile pictures are opened by a child process that may do nothing but read, write what it was given and compute.
 *
 * media_run() starts `program media-child`, hands it three files and waits at most MEDIA_SECONDS. The child has limits on
 * memory, time and size of what it writes, no rights to gain, and a system call filter: a decoder that is taken over finds
 * no file, no network and no other process. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

enum { MEDIA_SECONDS = 20, MEDIA_MEMORY = 768 * 1024 * 1024, MEDIA_OUTPUT = 64 * 1024 * 1024 };

struct media_job {
	const char *program;    /* "/proc/self/exe" */
	const char *type;       /* image/jpeg, image/png, image/webp */
	int in, out, thumbnail; /* descriptors; the thumbnail is a JPEG */
	int side, thumbnail_side;
	int width, height;      /* result */
	int exit_code;          /* of the child, for the log; -1: ended by a signal */
};

/* Blocks: for the pool. ERR_MEDIA_TYPE: broken, too large, or it broke the decoder. ERR_BUSY: no process could be started. */
int media_run(struct media_job *job) MUST_CHECK;

/* main() of the child: `media-child TYPE SIDE THUMBNAIL_SIDE`. Does not return to its caller's state: exit at once. */
int media_child_main(int argc, char **argv);

/* What the child does first: limits, filter of system calls. True once nothing is left to lose. */
bool media_give_up_rights(void);
