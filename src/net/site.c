/* The web pages. */
#include "net/site.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/text.h"

enum { LARGEST_FILE = 16 << 20, MOST_FILES = 4096, MOST_MOUNTS = 8, ETAG_TEXT = 24 };

enum coding { CODING_NONE, CODING_GZIP, CODING_BROTLI, CODING_COUNT };

/* A page may lie beside itself squeezed, made by the build: nobody's start waits for that. */
static const struct {
	const char *name, *ending;
} codings[CODING_COUNT] = { [CODING_GZIP] = { "gzip", ".gz" }, [CODING_BROTLI] = { "br", ".br" } };

struct page {
	const char *path;
	const char *type;
	bool is_immutable;
	struct {
		struct MHD_Response *full, *unchanged;
		size_t n;
		char etag[ETAG_TEXT];
	} in[CODING_COUNT];
};

struct site {
	struct arena *arena;
	struct page *pages;             /* sorted by path */
	size_t count;
	struct { const char *prefix; const struct page *index; } mounts[MOST_MOUNTS];
	size_t mount_count, bytes;
};

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".html", "text/html; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".mjs", "text/javascript; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".json", "application/json; charset=utf-8" },
	{ ".webmanifest", "application/manifest+json" },
	{ ".svg", "image/svg+xml" },
	{ ".txt", "text/plain; charset=utf-8" },
	{ ".wasm", "application/wasm" },
	{ ".png", "image/png" },
	{ ".jpg", "image/jpeg" },
	{ ".webp", "image/webp" },
	{ ".ico", "image/x-icon" },
	{ ".woff2", "font/woff2" },
	{ ".mp3", "audio/mpeg" },
};

static bool ends_in(const char *path, const char *ending)
{
	size_t n = strlen(path), e = strlen(ending);
	return n > e && !strcmp(path + n - e, ending);
}

static const char *type_of(const char *path)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (ends_in(path, types[i].ending))
			return types[i].type;
	return "application/octet-stream";
}

/* Scripts from here only, none inline; styles may be set by scripts; nobody frames us. */
static const struct {
	const char *name, *value;
} page_headers[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "same-origin" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=()" },
	{ "Content-Security-Policy",
	  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
	  "font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; "
	  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'" },
	{ "Vary", "Accept-Encoding" },
};

/* Vite writes name-HASH.js, eight characters or more, below assets/. */
static bool has_hash(const char *path)
{
	const char *file = strrchr(path, '/');
	const char *dash = file ? strrchr(file, '-') : NULL;
	return strstr(path, "/assets/") && dash && strcspn(dash + 1, ".") >= 8;
}

static struct MHD_Response *response(const struct page *p, enum coding coding, const void *body, size_t n)
{
	struct MHD_Response *m = MHD_create_response_from_buffer(n, (void *)(uintptr_t)body, MHD_RESPMEM_PERSISTENT);
	bool good = m != NULL;
	for (size_t i = 0; good && i < sizeof(page_headers) / sizeof(page_headers[0]); i++)
		good = MHD_add_response_header(m, page_headers[i].name, page_headers[i].value);
	good = good && MHD_add_response_header(m, "Content-Type", p->type) &&
	       MHD_add_response_header(m, "ETag", p->in[coding].etag) &&
	       MHD_add_response_header(m, "Cache-Control",
	                               p->is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
	if (good && coding)
		good = MHD_add_response_header(m, "Content-Encoding", codings[coding].name);
	if (!good)
		abort();
	return m;
}

static void prepare(struct site *s, struct page *p, enum coding coding, const uint8_t hash[static HASH_SIZE], struct bytes body)
{
	char *tag = p->in[coding].etag;
	tag[0] = '"';
	for (int i = 0; i < 8; i++)
		snprintf(tag + 1 + 2 * i, 3, "%02x", hash[i]);
	snprintf(tag + 17, ETAG_TEXT - 17, "%s\"", coding ? codings[coding].name : "");
	p->in[coding].n = body.n;
	p->in[coding].full = response(p, coding, body.p, body.n);
	p->in[coding].unchanged = response(p, coding, "", 0);
	s->bytes += body.n;
}

static int read_file(struct site *s, int folder, const char *name, struct bytes *out)
{
	struct stat st;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > LARGEST_FILE) {
		close(fd);
		return ERR_INTERNAL;
	}
	size_t n = (size_t)st.st_size, have = 0;
	uint8_t *body = arena_alloc(s->arena, n + 1);
	while (have < n) {
		ssize_t got = read(fd, body + have, n - have);
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	close(fd);
	*out = (struct bytes){ body, n };
	return have < n ? ERR_INTERNAL : 0;
}

static int add_page(struct site *s, int folder, const char *name, const char *path)
{
	if (s->count == MOST_FILES)
		return ERR_INTERNAL;
	struct bytes body;
	uint8_t hash[HASH_SIZE];
	TRY(read_file(s, folder, name, &body));
	struct page *p = &s->pages[s->count++];
	*p = (struct page){ .path = path, .type = type_of(path), .is_immutable = has_hash(path) };
	hash_sha256(body.p, body.n, hash);
	prepare(s, p, CODING_NONE, hash, body);
	for (enum coding c = CODING_NONE + 1; c < CODING_COUNT; c++) {
		int r = read_file(s, folder, arena_format(s->arena, "%s%s", name, codings[c].ending), &body);
		if (r == 0)
			prepare(s, p, c, hash, body);
		else if (r != ERR_NOT_FOUND)
			return r;
	}
	return 0;
}

/* Of which no address is made: for who debugs, and what goes by the name of the page itself. */
static bool is_beside(const char *name)
{
	return ends_in(name, ".map") || ends_in(name, codings[CODING_GZIP].ending) || ends_in(name, codings[CODING_BROTLI].ending);
}

static int read_folder(struct site *s, int folder, const char *prefix, int depth)
{
	DIR *d = fdopendir(folder);
	if (!d || depth > 8) {
		d ? closedir(d) : close(folder);
		return ERR_INTERNAL;
	}
	int result = 0;
	for (struct dirent *e; result == 0 && (e = readdir(d));) {
		if (e->d_name[0] == '.' || is_beside(e->d_name))
			continue;
		const char *path = arena_format(s->arena, "%s%s", prefix, e->d_name);
		int below = openat(folder, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (below >= 0)
			result = read_folder(s, below, arena_format(s->arena, "%s/", path), depth + 1);
		else
			result = add_page(s, folder, e->d_name, path);
	}
	closedir(d);
	return result;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct page *)a)->path, ((const struct page *)b)->path);
}

