/* The sealed form of content. */
#include "core/file/file_private.h"

#include <unistd.h>

static const char *piece_context(struct arena *a, int64_t id, enum file_form form, int64_t piece, int64_t pieces)
{
	return arena_format(a, "file %lld %s %lld %s", (long long)id, form == FILE_CONTENT ? "content" : "thumbnail", (long long)piece,
	                    piece + 1 == pieces ? "last" : "more");
}

/* An empty file is one empty piece. */
int64_t sealed_pieces(int64_t size)
{
	return size ? (size + SEAL_CHUNK - 1) / SEAL_CHUNK : 1;
}

static size_t piece_size(int64_t size, int64_t piece)
{
	int64_t rest = size - piece * SEAL_CHUNK;
	return (size_t)(rest < SEAL_CHUNK ? rest : SEAL_CHUNK);
}

static int read_at(int fd, uint8_t *p, size_t n, int64_t at)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = pread(fd, p + done, n - done, at + (int64_t)done);
		if (got <= 0)
			return ERR_INTERNAL;
		done += (size_t)got;
	}
	return 0;
}

static int write_all(int fd, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t put = write(fd, p, n);
		if (put <= 0)
			return ERR_DATABASE_FULL;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

int sealed_write(struct arena *a, const struct key *key, int64_t id, enum file_form form, int from, int64_t size, int to)
{
	int64_t pieces = sealed_pieces(size);
	struct arena_mark mark = arena_mark(a);
	for (int64_t i = 0; i < pieces; i++) {
		size_t n = piece_size(size, i);
		uint8_t *plain = arena_alloc(a, n + 1);
		TRY(read_at(from, plain, n, i * SEAL_CHUNK));
		struct bytes sealed = seal(a, key, piece_context(a, id, form, i, pieces), plain, n);
		TRY(write_all(to, sealed.p, sealed.n));
		arena_rewind(a, mark);
	}
	return fsync(to) == 0 ? 0 : ERR_DATABASE_FULL;
}

int sealed_read_piece(struct arena *a, const struct key *key, int64_t id, enum file_form form, int fd, int64_t size, int64_t piece,
                      struct bytes *out)
{
	size_t n = piece_size(size, piece) + SEAL_OVERHEAD;
	uint8_t *sealed = arena_alloc(a, n);
	TRY(read_at(fd, sealed, n, piece * (SEAL_CHUNK + SEAL_OVERHEAD)));
	return seal_open(a, key, piece_context(a, id, form, piece, sealed_pieces(size)), (struct bytes){ sealed, n }, out);
}
