/* Blobs in an S3-compatible store: PUT, GET, DELETE and ListObjectsV2, signed by libcurl (AWS Signature Version 4).
 *
 * A blob's name is the SHA-256 of its bytes, which is just what the signature of a PUT has to state: the store checks it, so a
 * blob that was damaged on the way is never accepted. Nothing is retried here: callers repeat whole uploads. */
#include "core/file/blob.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/text.h"

enum { NAME_SIZE = 64, STALL_BYTES_S = 1024, LIST_PAGE = 1000, LIST_MOST = 4 * 1024 * 1024 };

static const char empty_hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct s3_store {
	struct blob_store store;
	struct arena *arena;
	const char *url, *sign, *login, *temporary;
	long connect_s, stall_s;
};

/* One exchange. from: body of a PUT; to: where a GET's body goes. */
struct exchange {
	const char *method, *url, *hash;
	FILE *from, *to;
	int64_t size;
	long status;
};

static bool is_name(const char *name)
{
	return strspn(name, "0123456789abcdef") == NAME_SIZE && !name[NAME_SIZE];
}

static void set_up(CURL *curl, const struct s3_store *s, const struct exchange *x, struct curl_slist *headers)
{
	curl_easy_setopt(curl, CURLOPT_URL, x->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, s->sign);
	curl_easy_setopt(curl, CURLOPT_USERPWD, s->login);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, s->connect_s);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES_S);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, s->stall_s);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, x->to);
	if (x->from) {
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(curl, CURLOPT_READDATA, x->from);
		curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)x->size);
	} else if (strcmp(x->method, "GET") != 0) {
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, x->method);
	}
}

/* ERR_OUTBOUND when there was no answer; else the status decides. */
static int exchange(const struct s3_store *s, struct exchange *x)
{
	char hash[100];
	CURL *curl = curl_easy_init();
	snprintf(hash, sizeof(hash), "x-amz-content-sha256: %s", x->hash);
	struct curl_slist *headers = curl_slist_append(NULL, hash);
	int r = ERR_NO_MEMORY;
	if (curl && headers) {
		set_up(curl, s, x, headers);
		r = curl_easy_perform(curl) == CURLE_OK ? 0 : ERR_OUTBOUND;
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &x->status);
	}
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return r;
}

static int outcome(const struct exchange *x)
{
	if (x->status >= 200 && x->status < 300)
		return 0;
	return x->status == 404 ? ERR_NOT_FOUND : ERR_OUTBOUND;
}

/* A file without a name, in the store's folder for downloads. */
static FILE *nameless(const struct s3_store *s, struct arena *a)
{
	char *path = arena_format(a, "%s/s3-XXXXXX", s->temporary);
	int fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return NULL;
	unlink(path);
	return fdopen(fd, "w+b");
}

static int s3_put(struct blob_store *store, const char *name, const char *path)
{
	struct s3_store *s = (struct s3_store *)store;
	ARENA_SCOPED a = arena_new();
	FILE *from = is_name(name) ? fopen(path, "rbe") : NULL, *to = nameless(s, a);
	int r = ERR_INTERNAL;
	if (from && to && fseeko(from, 0, SEEK_END) == 0) {
		struct exchange x = { .method = "PUT", .url = arena_format(a, "%s/%s", s->url, name), .hash = name, .from = from, .to = to,
			              .size = ftello(from) };
		rewind(from);
		r = exchange(s, &x);
		if (r == 0)
			r = outcome(&x) == 0 ? 0 : ERR_OUTBOUND;
	}
	if (from)
		fclose(from);
	if (to)
		fclose(to);
	if (r == 0)
		unlink(path);
	return r;
}

/* The whole blob is fetched before it is opened: readers go back and forth in it. */
static int s3_open(struct blob_store *store, const char *name, int *fd)
{
	struct s3_store *s = (struct s3_store *)store;
	ARENA_SCOPED a = arena_new();
	*fd = -1;
	if (!is_name(name))
		return ERR_NOT_FOUND;
	FILE *to = nameless(s, a);
	if (!to)
		return ERR_INTERNAL;
	struct exchange x = { .method = "GET", .url = arena_format(a, "%s/%s", s->url, name), .hash = empty_hash, .to = to };
	int r = exchange(s, &x);
	if (r == 0)
		r = outcome(&x);
	if (r == 0 && (fflush(to) != 0 || (*fd = fcntl(fileno(to), F_DUPFD_CLOEXEC, 0)) < 0))
		r = ERR_DATABASE_FULL;
	fclose(to);
	return r;
}

static int s3_remove(struct blob_store *store, const char *name)
{
	struct s3_store *s = (struct s3_store *)store;
	ARENA_SCOPED a = arena_new();
	FILE *to = is_name(name) ? nameless(s, a) : NULL;
	if (!to)
		return ERR_INTERNAL;
	struct exchange x = { .method = "DELETE", .url = arena_format(a, "%s/%s", s->url, name), .hash = empty_hash, .to = to };
	int r = exchange(s, &x);
	fclose(to);
	if (r == 0)
		r = outcome(&x);
	return r == ERR_NOT_FOUND ? 0 : r;
}

