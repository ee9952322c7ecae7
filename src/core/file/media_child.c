/* The child: gives up everything, then decodes, scales and writes. It never cleans up: exit is its clean-up.
 *
 * 0 the picture · 1 the answer "width height" · 3 the new picture · 4 the thumbnail; nothing else is open. */
#include "core/file/media.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

#include "core/file/picture.h"

enum { IN = 0, OUT = 3, THUMBNAIL = 4, QUALITY = 85, THUMBNAIL_QUALITY = 78, EXIT_USE = 2, EXIT_RIGHTS = 5 };

static bool limit(int what, rlim_t most)
{
	return setrlimit(what, &(struct rlimit){ most, most }) == 0;
}

static bool limit_all(void)
{
	bool memory = true;
#ifndef __SANITIZE_ADDRESS__                            /* its shadow takes terabytes of address space */
	memory = limit(RLIMIT_AS, MEDIA_MEMORY);
#endif
	return memory && limit(RLIMIT_CPU, MEDIA_SECONDS) && limit(RLIMIT_FSIZE, MEDIA_OUTPUT) && limit(RLIMIT_CORE, 0) &&
	       limit(RLIMIT_NPROC, 0) && limit(RLIMIT_NOFILE, THUMBNAIL + 1);
}

static const int plain_calls[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk),
	SCMP_SYS(madvise), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(clock_gettime), SCMP_SYS(futex),
	SCMP_SYS(sigaltstack),                          /* address sanitizer, at exit */
};

/* Everything but computing, memory and the open files ends the process. */
static bool filter_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return false;
	int r = 0;
	for (size_t i = 0; i < sizeof(plain_calls) / sizeof(*plain_calls); i++)
		r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain_calls[i], 0);
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, F_GETFL));
	r |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1, SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH));
	r |= seccomp_load(filter);
	return r == 0;
}

bool media_give_up_rights(void)
{
	return close_range(THUMBNAIL + 1, ~0U, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0) == 0 && limit_all() && filter_calls();
}

static FILE *file_of(int fd, const char *mode)
{
	FILE *f = fdopen(fd, mode);
	if (!f)
		_exit(EXIT_USE);
	return f;
}

static void finish(FILE *f)
{
	if (fflush(f) != 0 || ferror(f))
		_exit(MEDIA_EXIT_BAD);
}

static void write_anew(const char *type, const struct picture *p)
{
	FILE *out = file_of(OUT, "wb");
	if (!strcmp(type, "image/jpeg"))
		jpeg_write(out, p, QUALITY);
	else if (!strcmp(type, "image/png"))
		png_write(out, p);
	else
		webp_write(out, p, QUALITY);
	finish(out);
}

static void decode(struct arena *a, const char *type, int side, struct picture *p)
{
	FILE *in = file_of(IN, "rb");
	if (!strcmp(type, "image/jpeg"))
		jpeg_read(a, in, side, p);
	else if (!strcmp(type, "image/png"))
		png_read(a, in, p);
	else if (!strcmp(type, "image/webp"))
		webp_read(a, in, p);
	else
		_exit(EXIT_USE);
}

int media_child_main(int argc, char **argv)
{
	int side = argc == 5 ? (int)strtol(argv[3], NULL, 10) : 0, small = argc == 5 ? (int)strtol(argv[4], NULL, 10) : 0;
	if (side < 16 || side > 16000 || small < 16 || small > side)
		_exit(EXIT_USE);
	if (!media_give_up_rights())
		_exit(EXIT_RIGHTS);
	struct arena *a = arena_new();
	struct picture p;
	decode(a, argv[2], side, &p);
	p = picture_fit(a, &p, side);
	p = picture_upright(a, &p);
	write_anew(argv[2], &p);
	struct picture thumbnail = picture_fit(a, &p, small);
	thumbnail = picture_opaque(a, &thumbnail);
	FILE *out = file_of(THUMBNAIL, "wb");
	jpeg_write(out, &thumbnail, THUMBNAIL_QUALITY);
	finish(out);
	printf("%d %d\n", p.width, p.height);
	finish(stdout);
	_exit(0);
}
