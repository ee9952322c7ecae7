/* What the plain port says to one request. Strict: what is not the plainest GET or HEAD of a path is refused. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/redirect.h"

enum { TOKEN_MOST = 128, KEY_MOST = 4096, PATH_MOST = 4096 };

#define CHALLENGE "/.well-known/acme-challenge/"

struct piece {
	const char *at;
	size_t n;
};

struct asked {
	bool head_only;
	struct piece path;              /* with its query */
	struct piece host;              /* without its port */
};

static size_t say(char *answer, int status, const char *reason, const char *more, const char *body, size_t n, bool head_only)
{
	int head = snprintf(answer, REDIRECT_ANSWER_MOST, "HTTP/1.1 %d %s\r\n%sContent-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
	                    status, reason, more, n);
	if (head_only)
		return (size_t)head;
	memcpy(answer + head, body, n);
	return (size_t)head + n;
}

static size_t refuse(char *answer, int status, const char *reason)
{
	return say(answer, status, reason, "", reason, strlen(reason), false);
}

/* Reading ------------------------------------------------------------------------------------------------------------------ */

/* A line without its CR LF. A CR or LF alone ends nothing. */
static bool next_line(const char **p, const char *end, struct piece *line)
{
	const char *at = *p;
	while (at < end && *at != '\r' && *at != '\n')
		at++;
	if (end - at < 2 || at[0] != '\r' || at[1] != '\n')
		return false;
	*line = (struct piece){ *p, (size_t)(at - *p) };
	*p = at + 2;
	return true;
}

/* Signs that a path may be made of and that a header carries as they are. */
static bool is_path(struct piece p)
{
	if (p.n == 0 || p.n > PATH_MOST || p.at[0] != '/')
		return false;
	for (size_t i = 0; i < p.n; i++)
		if (p.at[i] <= ' ' || p.at[i] >= 127 || strchr("\\\"<>#^`{|}", p.at[i]))
			return false;
	return true;
}

/* 0, or the status of the refusal. */
static int read_request(struct piece line, struct asked *out)
{
	const char *method_end = memchr(line.at, ' ', line.n);
	if (!method_end)
		return 400;
	size_t method = (size_t)(method_end - line.at), rest = line.n - method - 1;
	const char *path = method_end + 1, *path_end = memchr(path, ' ', rest);
	if (!path_end)
		return 400;
	struct piece version = { path_end + 1, line.n - (size_t)(path_end + 1 - line.at) };
	if (version.n != 8 || (memcmp(version.at, "HTTP/1.1", 8) && memcmp(version.at, "HTTP/1.0", 8)))
		return 400;
	out->head_only = method == 4 && !memcmp(line.at, "HEAD", 4);
	if (!out->head_only && (method != 3 || memcmp(line.at, "GET", 3)))
		return 403;
	out->path = (struct piece){ path, (size_t)(path_end - path) };
	return is_path(out->path) ? 0 : 400;
}

static bool is_name(struct piece line, const char *name, struct piece *value)
{
	size_t n = strlen(name);
	if (line.n <= n || line.at[n] != ':' || strncasecmp(line.at, name, n))
		return false;
	*value = (struct piece){ line.at + n + 1, line.n - n - 1 };
	while (value->n && (*value->at == ' ' || *value->at == '\t'))
		value->at++, value->n--;
	while (value->n && (value->at[value->n - 1] == ' ' || value->at[value->n - 1] == '\t'))
		value->n--;
	return true;
}

/* ":80" and "[::1]:80": the port is not part of the name. */
static struct piece without_port(struct piece host)
{
	size_t n = host.n;
	while (n && host.at[n - 1] >= '0' && host.at[n - 1] <= '9')
		n--;
	if (n && n < host.n && host.at[n - 1] == ':')
		host.n = n - 1;
	return host;
}

/* A request with a body, or with two hosts, is nobody's who would be sent on. */
static int read_fields(const char *p, const char *end, struct asked *out)
{
	struct piece line, value;
	int hosts = 0;
	while (next_line(&p, end, &line) && line.n) {
		if (!memchr(line.at, ':', line.n) || line.at[0] == ' ' || line.at[0] == '\t' || line.at[0] == ':')
			return 400;
		if (is_name(line, "Host", &value)) {
			hosts++;
			out->host = without_port(value);
		} else if (is_name(line, "Content-Length", &value) || is_name(line, "Transfer-Encoding", &value)) {
			return 400;
		}
	}
	return hosts == 1 && p == end && line.n == 0 ? 0 : 400;
}

/* Answering ---------------------------------------------------------------------------------------------------------------- */

/* The name in "https://name:port". */
static struct piece name_of(const char *to)
{
	const char *at = strstr(to, "://");
	at = at ? at + 3 : to;
	return without_port((struct piece){ at, strcspn(at, "/") });
}

static bool is_ours(const char *to, struct piece host)
{
	struct piece ours = name_of(to);
	return host.n == ours.n && !strncasecmp(host.at, ours.at, ours.n);
}

/* A token is one name of the folder, of signs that lead nowhere else (base64url). */
static bool is_token(struct piece p, char *token)
{
	if (p.n == 0 || p.n > TOKEN_MOST)
		return false;
	for (size_t i = 0; i < p.n; i++) {
		char ch = p.at[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_'))
			return false;
	}
	memcpy(token, p.at, p.n);
	token[p.n] = 0;
	return true;
}

/* A plain file of a few bytes, no link. −1: there is none. */
static ssize_t read_key(const char *folder, const char *token, char *key)
{
	struct stat st;
	int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = at < 0 ? -1 : openat(at, token, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = -1;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= KEY_MOST)
		n = read(fd, key, KEY_MOST);
	if (fd >= 0)
		close(fd);
	if (at >= 0)
		close(at);
	return n;
}

static size_t answer_challenge(const struct redirect_options *o, const struct asked *q, char *answer)
{
	char token[TOKEN_MOST + 1], key[KEY_MOST];
	const struct piece rest = { q->path.at + strlen(CHALLENGE), q->path.n - strlen(CHALLENGE) };
	ssize_t n = is_token(rest, token) ? read_key(o->challenges, token, key) : -1;
	return n < 0 ? refuse(answer, 404, "Not Found") : say(answer, 200, "OK", "", key, (size_t)n, q->head_only);
}

size_t redirect_answer(const struct redirect_options *o, const char *head, size_t n, char *answer)
{
	char location[PATH_MOST + 512];
	const char *p = head, *end = head + n;
	struct piece line;
	struct asked q = { 0 };
	int status = next_line(&p, end, &line) ? read_request(line, &q) : 400;
	if (!status)
		status = read_fields(p, end, &q);
	if (status)
		return refuse(answer, status, status == 403 ? "Forbidden" : "Bad Request");
	if (o->challenges && q.path.n >= strlen(CHALLENGE) && !memcmp(q.path.at, CHALLENGE, strlen(CHALLENGE)))
		return answer_challenge(o, &q, answer);
	if (!is_ours(o->to, q.host))
		return refuse(answer, 400, "Bad Request");
	snprintf(location, sizeof(location), "Location: %s%.*s\r\n", o->to, (int)q.path.n, q.path.at);
	return say(answer, 308, "Permanent Redirect", location, "", 0, q.head_only);
}