/* Listing -------------------------------------------------------------------------------------------------------------- */

/* The text between <tag> and </tag> from *p on; moves *p behind it. NULL when there is none. */
static const char *element(struct arena *a, const char **p, const char *tag)
{
	const char *open = arena_format(a, "<%s>", tag), *start = strstr(*p, open);
	if (!start)
		return NULL;
	start += strlen(open);
	const char *end = strchr(start, '<');
	if (!end)
		return NULL;
	*p = end;
	return arena_string_n(a, start, (size_t)(end - start));
}

/* 2026-11-22T06:32:00.000Z; far future when it is none, so that nothing is taken for old. */
static time_ms read_time(const char *text)
{
	int64_t day;
	int hour, minute, second;
	if (!text || strlen(text) < 19 || sscanf(text + 10, "T%2d:%2d:%2d", &hour, &minute, &second) != 3)
		return FAR_FUTURE_MS;
	char date[11];
	memcpy(date, text, 10);
	date[10] = 0;
	if (day_parse(date, &day) < 0)
		return FAR_FUTURE_MS;
	return day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
}

static int fetch_page(const struct s3_store *s, struct arena *a, const char *bucket, const char *prefix, const char *after, char **text)
{
	FILE *to = nameless(s, a);
	if (!to)
		return ERR_INTERNAL;
	/* in order of name: libcurl signs the query as it stands */
	struct exchange x = { .method = "GET", .hash = empty_hash, .to = to,
		              .url = arena_format(a, "%s?list-type=2&max-keys=%d&prefix=%s&start-after=%s", bucket, LIST_PAGE, prefix, after) };
	int r = exchange(s, &x);
	if (r == 0)
		r = outcome(&x);
	if (r == 0) {
		*text = arena_alloc(a, LIST_MOST + 1);
		rewind(to);
		(*text)[fread(*text, 1, LIST_MOST, to)] = 0;
	}
	fclose(to);
	return r;
}

/* https://host/bucket/folder → bucket's URL and "folder%2F" (escaped as the signature wants it). */
static void split_url(struct arena *a, const char *url, const char **bucket, const char **prefix)
{
	const char *host = strstr(url, "://"), *slash = host ? strchr(host + 3, '/') : NULL;
	const char *folder = slash ? strchr(slash + 1, '/') : NULL;
	*bucket = folder ? arena_string_n(a, url, (size_t)(folder - url)) : url;
	*prefix = folder ? arena_format(a, "%s%%2F", folder + 1) : "";
}

static int s3_walk(struct blob_store *store, time_ms before, int (*each)(void *arg, const char *name), void *arg)
{
	struct s3_store *s = (struct s3_store *)store;
	const char *bucket, *prefix;
	char after[2 * NAME_SIZE + 200] = "";
	split_url(s->arena, s->url, &bucket, &prefix);
	for (size_t keys = LIST_PAGE; keys == LIST_PAGE;) {
		ARENA_SCOPED a = arena_new();
		char *text = NULL;
		TRY(fetch_page(s, a, bucket, prefix, after, &text));
		const char *p = text, *key;
		for (keys = 0; (key = element(a, &p, "Key")); keys++) {
			const char *name = strrchr(key, '/') ? strrchr(key, '/') + 1 : key;
			time_ms at = read_time(element(a, &p, "LastModified"));
			int r = is_name(name) && at < before ? each(arg, name) : 0;
			if (r != 0)
				return r < 0 ? r : 0;
			snprintf(after, sizeof(after), "%s%s", prefix, name);
		}
	}
	return 0;
}

static void s3_close(struct blob_store *store)
{
	arena_free(((struct s3_store *)store)->arena);
	curl_global_cleanup();
}

int blob_s3_open(const struct blob_s3_options *o, struct blob_store **out)
{
	static const struct blob_ops ops = { s3_put, s3_open, s3_remove, s3_walk, s3_close };
	if (!o->access_key || !o->secret_key || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return ERR_FIELD_REQUIRED;
	struct arena *a = arena_new();
	struct s3_store *s = ARENA_NEW(a, struct s3_store);
	size_t n = strlen(o->url);
	while (n && o->url[n - 1] == '/')
		n--;
	s->store.ops = &ops;
	s->arena = a;
	s->url = arena_string_n(a, o->url, n);
	s->sign = arena_format(a, "aws:amz:%s:s3", o->region && *o->region ? o->region : "us-east-1");
	s->login = arena_format(a, "%s:%s", o->access_key, o->secret_key);
	s->temporary = arena_string(a, o->temporary);
	s->connect_s = (long)o->settings->at[SETTING_OUTBOUND_STORE_CONNECT];
	s->stall_s = (long)o->settings->at[SETTING_OUTBOUND_STORE_STALL];
	*out = &s->store;
	return 0;
}
