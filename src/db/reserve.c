/* The reserve file. fallocate(2), not posix_fallocate: a file system that cannot reserve at once shall not be made to
 * write 32 MB on the writer's thread. */
#include "db/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

static const int64_t retry_ns = INT64_C(60) * 1000000000;

void reserve_make(struct reserve *r)
{
	if (!r->path)
		return;
	int fd = open(r->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool made = fd >= 0 && fallocate(fd, 0, 0, RESERVE_SIZE) == 0;
	if (fd >= 0 && !made && ftruncate(fd, 0) != 0)
		unlink(r->path);        /* half a reserve would keep the room from others without being one */
	if (fd >= 0)
		close(fd);
	r->again_ns = made ? 0 : monotonic_ns() + retry_ns;
}

bool reserve_free(struct reserve *r)
{
	struct stat now;
	if (!r->path || stat(r->path, &now) != 0 || now.st_size == 0 || truncate(r->path, 0) != 0)
		return false;
	r->again_ns = monotonic_ns() + retry_ns;
	return true;
}

void reserve_restore(struct reserve *r)
{
	if (r->again_ns && monotonic_ns() >= r->again_ns)
		reserve_make(r);
}
