#include "app/bench_listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "app/company.h"
#include "core/auth/sign_in.h"
#include "gen/sign_in_sql.h"

struct people {
	struct bench_run *b;
	size_t n;
	const char **cookies;
};

static int role_id(struct ctx *c, const char *code, int64_t *id)
{
	struct role_by_code_row *rows;
	size_t n;
	TRY(role_by_code(c, code, &rows, &n));
	*id = n ? rows[0].id : 0;
	return n ? 0 : fail(c, ERR_NOT_FOUND, code);
}

static int add_people(struct ctx *c, void *arg)
{
	struct people *p = arg;
	int64_t roles[2];
	TRY(role_id(c, "supervisor", &roles[0]));
	TRY(role_id(c, "agent", &roles[1]));
	for (size_t i = 0; i < p->n; i++) {
		const char *cookie;
		struct staff staff = { .account = arena_format(c->arena, "listener%03zu", i), .name = "听", .password_hash = "", .role_id = roles[i % 2] };
		TRY(company_add_staff(c, &staff));
		TRY(session_create(c, &(struct session_new){ .kind = ACTOR_USER, .actor_id = staff.id, .life_ms = setting_ms(c, SETTING_SIGN_IN_LIFE) }, &cookie));
		p->cookies[i] = arena_format(p->b->arena, STAFF_COOKIE "=%s", cookie);
	}
	return 0;
}

int listen_add_people(struct bench_run *b, size_t n, const char **cookies)
{
	struct app *app;
	TRY(bench_app(b, &app));
	int r = app_write(app, b->tenant, add_people, &(struct people){ b, n, cookies });
	app_close(app);
	return r;
}

static int send_all(int fd, const char *bytes, size_t n)
{
	return send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n ? 0 : ERR_OUTBOUND;
}

int listen_open(struct bench_run *b, int number, const char *path, const char *head, int *fd)
{
	char answer[4096];
	ARENA_SCOPED a = arena_new();
	const char *request = arena_format(a, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n%sUpgrade: websocket\r\nConnection: Upgrade\r\n"
	                                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path, b->port, b->port, head);
	*fd = load_connect(b->port, number);
	if (*fd < 0)
		return ERR_OUTBOUND;
	TRY(send_all(*fd, request, strlen(request)));
	return recv(*fd, answer, sizeof(answer), 0) >= 12 && !memcmp(answer + 9, "101", 3) ? 0 : ERR_OUTBOUND;
}

/* A client's frame is masked; a mask of zeros changes nothing. */
int listen_subscribe(int fd, const char *topic)
{
	enum { HEAD = 6 };
	char frame[HEAD + 120] = { (char)0x81 };
	int n = snprintf(frame + HEAD, sizeof(frame) - HEAD, "{\"op\":\"subscribe\",\"topics\":[\"%s\"]}", topic);
	frame[1] = (char)(0x80 | n);
	return send_all(fd, frame, HEAD + (size_t)n);
}

void listen_raise_files(void)
{
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

void listen_time(struct listen_times *t, double ms)
{
	if (t->n < t->most)
		t->ms[t->n++] = ms;
}

double listen_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* A frame that was cut has its instant in the other part, or is missed and shows as lost. */
void listen_ages(struct listen_times *t, char *bytes, size_t n, const char *const *kinds)
{
	double now = listen_now_ms();
	bytes[n] = 0;
	for (; *kinds; kinds++)
		for (const char *at = bytes; (at = memmem(at, n - (size_t)(at - bytes), *kinds, strlen(*kinds))) != NULL; at += strlen(*kinds)) {
			const char *instant = strstr(at, "\"at\":");
			if (instant)
				listen_time(t, now - (double)strtoll(instant + 5, NULL, 10));
		}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

double listen_within(struct listen_times *t, double share)
{
	qsort(t->ms, t->n, sizeof(*t->ms), by_value);
	return t->n ? t->ms[(size_t)((double)(t->n - 1) * share)] : 0;
}