static const struct page *find(const struct site *s, const char *path)
{
	struct page key = { .path = path };
	return s->count ? bsearch(&key, s->pages, s->count, sizeof(key), by_path) : NULL;
}

int site_load(const struct site_mount *mounts, struct log *log, struct site **out)
{
	struct arena *a = arena_new();
	struct site *s = ARENA_NEW(a, struct site);
	s->arena = a;
	s->pages = ARENA_ARRAY(a, struct page, MOST_FILES);
	*out = s;
	for (const struct site_mount *m = mounts; m->prefix; m++) {
		int folder = open(m->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (folder < 0) {
			log_write(log, LOG_WARN, "web pages are missing", "folder", m->folder, NULL);
			continue;
		}
		int result = read_folder(s, folder, m->prefix, 0);
		if (result < 0) {
			log_write(log, LOG_ERROR, "web pages cannot be read", "folder", m->folder, NULL);
			site_free(s);
			return result;
		}
	}
	qsort(s->pages, s->count, sizeof(*s->pages), by_path);
	for (const struct site_mount *m = mounts; m->prefix && s->mount_count < MOST_MOUNTS; m++) {
		const struct page *index = find(s, arena_format(a, "%sindex.html", m->prefix));
		if (!index)
			continue;
		s->mounts[s->mount_count].prefix = m->prefix;
		s->mounts[s->mount_count++].index = index;
	}
	return 0;
}

void site_free(struct site *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		for (int c = 0; c < CODING_COUNT; c++)
			if (s->pages[i].in[c].full) {
				MHD_destroy_response(s->pages[i].in[c].full);
				MHD_destroy_response(s->pages[i].in[c].unchanged);
			}
	arena_free(s->arena);
}

size_t site_bytes(const struct site *s)
{
	return s->bytes;
}

bool site_claims(const char *path)
{
	return strncmp(path, "/api/", 5) && strcmp(path, "/api");
}

/* "br;q=0" refuses; any other quality is good enough. */
static bool takes(const char *accept, const char *coding)
{
	size_t n = strlen(coding);
	while (accept && *accept) {
		accept += strspn(accept, " ,\t");
		size_t item = strcspn(accept, ",");
		if (item >= n && !strncasecmp(accept, coding, n) && (item == n || accept[n] == ';' || accept[n] == ' ')) {
			const char *q = memmem(accept, item, "q=", 2);
			return !q || strtod(q + 2, NULL) > 0;
		}
		accept += item;
	}
	return false;
}

static const struct page *index_for(const struct site *s, const char *path)
{
	const struct page *best = NULL;
	size_t longest = 0;
	const char *file = strrchr(path, '/');
	if (file && strchr(file, '.'))
		return NULL;
	for (size_t i = 0; i < s->mount_count; i++) {
		size_t n = strlen(s->mounts[i].prefix);
		bool fits = !strncmp(path, s->mounts[i].prefix, n) ||
		            (strlen(path) == n - 1 && !strncmp(path, s->mounts[i].prefix, n - 1));
		if (fits && n > longest) {
			longest = n;
			best = s->mounts[i].index;
		}
	}
	return best;
}

struct MHD_Response *site_find(const struct site *s, const char *path, const char *accept_encoding, const char *if_none_match,
                               int *status, size_t *n)
{
	const struct page *p = s ? find(s, path) : NULL;
	if (!p && s)
		p = index_for(s, path);
	if (!p)
		return NULL;
	enum coding c = CODING_NONE;
	if (p->in[CODING_BROTLI].full && takes(accept_encoding, "br"))
		c = CODING_BROTLI;
	else if (p->in[CODING_GZIP].full && takes(accept_encoding, "gzip"))
		c = CODING_GZIP;
	bool is_unchanged = if_none_match && strstr(if_none_match, p->in[c].etag);
	*status = is_unchanged ? 304 : 200;
	*n = is_unchanged ? 0 : p->in[c].n;
	return is_unchanged ? p->in[c].unchanged : p->in[c].full;
}
